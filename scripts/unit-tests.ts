import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import SuiteReporter, { type ReporterOptions } from './mocha-reporter.ts';
import { inProject } from './project.ts';

/** Runs test files with the project's reporter, as a process of its own: `unit-tests.ts SUMMARY TIMEOUT FILE…`. */

const [summary = '', timeout, ...files] = process.argv.slice(2);
const reporterOptions: ReporterOptions = { finish: (result) => writeFileSync(summary, JSON.stringify(result)) };
const mocha = new Mocha({ timeout: Number(timeout), reporter: SuiteReporter, reporterOptions });
for (const file of [inProject('test', 'support', 'seed.ts'), ...files]) {
	mocha.addFile(file);
}
await mocha.loadFilesAsync();
mocha.run((failures) => {
	// What a test left open must not keep the process.
	process.exit(failures > 0 ? 1 : 0);
});
