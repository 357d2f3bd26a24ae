import { plainWord, written } from '../dockerfile/write.ts';
import { setUser } from '../fixes/run-as.ts';
import { passwdOf } from '../image/accounts.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'user-without-group',
	severity: 'information',
	fixAll: false,
	documentation: {
		summary: 'USER is a number without a group and without a passwd entry, so that the program runs in group 0.',
		why: "The group of a numeric user comes from its passwd entry. Where there is none the container runs with gid 0, root's group.",
		example: 'FROM scratch\nCOPY --from=build /app /app\nUSER 65534\nENTRYPOINT ["/app"]',
		instead: 'FROM scratch\nCOPY --from=build /app /app\nUSER 65534:65534\nENTRYPOINT ["/app"]',
		notes: 'Silent where the passwd file of the stage is not known. OpenShift runs containers in group 0 by intent, so fix-all leaves it.',
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
				message: `No passwd entry gives the user ${user} a group, so the program runs with gid 0. Write ${numbers}.`,
				fixes: () => [{ title: `Write USER ${numbers}`, edits: setUser(facts, target, numbers), preferred: true }],
			};
		}
	},
};
