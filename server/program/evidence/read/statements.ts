// Long because each kind of statement is read here, and they contain each other.

import { caseWords, enterCase, isFirstArgument, leaveSection, wordIn } from './commands.ts';
import { both, type Condition, caseOf, conditionOf, otherwise, switchIn } from './conditions.ts';
import { readExpression, readExpressions, settingIn } from './expressions.ts';
import { readGroup } from './groups.ts';
import {
	BREAK,
	CASE,
	CONST,
	CONTINUE,
	DEFAULT,
	DEFER,
	ELSE,
	FALLTHROUGH,
	FOR,
	GO,
	GOTO,
	IF,
	RANGE,
	RETURN,
	SELECT,
	SWITCH,
	TYPE_WORD,
	VAR,
} from './keywords.ts';
import { codeAfterBlanks, enter, expect, type Scan, SYNTAX } from './scan.ts';
import { closeScopes, declare, markChanged, noteAssigned, openScope } from './scopes.ts';
import { noteAssignment, sight } from './sightings.ts';
import {
	AMPERSAND,
	ARROW,
	ASSIGN,
	ASSIGN_OPERATION,
	COLON,
	COMMA,
	DEFINE,
	LEFT_BRACE,
	NAME,
	nextToken,
	RIGHT_BRACE,
	SEMICOLON,
	STEP,
	STRING,
} from './tokens.ts';
import type { Value } from './values.ts';

export function readBlock(scan: Scan): void {
	enter(scan);
	expect(scan, LEFT_BRACE);
	const scope = openScope(scan);
	const { level } = scan;
	scan.level = 0;
	readStatements(scan);
	scan.level = level;
	closeScopes(scan, scope);
	expect(scan, RIGHT_BRACE);
	scan.depth--;
}

function readStatements(scan: Scan): void {
	while (scan.kind !== RIGHT_BRACE && scan.kind !== CASE && scan.kind !== DEFAULT) {
		readStatement(scan);
		if (scan.kind === SEMICOLON) nextToken(scan);
		else if (scan.kind !== RIGHT_BRACE) throw SYNTAX;
	}
}

function readStatement(scan: Scan): void {
	switch (scan.kind) {
		case SEMICOLON:
			return;
		case VAR:
		case CONST:
		case TYPE_WORD:
			readGroup(scan, false);
			return;
		case GO:
		case DEFER:
			nextToken(scan);
			readExpression(scan);
			return;
		case RETURN:
			nextToken(scan);
			readReturned(scan);
			return;
		case BREAK:
		case CONTINUE:
		case GOTO:
		case FALLTHROUGH:
			nextToken(scan);
			if (scan.kind === NAME) nextToken(scan);
			return;
		case LEFT_BRACE:
			readBlock(scan);
			return;
		case IF:
			readIf(scan);
			return;
		case FOR:
			readFor(scan);
			return;
		case SWITCH:
			readSwitch(scan);
			return;
		case SELECT:
			nextToken(scan);
			readCases(scan);
			return;
		default:
			readSimple(scan, true);
	}
}

function readIf(scan: Scan): void {
	const scope = openScope(scan);
	const outer = scan.condition;
	const outerSwitch = scan.switch;
	/** When the conditions so far do not hold. */
	let rest = outer;
	for (;;) {
		nextToken(scan);
		const head = headText(scan);
		scan.condition = both(rest, conditionOf(head));
		if (scan.condition === 'setting') scan.switch = switchOf(head, rest, outerSwitch);
		const section = scan.flows ? enterCase(scan, wordIn(head)) : undefined;
		readBlock(scan);
		leaveSection(scan, section);
		scan.switch = outerSwitch;
		if (scan.kind !== ELSE) break;
		rest = both(rest, otherwise(head));
		nextToken(scan);
		scan.condition = rest;
		if (scan.kind === IF) continue;
		if (otherwise(head) === 'setting') scan.switch = undefined;
		readBlock(scan);
		break;
	}
	scan.condition = outer;
	scan.switch = outerSwitch;
	closeScopes(scan, scope);
}

/** The field that turns on what runs for a setting, inside of what runs for `outer`. */
function switchOf(head: string, outer: Condition, outerSwitch: string | undefined): string | undefined {
	if (conditionOf(head) !== 'setting') return outerSwitch;
	return outer === 'setting' ? undefined : switchIn(head);
}

/** Reads what stands between `if` or `switch` and the block, and gives its text. */
function headText(scan: Scan): string {
	const { start } = scan;
	readHead(scan);
	return scan.text.slice(start, Math.min(scan.start, start + MAX_HEAD));
}

/** Of a longer condition nothing is told. */
const MAX_HEAD = 400;

function readHead(scan: Scan): void {
	const { level } = scan;
	scan.level = -1;
	if (scan.kind !== LEFT_BRACE) {
		if (scan.kind !== SEMICOLON) readSimple(scan, false);
		if (scan.kind === SEMICOLON) {
			nextToken(scan);
			if (scan.kind !== LEFT_BRACE) readSimple(scan, false);
		}
	}
	scan.level = level;
}

