import type { Files } from '../workspace/files.ts';
import { ancestors, join } from '../workspace/paths.ts';

/**
 * The directory that counts as the workspace of what lies in `directory` where no editor names one: the nearest directory from
 * there upward that Git calls its root, else `fallback`, else the nearest with a go.work, else with a go.mod, else `directory`.
 */
export async function findRoot(files: Files, directory: string, fallback?: string): Promise<string> {
	let work: string | undefined;
	let module: string | undefined;
	for (const at of ancestors(directory)) {
		// `.git` is a file in a worktree and in a submodule.
		if ((await files.status(join(at, '.git'))) !== undefined) return at;
		if (work === undefined && (await files.status(join(at, 'go.work'))) !== undefined) work = at;
		if (module === undefined && (await files.status(join(at, 'go.mod'))) !== undefined) module = at;
	}
	return fallback ?? work ?? module ?? directory;
}
