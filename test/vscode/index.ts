import { appendFileSync, writeFileSync } from 'node:fs';
import { runSuite } from './suite.ts';

/** Runs the suite in an extension host of Node. VS Code calls it, and takes a rejection for failure. */
export function run(): Promise<void> {
	const { GO_SCRATCH_SUITE_LOG: log = '', GO_SCRATCH_SUITE_SUMMARY: summary = '', GO_SCRATCH_SUITE_ONLY: only = '' } = process.env;
	return runSuite(
		{
			print: (line) => appendFileSync(log, `${line}\n`),
			finish: (result) => writeFileSync(summary, JSON.stringify(result)),
		},
		only,
		async () => {
			await import('./neighbours.test.ts');
			await import('./crash.test.ts');
		},
	);
}
