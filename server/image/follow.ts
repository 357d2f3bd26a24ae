import { expandWord } from '../dockerfile/expand.ts';
import type { ArgInstruction, CommandForm, Dockerfile, Instruction, Stage } from '../dockerfile/syntax.ts';
import { type BaseImage, lookupBaseImage } from '../knowledge/base-images.ts';
import { join } from '../workspace/paths.ts';
import { userNamed } from './accounts.ts';
import { findExecutable } from './command-path.ts';
import { viewOf } from './context/context-view.ts';
import { copyInstruction, nameOf } from './copy-instruction.ts';
import { expandIn, lookupOf, shortPath } from './expansion.ts';
import { baseTree } from './files/base-tree.ts';
import { createTree } from './files/file-tree.ts';
import type { Setting, StageState, UserSetting } from './model.ts';
import { runInstruction } from './run-instruction.ts';
import type { BuildRun, RunOptions, StageRun } from './stage-run.ts';
import { createVariables, environmentOf, environmentOfLayers, withLayer } from './variables.ts';

/** A run that has followed nothing but the ARG instructions in front of the first stage. */
export function startBuild(dockerfile: Dockerfile, { context, go }: RunOptions): BuildRun {
	const build: BuildRun = {
		dockerfile,
		context,
		view: context === undefined ? undefined : viewOf(context),
		go,
		// Base images are built on clocks of their own, which all end before this one begins.
		clock: { now: 1_000_000, budget: 200_000 },
		globalArguments: createVariables(environmentOf(PLATFORM, true)),
		stages: [],
		stagesByName: new Map(dockerfile.stages.flatMap((stage) => (nameOf(stage) === undefined ? [] : [[nameOf(stage) as string, stage]]))),
		perhapsUsed: new Set(),
		commandBudget: 20_000,
		remains: new WeakMap(),
	};
	for (const instruction of dockerfile.globalArguments) globalArgument(build, instruction);
	return build;
}

/** Follows all stages in order. */
export function followStages(build: BuildRun): void {
	for (const stage of build.dockerfile.stages) {
		const run = startStage(build, stage);
		for (const instruction of stage.instructions) {
			if (run.windows) break;
			run.directories.set(instruction, run.workingDirectory);
			follow(run, instruction);
		}
		const state = stateOf(run);
		build.stages.push(state);
		const { tree, goEnvironment, shell, onbuild } = run;
		build.remains.set(state, { tree, goEnvironment, shell, onbuild, left: withLayer(run.inherited, run.environment.own()) });
	}
}

/** What BuildKit sets before the first FROM, and in any stage that declares it. The values depend on how the build is started. */
const PLATFORM_ARGUMENTS = new Set(
	['BUILD', 'TARGET'].flatMap((side) => ['PLATFORM', 'OS', 'ARCH', 'VARIANT'].map((part) => side + part)).concat('TARGETSTAGE'),
);
const PLATFORM = new Map(
	[...PLATFORM_ARGUMENTS].map((name): [string, Setting<undefined>] => [name, { value: undefined, instruction: undefined }]),
);

function globalArgument(build: BuildRun, instruction: ArgInstruction): void {
	for (const { name, value } of instruction.assignments) {
		const known = build.globalArguments.get(name);
		const given = build.context?.arguments;
		const expanded = given?.has(name)
			? given.get(name)
			: value === undefined
				? known?.value
				: expandWord(value.raw, build.dockerfile.escape, lookupOf(build.globalArguments));
		build.globalArguments.set(name, { value: expanded, instruction });
	}
}

