import { COMPUTED, type FileScan, FUNCTION, METHOD, STRIDE } from './declarations.ts';
import { METHODS, type Names, nameOf, type Symbols, symbolOf } from './names.ts';

export interface ReachInput {
	readonly names: Names;
	readonly symbols: Symbols;
	readonly files: readonly ReachFile[];
	/** The import paths of the main packages. */
	readonly mains: readonly string[];
	/** Selectors that the standard library calls on values that it is given. */
	readonly calledByStandard: ReadonlySet<string>;
}

export interface ReachFile {
	readonly scan: FileScan;
	/** The file's package. */
	readonly importPath: string;
	/** Whether exported methods of reached types count as called: templates and RPC call them by name. */
	readonly callsByName: boolean;
}

/**
 * Which declarations a program can get to from main.main, its init functions and the package variables whose values are
 * computed: names are followed, and `x.Name` leads to every method `Name` of a type that was reached. Linear in the number of
 * declarations and uses.
 *
 * @returns by file of the input, the declarations that were reached (1) and that were not (0)
 */
export function reach(input: ReachInput): readonly Uint8Array[] {
	const { names, symbols, files } = input;
	let total = 0;
	for (const { scan } of files) total += scan.declarations.length / STRIDE;
	const count = symbols.count;
	// Linked lists through the declarations: those of a symbol, the methods of a type, and the methods of a name.
	const declared = new Int32Array(count);
	const methodsOf = new Int32Array(count);
	const methodsNamed = new Int32Array(count);
	const next = new Int32Array(total + 1);
	const nextNamed = new Int32Array(total + 1);
	const fileOf = new Int32Array(total + 1);
	const places = new Int32Array(total + 1);
	const seen = new Uint8Array(count);
	const stack: number[] = [];
	const called = new Uint8Array(count);
	const byName = new Uint8Array(files.length);
	for (const name of input.calledByStandard) {
		const symbol = symbolOf(symbols, METHODS, nameOf(names, name));
		if (symbol < count) called[symbol] = 1;
	}
	const init = nameOf(names, 'init');
	const marks: Uint8Array[] = [];
	let declaration = 1;
	for (const [index, { scan, callsByName }] of files.entries()) {
		const { declarations } = scan;
		marks.push(new Uint8Array(declarations.length / STRIDE));
		byName[index] = callsByName ? 1 : 0;
		for (let at = 0; at < declarations.length; at += STRIDE, declaration++) {
			const kind = declarations[at] as number;
			const symbol = declarations[at + 1] as number;
			fileOf[declaration] = index;
			places[declaration] = at;
			if (kind === METHOD) {
				const selector = declarations[at + 2] as number;
				next[declaration] = methodsOf[symbol] as number;
				methodsOf[symbol] = declaration;
				nextNamed[declaration] = methodsNamed[selector] as number;
				methodsNamed[selector] = declaration;
				continue;
			}
			next[declaration] = declared[symbol] as number;
			declared[symbol] = declaration;
			if ((kind === FUNCTION && symbols.names[symbol] === init) || kind >= COMPUTED) visit(symbol);
		}
	}
	const main = nameOf(names, 'main');
	for (const importPath of input.mains) {
		const symbol = symbolOf(symbols, nameOf(names, importPath), main);
		if (symbol < count) visit(symbol);
	}

	function visit(symbol: number): void {
		if (seen[symbol] !== 0) return;
		seen[symbol] = 1;
		stack.push(symbol);
	}

	function mark(each: number): void {
		const file = fileOf[each] as number;
		const place = places[each] as number;
		const { declarations, uses } = (files[file] as ReachFile).scan;
		const marked = marks[file] as Uint8Array;
		if (marked[place / STRIDE] !== 0) return;
		marked[place / STRIDE] = 1;
		const end = declarations[place + 3] as number;
		for (let at = place === 0 ? 0 : (declarations[place - 1] as number); at < end; at++) {
			const symbol = uses[at] as number;
			if (seen[symbol] === 0) {
				seen[symbol] = 1;
				stack.push(symbol);
			}
		}
	}

	while (stack.length > 0) {
		const symbol = stack.pop() as number;
		if (symbols.packages[symbol] === METHODS) {
			for (let each = methodsNamed[symbol] as number; each !== 0; each = nextNamed[each] as number) {
				const { declarations } = (files[fileOf[each] as number] as ReachFile).scan;
				if (seen[declarations[(places[each] as number) + 1] as number] !== 0) mark(each);
			}
			continue;
		}
		for (let each = declared[symbol] as number; each !== 0; each = next[each] as number) mark(each);
		for (let each = methodsOf[symbol] as number; each !== 0; each = next[each] as number) {
			const file = fileOf[each] as number;
			const selector = (files[file] as ReachFile).scan.declarations[(places[each] as number) + 2] as number;
			const exported = byName[file] !== 0 && /^\p{Lu}/u.test(names.texts[symbols.names[selector] as number] as string);
			if (seen[selector] !== 0 || called[selector] !== 0 || exported) mark(each);
		}
	}
	return marks;
}
