import { rules as allRules } from '../../rules/index.ts';
import { colorsFor } from '../colors.ts';
import { defineCommand } from '../command.ts';
import { CLEAN } from '../exit-codes.ts';
import { rulesText } from '../rules.ts';

const FORMATS = ['text', 'json'] as const;

export const rules = defineCommand({
	name: 'rules',
	operands: '',
	summary: 'List the rules.',
	description: 'lists the rules, each with its severity and whether `fix` fixes its findings.',
	options: { format: { value: 'FORMAT', choices: FORMATS, help: 'text (the default) or json.' } },
	read(given) {
		if (given.operands.length > 0) throw given.wrong('rules takes no arguments; use explain CODE for one rule');
		return given.oneOf('format', FORMATS, 'text');
	},
	run(format, { print }) {
		print(rulesText(allRules, format, colorsFor('stdout')));
		return CLEAN;
	},
});
