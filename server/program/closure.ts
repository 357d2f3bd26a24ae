import { all, type Eventually, then } from '../text/eventually.ts';
import { join } from '../workspace/paths.ts';
import type { BuildTarget } from './constraints.ts';
import type { ModuleSet, PackagePlace } from './modules.ts';
import type { Closure, GoPackage } from './package.ts';
import { type PackageFiles, readPackageFiles } from './read-package.ts';
import type { RootPackage } from './root-packages.ts';
import type { SourceCache, TextStore } from './source-cache.ts';
import { isStandardName, isStandardPackage, standardClosure } from './standard-library.ts';

export interface ClosureRequest {
	readonly modules: ModuleSet;
	readonly roots: readonly RootPackage[];
	/** One, or several where it is not known which of them is built for. */
	readonly targets: readonly BuildTarget[];
	/** Where given, standard packages are read from this GOROOT; else the table speaks for them. */
	readonly goroot: string | undefined;
	/** Where the texts of files go that are read on the way. */
	readonly texts?: TextStore;
}

/** A closure with what only this side of the product asks of it. */
export interface ReadClosure extends Closure {
	/** What each non-standard package's directory holds for a build with cgo and one without. */
	readonly packageFiles: ReadonlyMap<string, PackageFiles>;
	/** The modules outside the workspace that packages come from. */
	readonly modules: ReadonlySet<string>;
	/** Standard packages that are imported by others than standard ones. */
	readonly directlyStandard: ReadonlySet<string>;
}

/** No real program comes near it: the largest have some 3,000 packages. */
const MAX_PACKAGES = 50_000;

/** How many packages are read at once; each reads all its files at once, so that this bounds what is asked of a slow file system. */
const PACKAGES_AT_ONCE = 64;

/**
 * Follows the imports of the root packages through everything on disk, level by level, so that the order in which packages are
 * found is always the same. Cycles, absent packages and broken files end a path and nothing else.
 * @throws the signal's reason where it is aborted
 *
 * Long because its functions share what one walk has found.
 */
