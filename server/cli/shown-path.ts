import { relative, sep } from 'node:path';
import { workingDirectory } from './working-directory.ts';

/** A path as a person at the command line would write it. */
export function shownPath(path: string, base = workingDirectory()): string {
	const shown = base === undefined ? '' : relative(base, path);
	return withSlashes(shown === '' || isAbove(shown) ? path : shown);
}

/** Whether a relative path leaves the directory that it starts from. */
function isAbove(path: string): boolean {
	return path === '..' || path.startsWith(`..${sep}`);
}

/** A path of this system with slashes; in a name, a backslash is a character like any other where the system has it so. */
export function withSlashes(path: string): string {
	return sep === '/' ? path : path.replaceAll(sep, '/');
}
