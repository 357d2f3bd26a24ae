import type { CommandSection, FileCommands } from './command-sections.ts';
import type { Condition } from './conditions.ts';
import type { Obstacles } from './layout.ts';
import type { Names, Symbols } from './names.ts';
import { NAME, nextToken, type Tokens } from './tokens.ts';
import type { Local, Value } from './values.ts';
import type { Watch, Watched } from './watched.ts';

/** What the kinds of declaration are called in {@link FileScan.declarations}. */
export const FUNCTION = 0;

export const METHOD = 1;

export const VARIABLE = 2;

export const TYPE = 3;

/** A variable that runs code when the program starts. */
export const COMPUTED = 4;

/** Stands for local variables in {@link FileScan.exposed}. */
export const LOCALS = -1;

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
	readonly declarations: Int32Array;
	/** The symbols that the declarations mention, those of one declaration next to each other and once each. */
	readonly uses: readonly number[];
	/** The uses of watched names, those of one declaration next to each other. */
	readonly sightings: readonly Sighting[];
	/** The package-level string constants, by symbol. */
	readonly constants: ReadonlyMap<number, Value>;
	/** The exported selectors that stand in declarations not read yet, where {@link ScanOptions.selectors} asks for them. */
	readonly selectors: Int32Array;
	/** The symbols and selectors that are named without being called, where values are followed: functions that are handed on, and more. */
	readonly handedOn: ReadonlySet<number>;
	/** The package's variables and, as selectors, the fields that can be set through an address; {@link LOCALS} where a local variable can. */
	readonly exposed: ReadonlySet<number>;
	/** The number of the file's package. */
	readonly ownPackage: number;
	/** What the file says of sub-commands. */
	readonly commands: FileCommands;
}

/** The imports of a file, with the numbers of the names that they have in it. */
export interface FileImports {
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
	readonly condition: Condition;
	/** Of what runs only for a setting the field that turns it on, where that is one for TLS: `TLS.Enable`, `UseTLS`. */
	readonly switch: string | undefined;
	/** `path.Name` of the function or type, or `.Name` of the method, among whose arguments or fields it stands; empty where it stands apart. */
	readonly into: string;
	/** The part of its declaration that it stands in, where that may run for a sub-command only. */
	readonly section: CommandSection | undefined;
}

/**
 * `call`: `http.Get(…)`. `method`: `x.FormFile(…)`. `literal`: `http.Client{…}`, `new(http.Client)`, `var c http.Client`.
 * `type`: the name stands where a type does. `field`: it is the type of a struct's field. `text`: a string of the workspace's own code, by
 * its content. `value`: everything else, `http.DefaultClient` or `f := http.Get`.
 * Where values are followed also `assignment`, of a package's variable or (then without a package) of a field, and `return`, of a
 * function: their arguments are the values; of a field's also the field.
 */
export type SightingForm = 'call' | 'method' | 'literal' | 'type' | 'field' | 'text' | 'value' | 'assignment' | 'return';

/**
 * What becomes of an error that the call returns: it ends what the program was about to do, it does not matter, it is not looked at because
 * the call is a statement of its own, or unknown.
 */
export type Failure = 'passed on' | 'tolerated' | 'ignored' | 'unknown';

export interface ScanOptions {
	readonly names: Names;
	readonly symbols: Symbols;
	readonly watched: Watched;
	/** The import path of the file's package. */
	readonly importPath: string;
	/** The file's imports, each with the name that it has in the file. */
	readonly imports: readonly { readonly path: string; readonly name: string; readonly standard?: boolean }[];
	/**
	 * Whether values are followed through the file's functions, variables and fields: calls, assignments and returns are then noted, of
	 * watched names or not. Only the workspace's own code is read so.
	 */
	readonly flows?: boolean;
	/** Whether the selectors of what is only outlined are noted. */
	readonly selectors?: boolean;
	/** Whether names that stand as types are noted too; only the comparison with Go's own parser wants them. */
	readonly types?: boolean;
}

export interface Import {
	readonly path: string;
	readonly number: number;
	readonly watches: ReadonlyMap<string, Watch> | undefined;
	/** Whether it is of the standard library. */
	readonly standard: boolean;
}

/** A sighting while its declaration is read; line and character come last, in one walk over the text. */
export interface OpenSighting {
	package: string;
	name: string;
	form: SightingForm;
	offset: number;
	length: number;
	declaration: number;
	arguments: readonly (Value | undefined)[];
	fields: ReadonlyMap<string, Value | undefined> | undefined;
	failure: Failure;
	readonly condition: Condition;
	readonly switch: string | undefined;
	readonly into: string;
	readonly section: CommandSection | undefined;
}

/** What {@link Scan.into} is outside of all arguments and fields. */
export const APART = -1;

export interface Scan extends Tokens {
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
	/** When what is read here runs, as far as the blocks around it tell. */
	condition: Condition;
	/** As in a sighting. */
	switch: string | undefined;
	/** Among whose arguments or fields this stands: a symbol; {@link APART}; or the name of a method, as far below {@link APART}. */
	into: number;
	/** As in a sighting. */
	section: CommandSection | undefined;
	readonly commands: FileCommands;
	/** How deep the text is nested here. */
	depth: number;
	/** Above 0 while values are wanted. */
	collecting: number;
	/** Calls outside function literals. */
	calls: number;
	/** As in {@link ScanOptions}. */
	readonly flows: boolean;
	/** The symbol of the function whose body is read, not that of a function literal; -1 outside. */
	function: number;
	/** The last selector that was read. */
	selector: number;
	readonly uses: number[];
	readonly declarations: number[];
	readonly sightings: OpenSighting[];
	readonly constants: Map<number, Value>;
	readonly handedOn: Set<number>;
	readonly exposed: Set<number>;
	/** The selectors of what is only outlined. */
	readonly selectors: number[];
	readonly obstacles: Obstacles;
	/** Tells this file's selectors from those of others. */
	readonly ownStamp: number;
	/** The place in `declarations` of the one that is read. */
	current: number;
}

/** Deeper nesting than any hand-written or generated file shows; what goes beyond is not read. */
const MAX_DEPTH = 300;

export const SYNTAX = Symbol('Text that is not Go, or too deep.');

export function nameToken(scan: Scan): number {
	if (scan.kind !== NAME) throw SYNTAX;
	return scan.name;
}

export function use(scan: Scan, symbol: number): void {
	const { symbols } = scan;
	if (symbols.stamps[symbol] === symbols.stamp) return;
	symbols.stamps[symbol] = symbols.stamp;
	scan.uses.push(symbol);
}

export function expect(scan: Scan, kind: number): void {
	if (scan.kind !== kind) throw SYNTAX;
	nextToken(scan);
}

export function expectName(scan: Scan): number {
	if (scan.kind !== NAME) throw SYNTAX;
	const { name } = scan;
	nextToken(scan);
	return name;
}

export function enter(scan: Scan): void {
	if (++scan.depth > MAX_DEPTH) throw SYNTAX;
}

export function codeAfterBlanks(scan: Scan): number {
	let position = scan.position;
	while (scan.text.charCodeAt(position) === 32 || scan.text.charCodeAt(position) === 9) position++;
	return scan.text.charCodeAt(position);
}
