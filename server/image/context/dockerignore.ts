import { LimitError } from '../../text/limit-error.ts';

/**
 * .dockerignore as the engine reads it: the rules of moby's patternmatcher and of BuildKit's ignorefile reader, which differ from
 * those of .gitignore (no pattern floats, the last match wins, a parent's match covers what lies below it).
 */

export interface IgnoreMatcher {
	/** Whether the path (slash-separated, from the context's root, without a leading slash) is left out. The root never is. */
	ignores(path: string): boolean;
	/** Whether a pattern takes something back, so that a directory left out may still hold what is sent. */
	readonly hasExceptions: boolean;
}

/**
 * The matcher of an ignore file's text. Time for a path grows with the number of patterns times the path's length; what was asked of a
 * path is remembered, for the answer builds on the parent's.
 *
 * @throws LimitError where the text is longer than any that a person writes.
 */
export function parseIgnoreFile(text: string): IgnoreMatcher {
	if (text.length > MAX_IGNORE_LENGTH) throw new LimitError(`its .dockerignore is longer than ${MAX_IGNORE_LENGTH} characters`);
	const patterns = readPatterns(text);
	const root: Match = { ignored: false, matched: new Uint8Array(patterns.length) };
	const known = new Map<string, Match>([['.', root]]);

	function match(path: string): Match {
		// Parents first, without recursion: a path may be as deep as a hostile Dockerfile makes it.
		const missing: string[] = [];
		let at = path;
		let result = known.get(at);
		while (result === undefined) {
			missing.push(at);
			const slash = at.lastIndexOf('/');
			at = slash < 0 ? '.' : at.slice(0, slash);
			result = known.get(at);
		}
		for (const name of missing.reverse()) {
			result = matchBelow(patterns, name, result);
			if (known.size * (patterns.length + 100) < MAX_REMEMBERED_BYTES) known.set(name, result);
		}
		return result;
	}

	return {
		ignores: (path) => patterns.length > 0 && match(path).ignored,
		hasExceptions: patterns.some((pattern) => pattern.exception),
	};
}

/** A matcher of bare patterns, as `COPY --exclude` takes them: the same language, without comments. */
export function matchesPattern(pattern: string, path: string): boolean {
	return compile(pattern)?.matches(path) === true;
}

/** Some 10,000 patterns; people write a hundred. */
export const MAX_IGNORE_LENGTH = 64 * 1024;

const MAX_REMEMBERED_BYTES = 64 * 1024 * 1024;

interface Pattern {
	/** Whether the line starts with `!`. */
	readonly exception: boolean;
	matches(path: string): boolean;
}

interface Match {
	readonly ignored: boolean;
	/** For each pattern, whether it matched the path or a directory above it. */
	readonly matched: Uint8Array;
}

function matchBelow(patterns: readonly Pattern[], path: string, parent: Match): Match {
	const matched = new Uint8Array(patterns.length);
	let ignored = false;
	for (let index = 0; index < patterns.length; index++) {
		const pattern = patterns[index] as Pattern;
		let here = parent.matched[index] === 1;
		if (!here) {
			// An exception has nothing to take back while nothing matched, and another pattern nothing to add once something did.
			if (pattern.exception !== ignored) continue;
			here = pattern.matches(path);
		}
		if (!here) continue;
		matched[index] = 1;
		ignored = !pattern.exception;
	}
	return { ignored, matched };
}

function readPatterns(text: string): Pattern[] {
	const result: Pattern[] = [];
	for (const raw of text.replace(/^\uFEFF/, '').split('\n')) {
		// A comment's `#` stands in the first column: a line is trimmed only after this question.
		if (raw.startsWith('#')) continue;
		let line = raw.trim();
		if (line === '') continue;
		const exception = line.startsWith('!');
		if (exception) line = line.slice(1).trim();
		if (line === '') continue;
		let cleaned = clean(line);
		if (cleaned.length > 1 && cleaned.startsWith('/')) cleaned = cleaned.slice(1);
		const compiled = compile(cleaned);
		if (compiled !== undefined) result.push({ exception, matches: compiled.matches });
	}
	return result;
}

/** What Go's `filepath.Clean` makes of a path: no `.`, no `..` that can be resolved, no doubled or trailing slash. */
function clean(path: string): string {
	const rooted = path.startsWith('/');
	const names: string[] = [];
	for (const name of path.split('/')) {
		if (name === '' || name === '.') continue;
		if (name !== '..') names.push(name);
		else if (names.length > 0 && names.at(-1) !== '..') names.pop();
		else if (!rooted) names.push('..');
	}
	return (rooted ? '/' : '') + names.join('/') || (rooted ? '/' : '.');
}

