import type { Span } from './logical-line.ts';
import { isSpace } from './words.ts';

/** `<<NAME` as it opens a heredoc on an instruction's line. */
export interface HeredocOpening {
	readonly name: string;
	/** Whether the name is written without quotes and escapes, so that the content is expanded. */
	readonly expand: boolean;
	/** Whether it is `<<-`, which drops leading tabs. */
	readonly stripTabs: boolean;
	/** The whole word, a descriptor such as the 3 of `3<<EOF` included. */
	readonly span: Span;
}

/**
 * The heredocs that the builder sees on a line: words of their own that are `<<NAME`, `<< NAME`, `<<-NAME` or one of these with a
 * descriptor in front. A line with an open quote has none.
 */
export function heredocOpenings(text: string, span: Span): HeredocOpening[] {
	const openings: HeredocOpening[] = [];
	if (!text.includes('<<', span.start)) return openings;
	for (const word of wordsOutsideQuotes(text, span) ?? []) {
		const opening = openingOf(text, word);
		if (opening !== undefined) openings.push(opening);
	}
	return openings;
}

/** Reads one word, or gives `undefined` where it opens no heredoc. */
function openingOf(text: string, span: Span): HeredocOpening | undefined {
	let at = span.start;
	while (at < span.end && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
	if (!text.startsWith('<<', at)) return undefined;
	at += 2;
	const stripTabs = text[at] === '-';
	if (stripTabs) at++;
	while (at < span.end && isSpace(text.charCodeAt(at))) at++;
	const rest = text.slice(at, span.end);
	if (rest === '' || rest.includes('<')) return undefined;
	const name = unquoted(rest);
	return name === '' ? undefined : { name, expand: name === rest, stripTabs, span };
}

/** Words cut at white space outside quotes, or `undefined` where a quote stays open. The escape is a backslash, whatever the directive says. */
function wordsOutsideQuotes(text: string, span: Span): Span[] | undefined {
	const words: Span[] = [];
	let start = -1;
	let quote = '';
	for (let at = span.start; at < span.end; at++) {
		const char = text[at] as string;
		if (quote !== '') {
			if (char === '\\' && quote === '"') at++;
			else if (char === quote) quote = '';
			continue;
		}
		if (isSpace(text.charCodeAt(at))) {
			if (start >= 0) words.push({ start, end: at });
			start = -1;
			continue;
		}
		if (start < 0) start = at;
		if (char === '"' || char === "'") quote = char;
		else if (char === '\\') at++;
		else if (char === '<' && text[at + 1] === '<') {
			// White space behind `<<` belongs to the word.
			at++;
			while (at + 1 < span.end && isSpace(text.charCodeAt(at + 1))) at++;
		}
	}
	if (quote !== '') return undefined;
	if (start >= 0) words.push({ start, end: span.end });
	return words;
}

/** `word` without quotes and escapes. */
function unquoted(word: string): string {
	let result = '';
	let quote = '';
	for (let at = 0; at < word.length; at++) {
		const char = word[at] as string;
		if (quote === '') {
			if (char === '"' || char === "'") quote = char;
			else if (char === '\\') result += word[++at] ?? '';
			else result += char;
		} else if (char === quote) quote = '';
		else if (char === '\\' && quote === '"' && (word[at + 1] === '"' || word[at + 1] === '\\')) result += word[++at];
		else result += char;
	}
	return result;
}
