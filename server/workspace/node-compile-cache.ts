import nodeModule from 'node:module';
import { join } from 'node:path';
import { cacheDirectory, makeCacheDirectory } from './node-cache-directory.ts';

/** What later versions of Node than the oldest supported one have. */
interface CompileCache {
	enableCompileCache?(directory: string): unknown;
	flushCompileCache?(): void;
}

const node = nodeModule as CompileCache;

/**
 * Has Node keep what it compiles for the next start, where it can (from 22.1 on), in the user's own directory for caches: that halves the
 * time of a start. Node checks the length and checksum of what it kept, and names it after its own version and the text. An older Node
 * compiles again at each start.
 *
 * Node's NODE_DISABLE_COMPILE_CACHE and NODE_COMPILE_CACHE stand, and nothing is kept in a directory that is not the user's own.
 */
export function enableCompileCache(environment: Readonly<Record<string, string | undefined>>): void {
	const directory = node.enableCompileCache === undefined ? undefined : cacheDirectory(environment);
	if (directory === undefined || makeCacheDirectory(directory) !== undefined) return;
	node.enableCompileCache?.(join(directory, 'node'));
}

/** Writes what was compiled up to now, where Node can (from 22.10 on): a process that is ended from outside would leave nothing. */
export function flushCompileCache(): void {
	node.flushCompileCache?.();
}
