import type { GoFileHeader, GoImport } from './package.ts';

/** Character codes, so that the scanner compares numbers and cuts no text before it has found something. */
const TAB = 9;
const NEWLINE = 10;
const FORM_FEED = 12;
const RETURN = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const OPEN = 40;
const CLOSE = 41;
const STAR = 42;
const DOT = 46;
const SLASH = 47;
const SEMICOLON = 59;
const BACKSLASH = 92;
const BACKQUOTE = 96;

/**
 * What stands in a Go file up to the end of its imports, and its directives, as go/build reads them.
 *
 * A file that breaks off or goes wrong within its imports yields those before the fault. `undefined` where there is no package
 * clause, or where two `//go:build` lines contradict each other: such a file is in no build.
 */
export function scanHeader(text: string): GoFileHeader | undefined {
	return scan(createScanner(text), text);
}

/** As {@link scanHeader}, of the beginning of a file; `'more'` where that does not hold all that counts. */
export function scanHead(text: string): GoFileHeader | undefined | 'more' {
	const scanner = createScanner(text);
	const header = scan(scanner, text);
	// Whatever comes next must be in sight, or else it might be another import.
	if (scanner.place() + 'import'.length >= text.length) return 'more';
	return header?.imports.some((spec) => spec.path === 'embed') ? 'more' : header;
}

function scan(scanner: Scanner, text: string): GoFileHeader | undefined {
	if (!scanner.keyword('package')) return undefined;
	const start = scanner.place();
	const name = scanner.identifier();
	if (name === undefined) return undefined;
	const constraint = findConstraint(text.slice(0, start));
	if (constraint === null) return undefined;
	const imports: GoImport[] = [];
	while (scanner.keyword('import')) {
		if (!scanner.character(OPEN)) {
			const single = scanner.importSpec();
			if (single === undefined) break;
			imports.push(single);
			continue;
		}
		let spec = scanner.importSpec();
		while (spec !== undefined) {
			imports.push(spec);
			spec = scanner.importSpec();
		}
		if (!scanner.character(CLOSE)) break;
	}
	const embeds = imports.some((spec) => spec.path === 'embed') ? findEmbeds(text) : [];
	return {
		package: detach(name),
		imports: imports.filter((spec) => isImportPath(spec.path)),
		constraint: constraint === undefined ? undefined : detach(constraint),
		embeds,
	};
}

/**
 * Strings cut out of a text keep all of it in memory, which thousands of headers must not. The copies are few, for the same
 * import paths come again and again; the bound only guards against a hostile workspace.
 */
const detached = new Map<string, string>();
const MAX_DETACHED = 100_000;

function detach(cut: string): string {
	let copy = detached.get(cut);
	if (copy === undefined) {
		copy = JSON.parse(JSON.stringify(cut)) as string;
		if (detached.size >= MAX_DETACHED) detached.clear();
		detached.set(copy, copy);
	}
	return copy;
}

interface Scanner {
	/** How far the text has been read. */
	place(): number;
	/** Passes over the word and says true, or stays where it is. */
	keyword(word: string): boolean;
	identifier(): string | undefined;
	character(code: number): boolean;
	importSpec(): GoImport | undefined;
}

