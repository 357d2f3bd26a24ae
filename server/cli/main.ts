#!/usr/bin/env node
import { version } from '../../package.json';
import { parseCommandLine, UsageError } from './arguments.ts';
import { checkCommand } from './check.ts';
import { colorsFor } from './colors.ts';
import { CLEAN, FAILURE } from './exit-codes.ts';
import { createSession } from './session.ts';

async function run(words: readonly string[]): Promise<number> {
	const command = parseCommandLine(words);
	switch (command.name) {
		case 'help':
			print(`${command.text}\n`);
			return CLEAN;
		case 'version':
			print(`${version}\n`);
			return CLEAN;
		case 'check':
			return checkCommand(command, createSession(), print);
		case 'fix': {
			const { fixCommand } = await import('./fix.ts');
			return fixCommand(command, createSession(), print);
		}
		case 'generate': {
			const { generateCommand } = await import('./generate.ts');
			const { analyser, files } = createSession();
			const told = await generateCommand(command, analyser, files, print);
			process.stderr.write(`${told}\n`);
			return CLEAN;
		}
		default: {
			const [{ rules }, { rulesText, explainText }] = await Promise.all([import('../rules/index.ts'), import('./rules.ts')]);
			const colors = colorsFor(process.stdout);
			print(command.name === 'rules' ? rulesText(rules, command.format, colors) : explainText(rules, command.code, colors));
			return CLEAN;
		}
	}
}

function print(text: string): void {
	process.stdout.write(text);
}

// Whoever reads the output may have seen enough: `go-scratch check | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code !== 'EPIPE') throw error;
});

run(process.argv.slice(2)).then(
	(code) => {
		// Not process.exit: what was written to a pipe may still be on its way.
		process.exitCode = code;
	},
	(error: unknown) => {
		const known = error instanceof UsageError;
		process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : error}\n`);
		process.exitCode = FAILURE;
	},
);
