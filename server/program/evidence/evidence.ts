import { CALLED_BY_STANDARD, EMBEDDED_PACKAGES, EMBEDDED_TAGS } from '../../needs/evidence-table.ts';
import type { Evidence } from '../model.ts';
import type { Closure, GoPackage, GoSourceFile } from '../package.ts';
import { type FileScan, type Sighting, scanFile } from './declarations.ts';
import { isEmbedded, type Judged, judge } from './judge.ts';
import { createNames, createSymbols, type Names, type Symbols } from './names.ts';
import { LOOSELY, type ReachFile, reach, UNREACHED } from './reach.ts';
import type { Value, ValueScope } from './values.ts';
import { watchList } from './watch-list.ts';
import type { Watched } from './watched.ts';

export interface EvidenceRequest {
	readonly closure: Closure;
	/** The text of a Go file, `undefined` where it cannot be read. */
	readText(path: string): Promise<string | undefined>;
	/** The build tags in force. */
	readonly tags: readonly string[];
	readonly signal?: AbortSignal;
	readonly cache: EvidenceCache;
}

export interface EvidenceResult {
	readonly evidence: readonly Evidence[];
	/** Needs that the program itself takes back. */
	readonly embedded: ReadonlySet<'certificate-roots' | 'zone-data'>;
	/** Whether the workspace's own code opens files whose relative names are computed. */
	readonly opensComputedFiles: boolean;
}

/** What is kept from one question to the next; one for a server's lifetime. */
export interface EvidenceCache {
	readonly names: Names;
	readonly symbols: Symbols;
	readonly watched: Watched;
	readonly files: Map<string, { readonly version: string; readonly importPath: string; readonly scan: FileScan }>;
	/** The scans of a package that has not changed since. */
	packages: WeakMap<GoPackage, readonly FileScan[]>;
	/** The names that packages were taken to have when files that import them were scanned. */
	readonly packageNames: Map<string, string>;
}

export function createEvidenceCache(): EvidenceCache {
	return {
		names: createNames(),
		symbols: createSymbols(),
		watched: watchList(),
		files: new Map(),
		packages: new WeakMap(),
		packageNames: new Map(),
	};
}

/** How many places are kept for each need and detail. */
const MAX_PLACES = 5;

/** How many files are read at once. */
const CONCURRENCY = 32;

/**
 * The lines of a program that show what it needs at run time.
 *
 * @throws the signal's reason where it is aborted
 */
export async function findEvidence(request: EvidenceRequest): Promise<EvidenceResult> {
	const { closure, cache, signal } = request;
	const packages = [...closure.packages.values()].filter(({ standard }) => !standard);
	const scans = await scanPackages(packages, request);
	signal?.throwIfAborted();
	const callsByName = packages.some(({ own, imports }) => own && CALLERS_BY_NAME.some((path) => imports.has(path)));
	const files: ReachFile[] = [];
	for (const [index, { own }] of packages.entries()) {
		for (const scan of scans[index] as readonly FileScan[]) files.push({ scan, own, callsByName: own && callsByName });
	}
	const reached = reach({
		names: cache.names,
		symbols: cache.symbols,
		files,
		mains: closure.roots,
		calledByStandard: CALLED_BY_STANDARD,
	});
	const scope = valueScope(closure, packages, scans, cache);
	const chains = importChains(closure);
	const found: Found[] = [];
	const loopback: Found[] = [];
	let listens = closure.unread.size > 0;
	let opensComputedFiles = false;
	const embedded = embeddedFiles(packages);
	for (let index = 0, file = 0; index < packages.length; index++) {
		const own = packages[index] as GoPackage;
		const seen: (readonly Sighting[])[] = [];
		const loosely = new Set<Sighting>();
		for (const scan of scans[index] as readonly FileScan[]) {
			const marks = reached[file++] as Uint8Array;
			const { sightings } = scan;
			if (sightings.length === 0) {
				seen.push(sightings);
				continue;
			}
			seen.push(sightings.filter(({ declaration }) => marks[declaration] !== UNREACHED));
			for (const sighting of sightings) if (marks[sighting.declaration] === LOOSELY) loosely.add(sighting);
		}
		if (seen.every((sightings) => sightings.length === 0)) continue;
		const judgement = judge({ importPath: own.importPath, own: own.own, files: seen, embedded }, scope);
		const paths = new Map(seen.flatMap((sightings, at) => sightings.map((sighting) => [sighting, own.files[at]?.path] as const)));
		const place = (judged: Judged): Found => ({ judged, package: own, path: paths.get(judged.sighting) as string });
		const counts = ({ need, detail, sighting }: Judged) =>
			(need !== 'runtime-file' || !isEmbedded(detail ?? '', embedded)) &&
			// What a dependency may never run shows nothing.
			(own.own || !loosely.has(sighting));
		found.push(...judgement.judged.filter(counts).map(place));
		loopback.push(...judgement.loopback.map(place));
		listens ||= judgement.listens;
		opensComputedFiles ||= judgement.opensComputedFiles;
	}
	// A listener that takes part in a log-in flow is not what the container is for.
	if (!listens) found.push(...loopback.filter(({ package: { own, imports } }) => own && !imports.has('golang.org/x/oauth2')));
	return {
		evidence: kept(found, chains),
		embedded: embeddedNeeds(closure, request.tags),
		opensComputedFiles,
	};
}

