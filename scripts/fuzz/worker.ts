import { appendFileSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import fc from 'fast-check';
import { startCoverage } from './coverage.ts';
import { mutate } from './mutate.ts';
import { createRandom, type Random } from './random.ts';
import { type Input, LIMITS, type Outcome, type Target } from './target.ts';

/**
 * The process that tries inputs: `worker.ts CURRENT [--guided]`. `runner.ts` tells it what to do, and ends it where an input does not
 * come to an end. What is being tried stands in the file CURRENT, so that it is known whatever becomes of the process.
 */

export type Order =
	| { readonly kind: 'try'; readonly target: string; readonly input: Input }
	| {
			readonly kind: 'fuzz';
			readonly target: string;
			readonly seed: number;
			readonly count: number;
			/** The file of the inputs that reached new code in an earlier part, each a line of JSON; more are added. */
			readonly corpus: string;
	  };

export type Report =
	| { readonly kind: 'ready' }
	| { readonly kind: 'tried'; readonly outcome: Outcome }
	| { readonly kind: 'found'; readonly input: Input; readonly outcome: Outcome }
	| { readonly kind: 'progress'; readonly done: number }
	| { readonly kind: 'finished'; readonly corpus: number };

/** So many inputs run between two looks at the coverage, which costs as much as several of them. */
const BATCH = 48;
/** One batch of so many is looked at: which of its inputs reach new code is found out by trying them again. */
const LOOKED_AT = 10;
/** So many are generated at a time. */
const GENERATED = 32;
const MEGABYTE = 1024 * 1024;

const [, , current = ''] = process.argv;
const file = openSync(current, 'r+');
let tried = 0;
/** What was thrown where nobody waited for it. */
const strays: unknown[] = [];

process.on('uncaughtException', (error) => strays.push(error));
process.on('unhandledRejection', (error) => strays.push(error));
process.on('disconnect', () => process.exit());

// V8 counts only what is compiled from then on.
const coverage = process.argv.includes('--guided') ? startCoverage() : undefined;
const { targets } = await import('./targets/index.ts');
process.on('message', (order: Order) => void follow(order));
tell({ kind: 'ready' });

function tell(report: Report): void {
	process.send?.(report);
}

async function follow(order: Order): Promise<void> {
	const target = targets.find(({ name }) => name === order.target) as Target;
	if (order.kind === 'try') {
		tell({ kind: 'tried', outcome: await attempt(target, order.input) });
	} else {
		tell({ kind: 'finished', corpus: await fuzz(target, order.seed, order.count, order.corpus) });
	}
}

/** Answers how many inputs are known to reach something of their own. */
async function fuzz(target: Target, seed: number, count: number, corpusFile: string): Promise<number> {
	const random = createRandom(seed);
	const known = readCorpus(corpusFile);
	let seeds = [...target.seeds()];
	const corpus = [...seeds, ...known];
	if (known.length > 0) {
		seeds = [];
	}
	const generate = generator(target, random);
	let looks = 0;
	for (let done = 0; done < count; ) {
		const length = Math.min(BATCH, count - done);
		if (looks % LOOKED_AT === 0) {
			coverage?.isNew(false);
		}
		const batch = [...seeds.splice(0, length)];
		while (batch.length < length) {
			batch.push(generate() ?? mutate(target, pickOf(corpus, random), random.pick(corpus), random));
		}
		for (const input of batch) {
			const outcome = await attempt(target, input);
			if (outcome.kind !== 'good') {
				tell({ kind: 'found', input, outcome });
			}
		}
		done += length;
		if (looks++ % LOOKED_AT === 0) {
			for (const input of await reachingNewCode(target, batch)) {
				corpus.push(input);
				appendFileSync(corpusFile, `${JSON.stringify(input)}\n`);
			}
		}
		tell({ kind: 'progress', done: length });
	}
	return corpus.length;
}

/** Which of the inputs that just ran reached code that none before did. */
async function reachingNewCode(target: Target, ran: readonly Input[]): Promise<readonly Input[]> {
	if (!coverage?.isNew(ran.length === 1)) {
		return [];
	}
	if (ran.length === 1) {
		return ran;
	}
	const found: Input[] = [];
	const middle = Math.ceil(ran.length / 2);
	for (const half of [ran.slice(0, middle), ran.slice(middle)]) {
		for (const input of half) {
			await attempt(target, input);
		}
		found.push(...(await reachingNewCode(target, half)));
	}
	return found;
}

/** Every third input is as its grammar has it, where the target has one. */
function generator({ generated }: Target, random: Random): () => Input | undefined {
	let ready: Input[] = [];
	return () => {
		if (generated === undefined || !random.oneIn(3)) {
			return undefined;
		}
		if (ready.length === 0) {
			ready = fc.sample(generated, { seed: random.integer(2 ** 31), numRuns: GENERATED });
		}
		return ready.pop();
	};
}

/** The later ones, which found something, more often. */
function pickOf(corpus: readonly Input[], random: Random): Input {
	const from = random.oneIn(2) ? 0 : Math.floor(corpus.length / 2);
	return corpus[from + random.integer(corpus.length - from)] as Input;
}

function readCorpus(path: string): Input[] {
	if (!existsSync(path)) {
		return [];
	}
	return readFileSync(path, 'utf8')
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line));
}

/** Tries one input. What takes too long is tried again, because the first time may be that of the compiler. */
async function attempt(target: Target, input: Input): Promise<Outcome> {
	const text = Buffer.from(JSON.stringify(input));
	writeSync(file, Buffer.concat([Buffer.from(`${++tried} ${text.length}\n`.padStart(40)), text]), 0, undefined, 0);
	const outcome = await once(target, input);
	return outcome.kind === 'slow' ? once(target, input) : outcome;
}

async function once(target: Target, input: Input): Promise<Outcome> {
	strays.length = 0;
	const memory = process.memoryUsage.rss();
	const began = process.cpuUsage();
	let thrown: unknown;
	let failed = false;
	try {
		await target.check(input);
	} catch (error) {
		thrown = error;
		failed = true;
	}
	const { user, system } = process.cpuUsage(began);
	const spent = (user + system) / 1000;
	const grown = (process.memoryUsage.rss() - memory) / MEGABYTE;
	if (failed || strays.length > 0) {
		return { kind: 'wrong', message: describe(failed ? thrown : strays[0]) };
	}
	if (spent > LIMITS.processor) {
		return { kind: 'slow', message: `It takes ${spent.toFixed(0)} ms of processor time.` };
	}
	if (grown > LIMITS.memory) {
		return { kind: 'memory', message: `It takes ${grown.toFixed(0)} MB.` };
	}
	return { kind: 'good' };
}

function describe(error: unknown): string {
	if (!(error instanceof Error)) {
		return String(error);
	}
	const cause = error.cause === undefined ? '' : `\nBecause: ${describe(error.cause)}`;
	return `${error.stack ?? error.message}${cause}`;
}
