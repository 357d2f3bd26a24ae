import { number, written } from '../dockerfile/write.ts';
import { refusalOf } from '../facts/non-root.ts';
import { placesInDeployment } from '../facts/places.ts';
import { addsToGroups, setUser } from '../fixes/run-as.ts';
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
			'Reported when the UID of the user is known: an error if a manifest of the workspace runs the image with runAsNonRoot and no runAsUser, otherwise information. A named user is valid, so fix-all does not change it.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			const { instruction, value } = target.state.user;
			if (instruction?.keyword !== 'USER' || value.user === undefined || /^\d+$/.test(value.user)) continue;
			// That root is meant is another rule's; an unknown name has no numbers.
			if (value.uid === undefined || value.uid === 0) continue;
			const numbers = written`${number(value.uid)}:${number(value.gid ?? value.uid)}`;
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
						? `Kubernetes runAsNonRoot refuses a user name: it cannot verify that ${value.user} is not root. Use the numeric ${numbers}.`
						: `The kubelet does not start ${first.service.title}: '${refusalOf(first)?.words}'. Use the numeric ${numbers}.`,
				related: refused.flatMap((deployed) => placesInDeployment(deployed, refusalOf(deployed)?.setting.at, 'runAsNonRoot')),
				fixes: () => [{ title: `Use USER ${numbers}`, edits: setUser(facts, target, numbers), preferred: !addsToGroups(target.state) }],
			};
		}
	},
};
