import { isTerminal, type Stream } from './output.ts';
import { styled, type TerminalText, terminal } from './printable.ts';

type Style = (text: string) => TerminalText;

/** What makes a part of a text stand out on a terminal. */
export interface Colors {
	readonly on: boolean;
	readonly bold: Style;
	readonly red: Style;
	readonly yellow: Style;
	readonly green: Style;
	readonly blue: Style;
	readonly cyan: Style;
	readonly gray: Style;
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

function colors(on: boolean): Colors {
	const style =
		(open: number, close: number): Style =>
		(text) =>
			on ? styled(text, open, close) : terminal`${text}`;
	return {
		on,
		bold: style(1, 22),
		red: style(31, 39),
		yellow: style(33, 39),
		green: style(32, 39),
		blue: style(34, 39),
		cyan: style(36, 39),
		gray: style(90, 39),
	};
}
