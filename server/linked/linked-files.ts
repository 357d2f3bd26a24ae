import type { Files } from '../workspace/files.ts';
import type { LinkedFile } from './model.ts';
import { readLinkedFile } from './read.ts';

/** What a file says that a linker wrote; `undefined` where its bytes cannot be read. */
export type ReadLinked = (path: string) => Promise<LinkedFile | undefined>;

/** A workspace has a few programs in its build contexts. */
const MOST_KEPT = 200;

/** Reads each version of a file once. */
export function createLinkedReader(files: Files): ReadLinked {
	const kept = new Map<string, { readonly version: string; readonly file: Promise<LinkedFile | undefined> }>();
	return async (path) => {
		const status = await files.status(path);
		if (status?.kind !== 'file' || files.withBytes === undefined) return undefined;
		const known = kept.get(path);
		if (known?.version === status.version) return known.file;
		if (kept.size >= MOST_KEPT) kept.clear();
		const file = files.withBytes(path, readLinkedFile);
		kept.set(path, { version: status.version, file });
		return file;
	};
}
