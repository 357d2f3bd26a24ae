import type { GoPackage } from '../../package.ts';

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
