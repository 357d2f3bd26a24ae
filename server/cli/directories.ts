import { statSync } from 'node:fs';
import { pathFromNative } from '../workspace/node-files.ts';
import { absolutePath } from './working-directory.ts';

/** The directories among the paths that were named, from the root of the file system. */
export function directoriesAmong(paths: readonly string[]): string[] {
	return paths.flatMap((path) => {
		try {
			const absolute = absolutePath(path);
			return statSync(absolute).isDirectory() ? [pathFromNative(absolute)] : [];
		} catch {
			// Told where Dockerfiles are looked for.
			return [];
		}
	});
}
