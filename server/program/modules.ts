import { SINCE_GO } from '../knowledge/go-releases.ts';
import { type Eventually, then } from '../text/eventually.ts';
import { ancestors, dirname, isWithin, join, relativeWithin } from '../workspace/paths.ts';
import { goMinorOf, isDirectoryTarget, parseGoMod } from './go-mod.ts';
import { parseGoWork } from './go-work.ts';
import type { GoInstallation } from './installation.ts';
import type { GoModule, ModuleFile, Replacement, WorkFile } from './model.ts';
import { parseModulesTxt, type VendoredModules } from './modules-txt.ts';
import type { SourceCache } from './source-cache.ts';
import { compareVersions } from './versions.ts';

/** Where a package lies. */
export interface PackagePlace {
	/** `undefined` where it is not on disk. */
	readonly directory: string | undefined;
	/** Whether it belongs to a module of the workspace, or to a directory that replaces one. */
	readonly own: boolean;
	/** The module, with its version where it has one; `undefined` where no module is known to hold the package. */
	readonly module: string | undefined;
}

/** The modules that a build run in one directory chooses from. */
export interface ModuleSet {
	/** The module of the directory itself; `undefined` in a tree without go.mod, and beside the modules of a go.work. */
	readonly module: GoModule | undefined;
	/** The directories of the modules of the workspace. */
	readonly mainDirectories: readonly string[];
	/** Whether packages come from a vendor directory. */
	readonly vendored: boolean;
	/** Finds a package that is not of the standard library; `from` is the directory of the package that imports it. */
	find(importPath: string, from: string): Eventually<PackagePlace>;
	/** The module of the workspace that holds the directory; `undefined` in a tree without go.mod. */
	moduleOf(directory: string): GoModule | undefined;
	/** The import path of a directory of the workspace. */
	importPathOf(directory: string): string;
}

/** The go.mod of a directory, read; `undefined` where there is none. It is the same object for as long as nothing changes. */
export async function readModule(cache: SourceCache, directory: string): Promise<GoModule | undefined> {
	return cache.derived(directory, 'module', async () => {
		const file = await cache.parsed(join(directory, 'go.mod'), 'go.mod', parseGoMod);
		if (file === undefined) return undefined;
		const hasGoSum = (await cache.directory(directory))?.hasGoSum === true;
		const vendored = (await readVendored(cache, directory)) !== undefined;
		return { directory, file, hasGoSum, vendored };
	});
}

/**
 * Finds out which modules a build in `directory` sees, without running Go: go.mod and go.work above it, vendoring, replacements,
 * and for go.mod files older than Go 1.17, which do not list every module, those that the module cache tells of.
 *
 * @param mod the value of `-mod`, where given
 * @param root the workspace directory, where a tree without go.mod begins
 * @param withoutWork whether a go.work is left aside, as GOWORK=off says
 */
export async function readModuleSet(
	cache: SourceCache,
	installation: GoInstallation,
	directory: string,
	mod: string | undefined,
	root: string,
	withoutWork = false,
): Promise<ModuleSet> {
	const moduleDirectory = await findAbove(directory, async (candidate) => (await cache.directory(candidate))?.hasGoMod === true);
	const module = moduleDirectory === undefined ? undefined : await readModule(cache, moduleDirectory);
	const work = withoutWork ? undefined : await findWork(cache, directory, module);
	const mains = work?.modules ?? (module === undefined ? [] : [module]);
	const [first] = mains;
	if (first === undefined) return createTreeSet(cache, installation, directory, root);

	const vendor = await findVendor(cache, module ?? first, work, mod);
	const replacements = [...(work?.file.replace ?? []).map((item) => ({ item, directory: work?.directory ?? '' }))];
	for (const main of mains) for (const item of main.file.replace) replacements.push({ item, directory: main.directory });
	const builds = vendor === undefined ? await selectVersions(cache, installation, mains, replacements) : new Map<string, LocatedModule>();
	return createModuleSet(cache, module, mains, builds, vendor);
}

interface Work {
	readonly directory: string;
	readonly file: WorkFile;
	readonly modules: readonly GoModule[];
}

