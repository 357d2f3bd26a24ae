import { fstatSync, statSync, writeSync } from 'node:fs';
import { UsageError } from './arguments.ts';
import type { Printable } from './printable.ts';
import { reasonOf } from './system-errors.ts';

/** Where a person, or a program, reads along. */
export type Stream = 'stdout' | 'stderr';

const NUMBERS: Readonly<Record<Stream, number>> = { stdout: 1, stderr: 2 };

/** Whether everything that was written has gone out; where it has not, the process must end by itself. */
export let allIsOut = true;

/**
 * Writes the whole text before it returns, where that can be done. Nothing else in the command line writes to these streams.
 *
 * Node's own streams are made only where they are needed, which takes as long as a Dockerfile does: for a terminal of Windows, which
 * wants another encoding, and where the reader is too slow for a pipe that does not wait.
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
	let written = 0;
	try {
		while (written < bytes.length) written += writeSync(NUMBERS[stream], bytes, written);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		// Whoever reads the output may have seen enough: `go-scratch check | head`.
		if (code === 'EPIPE') return;
		if (code !== 'EAGAIN') {
			// Where that of errors is closed, there is nowhere left to say so.
			if (stream === 'stderr') return;
			throw new UsageError(`The standard output cannot be written: ${reasonOf(error)}.`);
		}
		allIsOut = false;
		process[stream].write(bytes.subarray(written));
	}
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

/** How many characters a line of the terminal holds. */
export function widthOf(stream: Stream): number {
	return process[stream].columns ?? 80;
}
