import { type Dirent, type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDockerfilePath } from '../lint/dockerfile-names.ts';
import { findRoot } from '../lint/root.ts';
import type { Files } from '../workspace/files.ts';
import { pathFromNative } from '../workspace/node-files.ts';
import { readEntries } from '../workspace/node-read.ts';
import { dirname } from '../workspace/paths.ts';
import { UsageError } from './arguments.ts';
import { EVERYTHING_IGNORED, type GitIgnore, gitIgnoreOf, NOTHING_IGNORED } from './git-ignore.ts';
import { reasonOf, whyUnreadable } from './system-errors.ts';

/** A Dockerfile to look at, and the directory that counts as its workspace. */
export interface DockerfileToCheck {
	readonly path: string;
	readonly root: string;
	/** Whether a person named the file itself, and so wants to hear where it cannot be read. */
	readonly named: boolean;
}

/** Directories that hold other people's Dockerfiles, if any. */
const PASSED_OVER: ReadonlySet<string> = new Set(['node_modules', '.git', 'vendor', 'testdata']);

/**
 * The Dockerfiles that the paths name: files as they are, directories searched, patterns as far as they name Dockerfiles and
 * directories.
 *
 * @throws UsageError for a path that is absent or cannot be read.
 */
export async function findDockerfiles(paths: readonly string[], files: Files): Promise<DockerfileToCheck[]> {
	const found = new Map<string, DockerfileToCheck>();
	const add = async (native: string, fallback: string | undefined, named: boolean) => {
		const path = pathFromNative(native);
		if (!found.has(path)) found.set(path, { path, root: await findRoot(files, dirname(path), fallback), named });
	};
	for (const path of paths) {
		const absolute = resolve(path);
		const status = statusOf(path, absolute);
		if (status === undefined && isPattern(path)) {
			for (const each of await matching(path)) await add(each, undefined, false);
		} else if (isReadableDirectory(path, absolute, status)) {
			for (const each of await search(absolute)) await add(each, pathFromNative(absolute), false);
		} else await add(absolute, undefined, true);
	}
	return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is at a path that a person named, or `undefined`. */
function statusOf(path: string, absolute: string): Stats | undefined {
	try {
		return statSync(absolute, { throwIfNoEntry: false });
	} catch (error) {
		throw new UsageError(`${path} cannot be read: ${reasonOf(error)}.`);
	}
}

/** Whether the path is a directory; what cannot be read is told here, where the reason is at hand. */
function isReadableDirectory(path: string, absolute: string, status: Stats | undefined): boolean {
	const reason = whyUnreadable(absolute);
	if (reason !== undefined) throw new UsageError(`${path} cannot be read: ${reason}.`);
	return status?.isDirectory() === true;
}

/**
 * The Dockerfiles in the directory and below it, without what Git leaves out. Links to directories are not followed.
 *
 * @param top Where there is no repository, the highest directory whose .gitignore counts.
 */
async function search(directory: string, top = directory): Promise<string[]> {
	const found: string[] = [];
	const ignored = await gitIgnoreOf(directory, top);
	// Who names a directory that is left out wants it searched.
	await searchInto(directory, ignored.ignores(directory, true) ? NOTHING_IGNORED : ignored, found);
	return found;
}

async function searchInto(directory: string, outer: GitIgnore, found: string[]): Promise<void> {
	let entries: Dirent[];
	try {
		entries = readEntries(directory);
	} catch {
		return;
	}
	const ignored = await outer.within(
		directory,
		entries.map(({ name }) => name),
	);
	for (const entry of entries) {
		const path = join(directory, entry.name);
		if (entry.isDirectory()) {
			if (!PASSED_OVER.has(entry.name) && !ignored.ignores(path, true)) await searchInto(path, ignored, found);
		} else if (isDockerfilePath(entry.name) && isFile(entry, path) && !ignored.ignores(path, false)) {
			found.push(path);
		}
	}
}

function isFile(entry: Dirent, path: string): boolean {
	return entry.isFile() || (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

/** Whether a path that nothing stands at is a pattern, and not a name written wrongly. */
function isPattern(path: string): boolean {
	return /[*?]|\{.*,.*\}|\[.+\]/.test(path);
}

/** What the pattern names: Dockerfiles, and what a search finds in directories. */
async function matching(pattern: string): Promise<string[]> {
	const { glob } = await import('tinyglobby');
	const matches = await glob(process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern, {
		absolute: true,
		dot: true,
		onlyFiles: false,
		expandDirectories: false,
		followSymbolicLinks: false,
		ignore: [...PASSED_OVER].map((name) => `**/${name}/**`),
	});
	const found = new Set<string>();
	const ignores = new Map<string, Promise<GitIgnore>>();
	for (const match of matches.sort()) {
		const path = resolve(match);
		const parent = resolve(path, '..');
		const status = statSync(path, { throwIfNoEntry: false });
		if (status === undefined) continue;
		let ignored = ignores.get(parent);
		if (ignored === undefined) {
			ignored = gitIgnoreOf(parent, process.cwd()).then((outer) =>
				outer.ignores(parent, true) ? EVERYTHING_IGNORED : outer.within(parent, ['.gitignore', '.git']),
			);
			ignores.set(parent, ignored);
		}
		if ((await ignored).ignores(path, status.isDirectory())) continue;
		if (status.isDirectory()) for (const each of await search(path, process.cwd())) found.add(each);
		else if (isDockerfilePath(pathFromNative(path))) found.add(path);
	}
	return [...found];
}
