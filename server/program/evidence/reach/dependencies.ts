import type { GoPackage } from '../../package.ts';
import { KIND, METHOD, SELECTOR, STRIDE } from '../read/scan.ts';
import type { DeclarationIndex, IndexedFile } from './index.ts';

/** What all dependencies of a program tell together. It stays the same while only the workspace's own code changes. */
export interface Dependencies {
	readonly packages: readonly GoPackage[];
	/** The import paths of all that they import. */
	readonly imports: ReadonlySet<string>;
	/** By symbol: how many methods have this selector. */
	readonly namesakes: Int32Array;
	/** By symbol: 1 for the selectors that stand anywhere in their text. */
	readonly mentioned: Uint8Array;
	/** The index that the numbers of the methods are of. */
	readonly index: DeclarationIndex;
	/** By selector: the methods that it may mean where nothing nearer is known, one more than count at most. */
	readonly methods: Map<number, readonly number[]>;
	/** The same for the packages that a package sees. */
	readonly methodsSeenFrom: WeakMap<GoPackage, Map<number, readonly number[]>>;
}

export function describeDependencies(packages: readonly GoPackage[], files: readonly IndexedFile[], index: DeclarationIndex): Dependencies {
	const { symbols } = index;
	const namesakes = new Int32Array(symbols.count);
	const mentioned = new Uint8Array(symbols.count);
	for (const { scan } of files) {
		const { declarations, selectors } = scan;
		for (let at = 0; at < declarations.length; at += STRIDE) {
			if (declarations[at + KIND] !== METHOD) continue;
			const selector = declarations[at + SELECTOR] as number;
			namesakes[selector] = (namesakes[selector] as number) + 1;
		}
		for (let at = 0; at < selectors.length; at++) mentioned[selectors[at] as number] = 1;
	}
	const imports = new Set<string>();
	for (const { imports: theirs } of packages) for (const path of theirs) imports.add(path);
	return { packages, imports, namesakes, mentioned, index, methods: new Map(), methodsSeenFrom: new WeakMap() };
}

export function isSameList<T>(one: ArrayLike<T>, other: ArrayLike<T>): boolean {
	if (one.length !== other.length) return false;
	for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
	return true;
}
