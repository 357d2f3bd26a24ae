import { join, resolve } from 'node:path';

/**
 * Where programs of this user keep what they can make again: the directory that GO_SCRATCH_CACHE names, else one below that of the
 * system. `undefined` where that variable is `off`, or nothing says where the user is at home.
 */
export function cacheDirectory(environment: Readonly<Record<string, string | undefined>>): string | undefined {
	const { GO_SCRATCH_CACHE, XDG_CACHE_HOME, LOCALAPPDATA, HOME } = environment;
	if (GO_SCRATCH_CACHE === 'off') return undefined;
	if (GO_SCRATCH_CACHE) return resolve(GO_SCRATCH_CACHE);
	if (process.platform === 'win32') return LOCALAPPDATA && join(LOCALAPPDATA, 'go-scratch');
	if (process.platform === 'darwin') return HOME && join(HOME, 'Library', 'Caches', 'go-scratch');
	const caches = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
	return caches && join(caches, 'go-scratch');
}
