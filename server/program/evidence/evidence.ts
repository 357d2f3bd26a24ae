import { CALLED_BY_STANDARD } from '../../knowledge/go-evidence.ts';
import { knownPackageName } from '../../knowledge/import-paths.ts';
import type { Files } from '../../workspace/files.ts';
import { watchList } from '../kept/watch-list.ts';
import type { Closure, GoPackage, GoSourceFile } from '../package.ts';
import { conclude, type EvidenceResult } from './judge/conclusions.ts';
import { type Dependencies, describeDependencies, isSameList } from './reach/dependencies.ts';
import { addFile, askOf, createIndex, type DeclarationIndex, type IndexedFile, indexedFile, removeFile } from './reach/index.ts';
import { type KnownReach, reach } from './reach/reach.ts';
import { outlineFile } from './read/declarations.ts';
import { createNames, createSymbols, METHODS, type Names, nameOf, type Symbols, symbolOf } from './read/names.ts';
import type { ScanOptions } from './read/scan.ts';
import type { Watched } from './read/watched.ts';

export interface EvidenceRequest {
	readonly closure: Closure;
	/** The text of a Go file, `undefined` where it cannot be read. */
	readText(path: string): Promise<string | undefined>;
	/** As in the files of the workspace: lets others have their turn. */
	pause?: Files['pause'];
	/** The build tags in force. */
	readonly tags: readonly string[];
	readonly signal?: AbortSignal;
	readonly cache: EvidenceCache;
}

/** What is kept from one question to the next; one for a server's lifetime. */
export interface EvidenceCache {
	readonly names: Names;
	readonly symbols: Symbols;
	readonly watched: Watched;
	index: DeclarationIndex;
	readonly knownReach: KnownReach[];
	/** The newest last. */
	readonly dependencies: Dependencies[];
	readonly files: Map<string, IndexedFile>;
	/** The files of a package that has not changed since. */
	packages: WeakMap<GoPackage, readonly IndexedFile[]>;
	/** The names that packages were taken to have when files that import them were scanned. */
	readonly packageNames: Map<string, string>;
	/** How many files were read since the start, or since the programs were last kept. */
	read: number;
	/** Counts the questions. */
	question: number;
	/** Questions wait for each other: all mark the same index. */
	last: Promise<unknown>;
}

export function createEvidenceCache(): EvidenceCache {
	const symbols = createSymbols();
	return {
		names: createNames(),
		symbols,
		watched: watchList(),
		index: createIndex(symbols),
		knownReach: [],
		dependencies: [],
		files: new Map(),
		packages: new WeakMap(),
		packageNames: new Map(),
		read: 0,
		question: 0,
		last: Promise.resolve(),
	};
}

/** How many files are read at once. */
const CONCURRENCY = 32;

/** How much text, in UTF-16 units, is kept while a program is read; of what goes beyond, the parts that matter are read again. */
const MAX_TEXT = 4_000_000;

/**
 * The lines of a program that show what it needs at run time.
 *
 * @throws the signal's reason where it is aborted
 */
export function findEvidence(request: EvidenceRequest): Promise<EvidenceResult> {
	const { cache } = request;
	const result = cache.last.then(() => find(request));
	cache.last = result.catch(() => {});
	return result;
}

async function find(request: EvidenceRequest): Promise<EvidenceResult> {
	const { closure, cache, signal } = request;
	signal?.throwIfAborted();
	const packages = [...closure.packages.values()].filter(({ standard }) => !standard);
	const withText: IndexedFile[] = [];
	try {
		const files = await indexPackages(packages, request, withText);
		const all = files.flat();
		const { index } = cache;
		const question = ++cache.question;
		for (const file of all) askOf(index, file, question);
		const dependencies = dependenciesOf(packages, files, cache);
		let known: KnownReach | undefined;
		if (all.length > 0) {
			known = await reach({
				names: cache.names,
				index,
				question,
				files: all,
				mains: closure.roots,
				calledByStandard: CALLED_BY_STANDARD,
				calledByName: calledByName(closure, packages),
				fetch: (missing) => fetchTexts(missing, request, withText),
				pause: request.pause,
				signal,
				known: cache.knownReach,
				dependencies,
			});
		}
		signal?.throwIfAborted();
		const { tags, readText } = request;
		const byName = calledByName(closure, packages);
		const standard = new Set([...CALLED_BY_STANDARD].map((name) => symbolOf(cache.symbols, METHODS, nameOf(cache.names, name))));
		const mayCall = (selector: number, owner: GoPackage) =>
			dependencies.mentioned[selector] === 1 || standard.has(selector) || byName.has(owner);
		return await conclude({ closure, packages, files, names: cache.names, index, question, known, mayCall, tags, readText, signal });
	} finally {
		for (const file of withText) file.text = undefined;
	}
}

