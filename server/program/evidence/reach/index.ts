import type { GoPackage } from '../../package.ts';
import { type Names, nameOf, type Symbols } from '../read/names.ts';
import { COMPUTED, type FileScan, FUNCTION, KIND, METHOD, type ScanOptions, SELECTOR, STRIDE, SYMBOL } from '../read/scan.ts';

/** A Go file with what is known of it. */
export interface IndexedFile {
	readonly path: string;
	readonly version: string;
	/** The package as it was when the file was last part of a question: when another of its files changes, it is another object. */
	package: GoPackage;
	readonly scan: FileScan;
	options(): ScanOptions;
	/** The number of its first declaration in the index. */
	first: number;
	/** Its declarations that run when the program starts. */
	readonly starts: readonly number[];
	/** The text while it is at hand. */
	text: string | undefined;
	/** Whether another took its place. */
	gone: boolean;
}

/**
 * The declarations of all files that were read, by symbol, by receiver and by method name: lists that are linked through numbers,
 * where 0 ends one and every other number is that of a declaration plus one. It outlives the programs that it serves; each of
 * them looks only at its own files.
 */
export interface DeclarationIndex {
	readonly symbols: Symbols;
	count: number;
	/** By declaration: its file and its place there. */
	readonly files: IndexedFile[];
	places: Int32Array;
	/** By declaration: 1 where it is one of the workspace's own, which most are not. */
	own: Uint8Array;
	/** By declaration: the number of its package, and the question that it was last part of. */
	packages: Int32Array;
	asked: Int32Array;
	nextDeclared: Int32Array;
	nextNamed: Int32Array;
	/** By declaration: the question in which it was reached, and in which it became callable by its name. */
	reached: Int32Array;
	callable: Int32Array;
	/** By symbol. */
	declared: Int32Array;
	methodsOf: Int32Array;
	methodsNamed: Int32Array;
	/** Declarations of files that are gone. */
	dead: number;
}

export function createIndex(symbols: Symbols): DeclarationIndex {
	const numbers = () => new Int32Array(1 << 10);
	return {
		symbols,
		count: 0,
		files: [],
		places: numbers(),
		own: new Uint8Array(1 << 10),
		packages: numbers(),
		asked: numbers(),
		nextDeclared: numbers(),
		nextNamed: numbers(),
		reached: numbers(),
		callable: numbers(),
		declared: numbers(),
		methodsOf: numbers(),
		methodsNamed: numbers(),
		dead: 0,
	};
}

/** A file with what was read of it; what else there is to say of it comes from `more`. */
export function indexedFile(
	scan: FileScan,
	{ names, symbols }: { readonly names: Names; readonly symbols: Symbols },
	more: Pick<IndexedFile, 'path' | 'version' | 'package' | 'options' | 'text'>,
): IndexedFile {
	const { declarations } = scan;
	const init = nameOf(names, 'init');
	const starts: number[] = [];
	for (let at = 0; at < declarations.length; at += STRIDE) {
		const kind = declarations[at + KIND];
		const isInit = kind === FUNCTION && symbols.names[declarations[at + SYMBOL] as number] === init;
		if (kind === COMPUTED || isInit) starts.push(at / STRIDE);
	}
	const { path, version, package: owner, options, text } = more;
	return { path, version, package: owner, scan, options, first: 0, starts, text, gone: false };
}

export function addFile(index: DeclarationIndex, file: IndexedFile): void {
	const { declarations } = file.scan;
	file.first = index.count;
	for (let at = 0; at < declarations.length; at += STRIDE) {
		const declaration = index.count++;
		if (declaration >= index.places.length) growDeclarations(index);
		index.files[declaration] = file;
		index.places[declaration] = at;
		index.own[declaration] = file.package.own ? 1 : 0;
		index.packages[declaration] = file.scan.ownPackage;
		index.asked[declaration] = 0;
		index.reached[declaration] = index.callable[declaration] = 0;
		const symbol = declarations[at + SYMBOL] as number;
		const selector = declarations[at + SELECTOR] as number;
		if (Math.max(symbol, selector) >= index.declared.length) growSymbols(index);
		if (declarations[at + KIND] === METHOD) {
			index.nextDeclared[declaration] = index.methodsOf[symbol] as number;
			index.methodsOf[symbol] = declaration + 1;
			index.nextNamed[declaration] = index.methodsNamed[selector] as number;
			index.methodsNamed[selector] = declaration + 1;
		} else {
			index.nextDeclared[declaration] = index.declared[symbol] as number;
			index.declared[symbol] = declaration + 1;
		}
	}
}

/** Counts a file as gone; its declarations are passed over from now on. */
export function removeFile(index: DeclarationIndex, file: IndexedFile): void {
	file.gone = true;
	askOf(index, file, 0);
	index.dead += file.scan.declarations.length / STRIDE;
}

/** Makes the file part of a question. */
export function askOf(index: DeclarationIndex, file: IndexedFile, question: number): void {
	index.asked.fill(question, file.first, file.first + file.scan.declarations.length / STRIDE);
}

function growDeclarations(index: DeclarationIndex): void {
	index.places = grown(index.places, index.count);
	const own = new Uint8Array(index.places.length);
	own.set(index.own);
	index.own = own;
	index.packages = grown(index.packages, index.count);
	index.asked = grown(index.asked, index.count);
	index.nextDeclared = grown(index.nextDeclared, index.count);
	index.nextNamed = grown(index.nextNamed, index.count);
	index.reached = grown(index.reached, index.count);
	index.callable = grown(index.callable, index.count);
}

/** Makes room for the symbols there are. */
export function growSymbols(index: DeclarationIndex): void {
	index.declared = grown(index.declared, index.symbols.count);
	index.methodsOf = grown(index.methodsOf, index.symbols.count);
	index.methodsNamed = grown(index.methodsNamed, index.symbols.count);
}

function grown(numbers: Int32Array, size: number): Int32Array {
	if (size < numbers.length) return numbers;
	const larger = new Int32Array(Math.max(numbers.length * 2, size + 1));
	larger.set(numbers);
	return larger;
}
