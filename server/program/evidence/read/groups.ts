import { readExpression } from './expressions.ts';
import { CONST, TYPE_WORD, VAR } from './keywords.ts';
import { formattedEnd, formattedGroupEnd } from './layout.ts';
import { symbolOf } from './names.ts';
import { COMPUTED, expectName, KIND, nameToken, type Scan, SYNTAX, TYPE, USES_END, use, VARIABLE } from './scan.ts';
import { declare, declareOpen } from './scopes.ts';
import { noteAssignment } from './sightings.ts';
import { endSkip, noteSelectors, skipDeclaration } from './skip.ts';
import { ASSIGN, COMMA, LEFT_PAREN, NAME, nextToken, RIGHT_PAREN, SEMICOLON } from './tokens.ts';
import { readType, readTypeSpecification } from './types.ts';
import type { Value } from './values.ts';

/** A declaration that is open when the text breaks is kept as far as it was read. */
export function endDeclaration(scan: Scan): void {
	const { declarations, current } = scan;
	const kind = declarations[current + KIND];
	if (kind === VARIABLE || kind === COMPUTED) declarations[current + USES_END] = scan.uses.length;
}

function beginDeclaration(scan: Scan, kind: number, symbol: number, selector: number): void {
	scan.current = scan.declarations.length;
	scan.declarations.push(kind, symbol, selector, scan.start, scan.uses.length, -1);
	scan.symbols.stamp++;
	scan.calls = 0;
}

/** Notes a declaration that begins at `start` and is read when it is needed. */
export function outline(scan: Scan, kind: number, symbol: number, selector: number, start: number): void {
	scan.declarations.push(kind, symbol, selector, start, 0, -1);
	skipDeclaration(scan);
}

/** `var`, `const` or `type`, one or a group; package-level ones become declarations, others local names. */
export function readGroup(scan: Scan, top: boolean): void {
	const kind = scan.kind;
	nextToken(scan);
	if (scan.kind !== LEFT_PAREN) {
		readSpecification(scan, kind, top);
		return;
	}
	if (top && kind === CONST && scan.options.selectors === true && readTexts(scan)) return;
	nextToken(scan);
	while (scan.kind !== RIGHT_PAREN) {
		readSpecification(scan, kind, top);
		if (scan.kind === SEMICOLON) nextToken(scan);
		else if (scan.kind !== RIGHT_PAREN) throw SYNTAX;
	}
	nextToken(scan);
}

/** Of a dependency's constants only texts matter, and most groups hold numbers by the hundred: their lines are passed over. */
function readTexts(scan: Scan): boolean {
	const { text } = scan;
	const end = formattedGroupEnd(text, scan.obstacles, scan.end);
	if (end === undefined) return false;
	for (let at = scan.end; ; at = scan.start) {
		at = nextText(text, at, end);
		if (at < 0) break;
		const start = scan.end + text.slice(scan.end, at).lastIndexOf('\n') + 1;
		scan.position = start;
		scan.kind = SEMICOLON;
		nextToken(scan);
		// A comment, or what a line of its own adds to a text.
		if (scan.kind !== NAME || scan.start > at) {
			scan.start = Math.max(scan.start, at + 1);
			continue;
		}
		readSpecification(scan, CONST, true);
	}
	scan.position = end;
	scan.kind = SEMICOLON;
	nextToken(scan);
	nextToken(scan);
	return true;
}

/** Where the next text between the places begins, or -1. */
function nextText(text: string, from: number, end: number): number {
	for (let at = from; at < end; at++) {
		const code = text.charCodeAt(at);
		if (code === 34 || code === 96) return at;
	}
	return -1;
}

/**
 * Passes over a variable of a dependency whose value goes over several lines and calls nothing: a table, of numbers mostly. Like a
 * function, it is read when the program gets to it.
 */
function outlineTable(scan: Scan): boolean {
	const { text, start } = scan;
	const end = formattedEnd(text, scan.obstacles, scan.end);
	if (end === undefined || !/^\s*[^\s,]/.test(text.slice(scan.end, scan.end + 20))) return false;
	if (text.slice(scan.end, end).includes('(')) return false;
	const symbol = symbolOf(scan.symbols, scan.ownPackage, nameToken(scan));
	scan.declarations.push(VARIABLE, symbol, 0, start, 0, -1);
	noteSelectors(scan, scan.end, end);
	endSkip(scan, end);
	return true;
}

/** Reads a variable that was outlined. */
export function readVariable(scan: Scan): void {
	expectName(scan);
	readTypeAndValues(scan, VAR, true, []);
}

