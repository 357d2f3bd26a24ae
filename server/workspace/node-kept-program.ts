import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { cacheDirectory } from './node-cache-directory.ts';

/**
 * Programs of which is kept what V8 made of them, so that the next start need not compile them again.
 *
 * Nothing depends on it: what was kept is used only where V8 accepts it for this Node and this text, and where it cannot be kept,
 * nothing is. GO_SCRATCH_CACHE names another directory, or is `off`; Node's own NODE_DISABLE_COMPILE_CACHE turns it off as well.
 */

/** A program that was loaded. */
export interface LoadedProgram {
	readonly exports: unknown;
	/**
	 * Keeps what was compiled up to now, where nothing is kept yet: the more of its functions were called by then, the more it is worth.
	 */
	keep(): void;
}

/** So many versions, of all programs and of Node together, are kept; they stand beside what is kept of Go. */
const MAX_KEPT = 8;
const PREFIX = 'start';

/** Loads the bundle `file`, which is CommonJS, requires nothing but what Node itself brings, and is written in ASCII. */
export function loadProgram(file: string, environment: Readonly<Record<string, string | undefined>>): LoadedProgram {
	const directory = environment.NODE_DISABLE_COMPILE_CACHE ? undefined : cacheDirectory(environment);
	if (directory === undefined) return { exports: require(file), keep: () => {} };
	// Whatever replaces the file changes its ctime, whichever times an archive gives to its content.
	const { ino, size, ctimeMs } = statSync(file);
	const name = [PREFIX, process.version, process.arch, ino, size, ctimeMs].join('-');
	const kept = readKept(join(directory, name));
	// What is nothing but ASCII is read twice as fast so.
	const script = new Script(`(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`, {
		filename: file,
		cachedData: kept,
	});
	const module: { exports: unknown } = { exports: {} };
	script.runInThisContext()(module.exports, require, module, file, dirname(file));
	return {
		exports: module.exports,
		keep() {
			if (kept === undefined || script.cachedDataRejected) keep(directory, name, script);
		},
	};
}

/** What was kept. It is run, so it must be this user's own work. */
function readKept(path: string): Buffer | undefined {
	try {
		if (process.geteuid !== undefined) {
			const { uid, mode } = statSync(path);
			if (uid !== process.geteuid() || (mode & 0o022) !== 0) return undefined;
		}
		return readFileSync(path);
	} catch {
		return undefined;
	}
}

function keep(directory: string, name: string, script: Script): void {
	try {
		mkdirSync(directory, { recursive: true, mode: 0o700 });
		// Another process may read at this moment; it sees all or nothing.
		const unfinished = join(directory, `${name}.${process.pid}`);
		writeFileSync(unfinished, script.createCachedData(), { mode: 0o600 });
		renameSync(unfinished, join(directory, name));
		const old = readdirSync(directory)
			.filter((each) => each.startsWith(PREFIX))
			.map((each) => ({ path: join(directory, each), time: statSync(join(directory, each)).mtimeMs }))
			.sort((a, b) => b.time - a.time)
			.slice(MAX_KEPT);
		for (const { path } of old) rmSync(path, { force: true });
	} catch {
		// A home that cannot be written to, or a full disk: the next start compiles again.
	}
}