/** The go.work in force in a directory of the module: one that does not use the module makes the go command refuse, and is passed over. */
async function findWork(cache: SourceCache, from: string, module: GoModule | undefined): Promise<Work | undefined> {
	const read = (directory: string) => cache.parsed(join(directory, 'go.work'), 'go.work', parseGoWork);
	const directory = await findAbove(module?.directory ?? from, async (candidate) => (await read(candidate)) !== undefined);
	if (directory === undefined) return undefined;
	const file = await read(directory);
	if (file === undefined) return undefined;
	const modules: GoModule[] = [];
	for (const use of file.use) {
		const used = join(directory, use.value);
		const usedModule = used === module?.directory ? module : await readModule(cache, used);
		if (usedModule !== undefined && !modules.some((known) => known.directory === used)) modules.push(usedModule);
	}
	return module === undefined || modules.includes(module) ? { directory, file, modules } : undefined;
}

interface Vendor {
	readonly directory: string;
	readonly list: VendoredModules | undefined;
}

function readVendored(cache: SourceCache, directory: string): Eventually<VendoredModules | undefined> {
	return cache.parsed(join(directory, 'vendor/modules.txt'), 'modules.txt', parseModulesTxt);
}

/** The vendor directory in force: with `-mod=vendor`, or by itself from `go 1.14` on, if it was made in the same mode. */
async function findVendor(
	cache: SourceCache,
	module: GoModule,
	work: Work | undefined,
	mod: string | undefined,
): Promise<Vendor | undefined> {
	if (mod !== undefined && mod !== 'vendor') return undefined;
	const holder = work?.directory ?? module.directory;
	const directory = join(holder, 'vendor');
	const list = await readVendored(cache, holder);
	if (mod === 'vendor') return { directory, list };
	if (list === undefined || list.workspace !== (work !== undefined)) return undefined;
	const go = (work ?? module).file.go;
	return go !== undefined && goMinorOf(go) >= 14 ? { directory, list } : undefined;
}

/** The nearest directory, from `directory` upwards, that passes. */
async function findAbove(directory: string, passes: (candidate: string) => Promise<boolean>): Promise<string | undefined> {
	for (const candidate of ancestors(directory)) {
		if (await passes(candidate)) return candidate;
	}
	return undefined;
}

/** A module of the build, with the places where its files may be. */
interface LocatedModule {
	readonly path: string;
	readonly version: string;
	/** The directory that replaces it, or its directories in the module caches. */
	readonly directories: readonly string[];
	/** Whether a directory replaces it; nested modules are then in the way, and the files may change. */
	readonly local: boolean;
}

interface LocatedReplacement {
	readonly item: Replacement;
	/** That of the file which holds it. */
	readonly directory: string;
}

/** The path that stands for a module whose go.mod does not tell its own. */
const NAMELESS = 'command-line-arguments';

/** A guard against a hostile module cache; the largest real programs select some 2,000 modules. */
const MAX_MODULES = 20_000;

/**
 * Selects the versions of the modules, by module path.
 *
 * From `go 1.17` on a go.mod lists every module that its packages need, so that one main module needs no other file. Otherwise
 * the highest version that any of the modules asks for is taken, as far as their go.mod files can be read: those of older
 * modules with all that follows from them, those of newer ones alone.
 */
async function selectVersions(
	cache: SourceCache,
	installation: GoInstallation,
	mains: readonly GoModule[],
	replacements: readonly LocatedReplacement[],
): Promise<ReadonlyMap<string, LocatedModule>> {
	// A requirement of an excluded version counts for nothing, whichever module makes it.
	const excluded = new Set(mains.flatMap((main) => main.file.exclude.map(({ path, version }) => `${path}@${version}`)));
	const mainPaths = new Set(mains.map((main) => main.file.path));
	const selected = new Map<string, string>();
	const unpruned = mains.some((main) => goMinorOf(main.file.go) < SINCE_GO.indirectRequirements);
	const readOthers = unpruned || mains.length > 1;
	const seen = new Set<string>();
	let level = mains.flatMap((main) => main.file.require);
	for (let depth = 0; level.length > 0; depth++) {
		const fresh: LocatedModule[] = [];
		for (const { path, version } of level) {
			if (mainPaths.has(path) || excluded.has(`${path}@${version}`)) continue;
			const known = selected.get(path);
			if (known === undefined || compareVersions(known, version) < 0) selected.set(path, version);
			if (!readOthers || seen.has(`${path}@${version}`) || seen.size >= MAX_MODULES) continue;
			seen.add(`${path}@${version}`);
			fresh.push(locate(installation, path, version, replacements));
		}
		const files = await Promise.all(fresh.map((module) => readRequirements(cache, installation, module)));
		level = [];
		for (const file of files) {
			if (file === undefined) continue;
			// A pruned module below another pruned one is listed where it matters.
			if (unpruned || depth === 0 || goMinorOf(file.go) < SINCE_GO.indirectRequirements) level.push(...file.require);
		}
	}
	const modules = new Map<string, LocatedModule>();
	for (const [path, version] of selected) modules.set(path, locate(installation, path, version, replacements));
	return modules;
}

