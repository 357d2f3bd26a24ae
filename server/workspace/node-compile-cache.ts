import nodeModule, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { createNodeArchive } from './node-archive.ts';
import { cacheDirectory, makeCacheDirectory } from './node-cache-directory.ts';
import { readBytes } from './node-read.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What later versions of Node than the oldest supported one have. */
interface CompileCache {
	enableCompileCache?(directory: string): unknown;
	flushCompileCache?(): void;
}

const node = nodeModule as CompileCache;

/** In bytes; the bundle of the server has one million. */
const LARGEST_PROGRAM = 16 * 1024 * 1024;

/**
 * Has Node keep compiled code for the next start, if it can (from 22.1 on), in the user's own cache directory: that halves the time of a
 * start. Node checks the length and checksum of the code, and names it after its own version and the text. An older Node compiles again
 * at each start.
 *
 * NODE_DISABLE_COMPILE_CACHE and NODE_COMPILE_CACHE apply, and nothing is kept in a directory that is not the user's own.
 */
export function enableCompileCache(environment: Environment): void {
	const directory = node.enableCompileCache === undefined ? undefined : cacheDirectory(environment);
	if (directory === undefined || makeCacheDirectory(directory) !== undefined) return;
	node.enableCompileCache?.(join(directory, 'node'));
}

/**
 * Loads a program that runs for long, with compiled code that an earlier process has kept. Node before 22.1 has no compile cache: there
 * the code is an entry of the archive, which checks every byte of it, and V8 checks that it is for this version and these flags.
 *
 * @param file A bundle in CommonJS.
 * @returns A function that keeps the code of all that has run up to then. Node does that itself at the end, but not if it is killed.
 */
export function loadCompiled(file: string, environment: Environment): () => void {
	const require = createRequire(file);
	const archive =
		node.enableCompileCache !== undefined || environment.NODE_DISABLE_COMPILE_CACHE
			? undefined
			: createNodeArchive(environment, file, () => {});
	if (archive === undefined) {
		enableCompileCache(environment);
		require(file);
		return () => node.flushCompileCache?.();
	}
	const name = `compiled ${[process.version, process.arch, ...process.execArgv].join(' ')}`;
	const cachedData = archive.read(name) as Buffer | undefined;
	const source = nodeModule.wrap(readBytes(file, LARGEST_PROGRAM).toString());
	const script = new Script(source, { filename: file, cachedData });
	const module = { exports: {} };
	script.runInThisContext().call(module.exports, module.exports, require, module, file, dirname(file));
	if (cachedData !== undefined && script.cachedDataRejected === false) return () => {};
	return () => archive.write(name, script.createCachedData());
}
