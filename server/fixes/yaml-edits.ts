import type { Place } from '../deployments/model.ts';
import { joined, type Written, type WrittenEdit, written, yamlBlock, yamlEntries, yamlFlow, yamlLines } from '../dockerfile/write.ts';
import { lineStarts, positionAt, type Range } from '../text/text.ts';

/** Edits of YAML that leave comments and style as they are. Each takes the text in which it is made. */

function newlineOf(text: string): '\n' | '\r\n' {
	return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Replaces a list, or a text that stands for one, by a list in the same style: an item a line, or all on one line. */
export function replaceList(text: string, { range }: Place, words: readonly string[], expanded: boolean): WrittenEdit | undefined {
	const column = columnOf(text, range.start);
	const newText = isBlockList(text, range) ? yamlBlock(words, column, newlineOf(text), expanded) : yamlFlow(words, expanded);
	return newText && { range: trimmed(text, range), newText };
}

/**
 * Inserts lines after the line on which a key with its value ends, indented as the key is.
 *
 * @returns `undefined` where the key does not begin a line, or is in a mapping with braces
 */
export function insertAfterKey(text: string, key: Place, value: Place, lines: readonly Written[]): WrittenEdit | undefined {
	const column = columnOf(text, key.range.start);
	if (text.slice(key.range.start - column, key.range.start).trim() !== '') return undefined;
	const end = trimmed(text, value.range).end;
	if (isInFlow(text, end)) return undefined;
	const feed = text.indexOf('\n', end);
	const newline = newlineOf(text);
	// The last line of a file may lack its ending.
	const at = feed < 0 ? text.length : feed + 1;
	const empty = yamlLines([written``], 0, newline);
	const inserted = yamlLines(lines, column, newline);
	return { range: { start: at, end: at }, newText: feed < 0 ? written`${empty}${inserted}` : inserted };
}

/** Inserts entries after a key with its value: lines of their own, or after a comma in a mapping with braces. */
export function insertBesideKey(text: string, key: Place, value: Place, entries: readonly Written[]): WrittenEdit | undefined {
	const { end } = trimmed(text, value.range);
	if (!isInFlow(text, end)) return insertAfterKey(text, key, value, entries);
	return {
		range: { start: end, end },
		newText: joined(
			entries.map((entry) => written`, ${entry}`),
			written``,
		),
	};
}

/** Inserts lines where a line begins, or at the end of the text. */
export function insertLines(text: string, at: number, column: number, lines: readonly Written[]): WrittenEdit {
	const newline = newlineOf(text);
	const inserted = yamlLines(lines, column, newline);
	// The last line of a file may lack its ending.
	const begins = at === 0 || text[at - 1] === '\n' || text[at - 1] === '\uFEFF';
	return { range: { start: at, end: at }, newText: begins ? inserted : written`${yamlLines([written``], 0, newline)}${inserted}` };
}

/** Inserts a line above that of the offset, as far to the right as that begins. */
export function insertAbove(text: string, offset: number, line: Written): WrittenEdit {
	const start = offset - columnOf(text, offset);
	const at = text[start] === '\uFEFF' ? start + 1 : start;
	return insertLines(text, at, /[^ ]|$/.exec(text.slice(at))?.index ?? 0, [line]);
}

/**
 * Replaces an entry `exec: …` by one of another name, in the same style.
 * @param value the place of the entry's value, with its key `exec` in front of it
 */
export function replaceAction(text: string, value: Place, name: Written, entries: readonly Written[]): WrittenEdit[] | undefined {
	const { start, end } = trimmed(text, value.range);
	const key = /(?:exec|"exec"|'exec')[ \t]*:\s*$/.exec(text.slice(Math.max(0, start - 200), start))?.[0];
	if (key === undefined) return undefined;
	const range = { start: start - key.length, end };
	if (text[start] === '{') return [{ range, newText: written`${name}: {${joined(entries, written`, `)}}` }];
	// A block begins on a line of its own.
	const column = columnOf(text, start);
	if (!key.includes('\n') || text.slice(start - column, start).trim() !== '') return undefined;
	const newline = newlineOf(text);
	return [{ range, newText: yamlEntries([written`${name}:`, ...entries], column, newline) }];
}

function isBlockList(text: string, { start }: Range): boolean {
	return /^-(?:\s|$)/.test(text.slice(start, start + 2));
}

/** Whether a value that ends there is in a mapping or list with braces or brackets, which may have many lines: those go on, or end, after it. */
function isInFlow(text: string, end: number): boolean {
	return /^(?:\s|#[^\n]*(?:\n|$))*[,}\]]/.test(text.slice(end));
}

/** The range without white space at its end: what a block of text ends with belongs to the lines below. */
function trimmed(text: string, { start, end }: Range): Range {
	return { start, end: start + text.slice(start, end).trimEnd().length };
}

/** How many characters stand before the offset on its line. */
function columnOf(text: string, offset: number): number {
	const starts = lineStarts(text);
	return positionAt(starts, offset).character;
}
