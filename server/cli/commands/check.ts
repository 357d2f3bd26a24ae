import { type CheckRequest, checkDockerfiles, REPORT_FORMATS, readReports } from '../check.ts';
import { defineCommand } from '../command.ts';
import { COLOR, JUDGING, PATHS, readJudging } from '../judging.ts';

export const check = defineCommand({
	name: 'check',
	operands: '[PATH…]',
	completes: 'files',
	summary: 'Report findings in Dockerfiles.',
	description: 'reports findings in the Dockerfiles of Go programs.',
	before: PATHS,
	options: {
		format: {
			value: 'FORMAT[=FILE]',
			multiple: true,
			choices: REPORT_FORMATS,
			help: 'text (the default on a terminal), compact (one line per finding; the default elsewhere), json, sarif (2.1.0), github (workflow commands), gitlab (Code Quality), junit or markdown (for a comment), to standard output or to FILE. May be repeated: --format github --format sarif=FILE.',
		},
		...JUDGING,
		baseline: { value: 'FILE', choices: 'files', help: 'Hide findings listed in FILE; report listed findings that no longer occur.' },
		'write-baseline': {
			value: 'FILE',
			choices: 'files',
			help: 'Write the current findings to FILE and exit with 0, or with 2 if something could not be read.',
		},
		'show-suppressed': { help: 'In sarif: include findings suppressed by comments or the baseline, marked as suppressed.' },
	},
	after: `${COLOR}
Exit codes: 0: no findings (of the severity of --fail-on), 1: findings, 2: usage error or failure.`,
	read(given): CheckRequest {
		const reports = readReports(given);
		const baseline = given.value('baseline');
		const writeBaseline = given.value('write-baseline');
		if (baseline !== undefined && writeBaseline !== undefined) {
			throw given.wrong('--baseline and --write-baseline cannot be combined');
		}
		return {
			...readJudging(given),
			reports,
			baseline,
			writeBaseline,
			showSuppressed: given.has('show-suppressed'),
		};
	},
	run: (request, { sessionFor, print }) => checkDockerfiles(request, sessionFor(request), print),
});
