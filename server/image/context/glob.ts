import { matchesPattern } from './dockerignore.ts';

/** Whatever names can be matched against: a stage's files, or a build context. */
export interface Listable {
	/** The names in a directory (`.` or `/` for the root), and whether there may be more. */
	list(directory: string): { readonly names: readonly string[]; readonly complete: boolean } | undefined;
}

const MAX_MATCHES = 2_000;

export function isGlob(path: string): boolean {
	return /[*?[]/.test(path);
}

/** The part of a path in front of its first wildcard, `.` for none: the directory that must be there for anything to match. */
export function fixedPart(path: string): string {
	if (!isGlob(path)) return path;
	const names = path.split('/');
	return names.slice(0, names.findIndex(isGlob)).join('/') || '.';
}

/**
 * The paths below `root` that match the pattern, name by name as Go's filepath.Match does it, and whether there may be more.
 * @param deep whether `**` stands for any number of directories, as with COPY --parents
 */
export function glob(
	files: Listable,
	root: string,
	pattern: string,
	deep = false,
): { readonly matches: string[]; readonly complete: boolean } {
	const names = pattern.split('/').filter((name) => name !== '' && name !== '.');
	let found = [root];
	let complete = true;
	for (const name of names) {
		if (deep && name === '**') {
			// The list grows while it is gone through.
			for (const directory of found) {
				const listed = files.list(directory);
				if (listed?.complete !== true) complete = false;
				for (const child of listed?.names ?? [])
					found.push(directory === '.' ? child : directory === '/' ? `/${child}` : `${directory}/${child}`);
				if (found.length > MAX_MATCHES) return { matches: [], complete: false };
			}
			continue;
		}
		const next: string[] = [];
		for (const directory of found) {
			const path = (child: string) => (directory === '.' ? child : directory === '/' ? `/${child}` : `${directory}/${child}`);
			const listed = files.list(directory);
			if (listed === undefined) {
				complete = false;
				continue;
			}
			if (!listed.complete) complete = false;
			for (const child of listed.names) if (child === name || (isGlob(name) && matchesPattern(name, child))) next.push(path(child));
			if (next.length > MAX_MATCHES) return { matches: next.slice(0, MAX_MATCHES), complete: false };
		}
		found = next;
	}
	return { matches: found, complete };
}
