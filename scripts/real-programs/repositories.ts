import { cpSync, existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { execute } from '../../test/images/engine.ts';
import { makeTemporary } from './temporary.ts';

export interface Repository {
	/** `owner/name` where the directory is called `owner+name`; else the directory's name. */
	readonly name: string;
	readonly directory: string;
}

/** The repositories that the paths name: each path is one, or holds some. A directory of nothing but directories is taken to hold some. */
export function findRepositories(paths: readonly string[]): Repository[] {
	return paths
		.map((each) => realpathSync(each))
		.flatMap((directory) => {
			const entries = readdirSync(directory, { withFileTypes: true });
			if (entries.some((entry) => entry.isFile() || entry.name === '.git')) return [directory];
			return entries
				.filter((entry) => entry.isDirectory())
				.map(({ name }) => path.join(directory, name))
				.sort();
		})
		.map((directory) => ({ name: path.basename(directory).replace('+', '/'), directory }));
}

/**
 * The commit that is checked out.
 *
 * @param listed A JSON file with a list of `repo` and `commit`, for trees without a .git.
 */
export async function revisionOf({ name, directory }: Repository, listed: string | undefined): Promise<string | undefined> {
	if (existsSync(path.join(directory, '.git'))) {
		const { code, output } = await execute('git', ['rev-parse', 'HEAD'], { seconds: 30, directory });
		if (code === 0) return output.trim();
	}
	if (listed === undefined) return undefined;
	const list: readonly { readonly repo: string; readonly commit: string }[] = JSON.parse(readFileSync(listed, 'utf8'));
	return list.find(({ repo }) => repo === name)?.commit;
}

/** A copy without history, a temporary directory, for whatever is done to it. */
export function copyOf({ directory }: Repository): string {
	const copy = makeTemporary();
	cpSync(directory, copy, {
		recursive: true,
		verbatimSymlinks: true,
		filter: (source) => !['.git', 'node_modules'].includes(path.basename(source)),
	});
	return copy;
}
