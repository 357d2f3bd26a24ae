import { enableCompileCache } from '../workspace/node-compile-cache.ts';

/** The program that is started: it has Node keep what it compiles, and loads the command line. */

type CommandLine = typeof import('./main.ts');

async function start(): Promise<void> {
	const words = process.argv.slice(2);
	enableCompileCache(process.env);
	const { run }: CommandLine = require(`${__dirname}/command-line.cjs`);
	const { exitCode, allIsOut } = await run(words);
	process.exitCode = exitCode;
	// Ended at once where nothing is on its way any more: to take everything down in order takes Node a while.
	if (allIsOut) process.exit();
}

void start();
