import { nearestName } from '../text/nearest.ts';
import { type CommandName, GENERAL_HELP, HELP } from './help.ts';

/** Something that the person who called can mend; shown without a stack. */
export class UsageError extends Error {
	readonly lines: readonly string[];

	/** @param lines Of the message; a line feed in one of them belongs to a name or the like, and is shown as such. */
	constructor(...lines: readonly string[]) {
		super(lines.join('\n'));
		this.lines = lines;
	}
}

export type Format = 'text' | 'json' | 'sarif' | 'github';

/** One report: in which shape, and into which file, or `undefined` for the standard output. */
export interface ReportRequest {
	readonly format: Format;
	readonly file: string | undefined;
}

/** From which severity on a finding makes the exit code 1. */
export type FailOn = 'error' | 'warning' | 'information' | 'hint' | 'never';

/** What is looked at: paths to search, or a text that comes through the standard input under a name. */
export type Input = { readonly paths: readonly string[] } | { readonly stdinFilename: string };

interface Judging {
	readonly input: Input;
	readonly failOn: FailOn;
	/** `CODE=severity`, as given. */
	readonly rules: Readonly<Record<string, string>>;
	/** Whether to print how long each reader and rule took. */
	readonly timing: boolean;
	/** Whether to print where in go-scratch a defect is. */
	readonly verbose: boolean;
}

export interface CheckCommand extends Judging {
	readonly name: 'check';
	readonly reports: readonly ReportRequest[];
	readonly baseline: string | undefined;
	readonly writeBaseline: string | undefined;
	/** Whether reports that can tell them apart hold what comments and the baseline silence. */
	readonly showSuppressed: boolean;
}

export interface FixCommand extends Judging {
	readonly name: 'fix';
	readonly diff: boolean;
}

export interface GenerateCommand {
	readonly name: 'generate';
	readonly directory: string;
	readonly main: string | undefined;
	readonly output: string | undefined;
	readonly stdout: boolean;
	readonly comments: boolean;
	readonly force: boolean;
}

export type Command =
	| CheckCommand
	| FixCommand
	| GenerateCommand
	| { readonly name: 'rules'; readonly format: 'text' | 'json' }
	| { readonly name: 'explain'; readonly code: string }
	| { readonly name: 'help'; readonly text: string }
	| { readonly name: 'version' };

const FORMATS: readonly Format[] = ['text', 'json', 'sarif', 'github'];
const FAIL_ON: readonly FailOn[] = ['error', 'warning', 'information', 'hint', 'never'];

interface Option {
	readonly type: 'boolean' | 'string';
	readonly short?: string;
	/** Whether it may be repeated. */
	readonly multiple?: boolean;
}

const COMMON = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } } as const;
const JUDGING = {
	'fail-on': { type: 'string' },
	rule: { type: 'string', multiple: true },
	stdin: { type: 'boolean' },
	'stdin-filename': { type: 'string' },
	timing: { type: 'boolean' },
	verbose: { type: 'boolean' },
} as const;

const OPTIONS = {
	check: {
		...COMMON,
		...JUDGING,
		format: { type: 'string', multiple: true },
		baseline: { type: 'string' },
		'write-baseline': { type: 'string' },
		'show-suppressed': { type: 'boolean' },
	},
	fix: { ...COMMON, ...JUDGING, diff: { type: 'boolean' } },
	generate: {
		...COMMON,
		main: { type: 'string' },
		output: { type: 'string', short: 'o' },
		stdout: { type: 'boolean' },
		'no-comments': { type: 'boolean' },
		force: { type: 'boolean', short: 'f' },
	},
	rules: { ...COMMON, format: { type: 'string' } },
	explain: COMMON,
} as const satisfies Record<CommandName, Record<string, Option>>;

const COMMANDS = Object.keys(OPTIONS) as CommandName[];

/**
 * Reads the arguments after the program's name.
 *
 * @throws UsageError which says what is wrong with them.
 */
export function parseCommandLine(words: readonly string[]): Command {
	const [first, ...rest] = words;
	if (first === undefined) throw new UsageError(...GENERAL_HELP.split('\n'));
	if (first === '--version' || first === '-v') return { name: 'version' };
	if (first === '--help' || first === '-h') return { name: 'help', text: GENERAL_HELP };
	if (first === 'help') return { name: 'help', text: rest[0] === undefined ? GENERAL_HELP : HELP[commandNamed(rest[0])] };
	const command = commandNamed(first);
	const { values, positionals } = parse(command, rest);
	if (values.help === true) return { name: 'help', text: HELP[command] };
	if (values.version === true) return { name: 'version' };
	switch (command) {
		case 'check':
			return checkCommand(values, positionals);
		case 'fix':
			return { name: 'fix', ...judging('fix', values, positionals), diff: values.diff === true };
		case 'generate':
			return generateCommand(values, positionals);
		case 'rules':
			if (positionals.length > 0) throw wrong(command, 'rules takes no arguments; use explain CODE for one rule');
			return { name: 'rules', format: oneOf(command, '--format', stringOf(values.format) ?? 'text', ['text', 'json']) };
		case 'explain': {
			const [code, ...more] = positionals;
			if (code === undefined || more.length > 0) throw wrong(command, 'explain requires the code of one rule');
			return { name: 'explain', code };
		}
	}
}

