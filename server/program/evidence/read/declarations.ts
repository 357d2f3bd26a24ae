import { noCommands } from './commands.ts';
import { endDeclaration, outline, readGroup, readVariable } from './groups.ts';
import { CONST, FUNC, IMPORT, PACKAGE, TYPE_WORD, VAR } from './keywords.ts';
import { METHODS, nameOf, symbolOf } from './names.ts';
import {
	APART,
	expect,
	expectName,
	type FileImports,
	type FileScan,
	FUNCTION,
	type Import,
	KIND,
	METHOD,
	nameToken,
	type Scan,
	type ScanOptions,
	type Sighting,
	START,
	STRIDE,
	SYNTAX,
	TYPE,
	USES_END,
	USES_START,
	VARIABLE,
} from './scan.ts';
import { closeScopes, declare, openScope } from './scopes.ts';
import { placed } from './sightings.ts';
import { readBlock } from './statements.ts';
import {
	COMMA,
	END,
	LEFT_BRACE,
	LEFT_BRACKET,
	LEFT_PAREN,
	NAME,
	nextToken,
	RIGHT_BRACKET,
	RIGHT_PAREN,
	SEMICOLON,
	STAR,
} from './tokens.ts';
import { readSignature, readTypeParameters, readTypeSpecification } from './types.ts';

/** How often reading starts again after broken text, so that a hostile file cannot make it take long. */
const MAX_RESTARTS = 100;

/** Outlines one file. Never throws: what is no Go ends at the next line that begins with a declaration's word. */
export function outlineFile(text: string, options: ScanOptions): FileScan {
	const imports = fileImports(options);
	const scan = createScan(text, options, imports, { uses: [], handedOn: new Set(), exposed: new Set(), commands: noCommands() });
	bindImports(scan, imports);
	readFile(scan);
	closeScopes(scan, 0);
	unbindImports(scan, imports);
	const { uses, constants, handedOn, exposed, ownPackage } = scan;
	const declarations = Int32Array.from(scan.declarations);
	return {
		declarations,
		uses,
		sightings: placed(scan),
		constants,
		handedOn,
		exposed,
		selectors: Int32Array.from(scan.selectors),
		ownPackage,
		commands: scan.commands,
	};
}

/** Reads a declaration that was outlined, counted from 0; `text` is that of its file, and `options` are those of the outline. */
export function readDeclaration(text: string, options: ScanOptions, file: FileScan, index: number): void {
	const { declarations } = file;
	const imports = fileImports(options);
	const scan = createScan(text, options, imports, {
		uses: file.uses as number[],
		handedOn: file.handedOn as Set<number>,
		exposed: file.exposed as Set<number>,
		commands: file.commands,
	});
	const at = index * STRIDE;
	scan.current = at;
	scan.position = declarations[at + START] as number;
	scan.symbols.stamp++;
	declarations[at + USES_START] = scan.uses.length;
	bindImports(scan, imports);
	try {
		nextToken(scan);
		const kind = declarations[at + KIND];
		if (kind === TYPE) readTypeSpecification(scan, true);
		else if (kind === VARIABLE) readVariable(scan);
		else readFunction(scan);
	} catch (error) {
		// What was read up to the broken place counts.
		if (error !== SYNTAX) throw error;
	}
	closeScopes(scan, 0);
	unbindImports(scan, imports);
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

/** What the reading of declarations adds to. */
type Found = Pick<Scan, 'uses' | 'handedOn' | 'exposed' | 'commands'>;

function createScan(text: string, options: ScanOptions, imports: FileImports, { uses, handedOn, exposed, commands }: Found): Scan {
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
		condition: 'always',
		switch: undefined,
		into: APART,
		section: undefined,
		commands,
		depth: 0,
		collecting: 0,
		calls: 0,
		flows: options.flows === true,
		function: -1,
		selector: 0,
		uses,
		declarations: [],
		sightings: [],
		constants: new Map(),
		handedOn,
		exposed,
		selectors: [],
		obstacles: { function: -1, text: -1 },
		ownStamp: ++options.symbols.fileStamp,
		current: 0,
	};
}

/** The imports of a file are asked for again with each of its declarations. */
const known = new WeakMap<ScanOptions, FileImports>();

function fileImports(options: ScanOptions): FileImports {
	let found = known.get(options);
	if (found === undefined) {
		found = readImports(options);
		known.set(options, found);
	}
	return found;
}

function readImports({ names, watched, importPath, imports }: ScanOptions): FileImports {
	const named: Import[] = [];
	const numbers: number[] = [];
	const dot: Import[] = [];
	for (const { path, name, standard = true } of imports) {
		if (name === '_') continue;
		const entry: Import = {
			path,
			number: nameOf(names, path),
			watches: watched.packages.get(path) ?? watched.packageOf(path),
			standard,
		};
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
	scan.condition = 'always';
	scan.switch = undefined;
	scan.into = APART;
	scan.section = undefined;
	const word = /^(?:func|var|type|const)\b/gm;
	word.lastIndex = Math.max(scan.text.lastIndexOf('\n', scan.start) + 1, start + 1);
	const found = word.exec(scan.text);
	if (found === null) return false;
	scan.position = found.index;
	scan.kind = SEMICOLON;
	nextToken(scan);
	return true;
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

function readFunction(scan: Scan): void {
	expect(scan, FUNC);
	const scope = openScope(scan);
	let symbol: number;
	if (scan.kind === LEFT_PAREN) {
		const receiver = readReceiver(scan);
		symbol = symbolOf(scan.symbols, METHODS, expectName(scan));
		if (receiver.name !== undefined) declare(scan, receiver.name, undefined);
		for (const parameter of receiver.typeParameters) declare(scan, parameter, undefined);
	} else {
		symbol = symbolOf(scan.symbols, scan.ownPackage, expectName(scan));
		scan.function = symbol;
		if (scan.kind === LEFT_BRACKET) readTypeParameters(scan);
	}
	readSignature(scan, true, scan.flows ? symbol : -1);
	if (scan.kind === LEFT_BRACE) readBlock(scan);
	scan.function = -1;
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
