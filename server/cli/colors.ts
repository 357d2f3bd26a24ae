import { isTerminal, type Stream } from './output.ts';

/** What makes a part of a text stand out on a terminal. */
export interface Colors {
	readonly on: boolean;
	bold(text: string): string;
	red(text: string): string;
	yellow(text: string): string;
	blue(text: string): string;
	cyan(text: string): string;
	gray(text: string): string;
}

/**
 * Colours for what is written to `stream`: on a terminal, or where FORCE_COLOR asks for them; never where NO_COLOR is set. That CI is
 * set says nothing of who reads. What goes to a file, `undefined`, has none.
 */
export function colorsFor(stream: Stream | undefined): Colors {
	const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
	const wanted = FORCE_COLOR !== undefined ? FORCE_COLOR !== '0' : TERM !== 'dumb' && isTerminal(stream ?? 'stdout');
	return colors(stream !== undefined && !NO_COLOR && wanted);
}

/** https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters */
function colors(on: boolean): Colors {
	const style = (open: number, close: number) => (text: string) => (on ? `\u001B[${open}m${text}\u001B[${close}m` : text);
	return {
		on,
		bold: style(1, 22),
		red: style(31, 39),
		yellow: style(33, 39),
		blue: style(34, 39),
		cyan: style(36, 39),
		gray: style(90, 39),
	};
}
