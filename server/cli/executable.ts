import { run } from './main.ts';

/** The program of the single executable, which holds Node and the whole command line. */
async function start(): Promise<void> {
	// There it is the word that was typed, and what was read is kept for the file that runs.
	process.argv[1] = process.execPath;
	const { exitCode, allIsOut } = await run(process.argv.slice(2));
	process.exitCode = exitCode;
	if (allIsOut) process.exit();
}

void start();
