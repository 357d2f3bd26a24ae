import { lstatSync, realpathSync } from 'node:fs';
import { findRoot } from '../lint/root.ts';
import type { Files } from '../workspace/files.ts';
import { pathFromNative } from '../workspace/node-files.ts';
import { basename, dirname, isWithin, join, relativeWithin } from '../workspace/paths.ts';
import { workingDirectory } from './working-directory.ts';

/** Where files really are: what the system opens for a path, without links. */

/** The path without links. What does not exist is where its directory really is. */
export function realPath(path: string): string {
	try {
		return pathFromNative(realpathSync(path));
	} catch {
		const directory = dirname(path);
		return directory === path ? path : join(realPath(directory), basename(path));
	}
}

/**
 * The file that is read and written for a Dockerfile, where a link to it leaves what was named.
 *
 * @param root The workspace of the Dockerfile: what is meant where the Dockerfile itself was named.
 * @param named The directories that were named, from the root of the file system.
 */
export function targetOutside(path: string, root: string, named: readonly string[]): string | undefined {
	if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return undefined;
	const target = realPath(path);
	const trees = named.some((directory) => isWithin(directory, path)) ? named : [...named, root];
	return trees.some((tree) => isWithin(realPath(tree), target)) ? undefined : target;
}

/** The path from the base, also where one of them is reached through links and the other is not; the path itself outside of it. */
export function pathFrom(base: string, path: string): string {
	const directory = pathFromNative(base);
	const found = relativeWithin(directory, path);
	return found ?? relativeWithin(realPath(directory), join(realPath(dirname(path)), basename(path))) ?? path;
}

/** How a patch names a file. */
export interface PatchName {
	/** From `directory`. */
	readonly name: string;
	/** Where the patch is to be applied. */
	readonly directory: string;
	/** Whether `git apply` changes the file from the current directory. */
	readonly fromHere: boolean;
}

/**
 * How `git apply` finds a file: within a repository, names with a header of Git start from its root, wherever it is called; it leaves
 * alone what does not lie below the directory in which it is called. Elsewhere names start from that directory.
 */
export async function patchName(path: string, files: Files): Promise<PatchName> {
	const real = realPath(path);
	const native = workingDirectory();
	const here = native === undefined ? undefined : realPath(pathFromNative(native));
	// Where Git is not above it, the root is the directory itself.
	const own = here === undefined ? undefined : await findRoot(files, here, here);
	if (here !== undefined && own !== undefined) {
		const name = relativeWithin(own, real);
		if (name !== undefined) return { name, directory: own, fromHere: isWithin(here, real) };
	}
	const directory = await findRoot(files, dirname(real));
	return { name: relativeWithin(directory, real) ?? basename(real), directory, fromHere: false };
}
