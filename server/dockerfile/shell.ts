import { withoutFinalNewlines } from '../text/ends.ts';
import { added, expandText, type Lookup } from './expand.ts';
import type { ShellCommand, ShellNode, ShellWord, ShellWordPart } from './shell-syntax.ts';
import { readShell } from './shell-tree.ts';
import type { CommandForm } from './syntax.ts';

/**
 * Reads the text of a {@link CommandForm}. Text that is no shell text, for another interpreter (`#!/usr/bin/env python3`), too
 * long or too deeply nested is one node of kind `unknown`; the shape of whatever is read is that of {@link ShellNode}.
 * @param offset where the text starts in the Dockerfile
 */
export function parseShell(text: string, offset: number): ShellNode {
	const unknown: ShellNode = { kind: 'unknown', range: { start: offset, end: offset + text.length } };
	return isForAnotherInterpreter(text) ? unknown : (readShell(text, offset) ?? unknown);
}

function isForAnotherInterpreter(text: string): boolean {
	const start = text.search(/\S/);
	if (start < 0 || !text.startsWith('#!', start)) return false;
	const end = text.indexOf('\n', start);
	const words = text
		.slice(start + 2, end < 0 ? undefined : end)
		.trim()
		.split(/\s+/);
	const program = words[0]?.endsWith('/env') ? words.find((word, index) => index > 0 && !word.startsWith('-')) : words[0];
	return !/(?:^|\/)(?:sh|ash|dash|bash|ksh|zsh)$/.test(program ?? '');
}

/** All commands of `node` in the order of the text, those in groups, branches and loops included, those in substitutions not. */
export function commandsOf(node: ShellNode): ShellCommand[] {
	const commands: ShellCommand[] = [];
	const waiting: ShellNode[] = [node];
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		if (next.kind === 'command') commands.push(next);
		else waiting.push(...childrenOf(next).reverse());
	}
	return commands;
}

function childrenOf(node: Exclude<ShellNode, ShellCommand>): ShellNode[] {
	switch (node.kind) {
		case 'list':
			return node.items.map((item) => item.node);
		case 'pipeline':
			return [...node.commands];
		case 'group':
		case 'loop':
			return [node.body];
		case 'if':
			return node.otherwise === undefined ? [node.condition, node.then] : [node.condition, node.then, node.otherwise];
		case 'case':
			return [...node.branches];
		case 'unknown':
			return [];
	}
}

/**
 * `word` as the shell expands it, as one text: it is neither split at spaces nor matched against files. A variable that is not
 * set is empty.
 * @returns `undefined` where a part is not known, such as a substitution other than a constant `$(echo …)`
 */
export function expandShellWord(word: ShellWord, lookup: Lookup): string | undefined {
	let result: string | undefined = '';
	for (const part of word.parts) {
		result = added(result, expandPart(part, lookup));
		if (result === undefined) return undefined;
	}
	return result;
}

function expandPart(part: ShellWordPart, lookup: Lookup): string | undefined {
	switch (part.kind) {
		case 'literal':
			return part.value;
		case 'variable': {
			if (!/^[A-Za-z_]\w*$/.test(part.name)) return undefined;
			if (part.operation !== undefined) {
				return expandText(`\${${part.name}${part.operation}}`, { escape: '\\', shell: true }, lookup);
			}
			const found = lookup(part.name);
			return found === undefined ? '' : found.value;
		}
		case 'substitution':
			return part.body?.kind === 'command' ? constantOutput(part.body) : undefined;
		case 'other':
			return isPattern(part.raw) ? part.raw : undefined;
	}
}

/** What `echo WORDS` or `printf WORD` print, where the words are constant and hold nothing that these treat specially. */
function constantOutput(command: ShellCommand): string | undefined {
	if (command.assignments.length > 0 || command.redirects.length > 0) return undefined;
	const words = command.words.map((word) =>
		word.parts.every((part) => part.kind === 'literal') ? expandShellWord(word, () => undefined) : undefined,
	);
	if (words.some((word) => word === undefined || /[\\%]/.test(word))) return undefined;
	if (words[1]?.startsWith('-')) return undefined;
	if (words[0] === 'echo') return withoutFinalNewlines(words.slice(1).join(' '));
	return words[0] === 'printf' && words[1] !== undefined && words.length === 2 ? withoutFinalNewlines(words[1]) : undefined;
}

function isPattern(raw: string): boolean {
	return /^[*?]$|^\[[^\]]*\]$/.test(raw);
}

