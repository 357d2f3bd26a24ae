import { diffLines } from '../lint/line-diff.ts';

/** So many equal lines are shown around a change. */
const CONTEXT = 3;

/**
 * The change from `before` to `after` as `git diff` has it and `git apply` takes it; empty where there is none.
 *
 * @param path As a patch names it, with slashes.
 */
export function unifiedDiff(path: string, before: string, after: string): string {
	const oldLines = linesOf(before);
	const newLines = linesOf(after);
	const hunks = diffLines(oldLines, newLines);
	if (hunks.length === 0) return '';
	const groups: (typeof hunks)[] = [];
	for (const hunk of hunks) {
		const group = groups.at(-1);
		const last = group?.at(-1);
		if (group !== undefined && last !== undefined && hunk.oldStart - last.oldEnd <= 2 * CONTEXT) group.push(hunk);
		else groups.push([hunk]);
	}
	const [from, to] = [quoted(`a/${path}`), quoted(`b/${path}`)];
	// A tab ends a name with blanks; otherwise a date could follow it.
	const end = path.includes(' ') ? '\t\n' : '\n';
	let text = `diff --git ${from} ${to}\n--- ${from}${end}+++ ${to}${end}`;
	for (const group of groups) {
		const first = group[0] as (typeof hunks)[number];
		const last = group.at(-1) as (typeof hunks)[number];
		const lead = Math.min(CONTEXT, first.oldStart);
		const trail = Math.min(CONTEXT, oldLines.length - last.oldEnd);
		const oldRange = rangeText(first.oldStart - lead, last.oldEnd + trail);
		const newRange = rangeText(first.newStart - lead, last.newEnd + trail);
		text += `@@ -${oldRange} +${newRange} @@\n`;
		let at = first.oldStart - lead;
		for (const hunk of group) {
			text += marked(' ', oldLines.slice(at, hunk.oldStart));
			text += marked('-', oldLines.slice(hunk.oldStart, hunk.oldEnd));
			text += marked('+', newLines.slice(hunk.newStart, hunk.newEnd));
			at = hunk.oldEnd;
		}
		text += marked(' ', oldLines.slice(at, last.oldEnd + trail));
	}
	return text;
}

/** The lines as Git has them, each with its line feed: a lone carriage return ends none. */
function linesOf(text: string): string[] {
	return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** What C writes with a letter. */
const ESCAPES: Readonly<Record<string, string>> = {
	'\x07': 'a',
	'\b': 'b',
	'\t': 't',
	'\n': 'n',
	'\v': 'v',
	'\f': 'f',
	'\r': 'r',
	'"': '"',
	'\\': '\\',
};

/**
 * A name as Git writes it: in the quotes of C where it holds quotes, backslashes, control characters or bytes beyond ASCII.
 * https://git-scm.com/docs/git-config#Documentation/git-config.txt-corequotePath
 */
function quoted(name: string): string {
	if (/^[ !#-[\]-~]*$/.test(name)) return name;
	const bytes = [...Buffer.from(name)].map((byte) => {
		const character = String.fromCharCode(byte);
		const letter = ESCAPES[character];
		if (letter !== undefined) return `\\${letter}`;
		return byte < 0x20 || byte >= 0x7f ? `\\${byte.toString(8).padStart(3, '0')}` : character;
	});
	return `"${bytes.join('')}"`;
}

/** Lines count from 1; an empty range names the line before it. */
function rangeText(start: number, end: number): string {
	const count = end - start;
	return count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;
}

function marked(mark: string, lines: readonly string[]): string {
	return lines.map((line) => mark + (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`)).join('');
}
