import { version } from '../../package.json';
import { parseCommandLine, UsageError } from './arguments.ts';
import { checkCommand } from './check.ts';
import { colorsFor } from './colors.ts';
import { CLEAN, FAILURE } from './exit-codes.ts';
import { write } from './output.ts';
import { createSession } from './session.ts';

/**
 * Does what the words behind the program's name say.
 *
 * @returns The exit code.
 */
export async function run(words: readonly string[]): Promise<number> {
	try {
		return await runCommand(words);
	} catch (error) {
		const known = error instanceof UsageError;
		write('stderr', `${known ? error.message : error instanceof Error ? error.stack : error}\n`);
		return FAILURE;
	}
}

async function runCommand(words: readonly string[]): Promise<number> {
	const command = parseCommandLine(words);
	const print = (text: string) => write('stdout', text);
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
			write('stderr', `${await generateCommand(command, analyser, files, print)}\n`);
			return CLEAN;
		}
		default: {
			const [{ rules }, { rulesText, explainText }] = await Promise.all([import('../rules/index.ts'), import('./rules.ts')]);
			const colors = colorsFor('stdout');
			print(command.name === 'rules' ? rulesText(rules, command.format, colors) : explainText(rules, command.code, colors));
			return CLEAN;
		}
	}
}