/** What the files of dependencies tell together, which seldom changes. */
function dependenciesOf(packages: readonly GoPackage[], files: readonly (readonly IndexedFile[])[], cache: EvidenceCache): Dependencies {
	const theirs = packages.filter(({ own }) => !own);
	const at = cache.dependencies.findIndex((known) => known.index === cache.index && isSameList(known.packages, theirs));
	const [known] = at < 0 ? [] : cache.dependencies.splice(at, 1);
	let result = known;
	if (result === undefined) {
		const theirFiles = packages.flatMap((owner, index) => (owner.own ? [] : (files[index] ?? [])));
		result = describeDependencies(theirs, theirFiles, cache.index);
	}
	cache.dependencies.push(result);
	if (cache.dependencies.length > MAX_DEPENDENCIES) cache.dependencies.shift();
	return result;
}

/** Of how many programs the dependencies are remembered. */
const MAX_DEPENDENCIES = 4;

/**
 * The workspace's packages whose methods a template or RPC may call: those that import such a caller, and what they import, for from
 * there come the values that they hand over.
 */
function calledByName({ packages: byPath }: Closure, packages: readonly GoPackage[]): ReadonlySet<GoPackage> {
	const found = new Set<GoPackage>();
	for (const owner of packages) {
		if (!owner.own || !CALLERS_BY_NAME.some((path) => owner.imports.has(path))) continue;
		found.add(owner);
		for (const path of owner.imports) {
			const imported = byPath.get(path);
			if (imported?.own === true) found.add(imported);
		}
	}
	return found;
}

/** Packages that call methods by names that stand in no Go source. */
const CALLERS_BY_NAME = ['text/template', 'html/template', 'net/rpc'];

/** By package, its files in the index; those that were read for it go to `withText`. */
async function indexPackages(
	packages: readonly GoPackage[],
	request: EvidenceRequest,
	withText: IndexedFile[],
): Promise<readonly (readonly IndexedFile[])[]> {
	const { closure, cache } = request;
	forgetRenamed(packages, cache);
	const result: (readonly IndexedFile[])[] = new Array(packages.length);
	const waiting: {
		readonly file: GoSourceFile;
		readonly owner: GoPackage;
		readonly into: IndexedFile[];
		readonly at: number;
	}[] = [];
	const incomplete: number[] = [];
	for (const [index, owner] of packages.entries()) {
		const known = cache.packages.get(owner);
		if (known?.every((file) => !file.gone && file.package === owner)) {
			result[index] = known;
			continue;
		}
		await haveTurn(request);
		const into: IndexedFile[] = new Array(owner.files.length);
		result[index] = into;
		incomplete.push(index);
		for (const [at, file] of owner.files.entries()) {
			const cached = cache.files.get(file.path);
			const { package: before, version } = cached ?? {};
			// The package's own imports tell which methods its calls may mean, so a file belongs to one state of its package.
			if (cached !== undefined && version === file.version && before?.importPath === owner.importPath && before.own === owner.own) {
				cached.package = owner;
				into[at] = cached;
				continue;
			}
			waiting.push({ file, owner, into, at });
		}
	}
	let text = 0;
	await inParallel(waiting, request, async ({ file, owner, into, at }) => {
		const options = scanOptions(owner, file, closure, cache);
		const source = (await request.readText(file.path)) ?? '';
		cache.read++;
		text += source.length;
		const scan = outlineFile(source, options);
		const kept = text <= MAX_TEXT ? source : undefined;
		const indexed = indexedFile(scan, cache, {
			path: file.path,
			version: file.version,
			package: owner,
			options: () => options,
			text: kept,
		});
		if (kept !== undefined) withText.push(indexed);
		into[at] = indexed;
		replaceFile(cache, indexed);
	});
	for (const index of incomplete) cache.packages.set(packages[index] as GoPackage, result[index] as readonly IndexedFile[]);
	return result;
}

