import { BREAK, CONST, CONTINUE, FUNC, GOTO, IMPORT, INTERFACE, PACKAGE, STRUCT, TYPE_WORD, VAR } from './evidence/read/keywords.ts';
import { createNames, type Names } from './evidence/read/names.ts';
import {
	ARROW,
	ASSIGN,
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
	nextToken,
	RIGHT_BRACE,
	RIGHT_BRACKET,
	RIGHT_PAREN,
	SEMICOLON,
	STAR,
	TILDE,
	type Tokens,
} from './evidence/read/tokens.ts';

/** The package-level names that a Go file declares, and those that it uses. */
export interface PackageNames {
	/** Functions, types, variables and constants. */
	readonly declared: ReadonlySet<string>;
	/** The types that its methods belong to. */
	readonly receivers: ReadonlySet<string>;
	/** Every name that stands in the file other than behind a dot, whatever it means there. */
	readonly mentioned: ReadonlySet<string>;
	/** The names that are used and that nothing in the file declares locally, so that they are the package's, an import's or Go's own. */
	readonly used: ReadonlySet<string>;
	/** `name.Selector` where the name is one of {@link PackageNames.used}. */
	readonly selected: ReadonlySet<string>;
}

/** Go's own names: where the package's declaration of one is left out, Go's own takes its place. */
export const PREDECLARED: ReadonlySet<string> = new Set(
	[
		'any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16',
		'uint32 uint64 uintptr true false iota nil append cap clear close complex copy delete imag len make max min new panic print',
		'println real recover',
	].flatMap((line) => line.split(' ')),
);

interface Word {
	readonly kind: number;
	/** The name, and nothing of any other token. */
	readonly text: string;
}

/** An open bracket: what its direct content begins with may be names of its own. */
type Bracket = 'members' | 'specifications' | 'receiver' | 'other';

/**
 * Reads the names of a file, without its scopes: a name that anything in the file may declare locally counts as used nowhere in it.
 *
 * @returns `undefined` where the brackets do not match, for then nothing is certain
 */
