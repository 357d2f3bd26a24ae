import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CACHE, inProject } from '../project.ts';
import { minimize } from './minimize.ts';
import { seedOf } from './random.ts';
import { createRunner, type Runner } from './runner.ts';
import { type Input, type Outcome, signatureOf, type Target } from './target.ts';
import { targets } from './targets/index.ts';

const USAGE = `npm run fuzz -- [OPTIONS]

Tries inputs that nobody would write on everything that go-scratch reads, and fails where it throws, takes more than a second of
processor time or 512 MB for one of them, or writes a wrong fix.

  --target NAME   one of: ${targets.map(({ name }) => name).join(', ')}; may be given more than once, and is all of them otherwise
  --count N       how many inputs, of all targets together (default 30000)
  --seed N        another seed gives other inputs (default 1)
  --jobs N        so many processes (default 1)
  --unguided      without counting which code runs, which is what inputs are kept for otherwise
  --input FILE    tries the one input that an earlier run wrote

The inputs that a run starts from are the fixtures of the tests and what grammars generate (scripts/fuzz/targets). They are changed at
random (mutate.ts), and what reaches new code is changed further (coverage.ts). What is found is made smaller (minimize.ts), printed, and
written below .cache/fuzz. Each target tries its inputs in a process of its own (worker.ts), which is ended where one input does not end.
`;

/** A target's inputs are tried in parts of so many, each in a fresh process: what one leaves behind does not add up. */
const PART = 10_000;
/** In milliseconds. */
const BETWEEN_LINES = 20_000;
/** Another input with the same outcome is counted, and not looked at. */
const MAX_FINDINGS = 40;

interface Finding {
	readonly target: string;
	readonly input: Input;
	readonly outcome: Outcome;
	readonly file: string;
	count: number;
}

const { values: options } = parseArgs({
	options: {
		target: { type: 'string', multiple: true, default: [] },
		count: { type: 'string', default: '30000' },
		seed: { type: 'string', default: '1' },
		jobs: { type: 'string', default: '1' },
		unguided: { type: 'boolean', default: false },
		input: { type: 'string' },
		help: { type: 'boolean', default: false },
	},
});

if (options.help) {
	console.log(USAGE);
} else if (options.input !== undefined) {
	await tryAgain(options.input);
} else {
	await fuzz();
}

async function fuzz(): Promise<void> {
	const chosen = targets.filter(({ name }) => options.target.length === 0 || options.target.includes(name));
	if (chosen.length < new Set(options.target).size || chosen.length === 0) {
		throw new Error(`There is no such target.\n\n${USAGE}`);
	}
	const directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-fuzz-'));
	const findings = new Map<string, Finding>();
	const began = Date.now();
	let done = 0;
	const tell = () =>
		console.log(
			`${done} inputs in ${Math.round((Date.now() - began) / 1000)} s, ${findings.size} ${findings.size === 1 ? 'finding' : 'findings'}`,
		);
	const timer = setInterval(tell, BETWEEN_LINES);
	try {
		const parts = partsOf(chosen, Number(options.count));
		await Promise.all(
			Array.from({ length: Number(options.jobs) }, async (_, job) => {
				for (let part = parts.take(); part !== undefined; part = parts.take()) {
					const { target, seed, count } = part;
					const runner = createRunner(directory, `job-${job}`, !options.unguided);
					const found: { input: Input; outcome: Outcome }[] = [];
					let left = count;
					// A process that does not survive an input leaves the rest of the part to the next one.
					for (let attempt = 0, over = false; !over && left > 0 && attempt < MAX_FINDINGS; attempt++) {
						const order = {
							kind: 'fuzz',
							target: target.name,
							seed: seed + attempt,
							count: left,
							corpus: path.join(directory, target.name),
						} as const;
						await runner.follow(order, (report) => {
							if (report.kind === 'progress') {
								left -= report.done;
								done += report.done;
							} else if (report.kind === 'found') {
								found.push(report);
							} else if (report.kind === 'finished') {
								over = true;
							}
						});
					}
					for (const { input, outcome } of found) {
						await take(target, input, outcome, findings, runner);
					}
					runner.end();
					parts.giveBack(target);
				}
			}),
		);
	} finally {
		clearInterval(timer);
		rmSync(directory, { recursive: true, force: true });
	}
	tell();
	process.exitCode = findings.size > 0 ? 1 : 0;
}

