import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The lines that ARCHITECTURE.md draws, as far as a machine can see them. */

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface SourceFile {
	/** From the repository's root, slash-separated. */
	readonly path: string;
	/** Without comments and the content of strings. */
	readonly code: string;
	/** What it imports, as written. */
	readonly imports: readonly string[];
}

const sources = ['client', 'server', 'scripts', 'test'].flatMap((directory) => sourcesIn(join(ROOT, directory)));

function sourcesIn(directory: string): SourceFile[] {
	return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
		const path = join(directory, entry.name);
		if (entry.isDirectory()) return entry.name === 'fixtures' || entry.name === 'workspaces' ? [] : sourcesIn(path);
		if (!/\.(?:ts|mts|mjs|js)$/.test(entry.name)) return [];
		const text = readFileSync(path, 'utf8');
		const imports = [...text.matchAll(/(?:^|[\s;}])(?:from|import|require)\s*\(?\s*['"]([^'"\n]+)['"]/g)].map(
			(match) => match[1] as string,
		);
		return [{ path: relative(ROOT, path).split(sep).join('/'), code: bare(text), imports }];
	});
}

/** The text with comments, strings and template texts blanked, so that words in them do not count. */
function bare(text: string): string {
	return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, ' ');
}

/** Fails with every file of `files` that `offends`, unless its path is allowed. */
function nobody(offends: (file: SourceFile) => boolean, allowed: RegExp): void {
	const offenders = sources.filter((file) => !allowed.test(file.path) && offends(file)).map((file) => file.path);
	assert.deepEqual(offenders, []);
}

function importing(...patterns: readonly RegExp[]): (file: SourceFile) => boolean {
	return (file) => file.imports.some((name) => patterns.some((pattern) => pattern.test(name)));
}

/** Tests and scripts may do what the product must not. */
const OUTSIDE = '^(?:test|scripts)/';