function createScanner(text: string): Scanner {
	let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
	let line = 0;

	/** go/build takes semicolons for spaces here, for nothing hangs on them before the first declaration. */
	function skipSpace(): void {
		for (;;) {
			const code = text.charCodeAt(at);
			if (code === NEWLINE) line++;
			if (code === SPACE || code === NEWLINE || code === TAB || code === RETURN || code === FORM_FEED || code === SEMICOLON) {
				at++;
			} else if (code === SLASH && text.charCodeAt(at + 1) === SLASH) {
				const end = text.indexOf('\n', at);
				at = end < 0 ? text.length : end;
			} else if (code === SLASH && text.charCodeAt(at + 1) === STAR) {
				const end = text.indexOf('*/', at + 2);
				const next = end < 0 ? text.length : end + 2;
				line += countLines(text, at, next);
				at = next;
			} else return;
		}
	}

	function word(): string {
		const start = at;
		while (isIdentifierCode(text.charCodeAt(at))) at++;
		return text.slice(start, at);
	}

	/** The value of a string literal at this place. */
	function string(): string | undefined {
		const quote = text.charCodeAt(at);
		if (quote === BACKQUOTE) {
			const end = text.indexOf('`', at + 1);
			if (end < 0) return unterminated();
			const value = text.slice(at + 1, end);
			line += countLines(text, at, end);
			at = end + 1;
			return value.replaceAll('\r', '');
		}
		if (quote !== DOUBLE_QUOTE) return undefined;
		for (let end = at + 1; end < text.length; end++) {
			const code = text.charCodeAt(end);
			if (code === BACKSLASH) end++;
			else if (code === NEWLINE) return undefined;
			else if (code === DOUBLE_QUOTE) {
				const value = unquote(text.slice(at + 1, end));
				at = end + 1;
				return value;
			}
		}
		return unterminated();
	}

	/** Passes over what is left, for in the beginning of a file the literal may go on beyond it. */
	function unterminated(): undefined {
		at = text.length;
	}

	return {
		place: () => at,
		keyword(expected) {
			skipSpace();
			if (!text.startsWith(expected, at) || isIdentifierCode(text.charCodeAt(at + expected.length))) return false;
			at += expected.length;
			return true;
		},
		identifier() {
			skipSpace();
			return word() || undefined;
		},
		character(code) {
			skipSpace();
			if (text.charCodeAt(at) !== code) return false;
			at++;
			return true;
		},
		importSpec() {
			skipSpace();
			let name: string | undefined;
			if (text.charCodeAt(at) === DOT) {
				name = '.';
				at++;
			} else name = word() || undefined;
			skipSpace();
			const start = line;
			const path = string();
			return path === undefined ? undefined : { path: detach(path), name: name && detach(name), line: start };
		},
	};
}

/** A letter, digit or underscore, or anything beyond ASCII, which go/build lets pass too. */
function isIdentifierCode(code: number): boolean {
	return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code >= 128;
}

function countLines(text: string, from: number, to: number): number {
	let count = 0;
	// To search for the next line's end would look beyond `to`, time and again.
	for (let at = from; at < to; at++) if (text.charCodeAt(at) === NEWLINE) count++;
	return count;
}

