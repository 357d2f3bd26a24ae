import { resolve } from 'node:path';
import type { Analyser } from '../lint/analyse.ts';
import { findRoot } from '../lint/root.ts';
import type { Files } from '../workspace/files.ts';
import { basename, dirname, isWithin } from '../workspace/paths.ts';
import { directoriesAmong } from './directories.ts';
import type { DockerfileToCheck } from './dockerfiles.ts';
import { gitIgnoreOf } from './git-ignore.ts';

/** A file that starts images of the workspace, to look at with the Dockerfiles. */
export interface DeploymentToCheck {
	readonly path: string;
	readonly root: string;
}

/**
 * The deployments below the directories that are searched, in the workspaces of the Dockerfiles found there; where there is none, those in
 * which a Dockerfile stands. What Git leaves out is left out.
 */
export async function findDeployments(
	paths: readonly string[],
	dockerfiles: readonly DockerfileToCheck[],
	analyser: Pick<Analyser, 'deploymentsIn'>,
	files: Files,
): Promise<DeploymentToCheck[]> {
	const searched = directoriesAmong(paths);
	const found = new Map<string, DeploymentToCheck>();
	const ofDockerfiles = dockerfiles.filter(({ named }) => !named).map(({ root }) => root);
	const others = dockerfiles.length > 0 ? [] : await Promise.all(searched.map((directory) => findRoot(files, directory, directory)));
	const roots = new Set([...ofDockerfiles, ...others]);
	for (const root of roots) {
		for (const path of await analyser.deploymentsIn(root)) {
			const top = searched.find((directory) => isWithin(directory, path));
			if (top === undefined || found.has(path) || (await isLeftOut(path, top))) continue;
			const counts = dockerfiles.length > 0 || (await files.readText(path))?.includes('dockerfile_inline') === true;
			if (counts) found.set(path, { path, root });
		}
	}
	return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** @param top Where there is no repository, the highest directory whose .gitignore counts. */
async function isLeftOut(path: string, top: string): Promise<boolean> {
	const directory = resolve(dirname(path));
	const outer = await gitIgnoreOf(directory, resolve(top));
	if (directory !== resolve(top) && outer.ignores(directory, true)) return true;
	const ignored = await outer.within(directory, ['.gitignore', '.git']);
	return ignored.ignores(resolve(directory, basename(path)), false);
}
