/** What the patterns of one file say of paths below its directory. */
export interface IgnorePatterns {
	/**
	 * Whether the path itself is ignored, whether `!` takes it back, or neither. Of the directories above it this says nothing.
	 *
	 * @param path Relative to the directory of the file, slash-separated.
	 */
	test(path: string, isDirectory: boolean): 'ignored' | 'unignored' | undefined;
}

/**
 * How many steps one file may take in all, about a second; beyond them it says nothing. A large repository takes some 30 million: 300
 * patterns for each of 100,000 directories.
 */
const MAX_STEPS = 200_000_000;

interface Pattern {
	readonly exception: boolean;
	readonly directoryOnly: boolean;
	/** Whether the pattern is compared with the name alone, wherever it lies. */
	readonly floating: boolean;
	readonly segments: readonly Segment[];
}

/** A name of a path as a pattern has it: any number of names, a plain name, or one with wildcards. */
type Segment = 'any names' | string | readonly Piece[];

/** `*`, `?`, a character, or a class of characters. */
type Piece = 'run' | 'one' | { readonly character: string } | { readonly negated: boolean; readonly ranges: readonly Range[] };

type Range = readonly [low: number, high: number];

/**
 * Reads patterns as Git does (https://git-scm.com/docs/gitignore). The `ignore` library makes regular expressions of them, and one with
 * many wildcards takes for ever; here a comparison takes no more steps than the pattern's length times the path's.
 *
 * @param ignoreCase Whether upper and lower case are the same, as on file systems for which they are.
 * @returns `undefined` where the text holds no pattern.
 */
export function readIgnorePatterns(text: string, ignoreCase: boolean): IgnorePatterns | undefined {
	const fold = (some: string) => (ignoreCase ? some.toLowerCase() : some);
	const patterns = fold(text)
		.replace(/^\uFEFF/, '')
		.split('\n')
		.flatMap((line) => readPattern(line.endsWith('\r') ? line.slice(0, -1) : line) ?? []);
	if (patterns.length === 0) return undefined;
	let steps = 0;

	return {
		test(path, isDirectory) {
			const names = fold(path).split('/');
			for (let index = patterns.length - 1; index >= 0 && steps < MAX_STEPS; index--) {
				const { exception, directoryOnly, floating, segments } = patterns[index] as Pattern;
				steps++;
				if (directoryOnly && !isDirectory) continue;
				const { matches, taken } = matchNames(segments, floating ? names.slice(-1) : names);
				steps += taken;
				if (matches) return exception ? 'unignored' : 'ignored';
			}
			return undefined;
		},
	};
}

function readPattern(line: string): Pattern | undefined {
	let text = withoutTrailingBlanks(line);
	if (text === '' || text.startsWith('#')) return undefined;
	const exception = text.startsWith('!');
	if (exception) text = text.slice(1);
	const directoryOnly = text.endsWith('/');
	if (directoryOnly) text = text.slice(0, -1);
	const floating = !text.includes('/');
	const segments: Segment[] = [];
	for (const name of namesOf([...(text.startsWith('/') ? text.slice(1) : text)])) {
		const segment = !floating && name.join('') === '**' ? 'any names' : readName(name);
		if (segment === undefined) return undefined;
		if (segment !== 'any names' || segments.at(-1) !== 'any names') segments.push(segment);
	}
	// `a/**` is all that lies in `a`, and not `a` itself.
	if (!floating && segments.at(-1) === 'any names') segments.push(['run']);
	return { exception, directoryOnly, floating, segments };
}

/** Blanks at the end do not count, unless a backslash stands before them. */
function withoutTrailingBlanks(line: string): string {
	let end = line.length;
	while (end > 0 && line[end - 1] === ' ') end--;
	let backslashes = 0;
	while (line[end - 1 - backslashes] === '\\') backslashes++;
	return line.slice(0, backslashes % 2 === 1 && end < line.length ? end + 1 : end);
}

/** The pattern between its slashes; one in a class is part of a name, which never holds it. */
function namesOf(characters: readonly string[]): string[][] {
	const names: string[][] = [];
	let start = 0;
	for (let at = 0; at < characters.length; at++) {
		if (characters[at] === '[') at = readClass(characters, at + 1)?.end ?? at;
		else if (characters[at] === '\\' && characters[at + 1] !== '/') at++;
		else if (characters[at] === '/') {
			names.push(characters.slice(start, characters[at - 1] === '\\' && at - 1 >= start ? at - 1 : at));
			start = at + 1;
		}
	}
	return [...names, characters.slice(start)];
}