export function readPackageNames(text: string): PackageNames | undefined {
	const words = wordsOf(text);
	const declared = new Set<string>();
	const receivers = new Set<string>();
	const mentioned = new Set<string>();
	const local = new Set<string>();
	const used = new Set<string>();
	const selected = new Map<string, string>();
	const open: { readonly kind: number; readonly content: Bracket }[] = [];
	const kindAt = (index: number) => words[index]?.kind ?? END;
	/** The token in front of the list of names that the one here belongs to. */
	const beforeList = (index: number) => {
		let first = index;
		while (kindAt(first - 1) === COMMA && kindAt(first - 2) === NAME) first -= 2;
		return kindAt(first - 1);
	};
	/** Whether what stands here is the first name, or one of the list of names, that a specification or member begins with. */
	const leads = (index: number) => {
		const before = beforeList(index);
		return before === SEMICOLON || before === LEFT_PAREN || before === LEFT_BRACE;
	};
	/** The token after the list of names that the one here belongs to. */
	const afterList = (index: number) => {
		let last = index;
		while (kindAt(last + 1) === COMMA && kindAt(last + 2) === NAME) last += 2;
		return kindAt(last + 1);
	};

	for (let index = 0; index < words.length; index++) {
		const { kind, text: name } = words[index] as Word;
		const before = index === 0 ? SEMICOLON : kindAt(index - 1);
		if (kind === LEFT_PAREN || kind === LEFT_BRACE || kind === LEFT_BRACKET) {
			open.push({ kind, content: contentOf(kind, before, open.length === 0 && kindAt(index - 2) === SEMICOLON, open.at(-1)?.content) });
			continue;
		}
		if (kind === RIGHT_PAREN || kind === RIGHT_BRACE || kind === RIGHT_BRACKET) {
			if (open.pop()?.kind !== OPENING.get(kind)) return undefined;
			continue;
		}
		const top = open.length === 0;
		if (top && (kind === PACKAGE || kind === IMPORT)) {
			// The header was read elsewhere.
			for (let depth = 0; index + 1 < words.length && (depth > 0 || kindAt(index + 1) !== SEMICOLON); index++) {
				depth += kindAt(index + 1) === LEFT_PAREN ? 1 : kindAt(index + 1) === RIGHT_PAREN ? -1 : 0;
			}
			continue;
		}
		if (kind !== NAME) continue;
		if (before === DOT) continue;
		const around = open.at(-1)?.content;
		const specified = beforeList(index);
		const isSpecification =
			specified === VAR || specified === CONST || specified === TYPE_WORD || (around === 'specifications' && leads(index));
		if (isSpecification && (top || (open.length === 1 && around === 'specifications'))) {
			declared.add(name);
			continue;
		}
		if (top && before === FUNC) {
			declared.add(name);
			continue;
		}
		// The name of a method.
		if (top && before === RIGHT_PAREN && kindAt(index + 1) === LEFT_PAREN) continue;
		// Go 1.27 lets methods have type parameters.
		const isGenericMethod = top && before === RIGHT_PAREN && kindAt(index + 1) === LEFT_BRACKET;
		if (around === 'receiver' && kindAt(index + 1) !== NAME && kindAt(index + 1) !== STAR) receivers.add(name);
		mentioned.add(name);
		if (isGenericMethod || (around === 'members' && leads(index))) continue;
		if (kindAt(index + 1) === COLON || before === GOTO || before === BREAK || before === CONTINUE) continue;
		// `x name` and `*name` end in a type or a value, whatever the next parameter is.
		const after = before === NAME || before === STAR || before === RIGHT_BRACKET ? END : afterList(index);
		const inReceiver = open.some(({ content }) => content === 'receiver');
		if (isSpecification || bindsBefore(after) || (inReceiver && open.at(-1)?.kind === LEFT_BRACKET)) local.add(name);
		else {
			used.add(name);
			const selector = words[index + 2];
			if (kindAt(index + 1) === DOT && selector?.kind === NAME) selected.set(`${name}.${selector.text}`, name);
		}
	}
	if (open.length > 0) return undefined;
	for (const name of local) used.delete(name);
	return {
		declared,
		receivers,
		mentioned,
		used,
		selected: new Set([...selected].flatMap(([selector, name]) => (used.has(name) ? [selector] : []))),
	};
}

const OPENING: ReadonlyMap<number, number> = new Map([
	[RIGHT_PAREN, LEFT_PAREN],
	[RIGHT_BRACE, LEFT_BRACE],
	[RIGHT_BRACKET, LEFT_BRACKET],
]);

function contentOf(kind: number, before: number, top: boolean, around: Bracket | undefined): Bracket {
	if (kind === LEFT_BRACE && (before === STRUCT || before === INTERFACE)) return 'members';
	if (kind === LEFT_PAREN && (before === VAR || before === CONST || before === TYPE_WORD)) return 'specifications';
	if (kind === LEFT_PAREN && before === FUNC && top) return 'receiver';
	return around === 'receiver' && kind === LEFT_PAREN ? 'receiver' : 'other';
}

/**
 * Whether names that stand in front of this may be declared there, as variables or parameters. What might as well be a product, an
 * index or an assignment counts: then less is certain, and nothing is wrong.
 */
function bindsBefore(after: number): boolean {
	if (after === NAME || after === DEFINE || after === ASSIGN || after === STAR || after === LEFT_BRACKET) return true;
	return after === ELLIPSIS || after === ARROW || after === TILDE || after >= FIRST_KEYWORD;
}

function wordsOf(text: string): Word[] {
	const names: Names = createNames();
	const position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
	const tokens: Tokens = { text, names, position, kind: SEMICOLON, start: 0, end: 0, name: 0 };
	const words: Word[] = [];
	for (nextToken(tokens); tokens.kind !== END; nextToken(tokens)) {
		words.push({ kind: tokens.kind, text: tokens.kind === NAME ? (names.texts[tokens.name] as string) : '' });
	}
	return words;
}
