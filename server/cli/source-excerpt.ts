import { visible } from '../text/visible.ts';
import type { Colors } from './colors.ts';
import { joined, type TerminalText, terminal } from './printable.ts';

/** One line of a source, and the part of it that is meant. */
export interface Excerpt {
	/** From 0. */
	readonly line: number;
	/** The line without its end; empty if it could not be read. */
	readonly text: string;
	/** The part, in UTF-16 code units from the start of the line. */
	readonly start: number;
	readonly end: number;
	/** Set for a place other than that of the finding: where it is, and what is there. */
	readonly about?: { readonly where: string; readonly message: string };
}

interface Layout {
	/** How many digits the longest line number has. */
	readonly gutter: number;
	/** How many columns a line may take. */
	readonly width: number;
	readonly colors: Colors;
	readonly paint: (text: string) => TerminalText;
}

/** A tab is shown as so many columns. */
const TAB = '    ';

/** The line with its number, and carets under the part; above them where it is, if that is elsewhere. */
export function excerptText({ line, text, start, end, about }: Excerpt, { gutter, width, colors, paint }: Layout): TerminalText {
	const head = about === undefined ? '' : terminal`  ${colors.bold(about.where)} ${about.message}\n`;
	if (text.trim() === '') return terminal`${head}`;
	const number = String(line + 1).padStart(gutter);
	const { before, part, after } = windowOf(text, start, end, width - gutter - 7);
	const carets = '^'.repeat(Math.max(1, columnsOf(part)));
	return joined([
		head,
		terminal`    ${colors.gray(`${number} |`)} ${before}${part}${after}\n`,
		terminal`    ${colors.gray(`${' '.repeat(gutter)} |`)} ${' '.repeat(columnsOf(before))}${paint(carets)}\n`,
	]);
}

/** Of what comes after the part so many columns are shown, where the line is too long. */
const AFTER = 12;

/** As much of the line as fits, with the start of the part in it; what is cut off is marked by an ellipsis. */
function windowOf(text: string, start: number, end: number, columns: number): { before: string; part: string; after: string } {
	const whole = { before: shown(text.slice(0, start)), part: shown(text.slice(start, end)), after: shown(text.slice(end)) };
	const rest = Math.min(AFTER, columnsOf(whole.after));
	const before = lastColumns(whole.before, Math.max(8, columns - columnsOf(whole.part) - rest));
	const part = firstColumns(whole.part, columns - columnsOf(before) - Math.min(1, rest));
	const after = firstColumns(whole.after, columns - columnsOf(before) - columnsOf(part));
	return { before, part, after };
}

/** The text as it is printed: tabs as blanks, hidden characters visible. A line that is longer than any terminal is wide is cut first. */
function shown(text: string): string {
	const cut = text.length > 2000 ? `${text.slice(0, 1000)}${text.slice(-1000)}` : text;
	return cut.split('\t').map(visible).join(TAB);
}

function firstColumns(text: string, columns: number): string {
	if (columnsOf(text) <= columns) return text;
	let taken = '';
	let left = columns - 1;
	for (const character of text) {
		left -= columnsOf(character);
		if (left < 0) break;
		taken += character;
	}
	return `${taken}…`;
}

function lastColumns(text: string, columns: number): string {
	if (columnsOf(text) <= columns) return text;
	const reversed = [...text].reverse().join('');
	return [...firstColumns(reversed, columns)].reverse().join('');
}

/** Characters that a terminal shows in two columns: East Asian wide and fullwidth ones, and emoji. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu;

/** Marks that a terminal shows on the character before them. */
const ZERO = /\p{M}/gu;

/** How many columns of a terminal the text takes. */
function columnsOf(text: string): number {
	return [...text].length + (text.match(WIDE)?.length ?? 0) - (text.match(ZERO)?.length ?? 0);
}
