import { DEFAULT_EXPERIMENTS } from '../knowledge/go-releases.ts';

/** Build constraints: which files a build takes, by name and by `//go:build` expression. Sources: go/build and go/build/constraint. */

/** What a build gives its constraints. */
export interface BuildTarget {
	readonly goos: string;
	readonly goarch: string;
	readonly cgo: boolean;
	/** Those of `-tags`. */
	readonly tags: ReadonlySet<string>;
	/** The minor version N of the Go 1.N that builds. */
	readonly goMinor: number;
}

/** Every GOOS that was ever one; a file name ending in such a word is for that system only. Source: internal/syslist. */
const KNOWN_OS = new Set(
	'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos'.split(' '),
);

/** Every GOARCH that was ever one. Source: internal/syslist. */
const KNOWN_ARCH = new Set(
	`386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64
	s390 s390x sparc sparc64 wasm`.split(/\s+/),
);

/** The systems for which the tag `unix` holds. Source: internal/syslist. */
const UNIX_OS = new Set('aix android darwin dragonfly freebsd hurd illumos ios linux netbsd openbsd solaris'.split(' '));

/** Systems on which the tag of another holds too. */
const ALSO_OS: Readonly<Record<string, string>> = { android: 'linux', illumos: 'solaris', ios: 'darwin' };

/** Tags that the go command sets by itself for the lowest machine level of an architecture. */
const ARCHITECTURE_LEVEL: Readonly<Record<string, readonly string[]>> = { amd64: ['amd64.v1'], arm64: ['arm64.v8.0'] };

/** Whether the tag holds in the build. */
function matchesTag(target: BuildTarget, tag: string): boolean {
	if (tag === target.goos || tag === target.goarch || tag === 'gc') return true;
	if (tag === 'cgo' && target.cgo) return true;
	if (tag === 'unix' && UNIX_OS.has(target.goos)) return true;
	if (ALSO_OS[target.goos] === tag) return true;
	const release = /^go1\.([1-9]\d{0,4})$/.exec(tag);
	if (release !== null && Number(release[1]) <= target.goMinor) return true;
	if (ARCHITECTURE_LEVEL[target.goarch]?.includes(tag)) return true;
	const name = tag === 'boringcrypto' ? 'goexperiment.boringcrypto' : tag;
	if (name.startsWith('goexperiment.')) {
		const span = DEFAULT_EXPERIMENTS[name.slice('goexperiment.'.length)];
		if (span !== undefined && span[0] <= target.goMinor && target.goMinor <= span[1]) return true;
	}
	return target.tags.has(name) || target.tags.has(tag);
}

/** Whether the file's name lets it into the build: `x_linux.go`, `x_arm64.go`, `x_linux_arm64.go`; test files and hidden ones never. */
export function matchesFileName(target: BuildTarget, name: string): boolean {
	if (!isGoFileName(name)) return false;
	const first = name.indexOf('_');
	if (first < 0) return true;
	const stem = name.slice(0, name.indexOf('.'));
	if (first >= stem.length) return true;
	// What stands before the first underscore never counts, so that `linux.go` is for every system.
	const words = stem.slice(first + 1).split('_');
	const last = words.at(-1) ?? '';
	const beforeLast = words.at(-2) ?? '';
	if (KNOWN_ARCH.has(last) && KNOWN_OS.has(beforeLast)) return matchesTag(target, last) && matchesTag(target, beforeLast);
	return KNOWN_OS.has(last) || KNOWN_ARCH.has(last) ? matchesTag(target, last) : true;
}

/** Whether the name is that of a Go file which some build without tests takes. */
export function isGoFileName(name: string): boolean {
	return name.endsWith('.go') && !name.endsWith('_test.go') && !name.startsWith('_') && !name.startsWith('.');
}

/** Whether the `//go:build` expression holds; one that does not parse never does, as the go command then refuses the file. */
export function matchesConstraint(target: BuildTarget, expression: string): boolean {
	return evaluate(parseConstraint(expression), (tag) => matchesTag(target, tag));
}

type Expression =
	| { readonly kind: 'tag'; readonly tag: string }
	| { readonly kind: 'not'; readonly operand: Expression }
	| { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
	| { readonly kind: 'never' };

const NEVER: Expression = { kind: 'never' };

/** Nobody nests deeper by hand; the bound keeps hostile text from exhausting the stack. */
const MAX_DEPTH = 200;

/** Expressions repeat from file to file, so those parsed are kept; the bound only guards against a hostile workspace. */
const parsed = new Map<string, Expression>();
const MAX_PARSED = 20_000;

function parseConstraint(text: string): Expression {
	let expression = parsed.get(text);
	if (expression === undefined) {
		expression = parse(text) ?? NEVER;
		if (parsed.size >= MAX_PARSED) parsed.clear();
		parsed.set(text, expression);
	}
	return expression;
}

function evaluate(expression: Expression, holds: (tag: string) => boolean): boolean {
	switch (expression.kind) {
		case 'tag':
			return holds(expression.tag);
		case 'not':
			return !evaluate(expression.operand, holds);
		case 'and':
			return expression.operands.every((operand) => evaluate(operand, holds));
		case 'or':
			return expression.operands.some((operand) => evaluate(operand, holds));
		case 'never':
			return false;
	}
}

function parse(text: string): Expression | undefined {
	const tokens = text.match(/[\p{L}\p{Nd}_.]+|&&|\|\||[!()]|\S/gu) ?? [];
	let at = 0;

	function operands(separator: '&&' | '||', next: () => Expression | undefined): Expression | undefined {
		const found: Expression[] = [];
		do {
			const operand = next();
			if (operand === undefined) return undefined;
			found.push(operand);
		} while (tokens[at] === separator && ++at);
		return found.length === 1 ? found[0] : { kind: separator === '&&' ? 'and' : 'or', operands: found };
	}

	function either(depth: number): Expression | undefined {
		return operands('||', () => operands('&&', () => not(depth)));
	}

	function not(depth: number): Expression | undefined {
		if (tokens[at] !== '!') return atom(depth);
		at++;
		// The go command does not allow a double negation.
		if (tokens[at] === '!') return undefined;
		const operand = atom(depth);
		return operand && { kind: 'not', operand };
	}

	function atom(depth: number): Expression | undefined {
		const token = tokens[at++];
		if (token === '(') {
			const inner = depth < MAX_DEPTH ? either(depth + 1) : undefined;
			return tokens[at++] === ')' ? inner : undefined;
		}
		return token !== undefined && /^[\p{L}\p{Nd}_.]/u.test(token) ? { kind: 'tag', tag: token } : undefined;
	}

	const expression = either(0);
	return at === tokens.length ? expression : undefined;
}
