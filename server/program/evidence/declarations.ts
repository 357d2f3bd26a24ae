import { keyword, METHODS, type Names, nameAt, nameOf, type Symbols, symbolOf } from './names.ts';
import {
	AMPERSAND,
	ARROW,
	ASSIGN,
	ASSIGN_OPERATION,
	BAR,
	CHARACTER,
	COLON,
	COMMA,
	DEFINE,
	DOT,
	ELLIPSIS,
	END,
	FIRST_KEYWORD,
	LEFT_BRACE,
	LEFT_BRACKET,
	LEFT_PAREN,
	NAME,
	NOT,
	NUMBER,
	nextToken,
	OPERATOR,
	PLUS,
	quotedEnd,
	RIGHT_BRACE,
	RIGHT_BRACKET,
	RIGHT_PAREN,
	SEMICOLON,
	SIGN,
	STAR,
	STEP,
	STRING,
	stringValue,
	TILDE,
	type Tokens,
} from './tokens.ts';
import type { Local, Value } from './values.ts';
import type { Watch, Watched } from './watched.ts';

/** What the kinds of declaration are called in {@link FileScan.declarations}. */
export const FUNCTION = 0;
export const METHOD = 1;
export const VARIABLE = 2;
export const TYPE = 3;

/** A variable that runs code when the program starts. */
export const COMPUTED = 4;

/** How many numbers of {@link FileScan.declarations} make one declaration. */
export const STRIDE = 6;
/** The places of those numbers. */
export const KIND = 0;
/** The symbol; of a method that of the receiver's type. */
export const SYMBOL = 1;
/** The name of a method as a selector; else 0. */
export const SELECTOR = 2;
/** Where in the text the declaration begins. */
export const START = 3;
/** Where its symbols begin in {@link FileScan.uses}, and where they end; -1 while it has not been read. */
export const USES_START = 4;
export const USES_END = 5;

/**
 * What one Go file declares and uses; small, because a program has thousands of files. Package-level functions, methods and types
 * are only outlined at first, for most of a program's dependencies never runs; {@link readDeclaration} reads one of them.
 */
export interface FileScan {
	/** {@link STRIDE} numbers for each package-level function, method, variable and type. */
	readonly declarations: readonly number[];
	/** The symbols that the declarations mention, those of one declaration next to each other and once each. */
	readonly uses: readonly number[];
	/** The uses of watched names, those of one declaration next to each other. */
	readonly sightings: readonly Sighting[];
	/** The package-level string constants, by symbol. */
	readonly constants: ReadonlyMap<number, Value>;
	/** The exported selectors that stand in declarations not read yet, where {@link ScanOptions.selectors} asks for them. */
	readonly selectors: Int32Array;
	readonly imports: FileImports;
}

/** The imports of a file, with the numbers of the names that they have in it. */
interface FileImports {
	readonly ownPackage: number;
	readonly named: readonly Import[];
	readonly names: readonly number[];
	readonly dot: readonly Import[];
}

/** A watched name in the text. */
export interface Sighting {
	/** The import path of the package that is named, or that the file imports where a method is called. */
	readonly package: string;
	readonly name: string;
	readonly form: SightingForm;
	/** From 0. */
	readonly line: number;
	readonly character: number;
	readonly length: number;
	/** The declaration, counted from 0. */
	readonly declaration: number;
	/** The arguments of a call. */
	readonly arguments: readonly (Value | undefined)[];
	/** The named fields of a composite literal. */
	readonly fields: ReadonlyMap<string, Value | undefined> | undefined;
	readonly failure: Failure;
}

/**
 * `call`: `http.Get(…)`. `method`: `x.FormFile(…)`. `literal`: `http.Client{…}`, `new(http.Client)`, `var c http.Client`.
 * `type`: the name stands where a type does. `value`: everything else, `http.DefaultClient` or `f := http.Get`.
 */
export type SightingForm = 'call' | 'method' | 'literal' | 'type' | 'value';

/** What becomes of an error that the call returns: it ends what the program was about to do, it does not matter, or unknown. */
export type Failure = 'passed on' | 'tolerated' | 'unknown';

export interface ScanOptions {
	readonly names: Names;
	readonly symbols: Symbols;
	readonly watched: Watched;
	/** The import path of the file's package. */
	readonly importPath: string;
	/** The file's imports, each with the name that it has in the file. */
	readonly imports: readonly { readonly path: string; readonly name: string }[];
	/** Whether the selectors of what is only outlined are noted. */
	readonly selectors?: boolean;
	/** Whether names that stand as types are noted too; only the comparison with Go's own parser wants them. */
	readonly types?: boolean;
}

interface Import {
	readonly path: string;
	readonly number: number;
	readonly watches: ReadonlyMap<string, Watch> | undefined;
}

/** A sighting while its declaration is read; line and character come last, in one walk over the text. */
interface OpenSighting {
	package: string;
	name: string;
	form: SightingForm;
	offset: number;
	length: number;
	declaration: number;
	arguments: readonly (Value | undefined)[];
	fields: ReadonlyMap<string, Value | undefined> | undefined;
	failure: Failure;
}

