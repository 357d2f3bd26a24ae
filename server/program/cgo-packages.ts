import { belongsTo } from '../knowledge/import-paths.ts';
import type { Answer } from '../text/answer.ts';
import { all } from '../text/eventually.ts';
import { linkedLibraries, readCgoDirectives } from './cgo-directives.ts';
import type { ReadClosure } from './closure.ts';
import type { BuildTarget } from './constraints.ts';
import type { CgoLibrary, CgoPackage } from './model.ts';
import type { GoSourceFile } from './package.ts';
import { type PackageNames, PREDECLARED, readPackageNames } from './package-names.ts';
import type { PackageFiles } from './read-package.ts';
import type { SourceCache } from './source-cache.ts';

/** What is known of a package with C code beyond what its files show. */
interface KnownCgoPackage {
	/** The import path, of the package itself or of one above it. */
	readonly path: string;
	readonly withoutCgo: CgoPackage['withoutCgo'];
	readonly alternative: string | undefined;
}

/**
 * Packages that are nothing without C. `stub`: they compile and then fail when called; `no`: what is left does not compile. Their
 * own documentation or `!cgo` files say so. Longer paths come before shorter ones that they begin with.
 */
const KNOWN: readonly KnownCgoPackage[] = [
	{ path: 'github.com/mattn/go-sqlite3', withoutCgo: 'stub', alternative: 'modernc.org/sqlite' },
	{ path: 'gorm.io/driver/sqlite', withoutCgo: 'stub', alternative: 'github.com/glebarez/sqlite' },
	{ path: 'crawshaw.io/sqlite', withoutCgo: 'no', alternative: 'zombiezen.com/go/sqlite' },
	{ path: 'github.com/confluentinc/confluent-kafka-go', withoutCgo: 'no', alternative: 'github.com/twmb/franz-go' },
	{ path: 'github.com/DataDog/zstd', withoutCgo: 'no', alternative: 'github.com/klauspost/compress/zstd' },
	{ path: 'github.com/valyala/gozstd', withoutCgo: 'no', alternative: 'github.com/klauspost/compress/zstd' },
	{ path: 'github.com/godror/godror', withoutCgo: 'no', alternative: 'github.com/sijms/go-ora/v2' },
	{ path: 'github.com/libgit2/git2go', withoutCgo: 'no', alternative: 'github.com/go-git/go-git/v5' },
	{ path: 'github.com/pebbe/zmq4', withoutCgo: 'no', alternative: 'github.com/go-zeromq/zmq4' },
	{ path: 'github.com/marcboeker/go-duckdb', withoutCgo: 'no', alternative: undefined },
	{ path: 'github.com/google/gopacket/pcap', withoutCgo: 'no', alternative: undefined },
	{ path: 'github.com/gopacket/gopacket/pcap', withoutCgo: 'no', alternative: undefined },
	{ path: 'github.com/miekg/pkcs11', withoutCgo: 'no', alternative: undefined },
	{ path: 'github.com/h2non/bimg', withoutCgo: 'no', alternative: undefined },
	{ path: 'github.com/davidbyttow/govips', withoutCgo: 'no', alternative: undefined },
	{ path: 'github.com/linxGnu/grocksdb', withoutCgo: 'no', alternative: undefined },
	{ path: 'github.com/gographics/imagick', withoutCgo: 'no', alternative: undefined },
	{ path: 'gocv.io/x/gocv', withoutCgo: 'no', alternative: undefined },
];

/** The packages of the closure that want a C compiler, whether or not the build has cgo on, those not on disk included where known. */
export async function findCgoPackages(
	cache: SourceCache,
	closure: ReadClosure,
	targets: readonly BuildTarget[],
	chainOf: (importPath: string) => readonly string[],
	usedImports: ReadonlySet<string>,
): Promise<CgoPackage[]> {
	const found: CgoPackage[] = [];
	/** A package that only fails when it is called is nothing to a program that does not call it. */
	const asCalled = (importPath: string, build: BuildWithoutCgo): BuildWithoutCgo =>
		build.withoutCgo === 'stub' && !mayBeCalled(closure, importPath, usedImports) ? { ...build, withoutCgo: 'unknown' } : build;
	let packagesBuilt: ReadonlySet<string> | undefined;
	// Few programs have a package of which that must be known.
	const built = () => (packagesBuilt ??= builtWithoutCgo(closure));
	for (const [importPath, files] of closure.packageFiles) {
		const [first] = files.cgoFiles;
		if (first === undefined) continue;
		const known = knownPackage(importPath);
		found.push({
			importPath,
			chain: chainOf(importPath),
			path: first.path,
			line: lineOfImport(first, 'C'),
			own: closure.packages.get(importPath)?.own ?? false,
			everywhere: files.cgoEverywhere,
			...asCalled(importPath, await buildWithoutCgo(cache, closure, built, importPath, files, known)),
			libraries: await librariesOf(cache, files, targets),
			alternative: known?.alternative,
		});
	}
	for (const importPath of closure.unread.keys()) {
		const known = knownPackage(importPath);
		if (known === undefined) continue;
		found.push({
			importPath,
			chain: chainOf(importPath),
			path: undefined,
			line: 0,
			own: false,
			everywhere: true,
			...asCalled(importPath, { withoutCgo: known.withoutCgo, failure: undefined }),
			libraries: [],
			alternative: known.alternative,
		});
	}
	return [...found, ...pluginPackage(closure, chainOf)];
}

