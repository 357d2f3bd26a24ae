import { nearestName } from '../text/nearest.ts';
import type { Command, Given, Option } from './command.ts';
import { generalHelp, helpOf } from './help.ts';
import { UsageError } from './usage-error.ts';

/** What the words after the program's name ask for. */
export type Invocation =
	| { readonly kind: 'help'; readonly text: string }
	| { readonly kind: 'version' }
	/** @param request What the command's `read` made of the words, for its `run`. */
	| { readonly kind: 'command'; readonly command: Command; readonly request: unknown };

/** Options of every command; what they do is not in the help of each. */
const COMMON = { help: { short: 'h', help: '' }, version: { short: 'v', help: '' } } as const satisfies Record<string, Option>;

/**
 * Reads the arguments after the program's name.
 *
 * @throws UsageError which says what is wrong with them.
 */
export function parseCommandLine(words: readonly string[], commands: readonly Command[]): Invocation {
	const [first, ...rest] = words;
	if (first === undefined) throw new UsageError(...generalHelp(commands).split('\n'));
	if (first === '--version' || first === '-v' || first === 'version') return { kind: 'version' };
	if (first === '--help' || first === '-h') return { kind: 'help', text: generalHelp(commands) };
	if (first === 'help') {
		return { kind: 'help', text: rest[0] === undefined ? generalHelp(commands) : helpOf(commandNamed(rest[0], commands)) };
	}
	const command = commandNamed(first, commands);
	const { values, operands } = separated(command, rest);
	if (values.has('help')) return { kind: 'help', text: helpOf(command) };
	if (values.has('version')) return { kind: 'version' };
	return { kind: 'command', command, request: command.read(givenTo(command, values, operands)) };
}

function commandNamed(word: string, commands: readonly Command[]): Command {
	const command = commands.find(({ name }) => name === word);
	if (command !== undefined) return command;
	const names = [...commands.map(({ name }) => name), 'help', 'version'];
	throw new UsageError(`Unknown command ${word}${hint(word, names)}.`, 'See go-scratch --help.');
}

/** By the name of each option that is given: its values, none for a flag. */
type Values = ReadonlyMap<string, readonly string[]>;

/**
 * Separates options from other words: `--name VALUE`, `--name=VALUE`, `-n VALUE`; a word after `--` is not an option. Node's own
 * parser does the same, and takes longer to load than a Dockerfile takes to read.
 */
function separated(command: Command, words: readonly string[]): { values: Values; operands: string[] } {
	const options: ReadonlyMap<string, Option> = new Map(Object.entries({ ...COMMON, ...command.options }));
	const values = new Map<string, readonly string[]>();
	const operands: string[] = [];
	for (let index = 0; index < words.length; index++) {
		const word = words[index] as string;
		if (word === '--') {
			operands.push(...words.slice(index + 1));
			break;
		}
		if (!word.startsWith('-') || word === '-') {
			operands.push(word);
			continue;
		}
		const equals = word.startsWith('--') ? word.indexOf('=') : -1;
		const given = equals < 0 ? word : word.slice(0, equals);
		const found = [...options].find(([name, { short }]) => given === `--${name}` || (short !== undefined && given === `-${short}`));
		if (found === undefined) {
			const names = [...options.keys()].map((each) => `--${each}`);
			throw wrong(command, `unknown option ${given} of ${command.name}${hint(given, names)}`);
		}
		const [name, option] = found;
		if (option.value === undefined) {
			if (equals >= 0) throw wrong(command, `${given} takes no value`);
			values.set(name, []);
			continue;
		}
		const value = equals < 0 ? words[++index] : word.slice(equals + 1);
		// A word that looks like an option is one, and the value was forgotten; after an equals sign it is a value.
		if (value === undefined || (equals < 0 && /^--?[a-z]/.test(value))) throw wrong(command, `${given} requires a value`);
		values.set(name, option.multiple === true ? [...(values.get(name) ?? []), value] : [value]);
	}
	return { values, operands };
}

function givenTo(command: Command, values: Values, operands: readonly string[]): Given {
	const word = <Word extends string>(what: string, written: string, words: readonly Word[]): Word => {
		const known = words.find((each) => each === written);
		if (known !== undefined) return known;
		throw wrong(command, `${what} must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}, not ${written}${hint(written, words)}`);
	};
	return {
		operands,
		word,
		has: (option) => values.has(option),
		value: (option) => values.get(option)?.at(-1),
		values: (option) => values.get(option) ?? [],
		oneOf: (option, words, usual) => word(`--${option}`, values.get(option)?.at(-1) ?? usual, words),
		wrong: (message) => wrong(command, message),
	};
}

function wrong(command: Command, message: string): UsageError {
	return new UsageError(`${message}.`, `See go-scratch ${command.name} --help.`);
}

function hint(word: string, names: readonly string[]): string {
	const nearest = nearestName(word, names);
	return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}
