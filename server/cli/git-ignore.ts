import { existsSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { readBytes } from '../workspace/node-read.ts';
import { type IgnorePatterns, readIgnorePatterns } from './git-ignore-patterns.ts';
import { readGitIndex } from './git-index.ts';
import { withSlashes } from './shown-path.ts';

/**
 * What Git leaves out, as .gitignore files and .git/info/exclude say it. What is personal (core.excludesFile) does not count, for a
 * check says the same to everybody. What Git tracks is not left out, as the directory cmd/server where `server` is to ignore a binary.
 */
export interface GitIgnore {
	/** The same with what `directory`, which lies in that of this one, says itself. `directory` is absolute. */
	within(directory: string, entries: Iterable<string>): Promise<GitIgnore>;
	/** Whether the path, absolute and native, is left out; nothing may be asked of what lies below a directory that is left out. */
	ignores(path: string, isDirectory: boolean): boolean;
}

/** The patterns of one file, which speak of what is below its directory. */
interface Patterns {
	readonly directory: string;
	readonly patterns: IgnorePatterns;
}

/** The index of a repository with some 500,000 files. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;

/** Some 10,000 patterns. */
const MAX_BYTES = 256 * 1024;

/** No file system has a longer path. */
const MAX_PATH_BYTES = 64 * 1024;

/** Git compares without regard to case where the file system usually does. */
const IGNORE_CASE = process.platform === 'win32' || process.platform === 'darwin';

/**
 * What holds for the content of `directory`: what the directories above it say, up to the root of its repository.
 *
 * @param top Where there is no repository, the highest directory that counts.
 */
export async function gitIgnoreOf(directory: string, top: string): Promise<GitIgnore> {
	const above: string[] = [];
	let repository: string | undefined;
	for (let at = directory; ; at = dirname(at)) {
		if (at !== directory) above.unshift(at);
		if (existsSync(`${at}/.git`)) repository = at;
		if (repository !== undefined || at === dirname(at)) break;
	}
	let found: GitIgnore = NOTHING_IGNORED;
	for (const each of above) {
		if (found.ignores(each, true)) return EVERYTHING_IGNORED;
		if (repository !== undefined || !relative(top, each).startsWith('..')) found = await found.within(each, ['.gitignore', '.git']);
	}
	return found;
}

/** What leaves nothing out. */
export const NOTHING_IGNORED: GitIgnore = create([], undefined);

/** What lies in a directory that is left out: nothing takes it back. */
export const EVERYTHING_IGNORED: GitIgnore = { within: async () => EVERYTHING_IGNORED, ignores: () => true };

/** What is left of a directory that is left out: what is tracked, until another repository begins. */
function onlyTracked(tracked: Tracked): GitIgnore {
	return {
		within: async (directory, entries) => {
			const names = [...entries];
			return isRepository(directory, names) ? NOTHING_IGNORED.within(directory, names) : onlyTracked(tracked);
		},
		ignores: (path) => !tracked.has(path),
	};
}

/** @param all Those that win come last: the deeper ones. */
function create(all: readonly Patterns[], tracked: Tracked | undefined): GitIgnore {
	function isExcluded(path: string, isDirectory: boolean): boolean {
		for (let index = all.length - 1; index >= 0; index--) {
			const { directory, patterns } = all[index] as Patterns;
			const name = withSlashes(relative(directory, path));
			if (name === '' || name.startsWith('..')) continue;
			const said = patterns.test(name, isDirectory);
			if (said !== undefined) return said === 'ignored';
		}
		return false;
	}
	return {
		async within(directory, entries) {
			const names = [...entries];
			const begins = isRepository(directory, names);
			if (!begins && tracked !== undefined && isExcluded(directory, true)) return onlyTracked(tracked);
			// What is said outside of a repository does not hold in it.
			const outer = begins ? [] : all;
			const files = [...(begins ? [excludeFileOf(directory)] : []), ...(names.includes('.gitignore') ? [`${directory}/.gitignore`] : [])];
			const own: Patterns[] = [];
			for (const file of files) {
				const patterns = file === undefined ? undefined : read(file);
				if (patterns !== undefined) own.push({ directory, patterns });
			}
			return own.length === 0 && !begins ? this : create([...outer, ...own], begins ? trackedIn(directory) : tracked);
		},
		ignores: (path, isDirectory) => isExcluded(path, isDirectory) && tracked?.has(path) !== true,
	};
}

function isRepository(directory: string, entries: readonly string[]): boolean {
	return entries.includes('.git') && existsSync(`${directory}/.git`);
}

/** What the index of a repository lists; read where it matters. */
interface Tracked {
	/** Whether the file, or something in the directory, is tracked. The path is absolute and native. */
	has(path: string): boolean;
}

function trackedIn(directory: string): Tracked {
	let known: ReadonlySet<string> | undefined;
	return {
		has(path) {
			known ??= withDirectories(trackedFiles(directory));
			return known.has(withSlashes(relative(directory, path)));
		},
	};
}

/** None where there is no index that can be read. */
function trackedFiles(directory: string): readonly string[] {
	const repository = repositoryOf(directory);
	if (repository === undefined) return [];
	try {
		return readGitIndex(readBytes(`${repository}/index`, MAX_INDEX_BYTES)) ?? [];
	} catch {
		return [];
	}
}

function withDirectories(paths: readonly string[]): ReadonlySet<string> {
	const found = new Set(paths);
	for (const path of paths) {
		for (let end = path.lastIndexOf('/'); end > 0 && !found.has(path.slice(0, end)); end = path.lastIndexOf('/', end - 1)) {
			found.add(path.slice(0, end));
		}
	}
	return found;
}

/** Where what .git/info/exclude says is: that of a worktree is in the directory that all worktrees share. */
function excludeFileOf(directory: string): string | undefined {
	const repository = repositoryOf(directory);
	if (repository === undefined) return undefined;
	const common = firstLine(`${repository}/commondir`);
	return `${common === undefined ? repository : resolve(repository, common)}/info/exclude`;
}

/**
 * The directory that Git keeps of a work tree: in a worktree and in a submodule, .git is a file that names it.
 * https://git-scm.com/docs/gitrepository-layout
 */
function repositoryOf(directory: string): string | undefined {
	const repository = `${directory}/.git`;
	if (statSync(repository, { throwIfNoEntry: false })?.isFile() !== true) return repository;
	const named = firstLine(repository)?.match(/^gitdir: (.+)$/)?.[1];
	return named === undefined ? undefined : resolve(directory, named);
}

function firstLine(file: string): string | undefined {
	try {
		return readBytes(file, MAX_PATH_BYTES).toString().split(/\r?\n/, 1)[0];
	} catch {
		return undefined;
	}
}

/** What is not a regular file, or is larger than {@link MAX_BYTES}, counts as absent. */
function read(file: string): IgnorePatterns | undefined {
	try {
		return readIgnorePatterns(readBytes(file, MAX_BYTES).toString(), IGNORE_CASE);
	} catch {
		return undefined;
	}
}
