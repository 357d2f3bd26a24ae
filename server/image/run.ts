import type { Dockerfile, Instruction, Stage } from '../dockerfile/syntax.ts';
import type { GoWorkspace } from '../program/model.ts';
import {
	areSame,
	type Checkpoint,
	checkpointOf,
	type Place,
	placeOfChange,
	type RestOfRun,
	type RunMemory,
	runFrom,
} from './checkpoint.ts';
import { follow, followStages, startBuild } from './follow.ts';
import type { BuildContext, CopiedSource, ImageBuild, StageState } from './model.ts';
import type { BuildRun, StageRun } from './stage-run.ts';
import { targetsOf } from './targets.ts';
import { commutes, watchTree } from './watched-tree.ts';

/** What an abstract run knows beside the Dockerfile. */
export interface RunOptions {
	/** The directory that is sent; `undefined` where it is not known. */
	readonly context: BuildContext | undefined;
	/** For the names of binaries; `undefined` while the workspace has not been read. */
	readonly go: GoWorkspace | undefined;
}

/**
 * Follows the Dockerfile instruction by instruction without running anything: what each stage is at its end, with the instruction that
 * made each part of it. Whatever depends on something not known is unknown. Never throws; time grows with the text's length.
 *
 * @param memory What the run of the text before left to this one, which says the same without it, and later.
 */
export function runBuild(dockerfile: Dockerfile, options: RunOptions, memory: RunMemory = {}): ImageBuild {
	const { last } = memory;
	if (last?.image.dockerfile === dockerfile && areSame(last.options, options)) return last.image;
	const change = placeOfChange(dockerfile, memory);
	const build = runTyped(dockerfile, options, memory, change) ?? runChanged(dockerfile, options, memory, change);
	const image = { dockerfile, stages: build.stages, targets: targetsOf(build) };
	memory.last = { image, options };
	return image;
}

/** Follows what was not followed before the place of the change. */
function runChanged(dockerfile: Dockerfile, options: RunOptions, memory: RunMemory, change: Place | undefined): BuildRun {
	const resumed = runFrom(memory.checkpoint, dockerfile, options);
	const build = resumed?.build ?? startBuild(dockerfile, options);
	let checkpoint = resumed && memory.checkpoint;
	const standing = checkpoint?.position;
	followStages(build, resumed, standing ?? 0, (run, position) => {
		// Where the text was changed this time it will be changed the next time, or a little further on.
		const isChange = run.stage.index === change?.stage && position === change.position;
		if (isChange && !(run === resumed && position === standing)) checkpoint = checkpointOf(run, position, options);
	});
	memory.checkpoint = checkpoint;
	return build;
}

/** Instructions that change nothing but the files of their stage, if anything. */
const LOCAL: ReadonlySet<Instruction['keyword']> = new Set([
	'RUN',
	'LABEL',
	'EXPOSE',
	'STOPSIGNAL',
	'MAINTAINER',
	'HEALTHCHECK',
	'UNKNOWN',
]);

/**
 * Follows nothing but what is being typed, where that changes files that no other instruction has to do with: what comes of the rest is
 * known, and the changes are made to that.
 *
 * @returns `undefined` where this cannot be, or has to be found out anew
 */
