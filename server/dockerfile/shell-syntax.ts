import type { Range } from '../text/text.ts';

/** Shell text as a tree, made by `parseShell`, which never throws. Ranges are offsets in the Dockerfile. */
export type ShellNode =
	| ShellCommand
	| { readonly kind: 'list'; readonly items: readonly ShellListItem[]; readonly range: Range }
	| { readonly kind: 'pipeline'; readonly commands: readonly ShellNode[]; readonly range: Range }
	| {
			readonly kind: 'group';
			readonly subshell: boolean;
			readonly body: ShellNode;
			readonly redirects: readonly ShellRedirect[];
			readonly range: Range;
	  }
	| {
			readonly kind: 'if';
			readonly condition: ShellNode;
			readonly then: ShellNode;
			readonly otherwise: ShellNode | undefined;
			readonly range: Range;
	  }
	/** for, while, until. `variable` and `words` belong to for. */
	| {
			readonly kind: 'loop';
			readonly variable: string | undefined;
			readonly words: readonly ShellWord[] | undefined;
			readonly body: ShellNode;
			readonly range: Range;
	  }
	| { readonly kind: 'case'; readonly word: ShellWord; readonly branches: readonly ShellNode[]; readonly range: Range }
	/** A function, or whatever could not be parsed: what it does is unknown. */
	| { readonly kind: 'unknown'; readonly range: Range };

export interface ShellListItem {
	readonly node: ShellNode;
	/** What joins this item to the one before it; `;` for the first and for a line of its own. */
	readonly operator: '&&' | '||' | ';' | '&';
}

export interface ShellCommand {
	readonly kind: 'command';
	/** `NAME=value` in front of the command. */
	readonly assignments: readonly { readonly name: string; readonly value: ShellWord | undefined; readonly range: Range }[];
	/** The command's name and its arguments; empty where there are assignments or redirects alone. */
	readonly words: readonly ShellWord[];
	readonly redirects: readonly ShellRedirect[];
	readonly range: Range;
}

export interface ShellRedirect {
	/** `>`, `>>`, `<`, `<<`, `<<<`, `>&`, `&>` … */
	readonly operator: string;
	readonly descriptor: number | undefined;
	readonly target: ShellWord | undefined;
	/** The content where the redirect is a heredoc. */
	readonly content: string | undefined;
	readonly range: Range;
}

export interface ShellWord {
	/** As written. */
	readonly raw: string;
	readonly range: Range;
	readonly parts: readonly ShellWordPart[];
}

export type ShellWordPart =
	/** Text that stands for itself, quotes and escapes removed. `quoted` text is not split and its `*` is no glob. */
	| { readonly kind: 'literal'; readonly value: string; readonly quoted: boolean }
	/** `$NAME` or `${NAME…}`; `operation` is what stands behind the name in braces, such as `:-default`. */
	| { readonly kind: 'variable'; readonly name: string; readonly operation: string | undefined; readonly quoted: boolean }
	/** `$(…)` or backquotes. */
	| { readonly kind: 'substitution'; readonly body: ShellNode | undefined; readonly quoted: boolean }
	/** Arithmetic, brace expansion, globs that the shell would expand, process substitution, `~`. */
	| { readonly kind: 'other'; readonly raw: string };
