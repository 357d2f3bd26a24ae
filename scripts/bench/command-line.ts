import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { executablePath, ownMachine } from '../executable.ts';
import { npm } from '../processes.ts';
import { CACHE, inProject } from '../project.ts';
import { articleDockerfile, dockerfileOf, GO_FILES } from './dockerfiles.ts';
import { type Cost, costOf, median, milliseconds, report } from './measure.ts';

/** What a check of one Dockerfile may take, as a multiple of what Node takes to start: with Node's compile cache, and where it has none. */
const BAR = 'enableCompileCache' in nodeModule ? 1.6 : 2.2;

const ROUNDS = 15;
const DOCKERFILES = 1000;

/** Other command lines that check Dockerfiles with Node, with the file that is run. None of them reads a Go program. */
const PEERS = [
	{ name: 'dockerfile-utils', version: '0.16.3', file: 'bin/dockerfile-utils', words: ['lint', 'Dockerfile'] },
	{ name: 'dockerfilelint', version: '1.8.0', file: 'bin/dockerfilelint', words: ['Dockerfile'] },
];

/** A program, and the words that make it check one Dockerfile. */
interface Contender {
	readonly name: string;
	readonly command: string;
	readonly words: readonly string[];
	readonly environment?: NodeJS.ProcessEnv;
	readonly bar?: number;
}

/** Measures `go-scratch check`: of one Dockerfile against starting Node and against others, and of a tree with a thousand. */
export async function measureCommandLine(): Promise<void> {
	const command = inProject('dist/cli.cjs');
	const root = mkdtempSync(path.join(tmpdir(), 'go-scratch-bench-'));
	const environment = { ...process.env, GO_SCRATCH_CACHE: path.join(root, 'cache') };
	console.log('go-scratch check');
	try {
		const single = path.join(root, 'single');
		writeProgram(single, dockerfileOf(60));
		const words = [command, 'check', '.'];
		await compare(single, [
			{ name: 'node -e 0', command: process.execPath, words: ['-e', '0'] },
			{ name: 'go-scratch', command: process.execPath, words, environment, bar: BAR },
			{ name: 'go-scratch with nothing kept', command: process.execPath, words, environment: { ...environment, GO_SCRATCH_CACHE: 'off' } },
			...executable(environment),
			...(await installedPeers()),
			...hadolint(),
		]);
		const tree = path.join(root, 'tree');
		for (let count = 0; count < DOCKERFILES; count++) {
			const text = count % 2 === 0 ? dockerfileOf(20 + (count % 60)) : articleDockerfile();
			writeProgram(path.join(tree, `group-${count % 20}`, `program-${count}`), text);
		}
		// It ends with 1 where it has something to say.
		const all = await costOf(process.execPath, words, tree, environment, [0, 1]);
		const perSecond = (DOCKERFILES / all.wall) * 1000;
		console.log(
			`  ${DOCKERFILES} Dockerfiles: ${perSecond.toFixed(0)} a second  ${milliseconds(all.processor)} of processor time, ${milliseconds(all.wall)} on the wall`,
		);
		await measureSurvey(path.join(root, 'fleet'), command, environment);
	} finally {
		rmSync(root, { recursive: true });
	}
}

const REPOSITORIES = 300;

/** What a survey may take of memory, in megabytes, and at most so many times what a third of the repositories take. */
const MOST_MEMORY = 300;
const MOST_GROWTH = 1.5;

async function measureSurvey(fleet: string, command: string, environment: NodeJS.ProcessEnv): Promise<void> {
	for (let count = 0; count < REPOSITORIES; count++) {
		const repository = path.join(fleet, `third-${count % 3}`, `program-${count}`);
		writeProgram(repository, count % 2 === 0 ? dockerfileOf(20 + (count % 60)) : articleDockerfile());
		mkdirSync(path.join(repository, '.git'));
	}
	const third = await surveyOf(path.join(fleet, 'third-0'), command, environment);
	const all = await surveyOf(fleet, command, environment);
	const detail = `${milliseconds(all.processor)} of processor time, ${milliseconds(all.wall)} on the wall`;
	report(`survey of ${REPOSITORIES} repositories, memory`, all.megabytes, MOST_MEMORY, detail, ' MB');
	report('the same against a third of them', all.megabytes / third.megabytes, MOST_GROWTH, `${third.megabytes.toFixed(1)} MB`);
}

