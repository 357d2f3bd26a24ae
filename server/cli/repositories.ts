import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { pathFromNative } from '../workspace/node-files.ts';
import { readEntries } from '../workspace/node-read.ts';
import type { Failure } from './failures.ts';
import { shownPath } from './shown-path.ts';
import { reasonAt } from './system-errors.ts';

/** Repositories lie so many directories below the one that is named at most: HOST/OWNER/NAME, and one more. */
const DEEPEST = 4;

/** Directories in which nobody keeps repositories. */
const PASSED_OVER: ReadonlySet<string> = new Set(['node_modules', 'vendor', 'testdata']);

/**
 * The repositories in a directory, by their paths: the directory itself if Git calls it a root, else those below it. If there is none, its
 * own directories count as such, or the directory itself if it has a go.mod or a Dockerfile. Links are not followed.
 */
export function repositoriesIn(directory: string, fail: (failure: Failure) => void): string[] {
	const found: string[] = [];
	const entries = entriesOf(directory, fail);
	if (entries === undefined) return [];
	collect(directory, entries, 0, found, fail);
	if (found.length > 0) return found;
	if (entries.some(({ name }) => /^(?:go\.mod|go\.work|Dockerfile|Containerfile)$/.test(name))) return [directory];
	const directories = directoriesOf(entries);
	return directories.length > 0 ? directories.map(({ name }) => join(directory, name)) : [directory];
}

function collect(directory: string, entries: readonly Dirent[], depth: number, found: string[], fail: (failure: Failure) => void): void {
	if (entries.some(({ name }) => name === '.git')) {
		found.push(directory);
		return;
	}
	if (depth === DEEPEST) return;
	for (const { name } of directoriesOf(entries)) {
		const below = join(directory, name);
		const inside = entriesOf(below, fail);
		if (inside !== undefined) collect(below, inside, depth + 1, found, fail);
	}
}

function directoriesOf(entries: readonly Dirent[]): Dirent[] {
	return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !PASSED_OVER.has(entry.name));
}

function entriesOf(directory: string, fail: (failure: Failure) => void): Dirent[] | undefined {
	try {
		return readEntries(directory).sort((a, b) => (a.name < b.name ? -1 : 1));
	} catch (error) {
		const message = `${shownPath(directory)} cannot be read: ${reasonAt(directory, error)}.`;
		fail({ message, of: { path: pathFromNative(directory), what: 'directory' }, not: 'read' });
		return undefined;
	}
}
