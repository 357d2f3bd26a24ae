import type { Runtime, Timer } from './runtime.ts';

/** In milliseconds, after the last answer. */
const KEEP_DELAY = 10_000;

/** A function that has `keep` called once it was not called itself for a while. */
export function createKeeper(runtime: Runtime, keep: () => void): () => void {
	let timer: Timer | undefined;
	/** Whether it was called since the timer was set: to set the timer again with each keystroke would cost more. */
	let calledSince = false;
	return function keepSoon() {
		calledSince = timer !== undefined;
		timer ??= runtime.after(KEEP_DELAY, () => {
			timer = undefined;
			if (calledSince) keepSoon();
			else keep();
		});
	};
}
