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
	/** Whether the file belongs to a module of the workspace. */
	readonly own: boolean;
	/** Whether exported methods of reached types count as called: templates and RPC call them by name. */
	readonly callsByName: boolean;
}

/** How a declaration was reached. */
export const UNREACHED = 0;
/** By a call of some method of its name on a value of unknown type: it may never run. */
export const LOOSELY = 1;
/** By names that mean it and nothing else. */
export const STRICTLY = 2;

/**
 * Which declarations a program can get to from main.main, its init functions and the package variables whose values are
 * computed: names are followed, and `x.Name` leads to every method `Name` of a type that was reached. Linear in the number of
 * declarations and uses.
 *
 * Outside the workspace's own modules a method is reached {@link STRICTLY} only where no other reached method has its name.
 *
 * @returns by file of the input, how each declaration was reached
 */
export function reach(input: ReachInput): readonly Uint8Array[] {
	const graph = graphOf(input);
	const loose = walk(graph, undefined);
	const strict = walk(graph, loose);
	let at = 0;
	return input.files.map(({ scan }) => {
		const count = scan.declarations.length / STRIDE;
		const marks = loose.slice(at, at + count);
		for (let index = 0; index < count; index++) marks[index] = (marks[index] as number) + (strict[at + index] as number);
		at += count;
		return marks;
	});
}

/** The declarations of all files in one row; lists that begin with a symbol give declarations by their place in it plus one. */
interface Graph {
	readonly symbols: Symbols;
	readonly symbolCount: number;
	readonly count: number;
	readonly symbolOf: Int32Array;
	/** Of methods; else 0. */
	readonly selectorOf: Int32Array;
	readonly own: Uint8Array;
	/** Whether a method is called without the program naming it. */
	readonly called: Uint8Array;
	/** Declaration `n` mentions `uses` from `useEnds[n]` to `useEnds[n + 1]`. */
	readonly uses: Int32Array;
	readonly useEnds: Int32Array;
	readonly declared: Int32Array;
	readonly nextDeclared: Int32Array;
	readonly methodsOf: Int32Array;
	readonly methodsNamed: Int32Array;
	readonly nextNamed: Int32Array;
	readonly roots: readonly number[];
}

function graphOf({ names, symbols, files, mains, calledByStandard }: ReachInput): Graph {
	const init = nameOf(names, 'init');
	const standard = new Set([...calledByStandard].map((name) => symbolOf(symbols, METHODS, nameOf(names, name))));
	const roots = mains.map((path) => symbolOf(symbols, nameOf(names, path), nameOf(names, 'main')));
	let count = 0;
	let useCount = 0;
	for (const { scan } of files) {
		count += scan.declarations.length / STRIDE;
		useCount += scan.uses.length;
	}
	const symbolCount = symbols.count;
	const calledSelectors = new Uint8Array(symbolCount);
	for (const symbol of standard) calledSelectors[symbol] = 1;
	const graph: Graph = {
		symbols,
		symbolCount,
		count,
		symbolOf: new Int32Array(count),
		selectorOf: new Int32Array(count),
		own: new Uint8Array(count),
		called: new Uint8Array(count),
		uses: new Int32Array(useCount),
		useEnds: new Int32Array(count + 1),
		declared: new Int32Array(symbolCount),
		nextDeclared: new Int32Array(count),
		methodsOf: new Int32Array(symbolCount),
		methodsNamed: new Int32Array(symbolCount),
		nextNamed: new Int32Array(count),
		roots,
	};
	let declaration = 0;
	let useStart = 0;
	for (const { scan, own, callsByName } of files) {
		const { declarations } = scan;
		graph.uses.set(scan.uses, useStart);
		for (let at = 0; at < declarations.length; at += STRIDE) {
			const kind = declarations[at] as number;
			const symbol = declarations[at + 1] as number;
			const selector = declarations[at + 2] as number;
			graph.symbolOf[declaration] = symbol;
			graph.useEnds[declaration + 1] = useStart + (declarations[at + 3] as number);
			if (own) graph.own[declaration] = 1;
			if (kind === METHOD) {
				graph.selectorOf[declaration] = selector;
				const byName = callsByName && /^\p{Lu}/u.test(names.texts[symbols.names[selector] as number] as string);
				if (calledSelectors[selector] === 1 || byName) graph.called[declaration] = 1;
				graph.nextDeclared[declaration] = graph.methodsOf[symbol] as number;
				graph.methodsOf[symbol] = declaration + 1;
				graph.nextNamed[declaration] = graph.methodsNamed[selector] as number;
				graph.methodsNamed[selector] = declaration + 1;
			} else {
				graph.nextDeclared[declaration] = graph.declared[symbol] as number;
				graph.declared[symbol] = declaration + 1;
				if (kind >= COMPUTED || (kind === FUNCTION && symbols.names[symbol] === init)) roots.push(symbol);
			}
			declaration++;
		}
		useStart += scan.uses.length;
	}
	return graph;
}

