import { type Dirent, type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDockerfilePath } from '../knowledge/dockerfile-names.ts';
import { findRoot } from '../lint/root.ts';
import type { Files } from '../workspace/files.ts';
import { pathFromNative } from '../workspace/node-files.ts';
import { fileSystemListing, readEntries } from '../workspace/node-read.ts';
import { dirname, isWithin } from '../workspace/paths.ts';
import type { Failure } from './failures.ts';
import { EVERYTHING_IGNORED, type GitIgnore, gitIgnoreOf, NOTHING_IGNORED } from './git-ignore.ts';
import { shownPath } from './shown-path.ts';
import { isAbsence, reasonAt, whyUnreadable } from './system-errors.ts';
import { UsageError } from './usage-error.ts';
import { absolutePath, workingDirectory } from './working-directory.ts';

/** A Dockerfile to look at, and the directory that counts as its workspace. */
export interface DockerfileToCheck {
	readonly path: string;
	readonly root: string;
	/** Whether a person named the file itself, and so wants to hear where it cannot be read. */
	readonly named: boolean;
}

/** Directories that hold other people's Dockerfiles, if any. */
const PASSED_OVER: ReadonlySet<string> = new Set(['node_modules', '.git', 'vendor', 'testdata']);

/** Something that was named or found, and cannot be looked at. */
export interface Unreadable {
	readonly failure: Failure;
	readonly named: boolean;
}

/** Told of what cannot be read; the search goes on. */
type Report = (unreadable: Unreadable) => void;

/**
 * The Dockerfiles that the paths name: files as they are, directories searched, patterns as far as they name Dockerfiles and
 * directories.
 */
