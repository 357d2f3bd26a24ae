// Long because the functions of one grammar call each other.

import { enterField, isCommandList, isCommandType, leaveSection, noteAdded, noteBorrowed, noteField } from './commands.ts';
import { CHAN, FUNC, INTERFACE, MAP, STRUCT, TYPE_WORD } from './keywords.ts';
import { METHODS, nameOf, symbolOf } from './names.ts';
import { APART, codeAfterBlanks, enter, expect, type Import, LOCALS, type OpenSighting, type Scan, SYNTAX, use } from './scan.ts';
import { closeScopes, markChanged, openScope, skipped } from './scopes.ts';
import { failureOf, NO_ARGUMENTS, noteText, plainName, runtimeSocketBefore, sight } from './sightings.ts';
import { readBlock } from './statements.ts';
import {
	AMPERSAND,
	ARROW,
	BAR,
	CHARACTER,
	COLON,
	COMMA,
	DOT,
	ELLIPSIS,
	LEFT_BRACE,
	LEFT_BRACKET,
	LEFT_PAREN,
	NAME,
	NOT,
	NUMBER,
	nextToken,
	OPERATOR,
	PLUS,
	RIGHT_BRACE,
	RIGHT_BRACKET,
	RIGHT_PAREN,
	SIGN,
	STAR,
	STRING,
	stringValue,
	TILDE,
} from './tokens.ts';
import { readSignature, readType } from './types.ts';
import type { Value } from './values.ts';
import type { Watch } from './watched.ts';

/** An expression inside brackets or parentheses, where `{` begins a composite literal again. */
export function readInside(scan: Scan): Value | undefined {
	const { level } = scan;
	scan.level = 0;
	const value = readExpression(scan);
	scan.level = level;
	return value;
}

export function readExpressions(scan: Scan): void {
	readExpression(scan);
	while (scan.kind === COMMA) {
		nextToken(scan);
		readExpression(scan);
	}
}

/** An expression, or a type where Go allows either. Its value is `undefined` unless values are wanted. */
export function readExpression(scan: Scan): Value | undefined {
	enter(scan);
	let value = readUnary(scan);
	let parts: (Value | undefined)[] | undefined;
	let operator = 0;
	for (;;) {
		const { kind } = scan;
		if (kind !== PLUS && kind !== SIGN && kind !== STAR && kind !== AMPERSAND && kind !== BAR && kind !== OPERATOR) break;
		nextToken(scan);
		const right = readUnary(scan);
		if (scan.collecting === 0) continue;
		if (operator === 0) {
			operator = kind;
			parts = [value];
		} else if (operator !== kind) {
			operator = OPERATOR;
		}
		parts?.push(right);
	}
	if (operator !== 0)
		value =
			parts === undefined || (operator !== PLUS && operator !== BAR) ? undefined : { kind: operator === PLUS ? 'sum' : 'union', parts };
	scan.depth--;
	return value;
}

function readUnary(scan: Scan): Value | undefined {
	let plain = true;
	let address = false;
	let pointed = 0;
	for (;;) {
		switch (scan.kind) {
			case AMPERSAND:
				nextToken(scan);
				address = true;
				if (scan.kind === NAME) {
					const { name } = scan;
					const followedBy = codeAfterBlanks(scan);
					// `&T{…}` and `&p.T{…}` make a value; `&x` lets others change it.
					if (followedBy !== 123 && followedBy !== 46) {
						markChanged(scan, name, false);
						if (scan.flows && scan.names.locals[name] !== 0) scan.exposed.add(LOCALS);
					}
				}
				continue;
			case STAR:
				pointed++;
				nextToken(scan);
				continue;
			case PLUS:
			case SIGN:
			case NOT:
			case TILDE:
				plain = false;
				nextToken(scan);
				continue;
			case ARROW:
				plain = false;
				nextToken(scan);
				if (scan.kind === CHAN) {
					readType(scan);
					return undefined;
				}
				continue;
		}
		break;
	}
	const { collecting } = scan;
	// Whose address is taken is noted, whether the value is wanted or not.
	if (address && scan.flows) scan.collecting = Math.max(1, collecting);
	const value = readPrimary(scan);
	scan.collecting = collecting;
	if (!plain || value === undefined) return undefined;
	if (address && scan.flows) expose(scan, value);
	if (collecting === 0) return undefined;
	if (pointed > 0) return scan.flows && pointed === 1 && !address ? { kind: 'pointed', of: value } : undefined;
	const isPlace = value.kind === 'local' || value.kind === 'symbol' || value.kind === 'field';
	return address && isPlace && scan.flows ? { kind: 'address', of: value } : value;
}

