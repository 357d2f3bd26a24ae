/** Pure functions on the slash-separated paths of {@link Files}; Node's own `path` is not there in a browser. */

/** `path` without `.`, `..`, doubled and trailing slashes. A leading `/` stays; `..` does not climb above the root. */
export function normalize(path: string): string {
	// Nearly every path is as it should be already.
	if (path.startsWith('/') && !/\/(?:\.|\/|$)/.test(path)) return path;
	const root = rootOf(path);
	const names: string[] = [];
	for (const name of path.slice(root.length).split('/')) {
		if (name === '' || name === '.') continue;
		if (name !== '..') names.push(name);
		else if (names.length > 0 && names.at(-1) !== '..') names.pop();
		else if (root === '') names.push('..');
	}
	return root + names.join('/') || '.';
}

/** What stands before the first name: `/`, `c:/`, `scheme://authority/`, or nothing where the path is relative. */
function rootOf(path: string): string {
	if (!path.startsWith('/') && !path.includes(':')) return '';
	return /^(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*\/|[A-Za-z]:\/|\/+)/.exec(path)?.[0].replace(/^\/+$/, '/') ?? '';
}

/** The scheme of a path's URI: `file`, unless another one stands at its beginning. */
export function schemeOf(path: string): string {
	return /^([A-Za-z][A-Za-z0-9+.-]+):\/\//.exec(path)?.[1] ?? 'file';
}

export function isAbsolute(path: string): boolean {
	return path.startsWith('/') || rootOf(path) !== '';
}

/**
 * `path` as seen from `directory`; an absolute `path` stays what it is.
 *
 * A path of another scheme or server is taken for names below the directory, as Go and Docker take it: it may stand in a file of the
 * repository, and to look for it would be to connect to a machine that the repository chose.
 */
export function join(directory: string, ...paths: string[]): string {
	let result = directory;
	for (const path of paths) {
		const stays = isAbsolute(path) && (!path.includes('://') || isSamePlace(directory, path));
		result = stays ? path : result.endsWith('/') ? result + path : `${result}/${path}`;
	}
	return normalize(result);
}

/** Whether the scheme and the server of both paths are the same. */
function isSamePlace(one: string, other: string): boolean {
	return rootOf(one) === rootOf(other);
}

/** The directory that holds `path`; that of a root is the root itself. */
export function dirname(path: string): string {
	const normal = normalize(path);
	if (normal.startsWith('/')) return normal.slice(0, normal.lastIndexOf('/')) || '/';
	return join(normal, '..');
}

/**
 * The directory and those above it, the nearest first, up to the root; those of a relative path up to the directory that it counts from.
 * It ends for every text: `dirname` alone does not, because above `..` there is always another `..`.
 */
export function* ancestors(directory: string): Generator<string, void, undefined> {
	for (let at = normalize(directory); ; at = dirname(at)) {
		yield at;
		if (at === '.' || at === dirname(at) || basename(at) === '..') return;
	}
}

/** The last name of `path`. */
export function basename(path: string): string {
	const normal = normalize(path);
	return normal.slice(normal.lastIndexOf('/') + 1);
}

/** Whether `path` is `directory` or lies below it. */
export function isWithin(directory: string, path: string): boolean {
	return path === directory || path.startsWith(directory.endsWith('/') ? directory : `${directory}/`);
}

/**
 * `directory` as `path` spells it, where it is or holds `path`. Below a Windows drive the case of letters does not count: editors and
 * command lines write what a person typed.
 */
export function spelledWithin(directory: string, path: string): string | undefined {
	const folds = /^[a-z]:\//.test(directory);
	const within = folds ? isWithin(directory.toLowerCase(), path.toLowerCase()) : isWithin(directory, path);
	return within ? path.slice(0, directory.length) : undefined;
}

/** `path` as seen from `directory` (`.` for the directory itself), or `undefined` where it does not lie below it. */
export function relativeWithin(directory: string, path: string): string | undefined {
	if (path === directory) return '.';
	if (!isWithin(directory, path)) return undefined;
	return path.slice(directory.endsWith('/') ? directory.length : directory.length + 1);
}

/** `to` as seen from `from`, with `..` where it lies elsewhere; both are absolute, or relative to the same root. */
export function relativePath(from: string, to: string): string {
	const base = from === '.' ? [] : from.split('/');
	const target = to === '.' ? [] : to.split('/');
	let common = 0;
	while (common < base.length && common < target.length && base[common] === target[common]) common++;
	return [...base.slice(common).map(() => '..'), ...target.slice(common)].join('/') || '.';
}
