import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkedFile } from '../../server/cli/checked.ts';
import type { Colors } from '../../server/cli/colors.ts';
import { terminal } from '../../server/cli/printable.ts';
import { excerptText } from '../../server/cli/source-excerpt.ts';
import { compactReport, textReport } from '../../server/cli/text-report.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { fixAll, fixableFindings } from '../../server/lint/fix-all.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { bundleCommandLine } from '../support/command-line.ts';

const same = (text: string) => terminal`${text}`;
const PLAIN: Colors = { on: false, bold: same, red: same, green: same, yellow: same, blue: same, cyan: same, gray: same };

const FILES = {
	'/w/go.mod': 'module example.com/app\n\ngo 1.26\n',
	'/w/main.go': 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("https://example.com")\n}\n',
	'/w/.dockerignore': '.git\n',
};

const DOCKERFILE = `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 \\
    go build -trimpath -ldflags="-s -w" -o /app

FROM scratch
COPY --from=build /app /app
USER app
CMD /app
`;

async function reportsOf(text: string): Promise<{ whole: string; compact: string }> {
	const files = createMemoryFiles({ ...FILES, '/w/Dockerfile': text });
	const analyser = createAnalyser({ files });
	const request = { path: '/w/Dockerfile', text, root: '/w' };
	const analysis = await analyser.analyse(request);
	const checked = checkedFile(analysis, await fixableFindings(analyser, request, analysis));
	const whole = (await textReport([checked], (path) => files.readText(path), PLAIN)).textFor(false);
	return { whole, compact: compactReport([checked], PLAIN).textFor(false) };
}

describe('the report as text', () => {
	it('shows the line of the Dockerfile with a caret under each character, and the Go line that is the reason', async () => {
		const { whole } = await reportsOf(DOCKERFILE);
		const part = whole.split('\n\n').find((each) => each.includes('missing-ca-certificates'));
		assert.equal(
			part,
			`/w/Dockerfile:7:1 error missing-ca-certificates [*]
  ${/^ {2}(The program.*(?:\n {2}\S.*)*)/m.exec(part ?? '')?.[1]}
    7 | FROM scratch
      | ^^^^^^^^^^^^
  /w/main.go:6:7 http.Get
    6 |     http.Get("https://example.com")
      |          ^^^`,
		);
	});

	it('marks what fix would fix in both forms, and nothing else', async () => {
		const { whole, compact } = await reportsOf(DOCKERFILE);
		const marked = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]);
		const inWhole = marked(whole, /^\S+:\d+:\d+ \w+ (\S+) \[\*\]$/gm);
		assert.ok(inWhole.includes('missing-ca-certificates') && inWhole.includes('shell-form-command'), whole);
		assert.deepEqual(marked(compact, /^\S+:\d+:\d+ \w+ (\S+) .*\[\*\]$/gm), inWhole);
		assert.equal(compact.trimEnd().split('\n').length, whole.match(/^\S+:\d+:\d+ (?:error|warning|information|hint) /gm)?.length);
	});

	it('marks something if and only if fix changes something, and each rule that fix then fixes', async () => {
		for (const text of [
			DOCKERFILE,
			DOCKERFILE.replace('USER app', 'USER 65534:65534'),
			'FROM golang\n',
			DOCKERFILE.replace('CMD /app', 'CMD ["/app"]'),
		]) {
			const files = createMemoryFiles({ ...FILES, '/w/Dockerfile': text });
			const analyser = createAnalyser({ files });
			const request = { path: '/w/Dockerfile', text, root: '/w' };
			const analysis = await analyser.analyse(request);
			const fixable = await fixableFindings(analyser, request, analysis);
			const { applied, remaining } = await fixAll(analyser, request);
			assert.equal(fixable.size > 0, applied > 0);
			const left = remaining.map(({ code }) => code);
			for (const { code } of fixable) assert.ok(!left.includes(code), code);
		}
	});
});

