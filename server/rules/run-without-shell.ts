import type { CommandInstruction } from '../dockerfile/syntax.ts';
import { joined, plainWord, shellWord, type Written, type WrittenEdit, written } from '../dockerfile/write.ts';
import { absentProgram } from '../facts/absent-program.ts';
import type { Facts, Target } from '../facts/facts.ts';
import {
	insertAfter,
	insertBefore,
	lastInstruction,
	removeInstruction,
	removeWithComments,
	stageReference,
} from '../fixes/instructions.ts';
import { preparingStage } from '../fixes/supply.ts';
import { findExecutable } from '../image/command-path.ts';
import type { RanCommand, StageState } from '../image/model.ts';
import { chainOf } from '../image/stage-chain.ts';
import { accountFiles, certificateRoots, type Need, ROOT_FILES_IN_BUILDER } from '../needs/needs.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'run-without-shell',
	severity: 'error',
	fixAll: true,
	judges: 'build',
	documentation: {
		summary: 'RUN needs a shell or a program that is not in the stage.',
		why: 'A scratch stage is empty, without sh: `exec: "/bin/sh": stat /bin/sh: no such file or directory`. Run the command in a stage that has a shell, and copy the result. golang:alpine has no make, git, bash or curl: `/bin/sh: make: not found`.',
		example: 'FROM scratch\nCOPY --from=build /app /app\nRUN mkdir /data\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26 AS build\n# …\nRUN mkdir -p /rootfs/data\n\nFROM scratch\nCOPY --from=build /app /app\nCOPY --from=build /rootfs/ /\nENTRYPOINT ["/app"]',
		notes:
			'RUN in exec form of a program that was copied in works and is not reported. In a stage with a shell, well-known tools (make, git, bash, curl …) and scripts are reported if the stage is known not to have them, unless the RUN continues without them. There are fixes for these tools, for user creation, mkdir, chmod of the program and installing CA certificates, not for other commands.',
	},
	*check(facts) {
		yield* absentPrograms(facts);
		const targets = new Map(facts.targets.map((target) => [target.state.stage.index, target]));
		for (const state of facts.image.stages) {
			if (state.windows) continue;
			for (const instruction of state.stage.instructions) {
				if (instruction.keyword !== 'RUN' || instruction.onbuild || instruction.command === undefined) continue;
				const found =
					instruction.command.form === 'exec'
						? absentExecutable(state, instruction)
						: isWithoutShell(state, instruction)
							? withoutShell(instruction)
							: undefined;
				if (found === undefined) continue;
				const target = targets.get(state.stage.index);
				yield { ...found, fixes: () => (target === undefined ? [] : fixes(facts, target, instruction)) };
			}
		}
	},
};

/** Programs and scripts that a shell cannot start: the first of each RUN, behind which nothing runs. */
function* absentPrograms(facts: Facts): Iterable<Finding> {
	for (const state of facts.image.stages) {
		if (state.windows) continue;
		const said = new Set<CommandInstruction>();
		for (const command of state.ran) {
			const { instruction } = command;
			if (said.has(instruction) || instruction.command?.form === 'exec' || isWithoutShell(state, instruction)) continue;
			const absent = absentProgram(facts, command);
			if (absent === undefined) continue;
			said.add(instruction);
			const what =
				absent.kind === 'interpreter'
					? `${absent.script} needs ${absent.name}, which this stage does not contain`
					: `This stage does not contain ${absent.name}`;
			const advice = absent.kind === 'script' ? 'Copy it first' : 'Install it first';
			yield {
				range: (command.wordNodes[0] ?? command.node).range,
				message: `${what}: the build fails with '${absent.failure}'. ${advice}.`,
				fixes: () => (absent.kind === 'script' ? [] : [installFix(facts, state, command, absent.name)]),
			};
		}
	}
}

/** Programs whose package has their name in Alpine and in Debian. */
const PACKAGES = new Set(['bash', 'curl', 'git', 'jq', 'make', 'rsync', 'unzip', 'wget', 'zip']);

function installFix(facts: Facts, state: StageState, { instruction }: RanCommand, name: string): Fix | undefined {
	const word = plainWord(name);
	const { base } = state;
	const install =
		base?.distribution === 'alpine' || (base?.go !== undefined && base.libc === 'musl')
			? written`RUN apk add --no-cache ${word}`
			: base?.distribution === 'debian' || base?.distribution === 'ubuntu'
				? written`RUN apt-get update && apt-get install -y --no-install-recommends ${word} && rm -rf /var/lib/apt/lists/*`
				: undefined;
	// Only root installs.
	if (!PACKAGES.has(name) || install === undefined || state.user.value.uid !== 0) return undefined;
	return {
		title: `Install ${name}`,
		edits: [insertBefore(facts.dockerfile, instruction, [install])],
		preferred: !facts.image.targets.includes(state),
	};
}

/** Whether there is no shell, at the end of the stage or when the RUN starts: a program of which nothing is known may bring one. */
function isWithoutShell(state: StageState, instruction: CommandInstruction): boolean {
	if (state.shell === 'no') return true;
	const first = state.ran.find((command) => command.instruction === instruction);
	return first !== undefined && usesDefaultShell(state) && findExecutable(first, '/bin/sh') === 'no';
}

function usesDefaultShell(state: StageState): boolean {
	return chainOf(state).every((each) => each.stage.instructions.every(({ keyword }) => keyword !== 'SHELL'));
}

function withoutShell(instruction: CommandInstruction): Finding {
	return {
		range: { start: instruction.keywordRange.start, end: instruction.command?.range.end ?? instruction.range.end },
		message: `This stage has no shell to run the command: the build fails with 'exec: "/bin/sh": stat /bin/sh: no such file or directory'. Run it in a stage with a shell, and copy the result.`,
	};
}

