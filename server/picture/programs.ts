import type { ShippedBinary } from '../facts/facts.ts';
import { COMMAND_LINE_ARGUMENTS } from '../program/root-packages.ts';

/** The import paths of the program, or the files that the command names; empty where it is not known which program it is. */
export function programOfBinary({ program, mainPackage }: Pick<ShippedBinary, 'program' | 'mainPackage'>): string[] {
	if (program === undefined) return mainPackage === undefined ? [] : [mainPackage.importPath];
	return program.roots.map(({ importPath }) => (importPath === COMMAND_LINE_ARGUMENTS ? program.request.packages.join(' ') : importPath));
}
