import { isWithin } from '../workspace/paths.ts';

/** The directory of the downloaded module that a path lies in, whose files never change; `undefined` for any other path. */
export type Downloaded = (path: string) => string | undefined;

/** What lies in a directory `PATH@VERSION` of a module cache, unless that is the workspace itself, as where a person looks into a module. */
export function downloadedModules(moduleCaches: readonly string[], root: string): Downloaded {
	return (path) => {
		for (const cache of moduleCaches) {
			if (!isWithin(cache, path)) continue;
			const version = path.indexOf('@', cache.length);
			if (version < 0) continue;
			const end = path.indexOf('/', version);
			const directory = end < 0 ? path : path.slice(0, end);
			return isWithin(directory, root) ? undefined : directory;
		}
		return undefined;
	};
}