/** Packages that call methods by names that stand in no Go source. */
const CALLERS_BY_NAME = ['text/template', 'html/template', 'net/rpc'];

interface Found {
	readonly judged: Judged;
	readonly package: GoPackage;
	readonly path: string;
}

/** By package, the scans of its files, in the order of its files. */
async function scanPackages(packages: readonly GoPackage[], request: EvidenceRequest): Promise<readonly (readonly FileScan[])[]> {
	const { closure, cache } = request;
	forgetRenamed(packages, cache);
	const result: (readonly FileScan[])[] = new Array(packages.length);
	const waiting: { package: GoPackage; file: GoSourceFile; into: FileScan[]; at: number }[] = [];
	for (const [index, each] of packages.entries()) {
		const known = cache.packages.get(each);
		if (known !== undefined) {
			result[index] = known;
			continue;
		}
		const into: FileScan[] = new Array(each.files.length);
		result[index] = into;
		for (const [at, file] of each.files.entries()) {
			const cached = cache.files.get(file.path);
			if (cached !== undefined && cached.version === file.version && cached.importPath === each.importPath) into[at] = cached.scan;
			else waiting.push({ package: each, file, into, at });
		}
	}
	let next = 0;
	const work = async () => {
		while (next < waiting.length) {
			request.signal?.throwIfAborted();
			const { package: each, file, into, at } = waiting[next++] as (typeof waiting)[number];
			const text = await request.readText(file.path);
			const scan = text === undefined ? NO_SCAN : scanOne(text, each, file, closure, cache);
			into[at] = scan;
			cache.files.set(file.path, { version: file.version, importPath: each.importPath, scan });
		}
	};
	await Promise.all(Array.from({ length: Math.min(CONCURRENCY, waiting.length) }, work));
	for (const [index, each] of packages.entries()) cache.packages.set(each, result[index] as readonly FileScan[]);
	return result;
}

const NO_SCAN: FileScan = { declarations: new Int32Array(), uses: new Int32Array(), sightings: [], constants: new Map() };

/** A file's scan holds the names of the packages it imports; where one has another name now, which is rare, all is read again. */
function forgetRenamed(packages: readonly GoPackage[], cache: EvidenceCache): void {
	const renamed = packages.some(({ importPath, name }) => (cache.packageNames.get(importPath) ?? name) !== name);
	if (!renamed) return;
	cache.files.clear();
	cache.packages = new WeakMap();
	cache.packageNames.clear();
}

function scanOne(text: string, own: GoPackage, file: GoSourceFile, closure: Closure, cache: EvidenceCache): FileScan {
	return scanFile(text, {
		names: cache.names,
		symbols: cache.symbols,
		watched: cache.watched,
		importPath: own.importPath,
		imports: file.header.imports
			.filter(({ path }) => path !== 'C')
			.map(({ path, name }) => ({ path, name: name ?? importedName(path, closure, cache) })),
	});
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
	const names = importPath.split('/');
	let last = names.pop() as string;
	if (/^v\d+$/.test(last) && names.length > 0) last = names.pop() as string;
	return last
		.replace(/\.v\d+$/, '')
		.replace(/^go-|[-.]go$/g, '')
		.replaceAll(/[^\p{L}\p{Nd}_]/gu, '_');
}

