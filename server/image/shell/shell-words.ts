import { MAX_VALUE_LENGTH } from '../../dockerfile/expand.ts';
import { expandShellWord } from '../../dockerfile/shell.ts';
import type { ShellNode, ShellWord, ShellWordPart } from '../../dockerfile/shell-syntax.ts';
import type { Environment } from '../model.ts';

/** Stands in a text for a piece that is not known. */
export const UNKNOWN_PIECE = '\uFFFC';

/** A word as a command gets it. */
export interface ExpandedWord {
	/** `undefined` where not known. */
	readonly value: string | undefined;
	/** The value with {@link UNKNOWN_PIECE} for what is not known of it. */
	readonly text: string;
	/** Whether the shell matches the word against file names. */
	readonly pattern: boolean;
	readonly node: ShellWord;
}

/** What `$(…)` prints, where that is known. */
export type Substitute = (body: ShellNode) => string | undefined;

/**
 * The words that one word of shell text becomes: none for a variable that is unset, several for one that holds spaces.
 */
export function expandToWords(word: ShellWord, environment: Environment, substitute: Substitute): ExpandedWord[] {
	const [only] = word.parts;
	if (only?.kind === 'literal' && word.parts.length === 1) {
		// As nearly all words are.
		const value = only.value.includes(UNKNOWN_PIECE) ? undefined : only.value;
		return [{ value, text: only.value, pattern: !only.quoted && /[*?]/.test(only.value), node: word }];
	}
	let text = '';
	let splits = false;
	let empty = word.parts.length > 0;
	let pattern = false;
	let length = 0;
	const words: ExpandedWord[] = [];
	const finish = () => {
		if (text !== '' || !empty) words.push({ value: text.includes(UNKNOWN_PIECE) ? undefined : text, text, pattern, node: word });
		text = '';
		empty = true;
	};
	for (const part of word.parts) {
		if (part.kind === 'other' || (part.kind === 'literal' && !part.quoted && /[*?]/.test(part.value))) pattern = true;
		const expanded = expandPart(part, word, environment, substitute);
		if (expanded !== undefined) length += expanded.length;
		const value = length > MAX_VALUE_LENGTH ? undefined : expanded;
		const quoted = part.kind !== 'other' && part.quoted;
		if (part.kind === 'literal' || quoted) empty = false;
		if (value === undefined) {
			text += UNKNOWN_PIECE;
			empty = false;
			continue;
		}
		if (part.kind !== 'variable' || quoted || !/\s/.test(value)) {
			text += value;
			continue;
		}
		splits = true;
		const pieces = value.split(/\s+/);
		for (const [index, piece] of pieces.entries()) {
			if (index > 0) finish();
			text += piece;
		}
	}
	if (word.parts.length === 0) empty = false;
	finish();
	return splits ? words.filter((piece) => piece.text !== '') : words;
}

/** The word as one text, neither split nor matched against files, as after `=` and in redirects. */
export function expandToText(
	word: ShellWord | undefined,
	environment: Environment,
	substitute: Substitute,
): { value: string | undefined; text: string } {
	let text = '';
	let length = 0;
	for (const part of word?.parts ?? []) {
		const value = expandPart(part, word as ShellWord, environment, substitute);
		if (value !== undefined) length += value.length;
		text += value === undefined || length > MAX_VALUE_LENGTH ? UNKNOWN_PIECE : value;
	}
	return { value: text.includes(UNKNOWN_PIECE) ? undefined : text, text };
}

function expandPart(part: ShellWordPart, word: ShellWord, environment: Environment, substitute: Substitute): string | undefined {
	if (part.kind === 'substitution' && part.body !== undefined) {
		const printed = substitute(part.body);
		if (printed !== undefined) return printed;
	}
	if (part.kind === 'other' && /^~(?:\/|$)/.test(part.raw)) {
		const home = environment.get('HOME');
		const directory = home === undefined ? '/root' : home.value;
		return directory === undefined ? undefined : directory + part.raw.slice(1);
	}
	return expandShellWord({ raw: word.raw, range: word.range, parts: [part] }, (name) => {
		const setting = environment.get(name);
		if (setting !== undefined) return { value: setting.value };
		return environment.complete ? undefined : { value: undefined };
	});
}
