import { STANDARD_PACKAGES } from '../knowledge/standard-packages.ts';

/** The standard library as the table knows it, which is all that is needed of it where no Go is installed. */

interface StandardPackage {
	/** Whether it has files that import "C". */
	readonly cgo: boolean;
	readonly imports: readonly { readonly path: string; readonly onlyWithCgo: boolean }[];
}

/** What the table says behind each package; a line is taken apart when somebody asks for it, and most never are. */
let lines: ReadonlyMap<string, string> | undefined;
const packages = new Map<string, StandardPackage>();
let firstNames: ReadonlySet<string> | undefined;

function standardLines(): ReadonlyMap<string, string> {
	lines ??= new Map(
		STANDARD_PACKAGES.trim()
			.split('\n')
			.map((line) => [/^[^ !]+/.exec(line)?.[0] ?? '', line]),
	);
	return lines;
}

function standardPackage(importPath: string): StandardPackage | undefined {
	const known = packages.get(importPath);
	const line = known === undefined ? standardLines().get(importPath) : undefined;
	if (line === undefined) return known;
	const [name = '', ...imports] = line.split(' ');
	const parsed = imports.map((word) => ({ path: word.replace('*', ''), onlyWithCgo: word.endsWith('*') }));
	const found = { cgo: name.endsWith('!'), imports: parsed };
	packages.set(importPath, found);
	return found;
}

/** Whether the import path is that of a public package of the standard library. */
export function isStandardPackage(importPath: string): boolean {
	return standardLines().has(importPath);
}

/** Whether the path begins as those of the standard library do, and so may be that of a package newer than the table. */
export function isStandardName(importPath: string): boolean {
	const first = importPath.split('/', 1)[0] ?? '';
	firstNames ??= new Set([...standardLines().keys()].map((path) => path.split('/', 1)[0] ?? ''));
	return firstNames.has(first);
}

/** Whether the standard package has files that import "C" on linux: net, os/user, plugin, runtime/cgo. */
export function hasStandardCgo(importPath: string): boolean {
	return standardPackage(importPath)?.cgo === true;
}

/** The given standard packages with all that they import on linux, public ones only; `cgo` says whether files that import "C" count. */
export function standardClosure(importPaths: Iterable<string>, cgo: boolean): Set<string> {
	const reached = new Set(importPaths);
	// A set goes through what is added while it is gone through.
	for (const path of reached) {
		const found = standardPackage(path);
		// What the go command makes of an import of "C" imports it.
		if (cgo && found?.cgo) reached.add('runtime/cgo');
		for (const imported of found?.imports ?? []) {
			if (cgo || !imported.onlyWithCgo) reached.add(imported.path);
		}
	}
	return reached;
}
