import { number, written } from '../dockerfile/write.ts';
import { refusalOf } from '../facts/non-root.ts';
import { placesInDeployment } from '../facts/places.ts';
import { addsToGroups, setUser } from '../fixes/run-as.ts';
import { passwdOf } from '../image/accounts.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'non-numeric-user',
	severity: 'information',
	fixAll: false,
	judges: 'image',
	documentation: {
		summary: 'USER is a name; Kubernetes cannot verify that it is not root.',
		why: 'With runAsNonRoot, the kubelet refuses an image with a named user: `container has runAsNonRoot and image has non-numeric user (nobody), cannot verify user is non-root`.',
		example: 'FROM alpine:3.22\nCOPY app /app\nUSER nobody\nENTRYPOINT ["/app"]',
		instead: 'FROM alpine:3.22\nCOPY app /app\nUSER 65534:65534\nENTRYPOINT ["/app"]',
		notes:
			'An error if a manifest of the workspace runs the image with runAsNonRoot and no runAsUser, otherwise information. There is a fix when the UID of the user is known; `adduser -S` and `useradd -r` choose it when the image is built. A named user is valid, so fix-all does not change it.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			const { instruction, value } = target.state.user;
			if (instruction?.keyword !== 'USER' || value.user === undefined || /^\d+$/.test(value.user)) continue;
			// Root, and a name that the image does not have, are the subject of other rules.
			if (value.uid === 0 || (value.uid === undefined && passwdOf(target.state)?.has(value.user) === false)) continue;
			const numbers = value.uid === undefined ? undefined : written`${number(value.uid)}:${number(value.gid ?? value.uid)}`;
			const advice = numbers === undefined ? 'Create the user with a fixed UID, and use that number.' : `Use the numeric ${numbers}.`;
			const [word] = instruction.words;
			// A variable stands for whatever a build gives it.
			if (word === undefined || word.raw.includes('$')) continue;
			const refused = facts.deployed.filter((deployed) => deployed.image === target && refusalOf(deployed)?.by === 'name');
			const [first] = refused;
			yield {
				range: word.range,
				...(first === undefined ? {} : { severity: 'error' as const }),
				message:
					first === undefined
						? `Kubernetes runAsNonRoot refuses a user name: it cannot verify that ${value.user} is not root. ${advice}`
						: `The kubelet does not start ${first.service.title}: '${refusalOf(first)?.words}'. ${advice}`,
				related: refused.flatMap((deployed) => placesInDeployment(deployed, refusalOf(deployed)?.setting.at, 'runAsNonRoot')),
				fixes: () =>
					numbers === undefined
						? []
						: [{ title: `Use USER ${numbers}`, edits: setUser(facts, target, numbers), preferred: !addsToGroups(target.state) }],
			};
		}
	},
};
