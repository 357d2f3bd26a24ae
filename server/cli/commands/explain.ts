import { rules } from '../../rules/index.ts';
import { colorsFor } from '../colors.ts';
import { defineCommand } from '../command.ts';
import { CLEAN } from '../exit-codes.ts';
import { explainMessage, type MessageRequest } from '../explain-message.ts';
import { explainText } from '../rules.ts';

const FORMATS = ['text', 'json'] as const;

export const explain = defineCommand({
	name: 'explain',
	operands: 'CODE|MESSAGE|-',
	completes: rules.map(({ code }) => code),
	summary: 'Describe a rule, or say what a message of Docker, Go or the kubelet means.',
	description:
		'describes a rule: why, an example, when it is reported, and how to fix it; or says what a message of the engine, the go command, a program or the kubelet means, which causes it has, and which of them is true of the Dockerfile.',
	options: {
		dockerfile: {
			value: 'PATH',
			choices: 'files',
			help: 'For a message: the Dockerfile that it is about, or a directory to search (default: Dockerfile, if there is one).',
		},
		format: { value: 'FORMAT', choices: FORMATS, help: 'For a message: text (the default) or json.' },
	},
	after:
		'With -, a log is read from standard input. Quote a message: it has characters that a shell takes for its own.\nExit codes: 0: explained, 1: no message in it is known, 2: usage error or failure.',
	read(given): { readonly code: string } | MessageRequest {
		const { operands } = given;
		const [first = ''] = operands;
		const format = given.oneOf('format', FORMATS, 'text');
		if (operands.length === 0) throw given.wrong('explain requires the code of a rule, a message, or - for standard input');
		// One word of letters and hyphens is a code, be it misspelled; a message has more than that.
		if (operands.length === 1 && /^[a-z]+(?:-[a-z]+)+$/.test(first)) return { code: first };
		return { message: operands.join(' '), dockerfile: given.value('dockerfile'), format };
	},
	async run(request, { sessionFor, print }) {
		if ('code' in request) {
			print(explainText(rules, request.code, colorsFor('stdout')));
			return CLEAN;
		}
		return explainMessage(request, sessionFor(), print);
	},
});
