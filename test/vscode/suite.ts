import Mocha from 'mocha';
import SuiteReporter, { type ReporterOptions } from '../../scripts/mocha-reporter.ts';

/**
 * Runs the suite in whichever extension host, and throws where a test fails.
 *
 * @param only Part of the titles of the tests that are run; where it is empty all of them are.
 * @param more Declares tests that only this extension host runs.
 */
export async function runSuite(reporterOptions: ReporterOptions, only: string, more?: () => Promise<unknown>): Promise<void> {
	const mocha = new Mocha({ ui: 'bdd', timeout: 90_000, reporter: SuiteReporter, reporterOptions });
	if (only) {
		mocha.grep(only);
	}
	mocha.suite.emit('pre-require', globalThis, 'suite', mocha);
	await import('./offer.test.ts');
	await import('./asking.test.ts');
	await import('./commands.test.ts');
	await import('./findings.test.ts');
	await import('./fixes.test.ts');
	await import('./generate.test.ts');
	await import('./hostile.test.ts');
	await import('./image.test.ts');
	await import('./reading.test.ts');
	await import('./settings.test.ts');
	await import('./snippets.test.ts');
	await import('./status.test.ts');
	await import('./virtual.test.ts');
	await import('./walkthrough.test.ts');
	await more?.();
	const failures = await new Promise<number>((resolve) => {
		mocha.run(resolve);
	});
	if (failures > 0) {
		throw new Error(`${failures} failed`);
	}
}
