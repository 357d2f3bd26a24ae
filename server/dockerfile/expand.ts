import type { Range } from '../text/text.ts';

/** Gives what a variable is: `undefined` where it is not set, a `value` of `undefined` where it is set to something not known. */
export type Lookup = (name: string) => { readonly value: string | undefined } | undefined;

/** What separates the two readers of `${…}`: the builder, and the shell of a RUN. */
export interface Dialect {
	readonly escape: '\\' | '`';
	/** The shell knows more operators, substitutions in backquotes and parentheses, and keeps most backslashes in double quotes. */
	readonly shell: boolean;
}

/**
 * `raw` as the builder reads it: variables expanded, quotes and escapes removed, continuation lines joined. A variable that is
 * not set is empty.
 * @returns `undefined` where a variable is set to something not known, and where the builder reports an error (`${X:?…}`, an
 * open quote, an operator that only shells know, such as `${X:0:7}`)
 */
export function expandWord(raw: string, escapeCharacter: '\\' | '`', lookup: Lookup): string | undefined {
	if (!SPECIAL.test(raw)) return raw;
	return expandText(joinLines(raw, escapeCharacter), { escape: escapeCharacter, shell: false }, lookup);
}

/** What most words are without: quotes, variables, escapes and line endings. */
const SPECIAL = /["'$\\`\n]/;

/** `raw` without continuation characters, the line endings behind them, and the comment and empty lines that follow. */
function joinLines(raw: string, escapeCharacter: string): string {
	if (!raw.includes('\n')) return raw;
	let result = '';
	let continuing = false;
	for (const line of raw.split('\n')) {
		const trimmed = line.trim();
		if (continuing && (trimmed === '' || trimmed.startsWith('#'))) continue;
		let end = line.length;
		while (end > 0 && ' \t\r'.includes(line[end - 1] as string)) end--;
		const continued = end > 0 && line[end - 1] === escapeCharacter;
		result += continued ? line.slice(0, end - 1) : line;
		continuing = true;
	}
	return result;
}

/** A variable that a word names, and where: from the dollar sign to the end of the name or the closing brace. */
export interface VariableReference {
	readonly name: string;
	/** Relative to the raw text. */
	readonly range: Range;
}

/** The variables that the builder would expand in `raw`, those within the braces of others included, in the order in which they end. */
export function variablesOf(raw: string, escapeCharacter: '\\' | '`' = '\\'): VariableReference[] {
	const found: VariableReference[] = [];
	const scanner = newScanner(raw, { escape: escapeCharacter, shell: false }, () => undefined);
	scanner.report = (name, start, end) => found.push({ name, range: { start, end } });
	readUntil(scanner, '', false);
	return found;
}

/** {@link expandWord} in either dialect, for text whose continuation lines are joined. */
export function expandText(text: string, dialect: Dialect, lookup: Lookup): string | undefined {
	const scanner = newScanner(text, dialect, lookup);
	const value = readUntil(scanner, '', false);
	return scanner.failed ? undefined : value;
}

/**
 * A longer value counts as not known, so that one which names itself several times, again and again, does not fill the memory. Linux
 * starts no program with an argument or a variable of twice this length.
 */
export const MAX_VALUE_LENGTH = 64 * 1024;

/** `text` with more behind it; `undefined` where either is not known, or both are too long together. */
export function added(text: string | undefined, more: string | undefined): string | undefined {
	if (text === undefined || more === undefined || text.length + more.length > MAX_VALUE_LENGTH) return undefined;
	return text + more;
}

/** Deeper nesting of `${…}` than any author writes. */
const MAX_DEPTH = 40;
/** How many steps the patterns of a text may take for each of its characters; what takes more is not known. */
const PATTERN_STEPS_PER_CHARACTER = 1000;

interface Scanner {
	readonly text: string;
	readonly dialect: Dialect;
	readonly lookup: Lookup;
	at: number;
	depth: number;
	/** Set where the text is an error; what was read so far is then of no use. */
	failed: boolean;
	/** How many steps patterns may still take. */
	steps: number;
	report: (name: string, start: number, end: number) => void;
}

function newScanner(text: string, dialect: Dialect, lookup: Lookup): Scanner {
	const steps = PATTERN_STEPS_PER_CHARACTER * text.length;
	return { text, dialect, lookup, at: 0, depth: 0, failed: false, steps, report: () => {} };
}

/** Reads up to `stop`, which it consumes, or to the end where `stop` is empty. `undefined` is a value not known. */
function readUntil(scanner: Scanner, stop: string, keepEscapes: boolean): string | undefined {
	const { text, dialect } = scanner;
	let result: string | undefined = '';
	const add = (value: string | undefined) => {
		result = added(result, value);
	};
	while (scanner.at < text.length) {
		const char = text[scanner.at] as string;
		if (char === stop) {
			scanner.at++;
			return result;
		}
		if (char === "'") add(readSingleQuotes(scanner));
		else if (char === '"') add(readDoubleQuotes(scanner));
		else if (char === '$') add(readDollar(scanner));
		else if (char === dialect.escape) {
			const next = text[scanner.at + 1];
			if (keepEscapes) add(char);
			if (next !== undefined) add(next);
			scanner.at += 2;
		} else if (char === '`' && dialect.shell) {
			scanner.failed = true;
			scanner.at++;
		} else {
			add(char);
			scanner.at++;
		}
	}
	if (stop !== '') scanner.failed = true;
	return result;
}

function readSingleQuotes(scanner: Scanner): string {
	const end = scanner.text.indexOf("'", scanner.at + 1);
	if (end < 0) scanner.failed = true;
	const value = scanner.text.slice(scanner.at + 1, end < 0 ? undefined : end);
	scanner.at = end < 0 ? scanner.text.length : end + 1;
	return value;
}

function readDoubleQuotes(scanner: Scanner): string | undefined {
	const { text, dialect } = scanner;
	let result: string | undefined = '';
	scanner.at++;
	while (scanner.at < text.length) {
		const char = text[scanner.at] as string;
		if (char === '"') {
			scanner.at++;
			return result;
		}
		let piece: string | undefined = char;
		if (char === '$') piece = readDollar(scanner);
		else if (char === dialect.escape) {
			const next = text[scanner.at + 1];
			const escapes = next === '"' || next === '$' || next === dialect.escape || (dialect.shell && next === '`');
			if (escapes) piece = next;
			scanner.at += escapes ? 2 : 1;
		} else {
			if (char === '`' && dialect.shell) scanner.failed = true;
			scanner.at++;
		}
		result = added(result, piece);
	}
	scanner.failed = true;
	return result;
}

/** Reads what stands at a dollar sign. */
function readDollar(scanner: Scanner): string | undefined {
	const { text, dialect } = scanner;
	const start = scanner.at++;
	if (text[scanner.at] !== '{') {
		if (dialect.shell && (text[scanner.at] === '(' || text[scanner.at] === "'" || text[scanner.at] === '"')) {
			scanner.failed = true;
			return undefined;
		}
		const name = readName(scanner);
		if (name === '') return '$';
		scanner.report(name, start, scanner.at);
		return valueOfVariable(scanner, name);
	}
	scanner.at++;
	if (++scanner.depth > MAX_DEPTH) {
		scanner.failed = true;
		scanner.at = text.length;
		return undefined;
	}
	const value = readBraces(scanner, start);
	scanner.depth--;
	return value;
}

function valueOfVariable(scanner: Scanner, name: string): string | undefined {
	const found = scanner.lookup(name);
	return found === undefined ? '' : found.value;
}

function readName(scanner: Scanner): string {
	const { text } = scanner;
	const start = scanner.at;
	const first = text[start];
	if (first === undefined) return '';
	if ('@*#?-$!'.includes(first)) {
		scanner.at++;
		return first;
	}
	const digits = first >= '0' && first <= '9';
	while (scanner.at < text.length && (digits ? /[0-9]/ : /[\p{L}\p{N}_]/u).test(text[scanner.at] as string)) scanner.at++;
	return text.slice(start, scanner.at);
}

/** Reads a substitution behind `${`. */
function readBraces(scanner: Scanner, start: number): string | undefined {
	const { text, dialect } = scanner;
	const name = readName(scanner);
	let operator = text[scanner.at] ?? '';
	scanner.at++;
	if (name === '' || operator === '') {
		scanner.failed = true;
		return undefined;
	}
	if (operator === '}') {
		scanner.report(name, start, scanner.at);
		return valueOfVariable(scanner, name);
	}
	const colon = operator === ':';
	if (colon) {
		operator = text[scanner.at] ?? '';
		if (dialect.shell && !'-+?='.includes(operator)) return readSlice(scanner, name, start);
		scanner.at++;
	}
	if ('-+?#%'.includes(operator) || (dialect.shell && operator === '=')) {
		const longest = (operator === '#' || operator === '%') && text[scanner.at] === operator;
		if (longest) scanner.at++;
		const operand = readUntil(scanner, '}', operator === '#' || operator === '%');
		scanner.report(name, start, scanner.at);
		return substitute(scanner, name, operator, colon, longest, operand);
	}
	if (operator === '/' && !colon) {
		const everywhere = text[scanner.at] === '/';
		if (everywhere) scanner.at++;
		const pattern = readUntil(scanner, '/', true);
		const replacement = readUntil(scanner, '}', true);
		scanner.report(name, start, scanner.at);
		const value = valueOfVariable(scanner, name);
		if (pattern === undefined || replacement === undefined || value === undefined || scanner.failed) return undefined;
		return replaced(scanner, value, pattern, replacement.replace(/\\([/}\\])/g, '$1'), everywhere);
	}
	scanner.failed = true;
	readUntil(scanner, '}', true);
	return undefined;
}

