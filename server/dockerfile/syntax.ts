import type { Range } from '../text/text.ts';

/** A Dockerfile as written: every node with its range, nothing expanded and nothing judged. Made by `parseDockerfile`, which never throws. */
export interface Dockerfile {
	readonly text: string;
	/** Where the lines start, for `positionAt`. */
	readonly lineStarts: readonly number[];
	/** The line ending that new lines take: that of the first line, `\n` where there is none. */
	readonly newline: '\n' | '\r\n';
	/** The escape character: a backslash unless a directive says otherwise. */
	readonly escape: '\\' | '`';
	/** Parser directives (`syntax`, `escape`, `check`) at the top. */
	readonly directives: readonly Directive[];
	/** All comment lines in order, those between continuation lines included, directives not. */
	readonly comments: readonly Comment[];
	/** All instructions in order, those before the first FROM included. */
	readonly instructions: readonly Instruction[];
	/** The ARG instructions before the first FROM. */
	readonly globalArguments: readonly ArgInstruction[];
	readonly stages: readonly Stage[];
}

export interface Directive {
	readonly name: string;
	readonly value: string;
	readonly range: Range;
}

export interface Comment {
	/** The text behind `#`, trimmed. */
	readonly text: string;
	readonly range: Range;
}

export interface Stage {
	/** From 0, as `--from=0` counts. */
	readonly index: number;
	readonly from: FromInstruction;
	/** The instructions behind FROM. */
	readonly instructions: readonly Instruction[];
	/** From FROM to the end of the last instruction. */
	readonly range: Range;
}

/** A word as written. `raw` may hold quotes, escapes and variables, which `expandWord` resolves. */
export interface Word {
	readonly raw: string;
	readonly range: Range;
}

/** `--name=value` or `--name` in front of an instruction's arguments. */
export interface Flag {
	readonly name: string;
	readonly value: Word | undefined;
	readonly range: Range;
}

export interface Heredoc {
	readonly name: string;
	/** Whether variables are expanded: the name was written without quotes. */
	readonly expand: boolean;
	/** The content, leading tabs removed where `<<-` says so. */
	readonly content: string;
	/** The lines between the opening line and the delimiter. */
	readonly range: Range;
}

interface InstructionBase {
	/** Upper case, whatever the author's casing. */
	readonly keyword: string;
	readonly keywordRange: Range;
	/** From the keyword to the end of the last argument, heredocs included, the final line ending not. */
	readonly range: Range;
	/** The arguments as written, flags included, the first line's only where there are heredocs. */
	readonly argumentsRange: Range;
	/** The index of the stage that holds the instruction; -1 before the first FROM. */
	readonly stage: number;
	/** Whether the instruction stands behind ONBUILD and so runs in other people's builds only. */
	readonly onbuild: boolean;
}

export type Instruction =
	| FromInstruction
	| ArgInstruction
	| EnvInstruction
	| LabelInstruction
	| CommandInstruction
	| CopyInstruction
	| WordsInstruction
	| HealthcheckInstruction
	| OnbuildInstruction
	| UnknownInstruction;

export interface FromInstruction extends InstructionBase {
	readonly keyword: 'FROM';
	readonly platform: Word | undefined;
	readonly image: Word | undefined;
	readonly alias: Word | undefined;
}

export interface Assignment {
	readonly name: string;
	readonly nameRange: Range;
	readonly value: Word | undefined;
	readonly range: Range;
}

export interface ArgInstruction extends InstructionBase {
	readonly keyword: 'ARG';
	readonly assignments: readonly Assignment[];
}

export interface EnvInstruction extends InstructionBase {
	readonly keyword: 'ENV';
	readonly assignments: readonly Assignment[];
}

export interface LabelInstruction extends InstructionBase {
	readonly keyword: 'LABEL';
	readonly assignments: readonly Assignment[];
}

/** How a command is written. */
export type CommandForm =
	| { readonly form: 'exec'; readonly items: readonly ExecItem[]; readonly range: Range }
	/** `text` is what the shell gets, at equal length with continuations and comment lines blanked, so that an offset in it plus `range.start` is one in the file. */
	| { readonly form: 'shell'; readonly text: string; readonly range: Range }
	/** Looks like JSON and is not; Docker hands it to the shell. `items` is what was meant, where that is plain. */
	| { readonly form: 'malformed-exec'; readonly text: string; readonly items: readonly string[] | undefined; readonly range: Range };

export interface ExecItem {
	/** The string that the JSON stands for. */
	readonly value: string;
	/** With the quotes. */
	readonly range: Range;
}

export interface CommandInstruction extends InstructionBase {
	readonly keyword: 'RUN' | 'CMD' | 'ENTRYPOINT' | 'SHELL';
	readonly flags: readonly Flag[];
	/** `undefined` where there are no arguments. */
	readonly command: CommandForm | undefined;
	readonly heredocs: readonly Heredoc[];
}

export interface CopyInstruction extends InstructionBase {
	readonly keyword: 'COPY' | 'ADD';
	readonly flags: readonly Flag[];
	/** Without heredocs, which stand in `heredocs`. */
	readonly sources: readonly Word[];
	readonly destination: Word | undefined;
	/** Whether the words are a JSON array; then each `raw` is the string itself and stands for itself. */
	readonly json: boolean;
	readonly heredocs: readonly Heredoc[];
}

export interface WordsInstruction extends InstructionBase {
	readonly keyword: 'WORKDIR' | 'USER' | 'VOLUME' | 'EXPOSE' | 'STOPSIGNAL' | 'MAINTAINER';
	/** WORKDIR, USER, STOPSIGNAL and MAINTAINER have at most one word: the rest of the line. */
	readonly words: readonly Word[];
}

export interface HealthcheckInstruction extends InstructionBase {
	readonly keyword: 'HEALTHCHECK';
	readonly flags: readonly Flag[];
	/** `undefined` for `HEALTHCHECK NONE`. */
	readonly command: CommandForm | undefined;
}

export interface OnbuildInstruction extends InstructionBase {
	readonly keyword: 'ONBUILD';
	readonly instruction: Instruction | undefined;
}

/** An instruction that Docker does not know, as while typing. Whatever it was meant to be is unknown. */
export interface UnknownInstruction extends InstructionBase {
	readonly keyword: 'UNKNOWN';
}