function startStage(build: BuildRun, stage: Stage): StageRun {
	const { image, platform } = stage.from;
	const lookup = lookupOf(build.globalArguments);
	const expand = (raw: string | undefined) => (raw === undefined ? undefined : expandWord(raw, build.dockerfile.escape, lookup));
	const reference = expand(image?.raw) ?? referenceForLinux(build, image?.raw);
	const named = reference === undefined ? undefined : build.stagesByName.get(reference.toLowerCase());
	// A name that stands for several stages is that of the last one before.
	const parentStage =
		named === undefined || named.index < stage.index
			? named
			: build.dockerfile.stages.findLast((other) => other.index < stage.index && nameOf(other) === reference?.toLowerCase());
	if (reference === undefined) noteUnknownName(build, stage, image?.raw);
	const parent = parentStage === undefined ? undefined : build.stages[parentStage.index];
	const remains = parent === undefined ? undefined : build.remains.get(parent);
	const base = parent === undefined ? (reference === undefined ? undefined : lookupBaseImage(reference)) : parent.base;
	const inherited = remains === undefined ? [baseEnvironment(base)] : remains.left;
	const run: StageRun = {
		build,
		stage,
		base,
		platform: platform === undefined ? parent?.platform : expand(platform.raw),
		windows:
			parent?.windows ??
			(base?.windows === true ||
				/windows/i.test(platform?.raw ?? '') ||
				/windowsservercore|nanoserver|^mcr\.microsoft\.com\/windows\//.test(reference ?? '')),
		tree: remains === undefined ? createTree(baseTree(base), build.clock) : remains.tree.fork(),
		inherited,
		environment: createVariables(environmentOfLayers(inherited, base?.environmentComplete ?? false)),
		arguments: createVariables(environmentOf(new Map(), true)),
		goEnvironment: new Map(remains?.goEnvironment),
		imageReference: parent === undefined ? reference : undefined,
		parent,
		workingDirectory: parent === undefined ? base?.workingDirectory : parent.workingDirectory,
		directories: new Map(),
		user: parent?.user ?? { value: userOf(base?.user, base), instruction: undefined },
		shell: remains?.shell ?? ['/bin/sh', '-c'],
		entrypoint: parent?.entrypoint,
		command: parent === undefined ? baseCommand(base) : parent.command,
		commandKnown: parent?.commandKnown ?? base?.commandKnown ?? false,
		ran: [],
		unfollowed: new Set(),
		builds: [],
		copies: [],
		onbuild: [],
	};
	for (const { instruction } of remains?.onbuild ?? []) {
		if (instruction === undefined) continue;
		build.commandBudget -= 1;
		if (build.commandBudget < 0) {
			run.tree.makeUnknown('/');
			break;
		}
		follow(run, instruction);
	}
	return run;
}

/** What a name with TARGETOS in it stands for where the image is a Linux one, as images are unless somebody asks for another. */
function referenceForLinux(build: BuildRun, raw: string | undefined): string | undefined {
	if (raw === undefined || !raw.includes('TARGETOS')) return undefined;
	const lookup = lookupOf(build.globalArguments);
	return expandWord(raw, build.dockerfile.escape, (name) => (name === 'TARGETOS' ? { value: 'linux' } : lookup(name)));
}

/** A stage whose base is named by a variable of unknown value may build on any stage whose name fits around it. */
function noteUnknownName(build: BuildRun, stage: Stage, raw: string | undefined): void {
	if (raw === undefined || raw.length > 500) return;
	const pieces = raw
		.replace(/^["']|["']$/g, '')
		.toLowerCase()
		.split(/\$(?:\w+|\{[^{}]*\})/);
	for (const other of build.dockerfile.stages.slice(0, stage.index)) {
		const name = build.perhapsUsed.has(other.index) ? undefined : nameOf(other);
		if (name === undefined) continue;
		if (name.startsWith(pieces[0] ?? '') && name.endsWith(pieces.at(-1) ?? '')) build.perhapsUsed.add(other.index);
	}
}

function baseEnvironment(base: BaseImage | undefined): Map<string, Setting<string | undefined>> {
	const values = new Map<string, Setting<string | undefined>>();
	for (const [name, value] of base?.environment ?? []) values.set(name, { value, instruction: undefined });
	return values;
}

function baseCommand(base: BaseImage | undefined): StageState['command'] {
	if (base?.command === undefined) return undefined;
	const nowhere = { start: 0, end: 0 };
	return {
		value: { form: 'exec', items: base.command.map((value) => ({ value, range: nowhere })), range: nowhere },
		instruction: undefined,
	};
}

function userOf(text: string | undefined, base: BaseImage | undefined): UserSetting {
	if (text === undefined) return { text: undefined, user: undefined, group: undefined, uid: undefined, gid: undefined };
	const listed = base?.users?.get(text);
	const uid = /^\d+$/.test(text) ? Number(text) : text === 'root' ? 0 : listed?.uid;
	// A user given as a number gets the group that passwd lists for the number.
	const byNumber = [...(base?.users?.values() ?? [])].find((account) => account.uid === uid);
	return { text, user: text, group: undefined, uid, gid: uid === 0 ? 0 : (listed?.gid ?? byNumber?.gid) };
}

/** Follows one instruction. */
function follow(run: StageRun, instruction: Instruction): void {
	switch (instruction.keyword) {
		case 'ARG':
			for (const { name, value } of instruction.assignments) {
				const global = run.build.globalArguments.get(name);
				const given = run.build.context?.arguments;
				const expanded = given?.has(name) ? given.get(name) : value === undefined ? global?.value : expandIn(run, value);
				run.arguments.set(name, { value: expanded, instruction });
			}
			return;
		case 'ENV': {
			// All values of one instruction see the environment before it.
			const values = instruction.assignments.map(({ value }) => (value === undefined ? '' : expandIn(run, value)));
			for (const [index, { name }] of instruction.assignments.entries()) run.environment.set(name, { value: values[index], instruction });
			return;
		}
		case 'WORKDIR': {
			const path = instruction.words[0] === undefined ? undefined : expandIn(run, instruction.words[0]);
			if (path === undefined || path === '') run.workingDirectory = undefined;
			else if (path.startsWith('/')) run.workingDirectory = shortPath(join('/', path));
			else run.workingDirectory = run.workingDirectory && shortPath(join(run.workingDirectory, path));
			if (run.workingDirectory !== undefined) {
				// BuildKit makes the directory, and those above it that are not there, with the owner that USER names.
				run.tree.makeDirectory(run.workingDirectory, { instruction, mode: 0o755, owner: run.user.value.uid });
			}
			return;
		}
		case 'USER': {
			const text = instruction.words[0] === undefined ? undefined : expandIn(run, instruction.words[0]);
			run.user = { value: userNamed(run.tree, text), instruction };
			return;
		}
		case 'SHELL':
			if (instruction.command?.form === 'exec') run.shell = instruction.command.items.map((item) => item.value);
			if (/powershell|pwsh|cmd/i.test(run.shell[0] ?? '') && !run.shell[0]?.startsWith('/')) run.windows = true;
			return;
		case 'RUN':
			runInstruction(run, instruction);
			return;
		case 'COPY':
		case 'ADD':
			copyInstruction(run, instruction);
			return;
		case 'VOLUME':
			for (const word of instruction.words) {
				const path = expandIn(run, word);
				if (path?.startsWith('/') && run.tree.has(path) === 'no') run.tree.makeDirectory(path, { instruction, mode: 0o755, owner: 0 });
			}
			return;
		case 'ENTRYPOINT':
			run.entrypoint = settingOf(instruction.command, instruction);
			// An ENTRYPOINT drops the CMD that it finds, unless that is of this stage.
			if (run.command?.instruction === undefined || run.command.instruction.stage !== run.stage.index) run.command = undefined;
			run.commandKnown = true;
			return;
		case 'CMD':
			run.command = settingOf(instruction.command, instruction);
			return;
		case 'ONBUILD':
			run.onbuild.push(instruction);
			return;
		default:
			return;
	}
}

/** `ENTRYPOINT []` and `CMD []` take back what the base image says. */
function settingOf(command: CommandForm | undefined, instruction: Instruction): Setting<CommandForm | undefined> | undefined {
	if (command?.form === 'exec' && command.items.length === 0) return undefined;
	return { value: command, instruction };
}

function stateOf(run: StageRun): StageState {
	const environment = run.environment.snapshot();
	const places = { files: run.tree, environment, workingDirectory: run.workingDirectory };
	return {
		stage: run.stage,
		base: run.base,
		imageReference: run.imageReference,
		parent: run.parent,
		platform: run.platform,
		windows: run.windows,
		environment,
		workingDirectory: run.workingDirectory,
		directories: run.directories,
		user: run.user,
		shell: run.shell[0] === undefined ? 'unknown' : findExecutable(places, run.shell[0]),
		files: run.tree,
		entrypoint: run.entrypoint,
		command: run.command,
		commandKnown: run.commandKnown,
		ran: run.ran,
		unfollowed: run.unfollowed,
		builds: run.builds,
		copies: run.copies,
	};
}
