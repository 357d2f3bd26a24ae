import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative, sep } from 'node:path';
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
