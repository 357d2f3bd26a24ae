import { KEYWORD_COUNT, keyword, type Names, nameAt } from './names.ts';

/** The kinds of token, as numbers because millions are compared. A keyword's kind is {@link FIRST_KEYWORD} plus its name's number. */
export const END: number = 0;
export const NAME: number = 1;
export const NUMBER: number = 2;
export const STRING: number = 3;
export const CHARACTER: number = 4;
export const SEMICOLON: number = 5;
export const LEFT_PAREN: number = 6;
export const RIGHT_PAREN: number = 7;
export const LEFT_BRACKET: number = 8;
export const RIGHT_BRACKET: number = 9;
export const LEFT_BRACE: number = 10;
export const RIGHT_BRACE: number = 11;
export const COMMA: number = 12;
export const COLON: number = 13;
export const DOT: number = 14;
export const ELLIPSIS: number = 15;
/** `:=` */
export const DEFINE: number = 16;
/** `=` */
export const ASSIGN: number = 17;
/** `+=` and its kin. */
export const ASSIGN_OPERATION: number = 18;
/** `++` and `--` */
export const STEP: number = 19;
/** `<-` */
export const ARROW: number = 20;
export const STAR: number = 21;
export const AMPERSAND: number = 22;
export const PLUS: number = 23;
/** `-` and `^`: like `+`, they stand before an operand or between two. */
export const SIGN: number = 24;
export const NOT: number = 25;
export const TILDE: number = 26;
export const BAR: number = 27;
/** Every other operator that stands between two operands. */
export const OPERATOR: number = 28;
/** A character that Go does not know. */
const UNKNOWN: number = 29;
export const FIRST_KEYWORD: number = 32;

const BREAK = FIRST_KEYWORD + keyword('break');
const CONTINUE = FIRST_KEYWORD + keyword('continue');
const FALLTHROUGH = FIRST_KEYWORD + keyword('fallthrough');
const RETURN = FIRST_KEYWORD + keyword('return');

/** A place in a Go file and the token that begins there. */
export interface Tokens {
	readonly text: string;
	readonly names: Names;
	/** Where the next token is looked for. */
	position: number;
	kind: number;
	start: number;
	end: number;
	/** The name's number where `kind` is {@link NAME}. */
	name: number;
}

/** What the first byte of a token tells: 1 for blanks, 2 for letters, 3 for digits; 0 for the rest. */
const CLASSES = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
	const character = String.fromCharCode(code);
	if (/[ \t\r]/.test(character)) CLASSES[code] = 1;
	else if (/[A-Za-z_]/.test(character)) CLASSES[code] = 2;
	else if (/[0-9]/.test(character)) CLASSES[code] = 3;
}

/** The kind of the characters that are a token by themselves whatever follows. */
const SINGLE = new Uint8Array(128);
for (const [character, kind] of [
	['(', LEFT_PAREN],
	[')', RIGHT_PAREN],
	['[', LEFT_BRACKET],
	[']', RIGHT_BRACKET],
	['{', LEFT_BRACE],
	['}', RIGHT_BRACE],
	[',', COMMA],
	[';', SEMICOLON],
	['~', TILDE],
] as const) {
	SINGLE[character.charCodeAt(0)] = kind;
}

/** Moves to the next token. Semicolons that Go reads at line ends are tokens without length. */
export function nextToken(tokens: Tokens): void {
	const { text } = tokens;
	const length = text.length;
	const ends = endsStatement(tokens.kind);
	let position = tokens.position;
	for (;;) {
		if (position >= length) {
			tokens.start = tokens.end = tokens.position = length;
			tokens.kind = ends ? SEMICOLON : END;
			return;
		}
		const code = text.charCodeAt(position);
		if (code > 127) {
			readName(tokens, position);
			return;
		}
		switch (CLASSES[code]) {
			case 1:
				// Indentation comes in runs.
				do position++;
				while (text.charCodeAt(position) === code);
				continue;
			case 2:
				readName(tokens, position);
				return;
			case 3:
				readNumber(tokens, position);
				return;
		}
		if (code === 10) {
			if (ends) {
				tokens.kind = SEMICOLON;
				tokens.start = tokens.end = position;
				tokens.position = position + 1;
				return;
			}
			position++;
			continue;
		}
		const single = SINGLE[code] as number;
		if (single !== 0) {
			tokens.kind = single;
			tokens.start = position;
			tokens.end = tokens.position = position + 1;
			return;
		}
		if (code === 47) {
			const following = text.charCodeAt(position + 1);
			if (following === 47) {
				const lineEnd = text.indexOf('\n', position);
				position = lineEnd < 0 ? length : lineEnd;
				continue;
			}
			if (following === 42) {
				const close = text.indexOf('*/', position + 2);
				const end = close < 0 ? length : close + 2;
				if (ends) {
					if (text.slice(position, end).includes('\n')) {
						tokens.kind = SEMICOLON;
						tokens.start = tokens.end = position;
						tokens.position = end;
						return;
					}
				}
				position = end;
				continue;
			}
		}
		readOther(tokens, position, code);
		return;
	}
}

/** Whether a line end after a token of this kind ends the statement. */
function endsStatement(kind: number): boolean {
	switch (kind) {
		case NAME:
		case NUMBER:
		case STRING:
		case CHARACTER:
		case RIGHT_PAREN:
		case RIGHT_BRACKET:
		case RIGHT_BRACE:
		case STEP:
		case BREAK:
		case CONTINUE:
		case FALLTHROUGH:
		case RETURN:
			return true;
		default:
			return false;
	}
}

