import { defineCommand } from '../command.ts';
import { CLEAN } from '../exit-codes.ts';
import { STARTS, writeStarts } from '../init.ts';
import { terminal } from '../printable.ts';

export const init = defineCommand({
	name: 'init',
	operands: '[FILE…]',
	completes: STARTS,
	summary: 'Write settings, a workflow for GitHub Actions, or a pre-commit hook.',
	description:
		'writes files to start with into the repository: settings (.go-scratch.json, the default), workflow (.github/workflows/go-scratch.yml) or pre-commit (.pre-commit-config.yaml).',
	options: {},
	after: `It never overwrites a file: if one exists, nothing is written, and its text is printed instead.
Exit codes: 0: written, 2: usage error or failure.`,
	read: (given) => (given.operands.length === 0 ? (['settings'] as const) : given.operands.map((word) => given.word('FILE', word, STARTS))),
	async run(starts, { sessionFor, print }) {
		const { files } = sessionFor();
		print(terminal`${await writeStarts(starts, files)}\n`);
		return CLEAN;
	},
});
