import { lineStarts, type Position, positionAt } from '../text/text.ts';

/**
 * Lines as Git, Go and GitHub count them: a line feed ends one, a lone carriage return does not. Editors, and so the core, end a line
 * there as well.
 */

/** The offsets at which the lines of `text` start. */
export function gitLineStarts(text: string): number[] {
	const starts = [0];
	for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) starts.push(feed + 1);
	return starts;
}

/** A position in `text` as editors count it, as Git counts it. */
export function gitPosition(text: string, { line, character }: Position): Position {
	if (!/\r(?!\n)/.test(text)) return { line, character };
	const start = lineStarts(text)[line] ?? text.length;
	return positionAt(gitLineStarts(text), start + character);
}