function absentExecutable(state: StageState, instruction: CommandInstruction): Finding | undefined {
	const program = instruction.command?.form === 'exec' ? instruction.command.items[0]?.value : undefined;
	if (program === undefined || findExecutable(state, program) !== 'no') return undefined;
	return {
		range: instruction.command?.range ?? instruction.range,
		message: `This stage does not contain ${program}, so the build fails with 'executable file not found in $PATH' or 'no such file or directory'. Run it in a stage that contains it, and copy the result.`,
	};
}

/** What a RUN without a shell is moved to: commands for the preparing stage and copies from it. */
interface Move {
	readonly prepare: readonly Written[];
	readonly copy: (from: Written) => readonly Written[];
}

const NOTHING: Move = { prepare: [], copy: () => [] };

function fixes(facts: Facts, target: Target, instruction: CommandInstruction): Fix[] {
	const commands = target.state.ran.filter((command) => command.instruction === instruction);
	const from = preparingStage(facts, target);
	if (commands.length === 0 || from === undefined) return [];
	const moves = commands.map((command) => moveOf(target, from, command));
	if (moves.includes(undefined)) return [];
	const known = moves.filter((move) => move !== undefined);
	const { dockerfile } = facts;
	const prepare = [...new Set(known.flatMap((move) => move.prepare))].map((command) => written`RUN ${command}`);
	const copies = [...new Set(known.flatMap((move) => move.copy(stageReference(from.stage))))];
	const edits: WrittenEdit[] = [];
	if (prepare.length > 0) edits.push(insertAfter(dockerfile, lastInstruction(from.stage), prepare));
	// The copies take the RUN's place: its comment stays with what it was about, and what stands below finds what it made.
	if (copies.length === 0) edits.push(removeWithComments(dockerfile, instruction));
	else edits.push({ ...removeInstruction(dockerfile, instruction), newText: insertBefore(dockerfile, instruction, copies).newText });
	return [
		{
			title:
				copies.length === 0 ? 'Remove: the file is already executable' : `Move to stage ${stageReference(from.stage)} and copy the result`,
			edits,
			preferred: true,
		},
	];
}

/** What does in `from` what the command would do in a stage with a shell; `undefined` where that is not known. */
function moveOf(target: Target, from: StageState, command: RanCommand): Move | undefined {
	const [name = '', ...rest] = command.words;
	if (rest.includes(undefined)) return undefined;
	const words = rest as string[];
	const operands = words.filter((word) => !word.startsWith('-'));
	switch (name.slice(name.lastIndexOf('/') + 1)) {
		case 'mkdir': {
			// A mode given by hand or a relative path would need more care than is certain.
			if (operands.some((word) => !word.startsWith('/')) || words.some((word) => word.startsWith('-') && word !== '-p')) return undefined;
			// Every base image but scratch has a /tmp, which a copy would close to other users.
			const directories = operands.filter((word) => word !== '/tmp' || target.state.base?.empty === true);
			if (directories.length === 0) return NOTHING;
			const prepare = written`mkdir -p ${joined(directories.map((directory) => shellWord(ROOT_FILES_IN_BUILDER + directory)))}`;
			return prepare && { prepare: [prepare], copy: (stage) => [written`COPY --from=${stage} ${ROOT_FILES_IN_BUILDER}/ /`] };
		}
		case 'chmod': {
			const [mode = '', ...paths] = operands;
			const built = new Set(target.binaries.filter(({ build }) => build !== undefined).map(({ path }) => path));
			// What go build writes is executable, and COPY keeps that.
			return /^(?:\+x|a\+x|755|0755|u\+x)$/.test(mode) && paths.every((path) => built.has(path)) ? NOTHING : undefined;
		}
		case 'update-ca-certificates':
			return copyOf(certificateRoots, from);
		case 'apk':
		case 'apt-get':
		case 'apt': {
			if (operands[0] === 'update') return NOTHING;
			const packages = operands.slice(1);
			return packages.length > 0 && packages.every((each) => each === 'ca-certificates') ? copyOf(certificateRoots, from) : undefined;
		}
		case 'rm':
			// Clearing the package manager's lists, which a stage without one has not.
			return operands.every((path) => /^\/var\/(?:cache|lib)\/(?:apk|apt)/.test(path)) ? NOTHING : undefined;
		case 'adduser':
		case 'useradd': {
			const user = operands.at(-1);
			// A passwd file with that user alone would take away those that the base image has.
			if (target.state.base?.empty !== true) return undefined;
			if (user === undefined || !/^[a-z_][a-z0-9_-]*$/.test(user) || words.some((word) => /^(?:-u|--uid|-G|--gid|-g)/.test(word)))
				return undefined;
			// adduser makes a group of the same name.
			const { group } = target.state.user.value;
			if (group !== undefined && group !== user && !/^\d+$/.test(group)) return undefined;
			const files = (stage: Written) => accountFiles(user, user, stage);
			const prepare = files(stageReference(from.stage))?.prepare;
			return prepare && { prepare: [prepare], copy: (stage) => files(stage)?.copies ?? [] };
		}
		case 'addgroup':
		case 'groupadd':
			// The passwd line gives the user its group by number.
			return target.state.user.value.group === undefined ? NOTHING : undefined;
		default:
			return undefined;
	}
}

function copyOf(need: Need, from: StageState): Move | undefined {
	const { copy } = need.supply;
	return copy !== undefined && need.provided(from) === 'yes' ? { prepare: [], copy: (stage) => [copy(stage)] } : undefined;
}