type Token =
	| { readonly kind: 'character'; readonly value: string }
	/** `?` */
	| { readonly kind: 'one' }
	/** `*` */
	| { readonly kind: 'star' }
	/** `**` with or without a slash behind it: nothing, or anything that ends with a slash. */
	| { readonly kind: 'deep' }
	/** `**` at the end. */
	| { readonly kind: 'rest' }
	| { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly (readonly [number, number])[] };

function compile(pattern: string): { matches(path: string): boolean } | undefined {
	const tokens = tokenize(pattern);
	if (tokens === undefined) return undefined;
	if (tokens.every((token) => token.kind === 'character')) {
		const whole = tokens.map((token) => token.value).join('');
		return { matches: (path) => path === whole };
	}
	// The engine compares a pattern whose only wildcard is a leading or trailing `**` as plain text, and then a `**` needs no slash.
	if (pattern === '**') return { matches: () => true };
	const last = tokens.at(-1);
	if (last?.kind === 'rest' && tokens.slice(0, -1).every((token) => token.kind === 'character')) {
		const prefix = pattern.slice(0, -2);
		return { matches: (path) => path.startsWith(prefix) };
	}
	if (tokens[0]?.kind === 'deep' && tokens.slice(1).every((token) => token.kind === 'character')) {
		const suffix = pattern.slice(2);
		return { matches: (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1)) };
	}
	return { matches: (path) => simulate(tokens, path) };
}

function tokenize(pattern: string): Token[] | undefined {
	const tokens: Token[] = [];
	const characters = [...pattern];
	for (let at = 0; at < characters.length; at++) {
		const character = characters[at] as string;
		if (character === '*') {
			if (characters[at + 1] !== '*') {
				if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' });
				continue;
			}
			at++;
			if (characters[at + 1] === '/') at++;
			tokens.push(at + 1 >= characters.length ? { kind: 'rest' } : { kind: 'deep' });
		} else if (character === '?') {
			tokens.push({ kind: 'one' });
		} else if (character === '\\') {
			at++;
			tokens.push({ kind: 'character', value: characters[at] ?? '\\' });
		} else if (character === '[') {
			const end = readClass(characters, at, tokens);
			// The engine refuses such a pattern, and with it the build: it is left out here.
			if (end === undefined) return undefined;
			at = end;
		} else {
			tokens.push({ kind: 'character', value: character });
		}
	}
	return tokens;
}

/** Reads the class that starts at `at`, adds it to `tokens` and returns the index of its `]`. */
function readClass(characters: readonly string[], at: number, tokens: Token[]): number | undefined {
	let index = at + 1;
	const negated = characters[index] === '^';
	if (negated) index++;
	const ranges: [number, number][] = [];
	const read = () => {
		if (characters[index] === '\\') index++;
		return characters[index++]?.codePointAt(0);
	};
	for (let first = true; index < characters.length; first = false) {
		if (characters[index] === ']' && !first) {
			tokens.push({ kind: 'class', negated, ranges });
			return index;
		}
		const low = read();
		if (low === undefined) return undefined;
		if (characters[index] !== '-' || characters[index + 1] === ']') {
			ranges.push([low, low]);
			continue;
		}
		index++;
		const high = read();
		if (high === undefined || high < low) return undefined;
		ranges.push([low, high]);
	}
	return undefined;
}

/** Follows all ways through the pattern at once, so that no pattern takes more than its length times that of the path. */
function simulate(tokens: readonly Token[], path: string): boolean {
	// State 2i stands before token i, state 2i+1 inside a `**/` that has begun to swallow something.
	const end = tokens.length * 2;
	/** The step at which a state was last entered: each is followed once a step. */
	const entered = new Int32Array(end + 1).fill(-1);
	let step = 0;
	let states: number[] = [];
	let next: number[] = [];
	const enter = (state: number) => {
		for (let at = state; entered[at] !== step; at += 2) {
			entered[at] = step;
			next.push(at);
			const kind = at % 2 === 0 ? tokens[at / 2]?.kind : undefined;
			if (kind !== 'star' && kind !== 'deep' && kind !== 'rest') return;
		}
	};
	enter(0);
	for (const character of path) {
		[states, next] = [next, []];
		step++;
		for (const state of states) {
			const token = tokens[state >> 1];
			if (token === undefined) continue;
			if (token.kind === 'deep') {
				enter(state | 1);
				if (character === '/') enter((state & ~1) + 2);
			} else if (token.kind === 'rest' || (token.kind === 'star' && character !== '/')) {
				enter(state);
			} else if (accepts(token, character)) {
				enter(state + 2);
			}
		}
		if (next.length === 0) return false;
	}
	return entered[end] === step;
}

function accepts(token: Token, character: string): boolean {
	switch (token.kind) {
		case 'character':
			return token.value === character;
		case 'one':
			return character !== '/';
		case 'class': {
			const code = character.codePointAt(0) as number;
			return token.ranges.some(([low, high]) => code >= low && code <= high) !== token.negated;
		}
		default:
			return false;
	}
}
