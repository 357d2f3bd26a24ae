import type { Value } from './values.ts';

/** A part of a declaration that runs only for a sub-command: a function of a command's literal, or a case of a switch over an argument. */
export interface CommandSection {
	/** The declaration, counted from 0. */
	readonly declaration: number;
	/** The words that start it; of a literal they are in its fields. */
	readonly words: readonly string[];
	/** The fields of the literal, whose name may stand after the function; `undefined` for a case. */
	readonly literal: CommandFields | undefined;
	/** Whether the literal stands where commands are added to another. */
	readonly added: boolean;
	/** Where its symbols begin in the uses of the file, and where they end. */
	readonly start: number;
	end: number;
}

export type CommandFields = ReadonlyMap<string, Value | undefined>;

/** What one file says of sub-commands. */
export interface FileCommands {
	readonly sections: CommandSection[];
	/** The functions, methods (by selector) and variables that hold commands which are added to others, and the literals. */
	readonly added: Set<number>;
	readonly literals: Set<CommandFields>;
	/** Whether the function of a command is handed to another, or the arguments are replaced: then a word does not tell what runs. */
	borrowed: boolean;
}
