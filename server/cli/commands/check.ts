import { type CheckRequest, checkDockerfiles, REPORT_FORMATS, type ReportRequest } from '../check.ts';
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
			help: 'text (the default), json, sarif (2.1.0) or github (workflow commands), to standard output or to FILE. May be repeated: --format github --format sarif=FILE.',
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
		const reports = given.values('format').map((word): ReportRequest => {
			const equals = word.indexOf('=');
			const format = given.word('--format', equals < 0 ? word : word.slice(0, equals), REPORT_FORMATS);
			if (equals === word.length - 1) throw given.wrong(`--format ${word} requires a file name after the =`);
			return { format, file: equals < 0 ? undefined : word.slice(equals + 1) };
		});
		if (reports.filter(({ file }) => file === undefined).length > 1) {
			throw given.wrong('only one --format can go to standard output; write the others to files, such as --format sarif=FILE');
		}
		const baseline = given.value('baseline');
		const writeBaseline = given.value('write-baseline');
		if (baseline !== undefined && writeBaseline !== undefined) {
			throw given.wrong('--baseline and --write-baseline cannot be combined');
		}
		return {
			...readJudging(given),
			reports: reports.length > 0 ? reports : [{ format: 'text', file: undefined }],
			baseline,
			writeBaseline,
			showSuppressed: given.has('show-suppressed'),
		};
	},
	run: (request, { sessionFor, print }) => checkDockerfiles(request, sessionFor(request), print),
});
