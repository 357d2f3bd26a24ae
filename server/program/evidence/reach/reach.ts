import type { GoPackage } from '../../package.ts';
import { readDeclaration } from '../read/declarations.ts';
import { METHODS, type Names, nameOf, symbolOf } from '../read/names.ts';
import { KIND, METHOD, SELECTOR, STRIDE, SYMBOL, USES_END, USES_START } from '../read/scan.ts';
import { type Dependencies, isSameList } from './dependencies.ts';
import { type DeclarationIndex, growSymbols, type IndexedFile } from './index.ts';

export interface ReachInput {
	readonly names: Names;
	readonly index: DeclarationIndex;
	/** The number of this question: of the files of the index those count that bear it. */
	readonly question: number;
	readonly files: readonly IndexedFile[];
	/** The import paths of the main packages. */
	readonly mains: readonly string[];
	/** Selectors that the standard library calls on values that it is given. */
	readonly calledByStandard: ReadonlySet<string>;
	/** Packages of the workspace whose exported methods count as called: templates and RPC call them by name. */
	readonly calledByName: ReadonlySet<GoPackage>;
	/** Fetches the texts of files whose declarations must be read. */
	fetch(files: readonly IndexedFile[]): Promise<void>;
	/** Lets others have their turn, where it is time to. */
	readonly pause: (() => Promise<void> | undefined) | undefined;
	readonly signal: AbortSignal | undefined;
	readonly dependencies: Dependencies;
	/** What earlier questions found out about dependencies, which seldom change; the newest last. */
	readonly known: KnownReach[];
}

/** What was reached in dependencies, and what it follows from: as long as that is the same, it is too. */
export interface KnownReach {
	readonly index: DeclarationIndex;
	readonly packages: readonly GoPackage[];
	/** The names of the methods of the workspace's own types, one for each, in order. */
	readonly ownMethods: Int32Array;
	/** What the workspace's own code mentions and calls of the dependencies, in order. */
	readonly mentioned: Int32Array;
	readonly callable: Int32Array;
	/** The declarations of dependencies that were reached. */
	readonly reached: Int32Array;
}

/** How many programs' {@link KnownReach} is kept. */
const MAX_KNOWN = 8;

/** After how many steps it is asked whether others are to have their turn. */
const STEPS = 64;

/** A method of a dependency counts as called where its name can mean at most so many methods. */
const MAX_CANDIDATES = 16;

/** Names that more methods of a program have mean nothing where a dependency calls them: `Close`, `String`. */
const MAX_NAMESAKES = 32;

/** The same where the workspace's own code calls them. */
const MAX_OWN_NAMESAKES = 200;

/**
 * Follows names from main.main, the init functions and the package variables whose values are computed, and marks the
 * declarations that it gets to in the index. Each declaration is read when it is reached, so that the time depends on what the
 * program may run and not on what its dependencies hold.
 *
 * `x.Name` leads to the methods `Name` of types that were reached. In the workspace's own modules that is every one of them, be it
 * called there or anywhere in a dependency. A dependency's method must belong to a package that the caller imports, or to its
 * own, and have no more than {@link MAX_CANDIDATES} namesakes there: to follow every `Close` would reach most of any program.
 *
 * @returns what was reached in dependencies: the same object as for an earlier question where that is the same. `undefined` where it
 * cannot be told apart from what was reached in the workspace.
 *
 * Long because its functions share what one walk has reached.
 */