describe('an excerpt of a source', () => {
	const excerpt = (text: string, part: string, width = 60) => {
		const start = text.indexOf(part);
		const shown = excerptText({ line: 8, text, start, end: start + part.length }, { gutter: 2, width, colors: PLAIN, paint: same });
		return shown.textFor(false).split('\n');
	};

	it('puts carets under the part, after tabs, hidden and wide characters', () => {
		assert.deepEqual(excerpt('\tab\tcd ef', 'cd'), ['     9 |     ab    cd ef', '       |           ^^', '']);
		assert.deepEqual(excerpt('a\u202Eb cd', 'cd'), ['     9 | a\\u202eb cd', '       |          ^^', '']);
		assert.deepEqual(excerpt('日本 cd', 'cd'), ['     9 | 日本 cd', '       |      ^^', '']);
		assert.deepEqual(excerpt('e\u0301 日本', '日本'), ['     9 | e\u0301 日本', '       |   ^^^^', '']);
	});

	it('cuts a long line around the part, which stays in it', () => {
		for (const text of [`${'a'.repeat(500)} xyz ${'b'.repeat(500)}`, `xyz ${'b'.repeat(5000)}`, `${'a'.repeat(5000)} xyz`]) {
			const [line = '', carets = ''] = excerpt(text, 'xyz');
			assert.ok(line.length <= 60, line);
			assert.equal(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1), 'xyz');
			assert.match(line, /…/);
		}
		const [line = '', carets = ''] = excerpt('x'.repeat(300), 'x'.repeat(300));
		assert.ok(line.length <= 60 && carets.length <= 60);
	});

	it('has a caret for an empty part, and no line where there is none', () => {
		assert.deepEqual(excerpt('ab', ''), ['     9 | ab', '       | ^', '']);
		assert.deepEqual(excerpt('', ''), ['']);
	});
});

describe('the usual format', function () {
	this.timeout(60_000);

	it('has the source on a terminal, and one line per finding elsewhere', function () {
		if (process.platform !== 'linux' || spawnSync('script', ['--version']).status !== 0) return void this.skip();
		const directory = mkdtempSync(join(tmpdir(), 'go-scratch-terminal-'));
		const cli = bundleCommandLine(mkdtempSync(join(tmpdir(), 'go-scratch-cli-')));
		try {
			for (const [path, text] of Object.entries({ ...FILES, '/w/Dockerfile': DOCKERFILE }))
				writeFileSync(join(directory, path.slice(3)), text);
			// On a dumb terminal no line says how far the work is, which a slow machine would show first.
			const env = { ...process.env, NO_COLOR: '1', TERM: 'dumb', GO_SCRATCH_CACHE: 'off' };
			const onTerminal = (...words: string[]) =>
				spawnSync('script', ['-qec', [process.execPath, cli, 'check', ...words].join(' '), '/dev/null'], {
					cwd: directory,
					env,
					encoding: 'utf8',
				});
			assert.match(onTerminal().stdout, /^Dockerfile:7:1 error missing-ca-certificates \[\*\]\r$[\s\S]*^ {4}7 \| FROM scratch\r$/m);
			assert.match(onTerminal('--format', 'compact').stdout, /^Dockerfile:7:1 error missing-ca-certificates The program .*\[\*\]\r$/m);
			const piped = (...words: string[]) =>
				spawnSync(process.execPath, [cli, 'check', ...words], { cwd: directory, env, encoding: 'utf8' });
			assert.match(piped().stdout, /^Dockerfile:7:1 error missing-ca-certificates The program .*\[\*\]$/m);
			assert.match(piped('--format', 'text').stdout, /^ {4}7 \| FROM scratch$/m);
			assert.match(piped().stdout, /^\[\*\] \d+ fixable with `go-scratch fix`\.$/m);
		} finally {
			rmSync(directory, { recursive: true, force: true });
			rmSync(dirname(cli), { recursive: true, force: true });
		}
	});
});