function readName(tokens: Tokens, start: number): void {
	const { text } = tokens;
	let position = start;
	let hash = 0;
	for (;;) {
		const code = text.charCodeAt(position);
		// Beyond the end the code is NaN, which no comparison lets in.
		if (!(code > 127 || (code < 128 && (CLASSES[code] as number) >= 2))) break;
		hash = (Math.imul(hash, 31) + code) | 0;
		position++;
	}
	const name = nameAt(tokens.names, text, start, position, hash);
	tokens.name = name;
	tokens.kind = name < KEYWORD_COUNT ? FIRST_KEYWORD + name : NAME;
	tokens.start = start;
	tokens.end = tokens.position = position;
}

/** A number is read by its characters alone: whether it is a valid one does not matter here, where it ends does. */
function readNumber(tokens: Tokens, start: number): void {
	const { text } = tokens;
	const hexadecimal = /[xX]/.test(text.charAt(start + 1));
	let position = start;
	for (;;) {
		const code = text.charCodeAt(position);
		if (code === 46 || (code < 128 && (CLASSES[code] as number) >= 2)) {
			position++;
			// The sign of an exponent belongs to the number.
			const exponent = hexadecimal ? code === 112 || code === 80 : code === 101 || code === 69;
			if (exponent && (text.charCodeAt(position) === 43 || text.charCodeAt(position) === 45)) position++;
		} else {
			break;
		}
	}
	tokens.kind = NUMBER;
	tokens.start = start;
	tokens.end = tokens.position = position;
}

function readOther(tokens: Tokens, start: number, code: number): void {
	const { text } = tokens;
	const second = text.charCodeAt(start + 1);
	let kind = UNKNOWN;
	let end = start + 1;
	switch (code) {
		case 34: // "
		case 39: // '
			kind = code === 34 ? STRING : CHARACTER;
			end = quotedEnd(text, start, code);
			break;
		case 96: {
			// `
			const close = text.indexOf('`', start + 1);
			kind = STRING;
			end = close < 0 ? text.length : close + 1;
			break;
		}
		case 46: // .
			if (second === 46 && text.charCodeAt(start + 2) === 46) {
				kind = ELLIPSIS;
				end = start + 3;
			} else if (second >= 48 && second <= 57) {
				readNumber(tokens, start);
				return;
			} else {
				kind = DOT;
			}
			break;
		case 58: // :
			kind = second === 61 ? DEFINE : COLON;
			if (second === 61) end++;
			break;
		case 61: // =
			kind = second === 61 ? OPERATOR : ASSIGN;
			if (second === 61) end++;
			break;
		case 33: // !
			kind = second === 61 ? OPERATOR : NOT;
			if (second === 61) end++;
			break;
		case 43: // +
		case 45: // -
			kind = second === code ? STEP : second === 61 ? ASSIGN_OPERATION : code === 43 ? PLUS : SIGN;
			if (kind === STEP || kind === ASSIGN_OPERATION) end++;
			break;
		case 42: // *
		case 47: // /
		case 37: // %
		case 94: // ^
			kind = second === 61 ? ASSIGN_OPERATION : code === 42 ? STAR : code === 94 ? SIGN : OPERATOR;
			if (second === 61) end++;
			break;
		case 38: // &
			if (second === 38) {
				kind = OPERATOR;
				end++;
			} else if (second === 94) {
				kind = text.charCodeAt(start + 2) === 61 ? ASSIGN_OPERATION : OPERATOR;
				end = start + (kind === OPERATOR ? 2 : 3);
			} else {
				kind = second === 61 ? ASSIGN_OPERATION : AMPERSAND;
				if (second === 61) end++;
			}
			break;
		case 124: // |
			kind = second === 124 ? OPERATOR : second === 61 ? ASSIGN_OPERATION : BAR;
			if (kind !== BAR) end++;
			break;
		case 60: // <
		case 62: // >
			if (code === 60 && second === 45) {
				kind = ARROW;
				end++;
			} else if (second === code) {
				kind = text.charCodeAt(start + 2) === 61 ? ASSIGN_OPERATION : OPERATOR;
				end = start + (kind === OPERATOR ? 2 : 3);
			} else {
				kind = OPERATOR;
				if (second === 61) end++;
			}
			break;
	}
	tokens.kind = kind;
	tokens.start = start;
	tokens.end = tokens.position = end;
}

/** Where a quoted text ends; one that is not closed ends with its line. */
export function quotedEnd(text: string, start: number, quote: number): number {
	let position = start + 1;
	for (; position < text.length; position++) {
		const code = text.charCodeAt(position);
		if (code === quote) return position + 1;
		if (code === 92) position++;
		else if (code === 10) return position;
	}
	return Math.min(position, text.length);
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** What a string token stands for, `source` with its quotes. Bytes beyond ASCII that are written as `\xNN` become that character. */
export function stringValue(source: string): string {
	if (source.startsWith('`')) return source.slice(1, source.endsWith('`') && source.length > 1 ? -1 : undefined).replaceAll('\r', '');
	const inner = source.slice(1, source.endsWith('"') && source.length > 1 ? -1 : undefined);
	if (!inner.includes('\\')) return inner;
	return inner.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs, (_, x, u, long, octal, other) => {
		if (other !== undefined) return ESCAPES[other] ?? other;
		const code = octal === undefined ? Number.parseInt(x ?? u ?? long, 16) : Number.parseInt(octal, 8);
		return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
	});
}
