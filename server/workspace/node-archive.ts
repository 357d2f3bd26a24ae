import {
	closeSync,
	constants,
	fstatSync,
	fsyncSync,
	futimesSync,
	lstatSync,
	openSync,
	readdirSync,
	renameSync,
	rmSync,
	type Stats,
	statSync,
	writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fingerprint } from '../text/fingerprint.ts';
import type { Archive } from './archive.ts';
import { ABSENT, cacheDirectory, makeCacheDirectory, whyUnsafe } from './node-cache-directory.ts';
import { readInto } from './node-read.ts';

/** So many entries are kept, those that were used last; a workspace takes two, of a few MB where its programs are large. */
const MAX_ENTRIES = 36;

/** An entry is not larger than this, in bytes; that of a program of 1,500 packages has 28 MB. */
const MAX_BYTES = 128 * 1024 * 1024;

/** The names of entries, and of those that are being written: whole, so that no other file in the directory is taken for one. */
const ENTRY = /^go-[0-9a-f]{16}\.kept$/;
const UNFINISHED = /^go-[0-9a-f]{16}\.kept\.[0-9a-f]{16}$/;

/** After so many milliseconds nobody writes any more what is still unfinished: its process was ended. */
const ABANDONED = 60 * 60 * 1000;

/**
 * What stands before the content of an entry: {@link MAGIC}, which is the version of this layout too, the length of the content (32 bits,
 * little-endian), and the first half of the SHA-256 of the entry's name and content.
 */
const MAGIC = Buffer.from('go-scratch 1');
const HEADER_BYTES = MAGIC.length + 4 + 16;

/** To open a named pipe would wait for its writer. Windows knows neither flag. */
const READ_AS_IT_IS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * An archive in the user's directory for caches, where there is one.
 *
 * Nothing is read or written in a directory that is not the user's own and closed to others, and no entry is taken that is a link, belongs
 * to somebody else, or is not, byte for byte, what was written. Such an entry is deleted. Other files in the directory are left alone.
 *
 * @param program The file that runs: what another build of it has written is not read.
 * @param warn Gets one sentence where the directory is not used because it is not safe.
 */
export function createNodeArchive(
	environment: Readonly<Record<string, string | undefined>>,
	program: string,
	warn: (message: string) => void,
): Archive | undefined {
	const directory = cacheDirectory(environment);
	const build = buildOf(program);
	if (directory === undefined || build === undefined) return undefined;
	const keyOf = (name: string) => `${build}\0${name}`;
	const fileOf = (name: string) => path.join(directory, `go-${fingerprint(keyOf(name))}.kept`);
	let warned = false;
	const isSafe = (why: string | undefined): boolean => {
		if (why !== undefined && why !== ABSENT && !warned) {
			warned = true;
			warn(`The cache directory ${directory} is not used: ${why}.`);
		}
		return why === undefined;
	};
	return {
		read(name) {
			if (!isSafe(whyUnsafe(directory))) return undefined;
			const entry = readEntry(fileOf(name), keyOf(name));
			if (entry === 'damaged') removeQuietly(fileOf(name));
			return entry === 'damaged' ? undefined : entry;
		},
		write(name, content) {
			if (content.length > MAX_BYTES || !isSafe(makeCacheDirectory(directory))) return;
			writeEntry(fileOf(name), keyOf(name), content);
			forgetOldest(directory);
		},
		forget(name) {
			if (isSafe(whyUnsafe(directory))) removeQuietly(fileOf(name));
		},
	};
}

/** Tells one build of the product from another. */
function buildOf(program: string): string | undefined {
	try {
		// Whatever replaces the file changes its ctime, whichever times a package gives to its content.
		const { ino, size, ctimeMs } = statSync(program);
		return `${ino}:${size}:${ctimeMs}`;
	} catch {
		return undefined;
	}
}

/** The content of an entry; `undefined` where there is none, and `damaged` where what is there is not what was written under `key`. */
function readEntry(file: string, key: string): Uint8Array | 'damaged' | undefined {
	let descriptor: number;
	try {
		descriptor = openSync(file, READ_AS_IT_IS);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'damaged';
	}
	try {
		const found = fstatSync(descriptor);
		if (!isOwn(found) || found.size < HEADER_BYTES || found.size > HEADER_BYTES + MAX_BYTES) return 'damaged';
		const entry = Buffer.allocUnsafeSlow(found.size);
		if (readInto(descriptor, entry, entry.length) !== entry.length) return 'damaged';
		const content = entry.subarray(HEADER_BYTES);
		if (!entry.subarray(0, HEADER_BYTES).equals(headerOf(key, content))) return 'damaged';
		touch(descriptor);
		return content;
	} catch {
		return 'damaged';
	} finally {
		closeSync(descriptor);
	}
}

/** Notes that the entry is in use; a file system that is only read keeps no notes. */
function touch(descriptor: number): void {
	try {
		const now = new Date();
		futimesSync(descriptor, now, now);
	} catch {
		// Then nothing is forgotten there either.
	}
}

/** Whether a file is one that this user wrote and nobody else can. */
function isOwn(found: Stats): boolean {
	if (!found.isFile()) return false;
	return process.geteuid === undefined || (found.uid === process.geteuid() && (found.mode & 0o022) === 0);
}

function headerOf(key: string, content: Uint8Array): Buffer {
	const length = Buffer.alloc(4);
	length.writeUInt32LE(content.length);
	const sum = crypto().createHash('sha256').update(key).update('\0').update(content).digest();
	return Buffer.concat([MAGIC, length, sum.subarray(0, 16)]);
}

/** Loaded where there is something to check, because it takes Node as long as a small workspace takes to be read. */
function crypto(): typeof import('node:crypto') {
	return createRequire(process.execPath)('node:crypto');
}

/** Another process may read at this moment, and another may write the same: each sees all of an entry or nothing. */
function writeEntry(file: string, key: string, content: Uint8Array): void {
	const unfinished = `${file}.${crypto().randomBytes(8).toString('hex')}`;
	let descriptor: number;
	try {
		descriptor = openSync(unfinished, 'wx', 0o600);
	} catch {
		return;
	}
	try {
		try {
			for (const part of [headerOf(key, content), content]) writeAll(descriptor, part);
			// Without it a power cut can leave the new name with nothing in it.
			fsyncSync(descriptor);
		} finally {
			closeSync(descriptor);
		}
		renameSync(unfinished, file);
	} catch {
		removeQuietly(unfinished);
	}
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
	for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

/** Removes a file or a link, and nothing that a directory holds. */
function removeQuietly(file: string): void {
	try {
		rmSync(file, { force: true });
	} catch {
		// It is a directory, or somebody else's: then it stays.
	}
}

/** Deletes the entries that were not used for longest, and what processes that were ended left unfinished. */
function forgetOldest(directory: string): void {
	const entries: { readonly file: string; readonly used: number }[] = [];
	const now = Date.now();
	for (const name of namesIn(directory)) {
		const file = path.join(directory, name);
		const used = lastUse(file);
		if (used === undefined) continue;
		if (ENTRY.test(name)) entries.push({ file, used });
		else if (UNFINISHED.test(name) && now - used > ABANDONED) removeQuietly(file);
	}
	entries.sort((one, other) => other.used - one.used);
	for (const { file } of entries.slice(MAX_ENTRIES)) removeQuietly(file);
}

function namesIn(directory: string): string[] {
	try {
		return readdirSync(directory);
	} catch {
		return [];
	}
}

/** `undefined` where another process was quicker to remove it. */
function lastUse(file: string): number | undefined {
	return lstatSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
