import type { CgoPackage } from '../program/model.ts';
import type { RelatedPlace } from '../rules/rule.ts';

/** How C code in a program is said and shown. */

/** The package, and the import that brings it in. */
export function saidOfCgo(each: CgoPackage): string {
	return each.chain.length > 1 ? `${each.importPath}, imported by ${each.chain.at(-2)}` : each.importPath;
}

/** The Go lines that import "C", or that import what is known to. */
export function cgoPlaces(packages: readonly CgoPackage[]): RelatedPlace[] {
	return packages.flatMap(({ path, line, importPath }) =>
		path === undefined ? [] : [{ path, line, character: 0, length: 0, message: `${importPath} has C code` }],
	);
}
