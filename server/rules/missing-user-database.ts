import { evidenceOf, relatedPlaces, saidOf } from '../facts/evidence.ts';
import { copyFix } from '../fixes/supply.ts';
import { userDatabase } from '../needs/needs.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-user-database',
	severity: 'warning',
	fixAll: true,
	documentation: {
		summary: 'The program looks up users, but the image has no /etc/passwd.',
		why: 'Package os/user reads /etc/passwd. Without it `user.Current` fails with `user: Current requires cgo or $USER set in environment`, and `user.Lookup` finds no user.',
		example: 'FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26 AS build\n# …\nRUN echo "nobody:x:65534:65534:nobody:/:" > /etc_passwd\n\nFROM scratch\nCOPY --from=build /etc_passwd /etc/passwd\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes: 'Not reported when `ENV USER` is set and the program only looks up the current user.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			const { environment } = target.state;
			const named = environment.get('USER') !== undefined || !environment.complete;
			const found = evidenceOf(target, 'user-database').filter(({ evidence }) => !(named && /\bCurrent\b/.test(evidence.symbol)));
			const [first] = found;
			if (first === undefined || userDatabase.provided(target.state) !== 'no') continue;
			yield {
				range: target.state.stage.from.range,
				message: `The program looks up users (${saidOf(first.evidence, first.binary.program)}), but the final image has no /etc/passwd, so the lookup fails. Add one.`,
				related: relatedPlaces(found.map(({ evidence }) => evidence)),
				fixes: () => [copyFix(facts, target, userDatabase, 'Add /etc/passwd with user nobody', true)],
			};
		}
	},
};