export async function readClosure(cache: SourceCache, request: ClosureRequest, signal?: AbortSignal): Promise<ReadClosure> {
	const packages = new Map<string, GoPackage>();
	const packageFiles = new Map<string, PackageFiles>();
	const unread = new Map<string, string | undefined>();
	const modules = new Set<string>();
	const directlyStandard = new Set<string>();
	const seen = new Set<string>();
	const targetKey = JSON.stringify(request.targets.map((target) => ({ ...target, tags: [...target.tags].sort() })));

	type Arrival = {
		readonly importPath: string;
		readonly place: PackagePlace;
		readonly standard: boolean;
		readonly files: PackageFiles | undefined;
	};

	function arrive(importPath: string, place: PackagePlace, standard: boolean, named?: readonly string[]): Eventually<Arrival> {
		const { directory } = place;
		if (directory === undefined) return { importPath, place, standard, files: undefined };
		const read = () => readPackageFiles(cache, directory, request.targets, named, request.texts);
		const found = named === undefined ? cache.derived(directory, targetKey, read) : read();
		return then(found, (files) => ({ importPath, place, standard, files }));
	}

	function follow(importPath: string, from: GoPackage): Eventually<Arrival> | undefined {
		const standard = standardPlace(importPath, from);
		if (standard !== undefined) {
			return then(standard, (place) => (place === undefined ? findOther(importPath, from) : arrive(place.importPath, place.place, true)));
		}
		return isStandardPackage(importPath) ? undefined : findOther(importPath, from);
	}

	function findOther(importPath: string, from: GoPackage): Eventually<Arrival> {
		return then(request.modules.find(importPath, from.directory), (place) => arrive(importPath, place, false));
	}

	/** Where the package lies in the GOROOT, if one is read; a standard package's foreign imports come from the library's own vendor directory. */
	function standardPlace(
		importPath: string,
		from: GoPackage,
	): Eventually<{ readonly importPath: string; readonly place: PackagePlace } | undefined> | undefined {
		const { goroot } = request;
		if (goroot === undefined) return undefined;
		const foreign = importPath.slice(0, importPath.indexOf('/')).includes('.');
		if (foreign && !from.standard) return undefined;
		const path = foreign ? `vendor/${importPath}` : importPath;
		const directory = join(goroot, 'src', path);
		return then(cache.directory(directory), (found) =>
			found?.hasGoFiles ? { importPath: path, place: { directory, own: false, module: undefined } } : undefined,
		);
	}

	function add({ importPath, place, standard, files }: Arrival): GoPackage | undefined {
		if (packages.has(importPath)) return undefined;
		if (place.directory === undefined || files === undefined) {
			// No module may have such a path, so that it is of a newer library than the table knows.
			if (place.module === undefined && isStandardName(importPath)) directlyStandard.add(importPath);
			else unread.set(importPath, place.module);
			return undefined;
		}
		if (!standard && !place.own && place.module !== undefined) modules.add(place.module);
		if (!standard) packageFiles.set(importPath, files);
		const found = packageOf(importPath, place.directory, place.own, standard, files);
		packages.set(importPath, found);
		return found;
	}

	const roots: string[] = [];
	let level: GoPackage[] = [];
	for (const root of request.roots) {
		const standard = request.goroot !== undefined && root.directory.startsWith(`${request.goroot}/`);
		const place = { directory: root.directory, own: !standard, module: undefined };
		const found = add(await arrive(root.importPath, place, standard, root.files));
		seen.add(root.importPath);
		if (found === undefined) continue;
		roots.push(root.importPath);
		level.push(found);
	}

	while (level.length > 0 && packages.size < MAX_PACKAGES) {
		const wanted: [importPath: string, from: GoPackage][] = [];
		for (const from of level) {
			for (const importPath of from.imports) {
				// Within the standard library the same path may mean its own vendored copy.
				const key = from.standard && importPath.includes('.') ? `vendor/${importPath}` : importPath;
				if (seen.has(key)) {
					if (!from.standard && request.goroot !== undefined && isStandardPackage(importPath)) directlyStandard.add(importPath);
					continue;
				}
				seen.add(key);
				if (!from.standard && isStandardPackage(importPath)) directlyStandard.add(importPath);
				wanted.push([importPath, from]);
			}
		}
		level = [];
		for (let start = 0; start < wanted.length; start += PACKAGES_AT_ONCE) {
			signal?.throwIfAborted();
			const arrivals: Eventually<Arrival | undefined>[] = [];
			for (const [importPath, from] of wanted.slice(start, start + PACKAGES_AT_ONCE)) {
				const turn = cache.pause?.();
				if (turn !== undefined) await turn;
				arrivals.push(follow(importPath, from) as Eventually<Arrival | undefined>);
			}
			for (const arrival of await all(arrivals)) {
				const found = arrival && add(arrival);
				if (found !== undefined) level.push(found);
			}
		}
	}

	const usesCgo = [...packageFiles.values()].some((files) => files.usesCgo);
	const implied = usesCgo ? ['runtime', 'runtime/cgo', 'syscall', 'unsafe'] : ['runtime'];
	// The one tag by which a program makes the standard library import more of itself.
	if (request.targets[0]?.tags.has('timetzdata')) implied.push('time/tzdata');
	const standard = standardClosure([...directlyStandard, ...implied], request.targets[0]?.cgo ?? true);
	for (const found of packages.values()) if (found.standard) standard.add(found.importPath);
	return { packages, roots, unread, standard, packageFiles, modules, directlyStandard };
}

/** The package of the same files is the same object, by which others keep what they know of it. */
const known = new WeakMap<PackageFiles, GoPackage>();

function packageOf(importPath: string, directory: string, own: boolean, standard: boolean, files: PackageFiles): GoPackage {
	const before = known.get(files);
	if (before !== undefined && before.importPath === importPath && before.own === own && before.standard === standard) return before;
	const found = { importPath, name: files.name, directory, standard, own, files: files.files, imports: files.imports };
	known.set(files, found);
	return found;
}

/**
 * The shortest import chains from the roots of a closure.
 * @returns a function from an import path to its chain, both ends included; the path alone where no root reaches it
 */
export function importChains(closure: Closure): (importPath: string) => readonly string[] {
	const importers = new Map<string, string | undefined>(closure.roots.map((root) => [root, undefined]));
	// A map goes through what is added while it is gone through, so that this is a breadth-first search.
	const queue = importers.keys();
	return (importPath) => {
		// What is asked about is mostly near the roots, and the search goes no further than that.
		while (!importers.has(importPath)) {
			const next = queue.next();
			if (next.done) break;
			for (const imported of closure.packages.get(next.value)?.imports ?? [])
				if (!importers.has(imported)) importers.set(imported, next.value);
		}
		const chain = [importPath];
		for (let above = importers.get(importPath); above !== undefined; above = importers.get(above)) chain.unshift(above);
		return chain;
	};
}
