import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Stands before the names of all temporary directories of a run. */
export const TEMPORARY_PREFIX = 'go-scratch-programs-';

const directories = new Set<string>();

/** Makes a directory that is removed when the run ends, however it ends. */
export function makeTemporary(): string {
	const directory = realpathSync(mkdtempSync(path.join(tmpdir(), TEMPORARY_PREFIX)));
	directories.add(directory);
	return directory;
}

export function removeTemporary(directory: string): void {
	rmSync(directory, { recursive: true, force: true });
	directories.delete(directory);
}

process.once('exit', () => {
	for (const directory of directories) removeTemporary(directory);
});
