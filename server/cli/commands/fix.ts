import { defineCommand } from '../command.ts';
import { type FixRequest, fixDockerfiles } from '../fix.ts';
import { COLOR, JUDGING, PATHS, readJudging } from '../judging.ts';

const DESTINATIONS = ['scratch', 'distroless'] as const;

export const fix = defineCommand({
	name: 'fix',
	operands: '[PATH…]',
	completes: 'files',
	summary: 'Apply every safe fix.',
	description: 'applies every safe fix, and reports the findings that remain.',
	before: PATHS,
	options: {
		diff: { help: 'Print a patch for git apply instead of writing files.' },
		'move-to': {
			value: 'IMAGE',
			choices: DESTINATIONS,
			help: 'Instead of fixes: move the final stage to scratch or distroless, copy what the program needs, and say what is lost.',
		},
		target: { value: 'NAME', help: 'With --move-to: the stage to move, by name or number (default: the last target).' },
		...JUDGING,
	},
	after: `With --stdin, the fixed text goes to standard output, and remaining findings to standard error.
${COLOR}
Exit codes: 0: no findings remain (of the severity of --fail-on; with --diff: no changes), 1: some do, or --move-to is not possible or loses something, 2: usage error or failure.`,
	read(given): FixRequest {
		const destination = given.value('move-to');
		const target = given.value('target');
		if (destination === undefined && target !== undefined) throw given.wrong('--target requires --move-to');
		const move = destination === undefined ? undefined : { destination: given.oneOf('move-to', DESTINATIONS, 'scratch'), target };
		return { ...readJudging(given), diff: given.has('diff'), move };
	},
	run: (request, { sessionFor, print }) => fixDockerfiles(request, sessionFor(request), print),
});
