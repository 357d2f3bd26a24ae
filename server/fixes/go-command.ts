import type { Dockerfile } from '../dockerfile/syntax.ts';
import type { GoBuild, GoFlag, RanCommand } from '../image/model.ts';
import type { TextEdit } from '../text/text.ts';
import { insertBefore } from './instructions.ts';

/** Edits of a `go build` in a RUN. Go flags repeat and the last one wins, so an edit goes to the flag in force. */

/** The flag in force of that name: the last one. */
export function flagInForce(build: GoBuild, name: string): GoFlag | undefined {
	return build.flags.findLast((flag) => flag.name === name);
}

/** Whether the command is shell text, into which words can be written as they are; inside somebody's quotes or in JSON they cannot. */
export function isShellText({ instruction, quoted }: RanCommand): boolean {
	return instruction.command?.form === 'shell' && !quoted;
}

/** Sets an environment variable for the command alone; one that the command already sets is changed in place. */
export function setEnvironment(dockerfile: Dockerfile, build: GoBuild, values: Readonly<Record<string, string>>): TextEdit[] {
	const names = Object.keys(values);
	if (!isShellText(build.command))
		return [insertBefore(dockerfile, build.instruction, [`ENV ${names.map((name) => `${name}=${values[name]}`).join(' ')}`])];
	const edits: TextEdit[] = [];
	const added: string[] = [];
	for (const name of names) {
		const assignment = assignmentOf(dockerfile, build, name);
		const newText = `${name}=${values[name]}`;
		if (assignment === undefined) added.push(`${newText} `);
		else if (dockerfile.text.slice(assignment.start, assignment.end) !== newText) edits.push({ range: assignment, newText });
	}
	const at = build.commandRange.start;
	if (added.length > 0) edits.push({ range: { start: at, end: at }, newText: added.join('') });
	return edits;
}

/** The range of `NAME=value` in front of the command, `env` and its arguments included. */
function assignmentOf(dockerfile: Dockerfile, build: GoBuild, name: string): { start: number; end: number } | undefined {
	const shell = build.command.node.assignments.findLast((assignment) => assignment.name === name);
	if (shell !== undefined) return shell.range;
	return build.command.wordNodes.find(
		(word) => word.range.end <= build.commandRange.start && dockerfile.text.slice(word.range.start, word.range.end).startsWith(`${name}=`),
	)?.range;
}

/** Inserts `words` behind `go build`. */
export function addWords(build: GoBuild, words: string): TextEdit {
	const at = build.commandRange.end;
	return { range: { start: at, end: at }, newText: ` ${words}` };
}

/** Takes the flag in force of that name away, with the white space in front; no edit where it cannot be. */
export function dropFlag({ text }: Dockerfile, build: GoBuild, name: string): TextEdit[] {
	const range = flagInForce(build, name)?.range;
	if (range === undefined || !canEdit(build)) return [];
	let { start } = range;
	while (/[ \t]/.test(text[start - 1] ?? '')) start--;
	return [{ range: { start, end: range.end }, newText: '' }];
}

/** Whether words can be added to the command. */
export function canEdit(build: GoBuild): boolean {
	return isShellText(build.command);
}

/**
 * Adds `tag` to the tags of the command.
 * @returns `undefined` where the tags in force are not known or stand where they cannot be edited.
 */
export function addTag(dockerfile: Dockerfile, build: GoBuild, tag: string): TextEdit[] | undefined {
	if (!canEdit(build)) return undefined;
	const flag = flagInForce(build, 'tags');
	if (flag === undefined) return [addWords(build, `-tags ${tag}`)];
	if (flag.valueRange === undefined) {
		// GOFLAGS brings the tags; a flag on the command replaces them all, so it repeats them.
		if (build.tags === undefined) return undefined;
		return [addWords(build, `-tags ${[...build.tags, tag].join(',')}`)];
	}
	const written = dockerfile.text.slice(flag.valueRange.start, flag.valueRange.end);
	const separator = /^(["']?)[^,"']* [^,"']*\1$/.test(written) ? ' ' : ',';
	return [insertIntoValue(flag.valueRange, written, flag.value === '' ? tag : separator + tag, 'end')];
}

/**
 * Adds `words` (such as `-s -w`) to `-ldflags`.
 * @returns `undefined` where the flags in force stand where they cannot be edited.
 */
export function addLinkerFlags(dockerfile: Dockerfile, build: GoBuild, words: string): TextEdit[] | undefined {
	if (!canEdit(build)) return undefined;
	const flag = flagInForce(build, 'ldflags');
	if (flag === undefined) return [addWords(build, `-ldflags="${words}"`)];
	if (flag.valueRange === undefined) return undefined;
	const written = dockerfile.text.slice(flag.valueRange.start, flag.valueRange.end);
	return [insertIntoValue(flag.valueRange, written, flag.value === '' ? words : `${words} `, 'start')];
}

/** Inserts text at the start or end of a value, inside its quotes; quotes are added where a space needs them. */
function insertIntoValue(range: { start: number; end: number }, written: string, text: string, where: 'start' | 'end'): TextEdit {
	const quote = /^(["']).*\1$/s.exec(written)?.[1];
	if (quote !== undefined) {
		const at = where === 'start' ? range.start + 1 : range.end - 1;
		return { range: { start: at, end: at }, newText: text };
	}
	const value = where === 'start' ? text + written : written + text;
	return { range, newText: /\s/.test(text) ? `"${value}"` : value };
}