describe('architecture', () => {
	it('sees the source files and their imports', () => {
		assert.ok(sources.some((file) => file.path === 'server/lsp/server.ts' && file.imports.includes('vscode-languageserver')));
		assert.ok(sources.some((file) => file.path === 'test/architecture.test.ts' && file.imports.includes('node:fs')));
	});

	it('lets only the client import vscode', () => {
		nobody(importing(/^vscode$/, /^vscode-languageclient/), /^(?:client|test\/vscode)\//);
	});

	it('lets only server/lsp hold a connection', () => {
		nobody(importing(/^vscode-(?:languageserver|jsonrpc)/), /^(?:(?:server|test)\/lsp|scripts\/(?:bench|fuzz))\//);
	});

	it('lets only the edges import modules of Node', () => {
		const builtin = new Set(builtinModules);
		nobody(
			(file) => file.imports.some((name) => name.startsWith('node:') || builtin.has(name)),
			new RegExp(`^client/extension\\.ts$|^server/cli/|^server/lsp/node[^/]*$|^server/workspace/node-[^/]*$|${OUTSIDE}`),
		);
	});

	it('starts no process and opens no connection', () => {
		nobody(
			importing(/^(?:node:)?(?:child_process|cluster|worker_threads|net|tls|https?|http2|dgram|dns)(?:\/|$)/, /^undici$/, /^ws$/),
			new RegExp(OUTSIDE),
		);
		// Called for its value: a method of the same name is declared where a statement begins.
		const called = /(?:\b(?:await|return|void|new)|globalThis\.|=>?|[(,?:!&|])\s*(?:fetch|WebSocket|XMLHttpRequest|eval)\s*\(/;
		nobody((file) => called.test(file.code), new RegExp(OUTSIDE));
	});

	it('imports its own modules at the top: with import() of one of them esbuild wraps all that it imports, and every start is slower', () => {
		const wraps = /(?<!typeof )\bimport\(\s*'\.{1,2}\//;
		const found = sources.filter(({ path }) => /^server\//.test(path) && wraps.test(readFileSync(join(ROOT, path), 'utf8')));
		// The reader of YAML loads a library that few checks need, and imports nothing else.
		const allowed = ['server/deployments/yaml-tree.ts', 'server/image/context/declared-builds/build-reader.ts'];
		assert.deepEqual(
			found.map(({ path }) => path).filter((path) => !allowed.includes(path)),
			[],
		);
	});

	it('reads from disk in one place, which bounds what it reads', () => {
		nobody(
			(file) =>
				file.imports.some((name) => /^(?:node:)?fs(?:\/promises)?$/.test(name)) &&
				/\b(?:readFile|readFileSync|readv?Sync|createReadStream|readdir|readdirSync|opendir|opendirSync)\b/.test(file.code),
			// The cache is the user's own, and what is about to be replaced is read through what tests can let fail.
			new RegExp(`^server/workspace/node-(?:read|archive|cache|kept-program)[^/]*$|^server/cli/write-files\\.ts$|${OUTSIDE}`),
		);
	});

	it('writes files of the user in one place, which writes them whole', () => {
		nobody(
			(file) =>
				file.imports.some((name) => /^(?:node:)?fs(?:\/promises)?$/.test(name)) &&
				/\b(?:writeFile|writeFileSync|appendFile(?:Sync)?|createWriteStream|rename(?:Sync)?|truncate(?:Sync)?|copyFile(?:Sync)?)\b/.test(
					file.code,
				),
			// The cache is not a file of the user.
			new RegExp(`^server/workspace/node-archive[^/]*$|^server/cli/write-files\\.ts$|${OUTSIDE}`),
		);
	});

	it('keeps clock, environment and timers out of the core', () => {
		nobody(
			(file) => /\bDate\b|\bperformance\s*\.|\bprocess\s*\.|\bset(?:Timeout|Interval|Immediate)\b|\bMath\.random\b/.test(file.code),
			new RegExp(`^client/|^server/cli/|^server/lsp/(?:node|browser)[^/]*$|^server/workspace/node-[^/]*$|${OUTSIDE}`),
		);
	});

	it('climbs directories in a way that ends for every path', () => {
		const climbing = /\b(\w+) = dirname\(\s*\1\s*\)/;
		assert.ok(climbing.test('while (at !== root) at = dirname(at);'));
		const own = (file: SourceFile) => file.path.startsWith('server/') && !file.imports.includes('node:path');
		nobody((file) => own(file) && climbing.test(file.code), /^server\/workspace\/paths\.ts$/);
	});

	it('shows messages in one place of each side, which makes no links of names', () => {
		nobody((file) => /\bwindow\s*\.\s*show\w+Message\b/.test(file.code), new RegExp(`^client/messages\\.ts$|${OUTSIDE}`));
		const shows = /\bShowMessage(?:Notification|Request)\b|window\/showMessage|\.window\s*\.\s*show\w*Message\b/;
		const showing = sources.filter(({ path }) => path.startsWith('server/') && shows.test(readFileSync(join(ROOT, path), 'utf8')));
		assert.deepEqual(
			showing.map(({ path }) => path),
			['server/lsp/messages.ts'],
		);
	});

	it('prints in one place, which takes only what printable.ts makes', () => {
		const prints = /(?<!connection\.)\bconsole\s*\.|\bprocess\s*(?:\.\s*std(?:out|err)\b|\[)|\bwriteSync\(\s*[12]\b/;
		assert.ok(['console.log(x)', 'process.stderr.write(x)', 'process[stream]', 'writeSync(2, x)'].every((code) => prints.test(code)));
		// The language server says how it is used, and hands the standard output to the protocol.
		nobody((file) => prints.test(file.code), new RegExp(`^server/(?:cli/output|lsp/node)\\.ts$|${OUTSIDE}`));
		nobody((file) => file.path.startsWith('server/cli/') && /\bJSON\.stringify\b/.test(file.code), /^server\/cli\/printable\.ts$/);
	});

	it('makes what editors show as Markdown in one place, and trusts none of it', () => {
		nobody((file) => /\bMark(?:upKind|upContent|downString|edString)\b/.test(file.code), new RegExp(`^server/lsp/markup\\.ts$|${OUTSIDE}`));
		nobody((file) => /\b(?:isTrusted|supportHtml|supportThemeIcons)\s*[:=](?!\s*false\b)/.test(file.code), new RegExp(OUTSIDE));
	});

	it('makes HTML and SVG in one way, which shows text of the repository as text', () => {
		// A string or template that begins with an element, and that nothing escapes.
		const makes = /(?<!\bhtml)[`'"]\s*<(?:\/?[a-z][\w-]*[\s>]|!doctype)/;
		assert.ok(makes.test('const x = `<b>${name}</b>`;') && !makes.test('html`<b>${name}</b>`'));
		const offenders = sources.filter(({ path }) => path.startsWith('server/') && makes.test(readFileSync(join(ROOT, path), 'utf8')));
		assert.deepEqual(
			offenders.map(({ path }) => path),
			[],
		);
		nobody((file) => /\bas\s+Html\b|\binnerHTML\b|insertAdjacentHTML|\bdocument\.write\b/.test(file.code), new RegExp(OUTSIDE));
	});

	it('hides the parsers of Dockerfiles and shell text behind server/dockerfile', () => {
		nobody(importing(/^dockerfile-ast/, /^unbash/), new RegExp(`^server/dockerfile/|${OUTSIDE}`));
	});

	it('lets the core know nothing of the edges', () => {
		nobody(
			(file) => file.path.startsWith('server/') && file.imports.some((name) => /(?:^|\/)(?:lsp|cli|client)\//.test(name)),
			/^server\/(?:lsp|cli)\//,
		);
	});

	it('leaves the pages of the rules to the command line: the bundles of the servers are made without them', () => {
		nobody((file) => /\.documentation\b|\brulePage\b/.test(file.code), new RegExp(`^server/(?:cli/|lint/documentation\\.ts)|${OUTSIDE}`));
	});

	it('lets the readers of Dockerfiles, images and programs know nothing of the rules', () => {
		nobody(
			(file) =>
				/^server\/(?:text|workspace|dockerfile|image|program)\//.test(file.path) &&
				file.imports.some((name) => /\/(?:rules|lint|fixes|generate)\//.test(name)),
			/^$/,
		);
	});

	it('lets nothing but the writers make text for the files of a build', () => {
		const makes = /\bas\s+(?:\w+\.)?Written\b|<Written>\s*[\w(`]/;
		assert.ok(sources.some((file) => file.path === 'server/dockerfile/write.ts' && makes.test(file.code)));
		nobody((file) => file.path.startsWith('server/') && makes.test(file.code), /^server\/dockerfile\/write\.ts$/);
	});
});

/**
 * The floors of the core and of what stands on it, the lowest first. A file imports from its own floor and from those below it. A path
 * that ends in a slash is a directory; the longest that matches counts.
 */
const FLOORS: readonly (readonly string[])[] = [
	['server/text/'],
	['server/explain/'],
	['server/linked/byte-source.ts'],
	['server/workspace/'],
	['server/dockerfile/'],
	['server/knowledge/'],
	['server/linked/'],
	['server/findings/'],
	['server/program/evidence/read/'],
	['server/program/'],
	['server/program/kept/'],
	['server/program/evidence/reach/'],
	['server/program/evidence/judge/'],
	['server/program/evidence/'],
	['server/program/program.ts'],
	['server/deployments/model.ts'],
	// What the readers of compose files and of manifests share; where an image is built, compose files say first.
	['server/deployments/yaml-tree.ts', 'server/deployments/compose/', 'server/deployments/kubernetes/'],
	['server/image/model.ts'],
	['server/image/shell/shell-words.ts'],
	['server/image/context/'],
	['server/image/files/'],
	// What the interpreter of shell commands and the follower of instructions share.
	['accounts', 'command-path', 'expansion', 'stage-chain', 'stage-run', 'variables'].map((name) => `server/image/${name}.ts`),
	['server/image/shell/'],
	['server/image/'],
	['server/deployments/'],
	['server/needs/'],
	['server/facts/'],
	['server/picture/'],
	['server/built-image/'],
	['server/generate/'],
	['server/fixes/'],
	['server/rules/'],
	['server/lint/', 'server/hover/'],
	['server/survey/'],
	['server/workspace/node-'],
	['server/lsp/', 'server/cli/'],
	['client/'],
];

/** Files that import each other, because the things themselves do. */
const CIRCLES: readonly (readonly string[])[] = [
	// Go's grammar: an expression holds statements (a function literal), and the reverse.
	['expressions', 'groups', 'statements', 'types'].map((name) => `server/program/evidence/read/${name}.ts`),
];

const MOST_LINES_OF_A_FUNCTION = 100;
const MOST_LINES_OF_A_FILE = 400;

/** By path: the text of each source file of the product. */
const product = new Map(
	sources
		.filter(({ path }) => /^(?:server|client)\//.test(path))
		.map(({ path }) => [path, readFileSync(join(ROOT, path), 'utf8')] as const),
);

/** The files of the product that a file imports. */
function importsOf(path: string): string[] {
	const text = product.get(path) ?? '';
	return [...text.matchAll(/^(?:import|export)\b[^'"]*?from '(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm)]
		.map((match) => posix.join(posix.dirname(path), (match[1] ?? match[2]) as string))
		.filter((imported) => product.has(imported));
}

/** The index of the file's floor, or -1. */
function floorOf(path: string): number {
	let best = { length: 0, floor: -1 };
	for (const [floor, parts] of FLOORS.entries()) {
		for (const part of parts) if (path.startsWith(part) && part.length > best.length) best = { length: part.length, floor };
	}
	return best.floor;
}

/** Groups of files each of which reaches all others by imports (Tarjan). */
function circles(): string[][] {
	const numbers = new Map<string, number>();
	const lowest = new Map<string, number>();
	const stack: string[] = [];
	const found: string[][] = [];
	function visit(path: string): number {
		const number = numbers.size;
		numbers.set(path, number);
		let low = number;
		stack.push(path);
		for (const next of importsOf(path)) {
			if (!numbers.has(next)) low = Math.min(low, visit(next));
			else if (stack.includes(next)) low = Math.min(low, numbers.get(next) ?? low);
		}
		lowest.set(path, low);
		if (low === number) {
			const group = stack.splice(stack.indexOf(path)).sort();
			if (group.length > 1 || importsOf(path).includes(path)) found.push(group);
		}
		return low;
	}
	for (const path of product.keys()) if (!numbers.has(path)) visit(path);
	return found.sort();
}

interface FunctionOfFile {
	readonly name: string;
	/** The number of its first line, from 0. */
	readonly line: number;
	readonly length: number;
}

/** The functions of a formatted source, nested ones too: a function ends at the first line as far indented that begins with a brace. */
function functionsOf(lines: readonly string[]): FunctionOfFile[] {
	const start =
		/^(\t*)(?:export )?(?:async )?(?:function\*? ?(\w+)|const (\w+) = .*=> \{$|(?!(?:if|for|while|switch|catch)\b)\*?(\w+)\(.*\{$)/;
	return lines.flatMap((line, number) => {
		const match = start.exec(line);
		if (match === null) return [];
		const indentation = match[1] ?? '';
		const end = lines.findIndex((each, index) => index > number && each.startsWith(`${indentation}}`) && !/\{$/.test(each));
		return end < 0 ? [] : [{ name: match[2] ?? match[3] ?? match[4] ?? '', line: number, length: end - number + 1 }];
	});
}

/** Whether the comment above a line gives a reason for length. */
function isExplained(lines: readonly string[], line: number): boolean {
	let first = line;
	while (first > 0 && /^\s*(?:\*|\/\*|\/\/)/.test(lines[first - 1] ?? '')) first--;
	return lines.slice(first, line).some((each) => each.includes('Long because '));
}

const isCore = (path: string) => path.startsWith('server/') && !/^server\/(?:lsp|cli)\/|\/node-[^/]*$/.test(path);

describe('the structure of the sources', () => {
	it('sees imports, functions and their length', () => {
		assert.ok(importsOf('server/rules/root-user.ts').includes('server/rules/rule.ts'));
		assert.deepEqual(functionsOf(['export function a(', '\tb: number,', '): void {', '\tif (b) {', '\t}', '}']), [
			{ name: 'a', line: 0, length: 6 },
		]);
		assert.deepEqual(
			functionsOf(['const a = {', '\tcheck(facts) {', '\t\tfoo();', '\t},', '};']).map(({ name, length }) => [name, length]),
			[['check', 3]],
		);
		assert.equal(isExplained(['/** Long because it is. */', 'function a() {'], 1), true);
		assert.equal(isExplained(['/** Long because it is. */', '', 'function a() {'], 2), false);
		assert.ok(product.size > 200);
	});

	it('puts every file on a floor, and every floor under a file', () => {
		assert.deepEqual(
			[...product.keys()].filter((path) => floorOf(path) < 0),
			[],
			'a new directory has a place in FLOORS',
		);
		const used = new Set([...product.keys()].map(floorOf));
		assert.deepEqual(
			FLOORS.filter((_, index) => !used.has(index)),
			[],
		);
	});

	it('imports from no higher floor', () => {
		const arrowsUp = [...product.keys()].flatMap((path) =>
			importsOf(path)
				.filter((imported) => floorOf(imported) > floorOf(path))
				.map((imported) => `${path} imports ${imported}`),
		);
		assert.deepEqual(arrowsUp, []);
	});

	it('has no circles of imports but those that are named', () => {
		assert.deepEqual(
			circles(),
			[...CIRCLES].sort((a, b) => (String(a) < String(b) ? -1 : 1)),
		);
	});

	it(`says of a function of more than ${MOST_LINES_OF_A_FUNCTION} lines why it is long`, () => {
		const long = [...product]
			.filter(([path]) => isCore(path))
			.flatMap(([path, text]) => {
				const lines = text.split('\n');
				return functionsOf(lines)
					.filter(({ line, length }) => length > MOST_LINES_OF_A_FUNCTION && !isExplained(lines, line))
					.map(({ name, length }) => `${path}: ${name} has ${length} lines`);
			});
		assert.deepEqual(long, [], "split it, or say why not in its comment: 'Long because …'");
	});

	it(`says of a file of more than ${MOST_LINES_OF_A_FILE} lines why it is long`, () => {
		const long = [...product]
			.filter(([path]) => isCore(path))
			.map(([path, text]) => ({ path, lines: text.trimEnd().split('\n') }))
			.filter(({ lines }) => lines.length > MOST_LINES_OF_A_FILE && !lines[0]?.startsWith('// Long because '))
			.map(({ path, lines }) => `${path} has ${lines.length} lines`);
		assert.deepEqual(long, [], "split it, or say why not in its first line: '// Long because …'");
	});
});
