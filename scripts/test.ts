import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { glob } from 'tinyglobby';
import { buildProduct } from './build.ts';
import { findCommand } from './chromium.ts';
import type { Summary } from './mocha-reporter.ts';
import { kilobytes, packageExtension, packageForNpm } from './package.ts';
import { run, runShown, runTool } from './processes.ts';
import { step } from './progress.ts';
import { inProject, ROOT } from './project.ts';
import { runBothSuites } from './vscode-suite.ts';

/**
 * Everything that a contributor runs before a commit: `npm test`. What this machine cannot run is named as skipped, with how to
 * get it, and never counted as passed.
 */

/** How a check of its own counts among the tests. */
const PASSED: Summary = { passed: 1, failed: 0, skipped: [] };
const FAILED: Summary = { passed: 0, failed: 1, skipped: [] };

/** Where the tests that build and run images stand. */
const IMAGE_TESTS = 'test/images';

/** Where the tests stand that make the packages anew. */
const PACKAGE_TESTS = 'test/package';

/** Where the tests stand that drive other editors. */
const EDITOR_TESTS = 'test/editors';

/** Where the test stands that compares the findings in released modules with their snapshots. */
const ECOSYSTEM_TESTS = 'test/ecosystem';

/** So many inputs are tried in about a minute; `npm run fuzz` tries more, and others with another seed. */
const FUZZED_INPUTS = 2500;

const summaries: Summary[] = [];

await check('Formatting and lint (biome)', () => runTool('@biomejs/biome/bin/biome', 'ci', '--colors=off'));
await check('Types (tsc)', () => runTool('typescript/bin/tsc', '--noEmit'));
await check('Types of the image view (tsc)', () => runTool('typescript/bin/tsc', '--noEmit', '--project', 'client/webview'));
await check('Unused code (knip)', () => runTool('knip/bin/knip.js'));
const built = await check('Build', () => buildProduct({ forShipping: true }));
if (built) {
	await check('Packages (.vsix and .tgz)', async () => {
		for (const { path: file, size } of [await packageExtension(), await packageForNpm()]) {
			console.log(`  ${path.relative(inProject(), file)}: ${kilobytes(size)}`);
		}
	});
}
await suite('Unit tests (mocha)', () =>
	mocha(['test/**/*.test.ts', '!test/vscode', `!${IMAGE_TESTS}`, `!${PACKAGE_TESTS}`, `!${EDITOR_TESTS}`, `!${ECOSYSTEM_TESTS}`], 60_000));
await suite('Findings in released modules', () => mocha([`${ECOSYSTEM_TESTS}/**/*.test.ts`], 60_000));
await suite('The packages, and the npm one on each Node', () => mocha([`${PACKAGE_TESTS}/**/*.test.ts`], 180_000));
await suite('The server in Neovim and in Emacs', () => mocha([`${EDITOR_TESTS}/**/*.test.ts`], 120_000));
await check('Fuzzing', () => fuzz(FUZZED_INPUTS));
await suite('Packages against go list', () => againstGo('compare-closure.ts', 'std'));
await suite('Uses against go/types', () => againstGo('compare-evidence/compare.ts', '--packages', 'net/http', 'std'));
if (existsSync(inProject(IMAGE_TESTS))) {
	await suite('Images built and run by Docker', imageTests);
}
if (built) {
	await suite('Suite in a real VS Code', () => runBothSuites());
} else {
	summaries.push({ passed: 0, failed: 0, skipped: ['the package, and the suite in VS Code, for want of a build'] });
}

const passed = sum(({ passed }) => passed);
const failed = sum(({ failed }) => failed);
const skipped = summaries.flatMap(({ skipped }) => skipped);
console.log('');
for (const what of skipped) {
	console.log(`Skipped: ${what}`);
}
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

function sum(count: (summary: Summary) => number): number {
	return summaries.reduce((total, summary) => total + count(summary), 0);
}

/** Runs something that passes or fails as a whole: by throwing. Answers whether it passed. */
async function check(name: string, run: () => Promise<unknown>): Promise<boolean> {
	return suite(name, async () => {
		await run();
		return PASSED;
	});
}

/** Runs something that counts its own tests. Where it throws, that is one failure, and the rest is still run. Answers whether it ran. */
async function suite(name: string, run: () => Promise<Summary>): Promise<boolean> {
	try {
		summaries.push(await step(name, run));
		return true;
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		summaries.push(FAILED);
		return false;
	}
}

/**
 * Runs mocha on the files that patterns name. Throws where it breaks; failures of tests are in the summary.
 *
 * @param timeout How long one test may take, in milliseconds.
 */
async function mocha(patterns: readonly string[], timeout: number): Promise<Summary> {
	const directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-test-'));
	const summary = path.join(directory, 'summary.json');
	try {
		const files = (await glob(patterns, { cwd: ROOT, absolute: true })).sort();
		await runShown(process.execPath, [inProject('scripts', 'run.mjs'), 'unit-tests.ts', summary, String(timeout), ...files]);
		if (!existsSync(summary)) {
			throw new Error('mocha ended before its tests did.');
		}
		return JSON.parse(readFileSync(summary, 'utf8'));
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

/** Tries inputs that nobody would write on everything that is read. Throws where one of them is too much; the output shows which. */
async function fuzz(count: number): Promise<void> {
	const words = ['fuzz/fuzz.ts', '--count', String(count), '--jobs', '2'];
	if ((await runShown(process.execPath, [inProject('scripts', 'run.mjs'), ...words])) !== 0) {
		throw new Error('Fuzzing found something.');
	}
}

/** Runs a script that compares what is read of the standard library with what the Go toolchain says of it. */
async function againstGo(script: string, ...rest: string[]): Promise<Summary> {
	if (!findCommand('go')) {
		return { passed: 0, failed: 0, skipped: [`${script}, for want of a Go toolchain: https://go.dev/dl/`] };
	}
	const code = await runShown(process.execPath, [inProject('scripts', 'run.mjs'), script, ...rest]);
	return code === 0 ? PASSED : FAILED;
}

async function imageTests(): Promise<Summary> {
	const docker = findCommand('docker');
	if (!docker || (await run(docker, ['version', '--format', '{{.Server.Version}}'])).code !== 0) {
		const reason = process.env.GO_SCRATCH_NO_ENGINE ?? 'https://docs.docker.com/engine/install/';
		return { passed: 0, failed: 0, skipped: [`images built and run, for want of a Docker engine: ${reason}`] };
	}
	return mocha([`${IMAGE_TESTS}/**/*.test.ts`], 600_000);
}
