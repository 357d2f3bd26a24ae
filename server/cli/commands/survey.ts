import { defineCommand } from '../command.ts';
import { SURVEY_FORMATS, type SurveyRequest, surveyRepositories } from '../survey.ts';

export const survey = defineCommand({
	name: 'survey',
	operands: 'DIR…',
	completes: 'directories',
	summary: 'Compare the images of many repositories: one row per image.',
	description: 'compares the images of many repositories: base, user, Go, cgo, needs, findings and policy, one row per image.',
	before:
		'DIR is a repository, or a directory with repositories in it or below it, up to four directories deep. A repository that cannot be read does not end the survey.',
	options: {
		format: {
			value: 'FORMAT',
			choices: SURVEY_FORMATS,
			help: 'table (the default), markdown, html (one file that sorts and filters, and loads nothing) or json.',
		},
		output: { value: 'FILE', short: 'o', choices: 'files', help: 'Write the report to FILE, and the summary to standard output.' },
		policy: {
			value: 'FILE',
			choices: 'files',
			help: 'Compare all images with the policy in FILE, a .go-scratch.json, in place of those of the repositories.',
		},
		verbose: { help: 'Print the stack trace of an internal error.' },
	},
	after: 'Exit codes: 0: no image is against the policy, 1: one is, 2: usage error, or something could not be read or analysed.',
	read(given): SurveyRequest {
		if (given.operands.length === 0) throw given.wrong('survey requires a directory');
		return {
			directories: given.operands,
			format: given.oneOf('format', SURVEY_FORMATS, 'table'),
			output: given.value('output'),
			policy: given.value('policy'),
			verbose: given.has('verbose'),
		};
	},
	run: (request, { sessionFor, print }) => surveyRepositories(request, sessionFor(request), print),
});
