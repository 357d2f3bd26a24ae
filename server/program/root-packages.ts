import { basename, dirname, isAbsolute, join } from '../workspace/paths.ts';
import type { ModuleSet } from './modules.ts';
import type { SourceCache } from './source-cache.ts';

/** A package that a command names. */
export interface RootPackage {
	readonly importPath: string;
	readonly directory: string;
	/** The file names, where the command names files. */
	readonly files: readonly string[] | undefined;
}

export interface RootPackages {
	readonly roots: readonly RootPackage[];
	/** Arguments for which there is no directory with Go files, where there must be one. */
	readonly missing: readonly string[];
}

/** A bound on what `./...` walks through. */
const MAX_DIRECTORIES = 50_000;

/** What the go command calls the package of files that are named one by one. */
export const COMMAND_LINE_ARGUMENTS = 'command-line-arguments';

/** Finds the packages that the arguments of a `go build` name, in the directory that it runs in. */
export async function findRootPackages(
	cache: SourceCache,
	modules: ModuleSet,
	directory: string,
	packages: readonly string[],
	signal?: AbortSignal,
): Promise<RootPackages> {
	const arguments_ = packages.length === 0 ? ['.'] : packages;
	if (arguments_.every((argument) => argument.endsWith('.go'))) return findFiles(cache, directory, arguments_);
	const roots = new Map<string, RootPackage>();
	const missing: string[] = [];
	const add = (found: string, importPath = modules.importPathOf(found)) => {
		if (!roots.has(importPath)) roots.set(importPath, { importPath, directory: found, files: undefined });
	};
	for (const argument of arguments_) {
		if (argument.includes('...')) {
			for (const found of await findPattern(cache, modules, directory, argument, signal)) add(found);
		} else if (isPath(argument)) {
			const found = join(directory, argument);
			if ((await cache.directory(found))?.hasGoFiles && (await isInModules(modules, found))) add(found);
			else missing.push(argument);
		} else {
			const place = await modules.find(argument, directory);
			if (place.directory === undefined) missing.push(argument);
			else add(place.directory, argument);
		}
	}
	return { roots: [...roots.values()], missing };
}

/** Whether the directory belongs to a module of the build and not to one nested in it, which the go command refuses. */
async function isInModules(modules: ModuleSet, directory: string): Promise<boolean> {
	return modules.module === undefined || (await modules.find(modules.importPathOf(directory), directory)).directory === directory;
}

/** Whether the argument names a directory and not an import path. */
function isPath(argument: string): boolean {
	return argument === '.' || argument === '..' || argument.startsWith('./') || argument.startsWith('../') || isAbsolute(argument);
}

async function findFiles(cache: SourceCache, directory: string, names: readonly string[]): Promise<RootPackages> {
	const paths = names.map((name) => join(directory, name));
	const found = await Promise.all(paths.map((path) => cache.file(path)));
	const missing = names.filter((_, index) => found[index] === undefined);
	const [first] = paths;
	// The go command wants all of them in one directory, and takes none where one is absent.
	if (first === undefined || missing.length > 0 || paths.some((path) => dirname(path) !== dirname(first))) return { roots: [], missing };
	return { roots: [{ importPath: COMMAND_LINE_ARGUMENTS, directory: dirname(first), files: paths.map(basename) }], missing };
}

async function findPattern(
	cache: SourceCache,
	modules: ModuleSet,
	directory: string,
	pattern: string,
	signal: AbortSignal | undefined,
): Promise<readonly string[]> {
	const fixed = pattern.slice(0, pattern.indexOf('...'));
	const base = fixed.slice(0, fixed.lastIndexOf('/') + 1);
	const matches = patternMatcher(isPath(base) || base === '' ? join(directory, base, pattern.slice(base.length)) : pattern);
	const found: string[] = [];
	if (isPath(base)) {
		const start = join(directory, base);
		await walk(cache, start, signal, (path, hasGoFiles) => {
			if (hasGoFiles && matches(path)) found.push(path);
		});
		return found;
	}
	for (const main of modules.mainDirectories) {
		await walk(cache, main, signal, (path, hasGoFiles) => {
			if (hasGoFiles && matches(modules.importPathOf(path))) found.push(path);
		});
	}
	return found;
}

/** `...` matches any text, nothing included, and `/...` at the end the directory itself too. */
function patternMatcher(pattern: string): (path: string) => boolean {
	const escaped = pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('\\.\\.\\.', '.*');
	const expression = new RegExp(`^${escaped.endsWith('/.*') ? `${escaped.slice(0, -3)}(?:/.*)?` : escaped}$`, 's');
	return (path) => expression.test(path);
}

/** Visits the directories that a `...` may match: not those of other modules, nor `vendor`, `testdata`, and names that begin with `_` or a dot. */
async function walk(
	cache: SourceCache,
	start: string,
	signal: AbortSignal | undefined,
	visit: (directory: string, hasGoFiles: boolean) => void,
): Promise<void> {
	const queue = [start];
	for (let at = 0; at < queue.length && at < MAX_DIRECTORIES; at++) {
		signal?.throwIfAborted();
		const directory = queue[at] as string;
		const content = await cache.directory(directory);
		if (content === undefined || (content.hasGoMod && directory !== start)) continue;
		visit(directory, content.hasGoFiles);
		for (const name of content.directories) {
			if (name === 'vendor' || name === 'testdata' || name.startsWith('_') || name.startsWith('.')) continue;
			queue.push(`${directory}/${name}`);
		}
	}
}

/** The name of the binary that `go build` writes where there is no `-o`. */
export function binaryNameOf(root: RootPackage, inModule: boolean): string {
	if (root.files !== undefined) return basename(root.files[0] ?? '').replace(/\.go$/, '');
	return binaryNameOfPath(root.importPath, inModule);
}

/** The last name of the import path, or in a module the one before a major version. */
export function binaryNameOfPath(importPath: string, inModule: boolean): string {
	const last = basename(importPath);
	return inModule && /^v(?:[2-9]|[1-9]\d+)$/.test(last) && importPath.includes('/') ? basename(dirname(importPath)) : last;
}
