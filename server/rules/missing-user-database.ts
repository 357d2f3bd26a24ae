import { evidenceOf, relatedPlaces, saidOf } from '../facts/evidence.ts';
import type { Facts, Target } from '../facts/facts.ts';
import { differencesOf, mayNeed, saidOfBinary } from '../facts/linked-binaries.ts';
import { setUser } from '../fixes/run-as.ts';
import { copyFix, preparingStage } from '../fixes/supply.ts';
import { groupOf, passwdOf } from '../image/accounts.ts';
import { NOBODY, userDatabase, userDatabaseOf } from '../needs/needs.ts';
import type { Evidence } from '../program/model.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-user-database',
	severity: 'warning',
	fixAll: true,
	judges: 'image',
	mayBeSupplied: true,
	documentation: {
		summary: "The program looks up users that are not in the image's /etc/passwd.",
		why: 'Package os/user reads /etc/passwd. Without it `user.Current` fails with `user: Current requires cgo or $USER set in environment`, and `user.Lookup` finds no user. The same happens if the file has no line for the UID of the container, or for the name.',
		example: 'FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26 AS build\n# …\nRUN echo "nobody:x:65534:65534:nobody:/:" > /etc_passwd\n\nFROM scratch\nCOPY --from=build /etc_passwd /etc/passwd\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Not reported when `ENV USER` is set and the program only looks up the current user, nor if the content of the file is unknown. Of looked-up names, only constants count.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			const found = evidenceOf(target, 'user-database').filter(({ evidence }) => !(isNamed(target) && isCurrent(evidence)));
			const [first] = found;
			if (first === undefined) {
				const may = mayNeed(target, 'user-database');
				if (may !== undefined && userDatabase.provided(target.state) === 'no')
					yield {
						range: target.state.stage.from.range,
						severity: 'information',
						message: `${saidOfBinary(may.binary, facts)} may look up users (it holds ${may.said}), but the image has no /etc/passwd: if it does, the lookup fails.`,
					};
				continue;
			}
			if (userDatabase.provided(target.state) === 'no') {
				yield {
					range: target.state.stage.from.range,
					message: `The program looks up users (${saidOf(first.evidence, first.binary.program)}), but the final image has no /etc/passwd, so the lookup fails. Add one.`,
					related: [...relatedPlaces(found.map(({ evidence }) => evidence)), ...differencesOf(found.map(({ binary }) => binary))],
					fixes: () => [addFile(facts, target)],
				};
			} else {
				const missing = withoutLine(facts, target, found) ?? unknownName(target, found);
				if (missing !== undefined) yield missing;
			}
		}
	},
};

type Found = ReturnType<typeof evidenceOf>;

/** Whether the environment names the user, so that package os/user does not look for it. */
function isNamed({ state: { environment } }: Target): boolean {
	return environment.get('USER') !== undefined || !environment.complete;
}

function isCurrent({ symbol }: Evidence): boolean {
	return /\bCurrent\b/.test(symbol);
}

/** A file with a line for the user that runs the program; nobody's where the program does not look up its own. */
function addFile(facts: Facts, target: Target): Fix | undefined {
	const { uid, gid = 0 } = target.state.user.value;
	const asksForOthers = target.binaries.some(({ program }) =>
		program?.unknowns.some(({ kind, detail }) => kind === 'user' && detail !== undefined && detail !== 'nobody'),
	);
	const asksForItself = evidenceOf(target, 'user-database').some(({ evidence }) => isCurrent(evidence));
	if (asksForOthers) return undefined;
	if (uid === 65534 || !asksForItself) return copyFix(facts, target, userDatabase, 'Add /etc/passwd with user nobody', true);
	const need = uid === undefined ? undefined : userDatabaseOf({ uid, gid });
	const isTaken = need?.supply.prepared !== undefined && preparingStage(facts, target)?.files.has(need.supply.prepared) !== 'no';
	// Another user than root, which other fixes choose, would lack a line again.
	return need === undefined || isTaken ? undefined : copyFix(facts, target, need, `Add /etc/passwd with a line for UID ${uid}`, uid !== 0);
}

/** The user that runs the program has no line in the file. */
function withoutLine(facts: Facts, target: Target, found: Found): Finding | undefined {
	const { state } = target;
	const { uid } = state.user.value;
	const users = passwdOf(state);
	const current = found.find(({ evidence }) => isCurrent(evidence));
	if (uid === undefined || users === undefined || current === undefined) return undefined;
	const numbers = [...users.values()].map((each) => each.uid);
	if (numbers.includes(uid) || numbers.includes(undefined)) return undefined;
	return {
		range: state.user.instruction?.range ?? state.stage.from.range,
		message: `The program looks up its own user (${saidOf(current.evidence, current.binary.program)}), but /etc/passwd of this image has no line for UID ${uid}: it fails with 'user: Current requires cgo or $USER set in environment', with cgo 'user: unknown userid ${uid}'. Add a line, or use a UID that has one.`,
		related: relatedPlaces([current.evidence]),
		fixes: () => [numbers.includes(65534) ? useNobody(facts, target) : undefined],
	};
}

function useNobody(facts: Facts, target: Target): Fix {
	return { title: `Use USER ${NOBODY}, which has a line`, edits: setUser(facts, target, NOBODY), preferred: false };
}

/** A user or group that the program looks up by a name that the image does not have. */
function unknownName({ state, binaries }: Target, found: Found): Finding | undefined {
	for (const { program } of binaries) {
		for (const each of program?.unknowns ?? []) {
			const evidence = found.find((other) => other.evidence.path === each.path && other.evidence.line === each.line)?.evidence;
			if (each.kind !== 'user' || each.detail === undefined || evidence === undefined) continue;
			const [kind, file, names] = /Group/.test(each.symbol) ? ['group', 'group', groupOf(state)] : ['user', 'passwd', passwdOf(state)];
			if (names === undefined || names.has(each.detail)) continue;
			return {
				range: state.stage.from.range,
				message: `The program looks up ${kind} ${each.detail} (${saidOf(evidence, program)}), which /etc/${file} of this image does not have: it fails with '${kind}: unknown ${kind} ${each.detail}'. Add it.`,
				related: relatedPlaces([evidence]),
			};
		}
	}
	return undefined;
}
