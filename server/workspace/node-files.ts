import { isAscii } from 'node:buffer';
import { type Dirent, type Stats, statSync } from 'node:fs';
import type { Eventually } from '../text/eventually.ts';
import { type DirectoryEntry, type FileHead, type FileStatus, type Files, MAX_TEXT_BYTES } from './files.ts';
import { readEntries, readInto, withBytesOf, withRegularFile } from './node-read.ts';
import { normalize } from './paths.ts';
import { fromWindows, toWindows } from './windows-paths.ts';

/** How much of a file {@link Files.readHead} reads: the imports of nearly every Go file end within it. */
const HEAD_BYTES = 4 * 1024;

/** For how many milliseconds files are read before whatever else waits (a keystroke, a cancellation) has its turn. */
const SLICE_MILLISECONDS = 8;

/**
 * The files of this machine.
 *
 * Node's synchronous calls are used, for they take a quarter of the time that the asynchronous ones take for the thousands of
 * small files of a Go program; they stop to let other work be done every {@link SLICE_MILLISECONDS}.
 */
export function createNodeFiles(): Files {
	const { inTurn, pause } = createTurns();
	const buffer = { bytes: Buffer.allocUnsafe(256 * 1024) };
	return {
		readText: (path) => inTurn(() => readText(path, buffer)),
		readHead: (path, whole) => inTurn(() => readHead(path, buffer.bytes, whole ? buffer.bytes.length : HEAD_BYTES)),
		withBytes: (path, read) => withBytesOf(toNative(path), read).catch(() => undefined),
		list: (directory) => inTurn(() => list(directory)),
		status: (path) => inTurn(() => status(path)),
		pause,
	};
}

/** A path of this machine as {@link Files} has it: slashes, a lower-case drive letter, nothing superfluous. */
export function pathFromNative(path: string): string {
	return process.platform === 'win32' ? fromWindows(path) : normalize(path);
}

/** The path that this machine opens for one of {@link Files}. */
const toNative = process.platform === 'win32' ? toWindows : (path: string) => path;

/** `buffer` is used again and again, and grows to what the largest file took. */
function readText(path: string, buffer: { bytes: Buffer }): string | undefined {
	return withFile(path, (file, found) => {
		const { size } = found;
		if (size > MAX_TEXT_BYTES) return undefined;
		if (buffer.bytes.length < size) buffer.bytes = Buffer.allocUnsafe(size);
		return textOf(buffer.bytes, readInto(file, buffer.bytes, size));
	});
}

function readHead(path: string, buffer: Buffer, wanted: number): FileHead | undefined {
	return withFile(path, (file, found) => {
		const length = readInto(file, buffer, Math.min(found.size, wanted));
		const text = textOf(buffer, length);
		return text === undefined ? undefined : { text, complete: length === found.size, version: versionOf(found) };
	});
}

function withFile<T>(path: string, read: (file: number, found: Stats) => T): T | undefined {
	try {
		return withRegularFile(toNative(path), read);
	} catch {
		return undefined;
	}
}

function textOf(bytes: Buffer, length: number): string | undefined {
	const content = bytes.subarray(0, length);
	if (content.includes(0)) return undefined;
	// Text without other characters is the same in either encoding, and Latin-1 is decoded several times as fast.
	return content.toString(isAscii(content) ? 'latin1' : 'utf8');
}

function list(directory: string): readonly DirectoryEntry[] | undefined {
	let entries: Dirent[];
	try {
		entries = readEntries(toNative(directory));
	} catch {
		return undefined;
	}
	const result: DirectoryEntry[] = [];
	for (const entry of entries) {
		if (entry.isFile()) result.push({ name: entry.name, kind: 'file', link: false });
		else if (entry.isDirectory()) result.push({ name: entry.name, kind: 'directory', link: false });
		else if (entry.isSymbolicLink()) {
			const target = status(`${directory}/${entry.name}`);
			if (target !== undefined) result.push({ name: entry.name, kind: target.kind, link: true });
		}
	}
	return result.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function status(path: string): FileStatus | undefined {
	try {
		const found = statSync(toNative(path), { throwIfNoEntry: false });
		if (found === undefined || (!found.isFile() && !found.isDirectory())) return undefined;
		return {
			kind: found.isFile() ? 'file' : 'directory',
			size: found.size,
			...(process.platform !== 'win32' && { executable: (found.mode & 0o111) !== 0, mode: found.mode & 0o7777 }),
			version: versionOf(found),
		};
	} catch {
		return undefined;
	}
}

/** The change time tells of a file that was replaced by one of the same size with its old modification time kept. */
function versionOf(found: Stats): string {
	return `${found.mtimeMs}:${found.ctimeMs}:${found.size}`;
}

/** Milliseconds on a clock that goes forward only; Node loads a module of its own for that of `performance`. */
function now(): number {
	const [seconds, nanoseconds] = process.hrtime();
	return seconds * 1000 + nanoseconds / 1e6;
}

/**
 * A function that runs short tasks in their order, and lets other work have its turn between the slices of time. The queue keeps
 * thousands of tasks that are given at once from waking each other up.
 */
function createTurns(): { inTurn<T>(task: () => T): Eventually<T>; pause(): Promise<void> | undefined } {
	const waiting: (() => void)[] = [];
	let next = 0;
	let sliceEnd = 0;

	function work(): void {
		sliceEnd = now() + SLICE_MILLISECONDS;
		for (let task = waiting[next]; task !== undefined; task = waiting[next]) {
			next++;
			task();
			if (now() >= sliceEnd) break;
		}
		if (next < waiting.length) return void setImmediate(work);
		waiting.length = 0;
		next = 0;
	}

	function inTurn<T>(task: () => T): Eventually<T> {
		if (waiting.length === 0 && now() < sliceEnd) return task();
		return new Promise((resolve) => {
			if (waiting.length === 0) setImmediate(work);
			waiting.push(() => resolve(task()));
		});
	}

	/** All that pause at once share the next slice: with one each they would take theirs in a row. */
	let pausing: Promise<void> | undefined;

	function pause(): Promise<void> | undefined {
		if (now() < sliceEnd) return undefined;
		pausing ??= new Promise((resolve) => {
			setImmediate(() => {
				pausing = undefined;
				sliceEnd = now() + SLICE_MILLISECONDS;
				resolve();
			});
		});
		return pausing;
	}

	return { inTurn, pause };
}