function commandNamed(word: string): CommandName {
	const command = COMMANDS.find((name) => name === word);
	if (command !== undefined) return command;
	throw new UsageError(`Unknown command ${word}${hint(word, COMMANDS)}.`, 'See go-scratch --help.');
}

function checkCommand(values: Values, positionals: readonly string[]): CheckCommand {
	const reports = listOf(values.format).map((word): ReportRequest => {
		const equals = word.indexOf('=');
		const format = oneOf('check', '--format', equals < 0 ? word : word.slice(0, equals), FORMATS);
		if (equals === word.length - 1) throw wrong('check', `--format ${word} requires a file name after the =`);
		return { format, file: equals < 0 ? undefined : word.slice(equals + 1) };
	});
	if (reports.filter(({ file }) => file === undefined).length > 1) {
		throw wrong('check', 'only one --format can go to standard output; write the others to files, such as --format sarif=FILE');
	}
	const baseline = stringOf(values.baseline);
	const writeBaseline = stringOf(values['write-baseline']);
	if (baseline !== undefined && writeBaseline !== undefined) throw wrong('check', '--baseline and --write-baseline cannot be combined');
	return {
		name: 'check',
		...judging('check', values, positionals),
		reports: reports.length > 0 ? reports : [{ format: 'text', file: undefined }],
		baseline,
		writeBaseline,
		showSuppressed: values['show-suppressed'] === true,
	};
}

function judging(command: CommandName, values: Values, positionals: readonly string[]): Judging {
	const rules: Record<string, string> = {};
	for (const word of listOf(values.rule)) {
		const equals = word.indexOf('=');
		if (equals < 1) throw wrong(command, `--rule requires CODE=SEVERITY, such as root-user=off, not ${word}`);
		rules[word.slice(0, equals)] = word.slice(equals + 1);
	}
	const stdinFilename = stringOf(values['stdin-filename']);
	const stdin = values.stdin === true || (positionals.length === 1 && positionals[0] === '-');
	if (stdin && positionals.some((path) => path !== '-')) throw wrong(command, '--stdin takes no paths; use --stdin-filename');
	if (!stdin && stdinFilename !== undefined) throw wrong(command, '--stdin-filename requires --stdin');
	return {
		input: stdin ? { stdinFilename: stdinFilename ?? 'Dockerfile' } : { paths: positionals.length > 0 ? positionals : ['.'] },
		failOn: oneOf(command, '--fail-on', stringOf(values['fail-on']) ?? 'hint', FAIL_ON),
		rules,
		timing: values.timing === true,
		verbose: values.verbose === true,
	};
}

function generateCommand(values: Values, positionals: readonly string[]): GenerateCommand {
	if (positionals.length > 1) throw wrong('generate', 'generate takes one directory');
	if (values.stdout === true && values.output !== undefined) throw wrong('generate', '--stdout and --output cannot be combined');
	return {
		name: 'generate',
		directory: positionals[0] ?? '.',
		main: stringOf(values.main),
		output: stringOf(values.output),
		stdout: values.stdout === true,
		comments: values['no-comments'] !== true,
		force: values.force === true,
	};
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Separates options from other words: `--name VALUE`, `--name=VALUE`, `-n VALUE`; a word after `--` is not an option. Node's own
 * parser does the same, and takes longer to load than a Dockerfile takes to read.
 */
function parse(command: CommandName, words: readonly string[]): { values: Values; positionals: string[] } {
	const options: Readonly<Record<string, Option>> = OPTIONS[command];
	const values: Record<string, string | boolean | string[]> = {};
	const positionals: string[] = [];
	for (let index = 0; index < words.length; index++) {
		const word = words[index] as string;
		if (word === '--') {
			positionals.push(...words.slice(index + 1));
			break;
		}
		if (!word.startsWith('-') || word === '-') {
			positionals.push(word);
			continue;
		}
		const equals = word.startsWith('--') ? word.indexOf('=') : -1;
		const given = equals < 0 ? word : word.slice(0, equals);
		const name = Object.keys(options).find((each) => given === `--${each}` || given === `-${options[each]?.short}`);
		const option = name === undefined ? undefined : options[name];
		if (name === undefined || option === undefined) {
			const names = Object.keys(options).map((each) => `--${each}`);
			throw wrong(command, `unknown option ${given} of ${command}${hint(given, names)}`);
		}
		if (option.type === 'boolean') {
			if (equals >= 0) throw wrong(command, `${given} takes no value`);
			values[name] = true;
			continue;
		}
		const value = equals < 0 ? words[++index] : word.slice(equals + 1);
		// A word that looks like an option is one, and the value was forgotten; after an equals sign it is a value.
		if (value === undefined || (equals < 0 && /^--?[a-z]/.test(value))) throw wrong(command, `${given} requires a value`);
		values[name] = option.multiple ? [...listOf(values[name]), value] : value;
	}
	return { values, positionals };
}

function oneOf<T extends string>(command: CommandName, option: string, word: string, names: readonly T[]): T {
	const known = names.find((name) => name === word);
	if (known !== undefined) return known;
	throw wrong(command, `${option} must be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}, not ${word}${hint(word, names)}`);
}

function wrong(command: CommandName, message: string): UsageError {
	return new UsageError(`${message}.`, `See go-scratch ${command} --help.`);
}

function hint(word: string, names: readonly string[]): string {
	const nearest = nearestName(word, names);
	return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}

function stringOf(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

function listOf(value: unknown): readonly string[] {
	return Array.isArray(value) ? value : [];
}
