import { constants, type Dirent } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { type DirectoryEntry, type FileStatus, type Files, MAX_TEXT_BYTES } from './files.ts';
import { normalize } from './paths.ts';

/** How many file descriptors one {@link createNodeFiles} holds at most; beyond a few dozen nothing gets faster, and limits are near. */
const MAX_OPEN_FILES = 64;

/** To open a named pipe waits for its writer, perhaps for ever, unless told not to; Windows knows neither. */
const READ_WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The files of this machine. On Windows `C:\src\x` is seen as `c:/src/x`, which Node takes as it is. */
export function createNodeFiles(): Files {
	const limit = createLimit(MAX_OPEN_FILES);
	return {
		readText: (path) => limit(() => readText(path)),
		list: (directory) => limit(() => list(directory)),
		status: (path) => limit(() => status(path)),
	};
}

/** A path of this machine as {@link Files} has it: slashes, a lower-case drive letter, nothing superfluous. */
export function pathFromNative(path: string): string {
	const slashed = process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
	return normalize(/^[A-Z]:/.test(slashed) && process.platform === 'win32' ? slashed.charAt(0).toLowerCase() + slashed.slice(1) : slashed);
}

async function readText(path: string): Promise<string | undefined> {
	try {
		const file = await open(path, READ_WITHOUT_WAITING);
		try {
			const found = await file.stat();
			const size = found.size;
			if (!found.isFile() || size > MAX_TEXT_BYTES) return undefined;
			const bytes = Buffer.allocUnsafe(size);
			let length = 0;
			while (length < size) {
				const { bytesRead } = await file.read(bytes, length, size - length, length);
				if (bytesRead === 0) break;
				length += bytesRead;
			}
			const content = bytes.subarray(0, length);
			return content.includes(0) ? undefined : content.toString('utf8');
		} finally {
			await file.close();
		}
	} catch {
		return undefined;
	}
}

async function list(directory: string): Promise<readonly DirectoryEntry[] | undefined> {
	let entries: Dirent[];
	try {
		entries = await readdir(directory, { withFileTypes: true });
	} catch {
		return undefined;
	}
	const result: DirectoryEntry[] = [];
	for (const entry of entries) {
		if (entry.isFile()) result.push({ name: entry.name, kind: 'file', link: false });
		else if (entry.isDirectory()) result.push({ name: entry.name, kind: 'directory', link: false });
		else if (entry.isSymbolicLink()) {
			const target = await status(`${directory}/${entry.name}`);
			if (target !== undefined) result.push({ name: entry.name, kind: target.kind, link: true });
		}
	}
	return result.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function status(path: string): Promise<FileStatus | undefined> {
	try {
		const found = await stat(path);
		if (!found.isFile() && !found.isDirectory()) return undefined;
		// The change time tells of a file that was replaced by one of the same size with its old modification time kept.
		const version = `${found.mtimeMs}:${found.ctimeMs}:${found.size}`;
		return { kind: found.isFile() ? 'file' : 'directory', size: found.size, version };
	} catch {
		return undefined;
	}
}

/** Runs at most `count` tasks at once; the others wait their turn in order. */
function createLimit(count: number): <T>(task: () => Promise<T>) => Promise<T> {
	let running = 0;
	const waiting: (() => void)[] = [];
	let next = 0;
	return async (task) => {
		if (running >= count) await new Promise<void>((resolve) => waiting.push(resolve));
		else running++;
		try {
			return await task();
		} finally {
			const resume = waiting[next];
			if (resume === undefined) {
				running--;
				waiting.length = 0;
				next = 0;
			} else {
				next++;
				resume();
			}
		}
	};
}
