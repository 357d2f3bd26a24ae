import { DockerfileParser } from 'dockerfile-ast';
import { countWhile } from '../text/sorted.ts';
import { applyEdits, lineStarts, type TextEdit } from '../text/text.ts';
import { parseDockerfile } from './parse.ts';
import type { Dockerfile } from './syntax.ts';

/**
 * dockerfile-ast as the second reader of every fix: what both readers cut into the same instructions must not become something that they
 * cut differently. It does not replace our own reader: `outline.ts` lists the texts that dockerfile-ast 0.7.1 cuts differently than Docker.
 */

/** Whether the two readers agree on a whole text after a change, unless they differ on the text before it, when they prove nothing. */
export function readersAgree(before: string, after: string): boolean {
	return after === before || !readAlike(before) || readAlike(after);
}

/**
 * {@link readersAgree} for the edits of one fix. Read are the instructions that it edits and one on each side: a text with ten thousand
 * findings has ten thousand fixes.
 */
export function readersAgreeOnEdits(dockerfile: Dockerfile, edits: readonly TextEdit[]): boolean {
	const { text, instructions } = dockerfile;
	const first = Math.min(...edits.map(({ range }) => range.start));
	const last = Math.max(...edits.map(({ range }) => range.end));
	const start = instructions[countWhile(instructions, ({ range }) => range.end < first) - 1]?.range.start ?? 0;
	const end = instructions[countWhile(instructions, ({ range }) => range.start <= last)]?.range.end ?? text.length;
	const directive = start > 0 && dockerfile.escape === '`' ? '# escape=`\n' : '';
	const moved = edits.map(({ range, newText }) => ({ range: { start: range.start - start, end: range.end - start }, newText }));
	const part = text.slice(start, end);
	return readersAgree(directive + part, directive + applyEdits(part, moved));
}

/** Whether both readers cut the text into instructions with the same keywords and the same ranges. */
function readAlike(text: string): boolean {
	const theirs = secondReading(text);
	if (theirs === undefined) {
		return false;
	}
	const { instructions } = parseDockerfile(text);
	return (
		instructions.length === theirs.length &&
		instructions.every(({ keywordRange, range }, index) => {
			const { keyword, start, end } = theirs[index] as Reading;
			return (
				keyword === text.slice(keywordRange.start, keywordRange.end).toUpperCase() &&
				start === range.start &&
				text.slice(start, end).trimEnd() === text.slice(range.start, range.end)
			);
		})
	);
}

interface Reading {
	/** Upper case. */
	readonly keyword: string;
	/** UTF-16 offset in the text. */
	readonly start: number;
	/** UTF-16 offset in the text, after the blanks at the end of the line. */
	readonly end: number;
}

/** What dockerfile-ast reads; `undefined` where it throws, as it does on some broken texts. */
function secondReading(text: string): readonly Reading[] | undefined {
	// In a browser the library is loaded here, and a text that it never saw must not count as one on which it throws.
	const parser = DockerfileParser;
	try {
		const starts = lineStarts(text);
		return parser
			.parse(text)
			.getInstructions()
			.map((instruction) => {
				const { start, end } = instruction.getRange();
				return {
					keyword: instruction.getKeyword(),
					start: (starts[start.line] ?? 0) + start.character,
					end: (starts[end.line] ?? 0) + end.character,
				};
			});
	} catch {
		return undefined;
	}
}
