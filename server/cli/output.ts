import { fstatSync, statSync, writeSync } from 'node:fs';
import type { Printable } from './printable.ts';
import { reasonOf } from './system-errors.ts';
import { UsageError } from './usage-error.ts';

/** Where a person, or a program, reads along. */
export type Stream = 'stdout' | 'stderr';

const NUMBERS: Readonly<Record<Stream, number>> = { stdout: 1, stderr: 2 };

/** Whether everything that was written has gone out; where it has not, the process must end by itself. */
export let allIsOut = true;

/** For how many milliseconds a slow reader is given time before it is tried again. */
const PAUSE = 2;

/**
 * Writes the whole text before it returns, where that can be done. Nothing else in the command line writes to these streams.
 *
 * Node's own streams are made only where they are needed, which takes as long as a Dockerfile does: for a terminal of Windows, which
 * requires another encoding.
 */
export function write(stream: Stream, printable: Printable): void {
	const text = printable.textFor(isTerminal(stream));
	if (text === '') return;
	if (process.platform === 'win32' && isTerminal(stream)) {
		allIsOut = false;
		process[stream].write(text);
		return;
	}
	const bytes = Buffer.from(text);
	for (let written = 0; written < bytes.length; ) {
		try {
			written += writeSync(NUMBERS[stream], bytes, written);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			// A pipe that does not wait is full. What comes next must not overtake this, so it is waited for here.
			if (code === 'EAGAIN') pause(PAUSE);
			// Whoever reads the output may have seen enough: `go-scratch check | head`. Where that of errors is closed, nobody hears of it.
			else if (code === 'EPIPE' || stream === 'stderr') return;
			else throw new UsageError(`Standard output cannot be written: ${reasonOf(error)}.`);
		}
	}
}

function pause(milliseconds: number): void {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Whether a person looks. */
export function isTerminal(stream: Stream): boolean {
	try {
		// Most often it is none, and that is seen without a module that knows terminals.
		const found = fstatSync(NUMBERS[stream]);
		if (!found.isCharacterDevice() || (process.platform !== 'win32' && found.rdev === statSync('/dev/null').rdev)) return false;
		return process[stream].isTTY === true;
	} catch {
		return false;
	}
}

/** How many characters a line of the terminal holds; one that does not know says 0. */
export function widthOf(stream: Stream): number {
	return process[stream].columns || 80;
}
