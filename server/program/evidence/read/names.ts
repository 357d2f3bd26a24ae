/**
 * Names and package-level symbols as small numbers. A large program uses some hundred thousand of them many million times; as
 * numbers they are compared, stored and walked without making strings.
 */

/** The words of the language. The number of a word is its place here, so that names below {@link KEYWORD_COUNT} are keywords. */
export const KEYWORDS = [
	...['break', 'case', 'chan', 'const', 'continue', 'default', 'defer', 'else', 'fallthrough', 'for', 'func', 'go', 'goto'],
	...['if', 'import', 'interface', 'map', 'package', 'range', 'return', 'select', 'struct', 'switch', 'type', 'var'],
] as const;

export const KEYWORD_COUNT = KEYWORDS.length;

/** The number of a keyword. */
export function keyword(word: (typeof KEYWORDS)[number]): number {
	return KEYWORDS.indexOf(word);
}

export interface Names {
	/** The text of each name, by number. */
	readonly texts: string[];
	/** Open addressing: the number of a name plus one, or 0. The size is a power of two. */
	slots: Int32Array;
	hashes: Int32Array;
	/** By name: the innermost local declaration plus one while a file is scanned; 0 between scans. */
	locals: Int32Array;
	/** By name: the import of the file that is being scanned plus one; 0 between scans. */
	imports: Int32Array;
}

export function createNames(): Names {
	const names: Names = {
		texts: [],
		slots: new Int32Array(1 << 12),
		hashes: new Int32Array(1 << 11),
		locals: new Int32Array(1 << 11),
		imports: new Int32Array(1 << 11),
	};
	for (const word of KEYWORDS) nameOf(names, word);
	return names;
}

/** The number of a name that is given as a text. */
export function nameOf(names: Names, text: string): number {
	let hash = 0;
	for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
	return nameAt(names, text, 0, text.length, hash);
}

/** The number of the name that stands in `text` from `start` to `end`; `hash` is `h = 31 * h + code` over its UTF-16 codes. */
export function nameAt(names: Names, text: string, start: number, end: number, hash: number): number {
	const mask = names.slots.length - 1;
	let slot = (hash ^ (hash >>> 15)) & mask;
	for (;;) {
		const found = (names.slots[slot] as number) - 1;
		if (found < 0) break;
		if (names.hashes[found] === hash) {
			const known = names.texts[found] as string;
			if (known.length === end - start && text.startsWith(known, start)) return found;
		}
		slot = (slot + 1) & mask;
	}
	const number = names.texts.length;
	// A slice would keep the whole file alive; what is made anew does not.
	names.texts.push(`.${text.slice(start, end)}`.slice(1));
	names.slots[slot] = number + 1;
	if (number >= names.hashes.length) {
		names.hashes = grown(names.hashes);
		names.locals = grown(names.locals);
		names.imports = grown(names.imports);
	}
	names.hashes[number] = hash;
	if (number * 2 > names.slots.length) rehash(names);
	return number;
}

function rehash(names: Names): void {
	const slots = new Int32Array(names.slots.length * 2);
	const mask = slots.length - 1;
	for (let number = 0; number < names.texts.length; number++) {
		const hash = names.hashes[number] as number;
		let slot = (hash ^ (hash >>> 15)) & mask;
		while (slots[slot] !== 0) slot = (slot + 1) & mask;
		slots[slot] = number + 1;
	}
	names.slots = slots;
}

/**
 * Symbols: a name in a package (both as numbers of {@link Names}, the package as its import path). Package {@link METHODS} holds
 * the selectors: `x.Close` of an unknown `x` is the symbol `Close` there.
 */
export interface Symbols {
	count: number;
	packages: Int32Array;
	names: Int32Array;
	slots: Int32Array;
	/** By symbol: the declaration that last mentioned it, so that a declaration mentions it once. */
	stamps: Int32Array;
	stamp: number;
	/** By symbol: the file that last mentioned it. */
	fileStamps: Int32Array;
	fileStamp: number;
}

/** The package number of selectors; as a name it is a keyword, which no import path is. */
export const METHODS = 0;

export function createSymbols(): Symbols {
	const size = 1 << 12;
	return {
		count: 0,
		packages: new Int32Array(size),
		names: new Int32Array(size),
		slots: new Int32Array(size * 2),
		stamps: new Int32Array(size),
		stamp: 0,
		fileStamps: new Int32Array(size),
		fileStamp: 0,
	};
}

export function symbolOf(symbols: Symbols, inPackage: number, name: number): number {
	const mask = symbols.slots.length - 1;
	let slot = symbolHash(inPackage, name) & mask;
	for (;;) {
		const found = (symbols.slots[slot] as number) - 1;
		if (found < 0) break;
		if (symbols.names[found] === name && symbols.packages[found] === inPackage) return found;
		slot = (slot + 1) & mask;
	}
	const symbol = symbols.count++;
	if (symbol >= symbols.packages.length) {
		symbols.packages = grown(symbols.packages);
		symbols.names = grown(symbols.names);
		symbols.stamps = grown(symbols.stamps);
		symbols.fileStamps = grown(symbols.fileStamps);
	}
	symbols.packages[symbol] = inPackage;
	symbols.names[symbol] = name;
	symbols.slots[slot] = symbol + 1;
	if (symbol * 2 > symbols.slots.length) {
		const slots = new Int32Array(symbols.slots.length * 2);
		for (let number = 0; number < symbols.count; number++) {
			let free = symbolHash(symbols.packages[number] as number, symbols.names[number] as number) & (slots.length - 1);
			while (slots[free] !== 0) free = (free + 1) & (slots.length - 1);
			slots[free] = number + 1;
		}
		symbols.slots = slots;
	}
	return symbol;
}

function symbolHash(inPackage: number, name: number): number {
	const mixed = Math.imul(Math.imul(inPackage, 0x9e3779b1) ^ name, 0x85ebca6b);
	return mixed ^ (mixed >>> 15);
}

function grown(numbers: Int32Array): Int32Array {
	const larger = new Int32Array(numbers.length * 2);
	larger.set(numbers);
	return larger;
}
