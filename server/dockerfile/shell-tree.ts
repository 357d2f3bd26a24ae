import {
	type AndOr,
	type Assignment,
	type Command,
	type CommandArgument,
	type CompoundList,
	type DoubleQuotedChild,
	type Elif,
	type If,
	type ParsedScript,
	type PipelineNode,
	parse,
	type Redirection,
	type Statement,
	type Word,
	type WordPart,
} from 'unbash';
import type { Range } from '../text/text.ts';
import type { ShellCommand, ShellListItem, ShellNode, ShellRedirect, ShellWord, ShellWordPart } from './shell-syntax.ts';

/** No RUN in sight comes near it. On text made to be slow, unbash needs time by the square of the length: here, a few tenths of a second. */
const MAX_LENGTH = 16 * 1024;
/** No author nests deeper; far beyond it unbash overflows the stack. */
const MAX_NESTING = 40;

/**
 * Reads shell text with unbash, whose every call is made here and guarded.
 * @param offset what is added to every range
 * @returns `undefined` where the text is no complete shell text, or too long or too deeply nested to be read
 */
export function readShell(text: string, offset: number): ShellNode | undefined {
	if (text.length > MAX_LENGTH || nestsTooDeeply(text)) return undefined;
	try {
		const script = parse(text);
		if (script.errors !== undefined && script.errors.length > 0) return undefined;
		return listOf(script.commands, { start: offset, end: offset + text.length }, { text, offset });
	} catch {
		return undefined;
	}
}

