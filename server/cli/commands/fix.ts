import { defineCommand } from '../command.ts';
import { type FixRequest, fixDockerfiles } from '../fix.ts';
import { COLOR, JUDGING, PATHS, readJudging } from '../judging.ts';

export const fix = defineCommand({
	name: 'fix',
	operands: '[PATH…]',
	completes: 'files',
	summary: 'Apply every safe fix.',
	description: 'applies every safe fix, and reports the findings that remain.',
	before: PATHS,
	options: { diff: { help: 'Print a patch for git apply instead of writing files.' }, ...JUDGING },
	after: `With --stdin, the fixed text goes to standard output, and remaining findings to standard error.
${COLOR}
Exit codes: 0: no findings remain (of the severity of --fail-on; with --diff: no changes), 1: some do, 2: usage error or failure.`,
	read: (given): FixRequest => ({ ...readJudging(given), diff: given.has('diff') }),
	run: (request, { sessionFor, print }) => fixDockerfiles(request, sessionFor(request), print),
});