function runTyped(dockerfile: Dockerfile, options: RunOptions, memory: RunMemory, change: Place | undefined): BuildRun | undefined {
	const { checkpoint } = memory;
	if (checkpoint === undefined || change?.stage !== checkpoint.run.stage.index || change.position < checkpoint.position) return undefined;
	const stage = dockerfile.stages[change.stage] as Stage;
	const end = stage.instructions.length - change.sameBehind;
	const typed = stage.instructions.slice(checkpoint.position, end);
	if (change.sameBehind < 0 || !typed.every(({ keyword }) => LOCAL.has(keyword))) return undefined;
	const start = runFrom(checkpoint, dockerfile, options);
	if (start === undefined) return undefined;
	const watched = watchTree(start.tree);
	const run: StageRun = { ...start, tree: watched.tree };
	for (const instruction of typed) follow(run, instruction);
	const changes = watched.changes();
	const { run: before } = checkpoint;
	if (changes === undefined || run.builds.length > before.builds.length || !sameEntries(run.goEnvironment, before.goEnvironment))
		return undefined;
	const ranCommands = run.ran.slice(before.ran.length);
	const spent = checkpoint.build.commandBudget - run.build.commandBudget;

	const unknown = changes === 'unknown';
	const rest = restOf(dockerfile, options, checkpoint, end, unknown ? memory.restOfUnknown : memory.rest, unknown);
	if (unknown) memory.restOfUnknown = rest;
	else memory.rest = rest;
	const changed = unknown ? [] : changes;
	if (rest === undefined || rest.build.commandBudget < spent) return undefined;
	if (changed.length > 0 && (rest.watched.forked() || !changed.every((each) => commutes(each, rest.watched)))) return undefined;
	Object.assign(run.build.clock, rest.clock);
	const tree = rest.tree.fork();
	for (const each of changed) each.apply(tree);
	const [state, ...others] = rest.stages as [StageState, ...StageState[]];
	const restRan = state.ran.slice(before.ran.length);
	const typedInto: StageState = { ...state, stage, files: tree, ran: [...before.ran, ...ranCommands, ...restRan] };
	const stages = [...checkpoint.build.stages, typedInto, ...withReplaced(others, state, typedInto)];
	if (stages.some((each, index) => each.stage !== dockerfile.stages[index])) return undefined;
	return { ...rest.build, dockerfile, stages };
}

function sameEntries<K, V>(one: ReadonlyMap<K, V>, other: ReadonlyMap<K, V>): boolean {
	return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}

/**
 * What comes of the instructions from the position on.
 *
 * @param unknown Whether anything may have been written between the checkpoint and the position; else nothing was.
 */
function restOf(
	dockerfile: Dockerfile,
	options: RunOptions,
	checkpoint: Checkpoint,
	position: number,
	known: RestOfRun | undefined,
	unknown: boolean,
): RestOfRun | undefined {
	const first = dockerfile.instructions.indexOf(checkpoint.run.stage.from) + 1 + position;
	const instructions = dockerfile.instructions.slice(first);
	const isKnown =
		known?.checkpoint === checkpoint &&
		known.instructions.length === instructions.length &&
		known.instructions.every((instruction, index) => instruction === instructions[index]);
	if (isKnown) return known;
	const start = runFrom(checkpoint, dockerfile, options);
	if (start === undefined) return undefined;
	const { tree, build } = start;
	if (unknown) tree.makeUnknown('/');
	const watched = watchTree(tree);
	followStages(build, { ...start, tree: watched.tree }, position);
	return {
		checkpoint,
		instructions,
		stages: build.stages.slice(checkpoint.run.stage.index),
		tree,
		watched,
		build,
		clock: { ...build.clock },
	};
}

/** The stages, of which some copy from one that is replaced by another. */
function withReplaced(stages: readonly StageState[], replaced: StageState, by: StageState): StageState[] {
	const now = new Map([[replaced, by]]);
	return stages.map((state) => {
		const parent = state.parent && now.get(state.parent);
		const copiesFrom = ({ from }: CopiedSource) => (from.kind === 'stage' ? now.get(from.state) : undefined);
		if (parent === undefined && !state.copies.some((copy) => copiesFrom(copy) !== undefined)) return state;
		const copies = state.copies.map((copy): CopiedSource => {
			const other = copiesFrom(copy);
			return other === undefined ? copy : { ...copy, from: { kind: 'stage', state: other } };
		});
		const result: StageState = { ...state, parent: parent ?? state.parent, copies };
		now.set(state, result);
		return result;
	});
}