function valueScope(
	closure: Closure,
	packages: readonly GoPackage[],
	scans: readonly (readonly FileScan[])[],
	cache: EvidenceCache,
): ValueScope {
	const { names, symbols } = cache;
	let positions: Map<GoPackage, number> | undefined;
	const packageOf = (symbol: number) => names.texts[symbols.packages[symbol] as number] as string;
	return {
		constant(symbol): Value | undefined {
			const owner = closure.packages.get(packageOf(symbol));
			if (owner === undefined || owner.standard) return undefined;
			positions ??= new Map(packages.map((each, index) => [each, index]));
			for (const scan of scans[positions.get(owner) ?? -1] ?? []) {
				const value = scan.constants.get(symbol);
				if (value !== undefined) return value;
			}
			return undefined;
		},
		nameOf: (symbol) => `${packageOf(symbol)}.${names.texts[symbols.names[symbol] as number]}`,
	};
}

/** By package, the package through which the shortest import chain from a root comes; roots have themselves. */
function importChains(closure: Closure): (importPath: string) => readonly string[] {
	let from: Map<string, string> | undefined;
	const walk = () => {
		const through = new Map(closure.roots.map((root) => [root, root]));
		for (const importPath of through.keys()) {
			for (const path of closure.packages.get(importPath)?.imports ?? []) if (!through.has(path)) through.set(path, importPath);
		}
		return through;
	};
	return (importPath) => {
		from ??= walk();
		const chain = [importPath];
		for (let at = from.get(importPath); at !== undefined && at !== chain[0]; at = from.get(at)) chain.unshift(at);
		return chain;
	};
}

function kept(found: readonly Found[], chainOf: (importPath: string) => readonly string[]): readonly Evidence[] {
	const chains = new Map<string, readonly string[]>();
	for (const { package: each } of found) if (!chains.has(each.importPath)) chains.set(each.importPath, chainOf(each.importPath));
	const order = (one: Found) => chains.get(one.package.importPath)?.length ?? 0;
	const sorted = [...found].sort(
		(left, right) =>
			Number(right.package.own) - Number(left.package.own) ||
			order(left) - order(right) ||
			(left.path < right.path ? -1 : left.path > right.path ? 1 : left.judged.sighting.line - right.judged.sighting.line),
	);
	const counts = new Map<string, number>();
	const result: Evidence[] = [];
	for (const { judged, package: own, path } of sorted) {
		const key = `${judged.need}\0${judged.detail ?? ''}`;
		const count = counts.get(key) ?? 0;
		if (count >= MAX_PLACES) continue;
		counts.set(key, count + 1);
		const { sighting, need, symbol, detail } = judged;
		const chain = chains.get(own.importPath) as readonly string[];
		const { line, character, length } = sighting;
		result.push({ need, path, line, character, length, symbol, detail, package: own.importPath, own: own.own, chain });
	}
	return result;
}

function embeddedNeeds(closure: Closure, tags: readonly string[]): ReadonlySet<'certificate-roots' | 'zone-data'> {
	const result = new Set<'certificate-roots' | 'zone-data'>();
	for (const tag of tags) {
		const need = EMBEDDED_TAGS.get(tag);
		if (need !== undefined) result.add(need);
	}
	for (const [path, need] of EMBEDDED_PACKAGES) {
		if (closure.packages.has(path) || closure.unread.has(path) || closure.standard.has(path)) result.add(need);
	}
	return result;
}

/** What the workspace's own packages embed, without `all:` and wildcards. */
function embeddedFiles(packages: readonly GoPackage[]): readonly string[] {
	return packages.flatMap(({ own, files }) =>
		own ? files.flatMap(({ header }) => header.embeds.map(({ pattern }) => pattern.replace(/^all:/, '').replace(/\/?\*.*$/, ''))) : [],
	);
}
