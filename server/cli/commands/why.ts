import { defineCommand } from '../command.ts';
import { explainWhy, type WhyRequest } from '../why.ts';

const FORMATS = ['text', 'json'] as const;

export const why = defineCommand({
	name: 'why',
	operands: 'PATH|NEED [DOCKERFILE]',
	completes: 'files',
	summary: 'Explain why a file is in the image, or who has a need and what provides it.',
	description:
		'explains why a file is in the image: which instruction put it there, and which Go line or instruction would miss it; or for a need, who has it and what provides it.',
	options: {
		target: { value: 'NAME', help: 'The stage, by name or number (default: the last one that ships).' },
		format: { value: 'FORMAT', choices: FORMATS, help: 'text (the default) or json.' },
	},
	after:
		'PATH is absolute: /etc/passwd. NEED is a name that `show` and `needs` print: ca-certificates, tzdata, tmp, passwd, executable:git, git.\nExit codes: 0: answered, 2: usage error or failure.',
	read(given): WhyRequest {
		const [what, dockerfile, ...more] = given.operands;
		if (what === undefined || more.length > 0) throw given.wrong('why requires a path or a need, and takes one Dockerfile');
		return { what, dockerfile, target: given.value('target'), format: given.oneOf('format', FORMATS, 'text') };
	},
	run: (request, { sessionFor, print }) => explainWhy(request, sessionFor(), print),
});
