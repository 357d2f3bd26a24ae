import { readInside } from './expressions.ts';
import { CHAN, FUNC, INTERFACE, MAP, STRUCT } from './keywords.ts';
import { symbolOf } from './names.ts';
import { enter, expect, expectName, type Import, type Scan, SYNTAX, use } from './scan.ts';
import { closeScopes, declare, openScope } from './scopes.ts';
import { noteType, type Place, plainName } from './sightings.ts';
import {
	ARROW,
	ASSIGN,
	BAR,
	COMMA,
	DOT,
	ELLIPSIS,
	LEFT_BRACE,
	LEFT_BRACKET,
	LEFT_PAREN,
	NAME,
	nextToken,
	RIGHT_BRACE,
	RIGHT_BRACKET,
	RIGHT_PAREN,
	SEMICOLON,
	STAR,
	STRING,
	TILDE,
} from './tokens.ts';

export function readTypeSpecification(scan: Scan, top: boolean): void {
	const name = expectName(scan);
	if (!top) declare(scan, name, undefined);
	const scope = openScope(scan);
	if (scan.kind === LEFT_BRACKET && !readArrayOrTypeParameters(scan)) {
		closeScopes(scan, scope);
		return;
	}
	if (scan.kind === ASSIGN) nextToken(scan);
	readType(scan);
	closeScopes(scan, scope);
}

/** After the name in `type Name [`: whether type parameters were read; else an array type was. */
function readArrayOrTypeParameters(scan: Scan): boolean {
	const { position, kind, start, end } = scan;
	nextToken(scan);
	let parameters = false;
	if (scan.kind === NAME) {
		nextToken(scan);
		parameters =
			scan.kind === NAME ||
			scan.kind === COMMA ||
			scan.kind === INTERFACE ||
			scan.kind === TILDE ||
			scan.kind === LEFT_BRACKET ||
			scan.kind === FUNC ||
			scan.kind === MAP ||
			scan.kind === CHAN ||
			(scan.kind === STAR && /^\*\s*\w+(?:\.\w+)?\s*[,\]|]/.test(scan.text.slice(scan.start, scan.start + 200)) && pointerConstraint(scan));
	}
	scan.position = position;
	scan.kind = kind;
	scan.start = start;
	scan.end = end;
	if (parameters) readTypeParameters(scan);
	else readType(scan);
	return parameters;
}

/** `[P *C, …` or `[P *C|…` begins type parameters; `[P *C]` is an array of P times C elements. */
function pointerConstraint(scan: Scan): boolean {
	return /^\*\s*\w+(?:\.\w+)?\s*[,|]/.test(scan.text.slice(scan.start, scan.start + 200));
}

export function readTypeParameters(scan: Scan): void {
	expect(scan, LEFT_BRACKET);
	// All are in scope in all constraints, so their names come first where they can be told without looking ahead far.
	while (scan.kind !== RIGHT_BRACKET) {
		declare(scan, expectName(scan), undefined);
		while (scan.kind === COMMA) {
			nextToken(scan);
			declare(scan, expectName(scan), undefined);
		}
		const level = scan.level;
		scan.level = 0;
		readUnion(scan);
		scan.level = level;
		if (scan.kind === COMMA) nextToken(scan);
		else if (scan.kind !== RIGHT_BRACKET) throw SYNTAX;
	}
	nextToken(scan);
}

/** `~int | string`. */
function readUnion(scan: Scan): void {
	for (;;) {
		if (scan.kind === TILDE) nextToken(scan);
		readType(scan);
		if (scan.kind !== BAR) return;
		nextToken(scan);
	}
}

function startsType(kind: number): boolean {
	switch (kind) {
		case NAME:
		case STAR:
		case LEFT_PAREN:
		case LEFT_BRACKET:
		case MAP:
		case CHAN:
		case FUNC:
		case STRUCT:
		case INTERFACE:
		case ARROW:
			return true;
		default:
			return false;
	}
}

