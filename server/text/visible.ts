/**
 * What a reader does not see as a character of its own: controls (C0, DEL, C1), formats (marks of writing direction, zero-width
 * characters), separators of lines and paragraphs, and lone halves of surrogate pairs. Each of them can change how the text around it is
 * shown, or what a terminal does.
 */
export const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** The text on one line, with each hidden character as Go writes it in a string: `\n`, `\x1b`, `\u202e`, `\U000e0001`. */
export function visible(text: string): string {
	return text.replace(HIDDEN, (character) => SHORT[character] ?? escapeOf(character.codePointAt(0) as number));
}

function escapeOf(code: number): string {
	const digits = code.toString(16);
	if (code < 0x80) return `\\x${digits.padStart(2, '0')}`;
	return code > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
}

/** The text with the hidden characters of each line visible; line feeds stay, and so do carriage returns before them. */
export function visibleLines(text: string): string {
	return text
		.split('\n')
		.map((line) => (line.endsWith('\r') ? `${visible(line.slice(0, -1))}\r` : visible(line)))
		.join('\n');
}
