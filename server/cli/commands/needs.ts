import { defineCommand } from '../command.ts';
import { type NeedsRequest, showNeeds } from '../needs.ts';

const FORMATS = ['text', 'json'] as const;

export const needs = defineCommand({
	name: 'needs',
	operands: '[PACKAGE|DIR]',
	completes: 'directories',
	summary: 'List what a Go program needs from its image, with the Go lines that show it.',
	description:
		'lists what a Go program needs from its image, with the Go lines that show it, what provides each need, and what is unknown. No Dockerfile is read.',
	options: { format: { value: 'FORMAT', choices: FORMATS, help: 'text (the default) or json.' } },
	after:
		'PACKAGE is the import path of a main package; DIR is its directory, or one above several (default: .).\nExit codes: 0: listed, 2: usage error or failure.',
	read(given): NeedsRequest {
		const { operands } = given;
		if (operands.length > 1) throw given.wrong('needs takes one package or directory');
		return { of: operands[0], format: given.oneOf('format', FORMATS, 'text') };
	},
	run: (request, { sessionFor, print }) => showNeeds(request, sessionFor(), print),
});
