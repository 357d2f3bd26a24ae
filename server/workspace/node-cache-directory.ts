import { lstatSync, mkdirSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where programs of this user keep what they can make again: the directory that GO_SCRATCH_CACHE names, else one below that of the
 * system. `undefined` where that variable is `off`, or nothing says where the user is at home.
 *
 * A relative XDG_CACHE_HOME counts as none, as the XDG Base Directory Specification says; so does any other relative home.
 */
export function cacheDirectory(environment: Environment): string | undefined {
	const { GO_SCRATCH_CACHE, XDG_CACHE_HOME } = environment;
	if (GO_SCRATCH_CACHE === 'off') return undefined;
	if (GO_SCRATCH_CACHE) return resolve(GO_SCRATCH_CACHE);
	const home = absolute(environment.HOME);
	const system = {
		win32: () => absolute(environment.LOCALAPPDATA),
		darwin: () => home && join(home, 'Library', 'Caches'),
	}[process.platform as string];
	const caches = system === undefined ? (absolute(XDG_CACHE_HOME) ?? (home && join(home, '.cache'))) : system();
	return caches && join(caches, 'go-scratch');
}

function absolute(path: string | undefined): string | undefined {
	return path !== undefined && isAbsolute(path) ? path : undefined;
}

/**
 * Why nothing is kept in a directory, as the end of a sentence; `absent` where it is not there, `undefined` where it is this user's own
 * and closed to everybody else.
 *
 * Windows knows no user ids and no modes: there `LOCALAPPDATA` belongs to the user, and what is looked at is that it is a directory and not
 * a link or junction.
 */
export function whyUnsafe(directory: string): string | undefined {
	let found: ReturnType<typeof lstatSync>;
	try {
		found = lstatSync(directory);
	} catch {
		return ABSENT;
	}
	if (found.isSymbolicLink()) return 'it is a link';
	if (!found.isDirectory()) return 'it is not a directory';
	if (process.geteuid === undefined) return undefined;
	if (found.uid !== process.geteuid()) return 'it belongs to another user';
	return (found.mode & 0o077) === 0 ? undefined : 'other users have access to it (run chmod 700)';
}

/** What {@link whyUnsafe} answers of a directory that is not there, or that cannot be looked at. */
export const ABSENT = 'absent';

/** Makes the directory where it is not there; then as {@link whyUnsafe}. */
export function makeCacheDirectory(directory: string): string | undefined {
	if (whyUnsafe(directory) === ABSENT) {
		try {
			makeDirectory(directory);
		} catch {
			// A home that cannot be written to, as in many containers.
		}
	}
	return whyUnsafe(directory);
}

/**
 * Makes the directory and those above it, one at a time: Node's own `recursive` never returns for a path below /proc that is not there.
 *
 * @throws What the system says where one of them cannot be made.
 */
function makeDirectory(directory: string): void {
	const missing: string[] = [];
	for (let at = directory; lstatSync(at, { throwIfNoEntry: false }) === undefined; at = dirname(at)) {
		missing.push(at);
		// A drive that is not there.
		if (dirname(at) === at) {
			break;
		}
	}
	for (const at of missing.reverse()) {
		try {
			mkdirSync(at, { mode: 0o700 });
		} catch (error) {
			// Another process may have made it meanwhile.
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
				throw error;
			}
		}
	}
}