/** The parts of a run. Those of one target are tried one after the other, because each starts from what the ones before have found. */
function partsOf(chosen: readonly Target[], count: number) {
	const weight = chosen.reduce((sum, target) => sum + target.weight, 0);
	const left = new Map(chosen.map((target) => [target, Math.ceil((count * target.weight) / weight)]));
	const parts = new Map<Target, number>();
	let waiting = [...chosen];
	return {
		take() {
			const target = waiting.find((each) => (left.get(each) ?? 0) > 0);
			if (target === undefined) {
				return undefined;
			}
			waiting = waiting.filter((each) => each !== target);
			const size = Math.min(PART, left.get(target) ?? 0);
			left.set(target, (left.get(target) ?? 0) - size);
			const number = parts.get(target) ?? 0;
			parts.set(target, number + 1);
			return { target, seed: seedOf(Number(options.seed), `${target.name} ${number}`), count: size };
		},
		giveBack(target: Target) {
			waiting.push(target);
		},
	};
}

/** Counts a finding that is known, and makes a new one smaller, shows it, and keeps it. */
async function take(target: Target, input: Input, outcome: Outcome, findings: Map<string, Finding>, runner: Runner): Promise<void> {
	const signature = signatureOf(target.name, outcome);
	const known = findings.get(signature);
	if (known !== undefined || findings.size >= MAX_FINDINGS) {
		if (known !== undefined) {
			known.count++;
		}
		return;
	}
	const quick = outcome.kind === 'wrong';
	const smallest = await minimize(
		input,
		async (candidate) => signatureOf(target.name, await runner.try(target.name, candidate)) === signature,
		{ ...(quick ? {} : { maxTries: 40 }), lines: target.lines },
	);
	const last = await runner.try(target.name, smallest);
	// What took long once, and does not by itself, was the machine's doing.
	if (last.kind === 'good' && outcome.kind === 'slow') {
		console.log(`${target.name}: an input took long once, and not again.`);
		return;
	}
	const directory = path.join(CACHE, 'fuzz');
	mkdirSync(directory, { recursive: true });
	const file = path.join(directory, `${target.name}-${createHash('sha256').update(signature).digest('hex').slice(0, 8)}.json`);
	writeFileSync(file, `${JSON.stringify({ target: target.name, input: smallest }, undefined, '\t')}\n`);
	findings.set(signature, { target: target.name, input: smallest, outcome, file, count: 1 });
	show(target.name, smallest, last.kind === 'good' ? outcome : last);
	if (last.kind === 'good') {
		console.log('It did not happen again with this input alone.');
	}
	console.log(`  npm run fuzz -- --input ${path.relative(inProject(), file)}\n`);
}

function show(target: string, input: Input, outcome: Outcome): void {
	console.log(`\n✗ ${target}: ${outcome.kind}`);
	console.log(outcome.kind === 'good' ? '' : outcome.message.replace(/^/gm, '    '));
	for (const [name, text] of Object.entries(input)) {
		const shown = JSON.stringify(text);
		console.log(`  ${name}: ${shown.length > 2000 ? `${shown.slice(0, 2000)}… (${text.length} characters)` : shown}`);
	}
}

async function tryAgain(file: string): Promise<void> {
	const { target, input }: { target: string; input: Input } = JSON.parse(readFileSync(file, 'utf8'));
	const directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-fuzz-'));
	const runner = createRunner(directory, 'job', false);
	try {
		const outcome = await runner.try(target, input);
		if (outcome.kind === 'good') {
			console.log('Nothing is wrong with this input.');
		} else {
			show(target, input, outcome);
			process.exitCode = 1;
		}
	} finally {
		runner.end();
		rmSync(directory, { recursive: true, force: true });
	}
}
