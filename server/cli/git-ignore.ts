import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { Ignore } from 'ignore';

/**
 * What Git leaves out, as .gitignore files and .git/info/exclude say it. What is personal (core.excludesFile) does not count, for a
 * check says the same to everybody; nor does Git's index, so that a file that is ignored and tracked all the same is left out.
 */
export interface GitIgnore {
	/** The same with what `directory`, which lies in that of this one, says itself. `directory` is absolute. */
	within(directory: string, entries: Iterable<string>): Promise<GitIgnore>;
	/** Whether the path, absolute and native, is left out; nothing below a directory that is left out needs to be asked for. */
	ignores(path: string, isDirectory: boolean): boolean;
}

/** The patterns of one file, which speak of what is below its directory. */
interface Patterns {
	readonly directory: string;
	readonly patterns: Ignore;
}

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
		if (repository !== undefined || !relative(top, each).startsWith('..')) found = await found.within(each, ['.gitignore', '.git']);
	}
	return found;
}

/** What leaves nothing out. */
export const NOTHING_IGNORED: GitIgnore = create([]);

/** @param all Those that win come last: the deeper ones. */
function create(all: readonly Patterns[]): GitIgnore {
	return {
		async within(directory, entries) {
			const names = new Set(entries);
			// What is said outside of a repository does not hold in it.
			const outer = names.has('.git') && existsSync(`${directory}/.git`) ? [] : all;
			const files = [
				...(outer === all ? [] : [`${directory}/.git/info/exclude`]),
				...(names.has('.gitignore') ? [`${directory}/.gitignore`] : []),
			];
			const own: Patterns[] = [];
			for (const file of files) {
				const patterns = await read(file);
				if (patterns !== undefined) own.push({ directory, patterns });
			}
			return own.length === 0 && outer === all ? this : create([...outer, ...own]);
		},
		ignores(path, isDirectory) {
			for (let index = all.length - 1; index >= 0; index--) {
				const { directory, patterns } = all[index] as Patterns;
				const name = relative(directory, path).replaceAll('\\', '/');
				if (name === '' || name.startsWith('..')) continue;
				const { ignored, unignored } = patterns.test(isDirectory ? `${name}/` : name);
				if (ignored || unignored) return ignored;
			}
			return false;
		},
	};
}

async function read(file: string): Promise<Ignore | undefined> {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
	// What git init writes holds nothing but comments.
	if (!/^[^#\r\n]/m.test(text)) return undefined;
	const { default: ignore } = await import('ignore');
	return ignore({ ignorecase: IGNORE_CASE }).add(text);
}
