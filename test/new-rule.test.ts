import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COPIED = [
	'server',
	'client',
	'snippets',
	'scripts',
	'schemas',
	'docs/rules',
	'docs/proofs.md',
	'test',
	'package.json',
	'package-lock.json',
	'README.md',
	'CHANGELOG.md',
];
const CODE = 'deadly-signal';

describe('npm run new-rule, in a copy of the project', function () {
	this.timeout(120_000);
	let copy: string;

	before(() => {
		copy = mkdtempSync(join(tmpdir(), 'go-scratch-new-rule-'));
		for (const name of COPIED) {
			cpSync(join(ROOT, name), join(copy, name), { recursive: true, filter: (path) => !path.includes('/test/fixtures/rules/') });
		}
		for (const name of ['.mocharc.json', 'tsconfig.json', 'biome.json']) cpSync(join(ROOT, name), join(copy, name));
		symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
	});
	after(() => rmSync(copy, { recursive: true, force: true }));

	function node(...words: string[]): { status: number | null; output: string } {
		const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: copy, encoding: 'utf8' });
		return { status, output: stdout + stderr };
	}

	it('refuses a code that is not a name, or that exists', () => {
		for (const word of ['', 'Deadly', 'signal', 'root-user']) {
			assert.equal(node('scripts/run.mjs', 'new-rule.ts', word).status, 2);
		}
		assert.equal(existsSync(join(copy, 'server/rules/signal.ts')), false);
	});

	it('writes a rule whose cases and examples hold, and all that is generated from it', () => {
		const { status, output } = node('scripts/run.mjs', 'new-rule.ts', CODE);
		assert.equal(status, 0, output);
		for (const path of [`docs/rules/${CODE}.md`, 'package.json', 'README.md', 'CHANGELOG.md', 'server/rules/index.ts']) {
			assert.match(readFileSync(join(copy, path), 'utf8'), new RegExp(CODE), path);
		}
		const tests = ['test/rules.test.ts', 'test/examples.test.ts', 'test/generated.test.ts'];
		const ran = node('node_modules/mocha/bin/mocha.js', ...tests, '-g', `${CODE}|npm run generate`);
		assert.equal(ran.status, 0, ran.output);
		assert.match(ran.output, /6 passing/, 'three cases, a test of the page, one of the examples, and one of what is generated');
	});

	it('writes what the compiler and the linter accept', () => {
		const compiled = node('node_modules/typescript/bin/tsc', '--noEmit');
		assert.equal(compiled.status, 0, compiled.output);
		const linted = node('node_modules/@biomejs/biome/bin/biome', 'check', '--vcs-enabled=false', 'server/rules', 'package.json');
		assert.equal(linted.status, 0, linted.output);
	});

	it('writes cases that fail where the rule changes', () => {
		const path = join(copy, `server/rules/${CODE}.ts`);
		const text = readFileSync(path, 'utf8');
		writeFileSync(path, text.replaceAll("'SIGKILL'", "'SIGHUP'"));
		assert.notEqual(node('node_modules/mocha/bin/mocha.js', 'test/rules.test.ts', '-g', `${CODE}/fixed`).status, 0);
	});

	it('has the test of proofs say what is still missing', () => {
		const { status, output } = node('node_modules/mocha/bin/mocha.js', 'test/proofs.test.ts', '-g', CODE);
		assert.notEqual(status, 0);
		assert.match(output, new RegExp(`docs/proofs\\.md has no section on ${CODE}: ONLY=${CODE} npm run prove:rules writes it`));
	});
});