interface Scan extends Tokens {
	readonly options: ScanOptions;
	readonly symbols: Symbols;
	readonly ownPackage: number;
	readonly imports: readonly Import[];
	readonly dotImports: readonly Import[];
	/** The local declarations in scope, innermost last. */
	readonly localNames: number[];
	readonly localPrevious: number[];
	readonly localValues: (Local | undefined)[];
	/** As in Go's own parser: below 0 in the head of a control statement, where `{` begins the block. */
	level: number;
	/** How deep the text is nested here. */
	depth: number;
	/** Above 0 while values are wanted. */
	collecting: number;
	/** Calls outside function literals. */
	calls: number;
	/** The last selector that was read. */
	selector: number;
	readonly uses: number[];
	readonly declarations: number[];
	readonly sightings: OpenSighting[];
	readonly constants: Map<number, Value>;
	/** The selectors of what is only outlined. */
	readonly selectors: number[];
	/** Tells this file's selectors from those of others. */
	readonly ownStamp: number;
	/** The place in `declarations` of the one that is read. */
	current: number;
}

const word = (text: Parameters<typeof keyword>[0]) => FIRST_KEYWORD + keyword(text);
const BREAK = word('break');
const CASE = word('case');
const CHAN = word('chan');
const CONST = word('const');
const CONTINUE = word('continue');
const DEFAULT = word('default');
const DEFER = word('defer');
const ELSE = word('else');
const FALLTHROUGH = word('fallthrough');
const FOR = word('for');
const FUNC = word('func');
const GO = word('go');
const GOTO = word('goto');
const IF = word('if');
const IMPORT = word('import');
const INTERFACE = word('interface');
const MAP = word('map');
const PACKAGE = word('package');
const RANGE = word('range');
const RETURN = word('return');
const SELECT = word('select');
const STRUCT = word('struct');
const SWITCH = word('switch');
const TYPE_WORD = word('type');
const VAR = word('var');

/** Deeper nesting than any hand-written or generated file shows; what goes beyond is not read. */
const MAX_DEPTH = 300;

/** How often reading starts again after broken text, so that a hostile file cannot make it take long. */
const MAX_RESTARTS = 100;

/** Predeclared names that hardly anyone declares anew; leaving them out keeps the lists of uses short. */
const PREDECLARED = [
	...['_', 'bool', 'byte', 'rune', 'string', 'error', 'any', 'nil', 'true', 'false', 'iota', 'len', 'cap', 'append', 'make', 'panic'],
	...['int', 'int8', 'int16', 'int32', 'int64', 'uint', 'uint8', 'uint16', 'uint32', 'uint64', 'uintptr', 'float32', 'float64'],
];

/** A text that ends so is noted wherever it stands: whoever talks to Docker needs its rights. */
export const DOCKER_SOCKET = '/docker.sock';

const SYNTAX = Symbol('Text that is not Go, or too deep.');

/** Outlines one file. Never throws: what is no Go ends at the next line that begins with a declaration's word. */
export function outlineFile(text: string, options: ScanOptions): FileScan {
	const imports = fileImports(options);
	const scan = createScan(text, options, imports, [], []);
	bindImports(scan, imports);
	readFile(scan);
	closeScopes(scan, 0);
	unbindImports(scan, imports);
	const { declarations, uses, constants } = scan;
	return { declarations, uses, sightings: placed(scan), constants, selectors: new Int32Array(scan.selectors), imports };
}

/** Reads a declaration that was outlined, counted from 0; `text` is that of its file, and `options` are those of the outline. */
export function readDeclaration(text: string, options: ScanOptions, file: FileScan, index: number): void {
	const declarations = file.declarations as number[];
	const scan = createScan(text, options, file.imports, declarations, file.uses as number[]);
	const at = index * STRIDE;
	scan.current = at;
	scan.position = declarations[at + START] as number;
	scan.symbols.stamp++;
	declarations[at + USES_START] = scan.uses.length;
	bindImports(scan, file.imports);
	try {
		nextToken(scan);
		if (declarations[at + KIND] === TYPE) readTypeSpecification(scan, true);
		else readFunction(scan);
	} catch (error) {
		// What was read up to the broken place counts.
		if (error !== SYNTAX) throw error;
	}
	closeScopes(scan, 0);
	unbindImports(scan, file.imports);
	declarations[at + USES_END] = scan.uses.length;
	if (scan.sightings.length > 0) (file.sightings as Sighting[]).push(...placed(scan));
}

/** Outlines a file and reads all its declarations. */
export function scanFile(text: string, options: ScanOptions): FileScan {
	const file = outlineFile(text, options);
	for (let index = 0; index * STRIDE < file.declarations.length; index++) {
		if (file.declarations[index * STRIDE + USES_END] === -1) readDeclaration(text, options, file, index);
	}
	return file;
}