export async function reach(input: ReachInput): Promise<KnownReach | undefined> {
	const { names, index, question, files, calledByName, dependencies } = input;
	const { symbols } = index;
	growSymbols(index);
	// By symbol, as far as symbols are known at the start; what is read later can add some, which no list of this index holds.
	let seen = new Uint8Array(symbols.count);
	let calledHere = new Uint8Array(symbols.count);
	const mentioned = new Uint8Array(symbols.count);
	const namesakes = new Int32Array(symbols.count);
	mentioned.set(dependencies.mentioned);
	namesakes.set(dependencies.namesakes);
	/** Which packages called which selectors. */
	const callers: Pairs = { count: 0, slots: new Int32Array(1 << 14) };
	const stack: number[] = [];
	/** Declarations that were reached and not looked at. */
	const reached: number[] = [];
	/** Those of dependencies, which have to wait until the workspace's own code has been followed. */
	const foreign: number[] = [];
	const visited: number[] = [];
	const callable: number[] = [];
	const marked: number[] = [];
	let ownOnly = true;
	let waiting: number[] = [];

	for (const name of input.calledByStandard) mentioned[symbolOf(symbols, METHODS, nameOf(names, name))] = 1;
	/** The names of the workspace's own methods. */
	const ownSelectors = new Set<number>();
	/** By package, the numbers of those that it sees, its own included. */
	const inSight = new Map<GoPackage, ReadonlySet<number>>();
	for (const { package: owner, scan } of files) {
		if (!owner.own) continue;
		const { declarations } = scan;
		for (let at = 0; at < declarations.length; at += STRIDE) {
			if (declarations[at + KIND] !== METHOD) continue;
			const selector = declarations[at + SELECTOR] as number;
			namesakes[selector] = (namesakes[selector] as number) + 1;
			ownSelectors.add(selector);
		}
	}

	function visit(symbol: number): void {
		if (symbol >= seen.length) {
			seen = larger(seen, symbol);
			calledHere = larger(calledHere, symbol);
		}
		if (seen[symbol] !== 0) return;
		seen[symbol] = 1;
		stack.push(symbol);
		if (ownOnly) visited.push(symbol);
	}

	function mark(declaration: number): void {
		if (index.reached[declaration] === question) return;
		if (ownOnly && index.own[declaration] === 0) {
			foreign.push(declaration);
			return;
		}
		if (index.asked[declaration] !== question) return;
		const file = index.files[declaration] as IndexedFile;
		const { declarations } = file.scan;
		const place = index.places[declaration] as number;
		if (declarations[place + USES_END] === -1) {
			if (file.text === undefined) {
				waiting.push(declaration);
				return;
			}
			readDeclaration(file.text, file.options(), file.scan, place / STRIDE);
		}
		index.reached[declaration] = question;
		if (index.own[declaration] === 0) marked.push(declaration);
		const { uses } = file.scan;
		const end = declarations[place + USES_END] as number;
		for (let at = declarations[place + USES_START] as number; at < end; at++) {
			const symbol = uses[at] as number;
			if (symbols.packages[symbol] === METHODS) call(symbol, file.package, file.scan.ownPackage);
			else visit(symbol);
		}
	}

	/** The package calls a method of this name. */
	function call(selector: number, caller: GoPackage, callerNumber: number): void {
		if (selector >= index.methodsNamed.length || index.methodsNamed[selector] === 0) return;
		if (selector >= calledHere.length) calledHere = larger(calledHere, selector);
		if (caller.own && calledHere[selector] === 0) {
			calledHere[selector] = 1;
			for (let each = index.methodsNamed[selector] as number; each !== 0; each = index.nextNamed[each - 1] as number) {
				if (index.own[each - 1] === 1) markOfSeenType(each - 1);
			}
		}
		if ((namesakes[selector] as number) > (caller.own ? MAX_OWN_NAMESAKES : MAX_NAMESAKES)) return;
		if (!addPair(callers, selector, callerNumber)) return;
		for (const declaration of candidates(selector, caller, callerNumber)) {
			index.callable[declaration] = question;
			if (ownOnly) callable.push(declaration);
			markOfSeenType(declaration);
		}
	}

	/** The methods of dependencies that a name may mean in a package; none where they are too many. */
	function candidates(selector: number, caller: GoPackage, callerNumber: number): readonly number[] {
		const near = nearMethods(selector, caller, callerNumber);
		// A value of a type that the package does not import came through another's hands; the workspace's own types explain the call.
		const chosen = near.length > 0 ? near : ownSelectors.has(selector) ? [] : anyMethods(selector);
		return chosen.length <= MAX_CANDIDATES ? chosen : [];
	}

	/** The methods of that name in the packages that the caller imports, and in its own. */
	function nearMethods(selector: number, caller: GoPackage, callerNumber: number): readonly number[] {
		let bySelector = dependencies.methodsSeenFrom.get(caller);
		if (bySelector === undefined) {
			bySelector = new Map();
			dependencies.methodsSeenFrom.set(caller, bySelector);
		}
		let found = bySelector.get(selector);
		if (found === undefined) {
			let seen = inSight.get(caller);
			if (seen === undefined) {
				seen = new Set([callerNumber, ...[...caller.imports].map((path) => nameOf(names, path))]);
				inSight.set(caller, seen);
			}
			found = methodsIn(selector, seen);
			// Of many, those of the package itself are the likeliest.
			if (found.length > MAX_CANDIDATES) {
				const inPackage = methodsIn(selector, new Set([callerNumber]));
				if (inPackage.length > 0) found = inPackage;
			}
			bySelector.set(selector, found);
		}
		return found;
	}

	function anyMethods(selector: number): readonly number[] {
		let found = dependencies.methods.get(selector);
		if (found === undefined) {
			found = methodsIn(selector, undefined);
			dependencies.methods.set(selector, found);
		}
		return found;
	}

	/** The methods of dependencies that have the name, one more than count at most. */
	function methodsIn(selector: number, packages: ReadonlySet<number> | undefined): readonly number[] {
		const found: number[] = [];
		for (let each = index.methodsNamed[selector] as number; each !== 0; each = index.nextNamed[each - 1] as number) {
			if (index.asked[each - 1] !== question || index.own[each - 1] === 1) continue;
			if (packages === undefined || packages.has(index.packages[each - 1] as number)) found.push(each - 1);
			if (found.length > MAX_CANDIDATES) break;
		}
		return found;
	}

	function markOfSeenType(declaration: number): void {
		if (index.reached[declaration] === question) return;
		const file = index.files[declaration] as IndexedFile;
		const type = file.scan.declarations[(index.places[declaration] as number) + SYMBOL] as number;
		if (type < seen.length && seen[type] !== 0) reached.push(declaration);
	}

	async function follow(): Promise<void> {
		for (let step = 1; ; step++) {
			if (step % STEPS === 0) {
				await input.pause?.();
				input.signal?.throwIfAborted();
			}
			const next = reached.pop();
			if (next !== undefined) {
				mark(next);
				continue;
			}
			const symbol = stack.pop();
			if (symbol === undefined) return;
			if (symbol >= index.declared.length) continue;
			for (let each = index.declared[symbol] as number; each !== 0; each = index.nextDeclared[each - 1] as number) {
				if (index.reached[each - 1] !== question) reached.push(each - 1);
			}
			for (let each = index.methodsOf[symbol] as number; each !== 0; each = index.nextDeclared[each - 1] as number) {
				const declaration = each - 1;
				if (index.own[declaration] === 1 ? isCalled(declaration) : index.callable[declaration] === question) reached.push(declaration);
			}
		}
	}

	/** Whether a method of the workspace is called by anything. */
	function isCalled(declaration: number): boolean {
		const file = index.files[declaration] as IndexedFile;
		const place = index.places[declaration] as number;
		if (file.scan.declarations[place + KIND] !== METHOD) return false;
		const selector = file.scan.declarations[place + SELECTOR] as number;
		if (calledHere[selector] === 1 || mentioned[selector] === 1) return true;
		return calledByName.has(file.package) && /^\p{Lu}/u.test(names.texts[symbols.names[selector] as number] as string);
	}

	for (const path of input.mains) visit(symbolOf(symbols, nameOf(names, path), nameOf(names, 'main')));
	for (const { first, starts } of files) for (const start of starts) reached.push(first + start);
	await followAll();
	const { packages } = dependencies;
	if (importsOwn()) {
		ownOnly = false;
		for (const declaration of foreign) reached.push(declaration);
		await followAll();
		return undefined;
	}
	const from = { index, packages, ...ownSide() };
	// An index that was made anew counts otherwise.
	for (let at = input.known.length - 1; at >= 0; at--) if (input.known[at]?.index !== index) input.known.splice(at, 1);
	const before = input.known.findIndex((each) => isSame(each, from));
	const [same] = before < 0 ? [] : input.known.splice(before, 1);
	if (same !== undefined) {
		for (const declaration of same.reached) index.reached[declaration] = question;
		input.known.push(same);
		return same;
	}
	ownOnly = false;
	for (const declaration of foreign) reached.push(declaration);
	await followAll();
	const now: KnownReach = { ...from, reached: Int32Array.from(marked) };
	input.known.push(now);
	if (input.known.length > MAX_KNOWN) input.known.shift();
	return now;

	/** What the dependencies' part follows from. */
	function ownSide(): Pick<KnownReach, 'ownMethods' | 'mentioned' | 'callable'> {
		const ownPackages = new Set<number>();
		const ownMethods: number[] = [];
		for (const { package: owner, scan } of files) {
			if (!owner.own) continue;
			ownPackages.add(scan.ownPackage);
			for (let at = 0; at < scan.declarations.length; at += STRIDE) {
				if (scan.declarations[at + KIND] === METHOD) ownMethods.push(scan.declarations[at + SELECTOR] as number);
			}
		}
		const isForeign = (symbol: number) =>
			(index.declared[symbol] || index.methodsOf[symbol]) && !ownPackages.has(symbols.packages[symbol] as number);
		return {
			ownMethods: Int32Array.from(ownMethods).sort(),
			mentioned: Int32Array.from(visited.filter(isForeign)).sort(),
			callable: Int32Array.from(callable).sort(),
		};
	}

	async function followAll(): Promise<void> {
		await follow();
		while (waiting.length > 0) {
			const again = waiting;
			waiting = [];
			await input.fetch([...new Set(again.map((declaration) => index.files[declaration] as IndexedFile))]);
			for (const declaration of again) if ((index.files[declaration] as IndexedFile).text !== undefined) reached.push(declaration);
			await follow();
		}
	}

	/** Whether the workspace's own code is reached through dependencies too, as where it stands in for a module that they need. */
	function importsOwn(): boolean {
		return files.some(({ package: { own, importPath } }) => own && dependencies.imports.has(importPath));
	}
}

