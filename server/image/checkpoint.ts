import type { Dockerfile, Instruction, Stage } from '../dockerfile/syntax.ts';
import { remembered } from '../text/remembered.ts';
import { nameOf } from './copy-instruction.ts';
import type { MutableTree } from './file-tree.ts';
import type { ImageBuild, StageState } from './model.ts';
import type { RunOptions } from './run.ts';
import type { BuildRun, StageRun } from './stage-run.ts';
import type { WatchedTree } from './watched-tree.ts';

/**
 * Where the run of a Dockerfile goes on after a keystroke. People type in one place for a while: what stands before it has been followed
 * already and is the same, so that the run of the next text starts there.
 */
export interface Checkpoint {
	/** All that the run knew of beside the instructions; it holds for another text only where that knows the same. */
	readonly options: RunOptions;
	readonly surroundings: string;
	/** The instructions that were followed, all of the stages before included. */
	readonly followed: readonly Instruction[];
	readonly build: BuildRun;
	readonly clock: Readonly<BuildRun['clock']>;
	/** The stage in which the run stood, and how many of its instructions it had followed. */
	readonly run: StageRun;
	readonly position: number;
}

/** What the runs of one Dockerfile's texts leave to one another; empty before the first of them. */
export interface RunMemory {
	checkpoint?: Checkpoint | undefined;
	/** The last of those where nothing was typed that changes files, and of those where that may have changed any. */
	rest?: RestOfRun | undefined;
	restOfUnknown?: RestOfRun | undefined;
	/** What came of the last text, and what was known for it. */
	last?: { readonly image: ImageBuild; readonly options: RunOptions };
}

/** What comes of the instructions behind a checkpoint that are not being typed. */
export interface RestOfRun {
	readonly checkpoint: Checkpoint;
	/** Those instructions, of the stages behind too. */
	readonly instructions: readonly Instruction[];
	/** From the checkpoint's stage on. */
	readonly stages: readonly StageState[];
	/** Of the checkpoint's stage, as the instructions left it and as they saw it. */
	readonly tree: MutableTree;
	readonly watched: WatchedTree;
	readonly build: BuildRun;
	readonly clock: Readonly<BuildRun['clock']>;
}

/** A place in a Dockerfile: a stage, and how many of its instructions stand before it. */
export interface Place {
	readonly stage: number;
	readonly position: number;
	/** How many of the stage's instructions, counted from its end, are the same as before; below 0 where a stage behind it changed too. */
	readonly sameBehind: number;
}

/** The place of the first instruction that is not what it was in the text before; `undefined` where that is before the first stage's first. */
export function placeOfChange(dockerfile: Dockerfile, memory: RunMemory): Place | undefined {
	const before = memory.last?.image.dockerfile.instructions ?? [];
	const { instructions, stages } = dockerfile;
	let same = 0;
	while (same < instructions.length && instructions[same] === before[same]) same++;
	const most = Math.min(instructions.length, before.length) - same;
	let sameBehind = 0;
	while (sameBehind < most && instructions.at(-1 - sameBehind) === before.at(-1 - sameBehind)) sameBehind++;
	let followed = instructions.length;
	for (const stage of [...stages].reverse()) {
		const end = followed;
		followed -= stage.instructions.length;
		if (same >= followed) return { stage: stage.index, position: same - followed, sameBehind: sameBehind - (instructions.length - end) };
		followed -= 1;
	}
	return undefined;
}

/** What a run looks at ahead of where it stands, for {@link Checkpoint.surroundings}: the stages' names, and what they start. */
function surroundingsOf(dockerfile: Dockerfile): string {
	const { text, stages } = dockerfile;
	const parts: string[] = [dockerfile.escape];
	for (const stage of stages) {
		parts.push(`stage ${nameOf(stage) ?? ''}`, ...startingIn(stage).map(({ range }) => text.slice(range.start, range.end)));
	}
	return parts.join('\0');
}

const startingIn = remembered(({ instructions }: Stage) =>
	instructions.filter(({ keyword }) => keyword === 'ENTRYPOINT' || keyword === 'CMD'),
);

/** Notes where a run stands, which goes on. */
export function checkpointOf(run: StageRun, position: number, options: RunOptions): Checkpoint {
	const { build, stage } = run;
	const { instructions } = build.dockerfile;
	const from = instructions.indexOf(stage.from);
	return {
		options,
		surroundings: surroundingsOf(build.dockerfile),
		followed: instructions.slice(0, from + 1 + position),
		build: { ...build, stages: [...build.stages], perhapsUsed: new Set(build.perhapsUsed) },
		clock: { ...build.clock },
		run: copyOf(run, build),
		position,
	};
}

/** Whether two runs know the same beside the Dockerfile. */
export function areSame(one: RunOptions, other: RunOptions): boolean {
	return one.context === other.context && one.go === other.go;
}

/** The run at the checkpoint, to go on in the Dockerfile; `undefined` where it cannot, for something before that place is different. */
export function runFrom(checkpoint: Checkpoint | undefined, dockerfile: Dockerfile, options: RunOptions): StageRun | undefined {
	if (checkpoint === undefined || !areSame(checkpoint.options, options)) return undefined;
	const { followed, run } = checkpoint;
	const stage = dockerfile.stages[run.stage.index];
	if (stage === undefined || followed.some((instruction, index) => dockerfile.instructions[index] !== instruction)) return undefined;
	if (checkpoint.surroundings !== surroundingsOf(dockerfile)) return undefined;
	const { stages, perhapsUsed } = checkpoint.build;
	const build: BuildRun = { ...checkpoint.build, dockerfile, stages: [...stages], perhapsUsed: new Set(perhapsUsed) };
	for (const [index, each] of build.stages.entries()) {
		if (dockerfile.stages[index] !== each.stage) return undefined;
	}
	// All trees of these runs go by one clock. What the last run wrote behind the checkpoint is in no tree of this one.
	Object.assign(build.clock, checkpoint.clock);
	return copyOf({ ...run, stage }, build);
}

function copyOf(run: StageRun, build: BuildRun): StageRun {
	return {
		...run,
		build,
		tree: run.tree.fork(),
		environment: run.environment.fork(),
		arguments: run.arguments.fork(),
		goEnvironment: new Map(run.goEnvironment),
		ran: [...run.ran],
		builds: [...run.builds],
		copies: [...run.copies],
		onbuild: [...run.onbuild],
	};
}