function createScan(text: string, options: ScanOptions, imports: FileImports, declarations: number[], uses: number[]): Scan {
	return {
		text,
		names: options.names,
		position: text.charCodeAt(0) === 0xfeff ? 1 : 0,
		kind: SEMICOLON,
		start: 0,
		end: 0,
		name: 0,
		options,
		symbols: options.symbols,
		ownPackage: imports.ownPackage,
		imports: imports.named,
		dotImports: imports.dot,
		localNames: [],
		localPrevious: [],
		localValues: [],
		level: 0,
		depth: 0,
		collecting: 0,
		calls: 0,
		selector: 0,
		uses,
		declarations,
		sightings: [],
		constants: new Map(),
		selectors: [],
		ownStamp: ++options.symbols.fileStamp,
		current: 0,
	};
}

function fileImports({ names, watched, importPath, imports }: ScanOptions): FileImports {
	const named: Import[] = [];
	const numbers: number[] = [];
	const dot: Import[] = [];
	for (const { path, name } of imports) {
		if (name === '_') continue;
		const entry: Import = { path, number: nameOf(names, path), watches: watched.packages.get(path) ?? watched.packageOf(path) };
		if (name === '.') {
			dot.push(entry);
		} else {
			named.push(entry);
			numbers.push(nameOf(names, name));
		}
	}
	return { ownPackage: nameOf(names, importPath), named, names: numbers, dot };
}

function bindImports({ names }: Scan, imports: FileImports): void {
	for (const [index, name] of imports.names.entries()) names.imports[name] = index + 1;
}

function unbindImports({ names }: Scan, imports: FileImports): void {
	for (const name of imports.names) names.imports[name] = 0;
}

const NO_ARGUMENTS: readonly (Value | undefined)[] = [];

/** The sightings with their lines. */
function placed(scan: Scan): Sighting[] {
	let line = 0;
	let lineStart = 0;
	return scan.sightings
		.sort((left, right) => left.offset - right.offset)
		.map(({ offset, ...sighting }) => {
			for (;;) {
				const next = scan.text.indexOf('\n', lineStart);
				if (next < 0 || next >= offset) break;
				line++;
				lineStart = next + 1;
			}
			return { ...sighting, line, character: offset - lineStart };
		});
}

// ---- Declarations

function readFile(scan: Scan): void {
	nextToken(scan);
	for (let restarts = 0; restarts < MAX_RESTARTS && scan.kind !== END; restarts++) {
		const start = scan.start;
		const state = { start };
		try {
			readDeclarations(scan, state);
		} catch (error) {
			if (error !== SYNTAX) throw error;
			endDeclaration(scan);
			if (!restart(scan, state.start)) return;
		}
	}
}

/** Goes on at the line nearest to the broken place that begins with a declaration's word and lies beyond `start`. */
function restart(scan: Scan, start: number): boolean {
	closeScopes(scan, 0);
	scan.level = scan.depth = scan.collecting = 0;
	const word = /^(?:func|var|type|const)\b/gm;
	word.lastIndex = Math.max(scan.text.lastIndexOf('\n', scan.start) + 1, start + 1);
	const found = word.exec(scan.text);
	if (found === null) return false;
	scan.position = found.index;
	scan.kind = SEMICOLON;
	nextToken(scan);
	return true;
}

/** A declaration that is open when the text breaks is kept as far as it was read. */
function endDeclaration(scan: Scan): void {
	const { declarations, current } = scan;
	const kind = declarations[current + KIND];
	if (kind === VARIABLE || kind === COMPUTED) declarations[current + USES_END] = scan.uses.length;
}

function readDeclarations(scan: Scan, state: { start: number }): void {
	while (scan.kind !== END) {
		state.start = scan.start;
		switch (scan.kind) {
			case SEMICOLON:
				nextToken(scan);
				continue;
			case PACKAGE:
			case IMPORT:
				skipImport(scan);
				break;
			case FUNC:
				outlineFunction(scan);
				break;
			case VAR:
			case CONST:
			case TYPE_WORD:
				readGroup(scan, true);
				break;
			default:
				throw SYNTAX;
		}
		if (scan.kind !== SEMICOLON && scan.kind !== END) throw SYNTAX;
	}
}

/** The header was read elsewhere. */
function skipImport(scan: Scan): void {
	nextToken(scan);
	if (scan.kind === LEFT_PAREN) {
		while (scan.kind !== RIGHT_PAREN && scan.kind !== END) nextToken(scan);
		nextToken(scan);
	} else {
		while (scan.kind !== SEMICOLON && scan.kind !== END) nextToken(scan);
	}
}

function beginDeclaration(scan: Scan, kind: number, symbol: number, selector: number): void {
	scan.current = scan.declarations.length;
	scan.declarations.push(kind, symbol, selector, scan.start, scan.uses.length, -1);
	scan.symbols.stamp++;
	scan.calls = 0;
}

/** Notes a declaration that begins at `start` and is read when it is needed. */
function outline(scan: Scan, kind: number, symbol: number, selector: number, start: number): void {
	scan.declarations.push(kind, symbol, selector, start, 0, -1);
	skipDeclaration(scan);
}

function outlineFunction(scan: Scan): void {
	const { start } = scan;
	nextToken(scan);
	if (scan.kind === LEFT_PAREN) {
		const { type } = readReceiver(scan);
		const name = nameToken(scan);
		outline(scan, METHOD, symbolOf(scan.symbols, scan.ownPackage, type), symbolOf(scan.symbols, METHODS, name), start);
	} else {
		const name = nameToken(scan);
		outline(scan, FUNCTION, symbolOf(scan.symbols, scan.ownPackage, name), 0, start);
	}
}