function readFor(scan: Scan): void {
	const scope = openScope(scan);
	const { level } = scan;
	scan.level = -1;
	nextToken(scan);
	if (scan.kind === RANGE) {
		nextToken(scan);
		readExpression(scan);
	} else if (scan.kind !== LEFT_BRACE) {
		if (scan.kind !== SEMICOLON) readSimple(scan, false);
		if (scan.kind === SEMICOLON) {
			nextToken(scan);
			if (scan.kind !== SEMICOLON && scan.kind !== LEFT_BRACE) readSimple(scan, false);
			if (scan.kind === SEMICOLON) nextToken(scan);
			if (scan.kind !== LEFT_BRACE) readSimple(scan, false);
		}
	}
	scan.level = level;
	readBlock(scan);
	closeScopes(scan, scope);
}

function readSwitch(scan: Scan): void {
	const scope = openScope(scan);
	nextToken(scan);
	readCases(scan, headText(scan));
	closeScopes(scan, scope);
}

/** The cases of a `switch` over `subject`, or those of a `select`. */
function readCases(scan: Scan, subject?: string): void {
	enter(scan);
	const { level, condition, switch: outerSwitch } = scan;
	scan.level = 0;
	const ofWords = scan.flows && subject !== undefined && isFirstArgument(scan, subject);
	let goesOn = false;
	expect(scan, LEFT_BRACE);
	while (scan.kind !== RIGHT_BRACE) {
		const scope = openScope(scan);
		let words: readonly string[] = [];
		if (scan.kind === CASE) {
			nextToken(scan);
			const { start } = scan;
			readSimple(scan, false);
			// What the case before goes on to runs for other words too.
			if (ofWords && !goesOn) words = caseWords(scan.text.slice(start, scan.start));
			if (subject !== undefined) scan.condition = both(condition, caseOf(subject, scan.text.slice(start, scan.start)));
			// More than that field decides then.
			if (scan.condition === 'setting') scan.switch = undefined;
		} else if (scan.kind === DEFAULT) {
			nextToken(scan);
			if (subject !== undefined) scan.condition = both(condition, 'default');
		} else {
			throw SYNTAX;
		}
		expect(scan, COLON);
		const section = enterCase(scan, words);
		readStatements(scan);
		leaveSection(scan, section);
		goesOn = /\bfallthrough\s*$/.test(scan.text.slice(Math.max(0, scan.start - MAX_END), scan.start));
		scan.condition = condition;
		scan.switch = outerSwitch;
		closeScopes(scan, scope);
	}
	nextToken(scan);
	scan.level = level;
	scan.depth--;
}

/** In UTF-16 units: the last statement of a case, with the blanks after it. */
const MAX_END = 60;

/** An assignment, definition, call, send or step. */
function readSimple(scan: Scan, labels: boolean): void {
	if (scan.kind === NAME) {
		const next = codeAfterBlanks(scan);
		// Only `,`, `:` and `=` can show that the names on the left are declared or assigned.
		if (next === 44 || next === 58 || next === 61) {
			if (readDefinition(scan, labels)) return;
		}
	}
	const { start, kind, name } = scan;
	const targets = readTargets(scan);
	switch (scan.kind) {
		case ASSIGN: {
			const field = scan.selector;
			nextToken(scan);
			if (scan.kind === RANGE) {
				nextToken(scan);
				for (const target of targets) noteTarget(scan, target, start, undefined);
			} else if (FIELDS.has(scan.names.texts[field] as string)) {
				readWatchedField(scan, scan.names.texts[field] as string);
				return;
			} else if (scan.flows) {
				const values = readValues(scan);
				for (const [index, target] of targets.entries())
					noteTarget(scan, target, start, values.length === targets.length ? values[index] : undefined);
				return;
			}
			readExpressions(scan);
			return;
		}
		case ASSIGN_OPERATION:
			// `text += more` is another text.
			if (kind === NAME) markChanged(scan, name, true);
			for (const target of targets) noteTarget(scan, target, start, undefined);
			nextToken(scan);
			readExpressions(scan);
			return;
		case DEFINE:
		case ARROW:
			nextToken(scan);
			if (scan.kind === RANGE) nextToken(scan);
			readExpressions(scan);
			return;
		case STEP:
			nextToken(scan);
	}
}

/** The expressions that may be assigned to; their values where values are followed. */
function readTargets(scan: Scan): readonly (Value | undefined)[] {
	if (scan.flows) return readValues(scan);
	readExpressions(scan);
	return [];
}

/** Expressions with their values. */
function readValues(scan: Scan): (Value | undefined)[] {
	const { collecting } = scan;
	scan.collecting = 1;
	const values = [readExpression(scan)];
	while (scan.kind === COMMA) {
		nextToken(scan);
		values.push(readExpression(scan));
	}
	scan.collecting = collecting;
	return values;
}