function replaceFile(cache: EvidenceCache, file: IndexedFile): void {
	const before = cache.files.get(file.path);
	cache.files.set(file.path, file);
	if (before !== undefined) removeFile(cache.index, before);
	addFile(cache.index, file);
	if (cache.index.dead * 2 <= cache.index.count) return;
	cache.index = createIndex(cache.symbols);
	for (const each of cache.files.values()) addFile(cache.index, each);
}

async function fetchTexts(files: readonly IndexedFile[], request: EvidenceRequest, withText: IndexedFile[]): Promise<void> {
	await inParallel(files, request, async (file) => {
		file.text = await request.readText(file.path);
		withText.push(file);
	});
}

/** Lets others have their turn where it is time to. */
async function haveTurn({ pause, signal }: Pick<EvidenceRequest, 'pause' | 'signal'>): Promise<void> {
	for (let turn = pause?.(); turn !== undefined; turn = pause?.()) await turn;
	signal?.throwIfAborted();
}

async function inParallel<T>(
	list: readonly T[],
	turns: Pick<EvidenceRequest, 'pause' | 'signal'>,
	work: (item: T) => Promise<void>,
): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < list.length) {
			await haveTurn(turns);
			if (next < list.length) await work(list[next++] as T);
		}
	};
	await Promise.all(Array.from({ length: Math.min(CONCURRENCY, list.length) }, worker));
}

/** A file's scan holds the names of the packages it imports; where one has another name now, which is rare, all is read again. */
function forgetRenamed(packages: readonly GoPackage[], cache: EvidenceCache): void {
	const renamed = packages.some(({ importPath, name }) => (cache.packageNames.get(importPath) ?? name) !== name);
	if (!renamed) return;
	cache.files.clear();
	cache.index = createIndex(cache.symbols);
	cache.packages = new WeakMap();
	cache.dependencies.length = 0;
	cache.packageNames.clear();
}

function scanOptions(owner: GoPackage, file: GoSourceFile, closure: Closure, cache: EvidenceCache): ScanOptions {
	return {
		names: cache.names,
		symbols: cache.symbols,
		watched: cache.watched,
		importPath: owner.importPath,
		imports: file.header.imports
			.filter(({ path }) => path !== 'C')
			.map(({ path, name }) => ({ path, name: name ?? importedName(path, closure, cache), standard: isStandard(path, closure) })),
		flows: owner.own,
		selectors: !owner.own,
	};
}

function isStandard(path: string, { packages, standard }: Closure): boolean {
	return standard.has(path) || packages.get(path)?.standard === true;
}

function importedName(path: string, closure: Closure, cache: EvidenceCache): string {
	const found = closure.packages.get(path);
	// A package that constraints leave empty has no name.
	const name = found === undefined || found.name === '' ? defaultName(path) : found.name;
	cache.packageNames.set(path, found?.name ?? name);
	return name;
}

/** The name that the package of an import path most likely has. */
export function defaultName(importPath: string): string {
	let name = defaultNames.get(importPath);
	if (name === undefined) {
		name = knownPackageName(importPath) ?? likelyName(importPath);
		if (defaultNames.size >= MAX_DEFAULT_NAMES) defaultNames.clear();
		defaultNames.set(importPath, name);
	}
	return name;
}

/** The same few packages are imported by every file. */
const defaultNames = new Map<string, string>();

const MAX_DEFAULT_NAMES = 10_000;

function likelyName(importPath: string): string {
	const names = importPath.split('/');
	let last = names.pop() as string;
	if (/^v\d+$/.test(last) && names.length > 0) last = names.pop() as string;
	return last
		.replace(/\.v\d+$/, '')
		.replace(/^go-|[-.]go$/g, '')
		.replaceAll(/[^\p{L}\p{Nd}_]/gu, '_');
}
