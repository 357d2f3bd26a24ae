import { isTerminal, widthOf, write } from './output.ts';
import { cut, replacedLine, type TerminalText, terminal } from './printable.ts';

/** A line on a terminal that says how far long work is; nothing where nobody looks. */
export interface Progress {
	/** Says what is being done; the line appears once the work has gone on for a while. */
	tell(text: TerminalText): void;
	/** Takes the line away, so that something else can be written. */
	clear(): void;
}

/** The line appears after so many milliseconds, and changes no sooner than after so many. */
const FIRST = 500;
const NEXT = 100;

/** Progress on the standard error, where that is a terminal that can erase. */
export function createProgress(): Progress {
	let due = Date.now() + FIRST;
	let visible: boolean | undefined;
	let shown = false;
	return {
		tell(text) {
			const now = Date.now();
			if (now < due) return;
			due = now + NEXT;
			visible ??= process.env.TERM !== 'dumb' && isTerminal('stderr');
			if (!visible) return;
			shown = true;
			write('stderr', replacedLine(cut(text, Math.max(20, widthOf('stderr') - 1))));
		},
		clear() {
			if (shown) write('stderr', replacedLine(terminal``));
			shown = false;
		},
	};
}
