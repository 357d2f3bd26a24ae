import type { GoPackage } from '../package.ts';
import type { DeclarationIndex, IndexedFile } from './index.ts';
import type { KeptReach } from './kept-scans.ts';
import type { KnownReach } from './reach.ts';
import { STRIDE } from './scan.ts';

/** What was reached in dependencies, in numbers that another process understands. */
export function keptReach(known: KnownReach, filesOf: (owner: GoPackage) => readonly IndexedFile[]): KeptReach {
	const numbers = new Map(known.packages.flatMap(filesOf).map((file, number) => [file, number]));
	const { files, places } = known.index;
	const translate = (declarations: Int32Array) => {
		const pairs = new Int32Array(declarations.length * 2);
		for (let at = 0; at < declarations.length; at++) {
			const declaration = declarations[at] as number;
			pairs[at * 2] = numbers.get(files[declaration] as IndexedFile) ?? -1;
			pairs[at * 2 + 1] = (places[declaration] as number) / STRIDE;
		}
		return pairs;
	};
	return {
		packages: known.packages.map(({ importPath }) => importPath),
		ownMethods: known.ownMethods,
		mentioned: known.mentioned,
		callable: translate(known.callable),
		reached: translate(known.reached),
	};
}

/**
 * The same in the numbers of this process.
 *
 * @param packages the dependencies, of which every file is as it was
 * @returns `undefined` where the dependencies are others
 */
export function knownReach(
	kept: KeptReach,
	index: DeclarationIndex,
	packages: readonly GoPackage[],
	files: readonly IndexedFile[],
): KnownReach | undefined {
	if (packages.length !== kept.packages.length || !packages.every(({ importPath }, at) => importPath === kept.packages[at]))
		return undefined;
	let foreign = false;
	const translate = (pairs: Int32Array) => {
		const declarations = new Int32Array(pairs.length / 2);
		for (let at = 0; at < declarations.length; at++) {
			const file = files[pairs[at * 2] as number];
			// Those of the workspace, which dependencies can import, are not numbered.
			if (file === undefined) foreign = true;
			else declarations[at] = file.first + (pairs[at * 2 + 1] as number);
		}
		return declarations;
	};
	const callable = translate(kept.callable).sort();
	const reached = translate(kept.reached);
	return foreign ? undefined : { index, packages, ownMethods: kept.ownMethods, mentioned: kept.mentioned, callable, reached };
}
