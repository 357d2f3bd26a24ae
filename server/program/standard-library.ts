import { STANDARD_PACKAGES } from './standard-packages.ts';

/** The standard library as the table knows it, which is all that is needed of it where no Go is installed. */

interface StandardPackage {
	/** Whether it has files that import "C". */
	readonly cgo: boolean;
	readonly imports: readonly { readonly path: string; readonly onlyWithCgo: boolean }[];
}

let table: ReadonlyMap<string, StandardPackage> | undefined;
let firstNames: ReadonlySet<string> | undefined;

function standardLibrary(): ReadonlyMap<string, StandardPackage> {
	table ??= new Map(STANDARD_PACKAGES.trim().split('\n').map(parseLine));
	return table;
}

function parseLine(line: string): [string, StandardPackage] {
	const [name = '', ...imports] = line.split(' ');
	const parsed = imports.map((word) => ({ path: word.replace('*', ''), onlyWithCgo: word.endsWith('*') }));
	return [name.replace('!', ''), { cgo: name.endsWith('!'), imports: parsed }];
}

/** Whether the import path is that of a public package of the standard library. */
export function isStandardPackage(importPath: string): boolean {
	return standardLibrary().has(importPath);
}

/** Whether the path begins as those of the standard library do, and so may be that of a package newer than the table. */
export function isStandardName(importPath: string): boolean {
	const first = importPath.split('/', 1)[0] ?? '';
	firstNames ??= new Set([...standardLibrary().keys()].map((path) => path.split('/', 1)[0] ?? ''));
	return firstNames.has(first);
}

/** Whether the standard package has files that import "C" on linux: net, os/user, plugin, runtime/cgo. */
export function hasStandardCgo(importPath: string): boolean {
	return standardLibrary().get(importPath)?.cgo === true;
}

/** The given standard packages with all that they import on linux, public ones only; `cgo` says whether files that import "C" count. */
export function standardClosure(importPaths: Iterable<string>, cgo: boolean): Set<string> {
	const reached = new Set(importPaths);
	// A set goes through what is added while it is gone through.
	for (const path of reached) {
		const found = standardLibrary().get(path);
		// What the go command makes of an import of "C" imports it.
		if (cgo && found?.cgo) reached.add('runtime/cgo');
		for (const imported of found?.imports ?? []) {
			if (cgo || !imported.onlyWithCgo) reached.add(imported.path);
		}
	}
	return reached;
}
