import { basename, dirname, isWithin, join } from '../../workspace/paths.ts';
import type { LiteralSources } from './context-sources.ts';

/** A build context that lacks some of what the Dockerfile copies from it. */
export interface IncompleteContext {
	readonly directory: string;
	/** The sources that are not there: a person's own settings, what is made before the build, or a name written wrongly. */
	readonly missing: readonly string[];
}

/** What is asked of the workspace. */
export interface Workspace {
	exists(path: string): Promise<boolean>;
	readText(path: string): Promise<string | undefined>;
}

/**
 * The directory that is the build context although a source is not there, which a fresh clone often lacks: a file that Git ignores, or
 * the pages of a frontend.
 *
 * It is as good as certain only where one directory alone holds the module and all that the Go build wants, and nothing speaks for
 * another one: a Dockerfile whose context is further up, or is put together elsewhere, copies much that is not in its own directory.
 *
 * @param candidates The directories from the Dockerfile's upward.
 */
export async function findIncompleteContext(
	workspace: Workspace,
	candidates: readonly string[],
	sources: LiteralSources,
): Promise<IncompleteContext | undefined> {
	if (!sources.worksWithGo) return undefined;
	const fitting: IncompleteContext[] = [];
	for (const directory of candidates) {
		const missing = await missingFrom(workspace, directory, sources);
		if (missing !== undefined) fitting.push({ directory, missing });
	}
	const [found, ...others] = fitting;
	if (found === undefined || others.length > 0) return undefined;
	const { directory, missing } = found;
	const held = sources.paths.length - missing.length;
	// A build that copies much of what is not there is made for another directory.
	if (missing.length > Math.max(1, held)) return undefined;
	// Where no name bears a directory out, there must be no choice.
	if (held === 0 && candidates.length > 1) return undefined;
	for (const path of missing) {
		if (await isElsewhere(workspace, directory, candidates, path)) return undefined;
	}
	return found;
}

/** The sources that the directory lacks; `undefined` where it lacks the module, or what the Go build wants. */
async function missingFrom(workspace: Workspace, directory: string, sources: LiteralSources): Promise<string[] | undefined> {
	const missing: string[] = [];
	for (const path of sources.paths) {
		if (await workspace.exists(join(directory, path))) continue;
		if (!sources.dispensable.has(path)) return undefined;
		missing.push(path);
	}
	for (const path of sources.sums) if (!(await workspace.exists(join(directory, path)))) return undefined;
	const modules = sources.paths.filter((path) => /^go\.(?:mod|work)$/.test(basename(path)));
	if (sources.all) for (const name of ['go.mod', 'go.work']) if (await workspace.exists(join(directory, name))) modules.push(name);
	if (modules.length === 0) return undefined;
	for (const path of modules) if (await leaves(workspace, directory, join(directory, path))) return undefined;
	return missing;
}

/** Whether a go.mod or go.work names a module outside the directory, without which nothing is built: then the context is further up. */
async function leaves(workspace: Workspace, directory: string, path: string): Promise<boolean> {
	const text = (await workspace.readText(path)) ?? '';
	return [...text.matchAll(/(?:^|[\s"`])(\.\.(?:\/[^\s"`)]*)?)(?=[\s"`)]|$)/gm)].some(
		([, local = '']) => !isWithin(directory, join(dirname(path), local)),
	);
}

/**
 * Whether the workspace shows what the source may be instead: it, or the directory that it lies in, is in another candidate, or the
 * directory has it under a shorter path, as one has that lies below the context.
 */
async function isElsewhere(workspace: Workspace, directory: string, candidates: readonly string[], path: string): Promise<boolean> {
	const names = path.split('/');
	const [first = ''] = names;
	const below = await workspace.exists(join(directory, first));
	for (const other of candidates) {
		if (other !== directory && (await workspace.exists(join(other, below ? path : first)))) return true;
	}
	if (candidates.some((other) => basename(other) === first)) return true;
	for (let index = 1; index < names.length; index++) {
		if (await workspace.exists(join(directory, ...names.slice(index)))) return true;
	}
	return false;
}