/**
 * Whether the program may call the package: the workspace's own code that was reached names it, or a module that imports it. An import
 * for its effects alone, as of a driver, shows that it is meant.
 */
function mayBeCalled(closure: ReadClosure, importPath: string, usedImports: ReadonlySet<string>): boolean {
	const leading = new Set([importPath]);
	// A set goes through what is added while it is gone through.
	for (const each of leading) {
		for (const [path, { imports }] of closure.packageFiles) {
			if (imports.has(each) && closure.packages.get(path)?.own !== true) leading.add(path);
		}
	}
	return [...closure.packageFiles].some(
		([path, { files, filesWithoutCgo }]) =>
			closure.packages.get(path)?.own === true &&
			[...files, ...filesWithoutCgo].some(({ header }) =>
				header.imports.some((spec) => leading.has(spec.path) && (spec.name === '_' || spec.name === '.' || usedImports.has(spec.path))),
			),
	);
}

/**
 * Package `plugin`, where something imports it: without cgo it builds, and opens no plugin (`plugin: not implemented`). A module may
 * import it for what its users seldom ask for.
 */
function pluginPackage(closure: ReadClosure, chainOf: (importPath: string) => readonly string[]): CgoPackage[] {
	const importers = [...closure.packageFiles].flatMap(([importPath, { filesWithoutCgo }]) => {
		const file = filesWithoutCgo.find(({ header }) => header.imports.some((spec) => spec.path === 'plugin'));
		return file === undefined ? [] : [{ importPath, file, own: closure.packages.get(importPath)?.own ?? false }];
	});
	const importer = importers.find(({ own }) => own) ?? importers[0];
	if (importer === undefined) return [];
	return [
		{
			importPath: 'plugin',
			chain: [...chainOf(importer.importPath), 'plugin'],
			path: importer.file.path,
			line: lineOfImport(importer.file, 'plugin'),
			own: false,
			everywhere: true,
			withoutCgo: importer.own ? 'stub' : 'unknown',
			failure: importer.own ? 'plugin: not implemented' : undefined,
			libraries: [],
			alternative: undefined,
		},
	];
}

/** The shared libraries that the files link whichever of the targets is built; none where one of them says more than is understood. */
async function librariesOf(cache: SourceCache, { files, cgoFiles }: PackageFiles, targets: readonly BuildTarget[]): Promise<CgoLibrary[]> {
	const found: CgoLibrary[] = [];
	for (const { path } of cgoFiles.filter((file) => files.includes(file))) {
		const directives = await cache.parsed(path, 'cgo', readCgoDirectives);
		const libraries = directives && linkedLibraries(directives, targets);
		if (libraries === undefined) return [];
		found.push(...libraries.map((library) => ({ ...library, path })));
	}
	return found;
}

function lineOfImport({ header }: GoSourceFile, path: string): number {
	return header.imports.find((spec) => spec.path === path)?.line ?? 0;
}

function knownPackage(importPath: string): KnownCgoPackage | undefined {
	return KNOWN.find(({ path }) => belongsTo(importPath, path));
}

type BuildWithoutCgo = Pick<CgoPackage, 'withoutCgo' | 'failure'>;

/**
 * Whether the package builds without cgo. What its files show comes first: the use of a name that is left out fails whatever the
 * author provided. Files that are there for builds without cgo alone show that he did provide for them.
 */
async function buildWithoutCgo(
	cache: SourceCache,
	closure: ReadClosure,
	built: () => ReadonlySet<string>,
	importPath: string,
	files: PackageFiles,
	known: KnownCgoPackage | undefined,
): Promise<BuildWithoutCgo> {
	if (!files.cgoEverywhere) return { withoutCgo: 'unknown', failure: undefined };
	if (files.anyWithoutCgo.length === 0) return { withoutCgo: 'no', failure: 'build constraints exclude all Go files' };
	const { missed, failure } = await missedWithoutCgo(cache, closure, built(), importPath, files);
	if (known !== undefined) return { withoutCgo: known.withoutCgo, failure: known.withoutCgo === 'no' ? failure : undefined };
	if (missed === 'yes') return { withoutCgo: 'no', failure };
	const fallback = files.filesWithoutCgo.some((file) => /!\s*cgo\b/.test(file.header.constraint ?? ''));
	return { withoutCgo: fallback || missed === 'no' ? 'yes' : 'unknown', failure: undefined };
}