/** @returns `undefined` for a name that nothing matches: an open class, or a backslash at the end. */
function readName(characters: readonly string[]): string | readonly Piece[] | undefined {
	const pieces: Piece[] = [];
	for (let at = 0; at < characters.length; at++) {
		const character = characters[at] as string;
		if (character === '*') {
			if (pieces.at(-1) !== 'run') pieces.push('run');
		} else if (character === '?') pieces.push('one');
		else if (character === '\\') {
			const next = characters[++at];
			if (next === undefined) return undefined;
			pieces.push({ character: next });
		} else if (character === '[') {
			const found = readClass(characters, at + 1);
			if (found === undefined) return undefined;
			pieces.push(found.piece);
			at = found.end;
		} else pieces.push({ character });
	}
	const plain = pieces.map((piece) => (typeof piece === 'object' && 'character' in piece ? piece.character : undefined));
	return plain.includes(undefined) ? pieces : plain.join('');
}

/** `[:alpha:]` and its kin, for ASCII as Git has them. */
const NAMED_CLASSES: Readonly<Record<string, readonly string[]>> = {
	alnum: ['09', 'AZ', 'az'],
	alpha: ['AZ', 'az'],
	blank: ['  ', '\t\t'],
	cntrl: ['\0\x1f', '\x7f\x7f'],
	digit: ['09'],
	graph: ['!~'],
	lower: ['az'],
	print: [' ~'],
	punct: ['!/', ':@', '[`', '{~'],
	space: ['  ', '\t\r'],
	upper: ['AZ'],
	xdigit: ['09', 'AF', 'af'],
};

/** Reads the class after its `[`; `end` is the index of its `]`. */
function readClass(characters: readonly string[], start: number): { piece: Piece; end: number } | undefined {
	let at = start;
	const negated = characters[at] === '!' || characters[at] === '^';
	if (negated) at++;
	const ranges: Range[] = [];
	const codeAt = (): number | undefined => {
		if (characters[at] === '\\') at++;
		return characters[at++]?.codePointAt(0);
	};
	for (let first = true; at < characters.length; first = false) {
		if (characters[at] === ']' && !first) return { piece: { negated, ranges }, end: at };
		if (characters[at] === '[' && characters[at + 1] === ':') {
			const close = characters.indexOf(']', at + 2);
			if (close < 0) return undefined;
			if (characters[close - 1] === ':') {
				const named = NAMED_CLASSES[characters.slice(at + 2, close - 1).join('')];
				if (named === undefined) return undefined;
				ranges.push(...named.map((pair): Range => [pair.charCodeAt(0), pair.charCodeAt(1)]));
				at = close + 1;
				continue;
			}
		}
		const low = codeAt();
		if (low === undefined) return undefined;
		if (characters[at] !== '-' || characters[at + 1] === ']' || characters[at + 1] === undefined) {
			ranges.push([low, low]);
			continue;
		}
		at++;
		const high = codeAt();
		if (high === undefined) return undefined;
		// In `[c-a]`, which is empty, Git sees the `c` all the same.
		ranges.push([low, low], [low, high]);
	}
	return undefined;
}

interface Comparison {
	readonly matches: boolean;
	/** How many steps it took. */
	readonly taken: number;
}

/** Compares the names of a path. After a mismatch only the last `**` is tried again, with one name more, which is enough. */
function matchNames(segments: readonly Segment[], names: readonly string[]): Comparison {
	let [segment, name, taken] = [0, 0, 0];
	let again: { segment: number; name: number } | undefined;
	while (name < names.length) {
		const wanted = segments[segment];
		if (wanted === 'any names') {
			again = { segment: ++segment, name };
			continue;
		}
		const found = wanted === undefined ? NO_MATCH : matchName(wanted, names[name] as string);
		taken += found.taken;
		if (found.matches) {
			segment++;
			name++;
		} else if (again === undefined) return { matches: false, taken };
		else {
			again.name++;
			({ segment, name } = again);
		}
	}
	return { matches: segment === segments.length, taken };
}

const NO_MATCH: Comparison = { matches: false, taken: 1 };

/** Compares one name. As with names, only the last `*` is tried again. */
function matchName(wanted: string | readonly Piece[], name: string): Comparison {
	if (typeof wanted === 'string') return wanted === name ? { matches: true, taken: 1 } : NO_MATCH;
	const characters = [...name];
	let [piece, at, taken] = [0, 0, 0];
	let again: { piece: number; at: number } | undefined;
	while (at < characters.length) {
		taken++;
		const next = wanted[piece];
		if (next === 'run') again = { piece: ++piece, at };
		else if (next !== undefined && accepts(next, characters[at] as string)) {
			piece++;
			at++;
		} else if (again === undefined) return { matches: false, taken };
		else {
			again.at++;
			({ piece, at } = again);
		}
	}
	while (wanted[piece] === 'run') piece++;
	return { matches: piece === wanted.length, taken };
}

function accepts(piece: Exclude<Piece, 'run'>, character: string): boolean {
	if (piece === 'one') return true;
	if ('character' in piece) return piece.character === character;
	const code = character.codePointAt(0) as number;
	return piece.ranges.some(([low, high]) => code >= low && code <= high) !== piece.negated;
}