export function readType(scan: Scan, place?: Place): void {
	enter(scan);
	switch (scan.kind) {
		case NAME:
			readTypeName(scan, place);
			if (scan.kind === LEFT_BRACKET) readTypeArguments(scan);
			break;
		case STAR:
			nextToken(scan);
			readType(scan);
			break;
		case LEFT_PAREN:
			nextToken(scan);
			readType(scan);
			expect(scan, RIGHT_PAREN);
			break;
		case LEFT_BRACKET:
			readArrayLength(scan);
			readType(scan);
			break;
		case MAP:
			nextToken(scan);
			expect(scan, LEFT_BRACKET);
			readType(scan);
			expect(scan, RIGHT_BRACKET);
			readType(scan);
			break;
		case CHAN:
			nextToken(scan);
			if (scan.kind === ARROW) nextToken(scan);
			readType(scan);
			break;
		case ARROW:
			nextToken(scan);
			expect(scan, CHAN);
			readType(scan);
			break;
		case FUNC: {
			nextToken(scan);
			const scope = openScope(scan);
			readSignature(scan, false);
			closeScopes(scan, scope);
			break;
		}
		case STRUCT:
			readStruct(scan);
			break;
		case INTERFACE:
			readInterface(scan);
			break;
		default:
			throw SYNTAX;
	}
	scan.depth--;
}

/** `[]`, `[...]` or `[length]`. */
function readArrayLength(scan: Scan): void {
	expect(scan, LEFT_BRACKET);
	if (scan.kind === ELLIPSIS) nextToken(scan);
	else if (scan.kind !== RIGHT_BRACKET) readInside(scan);
	expect(scan, RIGHT_BRACKET);
}

function readTypeArguments(scan: Scan): void {
	expect(scan, LEFT_BRACKET);
	while (scan.kind !== RIGHT_BRACKET) {
		readType(scan);
		if (scan.kind === COMMA) nextToken(scan);
		else if (scan.kind !== RIGHT_BRACKET) throw SYNTAX;
	}
	nextToken(scan);
}

function readTypeName(scan: Scan, place?: Place): void {
	const { name } = scan;
	const start = scan.start;
	nextToken(scan);
	readTypeNameFrom(scan, name, start, place);
}

/** A type's name whose first part has been read. */
function readTypeNameFrom(scan: Scan, name: number, start: number, place?: Place): void {
	if (scan.kind === DOT) {
		nextToken(scan);
		const imported = scan.names.locals[name] === 0 ? (scan.names.imports[name] as number) : 0;
		const selector = scan.name;
		const offset = scan.start;
		const end = scan.end;
		expectName(scan);
		if (imported === 0) return;
		const entry = scan.imports[imported - 1] as Import;
		use(scan, symbolOf(scan.symbols, entry.number, selector));
		if (entry.watches !== undefined) noteType(scan, entry, selector, offset, end - offset, place);
		return;
	}
	plainName(scan, name, start, true, place);
}

function readStruct(scan: Scan): void {
	nextToken(scan);
	expect(scan, LEFT_BRACE);
	while (scan.kind !== RIGHT_BRACE) {
		if (scan.kind === NAME) {
			const { name, start } = scan;
			nextToken(scan);
			readFieldAfterName(scan, name, start);
		} else {
			readType(scan);
		}
		if (scan.kind === STRING) nextToken(scan);
		if (scan.kind === SEMICOLON) nextToken(scan);
		else if (scan.kind !== RIGHT_BRACE) throw SYNTAX;
	}
	nextToken(scan);
}

function readFieldAfterName(scan: Scan, name: number, start: number): void {
	switch (scan.kind) {
		case COMMA:
			while (scan.kind === COMMA) {
				nextToken(scan);
				expectName(scan);
			}
			readType(scan);
			return;
		case DOT:
			readTypeNameFrom(scan, name, start, 'field');
			if (scan.kind === LEFT_BRACKET) readTypeArguments(scan);
			return;
		case STRING:
		case SEMICOLON:
		case RIGHT_BRACE:
			plainName(scan, name, start, true, 'field');
			return;
		case LEFT_BRACKET:
			readArrayOrGeneric(scan, name, start);
			return;
		default:
			readType(scan, 'field');
	}
}