function substitute(
	scanner: Scanner,
	name: string,
	operator: string,
	colon: boolean,
	longest: boolean,
	operand: string | undefined,
): string | undefined {
	const found = scanner.lookup(name);
	const value = found === undefined ? '' : found.value;
	if (operator === '#' || operator === '%') {
		if (value === undefined || operand === undefined) return undefined;
		return trimmed(scanner, value, operand, operator === '#', longest);
	}
	// Whether the variable counts as set; not known where its emptiness decides and its value is not known.
	const set = found === undefined ? false : colon ? (value === undefined ? undefined : value !== '') : true;
	if (set === undefined) return undefined;
	if (operator === '+') return set ? operand : '';
	if (set) return value;
	if (operator === '?') scanner.failed = true;
	return operand;
}

/** Reads `${NAME:offset}` or `${NAME:offset:length}`, which only shells know, with plain numbers. */
function readSlice(scanner: Scanner, name: string, start: number): string | undefined {
	const operand = readUntil(scanner, '}', false);
	scanner.report(name, start, scanner.at);
	const value = valueOfVariable(scanner, name);
	const numbers = operand === undefined ? null : /^\s*(\d{1,9}|\s-\d{1,9})\s*(?::\s*(-?\d{1,9})\s*)?$/.exec(operand);
	if (value === undefined || numbers === null) return undefined;
	const first = Number(numbers[1]);
	const from = first < 0 ? value.length + first : first;
	if (from < 0) return '';
	const length = numbers[2] === undefined ? undefined : Number(numbers[2]);
	const to = length === undefined ? value.length : length < 0 ? value.length + length : from + length;
	return to < from ? undefined : value.slice(from, to);
}