function locate(installation: GoInstallation, path: string, version: string, replacements: readonly LocatedReplacement[]): LocatedModule {
	const matching = replacements.filter(({ item }) => item.path === path);
	const replacement = matching.find(({ item }) => item.version === version) ?? matching.find(({ item }) => item.version === '');
	if (replacement === undefined) return { path, version, directories: cacheDirectories(installation, path, version), local: false };
	const { target, targetVersion } = replacement.item;
	if (isDirectoryTarget(target)) {
		const directory = target.replaceAll('\\', '/');
		return { path, version: '', directories: [join(replacement.directory, directory)], local: true };
	}
	return { path, version: targetVersion, directories: cacheDirectories(installation, target, targetVersion), local: false };
}

function cacheDirectories(installation: GoInstallation, path: string, version: string): readonly string[] {
	return installation.moduleCaches.map((moduleCache) => `${moduleCache}/${escapeCapitals(path)}@${escapeCapitals(version)}`);
}

/** The module cache writes capitals as `!` and the small letter, for file systems that do not tell them apart. */
function escapeCapitals(text: string): string {
	return text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** The go.mod of another module: that of its directory, or the copy that the module cache keeps even of modules not downloaded. */
async function readRequirements(cache: SourceCache, installation: GoInstallation, module: LocatedModule): Promise<ModuleFile | undefined> {
	const paths = module.local
		? module.directories.map((directory) => join(directory, 'go.mod'))
		: module.directories.map((directory, index) => {
				const moduleCache = installation.moduleCaches[index] ?? '';
				const escaped = directory.slice(moduleCache.length + 1);
				const at = escaped.lastIndexOf('@');
				return `${moduleCache}/cache/download/${escaped.slice(0, at)}/@v/${escaped.slice(at + 1)}.mod`;
			});
	for (const path of paths) {
		const file = await cache.parsed(path, 'go.mod', parseGoMod);
		if (file !== undefined) return file;
	}
	return undefined;
}

function createModuleSet(
	cache: SourceCache,
	module: GoModule | undefined,
	mains: readonly GoModule[],
	builds: ReadonlyMap<string, LocatedModule>,
	vendor: Vendor | undefined,
): ModuleSet {
	const local = new Map<string, LocatedModule>();
	for (const main of mains) {
		const path = main.file.path ?? NAMELESS;
		local.set(path, { path, version: '', directories: [main.directory], local: true });
	}
	// What lies in a module cache or a vendor directory stays there, so that it is looked for once.
	const settled = new Map<string, PackagePlace>();
	const byDepth = [...mains].sort((a, b) => b.directory.length - a.directory.length);

	/** Looks into one module for the package; `null` where none of the module's directories is on disk. */
	function lookIn(found: LocatedModule, importPath: string): Eventually<string | undefined | null> {
		const rest = importPath.slice(found.path.length);
		const tryFrom = (index: number): Eventually<string | undefined | null> => {
			const root = found.directories[index];
			if (root === undefined) return null;
			return then(cache.directory(root), (there) => {
				if (there === undefined) return tryFrom(index + 1);
				const directory = `${root}${rest}`;
				return then(cache.directory(directory), (content) => {
					if (!content?.hasGoFiles) return undefined;
					return found.local && rest !== ''
						? then(isModuleBetween(cache, root, directory), (is) => (is ? undefined : directory))
						: directory;
				});
			});
		};
		return tryFrom(0);
	}

	/** Tries every module whose path the import path begins with, the longest first. */
	function search(importPath: string, prefix: string, absent: string | undefined): Eventually<PackagePlace> {
		if (prefix === '') return { directory: undefined, own: false, module: absent };
		const shorter = prefix.slice(0, Math.max(prefix.lastIndexOf('/'), 0));
		const found = local.get(prefix) ?? (vendor === undefined ? builds.get(prefix) : undefined);
		if (found === undefined) return search(importPath, shorter, absent);
		const name = found.version === '' ? found.path : `${found.path}@${found.version}`;
		return then(lookIn(found, importPath), (directory) => {
			if (typeof directory === 'string') return { directory, own: found.local, module: name };
			return search(importPath, shorter, directory === null ? (absent ?? name) : absent);
		});
	}

	function findVendored(vendored: Vendor, importPath: string): Eventually<PackagePlace> {
		const directory = `${vendored.directory}/${importPath}`;
		const name = vendored.list?.packages.get(importPath);
		return then(cache.directory(directory), (content) => ({
			directory: content?.hasGoFiles ? directory : undefined,
			own: false,
			module: name,
		}));
	}

	return {
		module,
		mainDirectories: mains.map((main) => main.directory),
		vendored: vendor !== undefined,
		find(importPath) {
			const known = settled.get(importPath);
			if (known !== undefined) return known;
			const own = search(importPath, importPath, undefined);
			const found = then(own, (place) =>
				place.directory === undefined && vendor !== undefined ? findVendored(vendor, importPath) : place,
			);
			return then(found, (place) => {
				if (place.directory !== undefined && !place.own) settled.set(importPath, place);
				return place;
			});
		},
		moduleOf: (directory) => byDepth.find((candidate) => isWithin(candidate.directory, directory)),
		importPathOf(directory) {
			const main = byDepth.find((candidate) => isWithin(candidate.directory, directory)) ?? module;
			if (main === undefined) return directory;
			const rest = relativeWithin(main.directory, directory) ?? directory;
			const path = main.file.path ?? NAMELESS;
			return rest === '.' ? path : `${path}/${rest}`;
		},
	};
}

/** Whether a go.mod between the module's directory and that of the package gives the package to another module. */
function isModuleBetween(cache: SourceCache, root: string, directory: string): Eventually<boolean> {
	if (directory === root || directory.length <= root.length) return false;
	return then(cache.directory(directory), (content) => content?.hasGoMod === true || isModuleBetween(cache, root, dirname(directory)));
}

/** Packages of a tree from before modules: vendor directories above the importing package, then GOPATH. */
function createTreeSet(cache: SourceCache, installation: GoInstallation, directory: string, root: string): ModuleSet {
	const sources = installation.gopath.map((path) => join(path, 'src'));
	const source = sources.find((path) => isWithin(path, directory));
	const top = source ?? root;
	const rootName = root.slice(root.lastIndexOf('/') + 1);

	/** A tree that was checked out elsewhere still goes by the name of its repository in its own imports. */
	function inRoot(importPath: string): string | undefined {
		if (source !== undefined) return undefined;
		const names = importPath.split('/');
		return names[0]?.includes('.') && names[2] === rootName ? join(root, ...names.slice(3)) : undefined;
	}

	const ifPackage = (candidate: string): Eventually<string | undefined> =>
		then(cache.directory(candidate), (content) => (content?.hasGoFiles ? candidate : undefined));

	function firstOf(candidates: readonly string[], index = 0): Eventually<string | undefined> {
		const candidate = candidates[index];
		return candidate === undefined ? undefined : then(ifPackage(candidate), (found) => found ?? firstOf(candidates, index + 1));
	}

	return {
		module: undefined,
		mainDirectories: [root],
		vendored: true,
		find(importPath, from) {
			const candidates: string[] = [];
			for (const above of ancestors(from)) {
				if (!isWithin(top, above)) break;
				candidates.push(`${above}/vendor/${importPath}`);
			}
			const rooted = inRoot(importPath);
			if (rooted !== undefined) candidates.push(rooted);
			for (const path of sources) candidates.push(`${path}/${importPath}`);
			return then(firstOf(candidates), (found) => ({
				directory: found,
				own: found !== undefined && isWithin(root, found) && !found.includes('/vendor/'),
				module: undefined,
			}));
		},
		moduleOf: () => undefined,
		importPathOf(path) {
			const rest = relativeWithin(top, path) ?? path;
			return rest === '.' ? rootName : rest;
		},
	};
}
