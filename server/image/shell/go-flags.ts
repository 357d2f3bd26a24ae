import type { GoFlag } from '../model.ts';
import type { ExpandedWord } from './shell-words.ts';

/** Flags of `go build`, `go install` and their like that stand without a value (cmd/go's documentation, Go 1.27). */
const BOOLEAN = new Set('a n race msan asan cover v work x i linkshared modcacherw trimpath json buildvcs'.split(' '));

/** The flags at the start of `words`, and the words behind them. As the go command reads them: a flag ends where an argument starts. */
export function readFlags(words: readonly ExpandedWord[]): { flags: GoFlag[]; rest: ExpandedWord[] } {
	const flags: GoFlag[] = [];
	let at = 0;
	for (; at < words.length; at++) {
		const word = words[at] as ExpandedWord;
		if (word.text === '--') {
			at++;
			break;
		}
		const match = /^--?([A-Za-z][\w.]*)(?:(=)|(?![\w.]))([\s\S]*)$/.exec(word.text);
		if (match === null) break;
		const [, name = '', equals, text = ''] = match;
		const range = word.node.range;
		if (equals === '=') {
			const skipped = word.node.raw.indexOf('=') + 1;
			flags.push({
				name,
				value: word.value === undefined ? undefined : text,
				text,
				range,
				valueRange: { start: range.start + skipped, end: range.end },
			});
		} else if (BOOLEAN.has(name)) {
			flags.push({ name, value: 'true', text: 'true', range, valueRange: undefined });
		} else {
			const next = words[at + 1];
			if (next === undefined) {
				flags.push({ name, value: undefined, text: undefined, range, valueRange: undefined });
				continue;
			}
			at++;
			flags.push({
				name,
				value: next.value,
				text: next.text,
				range: { start: range.start, end: next.node.range.end },
				valueRange: next.node.range,
			});
		}
	}
	return { flags, rest: words.slice(at) };
}

/** The flags that GOFLAGS holds: words between spaces, a word in quotes as a whole. */
export function flagsOfVariable(text: string): GoFlag[] {
	return splitQuoted(text).flatMap((word) => {
		const match = /^--?([A-Za-z][\w.]*)(?:=([\s\S]*))?$/.exec(word);
		const value = match?.[2] ?? 'true';
		return match === null ? [] : [{ name: match[1] as string, value, text: value, range: undefined, valueRange: undefined }];
	});
}

/** Words between spaces; a word, or the part of one behind `=`, may stand in quotes. So cmd/go reads GOFLAGS, -ldflags and -gcflags. */
export function splitQuoted(text: string): string[] {
	const words: string[] = [];
	let word: string | undefined;
	let quote = '';
	for (const character of text) {
		if (quote !== '') {
			if (character === quote) quote = '';
			else word += character;
		} else if (/\s/.test(character)) {
			if (word !== undefined) words.push(word);
			word = undefined;
		} else if (character === '"' || character === "'") {
			quote = character;
			word ??= '';
		} else {
			word = (word ?? '') + character;
		}
	}
	if (word !== undefined) words.push(word);
	return words;
}

/** The flag in force: the last of the name. */
export function lastFlag(flags: readonly GoFlag[], name: string): GoFlag | undefined {
	return flags.findLast((flag) => flag.name === name);
}