/** After a name, at `[`: `name []T` and `name [N]T` are a field or parameter with its type, `Name[T]` is a type. True for a name. */
function readArrayOrGeneric(scan: Scan, name: number, start: number): boolean {
	nextToken(scan);
	if (scan.kind === RIGHT_BRACKET) {
		nextToken(scan);
		readType(scan);
		return true;
	}
	if (scan.kind === ELLIPSIS) nextToken(scan);
	else readInside(scan);
	while (scan.kind === COMMA) {
		nextToken(scan);
		if (scan.kind !== RIGHT_BRACKET) readInside(scan);
	}
	expect(scan, RIGHT_BRACKET);
	if (startsType(scan.kind)) {
		readType(scan);
		return true;
	}
	plainName(scan, name, start, true);
	return false;
}

function readInterface(scan: Scan): void {
	nextToken(scan);
	expect(scan, LEFT_BRACE);
	while (scan.kind !== RIGHT_BRACE) {
		if (scan.kind === NAME) {
			const { name, start } = scan;
			nextToken(scan);
			if (scan.kind === LEFT_PAREN) {
				const scope = openScope(scan);
				readSignature(scan, false);
				closeScopes(scan, scope);
			} else {
				readTypeNameFrom(scan, name, start);
				if (scan.kind === LEFT_BRACKET) readTypeArguments(scan);
				if (scan.kind === BAR) {
					nextToken(scan);
					readUnion(scan);
				}
			}
		} else {
			readUnion(scan);
		}
		if (scan.kind === SEMICOLON) nextToken(scan);
		else if (scan.kind !== RIGHT_BRACE) throw SYNTAX;
	}
	nextToken(scan);
}

/**
 * Parameters and results; their names become local where a body may follow.
 *
 * @param symbol that of the function, whose parameters are followed; -1 where they are not
 */
export function readSignature(scan: Scan, declares: boolean, symbol = -1): void {
	readParameters(scan, declares, symbol);
	if (scan.kind === LEFT_PAREN) readParameters(scan, declares);
	else if (startsType(scan.kind)) readType(scan);
}

function readParameters(scan: Scan, declares: boolean, symbol = -1): void {
	enter(scan);
	expect(scan, LEFT_PAREN);
	// A lone name is a type, unless another entry shows that these parameters have names.
	const lone: number[] = [];
	/** Each name with its place. */
	const named: [name: number, start: number][] = [];
	let hasNames = false;
	let rest = false;
	while (scan.kind !== RIGHT_PAREN) {
		if (scan.kind === NAME) {
			const { name, start } = scan;
			nextToken(scan);
			if (scan.kind === COMMA || scan.kind === RIGHT_PAREN) {
				lone.push(name, start);
			} else if (scan.kind === DOT) {
				readTypeNameFrom(scan, name, start);
				if (scan.kind === LEFT_BRACKET) readTypeArguments(scan);
			} else if (scan.kind === LEFT_BRACKET) {
				if (readArrayOrGeneric(scan, name, start)) {
					hasNames = true;
					named.push([name, start]);
				}
			} else {
				hasNames = true;
				named.push([name, start]);
				rest = scan.kind === ELLIPSIS;
				if (rest) nextToken(scan);
				readType(scan);
			}
		} else {
			if (scan.kind === ELLIPSIS) nextToken(scan);
			readType(scan);
		}
		if (scan.kind === COMMA) nextToken(scan);
		else if (scan.kind === SEMICOLON) nextToken(scan);
		else if (scan.kind !== RIGHT_PAREN) throw SYNTAX;
	}
	nextToken(scan);
	for (let index = 0; index < lone.length; index += 2) {
		if (hasNames) named.push([lone[index] as number, lone[index + 1] as number]);
		else plainName(scan, lone[index] as number, lone[index + 1] as number, true);
	}
	if (declares) {
		named.sort(([, left], [, right]) => left - right);
		for (const [index, [name]] of named.entries()) {
			const last = index === named.length - 1;
			declare(scan, name, symbol < 0 ? undefined : { kind: 'parameter', symbol, index, rest: rest && last });
		}
	}
	scan.depth--;
}
