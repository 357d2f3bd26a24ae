import { gitLineStarts, lineStarts, type Position, positionAt } from '../text/text.ts';

/**
 * Lines as Git, Go and GitHub count them: a line feed ends one, a lone carriage return does not. Editors, and so the core, end a line
 * there as well.
 */

/** A position in `text` as editors count it, as Git counts it. */
export function gitPosition(text: string, { line, character }: Position): Position {
	if (!/\r(?!\n)/.test(text)) return { line, character };
	const start = lineStarts(text)[line] ?? text.length;
	return positionAt(gitLineStarts(text), start + character);
}