function isSame(known: KnownReach, now: Omit<KnownReach, 'reached'>): boolean {
	return (
		known.index === now.index &&
		isSameList(known.packages, now.packages) &&
		isSameList(known.ownMethods, now.ownMethods) &&
		isSameList(known.mentioned, now.mentioned) &&
		isSameList(known.callable, now.callable)
	);
}

function larger(numbers: Uint8Array<ArrayBuffer>, symbol: number): Uint8Array<ArrayBuffer> {
	const result = new Uint8Array(Math.max(numbers.length * 2, symbol + 1));
	result.set(numbers);
	return result;
}

/** A set of pairs of numbers: two places each for a pair, the first number plus one and the second. */
interface Pairs {
	count: number;
	slots: Int32Array;
}

/** Whether the pair was not there before. */
function addPair(pairs: Pairs, first: number, second: number): boolean {
	const { slots } = pairs;
	const mask = slots.length - 1;
	let at = pairHash(first + 1, second) & mask;
	while (slots[at] !== 0) {
		if (slots[at] === first + 1 && slots[at + 1] === second) return false;
		at = (at + 2) & mask;
	}
	slots[at] = first + 1;
	slots[at + 1] = second;
	if (++pairs.count * 4 < slots.length) return true;
	const larger = new Int32Array(slots.length * 2);
	for (let from = 0; from < slots.length; from += 2) {
		if (slots[from] === 0) continue;
		let to = pairHash(slots[from] as number, slots[from + 1] as number) & (larger.length - 1);
		while (larger[to] !== 0) to = (to + 2) & (larger.length - 1);
		larger[to] = slots[from] as number;
		larger[to + 1] = slots[from + 1] as number;
	}
	pairs.slots = larger;
	return true;
}

/** Even, because a pair takes two places. */
function pairHash(first: number, second: number): number {
	const mixed = Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b);
	return (mixed ^ (mixed >>> 15)) << 1;
}
