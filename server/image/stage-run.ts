import type { Dockerfile, Instruction, OnbuildInstruction, Stage } from '../dockerfile/syntax.ts';
import type { BaseImage } from '../knowledge/base-images.ts';
import type { GoWorkspace } from '../program/model.ts';
import type { ContextView } from './context/context-view.ts';
import type { Clock, MutableTree } from './files/file-tree.ts';
import type { BuildContext, CopiedSource, GoBuild, RanCommand, Setting, StageState, UserSetting } from './model.ts';
import type { Layers, Variables } from './variables.ts';

/** What a simulation knows besides the Dockerfile. */
export interface RunOptions {
	/** The build context; `undefined` if it is unknown. */
	readonly context: BuildContext | undefined;
	/** For the names of binaries; `undefined` while the workspace has not been read. */
	readonly go: GoWorkspace | undefined;
}

/** What all stages of one abstract run share. */
export interface BuildRun {
	readonly dockerfile: Dockerfile;
	readonly context: BuildContext | undefined;
	readonly view: ContextView | undefined;
	readonly go: GoWorkspace | undefined;
	readonly clock: Clock;
	/** The ARG instructions before the first FROM, as far as they were read. */
	readonly globalArguments: Variables;
	/** By index; a stage is there once it has been run. */
	readonly stages: StageState[];
	/** The last stage of each name, in lower case. */
	readonly stagesByName: ReadonlyMap<string, Stage>;
	/** The indexes of the stages whose name may be meant where a variable of unknown value names one. */
	readonly perhapsUsed: Set<number>;
	/** How many commands may still be followed; much text that comes of variables counts too. */
	commandBudget: number;
	/** What the next stages need to know of those that ran and that their states do not show. */
	readonly remains: WeakMap<StageState, StageRemains>;
}

/** A stage whose instructions were followed, as the stages that build on it start. */
export interface StageRemains extends Pick<StageRun, 'tree' | 'goEnvironment' | 'shell' | 'onbuild'> {
	/** The variables that it leaves to the stages that build on it. */
	readonly left: Layers;
}

/** A stage while its instructions are followed. */
export interface StageRun {
	readonly build: BuildRun;
	readonly stage: Stage;
	readonly base: BaseImage | undefined;
	readonly platform: string | undefined;
	windows: boolean;
	readonly imageReference: string | undefined;
	readonly parent: StageState | undefined;
	readonly tree: MutableTree;
	/** The variables that the stage starts with. */
	readonly inherited: Layers;
	/** Set by ENV, over what is inherited. */
	readonly environment: Variables;
	/** Declared by ARG in this stage. */
	readonly arguments: Variables;
	/** Set by `go env -w`, which counts where nothing else sets the variable. */
	readonly goEnvironment: Map<string, string | undefined>;
	workingDirectory: string | undefined;
	readonly directories: Map<Instruction, string | undefined>;
	user: Setting<UserSetting>;
	/** What runs the shell form. */
	shell: readonly string[];
	entrypoint: StageState['entrypoint'];
	command: StageState['command'];
	commandKnown: boolean;
	readonly ran: RanCommand[];
	readonly unfollowed: Set<RanCommand>;
	readonly builds: GoBuild[];
	readonly copies: CopiedSource[];
	readonly onbuild: OnbuildInstruction[];
}

/** The uid as which instructions run, where known. */
export function currentUid(run: StageRun): number | undefined {
	return run.user.value.uid;
}

/** The details of what a RUN makes. */
export function madeBy(
	run: StageRun,
	instruction: Instruction,
	mode?: number,
): { instruction: Instruction; mode: number | undefined; owner: number | undefined } {
	return { instruction, mode, owner: currentUid(run) };
}
