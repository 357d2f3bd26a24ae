import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { elfFile } from '../../test/support/elf.ts';
import { inProject } from '../project.ts';
import { costOf, median, milliseconds, report } from './measure.ts';

/** Measures what a program of 15 MB in the build context adds to a check, against what Node takes to start. */

/** Starting Node and reading the program, as a multiple of starting Node. */
const BAR = 1.5;

const ROUNDS = 15;
const BYTES = 15 * 1024 * 1024;

/** Such a program has 25,000 functions, with names of 45 characters. */
const NAMES = 25_000;

export async function measureLinked(): Promise<void> {
	console.log('A linked program of 15 MB');
	const root = mkdtempSync(path.join(tmpdir(), 'go-scratch-bench-'));
	try {
		const names = Array.from({ length: NAMES }, (_, index) => `example.org/app/internal/package${index % 300}.(*Type${index}).Method`);
		const start = elfFile({ goVersion: 'go1.26.0', lines: ['path\texample.org/app'], names: ['runtime.main', 'main.main', ...names] });
		const program = Buffer.alloc(BYTES);
		program.set(start);
		const withProgram = contextWith(root, 'with', program);
		// It concerns Go as well, and has nothing to read.
		const without = contextWith(root, 'without', elfFile({ goVersion: 'go1.26.0', lines: ['path\texample.org/app'] }));
		const words = [inProject('dist/cli.cjs'), 'check', '.'];
		const costs: number[][] = [[], [], []];
		for (let round = 0; round <= ROUNDS; round++) {
			const read = await costOf(process.execPath, words, withProgram, process.env, [0, 1]);
			const plain = await costOf(process.execPath, words, without, process.env, [0, 1]);
			const node = await costOf(process.execPath, ['-e', '0'], root);
			// The first round fills the caches of the system.
			if (round > 0) for (const [index, { processor }] of [read, plain, node].entries()) costs[index]?.push(processor);
		}
		const [read = 0, plain = 0, node = 1] = costs.map(median);
		const detail = `a check takes ${milliseconds(read)} of processor time with it and ${milliseconds(plain)} with a small one, Node ${milliseconds(node)}`;
		report('starting Node and reading it against starting Node', (node + read - plain) / node, BAR, detail);
	} finally {
		rmSync(root, { recursive: true });
	}
}

function contextWith(root: string, name: string, program: string | Uint8Array): string {
	const directory = path.join(root, name);
	mkdirSync(directory);
	writeFileSync(path.join(directory, 'app'), program);
	writeFileSync(path.join(directory, 'Dockerfile'), 'FROM scratch\nCOPY app /app\nUSER 1:1\nENTRYPOINT ["/app"]\n');
	return directory;
}
