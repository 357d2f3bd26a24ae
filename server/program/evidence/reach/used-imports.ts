import { METHODS, type Names } from '../read/names.ts';
import { STRIDE, USES_END, USES_START } from '../read/scan.ts';
import type { DeclarationIndex, IndexedFile } from './index.ts';

/** The import paths of packages that the workspace's own code names where it was reached. */
export function usedImports(files: readonly IndexedFile[], index: DeclarationIndex, question: number, names: Names): ReadonlySet<string> {
	const { symbols } = index;
	const found = new Set<number>();
	for (const { package: owner, scan, first } of files) {
		if (!owner.own) continue;
		const { declarations, uses } = scan;
		for (let at = 0; at < declarations.length; at += STRIDE) {
			if (index.reached[first + at / STRIDE] !== question) continue;
			const end = declarations[at + USES_END] as number;
			for (let use = declarations[at + USES_START] as number; use < end; use++) {
				found.add(symbols.packages[uses[use] as number] as number);
			}
		}
	}
	found.delete(METHODS);
	return new Set([...found].map((path) => names.texts[path] as string));
}
