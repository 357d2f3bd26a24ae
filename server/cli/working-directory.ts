import { isAbsolute, resolve } from 'node:path';
import { UsageError } from './usage-error.ts';

/** The current directory, or `undefined` where it was removed. */
export function workingDirectory(): string | undefined {
	try {
		return process.cwd();
	} catch {
		return undefined;
	}
}

/**
 * The path from the root.
 *
 * @throws UsageError where it starts from a current directory that was removed.
 */
export function absolutePath(path: string): string {
	const base = isAbsolute(path) ? path : workingDirectory();
	if (base === undefined) throw new UsageError(`${path} cannot be read: the current directory does not exist.`);
	return resolve(base, path);
}
