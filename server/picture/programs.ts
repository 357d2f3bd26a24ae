import type { ShippedBinary } from '../facts/facts.ts';
import { COMMAND_LINE_ARGUMENTS } from '../program/root-packages.ts';

/** The import paths of the program, or the files that the command names; empty where it is not known which program it is. */
export function programOfBinary({ program, mainPackage, linked }: Pick<ShippedBinary, 'program' | 'mainPackage' | 'linked'>): string[] {
	if (program === undefined) {
		const path = mainPackage?.importPath ?? (linked?.kind === 'program' ? linked.build?.mainPackage : undefined);
		return path === undefined ? [] : [path];
	}
	return program.roots.map(({ importPath }) => (importPath === COMMAND_LINE_ARGUMENTS ? program.request.packages.join(' ') : importPath));
}
