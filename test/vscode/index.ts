import Mocha from 'mocha';
import SuiteReporter from '../../scripts/mocha-reporter.ts';

/** Runs the suite. VS Code calls it in its extension host, and takes a rejection for failure. */
export async function run(): Promise<void> {
	const mocha = new Mocha({
		ui: 'bdd',
		timeout: 30_000,
		reporter: SuiteReporter,
		reporterOptions: { log: process.env.GO_SCRATCH_SUITE_LOG, summary: process.env.GO_SCRATCH_SUITE_SUMMARY },
	});
	if (process.env.GO_SCRATCH_SUITE_ONLY) {
		mocha.grep(process.env.GO_SCRATCH_SUITE_ONLY);
	}
	mocha.suite.emit('pre-require', globalThis, 'suite', mocha);
	await import('./findings.test.ts');
	await import('./fixes.test.ts');
	await import('./generate.test.ts');
	await import('./reading.test.ts');
	await import('./snippets.test.ts');
	const failures = await new Promise<number>((resolve) => {
		mocha.run(resolve);
	});
	if (failures > 0) {
		throw new Error(`${failures} failed`);
	}
}
