import type { CopyInstruction, Flag } from '../dockerfile/syntax.ts';
import { plainWord, type Written, written } from '../dockerfile/write.ts';
import type { Facts, Target } from '../facts/facts.ts';
import { insertOnto } from '../fixes/insert-above.ts';
import { insertAfter, lastCopy, lastInstruction, stageReference } from '../fixes/instructions.ts';
import { setUser } from '../fixes/run-as.ts';
import { preparingStage } from '../fixes/supply.ts';
import { groupOf, passwdOf } from '../image/accounts.ts';
import type { StageState } from '../image/model.ts';
import { accountFiles, NOBODY, userDatabase } from '../needs/needs.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'unknown-user',
	severity: 'error',
	fixAll: true,
	judges: 'image',
	documentation: {
		summary: 'USER or --chown names a user or group that does not exist in the image.',
		why: "A name is looked up in the image's own /etc/passwd when the container starts: `unable to find user nobody: no matching entries in passwd file`. scratch has no such file, so even `USER root` fails. For an unknown name in `--chown` BuildKit uses 0:0 without a warning; as the first instruction of a scratch stage such a COPY fails with `invalid user index: -1`.",
		example: 'FROM scratch\nCOPY --from=build /app /app\nUSER nobody\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26 AS build\n# …\nRUN echo "nobody:x:65534:65534:nobody:/:" > /etc_passwd\n\nFROM scratch\nCOPY --from=build /etc_passwd /etc/passwd\nCOPY --from=build /app /app\nUSER nobody\nENTRYPOINT ["/app"]',
		notes:
			'Not reported when the passwd file of the stage is unknown. The fix copies a passwd file: that of the build stage if the user was created there, otherwise one with only that user. A numeric UID needs no file.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			yield* userInstruction(facts, target);
			for (const instruction of target.state.stage.instructions) {
				if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') yield* ownerFlag(target.state, instruction);
			}
		}
	},
};

function* userInstruction(facts: Facts, target: Target): Iterable<Finding> {
	const { user: setting } = target.state;
	const { instruction, value } = setting;
	const { user } = value;
	if (instruction?.keyword !== 'USER' || user === undefined) return;
	const users = passwdOf(target.state);
	const unknownUser = isName(user) && users !== undefined && !users.has(user);
	const groups = groupOf(target.state);
	const unknownGroup = value.group !== undefined && isName(value.group) && groups !== undefined && !groups.has(value.group);
	if (!unknownUser && !unknownGroup) return;
	const [kind, name, file] = unknownUser ? ['user', user, 'passwd'] : ['group', value.group, 'group'];
	yield {
		range: instruction.words[0]?.range ?? instruction.range,
		message: `The ${kind} ${name} does not exist in this image: the container fails with 'unable to find ${kind} ${name}: no matching entries in ${file} file'. Copy a ${file} file, or use a numeric ${kind === 'user' ? 'UID' : 'GID'}.`,
		fixes: () => (unknownUser ? userFixes(facts, target, user, value.group) : [numbersFix(facts, target, user)]),
	};
}

function userFixes(facts: Facts, target: Target, name: string, group: string | undefined): Fix[] {
	const numbers = numbersFix(facts, target, name);
	const created = createInStage(facts, target, name);
	if (created !== undefined) return [created, numbers];
	const from = preparingStage(facts, target);
	if (from === undefined || name === 'root' || userDatabase.provided(target.state) !== 'no')
		return [{ ...numbers, preferred: name !== 'root' && group === undefined }];
	const reference = stageReference(from.stage);
	const copyBelow = (lines: readonly Written[]) => insertAfter(facts.dockerfile, lastCopy(target.state.stage), lines);
	const withGroup = group !== undefined && isName(group);
	if (withGroup && target.state.files.has('/etc/group') !== 'no') return [numbers];
	const account = accountFiles(name, withGroup ? group : undefined, reference);
	if (account === undefined) return [numbers];
	const { prepare, copies } = account;
	const fix: Fix = madeInBuilder(from, name, withGroup ? group : undefined)
		? {
				title: `Copy the passwd file of stage ${reference}`,
				edits: [copyBelow([written`COPY --from=${reference} /etc/passwd /etc/group /etc/`])],
				preferred: true,
			}
		: {
				title: `Add /etc/passwd with user ${name}${withGroup ? ` and /etc/group with group ${group}` : ''}`,
				edits: [insertAfter(facts.dockerfile, lastInstruction(from.stage), [written`RUN ${prepare}`]), copyBelow(copies)],
				preferred: true,
			};
	return [fix, numbers];
}

const USER_COMMANDS = {
	adduser: (name: Written | undefined) => written`adduser -D -H ${name}`,
	useradd: (name: Written | undefined) => written`useradd --system ${name}`,
};

