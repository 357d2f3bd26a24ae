import { type ChildProcess, fork } from 'node:child_process';
import { openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inProject } from '../project.ts';
import { type Input, LIMITS, type Outcome } from './target.ts';
import type { Order, Report } from './worker.ts';

/** How often is looked whether an input takes too long, in milliseconds. */
const LOOK = 500;

/** Has another process do what an order says, and notices where that process does not survive it. */
export interface Runner {
	/** Calls back for each report until the order is done. Where the process ends before, the input that it had is `found`. */
	follow(order: Order, report: (report: Report) => void): Promise<void>;
	/** What comes of one input. */
	try(target: string, input: Input): Promise<Outcome>;
	end(): void;
}

/**
 * @param directory Where it keeps a file.
 * @param guided Whether the process counts which code runs.
 */
export function createRunner(directory: string, name: string, guided: boolean): Runner {
	const current = path.join(directory, `${name}.current`);
	let child: ChildProcess | undefined;

	async function start(): Promise<ChildProcess> {
		writeFileSync(current, '');
		const words = ['fuzz/worker.ts', current, ...(guided ? ['--guided'] : [])];
		const started = fork(inProject('scripts', 'run.mjs'), words, {
			execArgv: [`--max-old-space-size=${LIMITS.memory}`, '--no-warnings'],
			stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
		});
		await new Promise<void>((resolve, reject) => {
			started.once('message', () => resolve());
			started.once('exit', (code) => reject(new Error(`The process that tries inputs does not start: it ends with ${code}.`)));
		});
		return started;
	}

	async function follow(order: Order, report: (report: Report) => void): Promise<void> {
		child ??= await start();
		const running = child;
		await new Promise<void>((resolve) => {
			let hangs = false;
			const stopWatching = watch(current, () => {
				hangs = true;
				running.kill('SIGKILL');
			});
			const done = () => {
				stopWatching();
				running.removeAllListeners('message');
				running.removeAllListeners('exit');
				resolve();
			};
			running.on('message', (said: Report) => {
				report(said);
				if (said.kind === 'finished' || said.kind === 'tried') {
					done();
				}
			});
			running.on('exit', (code, signal) => {
				child = undefined;
				report({ kind: 'found', input: read(current).input, outcome: outcomeOf(hangs, code, signal) });
				done();
			});
			running.send(order);
		});
	}

	return {
		follow,
		async try(target, input) {
			let outcome: Outcome = { kind: 'good' };
			await follow({ kind: 'try', target, input }, (report) => {
				if (report.kind === 'tried' || report.kind === 'found') {
					outcome = report.outcome;
				}
			});
			return outcome;
		},
		end() {
			child?.removeAllListeners('exit');
			child?.kill('SIGKILL');
			rmSync(current, { force: true });
		},
	};
}

function outcomeOf(hangs: boolean, code: number | null, signal: string | null): Outcome {
	if (hangs) {
		return { kind: 'slow', message: `It does not come to an end in ${LIMITS.clock / 1000} s.` };
	}
	// What V8 does where its heap is full.
	if (signal === 'SIGABRT' || code === 134) {
		return { kind: 'memory', message: `It takes more than ${LIMITS.memory} MB of heap.` };
	}
	return { kind: 'exit', message: `The process ends with ${signal ?? code}.` };
}

/** Calls back once where the same input is tried for too long. */
function watch(current: string, tooLong: () => void): () => void {
	const file = openSync(current, 'r');
	const head = Buffer.alloc(40);
	let last = '';
	let since = Date.now();
	const timer = setInterval(() => {
		readSync(file, head, 0, head.length, 0);
		const now = head.toString();
		if (now !== last) {
			last = now;
			since = Date.now();
		} else if (Date.now() - since > LIMITS.clock) {
			clearInterval(timer);
			tooLong();
		}
	}, LOOK);
	return () => clearInterval(timer);
}

/** What was being tried. */
function read(current: string): { input: Input } {
	const content = readFileSync(current);
	const [, length] = content.subarray(0, 40).toString().trim().split(' ');
	try {
		return { input: JSON.parse(content.subarray(40, 40 + Number(length)).toString()) };
	} catch {
		return { input: {} };
	}
}