export async function findDockerfiles(paths: readonly string[], files: Files, report: Report): Promise<DockerfileToCheck[]> {
	const found = new Map<string, DockerfileToCheck>();
	const add = async (native: string, fallback: string | undefined, named: boolean) => {
		const path = pathFromNative(native);
		if (!found.has(path)) found.set(path, { path, root: await findRoot(files, dirname(path), fallback), named });
	};
	for (const path of paths) {
		try {
			const absolute = absolutePath(path);
			const status = statusOf(path, absolute);
			if (status === undefined && isPattern(path)) {
				for (const each of await matching(path, report)) await add(each, undefined, false);
			} else if (isReadableDirectory(path, absolute, status)) {
				for (const each of await search(absolute, absolute, report)) await add(each, pathFromNative(absolute), false);
			} else await add(absolute, whereItStands(absolute), true);
		} catch (error) {
			if (!(error instanceof UsageError)) throw error;
			report({ failure: { message: error.message, of: { path: placeOf(path), what: 'path' }, not: 'read' }, named: true });
		}
	}
	return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The working directory, as the workspace of a file in it that Git knows nothing of; `undefined` for files outside it. */
function whereItStands(absolute: string): string | undefined {
	const here = workingDirectory();
	return here !== undefined && isWithin(pathFromNative(here), pathFromNative(absolute)) ? pathFromNative(here) : undefined;
}

/** Where the path is, from the root where that is known. */
function placeOf(path: string): string {
	const here = workingDirectory();
	return here === undefined ? path : pathFromNative(resolve(here, path));
}

/** What is at a path that a person named, or `undefined`. */
function statusOf(path: string, absolute: string): Stats | undefined {
	try {
		return statSync(absolute);
	} catch (error) {
		if (isAbsence(error)) return undefined;
		throw new UsageError(`${path} cannot be read: ${reasonAt(path, error)}.`);
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
async function search(directory: string, top: string, report: Report): Promise<string[]> {
	const found: string[] = [];
	const ignored = await gitIgnoreOf(directory, top);
	// Who names a directory that is left out wants it searched.
	await searchInto(directory, ignored.ignores(directory, true) ? NOTHING_IGNORED : ignored, found, report);
	return found;
}

async function searchInto(directory: string, outer: GitIgnore, found: string[], report: Report): Promise<void> {
	let entries: Dirent[];
	try {
		entries = readEntries(directory);
	} catch (error) {
		reportUnreadable(directory, 'directory', error, report);
		return;
	}
	const ignored = await outer.within(
		directory,
		entries.map(({ name }) => name),
	);
	for (const entry of entries) {
		const path = join(directory, entry.name);
		if (entry.isDirectory()) {
			if (!PASSED_OVER.has(entry.name) && !ignored.ignores(path, true)) await searchInto(path, ignored, found, report);
		} else if (isDockerfilePath(entry.name) && !ignored.ignores(path, false) && isFile(entry, path, report)) {
			found.push(path);
		}
	}
}

/** Whether the entry is a file, or a link to one. */
function isFile(entry: Dirent, path: string, report: Report): boolean {
	return entry.isFile() || (entry.isSymbolicLink() && targetOf(path, report)?.isFile() === true);
}

/** What is at a path that was found; a link to nothing is passed over, one that cannot be followed is reported. */
function targetOf(path: string, report: Report): Stats | undefined {
	try {
		return statSync(path);
	} catch (error) {
		reportUnreadable(path, isDockerfilePath(pathFromNative(path)) ? 'Dockerfile' : 'path', error, report);
		return undefined;
	}
}

/** Reports what was found and cannot be read; what is not there any more, or is a link to nothing, cannot be what a person means. */
function reportUnreadable(path: string, what: 'Dockerfile' | 'directory' | 'path', error: unknown, report: Report): void {
	if (isAbsence(error) && !path.includes('\uFFFD')) return;
	const message = `${shownPath(path)} cannot be read: ${reasonAt(path, error)}.`;
	report({ failure: { message, of: { path: pathFromNative(path), what }, not: 'read' }, named: false });
}

/** Whether a path that nothing stands at is a pattern, and not a name written wrongly. */
function isPattern(path: string): boolean {
	return /[*?]|\{[^{},]*,[^{}]*\}|\[[^[\]]+\]/.test(path);
}

/** What the pattern names: Dockerfiles, and what a search finds in directories. */
async function matching(pattern: string, report: Report): Promise<string[]> {
	const { glob } = await import('tinyglobby');
	const here = workingDirectory() ?? resolve('/');
	const closed: { path: string; error: unknown }[] = [];
	const matches = await glob(process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern, {
		absolute: true,
		dot: true,
		onlyFiles: false,
		expandDirectories: false,
		followSymbolicLinks: false,
		ignore: [...PASSED_OVER].map((name) => `**/${name}/**`),
		cwd: here,
		fs: fileSystemListing(listTelling((path, error) => closed.push({ path, error }))),
	});
	const found = new Set<string>();
	const ignores = new Map<string, Promise<GitIgnore>>();
	const isIgnored = async (path: string, isDirectory: boolean) => {
		const parent = resolve(path, '..');
		let ignored = ignores.get(parent);
		if (ignored === undefined) {
			ignored = gitIgnoreOf(parent, here).then((outer) =>
				outer.ignores(parent, true) ? EVERYTHING_IGNORED : outer.within(parent, ['.gitignore', '.git']),
			);
			ignores.set(parent, ignored);
		}
		return (await ignored).ignores(path, isDirectory);
	};
	for (const { path, error } of closed) if (!(await isIgnored(path, true))) reportUnreadable(path, 'directory', error, report);
	for (const match of matches.sort()) {
		const path = resolve(match);
		const status = targetOf(path, report);
		if (status === undefined || (await isIgnored(path, status.isDirectory()))) continue;
		if (status.isDirectory()) for (const each of await search(path, here, report)) found.add(each);
		else if (isDockerfilePath(pathFromNative(path))) found.add(path);
	}
	return [...found];
}

/**
 * The listing of a directory for a library that passes over directories that cannot be read, which are told, and over links, of which
 * those that are named like Dockerfiles and lead to no directory count as files.
 */
function listTelling(tell: (path: string, error: unknown) => void): (directory: string) => Dirent[] {
	return (directory) => {
		try {
			return readEntries(directory).map((entry) => {
				const taken = entry.isSymbolicLink() && isDockerfilePath(entry.name) && !isDirectory(join(directory, entry.name));
				return taken ? Object.create(entry, { isFile: { value: () => true }, isSymbolicLink: { value: () => false } }) : entry;
			});
		} catch (error) {
			tell(resolve(directory), error);
			return [];
		}
	};
}

function isDirectory(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}
