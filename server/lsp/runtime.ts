import type { ReadLinked } from '../linked/linked-files.ts';
import type { GoInstallation } from '../program/installation.ts';
import type { Archive } from '../workspace/archive.ts';
import type { Files } from '../workspace/files.ts';

/** What the server takes from its environment: a process of Node, or a web worker. */
export interface Runtime {
	readonly version: string;
	/** All files that can be read: those of this machine, if it has any, and those that the client reads. */
	files(ofClient: Files): Files;
	/** Where Go and its module cache may be. */
	readonly installation: GoInstallation;
	/** Keeps what was read of Go from one process to the next. */
	readonly archive?: Archive | undefined;
	/** Reads programs in the build context; left out where only text can be read. */
	createLinkedReader?(files: Files): ReadLinked;
	/** Calls back once, after `milliseconds` at the earliest. */
	after(milliseconds: number, callback: () => void): Timer;
	/** Resolves once the client's messages that have arrived are read. */
	messagesRead(): Promise<void>;
}

export interface Timer {
	cancel(): void;
}

/** After a file change, in milliseconds: a checkout or a build changes many files at once. */
export const FILES_DELAY = 250;

/** In milliseconds: if the Go files take longer to read, the findings that need no Go are shown first. */
export const PATIENCE = 300;
