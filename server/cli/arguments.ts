import { parseArgs } from 'node:util';
import { nearestName } from '../lint/nearest.ts';

export const HELP = `go-scratch: says what will not build, start or work in the image of a Go program, and mends it.

Usage:
  go-scratch check [PATH…]      Say what is wrong. PATH is a Dockerfile or a directory to search; the default is '.'.
    --format text|json            How to say it (default: text).
  go-scratch fix [PATH…]        Apply every fix that is certain to be right.
    --diff                        Show the changes and write nothing.
  go-scratch generate [DIR]     Write a Dockerfile, and a .dockerignore where there is none, for the main package in DIR.
    --main PACKAGE                Which main package, where there are several: its directory or import path.
    --output FILE                 Where to write the Dockerfile (default: Dockerfile beside go.mod).
    --stdout                      Print the Dockerfile and write nothing.
    --no-comments                 Leave out the comments that explain it.
    --force                       Overwrite what is there.

  go-scratch --help | --version

Exit codes: 0 nothing found, 1 findings, 2 wrong usage or a failure.`;

/** Something that the person who called can mend; shown without a stack. */
export class UsageError extends Error {}

export type Command =
	| { readonly name: 'help' }
	| { readonly name: 'version' }
	| { readonly name: 'check'; readonly paths: readonly string[]; readonly format: 'text' | 'json' }
	| { readonly name: 'fix'; readonly paths: readonly string[]; readonly diff: boolean }
	| {
			readonly name: 'generate';
			readonly directory: string;
			readonly main: string | undefined;
			readonly output: string | undefined;
			readonly stdout: boolean;
			readonly comments: boolean;
			readonly force: boolean;
	  };

const COMMON = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } } as const;

const OPTIONS = {
	check: { ...COMMON, format: { type: 'string' } },
	fix: { ...COMMON, diff: { type: 'boolean' } },
	generate: {
		...COMMON,
		main: { type: 'string' },
		output: { type: 'string', short: 'o' },
		stdout: { type: 'boolean' },
		'no-comments': { type: 'boolean' },
		force: { type: 'boolean', short: 'f' },
	},
} as const;

/**
 * Reads the arguments behind the program's name.
 *
 * @throws UsageError which says what is wrong with them.
 */
export function parseCommandLine(words: readonly string[]): Command {
	const [first, ...rest] = words;
	if (first === undefined) throw new UsageError(HELP);
	if (first === '--help' || first === '-h' || first === 'help') return { name: 'help' };
	if (first === '--version' || first === '-v') return { name: 'version' };
	if (first !== 'check' && first !== 'fix' && first !== 'generate') {
		const nearest = nearestName(first, Object.keys(OPTIONS));
		throw new UsageError(
			`There is no command ${first}${nearest === undefined ? '' : `; did you mean ${nearest}?`}\nSee go-scratch --help.`,
		);
	}
	const { values, positionals } = parse(first, rest);
	if (values.help === true) return { name: 'help' };
	if (values.version === true) return { name: 'version' };
	const paths = positionals.length > 0 ? positionals : ['.'];
	if (first === 'fix') return { name: 'fix', paths, diff: values.diff === true };
	if (first === 'check') {
		const format = values.format ?? 'text';
		if (format !== 'text' && format !== 'json') throw new UsageError(`--format is text or json, not ${format}.`);
		return { name: 'check', paths, format };
	}
	if (positionals.length > 1) throw new UsageError('generate takes one directory.');
	if (values.stdout === true && values.output !== undefined) throw new UsageError('--stdout and --output exclude each other.');
	return {
		name: 'generate',
		directory: paths[0] as string,
		main: stringOf(values.main),
		output: stringOf(values.output),
		stdout: values.stdout === true,
		comments: values['no-comments'] !== true,
		force: values.force === true,
	};
}

function parse(command: keyof typeof OPTIONS, words: readonly string[]): { values: Record<string, unknown>; positionals: string[] } {
	try {
		return parseArgs({ args: [...words], options: OPTIONS[command], allowPositionals: true, strict: true });
	} catch (error) {
		// The first sentence of Node's message names the option and says what is wrong with it.
		const [message] = String(error instanceof Error ? error.message : error).split(/\. /);
		throw new UsageError(`go-scratch ${command}: ${message?.replace(/\.$/, '')}.\nSee go-scratch --help.`);
	}
}

function stringOf(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}