/** Where the image has a shell and users of its own, the user is created beside them. */
function createInStage({ dockerfile }: Facts, { state }: Target, name: string): Fix | undefined {
	const { instruction } = state.user;
	if (state.shell !== 'yes' || instruction === undefined || !/^[a-z_][a-z0-9_-]*$/.test(name)) return undefined;
	const program = state.base?.addsUsersWith;
	const command = program && USER_COMMANDS[program](plainWord(name));
	// A RUN in front of USER is root's as long as no other USER stands above it.
	const first =
		state.stage.instructions.find(({ keyword }) => keyword === 'USER') === instruction &&
		state.parent === undefined &&
		(state.base?.user ?? 'root') === 'root';
	if (command === undefined || !first) return undefined;
	return { title: `Create user ${name}`, edits: [insertOnto(dockerfile, instruction, [written`RUN ${command}`])], preferred: true };
}

/** Whether a RUN of the stage created the user, rather than its base image, and the group is there too. */
function madeInBuilder(state: StageState, name: string, group: string | undefined): boolean {
	if (group !== undefined && groupOf(state)?.has(group) !== true) return false;
	return passwdOf(state)?.has(name) === true && state.base?.users?.has(name) !== true;
}

function numbersFix(facts: Facts, target: Target, name: string): Fix {
	const numbers = name === 'root' || name === '0' ? written`0:0` : NOBODY;
	return { title: `Use USER ${numbers}`, edits: setUser(facts, target, numbers), preferred: false };
}

function* ownerFlag(state: StageState, instruction: CopyInstruction): Iterable<Finding> {
	const flag: Flag | undefined = instruction.flags.findLast((each) => each.name === 'chown');
	const value = flag?.value;
	if (flag === undefined || value === undefined || /[$"'\\]/.test(value.raw)) return;
	const [user = '', group] = value.raw.split(':');
	const users = knownBy(state, instruction, '/etc/passwd') ? passwdOf(state) : NOBODY_KNOWN;
	const groups = knownBy(state, instruction, '/etc/group') ? groupOf(state) : NOBODY_KNOWN;
	const unknownUser = isName(user) && users !== undefined && !users.has(user);
	const unknownGroup = group !== undefined && isName(group) && groups !== undefined && !groups.has(group);
	const name = unknownUser ? user : unknownGroup ? group : undefined;
	if (name === undefined) return;
	const own = unknownUser || !isName(user) ? undefined : users?.get(user);
	if (own !== undefined && name !== 'root' && !isFirstLayer(state, instruction)) {
		// https://github.com/moby/buildkit/blob/master/solver/llbsolver/file/user_linux.go
		yield {
			range: flag.range,
			severity: 'information',
			message: `The group ${name} does not exist in this image: the engine uses the group of ${user} without a warning. Leave the group out.`,
			fixes: () => {
				const written = plainWord(user);
				return written === undefined
					? []
					: [{ title: `Use --chown=${written}`, edits: [{ range: value.range, newText: written }], preferred: false }];
			},
		};
		return;
	}
	const numbers = name === 'root' ? written`0:0` : NOBODY;
	// Only root is known to the engine itself.
	const fails = name !== 'root' && isFirstLayer(state, instruction);
	yield {
		range: flag.range,
		severity: fails ? 'error' : 'warning',
		message: fails
			? `${name} does not exist in this image, which is still empty: the build fails with 'invalid user index: -1'. Use numeric IDs.`
			: `${name} does not exist in this image: the engine uses 0:0 (root) without a warning. Use numeric IDs.`,
		fixes: () => [
			{
				title: `Use --chown=${numbers}`,
				edits: [{ range: value.range, newText: numbers }],
				preferred: name === 'root' || name === 'nobody',
			},
		],
	};
}

/** Whether there is no file system yet in which the engine could look a name up. */
function isFirstLayer(state: StageState, instruction: CopyInstruction): boolean {
	if (state.base?.empty !== true || state.parent !== undefined) return false;
	const first = state.stage.instructions.find(({ keyword }) => ['COPY', 'ADD', 'RUN', 'WORKDIR'].includes(keyword));
	return first === instruction;
}

const NOBODY_KNOWN: ReadonlyMap<string, unknown> = new Map();

/** Whether the file was there when the instruction ran: in a scratch image it may have been copied in further down. */
function knownBy(state: StageState, instruction: CopyInstruction, file: string): boolean {
	const made = state.files.get(file)?.instruction;
	return state.base?.empty !== true || made === undefined || made.range.start < instruction.range.start;
}

function isName(text: string): boolean {
	return text !== '' && !/^\d+$/.test(text);
}
