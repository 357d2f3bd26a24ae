import { normalize } from './paths.ts';

/**
 * A path of Windows as {@link Files} has it: `c:/src/x` for `C:\src\x`, and `file://server/share/x` for `\\server\share\x`, so that
 * nothing but the beginning tells where a file is. The prefix `\\?\`, which lifts the limit of a path's length, is not part of it.
 */
export function fromWindows(path: string): string {
	const slashed = path.replaceAll('\\', '/').replace(/^\/\/[?.]\/(?:UNC\/)?/i, (prefix) => (prefix.length > 4 ? '//' : ''));
	const network = /^\/\/([^/]+)(\/.*)?$/.exec(slashed);
	if (network !== null) return normalize(`file://${network[1]?.toLowerCase()}${network[2] ?? '/'}`);
	return normalize(slashed.replace(/^[A-Z]:(?=\/|$)/, (drive) => drive.toLowerCase()).replace(/^[a-z]:$/, '$&/'));
}

/** The path that Windows opens: with slashes, which it takes as well. */
export function toWindows(path: string): string {
	return path.startsWith('file://') ? path.slice('file:'.length) : path;
}