/** Notes that what is kept there can be set elsewhere. */
function expose(scan: Scan, value: Value | undefined): void {
	if (value?.kind === 'symbol') scan.exposed.add(value.symbol);
	else if (value?.kind === 'field') scan.exposed.add(symbolOf(scan.symbols, METHODS, nameOf(scan.names, value.name)));
	else if (value?.kind === 'element') expose(scan, value.of);
}

/** Notes the structures that code outside the package is handed: through a pointer it can set their fields. */
function exposeHanded(scan: Scan, values: readonly (Value | undefined)[]): void {
	for (const value of values) {
		if (value?.kind !== 'local' || value.local.value?.kind !== 'literal') continue;
		value.local.exposed = true;
		scan.exposed.add(LOCALS);
	}
}

/** What an operand is, for the `{` that may follow it. */
const TYPE_NAME: number = 1;

const LITERAL_TYPE: number = 2;

const STRUCT_TYPE: number = 3;

const OTHER: number = 0;

/** Long because it is one loop over the tokens of an operand with its state in local variables; most tokens of a program pass here. */
function readPrimary(scan: Scan): Value | undefined {
	let value: Value | undefined;
	let what = OTHER;
	/** The symbol of a package's name, as long as nothing but that name was read. */
	let symbol = -1;
	/** Whether calls of the name are noted though nobody watches it, and where it stands. */
	let followed = false;
	let place = 0;
	/** The name of the method that was selected last. */
	let selected = 0;
	let sighting: OpenSighting | undefined;
	let watch: Watch | undefined;
	let parenthesized = false;
	/** Whether it is a list of commands. */
	let ofCommands = false;
	/** The method that is called next, where calls are noted. */
	let method: { readonly of: Value | undefined; readonly name: string } | undefined;
	const wanted = scan.collecting > 0;
	switch (scan.kind) {
		case NAME: {
			const { name, start } = scan;
			nextToken(scan);
			what = TYPE_NAME;
			const local = scan.names.locals[name] as number;
			if (local !== 0) {
				if (wanted) {
					const known = scan.localValues[local - 1];
					if (known !== undefined) value = { kind: 'local', local: known };
				}
				break;
			}
			const imported = scan.names.imports[name] as number;
			if (imported !== 0 && scan.kind === DOT) {
				nextToken(scan);
				if (scan.kind !== NAME) throw SYNTAX;
				const entry = scan.imports[imported - 1] as Import;
				symbol = symbolOf(scan.symbols, entry.number, scan.name);
				use(scan, symbol);
				followed = scan.flows && !entry.standard;
				place = scan.start;
				if (entry.watches !== undefined) {
					const text = scan.names.texts[scan.name] as string;
					watch = entry.watches.get(text);
					if (watch !== undefined) {
						sighting = sight(scan, entry.path, text, 'value', scan.start, scan.end - scan.start);
						if (/\bnew\(\s*\w+\s*\.\s*$/.test(scan.text.slice(Math.max(0, scan.start - 80), scan.start))) {
							sighting.form = 'literal';
							sighting.fields = new Map();
						}
					}
				}
				nextToken(scan);
				if (wanted) value = { kind: 'symbol', symbol };
				break;
			}
			if (wanted) value = namedValue(scan, name);
			sighting = plainName(scan, name, start, false);
			if (sighting !== undefined) watch = scan.dotImports.find(({ path }) => path === sighting?.package)?.watches?.get(sighting.name);
			if (value === undefined || value.kind === 'symbol') symbol = symbolOf(scan.symbols, scan.ownPackage, name);
			followed = scan.flows && !skipped(scan, name);
			place = start;
			break;
		}
		case STRING: {
			const own = scan.options.selectors !== true;
			const text = wanted || own ? flat(stringValue(scan.text.slice(scan.start, scan.end))) : '';
			if (wanted) value = { kind: 'text', text };
			if (own) noteText(scan, text, scan.start, scan.end);
			const socket = runtimeSocketBefore(scan.text, scan.end - 1);
			if (socket !== undefined) {
				const { start, end } = scan;
				nextToken(scan);
				// The key of a map, or what a case is compared with, is a word like any other.
				if (scan.kind !== COLON) sight(scan, '', socket, 'value', start, end - start);
				break;
			}
			nextToken(scan);
			break;
		}
		case NUMBER:
		case CHARACTER:
			nextToken(scan);
			break;
		case FUNC: {
			nextToken(scan);
			const scope = openScope(scan);
			const { calls, level, collecting, into } = scan;
			scan.collecting = 0;
			scan.into = APART;
			readSignature(scan, true);
			if (scan.kind === LEFT_BRACE) {
				const outer = scan.function;
				scan.function = -1;
				scan.level = 0;
				readBlock(scan);
				scan.level = level;
				scan.function = outer;
			} else {
				what = LITERAL_TYPE;
			}
			closeScopes(scan, scope);
			scan.calls = calls;
			scan.collecting = collecting;
			scan.into = into;
			break;
		}
		case LEFT_PAREN: {
			nextToken(scan);
			value = readInside(scan);
			expect(scan, RIGHT_PAREN);
			parenthesized = scan.kind === LEFT_PAREN;
			break;
		}
		case STRUCT:
			what = STRUCT_TYPE;
			readType(scan);
			break;
		case LEFT_BRACKET: {
			const { start } = scan;
			what = LITERAL_TYPE;
			readType(scan);
			ofCommands = scan.flows && scan.kind === LEFT_BRACE && isCommandList(scan, start);
			break;
		}
		case MAP:
		case CHAN:
		case INTERFACE:
			what = LITERAL_TYPE;
			readType(scan);
			break;
		default:
			throw SYNTAX;
	}
	for (;;) {
		switch (scan.kind) {
			case DOT:
				followed = false;
				nextToken(scan);
				if (scan.kind === NAME) {
					const { name } = scan;
					scan.selector = name;
					selected = name;
					use(scan, symbolOf(scan.symbols, METHODS, name));
					sighting = undefined;
					watch = undefined;
					const { start, end } = scan;
					nextToken(scan);
					if (scan.flows) noteBorrowed(scan, scan.names.texts[name] as string);
					if (scan.flows && scan.kind === LEFT_PAREN) {
						method = { of: value, name: scan.names.texts[name] as string };
						place = start;
					} else if (scan.flows) {
						scan.handedOn.add(symbolOf(scan.symbols, METHODS, name));
					}
					if (wanted && scan.flows && method === undefined) {
						value = { kind: 'field', of: value, name: scan.names.texts[name] as string };
						symbol = -1;
						what = TYPE_NAME;
						continue;
					}
					if (scan.kind === LEFT_PAREN) {
						const methods = scan.options.watched.methods.get(scan.names.texts[name] as string);
						if (methods !== undefined) {
							const entry = scan.imports.find(({ path }) => methods.has(path));
							if (entry !== undefined) {
								watch = methods.get(entry.path);
								sighting = sight(scan, entry.path, scan.names.texts[name] as string, 'method', start, end - start);
							}
						}
					}
					what = TYPE_NAME;
				} else if (scan.kind === LEFT_PAREN) {
					nextToken(scan);
					if (scan.kind === TYPE_WORD) nextToken(scan);
					else readType(scan);
					expect(scan, RIGHT_PAREN);
					what = OTHER;
				} else {
					throw SYNTAX;
				}
				value = undefined;
				symbol = -1;
				continue;
			case LEFT_BRACKET: {
				const number = scan.flows && wanted ? /^\[\s*(\d+)\s*\]/.exec(scan.text.slice(scan.start, scan.start + 20))?.[1] : undefined;
				readIndex(scan);
				value = scan.flows && wanted ? { kind: 'element', of: value, index: number === undefined ? undefined : Number(number) } : undefined;
				if (what !== TYPE_NAME) what = OTHER;
				continue;
			}
			case LEFT_PAREN: {
				// `(*T)(nil)` runs nothing.
				if (!parenthesized) scan.calls++;
				parenthesized = false;
				const called = sighting;
				const ofMethod = method;
				const keep = called !== undefined || (wanted && symbol >= 0) || scan.flows;
				const { into } = scan;
				scan.into = symbol >= 0 ? symbol : APART - selected;
				const inner = readArguments(scan, keep);
				scan.into = into;
				if (called !== undefined) {
					if (called.form === 'value') called.form = 'call';
					called.arguments = inner;
					if (watch?.failure === true) called.failure = failureOf(scan.text, called.offset, scan);
				} else if (followed && symbol >= 0) {
					noteCall(scan, symbol, place, inner);
				}
				if (ofMethod !== undefined) noteMethod(scan, ofMethod.name, place, inner);
				if (ofMethod?.name === 'AddCommand') noteAdded(scan, inner);
				const isOwn = followed && symbol >= 0 && scan.symbols.packages[symbol] === scan.ownPackage;
				if (scan.flows && !isOwn) exposeHanded(scan, inner);
				value = undefined;
				if (wanted && symbol >= 0) value = { kind: 'call', symbol, arguments: inner };
				else if (wanted && ofMethod !== undefined) value = { kind: 'method', ...ofMethod, arguments: inner };
				what = OTHER;
				symbol = -1;
				followed = false;
				method = undefined;
				sighting = undefined;
				continue;
			}
			case LEFT_BRACE: {
				if (what === OTHER || (what === TYPE_NAME && scan.level < 0)) return value;
				const keep = sighting !== undefined || (wanted && symbol >= 0) || scan.flows;
				const parts: (Value | undefined)[] = [];
				const offset = scan.start;
				const { into } = scan;
				if (symbol >= 0) scan.into = symbol;
				const isCommand = scan.flows && isCommandType(scan, symbol);
				const fields = readLiteral(scan, { fields: what !== LITERAL_TYPE, keep, parts, isCommand, ofCommands });
				if (ofCommands) noteAdded(scan, parts);
				scan.into = into;
				if (sighting !== undefined) {
					sighting.form = 'literal';
					sighting.fields = fields;
				} else if (scan.flows && fields !== undefined && fields.size > 0) {
					noteLiteral(scan, followed ? symbol : -1, offset, fields);
				}
				value = undefined;
				if (wanted && fields !== undefined) {
					if (scan.flows && what === LITERAL_TYPE) value = { kind: 'list', parts };
					else if (symbol >= 0 || (scan.flows && fields.size > 0)) value = { kind: 'literal', symbol, fields };
				}
				what = OTHER;
				symbol = -1;
				followed = false;
				sighting = undefined;
				continue;
			}
			default:
				if (followed && symbol >= 0) scan.handedOn.add(symbol);
				return value;
		}
	}
}

/** Notes the call of a package's function that nobody watches. */
function noteCall(scan: Scan, symbol: number, offset: number, values: readonly (Value | undefined)[]): void {
	const { symbols, names } = scan;
	const name = names.texts[symbols.names[symbol] as number] as string;
	sight(scan, names.texts[symbols.packages[symbol] as number] as string, name, 'call', offset, name.length).arguments = values;
}

/** Notes the call of a method, where an argument says something. */
function noteMethod(scan: Scan, name: string, offset: number, values: readonly (Value | undefined)[]): void {
	if (values.every((value) => value === undefined || value.kind === 'truth' || value.kind === 'nil')) return;
	sight(scan, '', name, 'method', offset, name.length).arguments = values;
}

/** Notes a composite literal of a type that nobody watches; the symbol is -1 where that has no name. */
function noteLiteral(scan: Scan, symbol: number, offset: number, fields: ReadonlyMap<string, Value | undefined>): void {
	const { symbols, names } = scan;
	const text = (number: number | undefined) => names.texts[number as number] as string;
	const [inPackage, name] = symbol < 0 ? ['', ''] : [text(symbols.packages[symbol]), text(symbols.names[symbol])];
	sight(scan, inPackage, name, 'literal', offset, 0).fields = fields;
}

/** The value of a name that is not local: a predeclared one or a symbol of this package. */
function namedValue(scan: Scan, name: number): Value {
	switch (scan.names.texts[name]) {
		case 'true':
			return { kind: 'truth', truth: true };
		case 'false':
			return { kind: 'truth', truth: false };
		case 'nil':
			return { kind: 'nil' };
		default:
			return { kind: 'symbol', symbol: symbolOf(scan.symbols, scan.ownPackage, name) };
	}
}

/** A text that does not keep the file alive. */
function flat(text: string): string {
	return text.length < 13 ? text : `.${text}`.slice(1);
}

/** `[i]`, `[low:high]` or type arguments. */
function readIndex(scan: Scan): void {
	enter(scan);
	const { level, collecting } = scan;
	scan.level = 0;
	scan.collecting = 0;
	nextToken(scan);
	while (scan.kind !== RIGHT_BRACKET) {
		if (scan.kind === COLON || scan.kind === COMMA) nextToken(scan);
		else readExpression(scan);
	}
	nextToken(scan);
	scan.level = level;
	scan.collecting = collecting;
	scan.depth--;
}

function readArguments(scan: Scan, keep: boolean): readonly (Value | undefined)[] {
	enter(scan);
	const { level, collecting } = scan;
	scan.level = 0;
	scan.collecting = keep ? 1 : 0;
	const values: (Value | undefined)[] = [];
	nextToken(scan);
	while (scan.kind !== RIGHT_PAREN) {
		const value = readExpression(scan);
		if (keep) values.push(value);
		if (scan.kind === ELLIPSIS) {
			// `f(list...)`: how many arguments there are is not known.
			if (keep) values[values.length - 1] = undefined;
			nextToken(scan);
		}
		if (scan.kind === COMMA) nextToken(scan);
		else if (scan.kind !== RIGHT_PAREN) throw SYNTAX;
	}
	nextToken(scan);
	scan.level = level;
	scan.collecting = collecting;
	scan.depth--;
	return keep ? values : NO_ARGUMENTS;
}

interface LiteralForm {
	/** Whether the names before colons are fields, and no uses. */
	readonly fields: boolean;
	/** Whether the values are wanted. */
	readonly keep: boolean;
	/** Where what has no key goes. */
	readonly parts?: (Value | undefined)[];
	/** Whether it is a command, and whether it is a list of commands. */
	readonly isCommand?: boolean;
	readonly ofCommands?: boolean;
	/** Whether it is a command that stands in such a list. */
	readonly added?: boolean;
}

/** The braces of a composite literal. */
function readLiteral(scan: Scan, form: LiteralForm): ReadonlyMap<string, Value | undefined> | undefined {
	const { fields, keep, parts = [], isCommand = false, ofCommands = false, added = false } = form;
	enter(scan);
	const { level, collecting } = scan;
	scan.level = 0;
	scan.collecting = keep ? 1 : 0;
	const values = keep ? new Map<string, Value | undefined>() : undefined;
	nextToken(scan);
	while (scan.kind !== RIGHT_BRACE) {
		let key: number | undefined;
		if (scan.kind === NAME && fields && codeAfterBlanks(scan) === 58) {
			key = scan.name;
			nextToken(scan);
			nextToken(scan);
		}
		const { start } = scan;
		const section = key !== undefined && isCommand ? enterField(scan, key, values, added) : undefined;
		let value = readElement(scan, ofCommands);
		leaveSection(scan, section);
		if (key !== undefined && scan.flows) noteField(scan, key, value);
		if (key !== undefined && keep) value ??= settingIn(scan, scan.names.texts[key] as string, start);
		if (scan.kind === COLON) {
			nextToken(scan);
			value = readElement(scan, false);
		}
		if (key !== undefined) values?.set(scan.names.texts[key] as string, value);
		else if (keep && parts.length < MAX_PARTS) parts.push(parts.length < MAX_PARTS - 1 ? value : undefined);
		if (scan.kind === COMMA) nextToken(scan);
		else if (scan.kind !== RIGHT_BRACE) throw SYNTAX;
	}
	nextToken(scan);
	scan.level = level;
	scan.collecting = collecting;
	scan.depth--;
	return values;
}

/** The rest of a longer list counts as one part that is not known. */
const MAX_PARTS = 200;

/** The value of a field of a TLS configuration that was read from `start` on and that a field or a parameter gives. */
export function settingIn(scan: Scan, field: string, start: number): Value | undefined {
	const text = scan.text.slice(start, Math.min(scan.start, start + MAX_SETTING)).trim();
	// What a local name for roots holds was made by somebody; a flag or a parameter of its kind is false until it is set.
	const pattern = field === 'RootCAs' ? /^(?:\*\w+|\w+(?:\.\w+)+)$/ : field === 'InsecureSkipVerify' ? /^\*?\w+(?:\.\w+)*$/ : undefined;
	return pattern?.test(text) ? { kind: 'setting' } : undefined;
}

/** In UTF-16 units; a name is shorter. */
const MAX_SETTING = 100;

function readElement(scan: Scan, ofCommands: boolean): Value | undefined {
	if (scan.kind !== LEFT_BRACE) return readExpression(scan);
	// The type is left out, so it may be a struct: names before colons are taken for fields.
	readLiteral(scan, { fields: true, keep: ofCommands, isCommand: ofCommands, added: true });
	return undefined;
}
