import { version } from '../../package.json';
import { rules } from '../rules/index.ts';
import { parseCommandLine, UsageError } from './arguments.ts';
import { checkCommand } from './check.ts';
import { colorsFor } from './colors.ts';
import { CLEAN, FAILURE } from './exit-codes.ts';
import { withoutStack } from './failures.ts';
import { fixCommand } from './fix.ts';
import { generateCommand } from './generate.ts';
import { allIsOut, write } from './output.ts';
import { joined, linesOf, type Printable, terminal } from './printable.ts';
import { explainText, rulesText } from './rules.ts';
import { createSession, type Session, type SessionOptions } from './session.ts';

/**
 * Does what the words behind the program's name say.
 *
 * @returns The exit code, and whether all that was written has gone out.
 */
export async function run(words: readonly string[]): Promise<{ exitCode: number; allIsOut: boolean }> {
	let session: Session | undefined;
	const sessionFor = (options?: SessionOptions) => {
		session = createSession(options);
		return session;
	};
	let exitCode: number;
	try {
		exitCode = await runCommand(words, sessionFor);
		if (session !== undefined && session.failures.length > 0) exitCode = FAILURE;
		await session?.analyser.reader.keep();
		if (session?.timing !== undefined) write('stderr', session.timing.report());
	} catch (error) {
		const known = error instanceof UsageError;
		const described = String(error instanceof Error ? error.stack : error);
		const told = known ? joined(error.lines, '\n') : linesOf(words.includes('--verbose') ? described : withoutStack(described));
		write('stderr', terminal`${told}\n`);
		exitCode = FAILURE;
	}
	return { exitCode, allIsOut };
}

async function runCommand(words: readonly string[], sessionFor: (options?: SessionOptions) => Session): Promise<number> {
	const command = parseCommandLine(words);
	const print = (text: Printable) => write('stdout', text);
	switch (command.name) {
		case 'help':
			print(terminal`${linesOf(command.text)}\n`);
			return CLEAN;
		case 'version':
			print(terminal`${version}\n`);
			return CLEAN;
		case 'check':
			return checkCommand(command, sessionFor(command), print);
		case 'fix':
			return fixCommand(command, sessionFor(command), print);
		case 'generate': {
			const { analyser, files } = sessionFor();
			write('stderr', terminal`${await generateCommand(command, analyser, files, print)}\n`);
			return CLEAN;
		}
		default: {
			const colors = colorsFor('stdout');
			print(command.name === 'rules' ? rulesText(rules, command.format, colors) : explainText(rules, command.code, colors));
			return CLEAN;
		}
	}
}
