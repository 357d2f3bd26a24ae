import { belongsTo } from '../../../knowledge/import-paths.ts';
import type { GoPackage } from '../../package.ts';
import { type HandedUrl, packageOf } from './judgement.ts';

/** Packages through which a program learns addresses that stand nowhere in its text. */
const CONFIGURATION = ['os', 'flag', 'io/ioutil', 'embed'];

/**
 * Whether all addresses that a program can ask for are known to do without TLS, though a dependency asks for them: the workspace's
 * own code names some that begin with `http://` and none that begin otherwise, and neither it nor what it imports reads any
 * configuration.
 */
export async function namesPlainAddressesOnly(
	byPath: ReadonlyMap<string, GoPackage>,
	readText: (path: string) => Promise<string | undefined>,
): Promise<boolean> {
	const own = [...byPath.values()].filter((found) => found.own);
	const near = new Set(own.flatMap(({ imports }) => [...imports]).map((path) => byPath.get(path)));
	if ([...own, ...near].some((found) => found !== undefined && CONFIGURATION.some((path) => found.imports.has(path)))) return false;
	let plain = false;
	for (const { files } of own) {
		for (const { path } of files) {
			const text = await readText(path);
			if (text === undefined || /["`](?:https|wss):/i.test(text)) return false;
			plain ||= /["`]http:\/\//i.test(text);
		}
	}
	return plain;
}

/** Whether the program hands URLs to a package, or to one of its module above or below it, and all of them do without TLS. */
export function isHandedPlainOnly(handed: readonly HandedUrl[], importPath: string | undefined): boolean {
	if (importPath === undefined) return false;
	const theirs = handed.filter(({ into }) => {
		const path = packageOf(into);
		return belongsTo(path, importPath) || belongsTo(importPath, path);
	});
	return theirs.length > 0 && theirs.every(({ plain }) => plain);
}
