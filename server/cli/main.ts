import { version } from '../../package.json';
import { parseCommandLine } from './arguments.ts';
import { COMMANDS } from './commands/index.ts';
import { CLEAN, FAILURE } from './exit-codes.ts';
import { withoutStack } from './failures.ts';
import { allIsOut, write } from './output.ts';
import { joined, linesOf, type Printable, terminal } from './printable.ts';
import { createSession, type Session, type SessionOptions } from './session.ts';
import { UsageError } from './usage-error.ts';

/**
 * Does what the words after the program's name say.
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
	const invocation = parseCommandLine(words, COMMANDS);
	const print = (text: Printable) => write('stdout', text);
	switch (invocation.kind) {
		case 'help':
			print(terminal`${linesOf(invocation.text)}\n`);
			return CLEAN;
		case 'version':
			print(terminal`${version}\n`);
			return CLEAN;
		case 'command':
			return invocation.command.run(invocation.request, { print, sessionFor, commands: COMMANDS });
	}
}
