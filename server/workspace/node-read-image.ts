import type { Hash } from 'node:crypto';
import {
	closeSync,
	constants,
	createReadStream,
	fstatSync,
	ftruncateSync,
	lstatSync,
	mkdtempSync,
	openSync,
	readlinkSync,
	readSync,
	realpathSync,
	rmSync,
	type Stats,
	writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ImageDirectory, type ReadImages, readImageArchive, readImageDirectory } from '../built-image/archive.ts';
import type { ImageTools, KeptBytes } from '../built-image/layer.ts';
import { UnreadableImage } from '../built-image/model.ts';
import type { Chunks } from '../built-image/streams.ts';
import { readEntries } from './node-read.ts';
import { isWithin } from './paths.ts';

/** Reads images from the disk and from the standard input. Nothing of them is unpacked, but for one program at a time. */

/** Read at once, in bytes. */
const CHUNK = 1024 * 1024;

/** As much as a pipe holds: a larger piece of memory would be asked for, and given back, for each of these. */
const PIPE_CHUNK = 64 * 1024;

/** A larger program is not looked into. */
const MAX_PROGRAM = 1024 * 1024 * 1024;

/**
 * The images in a file, in a directory, or in what is piped into this process (`-`).
 *
 * @param progress told how many bytes were read so far
 * @throws UnreadableImage, or the error of the system where it cannot be opened
 */
export async function readImagesFrom(place: string, progress: (bytes: number) => void): Promise<ReadImages> {
	const room = createRoom();
	// Modules of Node that no other command needs are loaded here, so that none starts slower.
	const { createHash } = await import('node:crypto');
	const tools: ImageTools = { hash: (algorithm) => hashWith(createHash(algorithm)), gunzip, keep: room.keep, progress };
	try {
		if (place === '-') return await readImageArchive(createReadStream('', { fd: 0, highWaterMark: PIPE_CHUNK, autoClose: false }), tools);
		const file = openSync(place, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
		const found = fstatSync(file);
		if (found.isDirectory()) {
			closeSync(file);
			return await readImageDirectory(directoryAt(place), tools);
		}
		if (!found.isFile() && !found.isFIFO()) {
			closeSync(file);
			throw new UnreadableImage('it is neither a file nor a directory');
		}
		return await readImageArchive(createReadStream('', { fd: file, highWaterMark: found.isFile() ? CHUNK : PIPE_CHUNK }), tools);
	} finally {
		room.close();
	}
}

function hashWith(hash: Hash): ReturnType<ImageTools['hash']> {
	return { update: (bytes: Uint8Array) => hash.update(bytes), digest: () => hash.digest('hex') };
}

async function* gunzip(chunks: Chunks): AsyncGenerator<Uint8Array> {
	const [{ createGunzip }, { Readable }] = await Promise.all([import('node:zlib'), import('node:stream')]);
	const stream = createGunzip({ chunkSize: 256 * 1024 });
	const source = Readable.from(chunks, { objectMode: false });
	source.on('error', (error) => stream.destroy(error));
	try {
		for await (const chunk of source.pipe(stream)) yield chunk;
	} catch (error) {
		if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error;
		throw new UnreadableImage(
			(error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' ? 'its gzip data is cut off' : 'its gzip data is damaged',
		);
	} finally {
		stream.destroy();
		source.destroy();
	}
}

/** A file without a name, in which one program after the other is kept while it is read. */
function createRoom(): { keep(chunks: Chunks): Promise<KeptBytes | undefined>; close(): void } {
	let file: number | undefined;
	let directory: string | undefined;

	function open(): number {
		if (file !== undefined) return file;
		directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-image-'));
		file = openSync(path.join(directory, 'program'), 'wx+', 0o600);
		// Where the system lets an open file lose its name, nothing is left of it however this process ends.
		if (process.platform !== 'win32') remove();
		return file;
	}

	function remove(): void {
		if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
		directory = undefined;
	}

	async function keep(chunks: Chunks): Promise<KeptBytes | undefined> {
		let size = 0;
		let fits = true;
		for await (const chunk of chunks) {
			if (fits) fits = size + chunk.length <= MAX_PROGRAM && writeAll(chunk, size);
			size += chunk.length;
		}
		if (!fits) {
			release();
			return undefined;
		}
		return {
			size,
			async read(offset, length) {
				const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)));
				return file === undefined ? bytes.subarray(0, 0) : bytes.subarray(0, readAt(file, bytes, offset));
			},
			release,
		};
	}

	/** Whether there was room for all of it. */
	function writeAll(bytes: Uint8Array, position: number): boolean {
		try {
			const into = open();
			for (let at = 0; at < bytes.length; ) at += writeSync(into, bytes, at, bytes.length - at, position + at);
			return true;
		} catch {
			return false;
		}
	}

	function release(): void {
		if (file !== undefined) ftruncateSync(file, 0);
	}

	return {
		keep,
		close() {
			if (file !== undefined) closeSync(file);
			file = undefined;
			remove();
		},
	};
}

function readAt(file: number, bytes: Uint8Array, position: number): number {
	let read = 0;
	while (read < bytes.length) {
		const some = readSync(file, bytes, read, bytes.length - read, position + read);
		if (some === 0) break;
		read += some;
	}
	return read;
}

function directoryAt(root: string): ImageDirectory {
	const real = realpathSync(root);
	return {
		open(name) {
			const full = path.join(real, name);
			try {
				// A link may lead out of the directory, where nothing was asked for.
				if (!isWithin(real, realpathSync(path.dirname(full)))) return undefined;
				const file = openSync(full, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
				if (fstatSync(file).isFile()) return createReadStream('', { fd: file, highWaterMark: CHUNK });
				closeSync(file);
			} catch {
				// It is not there, or may not be read.
			}
			return undefined;
		},
		async *entries() {
			// Whoever is not root cannot give what he unpacks to others.
			const own = lstatSync(real).uid === 0;
			const pending = [''];
			for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
				for (const { name } of readEntries(path.join(real, directory))) {
					const below = directory === '' ? name : `${directory}/${name}`;
					const found = lstatSync(path.join(real, below));
					if (found.isDirectory()) pending.push(below);
					yield entryOf(below, found, own, () => readlinkSync(path.join(real, below)));
				}
			}
		},
	};
}

type Entry = ImageDirectory extends { entries(): AsyncIterable<infer Each> } ? Each : never;

function entryOf(name: string, found: Stats, own: boolean, target: () => string): Entry {
	const kind = found.isDirectory() ? 'directory' : found.isSymbolicLink() ? 'link' : found.isFile() ? 'file' : 'device';
	return {
		path: name,
		kind,
		mode: found.mode & 0o7777,
		owner: own ? found.uid : undefined,
		group: own ? found.gid : undefined,
		size: kind === 'file' ? found.size : 0,
		target: kind === 'link' ? target() : undefined,
	};
}
