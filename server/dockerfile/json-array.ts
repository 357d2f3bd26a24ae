import type { Span } from './logical-line.ts';

/** A string of a JSON array and where it stands, quotes included. */
interface JsonItem {
	readonly value: string;
	readonly span: Span;
}

/** The array's strings and the span from bracket to bracket. */
export interface JsonArray {
	readonly items: readonly JsonItem[];
	readonly span: Span;
}

/**
 * Reads `span` as what the builder takes for exec form: a JSON array of strings with nothing behind it. Anything else, numbers
 * and trailing commas included, is `undefined`.
 */
export function readJsonArray(text: string, span: Span): JsonArray | undefined {
	if (text[span.start] !== '[') return undefined;
	const items: JsonItem[] = [];
	let at = skipJsonSpace(text, span.start + 1, span.end);
	if (text[at] === ']' && at < span.end) return closing(text, span, at, items);
	while (at < span.end) {
		const end = jsonStringEnd(text, at, span.end);
		if (end === undefined) return undefined;
		const value = jsonString(text.slice(at, end));
		if (value === undefined) return undefined;
		items.push({ value, span: { start: at, end } });
		at = skipJsonSpace(text, end, span.end);
		if (at >= span.end) return undefined;
		if (text[at] === ']') return closing(text, span, at, items);
		if (text[at] !== ',') return undefined;
		at = skipJsonSpace(text, at + 1, span.end);
	}
	return undefined;
}

function closing(text: string, span: Span, bracket: number, items: readonly JsonItem[]): JsonArray | undefined {
	if (skipJsonSpace(text, bracket + 1, span.end) < span.end) return undefined;
	return { items, span: { start: span.start, end: bracket + 1 } };
}

/**
 * What the author of a malformed array meant, where that is plain: single or typographic quotes, bare words, a comma too many
 * or too few, a missing last bracket, a shell comment behind it.
 * @returns the strings, or `undefined` where there is more than one way to read them.
 */
export function meantItems(text: string, span: Span): string[] | undefined {
	const items: string[] = [];
	let at = span.start + 1;
	let commas = 0;
	let bareNeighbours = false;
	let afterItem: 'bare' | 'quoted' | undefined;
	for (;;) {
		at = skipJsonSpace(text, at, span.end);
		if (at >= span.end) break;
		const char = text[at] as string;
		if (char === ']') {
			const rest = skipJsonSpace(text, at + 1, span.end);
			if (rest < span.end && (text[rest] !== '#' || rest === at + 1)) return undefined;
			break;
		}
		if (char === ',') {
			if (afterItem === undefined) return undefined;
			afterItem = undefined;
			commas++;
			at++;
			continue;
		}
		const item = char in CLOSING_QUOTE ? quotedItem(text, at, span.end) : bareItem(text, at, span.end);
		if (item === undefined) return undefined;
		const kind = char in CLOSING_QUOTE ? 'quoted' : 'bare';
		if (afterItem !== undefined && (afterItem === 'bare' || kind === 'bare')) bareNeighbours = true;
		afterItem = kind;
		items.push(item.value);
		at = item.end;
	}
	// `[a b, c]` may be two words or one: the author has to say.
	if (bareNeighbours && commas > 0) return undefined;
	return items.length > 0 ? items : undefined;
}

/**
 * Whether text that starts with `[` is the shell's test command and no array: `[[ … ]]`, or `[` as a word of its own with
 * something behind it that no array holds.
 */
export function isTestCommand(text: string, span: Span): boolean {
	if (text.startsWith('[[', span.start)) return true;
	// Blanks behind the last word are none of the command's.
	const next = span.start + 1 < span.end ? text.charCodeAt(span.start + 1) : undefined;
	if (next !== 0x20 && next !== 9) return false;
	if (startsWithItem(text, span)) return false;
	const items = meantItems(text, span);
	if (items === undefined) return true;
	// The shell would see these as operators of `[`.
	return !onlyQuotedItems(text, span) || items.some((item) => /^(?:[!=<>]|==|!=|-[a-z]{1,2})$/.test(item));
}

/** Whether a string in quotes and a comma come first, which is an array's start whatever follows. */
function startsWithItem(text: string, span: Span): boolean {
	const start = skipJsonSpace(text, span.start + 1, span.end);
	if (start >= span.end || !((text[start] as string) in CLOSING_QUOTE)) return false;
	const item = quotedItem(text, start, span.end);
	return item !== undefined && text[skipJsonSpace(text, item.end, span.end)] === ',';
}

/** Whether the array holds a comma outside quotes or its items are all quoted, which words of `[` rarely are. */
function onlyQuotedItems(text: string, span: Span): boolean {
	let at = span.start + 1;
	let bare = false;
	while (at < span.end) {
		const char = text[at] as string;
		if (char === ',') return true;
		if (char in CLOSING_QUOTE) at = quotedItem(text, at, span.end)?.end ?? span.end;
		else {
			if (char !== ' ' && char !== '\t' && char !== ']') bare = true;
			at++;
		}
	}
	return !bare;
}

const CLOSING_QUOTE: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”', '‘': '’', '”': '”', '’': '’' };

function quotedItem(text: string, start: number, limit: number): { value: string; end: number } | undefined {
	const opening = text[start] as string;
	if (opening === '"') {
		const end = jsonStringEnd(text, start, limit);
		const value = end === undefined ? undefined : jsonString(text.slice(start, end));
		return end === undefined || value === undefined ? undefined : { value, end };
	}
	const end = text.indexOf(CLOSING_QUOTE[opening] as string, start + 1);
	return end < 0 || end >= limit ? undefined : { value: text.slice(start + 1, end), end: end + 1 };
}

/** A word without quotes; one that holds quotes or brackets is not plain. */
function bareItem(text: string, start: number, limit: number): { value: string; end: number } | undefined {
	let end = start;
	for (; end < limit; end++) {
		const char = text[end] as string;
		if (char === ',' || char === ']' || isJsonSpace(text.charCodeAt(end))) break;
		if (char === '[' || char === '{' || char === '}' || char in CLOSING_QUOTE) return undefined;
	}
	return { value: text.slice(start, end), end };
}

/** The end of the JSON string that starts at `start`, or `undefined` where none does. */
function jsonStringEnd(text: string, start: number, limit: number): number | undefined {
	if (text[start] !== '"') return undefined;
	for (let at = start + 1; at < limit; at++) {
		const code = text.charCodeAt(at);
		if (code === 0x22) return at + 1;
		if (code === 0x5c) at++;
	}
	return undefined;
}

function jsonString(source: string): string | undefined {
	try {
		const value: unknown = JSON.parse(source);
		return typeof value === 'string' ? value : undefined;
	} catch {
		return undefined;
	}
}

function skipJsonSpace(text: string, start: number, end: number): number {
	let at = start;
	while (at < end && isJsonSpace(text.charCodeAt(at))) at++;
	return at;
}

function isJsonSpace(code: number): boolean {
	return code === 0x20 || code === 9 || code === 10 || code === 13;
}
