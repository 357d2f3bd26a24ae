import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { cacheDirectory } from '../workspace/node-cache-directory.ts';

/**
 * The program that is started: it loads the command line, and keeps what V8 made of it, so that the next start need not compile it
 * again. That halves what a check of one Dockerfile takes.
 *
 * Nothing depends on it: what was kept is used only where V8 accepts it for this Node and this text, and where it cannot be kept,
 * nothing is. GO_SCRATCH_CACHE names another directory, or is `off`; Node's own NODE_DISABLE_COMPILE_CACHE turns it off as well.
 */

type CommandLine = typeof import('./main.ts');

/** So many versions, of this program and of Node together, are kept; they stand beside what is kept of Go. */
const MAX_KEPT = 6;
const PREFIX = 'start';

const file = join(__dirname, 'command-line.cjs');

async function start(): Promise<void> {
	const directory = process.env.NODE_DISABLE_COMPILE_CACHE ? undefined : cacheDirectory(process.env);
	if (directory === undefined) return end(await (require(file) as CommandLine).run(process.argv.slice(2)));
	// Whatever replaces the file changes its ctime, whichever times an archive gives to its content.
	const { ino, size, ctimeMs } = statSync(file);
	const name = [PREFIX, process.version, process.arch, ino, size, ctimeMs].join('-');
	const kept = readKept(join(directory, name));
	// The text has no other characters than those of ASCII, which are read twice as fast so.
	const script = new Script(`(function (exports, require, module) {${readFileSync(file, 'latin1')}\n})`, {
		filename: file,
		cachedData: kept,
	});
	const module: { exports: Partial<CommandLine> } = { exports: {} };
	script.runInThisContext()(module.exports, require, module);
	const result = await (module.exports as CommandLine).run(process.argv.slice(2));
	// Made now, it holds also what was compiled when it was first called; a run that did little would leave most of it out.
	if (result.analysed && (kept === undefined || script.cachedDataRejected)) keep(directory, name, script);
	end(result);
}

/** Ends at once where nothing is on its way any more: to take everything down in order takes Node a while. */
function end({ exitCode, allIsOut }: Awaited<ReturnType<CommandLine['run']>>): void {
	process.exitCode = exitCode;
	if (allIsOut) process.exit();
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

void start();