/** A piece of a pattern: a literal character, any one character, or any run of them. */
type PatternPiece = { readonly kind: 'one'; readonly char: string } | { readonly kind: 'any' } | { readonly kind: 'run' };

/** The pieces of a shell pattern, or `undefined` for bracket expressions, which the builder and shells read differently. */
function patternPieces(pattern: string): PatternPiece[] | undefined {
	const pieces: PatternPiece[] = [];
	for (let at = 0; at < pattern.length; at++) {
		const char = pattern[at] as string;
		if (char === '[') return undefined;
		if (char === '*') {
			if (pieces.at(-1)?.kind !== 'run') pieces.push({ kind: 'run' });
		} else if (char === '?') pieces.push({ kind: 'any' });
		else if (char === '\\' && at + 1 < pattern.length) pieces.push({ kind: 'one', char: pattern[++at] as string });
		else pieces.push({ kind: 'one', char });
	}
	return pieces;
}

/** Where matches of the pattern that start at `start` end: the nearest and the farthest place. Fails the scanner where that takes too long. */
function matchEnds(
	scanner: Scanner,
	pieces: readonly PatternPiece[],
	value: string,
	start: number,
): { first: number; last: number } | undefined {
	let reached = new Uint8Array(pieces.length + 1);
	reached[0] = 1;
	let ends: { first: number; last: number } | undefined;
	for (let at = start; ; at++) {
		scanner.steps -= pieces.length + 1;
		if (scanner.steps < 0) {
			scanner.failed = true;
			return undefined;
		}
		// A run may be empty.
		for (let index = 0; index < pieces.length; index++) if (reached[index] === 1 && pieces[index]?.kind === 'run') reached[index + 1] = 1;
		if (reached[pieces.length] === 1) ends = { first: ends?.first ?? at, last: at };
		if (at >= value.length) return ends;
		const next = new Uint8Array(pieces.length + 1);
		let alive = false;
		for (let index = 0; index < pieces.length; index++) {
			if (reached[index] !== 1) continue;
			const piece = pieces[index] as PatternPiece;
			if (piece.kind === 'run') next[index] = 1;
			else if (piece.kind === 'any' || piece.char === value[at]) next[index + 1] = 1;
			else continue;
			alive = true;
		}
		if (!alive) return ends;
		reached = next;
	}
}

/** `${X#p}`, `${X##p}`, `${X%p}`, `${X%%p}`. */
function trimmed(scanner: Scanner, value: string, pattern: string, prefix: boolean, longest: boolean): string | undefined {
	const pieces = patternPieces(pattern);
	if (pieces === undefined) return undefined;
	// A suffix is a prefix read backwards.
	const ends = prefix ? matchEnds(scanner, pieces, value, 0) : matchEnds(scanner, pieces.reverse(), value.split('').reverse().join(''), 0);
	if (ends === undefined) return scanner.failed ? undefined : value;
	const length = longest ? ends.last : ends.first;
	return prefix ? value.slice(length) : value.slice(0, value.length - length);
}

/** `${X/pattern/replacement}` and `${X//pattern/replacement}`. */
function replaced(scanner: Scanner, value: string, pattern: string, replacement: string, everywhere: boolean): string | undefined {
	const pieces = patternPieces(pattern);
	if (pieces === undefined || pieces.length === 0) return pieces === undefined ? undefined : value;
	let result = '';
	let at = 0;
	while (at < value.length && result.length <= MAX_VALUE_LENGTH && !scanner.failed) {
		const ends = matchEnds(scanner, pieces, value, at);
		if (ends === undefined || ends.last === at) result += value[at++];
		else {
			result += replacement;
			at = ends.last;
			if (!everywhere) break;
		}
	}
	return result + value.slice(at);
}