function readSpecification(scan: Scan, kind: number, top: boolean): void {
	if (kind === TYPE_WORD) {
		if (top) outline(scan, TYPE, symbolOf(scan.symbols, scan.ownPackage, nameToken(scan)), 0, scan.start);
		else readTypeSpecification(scan, false);
		return;
	}
	if (top && kind === VAR && scan.options.selectors === true && outlineTable(scan)) return;
	const declared: number[] = [expectName(scan)];
	while (scan.kind === COMMA) {
		nextToken(scan);
		declared.push(expectName(scan));
	}
	const first = declared[0] as number;
	const uses = scan.uses.length;
	const sightingsBefore = scan.sightings.length;
	if (top && kind === VAR) beginDeclaration(scan, VARIABLE, symbolOf(scan.symbols, scan.ownPackage, first), 0);
	const declarationAt = scan.current;
	const values: (Value | undefined)[] = [];
	// A constant of the workspace that holds a telling text is a declaration: it counts where something uses it.
	if (top && kind === CONST && scan.options.selectors !== true)
		beginDeclaration(scan, VARIABLE, symbolOf(scan.symbols, scan.ownPackage, first), 0);
	readTypeAndValues(scan, kind, top, values);
	if (!top) {
		for (const [index, name] of declared.entries()) {
			if (kind === VAR && values.length === 0) declareOpen(scan, name);
			else declare(scan, name, values[index]);
		}
		return;
	}
	if (kind === VAR) {
		if (scan.calls > 0) scan.declarations[declarationAt] = COMPUTED;
		if (scan.flows && values.length > 0) {
			for (const [index, name] of declared.entries()) {
				noteAssignment(scan, scan.ownPackage, name, scan.start, values.length === declared.length ? values[index] : undefined);
			}
		}
		endDeclaration(scan);
		for (const name of declared.slice(1)) {
			beginDeclaration(scan, VARIABLE, symbolOf(scan.symbols, scan.ownPackage, name), 0);
			use(scan, symbolOf(scan.symbols, scan.ownPackage, first));
			endDeclaration(scan);
		}
		return;
	}
	// Other constants are no declarations here: nothing that they mention runs.
	scan.uses.length = uses;
	const texts = scan.sightings.slice(sightingsBefore).filter(({ form }) => form === 'text');
	if (scan.options.types !== true) {
		scan.sightings.length = sightingsBefore;
		scan.sightings.push(...texts);
	}
	if (scan.options.selectors !== true) {
		if (texts.length > 0) endDeclaration(scan);
		else scan.declarations.length = scan.current;
	}
	for (const [index, name] of declared.entries()) {
		const value = values[index];
		if (value !== undefined) scan.constants.set(symbolOf(scan.symbols, scan.ownPackage, name), value);
	}
}

/** The zero value of the type that the text begins with, of those by which a TLS configuration is made. */
function zeroOf(text: string): Value | undefined {
	if (/^\*\s*x509\.CertPool\b/.test(text)) return { kind: 'nil' };
	return /^bool\b/.test(text) ? { kind: 'truth', truth: false } : undefined;
}

/** In UTF-16 units. */
const MAX_TYPE = 40;

/** What follows the names of a specification; the values go to `values`, where they are wanted. */
function readTypeAndValues(scan: Scan, kind: number, top: boolean, values: (Value | undefined)[]): void {
	if (scan.kind !== ASSIGN && scan.kind !== SEMICOLON && scan.kind !== RIGHT_PAREN) {
		const sightings = scan.sightings.length;
		const plain = scan.kind === NAME;
		const zero = top ? undefined : zeroOf(scan.text.slice(scan.start, scan.start + MAX_TYPE));
		readType(scan, plain && kind === VAR ? 'variable' : undefined);
		if (zero !== undefined && scan.kind !== ASSIGN) values.push(zero);
		// With an initial value it is that value that counts.
		if (scan.kind === ASSIGN) for (const sighting of scan.sightings.slice(sightings)) sighting.form = 'type';
	}
	if (scan.kind === ASSIGN) {
		nextToken(scan);
		// The values of package-level variables can be set from elsewhere.
		const wanted = kind === CONST || !top || scan.flows;
		if (wanted) scan.collecting++;
		values.push(readExpression(scan));
		while (scan.kind === COMMA) {
			nextToken(scan);
			values.push(readExpression(scan));
		}
		if (wanted) scan.collecting--;
	}
}