/** What a survey takes; its memory is the most that was resident at once. */
async function surveyOf(directory: string, command: string, environment: NodeJS.ProcessEnv): Promise<Cost & { megabytes: number }> {
	const told = path.join(directory, '.memory');
	const teller = path.join(directory, '.tell-memory.cjs');
	const write = `require('fs').writeFileSync(${JSON.stringify(told)}, String(process.resourceUsage().maxRSS))`;
	writeFileSync(teller, `process.on('exit', () => ${write});\n`);
	const cost = await costOf(process.execPath, ['--require', teller, command, 'survey', '.'], directory, environment);
	return { ...cost, megabytes: Number(readFileSync(told, 'utf8')) / 1024 };
}

/** Runs all of them in turn, again and again, so that what else the machine does falls on all alike; the first is what the others are measured by. */
async function compare(directory: string, contenders: readonly [Contender, ...Contender[]]): Promise<void> {
	const costs = contenders.map((): Cost[] => []);
	for (let round = 0; round <= ROUNDS; round++) {
		for (const [index, { command, words, environment = process.env }] of contenders.entries()) {
			const cost = await costOf(command, words, directory, environment, [0, 1]);
			// The first round fills the caches, those of the system among them.
			if (round > 0) costs[index]?.push(cost);
		}
	}
	const medians = costs.map((each) => ({
		processor: median(each.map(({ processor }) => processor)),
		wall: median(each.map(({ wall }) => wall)),
	}));
	const [base] = medians;
	for (const [index, { name, bar }] of contenders.entries()) {
		const [own, first] = [medians[index], base];
		if (own === undefined || first === undefined || index === 0) continue;
		const detail = `${milliseconds(own.processor)} of processor time against ${milliseconds(first.processor)}; ${milliseconds(own.wall)} on the wall against ${milliseconds(first.wall)}`;
		report(`one Dockerfile, ${name} against \`${contenders[0].name}\``, own.processor / first.processor, bar, detail);
	}
}

/** Installs the peers that are not there yet; those that cannot be had are named and left out. */
async function installedPeers(): Promise<Contender[]> {
	const found: Contender[] = [];
	for (const { name, version, file, words } of PEERS) {
		const directory = path.join(CACHE, `${name}-${version}`);
		const program = path.join(directory, 'node_modules', name, file);
		try {
			if (!existsSync(program)) {
				mkdirSync(directory, { recursive: true });
				await npm(['install', '--no-save', '--ignore-scripts', '--prefix', directory, `${name}@${version}`], directory);
			}
			found.push({ name: `${name} ${version}`, command: process.execPath, words: [program, ...words] });
		} catch {
			console.log(`  Skipped: ${name} ${version}, which could not be installed. Try again with access to npm’s registry.`);
		}
	}
	return found;
}

/** The executable without Node, if it was made: nothing that was compiled is kept for it. */
function executable(environment: NodeJS.ProcessEnv): Contender[] {
	const machine = ownMachine();
	const command = machine === undefined ? '' : executablePath(machine);
	if (!existsSync(command)) {
		console.log('  Skipped: the executable, which `npm run package:executable` makes.');
		return [];
	}
	const name = `the executable of ${(statSync(command).size / 1e6).toFixed(0)} MB`;
	return [{ name, command, words: ['check', '.'], environment }];
}

/** hadolint is a program of its own, measured where it is on PATH. */
function hadolint(): Contender[] {
	if (spawnSync('hadolint', ['--version']).status === 0) return [{ name: 'hadolint', command: 'hadolint', words: ['Dockerfile'] }];
	console.log('  Skipped: hadolint, which is not on PATH.');
	return [];
}

function writeProgram(directory: string, dockerfile: string): void {
	mkdirSync(directory, { recursive: true });
	for (const [name, text] of Object.entries({ ...GO_FILES, Dockerfile: dockerfile })) writeFileSync(path.join(directory, name), text);
}