function noteTarget(scan: Scan, target: Value | undefined, offset: number, value: Value | undefined): void {
	if (target?.kind === 'local') {
		noteAssigned(target.local, value);
	} else if (target?.kind === 'symbol') {
		noteAssignment(scan, scan.symbols.packages[target.symbol] as number, scan.symbols.names[target.symbol] as number, offset, value);
	} else if (target?.kind === 'field') {
		sight(scan, '', target.name, 'assignment', offset, 0).arguments = [value, target];
	} else if (target?.kind === 'pointed') {
		// `*name = text`: what a flag gives is a pointer.
		if (target.of?.kind === 'local') target.of.local.changed = true;
		noteTarget(scan, target.of, offset, value);
	} else if (target?.kind === 'element') {
		// The list is another one then.
		if (target.of?.kind === 'local') target.of.local.changed = true;
		noteTarget(scan, target.of, offset, undefined);
	}
}

/** Values of a function's `return`; what the names of results hold where there are none is not followed. */
function readReturned(scan: Scan): void {
	const isBare = scan.kind === SEMICOLON || scan.kind === RIGHT_BRACE;
	if (scan.function < 0 || !scan.flows) {
		if (!isBare) readExpressions(scan);
		return;
	}
	const { symbols, names, start } = scan;
	const of = names.texts[symbols.names[scan.function] as number] as string;
	const values = isBare ? [undefined] : readValues(scan);
	sight(scan, names.texts[scan.ownPackage] as string, of, 'return', start, 0).arguments = values;
}

/** Fields whose assignment tells how a TLS client trusts and what it asks: `cfg.InsecureSkipVerify = true`, `url.Scheme = "http"`. */
const FIELDS: ReadonlySet<string> = new Set(['InsecureSkipVerify', 'RootCAs', 'Scheme']);

function readWatchedField(scan: Scan, field: string): void {
	const offset = scan.start;
	scan.collecting++;
	const value = readExpression(scan) ?? settingIn(scan, field, offset);
	scan.collecting--;
	sight(scan, '', field, 'value', offset, 0).arguments = [value];
	while (scan.kind === COMMA) {
		nextToken(scan);
		readExpression(scan);
	}
}

/** `a, b := …`, `a = …` or a label; false, with nothing read, where it is none of them. */
function readDefinition(scan: Scan, labels: boolean): boolean {
	const { position, kind, start, end, name } = scan;
	const declared = [name];
	nextToken(scan);
	if (labels && scan.kind === COLON) {
		nextToken(scan);
		if (scan.kind !== RIGHT_BRACE) readStatement(scan);
		return true;
	}
	while (scan.kind === COMMA) {
		nextToken(scan);
		if (scan.kind !== NAME) break;
		declared.push(scan.name);
		nextToken(scan);
	}
	if (scan.kind === DEFINE) {
		nextToken(scan);
		const one = declared.length === 1;
		if (scan.kind === RANGE) {
			nextToken(scan);
			const [of] = scan.flows ? readValues(scan) : [];
			if (!scan.flows) readExpression(scan);
			for (const [index, each] of declared.entries())
				declare(scan, each, of === undefined || index === 0 ? undefined : { kind: 'element', of, index: undefined });
			return true;
		}
		if (scan.flows) {
			defineFollowed(scan, declared);
			return true;
		}
		const wanted = one && startsValue(scan);
		if (wanted) scan.collecting++;
		const { collecting } = scan;
		if (!wanted) scan.collecting = 0;
		const value = readExpression(scan);
		scan.collecting = wanted ? collecting - 1 : collecting;
		while (scan.kind === COMMA) {
			nextToken(scan);
			readExpression(scan);
		}
		for (const each of declared) {
			// `a, err := …` may assign an `err` of this scope again; marking an outer one does no harm.
			markChanged(scan, each, true);
			declare(scan, each, wanted ? value : undefined);
		}
		return true;
	}
	if (scan.kind === ASSIGN) for (const each of declared) markChanged(scan, each, true);
	scan.position = position;
	scan.kind = kind;
	scan.start = start;
	scan.end = end;
	scan.name = name;
	return false;
}

/** The values of a definition, where they are followed. */
function defineFollowed(scan: Scan, declared: readonly number[]): void {
	const values = readValues(scan);
	const [first] = values;
	for (const [index, each] of declared.entries()) {
		markChanged(scan, each, true);
		// Of several results the first is that which a function is called for: `directory, err := …`. So is what a map holds.
		const hasMore = first?.kind === 'call' || first?.kind === 'method' || first?.kind === 'element';
		const isFirst = values.length === 1 && index === 0 && (declared.length === 1 || hasMore);
		declare(scan, each, values.length === declared.length ? values[index] : isFirst ? first : undefined);
	}
}

/** Whether the expression that begins here may have a value worth keeping. */
function startsValue(scan: Scan): boolean {
	return scan.kind === STRING || scan.kind === AMPERSAND || scan.kind === NAME;
}
