import type { Range } from '../text/text.ts';
import type { ShellCommand, ShellNode, ShellRedirect, ShellWord, ShellWordPart } from './shell-syntax.ts';

/** The tree of the same text where that stands `by` characters further on. */
export function movedShell(node: ShellNode, by: number): ShellNode {
	const range = movedRange(node.range, by);
	switch (node.kind) {
		case 'command':
			return movedCommand(node, by);
		case 'list':
			return { kind: 'list', items: node.items.map(({ node, operator }) => ({ node: movedShell(node, by), operator })), range };
		case 'pipeline':
			return { kind: 'pipeline', commands: node.commands.map((command) => movedShell(command, by)), range };
		case 'group': {
			const { subshell, body, redirects } = node;
			return { kind: 'group', subshell, body: movedShell(body, by), redirects: movedRedirects(redirects, by), range };
		}
		case 'if': {
			const { condition, then, otherwise } = node;
			return {
				kind: 'if',
				condition: movedShell(condition, by),
				// biome-ignore lint/suspicious/noThenProperty: it is what the shell calls it, and no node is ever awaited.
				then: movedShell(then, by),
				otherwise: otherwise && movedShell(otherwise, by),
				range,
			};
		}
		case 'loop': {
			const { variable, words, body } = node;
			return { kind: 'loop', variable, words: words && movedWords(words, by), body: movedShell(body, by), range };
		}
		case 'case': {
			const { word, branches } = node;
			return { kind: 'case', word: movedWord(word, by), branches: branches.map((branch) => movedShell(branch, by)), range };
		}
		case 'unknown':
			return { kind: 'unknown', range };
	}
}

function movedCommand({ assignments, words, redirects, range }: ShellCommand, by: number): ShellCommand {
	return {
		kind: 'command',
		assignments: assignments.map(({ name, value, range }) => ({
			name,
			value: value && movedWord(value, by),
			range: movedRange(range, by),
		})),
		words: movedWords(words, by),
		redirects: movedRedirects(redirects, by),
		range: movedRange(range, by),
	};
}

function movedRedirects(redirects: readonly ShellRedirect[], by: number): readonly ShellRedirect[] {
	if (redirects.length === 0) return redirects;
	return redirects.map(({ operator, descriptor, target, content, range }) => ({
		operator,
		descriptor,
		target: target && movedWord(target, by),
		content,
		range: movedRange(range, by),
	}));
}

function movedWords(words: readonly ShellWord[], by: number): ShellWord[] {
	return words.map((word) => movedWord(word, by));
}

function movedWord({ raw, range, parts }: ShellWord, by: number): ShellWord {
	// Of the parts only substitutions know where they stand.
	const moved = parts.some((part) => part.kind === 'substitution') ? parts.map((part) => movedPart(part, by)) : parts;
	return { raw, range: movedRange(range, by), parts: moved };
}

function movedPart(part: ShellWordPart, by: number): ShellWordPart {
	if (part.kind !== 'substitution' || part.body === undefined) return part;
	return { kind: 'substitution', body: movedShell(part.body, by), quoted: part.quoted };
}

function movedRange({ start, end }: Range, by: number): Range {
	return { start: start + by, end: end + by };
}
