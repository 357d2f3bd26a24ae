import { plainWord, written } from '../dockerfile/write.ts';
import { setUser, sharesWithGroups } from '../fixes/run-as.ts';
import { passwdOf } from '../image/accounts.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'user-without-group',
	severity: 'information',
	fixAll: false,
	judges: 'image',
	documentation: {
		summary: 'USER is a number without a group or a passwd entry, so the program runs with group 0.',
		why: 'The group of a numeric user comes from its passwd entry. Without an entry the container runs with GID 0, the root group.',
		example: 'FROM scratch\nCOPY --from=build /app /app\nUSER 65534\nENTRYPOINT ["/app"]',
		instead: 'FROM scratch\nCOPY --from=build /app /app\nUSER 65534:65534\nENTRYPOINT ["/app"]',
		notes:
			'Not reported when the passwd file of the stage is unknown. OpenShift runs containers with group 0 on purpose, so fix-all does not change it.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			const { instruction, value } = target.state.user;
			const { user, group, uid } = value;
			if (instruction?.keyword !== 'USER' || user === undefined || group !== undefined || !/^\d+$/.test(user) || uid === 0) continue;
			const users = passwdOf(target.state);
			const numbers = written`${plainWord(user)}:${plainWord(user)}`;
			const [word] = instruction.words;
			if (
				users === undefined ||
				numbers === undefined ||
				word === undefined ||
				word.raw.includes('$') ||
				[...users.values()].some((each) => each.uid === uid)
			)
				continue;
			yield {
				range: word.range,
				message: `USER ${user} has no group and no passwd entry, so the program runs with GID 0. Use ${numbers}.`,
				fixes: () => [{ title: `Use USER ${numbers}`, edits: setUser(facts, target, numbers), preferred: !sharesWithGroups(target.state) }],
			};
		}
	},
};
