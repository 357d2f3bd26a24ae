import { access, constants, readdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { isDockerfilePath } from '../lint/dockerfile-names.ts';
import { findRoot } from '../lint/root.ts';
import type { Files } from '../workspace/files.ts';
import { pathFromNative } from '../workspace/node-files.ts';
import { dirname } from '../workspace/paths.ts';
import { UsageError } from './arguments.ts';

/** A Dockerfile to look at, and the directory that counts as its workspace. */
export interface DockerfileToCheck {
	readonly path: string;
	readonly root: string;
	/** Whether a person named the file itself, and so wants to hear where it cannot be read. */
	readonly named: boolean;
}

/** A first choice by name; `isDockerfilePath` has the last word. */
const NAMES = ['**/*{Docker,Container}file{,.*,-*}', '**/*.{docker,container}file'];

/** Directories that hold other people's Dockerfiles, if any. */
const IGNORED = ['**/node_modules/**', '**/.git/**', '**/vendor/**', '**/testdata/**'];

/**
 * The Dockerfiles that the paths name: files as they are, directories searched.
 *
 * @throws UsageError for a path that is absent or cannot be read.
 */
export async function findDockerfiles(paths: readonly string[], files: Files): Promise<DockerfileToCheck[]> {
	const found = new Map<string, DockerfileToCheck>();
	for (const path of paths) {
		const absolute = resolve(path);
		const directory = await isDirectory(path, absolute);
		const fallback = directory ? pathFromNative(absolute) : undefined;
		const candidates = directory ? await search(absolute) : [absolute];
		for (const candidate of candidates.map(pathFromNative)) {
			if (found.has(candidate)) continue;
			found.set(candidate, { path: candidate, root: await findRoot(files, dirname(candidate), fallback), named: !directory });
		}
	}
	return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether the path is a directory; what cannot be read is told here, where the reason is at hand. */
async function isDirectory(path: string, absolute: string): Promise<boolean> {
	try {
		const status = await stat(absolute);
		if (status.isDirectory()) await readdir(absolute);
		else await access(absolute, constants.R_OK);
		return status.isDirectory();
	} catch (error) {
		throw new UsageError(`${path} cannot be read: ${describe(error)}.`);
	}
}

async function search(directory: string): Promise<string[]> {
	const found = await glob(NAMES, {
		cwd: directory,
		absolute: true,
		dot: true,
		followSymbolicLinks: false,
		ignore: IGNORED,
		expandDirectories: false,
	});
	return found.filter((path) => isDockerfilePath(pathFromNative(path)));
}

function describe(error: unknown): string {
	const code = (error as NodeJS.ErrnoException).code;
	if (code === 'ENOENT') return 'there is no such file or directory';
	if (code === 'EACCES' || code === 'EPERM') return 'permission is denied';
	return error instanceof Error ? error.message : String(error);
}
