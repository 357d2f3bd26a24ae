import Mocha from 'mocha';

/** What a run of mocha came to. */
export interface Summary {
	readonly passed: number;
	readonly failed: number;
	/** The full titles of the tests that were skipped. */
	readonly skipped: readonly string[];
}

export interface ReporterOptions {
	/** Takes the lines instead of standard output, which an extension host does not have. */
	print?(line: string): void;
	/** Told what the run came to when it has ended. */
	finish(summary: Summary): void;
}

/** Prints one line for each top-level suite and then the failures in full, and hands over a {@link Summary}. */
export default class SuiteReporter extends Mocha.reporters.Base {
	constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
		super(runner, options);
		const { print = console.log, finish } = options.reporterOptions as ReporterOptions;
		const failures: Mocha.Test[] = [];
		const skipped: string[] = [];
		let passed = 0;
		let line = { passed: 0, failed: 0, began: Date.now() };

		runner.on('suite', (suite) => {
			if (suite.parent?.root) {
				line = { passed: 0, failed: 0, began: Date.now() };
			}
		});
		runner.on('pass', () => {
			passed++;
			line.passed++;
		});
		runner.on('fail', (test, error) => {
			test.err = error;
			failures.push(test);
			line.failed++;
			print(`  ✗ ${test.fullTitle()}`);
		});
		runner.on('pending', (test) => {
			skipped.push(test.fullTitle());
		});
		runner.on('suite end', (suite) => {
			if (suite.parent?.root) {
				const failed = line.failed ? `, ${line.failed} failed` : '';
				print(`  ${suite.title}: ${line.passed} passed${failed} (${((Date.now() - line.began) / 1000).toFixed(1)} s)`);
			}
		});
		runner.on('end', () => {
			failures.forEach((test, index) => {
				print(`\n  ${index + 1}) ${describeFailure(test)}`);
			});
			finish({ passed, failed: failures.length, skipped });
		});
	}
}

function describeFailure(test: Mocha.Test): string {
	const error = test.err as (Error & { actual?: unknown; expected?: unknown }) | undefined;
	const { actual, expected } = error ?? {};
	const difference = typeof actual === 'string' && typeof expected === 'string' ? Mocha.reporters.Base.generateDiff(actual, expected) : '';
	return [test.titlePath().join(' › '), error?.stack ?? error?.message ?? '', difference].filter(Boolean).join('\n');
}
