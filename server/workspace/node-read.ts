import {
	closeSync,
	constants,
	type Dirent,
	fstatSync,
	opendirSync,
	openSync,
	type readdir,
	readdirSync,
	readSync,
	type Stats,
	statSync,
} from 'node:fs';
import type { ByteSource } from '../linked/byte-source.ts';
import { MAX_ENTRIES } from './files.ts';

/** To open a named pipe waits for its writer, perhaps for ever, unless told not to; Windows knows neither. */
const READ_WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Directories up to this many bytes are read in one call. Every file system that gives them a size needs more for {@link MAX_ENTRIES}. */
const READ_AT_ONCE_BYTES = 1024 * 1024;

const MEGABYTE = 1024 * 1024;

/**
 * Gives `read` the open file, where it is a regular one: what it is, is asked of the open file, which nobody can exchange any more.
 *
 * @throws Error where there is no file, it may not be read, or it is a directory, a device, a named pipe or a socket.
 */
export function withRegularFile<T>(path: string, read: (file: number, found: Stats) => T): T {
	const file = openSync(path, READ_WITHOUT_WAITING);
	try {
		return read(file, regularFile(file));
	} finally {
		closeQuietly(file);
	}
}

function regularFile(file: number): Stats {
	const found = fstatSync(file);
	if (found.isDirectory()) throw Object.assign(new Error('it is a directory'), { code: 'EISDIR' });
	if (!found.isFile()) throw new Error('it is not a regular file');
	return found;
}

/**
 * Gives `read` the bytes of a regular file, which is open for as long as it reads.
 *
 * @throws Error as {@link withRegularFile}.
 */
export async function withBytesOf<T>(path: string, read: (source: ByteSource) => Promise<T>): Promise<T> {
	const file = openSync(path, READ_WITHOUT_WAITING);
	try {
		return await read({ size: regularFile(file).size, read: async (offset, length) => readAt(file, offset, length) });
	} finally {
		closeQuietly(file);
	}
}

/** What cannot be read, of a file that has become shorter or of a disk that fails, is left out. */
function readAt(file: number, offset: number, length: number): Uint8Array {
	const bytes = Buffer.allocUnsafeSlow(length);
	let read = 0;
	try {
		for (let more = -1; more !== 0 && read < length; read += more) more = readSync(file, bytes, read, length - read, offset + read);
	} catch {
		return bytes.subarray(0, read);
	}
	return bytes.subarray(0, read);
}

/**
 * The bytes of a regular file.
 *
 * @param limit How many bytes it may hold at most.
 * @throws Error as {@link withRegularFile}, and where the file is larger. It says so of what is read, for the size of a file that grows, or
 * of one that the kernel makes up, says nothing.
 */
export function readBytes(path: string, limit: number): Buffer {
	return withRegularFile(path, (file, { size }) => {
		if (size > limit) throw tooLarge(limit);
		return readAll(file, limit, size);
	});
}

/**
 * What is piped into this process.
 *
 * @param limit How many bytes it may be at most.
 * @throws Error where it is more, or cannot be read.
 */
export function readStandardInput(limit: number): Buffer {
	return readAll(0, limit, 64 * 1024);
}

/** @param expected How many bytes there are, as far as is known. */
function readAll(file: number, limit: number, expected: number): Buffer {
	let bytes = Buffer.allocUnsafe(expected + 1);
	let length = 0;
	for (;;) {
		const read = readSome(file, bytes, length);
		if (read === 0) return bytes.subarray(0, length);
		length += read;
		if (length > limit) throw tooLarge(limit);
		if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(2 * length, limit + 1));
	}
}

function readSome(file: number, bytes: Buffer, offset: number): number {
	try {
		return readSync(file, bytes, offset, bytes.length - offset, null);
	} catch (error) {
		// So Windows calls the end of what is piped.
		if ((error as NodeJS.ErrnoException).code === 'EOF') return 0;
		throw error;
	}
}

function tooLarge(limit: number): Error {
	return new Error(limit < MEGABYTE ? `it is larger than ${limit / 1024} KB` : `it is larger than ${limit / MEGABYTE} MB`);
}

/** Reads up to `size` bytes from the start of the file, and says how many there were. */
export function readInto(file: number, bytes: Buffer, size: number): number {
	let length = 0;
	while (length < size) {
		const read = readSync(file, bytes, length, size - length, length);
		if (read === 0) break;
		length += read;
	}
	return length;
}

/**
 * What a directory holds.
 *
 * @throws Error where it is absent, may not be read, is no directory, or holds more than {@link MAX_ENTRIES}.
 */
export function readEntries(directory: string): Dirent[] {
	if (statSync(directory).size <= READ_AT_ONCE_BYTES) return readdirSync(directory, { withFileTypes: true });
	const entries: Dirent[] = [];
	const open = opendirSync(directory, { bufferSize: 1024 });
	try {
		for (let entry = open.readSync(); entry !== null; entry = open.readSync()) {
			if (entries.push(entry) > MAX_ENTRIES) throw new Error(`it has more than ${MAX_ENTRIES.toLocaleString('en')} entries`);
		}
		return entries;
	} finally {
		open.closeSync();
	}
}

/** A file system for libraries that crawl one, which lists directories with `list`. */
export function fileSystemListing(list: (directory: string) => Dirent[]): { readdir: typeof readdir } {
	const listed = (directory: string, _options: unknown, done: (error: null, entries: Dirent[]) => void) => {
		setImmediate(() => done(null, list(directory)));
	};
	return { readdir: listed as typeof readdir };
}

function closeQuietly(file: number): void {
	try {
		closeSync(file);
	} catch {
		// What was read stands, whatever the file system says of the closing.
	}
}
