import { rules } from '../../rules/index.ts';
import { colorsFor } from '../colors.ts';
import { defineCommand } from '../command.ts';
import { CLEAN } from '../exit-codes.ts';
import { explainText } from '../rules.ts';

export const explain = defineCommand({
	name: 'explain',
	operands: 'CODE',
	completes: rules.map(({ code }) => code),
	summary: 'Describe a rule, with an example.',
	description: 'describes a rule: why, an example, when it is reported, and how to fix it.',
	options: {},
	read(given) {
		const [code, ...more] = given.operands;
		if (code === undefined || more.length > 0) throw given.wrong('explain requires the code of one rule');
		return code;
	},
	run(code, { print }) {
		print(explainText(rules, code, colorsFor('stdout')));
		return CLEAN;
	},
});
