import { join } from 'node:path';
import { loadProgram } from '../workspace/node-kept-program.ts';

/**
 * The program that is started: it loads the command line, and keeps what V8 made of it. That halves what a check of one Dockerfile
 * takes.
 */

type CommandLine = typeof import('./main.ts');

async function start(): Promise<void> {
	const program = loadProgram(join(__dirname, 'command-line.cjs'), process.env);
	const { run } = program.exports as CommandLine;
	const { exitCode, analysed, allIsOut } = await run(process.argv.slice(2));
	// A run that did little would leave most of it out.
	if (analysed) program.keep();
	process.exitCode = exitCode;
	// Ended at once where nothing is on its way any more: to take everything down in order takes Node a while.
	if (allIsOut) process.exit();
}

void start();