interface Missed {
	/** Whether a build without cgo misses what is left out; `no` where nothing that is left so much as mentions it. */
	readonly missed: Answer;
	readonly failure?: string;
}

/** Looks in what a build without cgo leaves of the package, and of those that import it, for names that it does not leave. */
async function missedWithoutCgo(
	cache: SourceCache,
	closure: ReadClosure,
	built: ReadonlySet<string>,
	importPath: string,
	files: PackageFiles,
): Promise<Missed> {
	// What only files with C code import is left out with them.
	if (!built.has(importPath)) return { missed: 'unknown' };
	const lost = await namesIn(cache, files.filesLost);
	const left = await namesIn(cache, files.anyWithoutCgo);
	if (lost.includes(undefined) || left.includes(undefined)) return { missed: 'unknown' };
	const declared = new Set(left.flatMap((names) => [...(names?.declared ?? [])]));
	const missing = new Set<string>();
	let certain = !hasEffects(files.filesLost, lost, declared) && files.anyWithoutCgo.length === files.filesWithoutCgo.length;
	for (const name of lost.flatMap((names) => [...(names?.declared ?? [])])) {
		if (declared.has(name)) continue;
		// Go's own takes its place, for better or worse.
		if (PREDECLARED.has(name)) certain = false;
		else missing.add(name);
	}
	if (missing.has('main') && closure.roots.includes(importPath) && files.filesWithoutCgo[0]?.header.package === 'main')
		return { missed: 'yes', failure: 'function main is undeclared in the main package' };
	for (const [index, file] of files.anyWithoutCgo.entries()) {
		// One that is built for some machines only may not be built at all.
		const name = files.filesWithoutCgo.includes(file) ? firstOf(left[index]?.used, missing) : undefined;
		if (name !== undefined) return { missed: 'yes', failure: `undefined: ${name}` };
	}
	if (left.some((names) => firstOf(names?.mentioned, missing) !== undefined)) certain = false;
	const exported = new Set([...missing].filter((name) => /^\p{Lu}/u.test(name)));
	if (exported.size === 0) return { missed: certain ? 'no' : 'unknown' };
	const packageName = files.filesLost[0]?.header.package ?? '';
	for (const importer of built) {
		const importing = closure.packageFiles.get(importer);
		for (const file of importing?.anyWithoutCgo ?? []) {
			const spec = file.header.imports.find(({ path }) => path === importPath);
			if (spec === undefined || spec.name === '_') continue;
			const [names] = await namesIn(cache, [file]);
			const alias = spec.name ?? packageName;
			if (names === undefined || alias === '.') {
				certain = false;
				continue;
			}
			const name = firstOf(exported, names.selected, `${alias}.`);
			if (name !== undefined && importing?.filesWithoutCgo.includes(file)) return { missed: 'yes', failure: `undefined: ${alias}.${name}` };
			// The name of the import may be that of a variable as well, and then neither is certain.
			if (name !== undefined || (names.mentioned.has(alias) && !names.used.has(alias))) certain = false;
		}
	}
	return { missed: certain ? 'no' : 'unknown' };
}

/** The first of the names that is among the others, with what stands in front of it there. */
function firstOf(names: ReadonlySet<string> | undefined, others: ReadonlySet<string>, prefix = ''): string | undefined {
	for (const name of names ?? []) if (others.has(`${prefix}${name}`)) return name;
	return undefined;
}

/** Whether the files may do something without being named: at the start, or through methods of a type that is left without them. */
function hasEffects(files: readonly GoSourceFile[], names: readonly (PackageNames | undefined)[], left: ReadonlySet<string>): boolean {
	if (files.some(({ header }) => header.imports.some((spec) => spec.name === '_'))) return true;
	return names.some(
		(each) => each?.declared.has('init') || each?.declared.has('_') || [...(each?.receivers ?? [])].some((type) => left.has(type)),
	);
}

/** What the texts of the files declare and use; a file is read again only when it changes. */
async function namesIn(cache: SourceCache, files: readonly GoSourceFile[]): Promise<readonly (PackageNames | undefined)[]> {
	return all(files.map(({ path }) => cache.parsed(path, 'names', readPackageNames)));
}

/** The packages that a build without cgo takes whatever it is built for. */
function builtWithoutCgo(closure: ReadClosure): ReadonlySet<string> {
	const built = new Set(closure.roots);
	// A set goes through what is added while it is gone through.
	for (const importPath of built) {
		for (const file of closure.packageFiles.get(importPath)?.filesWithoutCgo ?? []) {
			for (const { path } of file.header.imports) if (closure.packageFiles.has(path)) built.add(path);
		}
	}
	return built;
}
