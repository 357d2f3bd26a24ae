import { SUITE_LINE, SUITE_SUMMARY } from '../../../scripts/suite-output.ts';
import { runSuite } from '../suite.ts';

/** The tests that are run, written in when the suite is bundled. */
declare const GO_SCRATCH_SUITE_ONLY: string;

/** Runs the suite in the extension host of a browser. VS Code calls it, and takes a rejection for failure. */
export function run(): Promise<void> {
	return runSuite(
		{
			// A web worker has no files and no environment; the window that it belongs to hears what it logs.
			print: (line) => console.log(SUITE_LINE + line),
			finish: (result) => console.log(SUITE_SUMMARY + JSON.stringify(result)),
		},
		GO_SCRATCH_SUITE_ONLY,
		() => import('./host.test.ts'),
	);
}