function nameToken(scan: Scan): number {
	if (scan.kind !== NAME) throw SYNTAX;
	return scan.name;
}

/** What {@link skipDeclaration} does at a character: nothing but go on at 0. */
const SKIP = new Uint8Array(128);
for (const [characters, action] of [
	['([{', 1],
	[')]}', 2],
	['\n', 3],
	[`"'`, 4],
	['`', 5],
	['/', 6],
	['.', 7],
	[';', 8],
] as const) {
	for (const character of characters) SKIP[character.charCodeAt(0)] = action;
}

/** Moves from the name of a declaration to the line end, semicolon or bracket that ends it, looking at brackets and quotes only. */
function skipDeclaration(scan: Scan): void {
	const { text } = scan;
	const { length } = text;
	const selectors = scan.options.selectors === true;
	let position = scan.end;
	let depth = 0;
	/** Where the line's last comment begins. */
	let comment = -1;
	/** The last comment of the other kind, with those that only blanks part from it. */
	const block = { start: 0, end: 0 };
	for (; position < length; position++) {
		const code = text.charCodeAt(position);
		if (code > 127) continue;
		switch (SKIP[code]) {
			case 0:
				continue;
			case 1:
				depth++;
				continue;
			case 2:
				if (--depth < 0) {
					endSkip(scan, position);
					return;
				}
				continue;
			case 3:
				if (depth === 0 ? endsLine(text, comment < 0 ? position : comment, block) : beginsFunction(text, position + 1)) {
					endSkip(scan, position);
					return;
				}
				comment = -1;
				continue;
			case 4:
				position = quotedEnd(text, position, code) - 1;
				continue;
			case 5: {
				const close = text.indexOf('`', position + 1);
				position = close < 0 ? length : close;
				continue;
			}
			case 6: {
				const following = text.charCodeAt(position + 1);
				if (following === 47) {
					if (comment < 0) comment = position;
					const lineEnd = text.indexOf('\n', position);
					position = (lineEnd < 0 ? length : lineEnd) - 1;
				} else if (following === 42) {
					const close = text.indexOf('*/', position + 2);
					if (block.end === 0 || text.slice(block.end, position).trim() !== '') block.start = position;
					position = close < 0 ? length : close + 1;
					block.end = position + 1;
				}
				continue;
			}
			case 7:
				if (selectors) position = noteSelector(scan, position + 1) - 1;
				continue;
			case 8:
				if (depth === 0) {
					endSkip(scan, position);
					return;
				}
		}
	}
	endSkip(scan, length);
}

/** Goes on as if a declaration had just been read. */
function endSkip(scan: Scan, position: number): void {
	scan.position = position;
	scan.kind = RIGHT_BRACE;
	nextToken(scan);
}

