import { createColors } from 'picocolors';

export type Colors = ReturnType<typeof createColors>;

/**
 * Colours for what is written to `stream`: on a terminal, or where FORCE_COLOR asks for them; never where NO_COLOR is set. That CI is
 * set says nothing of who reads. What goes to a file, `undefined`, has none.
 */
export function colorsFor(stream: NodeJS.WriteStream | undefined): Colors {
	if (stream === undefined) return createColors(false);
	const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
	return createColors(!NO_COLOR && (FORCE_COLOR !== undefined ? FORCE_COLOR !== '0' : stream.isTTY === true && TERM !== 'dumb'));
}
