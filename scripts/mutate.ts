import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { glob } from 'tinyglobby';
import { createRandom, seedOf } from './fuzz/random.ts';
import { npm, runShown } from './processes.ts';
import { CACHE, inProject, ROOT } from './project.ts';

/**
 * Mutation testing of the core: `npm run mutate [-- --count N --seed N --only TEXT --jobs N --report FILE]`. Stryker changes the core in about
 * `count` places, drawn at random, runs the tests that reach each change, and names the changes that no test noticed.
 *
 * Stryker is installed in `.cache` when it is first used: no other command needs its 120 packages.
 */

const STRYKER = '9.6.1';

/** What is changed: the folders in which a fault is a false finding or a broken Dockerfile. */
const CORE = ['dockerfile', 'image', 'knowledge', 'needs', 'rules', 'fixes'].map((folder) => `server/${folder}/**/*.ts`);

/** The tests that are run. Most properties are left out: they reach everything, and one run of them takes as long as all others. */
const TESTS = [
	'test/rules.test.ts',
	'test/rule-reports.test.ts',
	'test/fix-all.test.ts',
	'test/generate.test.ts',
	'test/scripts.test.ts',
	'test/{image,dockerfile,fixes,knowledge,needs,lint}/**/*.test.ts',
	'!test/dockerfile/properties.test.ts',
	'test/fuzz/*.test.ts',
	'test/properties/generated-dockerfiles.test.ts',
];

/** The lines of a sample that stand together: short enough to spread, long enough for changes that take several lines. */
const WINDOW = 6;

/** The changes that Stryker finds in a line of the core, on average. */
const CHANGES_PER_LINE = 1.1;

interface Mutant {
	readonly status: string;
	readonly mutatorName: string;
	readonly replacement?: string;
	readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

const { values } = parseArgs({
	options: {
		count: { type: 'string', default: '1000' },
		seed: { type: 'string', default: '1' },
		only: { type: 'string', default: '' },
		jobs: { type: 'string', default: '2' },
		report: { type: 'string', default: inProject('.cache', 'mutation.json') },
	},
});

const stryker = await installStryker();
const files = (await glob(CORE, { cwd: ROOT })).sort().filter((file) => file.includes(values.only));
const specifications = await glob(TESTS, { cwd: ROOT });
const configuration = path.join(CACHE, 'stryker.config.json');
writeFileSync(
	configuration,
	JSON.stringify({
		testRunner: 'mocha',
		plugins: ['@stryker-mutator/mocha-runner'],
		mochaOptions: { spec: specifications.sort(), config: '.mocharc.json' },
		testRunnerNodeArgs: ['--import', 'tsx'],
		coverageAnalysis: 'perTest',
		// A change of what runs when a module is loaded would need a process of its own for each.
		ignoreStatic: true,
		concurrency: Number(values.jobs),
		timeoutMS: 30_000,
		// Stryker reads it with the JavaScript API of TypeScript, which TypeScript 7 does not have.
		tsconfigFile: 'none',
		disableTypeChecks: false,
		ignorePatterns: ['.cache', 'dist', 'docs', 'media'],
		tempDirName: '.cache/stryker',
		reporters: ['json', 'progress-append-only'],
		jsonReporter: { fileName: values.report },
		mutate: sample(files, Number(values.count), Number(values.seed)),
	}),
);
rmSync(values.report, { force: true });
await runShown(process.execPath, [stryker, 'run', configuration]);
if (existsSync(values.report)) {
	report();
} else {
	process.exitCode = 1;
}

/** Installs Stryker where it is not there yet, and answers the path of its script. */
async function installStryker(): Promise<string> {
	const directory = path.join(CACHE, `stryker-${STRYKER}`);
	const script = path.join(directory, 'node_modules/@stryker-mutator/core/bin/stryker.js');
	if (!existsSync(script)) {
		mkdirSync(directory, { recursive: true });
		const packages = ['core', 'mocha-runner'].map((name) => `@stryker-mutator/${name}@${STRYKER}`);
		await npm(['install', '--no-save', '--ignore-scripts', '--prefix', directory, ...packages, 'mocha@11'], directory);
	}
	return script;
}

/**
 * Windows of lines, drawn at random, that hold about `count` changes, as Stryker names them: `FILE:FIRST-LAST`. Each has a draw of its own,
 * so that the rest of the sample stays when a file grows.
 */
function sample(from: readonly string[], count: number, seed: number): string[] {
	const windows = from.flatMap((file) => {
		const lines = readFileSync(inProject(file), 'utf8').split('\n').length;
		return Array.from({ length: Math.ceil(lines / WINDOW) }, (_, index) => `${file}:${index * WINDOW + 1}-${(index + 1) * WINDOW}`);
	});
	const wanted = Math.ceil(count / (WINDOW * CHANGES_PER_LINE));
	return windows
		.map((window) => ({ window, order: createRandom(seedOf(seed, window)).integer(2 ** 32) }))
		.sort((a, b) => a.order - b.order)
		.slice(0, wanted)
		.map(({ window }) => window);
}

/** Prints what survived, and the score: the share of the changes that a test noticed. */
function report(): void {
	const { files: results } = JSON.parse(readFileSync(values.report, 'utf8')) as { files: Record<string, { mutants: Mutant[] }> };
	const counts = new Map<string, number>();
	for (const [file, { mutants }] of Object.entries(results).sort(([a], [b]) => (a < b ? -1 : 1))) {
		for (const { status, mutatorName, replacement = '', location } of mutants) {
			counts.set(status, (counts.get(status) ?? 0) + 1);
			if (status === 'Survived' || status === 'NoCoverage') {
				const place = `${file}:${location.start.line}:${location.start.column}`;
				console.log(`${status} ${place} ${mutatorName} → ${replacement.replace(/\s+/g, ' ').slice(0, 100)}`);
			}
		}
	}
	const count = (...statuses: string[]) => statuses.reduce((sum, status) => sum + (counts.get(status) ?? 0), 0);
	const noticed = count('Killed', 'Timeout');
	const all = noticed + count('Survived', 'NoCoverage');
	console.log(`${all} changes: ${noticed} noticed, ${all - noticed} not. Score: ${((100 * noticed) / all).toFixed(1)} %`);
}
