import { existsSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { readBytes } from '../workspace/node-read.ts';
import { type IgnorePatterns, readIgnorePatterns } from './git-ignore-patterns.ts';
import { withSlashes } from './shown-path.ts';

/**
 * What Git leaves out, as .gitignore files and .git/info/exclude say it. What is personal (core.excludesFile) does not count, for a
 * check says the same to everybody; nor does Git's index, so that a file that is ignored and tracked all the same is left out.
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
	let found = create([]);
	for (const each of above) {
		if (found.ignores(each, true)) return EVERYTHING_IGNORED;
		if (repository !== undefined || !relative(top, each).startsWith('..')) found = await found.within(each, ['.gitignore', '.git']);
	}
	return found;
}

/** What leaves nothing out. */
export const NOTHING_IGNORED: GitIgnore = create([]);

/** What lies in a directory that is left out: nothing takes it back. */
export const EVERYTHING_IGNORED: GitIgnore = { within: async () => EVERYTHING_IGNORED, ignores: () => true };

/** @param all Those that win come last: the deeper ones. */
function create(all: readonly Patterns[]): GitIgnore {
	return {
		async within(directory, entries) {
			const names = new Set(entries);
			// What is said outside of a repository does not hold in it.
			const outer = names.has('.git') && existsSync(`${directory}/.git`) ? [] : all;
			const files = [...(outer === all ? [] : excludeFilesOf(directory)), ...(names.has('.gitignore') ? [`${directory}/.gitignore`] : [])];
			const own: Patterns[] = [];
			for (const file of files) {
				const patterns = read(file);
				if (patterns !== undefined) own.push({ directory, patterns });
			}
			return own.length === 0 && outer === all ? this : create([...outer, ...own]);
		},
		ignores(path, isDirectory) {
			for (let index = all.length - 1; index >= 0; index--) {
				const { directory, patterns } = all[index] as Patterns;
				const name = withSlashes(relative(directory, path));
				if (name === '' || name.startsWith('..')) continue;
				const said = patterns.test(name, isDirectory);
				if (said !== undefined) return said === 'ignored';
			}
			return false;
		},
	};
}

/**
 * Where what .git/info/exclude says is: in a worktree and in a submodule, .git is a file that names the directory of the repository, and
 * that of a worktree names the one that all worktrees share.
 * https://git-scm.com/docs/gitrepository-layout
 */
function excludeFilesOf(directory: string): string[] {
	let repository = `${directory}/.git`;
	if (statSync(repository, { throwIfNoEntry: false })?.isFile() === true) {
		const named = firstLine(repository)?.match(/^gitdir: (.+)$/)?.[1];
		if (named === undefined) return [];
		repository = resolve(directory, named);
	}
	const common = firstLine(`${repository}/commondir`);
	return [`${common === undefined ? repository : resolve(repository, common)}/info/exclude`];
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
