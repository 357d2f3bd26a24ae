import { defineCommand } from '../command.ts';
import { CLEAN } from '../exit-codes.ts';
import { type GenerateRequest, generateDockerfile } from '../generate.ts';
import { write } from '../output.ts';
import { terminal } from '../printable.ts';

export const generate = defineCommand({
	name: 'generate',
	operands: '[DIR]',
	completes: 'directories',
	summary: 'Write a Dockerfile, and a .dockerignore if there is none, for the main package in DIR.',
	description: 'writes a Dockerfile, and a .dockerignore if there is none, for the main package in DIR.',
	options: {
		main: { value: 'PACKAGE', choices: 'directories', help: 'The main package, if there are several: its directory or import path.' },
		output: {
			value: 'FILE',
			short: 'o',
			choices: 'files',
			help: 'Where to write the Dockerfile (default: Dockerfile in the build context, or next to the program if several share the context).',
		},
		stdout: { help: 'Print the Dockerfile instead of writing files.' },
		'no-comments': { help: 'Omit explanatory comments.' },
		compose: { help: 'Also write compose.yaml next to the Dockerfile, with a service that runs read-only. Never overwrites one.' },
		force: { short: 'f', help: 'Overwrite existing files.' },
	},
	after: 'Exit codes: 0: written, 2: usage error or failure.',
	read(given): GenerateRequest {
		const { operands } = given;
		if (operands.length > 1) throw given.wrong('generate takes one directory');
		if (given.has('stdout') && given.has('output')) throw given.wrong('--stdout and --output cannot be combined');
		if (given.has('stdout') && given.has('compose')) throw given.wrong('--stdout and --compose cannot be combined');
		return {
			directory: operands[0] ?? '.',
			main: given.value('main'),
			output: given.value('output'),
			stdout: given.has('stdout'),
			comments: !given.has('no-comments'),
			force: given.has('force'),
			compose: given.has('compose'),
		};
	},
	async run(request, { sessionFor, print }) {
		const { analyser, files } = sessionFor();
		write('stderr', terminal`${await generateDockerfile(request, analyser, files, print)}\n`);
		return CLEAN;
	},
});