/** Whether brackets stand deeper within each other than {@link MAX_NESTING}. Quotes are not looked at. */
function nestsTooDeeply(text: string): boolean {
	let depth = 0;
	let backquotes = 0;
	for (const [token] of text.matchAll(/[(){}`]/g)) {
		if (token === '`') backquotes++;
		else if (token === ')' || token === '}') depth = Math.max(0, depth - 1);
		else if (++depth > MAX_NESTING) return true;
	}
	// Escaped backquotes nest, and each level is read anew.
	return backquotes > 1000;
}

/** The text that is read, and where it stands. */
interface Source {
	readonly text: string;
	readonly offset: number;
}

function rangeOf(node: { readonly pos: number; readonly end: number }, source: Source): Range {
	// unbash may end a node behind the text, where that ends in a backslash.
	const end = Math.min(node.end, source.text.length);
	return { start: source.offset + Math.min(node.pos, end), end: source.offset + end };
}

function unknown(node: { readonly pos: number; readonly end: number }, source: Source): ShellNode {
	return { kind: 'unknown', range: rangeOf(node, source) };
}

/** Statements as one list: `a && b; c` has three items. A single command stands for itself. */
function listOf(statements: readonly Statement[], range: Range, source: Source): ShellNode {
	const items: ShellListItem[] = [];
	let operator: ShellListItem['operator'] = ';';
	for (const statement of statements) {
		if (statement.command.type === 'AndOr') items.push(...andOrItems(statement.command, operator, source));
		else items.push({ node: nodeOf(statement.command, source), operator });
		operator = statement.background === true ? '&' : ';';
	}
	const only = items.length === 1 ? items[0] : undefined;
	return only === undefined ? { kind: 'list', items, range } : only.node;
}

function andOrItems(list: AndOr, first: ShellListItem['operator'], source: Source): ShellListItem[] {
	return list.commands.map((command, index) => ({
		node: nodeOf(command, source),
		operator: index === 0 ? first : (list.operators[index - 1] ?? ';'),
	}));
}

function body(list: CompoundList, source: Source): ShellNode {
	return listOf(list.commands, rangeOf(list, source), source);
}

function nodeOf(node: PipelineNode, source: Source): ShellNode {
	const range = rangeOf(node, source);
	switch (node.type) {
		case 'Command':
			return commandOf(node, source);
		case 'Pipeline':
			return { kind: 'pipeline', commands: node.commands.map((command) => nodeOf(command, source)), range };
		case 'Redirected': {
			const inner = nodeOf(node.command, source);
			const redirects = node.redirects.map((redirect) => redirectOf(redirect, source));
			return inner.kind === 'group' ? { ...inner, redirects, range } : { kind: 'group', subshell: false, body: inner, redirects, range };
		}
		case 'Subshell':
		case 'BraceGroup':
			return { kind: 'group', subshell: node.type === 'Subshell', body: body(node.body, source), redirects: [], range };
		case 'If':
			return ifOf(node, source);
		case 'While':
			// The condition runs in every round too.
			return {
				kind: 'loop',
				variable: undefined,
				words: undefined,
				body: listOf([...node.clause.commands, ...node.body.commands], range, source),
				range,
			};
		case 'For':
			return {
				kind: 'loop',
				variable: node.name.value,
				words: node.wordlist?.map((word) => wordOf(word, source)),
				body: body(node.body, source),
				range,
			};
		case 'ArithmeticFor':
			return { kind: 'loop', variable: undefined, words: undefined, body: body(node.body, source), range };
		case 'Case':
			return { kind: 'case', word: wordOf(node.word, source), branches: node.items.map((item) => body(item.body, source)), range };
		case 'TestCommand': {
			// `[[ … ]]` changes nothing, so its name is all there is to know of it.
			const name = { start: range.start, end: range.start + 2 };
			const word: ShellWord = { raw: '[[', range: name, parts: [{ kind: 'literal', value: '[[', quoted: false }] };
			return { kind: 'command', assignments: [], words: [word], redirects: [], range };
		}
		default:
			return unknown(node, source);
	}
}

function ifOf(node: If, source: Source): ShellNode {
	let otherwise = node.else === undefined ? undefined : body(node.else, source);
	// From the last branch to the first, so that a long chain does not recurse.
	for (const branch of [...node.elif].reverse()) otherwise = branchOf(branch, otherwise, source);
	return branchOf(node, otherwise, source);
}

function branchOf(node: If | Elif, otherwise: ShellNode | undefined, source: Source): ShellNode {
	// biome-ignore lint/suspicious/noThenProperty: it is what the shell calls it, and no node is ever awaited.
	return { kind: 'if', condition: body(node.clause, source), then: body(node.then, source), otherwise, range: rangeOf(node, source) };
}

function commandOf(command: Command, source: Source): ShellCommand {
	const assignments: ShellCommand['assignments'][number][] = [];
	for (const item of command.prefix) if (item.type === 'Assignment') assignments.push(assignmentOf(item, source));
	const words = command.args.map((argument) => argumentOf(argument, source));
	if (command.name !== undefined) words.unshift(wordOf(command.name, source));
	return {
		kind: 'command',
		assignments,
		words,
		redirects: command.redirects.map((redirect) => redirectOf(redirect, source)),
		range: rangeOf(command, source),
	};
}

function assignmentOf(node: Assignment, source: Source): ShellCommand['assignments'][number] {
	const plain = node.value.type === 'Word' && node.index === undefined && node.append !== true;
	return {
		name: node.name,
		value: plain && node.value.type === 'Word' ? wordOf(node.value, source) : arrayWord(node, source),
		range: rangeOf(node, source),
	};
}

/** What is assigned to an array, or added to a variable: a word of which nothing is known. */
function arrayWord(node: Assignment, source: Source): ShellWord {
	const raw = source.text.slice(node.value.pos, node.value.end);
	return { raw, range: rangeOf(node.value, source), parts: [{ kind: 'other', raw }] };
}

/** An argument; `NAME=value` behind `export` is a word like any other. */
function argumentOf(argument: CommandArgument, source: Source): ShellWord {
	if (argument.type === 'Word') return wordOf(argument, source);
	const value = assignmentOf(argument, source).value;
	const raw = source.text.slice(argument.pos, argument.end);
	const name = raw.slice(0, argument.value.pos - argument.pos);
	const parts: ShellWordPart[] = [{ kind: 'literal', value: name, quoted: false }, ...(value?.parts ?? [])];
	return { raw, range: rangeOf(argument, source), parts };
}

function redirectOf(redirect: Redirection, source: Source): ShellRedirect {
	const descriptor = redirect.descriptor?.type === 'FileDescriptor' ? redirect.descriptor.value : undefined;
	if (redirect.type === 'HereDoc') {
		const range = rangeOf(redirect, source);
		return { operator: redirect.operator, descriptor, target: undefined, content: redirect.body.text, range };
	}
	return {
		operator: redirect.operator,
		descriptor,
		target: redirect.target === undefined ? undefined : wordOf(redirect.target, source),
		content: undefined,
		range: rangeOf(redirect, source),
	};
}

function wordOf(word: Word, source: Source): ShellWord {
	const raw = source.text.slice(word.pos, word.end);
	let parts: ShellWordPart[];
	if (word.parts !== undefined) parts = word.parts.flatMap((part) => partsOf(part, source));
	else parts = [{ kind: 'literal', value: word.value, quoted: word.value !== raw }];
	return { raw, range: rangeOf(word, source), parts: withTilde(raw, parts) };
}

/** A word that starts with an unquoted `~` starts with a home directory. */
function withTilde(raw: string, parts: ShellWordPart[]): ShellWordPart[] {
	const first = parts[0];
	if (!raw.startsWith('~') || first?.kind !== 'literal') return parts;
	const slash = first.value.indexOf('/');
	const end = slash < 0 ? first.value.length : slash;
	const rest: ShellWordPart[] = end < first.value.length ? [{ ...first, value: first.value.slice(end) }] : [];
	return [{ kind: 'other', raw: first.value.slice(0, end) }, ...rest, ...parts.slice(1)];
}

function partsOf(part: WordPart, source: Source): ShellWordPart[] {
	switch (part.type) {
		case 'Literal':
			return [{ kind: 'literal', value: part.value, quoted: part.value !== part.text }];
		case 'SingleQuoted':
		case 'AnsiCQuoted':
			return [{ kind: 'literal', value: part.value, quoted: true }];
		case 'DoubleQuoted':
			if (part.parts.length === 0) return [{ kind: 'literal', value: '', quoted: true }];
			return part.parts.map((child) => childOf(child, true, source));
		case 'SimpleExpansion':
		case 'ParameterExpansion':
		case 'CommandExpansion':
		case 'ArithmeticExpansion':
			return [childOf(part, false, source)];
		default:
			return [{ kind: 'other', raw: part.text }];
	}
}

function childOf(part: DoubleQuotedChild, quoted: boolean, source: Source): ShellWordPart {
	switch (part.type) {
		case 'Literal':
			return { kind: 'literal', value: part.value, quoted: quoted || part.value !== part.text };
		case 'SimpleExpansion':
			return { kind: 'variable', name: part.text.slice(1), operation: undefined, quoted };
		case 'ParameterExpansion': {
			const plain = part.prefix === undefined && part.index === undefined && part.text.startsWith(`\${${part.parameter}`);
			if (!plain || !part.text.endsWith('}')) return { kind: 'other', raw: part.text };
			const operation = part.text.slice(2 + part.parameter.length, -1);
			return { kind: 'variable', name: part.parameter, operation: operation === '' ? undefined : operation, quoted };
		}
		case 'CommandExpansion':
			return { kind: 'substitution', body: substitutionBody(part.script, source), quoted };
		default:
			return { kind: 'other', raw: part.text };
	}
}

/** The commands of a substitution. Those in escaped backquotes have places in another text and are left out. */
function substitutionBody(script: ParsedScript | undefined, source: Source): ShellNode | undefined {
	if (script === undefined || script.source !== undefined || (script.errors?.length ?? 0) > 0) return undefined;
	return listOf(script.commands, rangeOf(script, source), source);
}
