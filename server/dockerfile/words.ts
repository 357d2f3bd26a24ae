import type { Span } from './logical-line.ts';

/** The builder's ways to cut a joined line into words. All of them are linear and none fails. */

/** White space as the builder sees it; a lone carriage return is white space and ends no line. */
export function isSpace(code: number): boolean {
	if (code <= 0x20) return code === 0x20 || (code >= 9 && code <= 13);
	if (code < 0x85) return false;
	return (
		code === 0x85 ||
		code === 0xa0 ||
		code === 0x1680 ||
		(code >= 0x2000 && code <= 0x200a) ||
		code === 0x2028 ||
		code === 0x2029 ||
		code === 0x202f ||
		code === 0x205f ||
		code === 0x3000
	);
}

/** `span` without white space at its ends. */
export function trimSpan(text: string, span: Span): Span {
	let { start, end } = span;
	while (start < end && isSpace(text.charCodeAt(start))) start++;
	while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
	return { start, end };
}

/** The words between white space, quotes or not: so COPY, FROM, EXPOSE and VOLUME are read. */
export function splitOnSpace(text: string, span: Span): Span[] {
	const words: Span[] = [];
	let start = -1;
	for (let at = span.start; at <= span.end; at++) {
		const space = at === span.end || isSpace(text.charCodeAt(at));
		if (space && start >= 0) {
			words.push({ start, end: at });
			start = -1;
		} else if (!space && start < 0) start = at;
	}
	return words;
}

/** The words between white space outside quotes, quotes kept: so ENV, ARG and LABEL are read. An open quote reaches to the end. */
export function splitQuoted(text: string, span: Span, escapeCharacter: string): Span[] {
	const words: Span[] = [];
	let at = span.start;
	while (at < span.end) {
		if (isSpace(text.charCodeAt(at))) {
			at++;
			continue;
		}
		const end = quotedWordEnd(text, at, span.end, escapeCharacter);
		words.push({ start: at, end });
		at = end;
	}
	return words;
}

/** The end of the word that starts at `start`: the first white space outside quotes. */
export function quotedWordEnd(text: string, start: number, end: number, escapeCharacter: string): number {
	let quote = '';
	let at = start;
	for (; at < end; at++) {
		const char = text[at] as string;
		if (quote === '') {
			if (isSpace(text.charCodeAt(at))) return at;
			if (char === '"' || char === "'") quote = char;
			else if (char === escapeCharacter) at++;
		} else if (char === quote) quote = '';
		else if (char === escapeCharacter && quote === '"') at++;
	}
	return Math.min(at, end);
}