/** Marks what can be reached with 1. Where `loose` is given, only names that mean one declaration are followed out of the workspace. */
function walk(graph: Graph, loose: Uint8Array | undefined): Uint8Array {
	const { symbols, uses, useEnds, declared, nextDeclared, methodsOf, methodsNamed, nextNamed, selectorOf, called, own } = graph;
	const marks = new Uint8Array(graph.count);
	const seen = new Uint8Array(graph.symbolCount);
	// Each symbol is on the stack once, so that it cannot overflow.
	const stack = new Int32Array(graph.symbolCount);
	let top = 0;
	const packages = symbols.packages;
	const alone = loose === undefined ? undefined : aloneSelectors(graph, loose);

	const mark = (declaration: number): void => {
		if (marks[declaration] !== 0) return;
		marks[declaration] = 1;
		const end = useEnds[declaration + 1] as number;
		for (let at = useEnds[declaration] as number; at < end; at++) {
			const symbol = uses[at] as number;
			if (seen[symbol] === 0) {
				seen[symbol] = 1;
				stack[top++] = symbol;
			}
		}
	};

	for (const symbol of graph.roots) {
		if (symbol < graph.symbolCount && seen[symbol] === 0) {
			seen[symbol] = 1;
			stack[top++] = symbol;
		}
	}
	if (loose !== undefined) {
		for (let declaration = 0; declaration < graph.count; declaration++) {
			if (own[declaration] === 1 && loose[declaration] === 1) mark(declaration);
		}
	}
	while (top > 0) {
		const symbol = stack[--top] as number;
		if (packages[symbol] === METHODS) {
			if (alone !== undefined && alone[symbol] === 0) continue;
			for (let each = methodsNamed[symbol] as number; each !== 0; each = nextNamed[each - 1] as number) {
				if (seen[graph.symbolOf[each - 1] as number] !== 0) mark(each - 1);
			}
			continue;
		}
		for (let each = declared[symbol] as number; each !== 0; each = nextDeclared[each - 1] as number) mark(each - 1);
		for (let each = methodsOf[symbol] as number; each !== 0; each = nextDeclared[each - 1] as number) {
			const selector = selectorOf[each - 1] as number;
			if (alone === undefined ? seen[selector] !== 0 || called[each - 1] !== 0 : seen[selector] !== 0 && alone[selector] !== 0)
				mark(each - 1);
		}
	}
	return marks;
}

/** The selectors that only one of the reached methods has. */
function aloneSelectors(graph: Graph, loose: Uint8Array): Uint8Array {
	const result = new Uint8Array(graph.symbolCount);
	for (let declaration = 0; declaration < graph.count; declaration++) {
		const selector = graph.selectorOf[declaration] as number;
		if (selector !== 0 && loose[declaration] === 1 && (result[selector] as number) < 2) result[selector] = (result[selector] as number) + 1;
	}
	for (let selector = 0; selector < result.length; selector++) if (result[selector] !== 1) result[selector] = 0;
	return result;
}
