import { defineCommand } from '../command.ts';
import { PICTURE_FORMATS } from '../picture-form.ts';
import { type ShowRequest, showImage } from '../show.ts';

export const show = defineCommand({
	name: 'show',
	operands: '[DOCKERFILE]',
	completes: 'files',
	summary: 'Show the image that a Dockerfile builds: its files, what its program needs, its stages.',
	description:
		'shows the image that a Dockerfile builds: its files, what its program needs and whether the image provides it, and its stages. Nothing is built.',
	options: {
		target: { value: 'NAME', help: 'The stage to show, by name or number (default: the last one that ships).' },
		format: { value: 'FORMAT', choices: PICTURE_FORMATS, help: 'text (the default), json, html (one page that loads nothing) or svg.' },
		output: { value: 'FILE', short: 'o', choices: 'files', help: 'Write to FILE instead of standard output.' },
	},
	after: 'Exit codes: 0: shown, 2: usage error or failure.',
	read(given): ShowRequest {
		const { operands } = given;
		if (operands.length > 1) throw given.wrong('show takes one Dockerfile');
		return {
			dockerfile: operands[0],
			target: given.value('target'),
			format: given.oneOf('format', PICTURE_FORMATS, 'text'),
			output: given.value('output'),
		};
	},
	run: (request, { sessionFor, print }) => showImage(request, sessionFor(), print),
});