/** The words of CMD or ENTRYPOINT in shell form, as {@link splitAsShellWords} has them; an `exec` in front is the shell's own. */
export function shellFormWords(text: string): string[] | undefined {
	return splitAsShellWords(text.replace(/^\s*exec\s+/, ''));
}

/** The words of a command in whichever form; `undefined` where only a shell understands them. */
export function commandWords(command: CommandForm): readonly string[] | undefined {
	if (command.form === 'exec') return command.items.map(({ value }) => value);
	return command.form === 'malformed-exec' ? command.items : shellFormWords(command.text);
}

/** The words of a command that uses nothing of the shell, as it would pass them on; `undefined` where it uses something. */
export function splitAsShellWords(text: string): string[] | undefined {
	const node = parseShell(text, 0);
	if (node.kind !== 'command' || shellFeaturesOf(text).length > 0) return undefined;
	const words = node.words.map((word) => expandShellWord(word, () => undefined));
	return words.length > 0 && words.every((word) => word !== undefined) ? words : undefined;
}

/** What only a shell does with `text`, in words for a message and each once: `the variable $PORT`, `the operator &&`. */
export function shellFeaturesOf(text: string): string[] {
	const node = parseShell(text, 0);
	const features = new Set<string>();
	addNodeFeatures(node, text, features);
	return [...features];
}

function addNodeFeatures(node: ShellNode, text: string, features: Set<string>): void {
	switch (node.kind) {
		case 'command':
			addCommandFeatures(node, text, features);
			break;
		case 'list':
			for (const [index, item] of node.items.entries()) {
				if (index > 0) features.add(`the operator ${item.operator}`);
				addNodeFeatures(item.node, text, features);
			}
			break;
		case 'pipeline':
			features.add(node.commands.length > 1 ? 'the operator |' : 'the operator !');
			for (const command of node.commands) addNodeFeatures(command, text, features);
			break;
		case 'group':
			features.add(`the group ${node.subshell ? '( … )' : '{ … }'}`);
			addNodeFeatures(node.body, text, features);
			break;
		case 'if':
		case 'case':
			features.add(`the keyword ${node.kind}`);
			break;
		case 'loop':
			features.add(`the keyword ${/^\w+/.exec(text.slice(node.range.start))?.[0] ?? 'for'}`);
			break;
		case 'unknown':
			features.add('text that cannot be read as one command');
	}
	if (node.range.start === 0 || node.kind === 'command') addLeftOvers(node, text, features);
}

function addCommandFeatures(command: ShellCommand, text: string, features: Set<string>): void {
	for (const { range } of command.assignments) features.add(`the assignment ${shown(text.slice(range.start, range.end))}`);
	for (const word of command.words) for (const part of word.parts) addPartFeatures(part, word, features);
	for (const redirect of command.redirects) {
		features.add(redirect.operator.startsWith('<<') ? `the heredoc ${redirect.operator}` : `the redirect ${redirect.operator}`);
	}
	const name = command.words[0]?.raw;
	if (name !== undefined && BUILTINS.has(name)) features.add(`the shell's own command ${name}`);
}

function addPartFeatures(part: ShellWordPart, word: ShellWord, features: Set<string>): void {
	if (part.kind === 'variable') features.add(`the variable $${part.name}`);
	else if (part.kind === 'substitution') features.add(`the substitution in ${shown(word.raw)}`);
	else if (part.kind === 'other') {
		if (part.raw.startsWith('~')) features.add(`the home directory ${shown(part.raw)}`);
		else features.add(`the pattern ${shown(word.raw)}`);
	}
}

/** Comments, and the `;` or `&` behind a lone command, stand in no node. */
function addLeftOvers(node: ShellNode, text: string, features: Set<string>): void {
	if (node.range.start !== 0 && text.slice(0, node.range.start).trim() !== '') return;
	const rest = text.slice(node.range.end).trim();
	const comment = /(?:^|\s)#/.test(text.slice(0, node.range.start)) || rest.startsWith('#');
	if (comment) features.add('a comment');
	else if (node.kind === 'command' && /^(?:;|&(?!&))/.test(rest)) features.add(`the operator ${rest[0]}`);
}

function shown(text: string): string {
	return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}

/** Commands that the shell runs itself. Programs of some of these names exist in images that have a shell, and in no others. */
const BUILTINS: ReadonlySet<string> = new Set(
	(
		'. : [ [[ alias bg break cd command continue declare dirs echo enable eval exec exit export false fc fg getopts hash help history jobs ' +
		'kill let local logout popd printf pushd pwd read readonly return set shift shopt source suspend test times trap true type typeset ' +
		'ulimit umask unalias unset wait'
	).split(' '),
);
