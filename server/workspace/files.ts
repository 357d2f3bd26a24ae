import type { ByteSource } from '../linked/byte-source.ts';
import type { Eventually } from '../text/eventually.ts';

/**
 * The one way in which the core sees files. Paths are absolute, normalized and slash-separated, whatever the platform; what
 * stands before the first name (`/`, `c:/`, `vscode-vfs://github/owner/name/`) is opaque to the core.
 *
 * No call throws for what a workspace may hold: a file that is absent, unreadable, binary or too large is `undefined`.
 */
export interface Files {
	/** The text of the file, or `undefined` where it is absent, unreadable, holds a NUL character or exceeds {@link MAX_TEXT_BYTES}. */
	readText(path: string): Eventually<string | undefined>;
	/**
	 * The beginning of a file, and its version: what a scan of thousands of files asks for, in one step. It serves for files of any
	 * size; otherwise it is `undefined` where {@link Files.readText} is. Left out where `readText` and `status` are as quick.
	 *
	 * @param whole whether the rest is wanted too, as far as it comes in the same step
	 */
	readHead?(path: string, whole?: boolean): Eventually<FileHead | undefined>;
	/**
	 * Gives `read` the bytes of a file of any size, and answers what it makes of them; `undefined` where the file cannot be read. Left out
	 * where only text can be read.
	 */
	withBytes?<T>(path: string, read: (source: ByteSource) => Promise<T>): Promise<T | undefined>;
	/** What the directory holds, sorted by name, or `undefined` where it is absent, unreadable, no directory or exceeds {@link MAX_ENTRIES}. */
	list(directory: string): Eventually<readonly DirectoryEntry[] | undefined>;
	/** What is at the path, symbolic links followed, or `undefined`. */
	status(path: string): Eventually<FileStatus | undefined>;
	/**
	 * Lets whatever else waits have its turn, where long work has gone on for long enough; `undefined` where it has not. Left out
	 * where nothing else waits.
	 */
	pause?(): Promise<void> | undefined;
}

export interface DirectoryEntry {
	readonly name: string;
	/** What the entry is, symbolic links followed; links to nothing are left out. */
	readonly kind: 'file' | 'directory';
	/** Whether the entry is a symbolic link. Whoever walks a tree does not walk through links, and so ends. */
	readonly link: boolean;
}

export interface FileHead {
	readonly text: string;
	/** Whether `text` is the whole file. */
	readonly complete: boolean;
	/** As in {@link FileStatus}. */
	readonly version: string;
}

export interface FileStatus {
	readonly kind: 'file' | 'directory';
	/** In bytes. */
	readonly size: number;
	/** Whether it has a right to be executed; left out where the file system does not know such a right. */
	readonly executable?: boolean;
	/** Its permission bits; left out where the file system does not have such. */
	readonly mode?: number;
	/** Differs whenever the content does; what is cached of a file is kept under it. */
	readonly version: string;
}

/** A larger file is treated as unreadable: no Dockerfile, go.mod or hand-written Go file comes near it. */
export const MAX_TEXT_BYTES = 8 * 1024 * 1024;

/** A directory that holds more is treated as unreadable: no directory of sources comes near it. */
export const MAX_ENTRIES = 100_000;
