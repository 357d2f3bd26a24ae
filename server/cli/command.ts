import type { Printable } from './printable.ts';
import type { Session, SessionOptions } from './session.ts';
import type { UsageError } from './usage-error.ts';

/** One command of the command line. What parses its words, describes it and completes it follows from this. */
export interface Command<Request = unknown> {
	readonly name: string;
	/** What it takes besides options: `[PATH…]`; empty if nothing. */
	readonly operands: string;
	/** What a shell completes for an operand: names of files or directories, or one of these words. */
	readonly completes?: 'files' | 'directories' | readonly string[];
	/** One line in the list of commands: a sentence. */
	readonly summary: string;
	/** What comes after `go-scratch NAME OPERANDS: ` in its help: a sentence without a capital. */
	readonly description: string;
	/** Paragraphs of its help before and after the options. */
	readonly before?: string;
	readonly after?: string;
	readonly options: Options;
	/**
	 * Makes of the words what `run` takes.
	 *
	 * @throws UsageError which says what is wrong with them.
	 */
	read(given: Given): Request;
	/** @returns The exit code, if nothing failed. */
	run(request: Request, host: Host): Promise<number> | number;
}

/** By their names without dashes. */
export type Options = Readonly<Record<string, Option>>;

export interface Option {
	/** What stands for its value in the help, `FILE`; an option without is a flag. */
	readonly value?: string;
	readonly short?: string;
	/** Whether it may be repeated. */
	readonly multiple?: boolean;
	/** What it does, for the help: one or more sentences. */
	readonly help: string;
	/** What its value may be, or what a shell completes for it. */
	readonly choices?: readonly string[] | 'files' | 'directories';
}

/** The words of one call, separated. */
export interface Given<Names extends string = string> {
	readonly operands: readonly string[];
	has(option: Names): boolean;
	/** The last value of the option, or `undefined`. */
	value(option: Names): string | undefined;
	/** All values of an option that may be repeated. */
	values(option: Names): readonly string[];
	/** The value, which must be one of the words; `usual` if the option is not given. */
	oneOf<Word extends string>(option: Names, words: readonly Word[], usual: Word): Word;
	/** The word if it is one of the words; `what` names where it stands in the message. */
	word<Word extends string>(what: string, word: string, words: readonly Word[]): Word;
	/** The error which says what is wrong, with a pointer to the help of the command. */
	wrong(message: string): UsageError;
}

/** What a command has from the program around it. */
export interface Host {
	/** To the standard output. */
	print(text: Printable): void;
	/** What reads and analyses; its failures make the exit code 2. Called once at most. */
	sessionFor(options?: SessionOptions): Session;
	/** All commands, this one too. */
	readonly commands: readonly Command[];
}

/** The command, with the names of its options checked where its words are read. */
export function defineCommand<const Declared extends Options, Request>(
	command: Omit<Command<Request>, 'options' | 'read'> & {
		readonly options: Declared;
		read(given: Given<keyof Declared & string>): Request;
	},
): Command<Request> {
	return command;
}
