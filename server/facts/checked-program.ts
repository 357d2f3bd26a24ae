import type { CheckAction, Field, Place } from '../deployments/model.ts';
import { shellFormWords, splitAsShellWords } from '../dockerfile/shell.ts';
import type { CommandForm } from '../dockerfile/syntax.ts';
import { findExecutable, isCommandOption } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import { basename } from '../workspace/paths.ts';

/** A program that a health check, a probe or a hook starts and that is not in the image. */
export interface AbsentProgram {
	/** As it is named. */
	readonly name: string;
	/** Where it is named; `undefined` for the shell that runs a text. */
	readonly at: Place | undefined;
	/** Whether it is the shell that a text is for. */
	readonly shell: boolean;
	/** The words that start the program meant without a shell, where no shell is needed for what the text says. */
	readonly words: readonly string[] | undefined;
}

/** What an action starts that the image is known to lack. */
export function absentProgramOf(state: StageState, action: CheckAction): AbsentProgram | undefined {
	if (action.kind === 'shell') return absentIn(state, action.text);
	if (action.kind !== 'exec') return undefined;
	const [first, option, text] = action.words;
	const name = first?.value;
	if (first === undefined || name === undefined || name === '') return undefined;
	const isShell = /^(?:sh|ash|bash|dash)$/.test(basename(name)) && isCommandOption(option?.value);
	if (findExecutable(state, name) !== 'no') return isShell && text !== undefined ? absentCommand(state, text) : undefined;
	return { name, at: first.at, shell: isShell, words: isShell ? wordsOf(text?.value) : undefined };
}

/** What a text for the image's shell lacks: the shell, or what it starts first. */
function absentIn(state: StageState, text: Field<string>): AbsentProgram | undefined {
	if (state.shell === 'no') return { name: '/bin/sh', at: undefined, shell: true, words: wordsOf(text.value) };
	return state.shell === 'yes' ? absentCommand(state, text) : undefined;
}

function absentCommand(state: StageState, { value, at }: Field<string>): AbsentProgram | undefined {
	// What stands before another operator may fail and not matter.
	const command = value === undefined ? undefined : withoutExit(value);
	if (command === undefined || /[|;\n]|&(?!&)/.test(command)) return undefined;
	const name = firstProgramOf(command);
	return name === undefined || findExecutable(state, name) !== 'no' ? undefined : { name, at, shell: false, words: undefined };
}

/** The words of a text that needs no shell. */
function wordsOf(text: string | undefined): readonly string[] | undefined {
	return text === undefined ? undefined : shellFormWords(withoutExit(text));
}

/** Without what only turns a failure into the failure that the engine expects, and what only hides what is printed. */
function withoutExit(text: string): string {
	return text
		.replace(/(?<!\s)\s*(?:&|[12])?>\s*(?:\/dev\/null|&[12])(?=\s|$)/g, '')
		.replace(/(?<!\s)\s*\|\|\s*(?:exit(?:\s+1)?|false|\(exit 1\))\s*(?:;\s*)?$/, '')
		.replace(/^\s*exec\s+/, '');
}

/** The program that a HEALTHCHECK starts. Shell form in an image without a shell is another rule's. */
export function startedByCheck(state: StageState, command: CommandForm): string | undefined {
	if (command.form === 'exec') return command.items[0]?.value;
	return command.form !== 'shell' || state.shell !== 'yes' ? undefined : firstProgramOf(command.text);
}

/** The first program that a shell starts for a text. What stands before an operator is started in any case: `curl … || exit 1`. */
function firstProgramOf(text: string): string | undefined {
	const first = splitAsShellWords(/^[^|&;]*/.exec(text)?.[0] ?? '')?.[0];
	return first !== undefined && BUILTINS.has(first) ? undefined : first;
}

/** Words that a shell runs by itself. */
const BUILTINS = new Set(
	'exit test [ [[ true false exec cd echo printf set eval command if while for until case ! : . kill wait export read type trap ( {'.split(
		' ',
	),
);