/** The value of an interpreted string literal; escapes are as good as never seen in import paths and patterns. */
function unquote(body: string): string {
	if (!body.includes('\\')) return body;
	return body.replace(
		/\\(?:([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/g,
		(whole, octal, hex, short, long, other) => {
			if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
			const digits = hex ?? short ?? long;
			if (digits === undefined)
				return ({ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' } as Record<string, string>)[other] ?? other;
			const code = Number.parseInt(digits, 16);
			return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
		},
	);
}

/** The import paths that the language's implementation restriction allows; the compiler takes no other. */
function isImportPath(path: string): boolean {
	return path !== '' && !/[\s!"#$%&'()*,:;<=>?[\\\]^{|}`\ufffd\p{C}]/u.test(path);
}

/** The build constraint in what stands up to the package clause; `null` where there is more than one `//go:build` line, which go/build rejects. */
function findConstraint(text: string): string | undefined | null {
	// Most files have none.
	if (!text.includes('//go:build') && !text.includes('+build')) return undefined;
	let goBuild: string | undefined;
	const candidates: { readonly line: string; readonly start: number }[] = [];
	let lastBlank = 0;
	let ended = false;
	let inBlock = false;
	let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
	lines: while (start < text.length) {
		const newline = text.indexOf('\n', start);
		const next = newline < 0 ? text.length : newline + 1;
		const line = text.slice(start, next).trim();
		const lineStart = start;
		start = next;
		if (line === '' && !ended) {
			lastBlank = next;
			continue;
		}
		if (!line.startsWith('//')) ended = true;
		if (!inBlock && /^\/\/go:build(?:\s|$)/.test(line)) {
			if (goBuild !== undefined) return null;
			goBuild = line.slice('//go:build'.length).trim();
		}
		if (!ended && /^\/\/\s*\+build(?:\s|$)/.test(line)) candidates.push({ line, start: lineStart });
		for (let at = 0; at < line.length; ) {
			if (inBlock) {
				const end = line.indexOf('*/', at);
				if (end < 0) continue lines;
				inBlock = false;
				at = end + 2;
			} else if (line.startsWith('//', at)) continue lines;
			else if (line.startsWith('/*', at)) {
				inBlock = true;
				at += 2;
			} else if (/\s/.test(line.charAt(at))) at++;
			else break lines;
		}
	}
	if (goBuild !== undefined) return goBuild;
	// The older form counts only where a blank line parts it from what follows.
	const plusBuild = candidates.filter((candidate) => candidate.start < lastBlank).map((candidate) => fromPlusBuild(candidate.line));
	return plusBuild.length === 0 ? undefined : plusBuild.join(' && ');
}

/** The `//go:build` expression for a `// +build` line: spaces mean or, commas mean and. */
function fromPlusBuild(line: string): string {
	const alternatives = line.replace(/^\/\/\s*\+build/, '').trim();
	// A line without any tag is satisfied by nothing, as is a tag that is none.
	if (alternatives === '') return 'ignore';
	const terms = alternatives.split(/\s+/).map((alternative) => {
		const factors = alternative.split(',').map((factor) => (/^!?[\p{L}\p{Nd}_.]+$/u.test(factor) ? factor : 'ignore'));
		return factors.join(' && ');
	});
	return `(${terms.map((term) => (terms.length > 1 ? `(${term})` : term)).join(' || ')})`;
}

/** The patterns of all `//go:embed` comments. The rest of the file is lexed, for strings may hold what looks like one. */
function findEmbeds(text: string): { readonly pattern: string; readonly line: number }[] {
	const embeds: { readonly pattern: string; readonly line: number }[] = [];
	if (!text.includes('//go:embed')) return embeds;
	let line = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === NEWLINE) line++;
		else if (code === BACKQUOTE) {
			const end = text.indexOf('`', at + 1);
			if (end < 0) break;
			line += countLines(text, at, end);
			at = end;
		} else if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
			at = endOfQuoted(text, at, code);
		} else if (code === SLASH && text.charCodeAt(at + 1) === STAR) {
			const end = text.indexOf('*/', at + 2);
			if (end < 0) break;
			line += countLines(text, at, end);
			at = end + 1;
		} else if (code === SLASH && text.charCodeAt(at + 1) === SLASH) {
			const newline = text.indexOf('\n', at);
			const end = newline < 0 ? text.length : newline;
			if (text.startsWith('//go:embed', at)) {
				for (const pattern of embedPatterns(text.slice(at + '//go:embed'.length, end))) embeds.push({ pattern: detach(pattern), line });
			}
			at = end - 1;
		}
	}
	return embeds;
}

/** The place of the quote that ends the literal at `at`, or the last character of its line where none does. */
function endOfQuoted(text: string, at: number, quote: number): number {
	for (let end = at + 1; end < text.length; end++) {
		const code = text.charCodeAt(end);
		if (code === BACKSLASH) end++;
		else if (code === quote) return end;
		else if (code === NEWLINE) return end - 1;
	}
	return text.length;
}

/** The patterns of one directive, or none where it is malformed, in which case the compiler rejects it. */
function embedPatterns(rest: string): readonly string[] {
	if (rest !== '' && !/^\s/.test(rest)) return [];
	const patterns: string[] = [];
	const item = /\s*(?:`([^`]*)`|"((?:[^"\\]|\\.)*)"|([^\s"`]\S*))(?=\s|$)/y;
	const trimmed = rest.trim();
	while (item.lastIndex < trimmed.length) {
		const match = item.exec(trimmed);
		if (match === null) return [];
		patterns.push(match[1] ?? (match[2] === undefined ? undefined : unquote(match[2])) ?? match[3] ?? '');
	}
	return patterns;
}
