import type { Command, Option } from './command.ts';

/** As wide as the help is, in characters. */
const WIDTH = 110;

/** Where the text after an option, and after a command in the list, begins. */
const COLUMN = 32;

/** The output of `go-scratch --help`. */
export function generalHelp(commands: readonly Command[]): string {
	const list = commands.map((command) => entry(usageOf(command), command.summary));
	return `go-scratch: finds what will not build, start or run in a Go program's Dockerfile, and fixes it.

Usage:
${list.join('\n')}

  go-scratch COMMAND --help     Show the options of a command.
  go-scratch version

Exit codes: 0: no findings, 1: findings, 2: usage error or failure.`;
}

/** The output of `--help` for a command. */
export function helpOf(command: Command): string {
	const options = Object.entries(command.options).map(([name, option]) => entry(optionUsage(name, option), option.help));
	const parts = [
		wrapped(`${usageOf(command)}: ${command.description}`, 0),
		command.before === undefined ? '' : wrapped(command.before, 0),
		options.join('\n'),
		// Each of its lines stands for itself.
		...(command.after ?? '').split('\n').map((line) => wrapped(line, 0)),
	];
	const [start, before, list, ...after] = parts;
	return [start, before, list, after.join('\n')].filter((part) => part !== '').join('\n\n');
}

function usageOf({ name, operands }: Command): string {
	return `go-scratch ${name}${operands === '' ? '' : ` ${operands}`}`;
}

function optionUsage(name: string, { short, value }: Option): string {
	return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** One entry of a list: what is typed, and what it does in the column beside it. */
function entry(usage: string, text: string): string {
	const start = `  ${usage}`;
	const lines = wrapped(text, COLUMN);
	return start.length < COLUMN - 1 ? start + lines.slice(start.length) : `${start}\n${lines}`;
}

/** The text in lines that begin in the column and are no wider than the help. */
function wrapped(text: string, column: number): string {
	const lines: string[] = [];
	let line = ' '.repeat(column);
	for (const word of text.split(' ')) {
		const empty = line.trim() === '';
		if (!empty && line.length + 1 + word.length > WIDTH) {
			lines.push(line);
			line = ' '.repeat(column) + word;
		} else line += empty ? word : ` ${word}`;
	}
	return [...lines, line].join('\n');
}
