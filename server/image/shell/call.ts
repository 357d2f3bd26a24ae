import { added } from '../../dockerfile/expand.ts';
import type { ShellCommand, ShellNode } from '../../dockerfile/shell-syntax.ts';
import type { CommandInstruction } from '../../dockerfile/syntax.ts';
import { isAbsolute, join } from '../../workspace/paths.ts';
import { shortPath } from '../expansion.ts';
import type { Environment, RanCommand, Setting } from '../model.ts';
import { currentUid, type StageRun } from '../stage-run.ts';
import { createVariables, type Variables } from '../variables.ts';
import type { ExpandedWord } from './shell-words.ts';

/** A command as the interpreter calls it. What a command does knows this, and nothing of the interpreter. */

/** A shell while it runs the text of a RUN. */
export interface Shell {
	readonly run: StageRun;
	readonly instruction: CommandInstruction;
	directory: string | undefined;
	/** What the text itself sets, over what the stage does. */
	variables: Variables;
	/** Those of them that the programs see which it starts. */
	exported: Variables;
	/** Whether `set -a` exports whatever is assigned. */
	exportsAll: boolean;
	/** Names that were exported before they had a value: what is assigned to them later, programs see. */
	exportedNames: ReadonlySet<string>;
	/** Whether what runs now runs whenever the RUN does. */
	certain: boolean;
	/** How many groups, branches and substitutions stand around what runs now. */
	depth: number;
	/** Whether the RUN ends where what runs now fails. */
	ends: boolean;
	/** Whether a command that fails ends the shell (`set -e`). */
	stopsOnError: boolean;
	/** Whether what runs now was handed to this shell as text. */
	readonly quoted: boolean;
}

/** One command with everything that its effect depends on. */
export interface Call {
	readonly shell: Shell;
	readonly node: ShellCommand;
	/** The name without its directory. */
	readonly name: string;
	/** Behind the name. */
	readonly words: readonly ExpandedWord[];
	/** Name and words. */
	readonly all: readonly ExpandedWord[];
	readonly ran: RanCommand;
	/** The variables that the command sees. */
	readonly environment: Environment;
	/** What is piped or redirected into it, where known. */
	readonly input: string | undefined;
	/** Runs what was handed to the command as text, in `shell`; gives what it prints, where that is known. */
	run(shell: Shell, node: ShellNode, input?: string): string | undefined;
	/** Starts the command that `words` are, as `env` and `time` do; its redirects were followed already. */
	start(words: readonly ExpandedWord[], environment: Environment): string | undefined;
	/** The absolute path of a word; `undefined` where it is not known or is a pattern. */
	path(word: ExpandedWord | undefined): string | undefined;
}

/** Assigns a variable as the shell does: programs see it if they saw one of that name before, or if the name is exported. */
export function assign(shell: Shell, name: string, setting: Setting<string | undefined>): void {
	shell.variables.set(name, setting);
	if (shell.exportsAll || shell.exportedNames.has(name) || shell.exported.get(name) !== undefined) shell.exported.set(name, setting);
	// Where the base image is not known, it may have set the variable, and then this one takes its place.
	else if (!shell.exported.complete) shell.exported.set(name, { ...setting, value: undefined });
}

/** Variables of the go command, which a file of settings for a build sets. */
const OF_GO = /^(?:CGO_ENABLED|GO[A-Z0-9]+)$/;

/** Nothing is known of the shell's variables any more: a text that is not known ran in it, and may have set or exported any. */
export function forgetVariables(shell: Shell): void {
	const unsure = (variables: Variables) => {
		const before = variables.snapshot();
		return createVariables({
			complete: false,
			get: (name) =>
				before.get(name) === undefined && !OF_GO.test(name) ? undefined : { value: undefined, instruction: shell.instruction },
		});
	};
	Object.assign(shell, { variables: unsure(shell.variables), exported: unsure(shell.exported) });
}

/** A program of which nothing is known may have written anything. */
export function unknownProgram(call: Call): undefined {
	call.shell.run.unfollowed.add(call.ran);
	call.shell.run.tree.makeUnknown('/');
	return undefined;
}

/** The absolute path of `path` as the shell's directory makes it; `undefined` where that is not known, or longer than any path. */
export function resolve(shell: Shell, path: string): string | undefined {
	if (path === '') return undefined;
	if (isAbsolute(path)) return shortPath(join('/', path));
	return shell.directory === undefined ? undefined : shortPath(join(shell.directory, path));
}

/** The absolute path of a word; `undefined` where it is not known or is a pattern. */
export function pathIn(shell: Shell, word: ExpandedWord | undefined): string | undefined {
	return word === undefined || word.value === undefined || word.pattern ? undefined : resolve(shell, word.value);
}

/** Writes `text` (`undefined` where not known) to the file, or adds it. */
export function writeText(shell: Shell, path: string, text: string | undefined, append: boolean): void {
	const { tree } = shell.run;
	const present = tree.find(path);
	if (present.node?.kind === 'directory') return;
	const before = append ? (present.answer === 'no' ? '' : tree.get(path)?.content) : '';
	const content = added(before, text);
	const entry = tree.get(path);
	const details = {
		instruction: shell.instruction,
		mode: entry?.mode ?? 0o644,
		owner: present.answer === 'yes' ? entry?.owner : currentUid(shell.run),
	};
	if (shell.certain) tree.writeFile(path, { ...details, content });
	else tree.writePerhaps(path, details);
}

/** The words that are no options, and the options: `values` names those that take the next word. */
export function operands(
	words: readonly ExpandedWord[],
	values = '',
): { plain: ExpandedWord[]; options: Map<string, ExpandedWord | undefined> } {
	const taking = new Set(values.split(' '));
	const plain: ExpandedWord[] = [];
	const options = new Map<string, ExpandedWord | undefined>();
	for (let at = 0; at < words.length; at++) {
		const word = words[at] as ExpandedWord;
		if (word.text === '--') {
			plain.push(...words.slice(at + 1));
			break;
		}
		if (!word.text.startsWith('-') || word.text === '-') {
			plain.push(word);
			continue;
		}
		const equals = word.text.indexOf('=');
		if (word.text.startsWith('--') && equals > 0) {
			const text = word.text.slice(equals + 1);
			options.set(word.text.slice(0, equals), { ...word, text, value: word.value === undefined ? undefined : text });
			continue;
		}
		if (taking.has(word.text)) {
			options.set(word.text, words[++at]);
			continue;
		}
		if (!word.text.startsWith('--')) {
			// `-m755` and `-rf`: a value that follows its letter, or letters one by one.
			const letter = word.text.slice(0, 2);
			if (word.text.length > 2 && taking.has(letter)) {
				const text = word.text.slice(2);
				options.set(letter, { ...word, text, value: word.value === undefined ? undefined : text });
				continue;
			}
			for (const [index, character] of [...word.text.slice(1)].entries()) {
				const option = `-${character}`;
				const last = index === word.text.length - 2;
				options.set(option, last && taking.has(option) ? words[++at] : undefined);
			}
			continue;
		}
		options.set(word.text, undefined);
	}
	return { plain, options };
}

/** What octal digits say; `undefined` for anything else. */
export function octal(text: string | undefined): number | undefined {
	return text !== undefined && /^[0-7]{1,4}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}