/** Whether a statement that stands before `position` ends with its line: after a name, literal or closing bracket. */
function endsLine(text: string, position: number, block: { readonly start: number; readonly end: number }): boolean {
	let before = position - 1;
	for (;;) {
		const code = text.charCodeAt(before);
		if (before === block.end - 1) {
			before = block.start - 1;
			continue;
		}
		if (code !== 32 && code !== 9 && code !== 13) return code > 127 || /[\w"'`)\]}]/.test(text.charAt(before));
		before--;
	}
}

/** Whether a named function begins at the start of a line, which inside another declaration only broken text has. */
function beginsFunction(text: string, position: number): boolean {
	if (text.charCodeAt(position) !== 102 || !text.startsWith('func ', position)) return false;
	const method = /func (?:\([^()\n]*\) )?[\p{L}_][\p{L}\p{Nd}_]*[([]/uy;
	method.lastIndex = position;
	return method.test(text);
}

/** Notes the exported name that begins at `start`, if one does; where it ends. */
function noteSelector(scan: Scan, start: number): number {
	const { text } = scan;
	const first = text.charCodeAt(start);
	if (!(first >= 65 && first <= 90)) return start;
	let position = start;
	let hash = 0;
	for (;;) {
		const code = text.charCodeAt(position);
		// Names beyond ASCII are rare enough not to matter here.
		if (!((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95)) break;
		hash = (Math.imul(hash, 31) + code) | 0;
		position++;
	}
	const symbol = symbolOf(scan.symbols, METHODS, nameAt(scan.names, text, start, position, hash));
	if (scan.symbols.fileStamps[symbol] !== scan.ownStamp) {
		scan.symbols.fileStamps[symbol] = scan.ownStamp;
		scan.selectors.push(symbol);
	}
	return position;
}

function use(scan: Scan, symbol: number): void {
	const { symbols } = scan;
	if (symbols.stamps[symbol] === symbols.stamp) return;
	symbols.stamps[symbol] = symbols.stamp;
	scan.uses.push(symbol);
}

function readFunction(scan: Scan): void {
	expect(scan, FUNC);
	const scope = openScope(scan);
	if (scan.kind === LEFT_PAREN) {
		const receiver = readReceiver(scan);
		expectName(scan);
		if (receiver.name !== undefined) declare(scan, receiver.name, undefined);
		for (const parameter of receiver.typeParameters) declare(scan, parameter, undefined);
	} else {
		expectName(scan);
		if (scan.kind === LEFT_BRACKET) readTypeParameters(scan);
	}
	readSignature(scan, true);
	if (scan.kind === LEFT_BRACE) readBlock(scan);
	closeScopes(scan, scope);
}

function readReceiver(scan: Scan): { name: number | undefined; type: number; typeParameters: number[] } {
	nextToken(scan);
	let name: number | undefined;
	let type: number | undefined;
	const typeParameters: number[] = [];
	if (scan.kind === NAME) {
		const first = scan.name;
		nextToken(scan);
		if (scan.kind === NAME || scan.kind === STAR || scan.kind === LEFT_PAREN) name = first;
		else type = first;
	}
	while (scan.kind === STAR || scan.kind === LEFT_PAREN) nextToken(scan);
	if (type === undefined) type = expectName(scan);
	if (scan.kind === LEFT_BRACKET) {
		for (nextToken(scan); scan.kind === NAME || scan.kind === COMMA; nextToken(scan)) {
			if (scan.kind === NAME) typeParameters.push(scan.name);
		}
		expect(scan, RIGHT_BRACKET);
	}
	while (scan.kind === RIGHT_PAREN || scan.kind === COMMA) nextToken(scan);
	return { name, type, typeParameters };
}

/** `var`, `const` or `type`, one or a group; package-level ones become declarations, others local names. */
function readGroup(scan: Scan, top: boolean): void {
	const kind = scan.kind;
	nextToken(scan);
	if (scan.kind !== LEFT_PAREN) {
		readSpecification(scan, kind, top);
		return;
	}
	nextToken(scan);
	while (scan.kind !== RIGHT_PAREN) {
		readSpecification(scan, kind, top);
		if (scan.kind === SEMICOLON) nextToken(scan);
		else if (scan.kind !== RIGHT_PAREN) throw SYNTAX;
	}
	nextToken(scan);
}

function readSpecification(scan: Scan, kind: number, top: boolean): void {
	if (kind === TYPE_WORD) {
		if (top) outline(scan, TYPE, symbolOf(scan.symbols, scan.ownPackage, nameToken(scan)), 0, scan.start);
		else readTypeSpecification(scan, false);
		return;
	}
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
	if (scan.kind !== ASSIGN && scan.kind !== SEMICOLON && scan.kind !== RIGHT_PAREN) {
		const sightings = scan.sightings.length;
		const plain = scan.kind === NAME;
		readType(scan, plain && kind === VAR ? 'variable' : undefined);
		// With an initial value it is that value that counts.
		if (scan.kind === ASSIGN) for (const sighting of scan.sightings.slice(sightings)) sighting.form = 'type';
	}
	const values: (Value | undefined)[] = [];
	if (scan.kind === ASSIGN) {
		nextToken(scan);
		// The values of package-level variables can be set from elsewhere.
		const wanted = kind === CONST || !top;
		if (wanted) scan.collecting++;
		values.push(readExpression(scan));
		while (scan.kind === COMMA) {
			nextToken(scan);
			values.push(readExpression(scan));
		}
		if (wanted) scan.collecting--;
	}
	if (!top) {
		for (const [index, name] of declared.entries()) declare(scan, name, values[index]);
		return;
	}
	if (kind === VAR) {
		if (scan.calls > 0) scan.declarations[declarationAt] = COMPUTED;
		endDeclaration(scan);
		for (const name of declared.slice(1)) {
			beginDeclaration(scan, VARIABLE, symbolOf(scan.symbols, scan.ownPackage, name), 0);
			use(scan, symbolOf(scan.symbols, scan.ownPackage, first));
			endDeclaration(scan);
		}
		return;
	}
	// Constants are no declarations here: nothing that they mention runs.
	scan.uses.length = uses;
	scan.sightings.length = scan.options.types === true ? scan.sightings.length : sightingsBefore;
	for (const [index, name] of declared.entries()) {
		const value = values[index];
		if (value !== undefined) scan.constants.set(symbolOf(scan.symbols, scan.ownPackage, name), value);
	}
}

function readTypeSpecification(scan: Scan, top: boolean): void {
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

function readTypeParameters(scan: Scan): void {
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

// ---- Scopes

function openScope(scan: Scan): number {
	return scan.localNames.length;
}

function closeScopes(scan: Scan, mark: number): void {
	const { localNames, localPrevious, localValues, names } = scan;
	while (localNames.length > mark) {
		names.locals[localNames.pop() as number] = localPrevious.pop() as number;
		localValues.pop();
	}
}

function declare(scan: Scan, name: number, value: Value | undefined): void {
	const { names } = scan;
	scan.localNames.push(name);
	scan.localPrevious.push(names.locals[name] as number);
	scan.localValues.push(value === undefined ? undefined : { value, changed: false });
	names.locals[name] = scan.localNames.length;
}

function markChanged(scan: Scan, name: number): void {
	const local = scan.names.locals[name] as number;
	if (local === 0) return;
	const value = scan.localValues[local - 1];
	if (value !== undefined) value.changed = true;
}

// ---- Types

function expect(scan: Scan, kind: number): void {
	if (scan.kind !== kind) throw SYNTAX;
	nextToken(scan);
}

function expectName(scan: Scan): number {
	if (scan.kind !== NAME) throw SYNTAX;
	const { name } = scan;
	nextToken(scan);
	return name;
}

function enter(scan: Scan): void {
	if (++scan.depth > MAX_DEPTH) throw SYNTAX;
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

/** `variable`: the type of a variable without initial value, which is a zero value of that type. */
function readType(scan: Scan, place?: 'variable'): void {
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

/** An expression inside brackets or parentheses, where `{` begins a composite literal again. */
function readInside(scan: Scan): Value | undefined {
	const { level } = scan;
	scan.level = 0;
	const value = readExpression(scan);
	scan.level = level;
	return value;
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

function readTypeName(scan: Scan, place?: 'variable'): void {
	const { name } = scan;
	const start = scan.start;
	nextToken(scan);
	readTypeNameFrom(scan, name, start, place);
}

/** A type's name whose first part has been read. */
function readTypeNameFrom(scan: Scan, name: number, start: number, place?: 'variable'): void {
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

function noteType(scan: Scan, entry: Import, name: number, offset: number, length: number, place?: 'variable'): void {
	const text = scan.names.texts[name] as string;
	if (place === undefined && scan.options.types !== true) return;
	if (entry.watches?.has(text) !== true) return;
	sight(scan, entry.path, text, place === undefined ? 'type' : 'literal', offset, length).fields =
		place === undefined ? undefined : new Map();
}

/** A name without package: local, of a dot import, or of this package. */
function plainName(scan: Scan, name: number, start: number, isType: boolean, place?: 'variable'): OpenSighting | undefined {
	if (scan.names.locals[name] !== 0 || skipped(scan, name)) return undefined;
	use(scan, symbolOf(scan.symbols, scan.ownPackage, name));
	if (scan.dotImports.length === 0) return undefined;
	const text = scan.names.texts[name] as string;
	if (!/^\p{Lu}/u.test(text)) return undefined;
	for (const entry of scan.dotImports) {
		use(scan, symbolOf(scan.symbols, entry.number, name));
		if (entry.watches?.has(text) !== true) continue;
		if (isType) noteType(scan, entry, name, start, text.length, place);
		else return sight(scan, entry.path, text, 'value', start, text.length);
	}
	return undefined;
}

const predeclaredOf = new WeakMap<Names, Uint8Array>();

function skipped(scan: Scan, name: number): boolean {
	let marks = predeclaredOf.get(scan.names);
	if (marks === undefined) {
		const numbers = PREDECLARED.map((text) => nameOf(scan.names, text));
		marks = new Uint8Array(Math.max(...numbers) + 1);
		for (const number of numbers) marks[number] = 1;
		predeclaredOf.set(scan.names, marks);
	}
	return marks[name] === 1;
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
			readTypeNameFrom(scan, name, start);
			if (scan.kind === LEFT_BRACKET) readTypeArguments(scan);
			return;
		case STRING:
		case SEMICOLON:
		case RIGHT_BRACE:
			plainName(scan, name, start, true);
			return;
		case LEFT_BRACKET:
			readArrayOrGeneric(scan, name, start);
			return;
		default:
			readType(scan);
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

/** Parameters and results; their names become local where a body may follow. */
function readSignature(scan: Scan, declares: boolean): void {
	readParameters(scan, declares);
	if (scan.kind === LEFT_PAREN) readParameters(scan, declares);
	else if (startsType(scan.kind)) readType(scan);
}

function readParameters(scan: Scan, declares: boolean): void {
	enter(scan);
	expect(scan, LEFT_PAREN);
	// A lone name is a type, unless another entry shows that these parameters have names.
	const lone: number[] = [];
	const named: number[] = [];
	let hasNames = false;
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
					named.push(name);
				}
			} else {
				hasNames = true;
				named.push(name);
				if (scan.kind === ELLIPSIS) nextToken(scan);
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
		if (hasNames) named.push(lone[index] as number);
		else plainName(scan, lone[index] as number, lone[index + 1] as number, true);
	}
	if (declares) for (const name of named) declare(scan, name, undefined);
	scan.depth--;
}

// ---- Statements

function readBlock(scan: Scan): void {
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
			if (scan.kind !== SEMICOLON && scan.kind !== RIGHT_BRACE) readExpressions(scan);
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
	for (;;) {
		nextToken(scan);
		readHead(scan);
		readBlock(scan);
		if (scan.kind !== ELSE) break;
		nextToken(scan);
		if (scan.kind === IF) continue;
		readBlock(scan);
		break;
	}
	closeScopes(scan, scope);
}

/** What stands between `if` or `switch` and the block. */
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
	readHead(scan);
	readCases(scan);
	closeScopes(scan, scope);
}

function readCases(scan: Scan): void {
	enter(scan);
	const { level } = scan;
	scan.level = 0;
	expect(scan, LEFT_BRACE);
	while (scan.kind !== RIGHT_BRACE) {
		const scope = openScope(scan);
		if (scan.kind === CASE) {
			nextToken(scan);
			readSimple(scan, false);
		} else if (scan.kind === DEFAULT) {
			nextToken(scan);
		} else {
			throw SYNTAX;
		}
		expect(scan, COLON);
		readStatements(scan);
		closeScopes(scan, scope);
	}
	nextToken(scan);
	scan.level = level;
	scan.depth--;
}

/** An assignment, definition, call, send or step. */
function readSimple(scan: Scan, labels: boolean): void {
	if (scan.kind === NAME) {
		const next = codeAfterBlanks(scan);
		// Only `,`, `:` and `=` can show that the names on the left are declared or assigned.
		if (next === 44 || next === 58 || next === 61) {
			if (readDefinition(scan, labels)) return;
		}
	}
	readExpressions(scan);
	switch (scan.kind) {
		case ASSIGN: {
			const field = scan.selector;
			nextToken(scan);
			if (scan.kind === RANGE) nextToken(scan);
			else if (FIELDS.has(scan.names.texts[field] as string)) {
				readWatchedField(scan, scan.names.texts[field] as string);
				return;
			}
			readExpressions(scan);
			return;
		}
		case DEFINE:
		case ASSIGN_OPERATION:
		case ARROW:
			nextToken(scan);
			if (scan.kind === RANGE) nextToken(scan);
			readExpressions(scan);
			return;
		case STEP:
			nextToken(scan);
	}
}

/** Fields whose assignment tells how a TLS client trusts: `cfg.InsecureSkipVerify = true`. */
const FIELDS: ReadonlySet<string> = new Set(['InsecureSkipVerify', 'RootCAs']);

function readWatchedField(scan: Scan, field: string): void {
	const offset = scan.start;
	scan.collecting++;
	const value = readExpression(scan);
	scan.collecting--;
	sight(scan, '', field, 'value', offset, 0).arguments = [value];
	while (scan.kind === COMMA) {
		nextToken(scan);
		readExpression(scan);
	}
}

function codeAfterBlanks(scan: Scan): number {
	let position = scan.position;
	while (scan.text.charCodeAt(position) === 32 || scan.text.charCodeAt(position) === 9) position++;
	return scan.text.charCodeAt(position);
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
			readExpression(scan);
			for (const each of declared) declare(scan, each, undefined);
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
			markChanged(scan, each);
			declare(scan, each, wanted ? value : undefined);
		}
		return true;
	}
	if (scan.kind === ASSIGN) for (const each of declared) markChanged(scan, each);
	scan.position = position;
	scan.kind = kind;
	scan.start = start;
	scan.end = end;
	scan.name = name;
	return false;
}

/** Whether the expression that begins here may have a value worth keeping. */
function startsValue(scan: Scan): boolean {
	return scan.kind === STRING || scan.kind === AMPERSAND || scan.kind === NAME;
}

// ---- Expressions

function readExpressions(scan: Scan): void {
	readExpression(scan);
	while (scan.kind === COMMA) {
		nextToken(scan);
		readExpression(scan);
	}
}

/** An expression, or a type where Go allows either. Its value is `undefined` unless values are wanted. */
function readExpression(scan: Scan): Value | undefined {
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
	for (;;) {
		switch (scan.kind) {
			case AMPERSAND:
				nextToken(scan);
				if (scan.kind === NAME) {
					const { name } = scan;
					const followedBy = codeAfterBlanks(scan);
					// `&T{…}` and `&p.T{…}` make a value; `&x` lets others change it.
					if (followedBy !== 123 && followedBy !== 46) markChanged(scan, name);
				}
				continue;
			case PLUS:
			case SIGN:
			case NOT:
			case STAR:
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
	const value = readPrimary(scan);
	return plain ? value : undefined;
}

/** What an operand is, for the `{` that may follow it. */
const TYPE_NAME: number = 1;
const LITERAL_TYPE: number = 2;
const STRUCT_TYPE: number = 3;
const OTHER: number = 0;

function readPrimary(scan: Scan): Value | undefined {
	let value: Value | undefined;
	let what = OTHER;
	/** The symbol of a package's name, as long as nothing but that name was read. */
	let symbol = -1;
	let sighting: OpenSighting | undefined;
	let watch: Watch | undefined;
	let parenthesized = false;
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
			break;
		}
		case STRING:
			if (wanted) value = { kind: 'text', text: flat(stringValue(scan.text.slice(scan.start, scan.end))) };
			if (scan.text.startsWith(DOCKER_SOCKET, scan.end - 1 - DOCKER_SOCKET.length)) {
				sight(scan, '', DOCKER_SOCKET, 'value', scan.start, scan.end - scan.start);
			}
			nextToken(scan);
			break;
		case NUMBER:
		case CHARACTER:
			nextToken(scan);
			break;
		case FUNC: {
			nextToken(scan);
			const scope = openScope(scan);
			const { calls, level, collecting } = scan;
			scan.collecting = 0;
			readSignature(scan, true);
			if (scan.kind === LEFT_BRACE) {
				scan.level = 0;
				readBlock(scan);
				scan.level = level;
			} else {
				what = LITERAL_TYPE;
			}
			closeScopes(scan, scope);
			scan.calls = calls;
			scan.collecting = collecting;
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
		case LEFT_BRACKET:
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
				nextToken(scan);
				if (scan.kind === NAME) {
					const { name } = scan;
					scan.selector = name;
					use(scan, symbolOf(scan.symbols, METHODS, name));
					sighting = undefined;
					watch = undefined;
					const { start, end } = scan;
					nextToken(scan);
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
			case LEFT_BRACKET:
				readIndex(scan);
				value = undefined;
				if (what !== TYPE_NAME) what = OTHER;
				continue;
			case LEFT_PAREN: {
				// `(*T)(nil)` runs nothing.
				if (!parenthesized) scan.calls++;
				parenthesized = false;
				const called = sighting;
				const keep = called !== undefined || (wanted && symbol >= 0);
				const inner = readArguments(scan, keep);
				if (called !== undefined) {
					if (called.form === 'value') called.form = 'call';
					called.arguments = inner;
					if (watch?.failure === true) called.failure = failureOf(scan.text, called.offset, scan);
				}
				value = wanted && symbol >= 0 ? { kind: 'call', symbol, arguments: inner } : undefined;
				what = OTHER;
				symbol = -1;
				sighting = undefined;
				continue;
			}
			case LEFT_BRACE: {
				if (what === OTHER || (what === TYPE_NAME && scan.level < 0)) return value;
				const keep = sighting !== undefined || (wanted && symbol >= 0);
				const fields = readLiteral(scan, what !== LITERAL_TYPE, keep);
				if (sighting !== undefined) {
					sighting.form = 'literal';
					sighting.fields = fields;
				}
				value = wanted && symbol >= 0 && fields !== undefined ? { kind: 'literal', symbol, fields } : undefined;
				what = OTHER;
				symbol = -1;
				sighting = undefined;
				continue;
			}
			default:
				return value;
		}
	}
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

/** The braces of a composite literal. The names before colons are fields, and no uses, where `fields` says so. */
function readLiteral(scan: Scan, fields: boolean, keep: boolean): ReadonlyMap<string, Value | undefined> | undefined {
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
		let value = readElement(scan);
		if (scan.kind === COLON) {
			nextToken(scan);
			value = readElement(scan);
		}
		if (key !== undefined) values?.set(scan.names.texts[key] as string, value);
		if (scan.kind === COMMA) nextToken(scan);
		else if (scan.kind !== RIGHT_BRACE) throw SYNTAX;
	}
	nextToken(scan);
	scan.level = level;
	scan.collecting = collecting;
	scan.depth--;
	return values;
}

function readElement(scan: Scan): Value | undefined {
	if (scan.kind !== LEFT_BRACE) return readExpression(scan);
	// The type is left out, so it may be a struct: names before colons are taken for fields.
	readLiteral(scan, true, false);
	return undefined;
}

// ---- Sightings

function sight(scan: Scan, inPackage: string, name: string, form: SightingForm, offset: number, length: number): OpenSighting {
	const sighting: OpenSighting = {
		package: inPackage,
		name,
		form,
		offset,
		length,
		declaration: scan.current / STRIDE,
		arguments: NO_ARGUMENTS,
		fields: undefined,
		failure: 'unknown',
	};
	scan.sightings.push(sighting);
	return sighting;
}

/** How far the text after a call is looked at. */
const FAILURE_WINDOW = 500;

/** What the text around a call says of its error; `scan` stands at the token after the call. */
function failureOf(text: string, offset: number, scan: Scan): Failure {
	const end = endOfPrevious(text, scan);
	const before = text.slice(Math.max(text.lastIndexOf('\n', offset) + 1, offset - FAILURE_WINDOW), offset);
	if (/(?:^|[;{])\s*_(?:\s*,\s*_)*\s*:?=\s*[\w.]*$/.test(before)) return 'tolerated';
	if (/\breturn\s+[\w.]*$/.test(before)) return 'passed on';
	const after = text.slice(end, end + FAILURE_WINDOW);
	// Whoever asks whether the file is absent expects that it may be.
	if (/^[^}]*?\b(?:IsNotExist|ErrNotExist|ErrNotFound)\b/.test(after)) return 'tolerated';
	const test = /^[ \t]*[;\n]\s*(?:if\s+)?\w+\s*(==|!=)\s*nil\b([^{\n]*)\{([^}]*)/.exec(after);
	if (test === null) return 'unknown';
	if (test[1] === '==') return 'tolerated';
	return /\breturn\b[^\n]*(?:[eE]rr|fmt\.|status\.)|[fF]atal|[pP]anic|Exit\(|\bMust/.test(test[3] as string) ? 'passed on' : 'tolerated';
}

function endOfPrevious(text: string, scan: Scan): number {
	let end = scan.start;
	while (end > 0 && /\s/.test(text.charAt(end - 1))) end--;
	return end;
}
