import type { Instruction } from '../dockerfile/syntax.ts';
import { remembered } from '../text/remembered.ts';
import type { CopiedSource, ImageBuild, RanCommand, StageState } from './model.ts';

/** The stages that `state` builds on, the oldest first, and `state` itself: their instructions in this order make the stage. */
export function chainOf(state: StageState): StageState[] {
	const chain: StageState[] = [];
	for (let each: StageState | undefined = state; each !== undefined; each = each.parent) chain.push(each);
	return chain.reverse();
}

/** The stage at the start of the chain, whose FROM names an image. */
export function rootOf(state: StageState): StageState {
	let root = state;
	while (root.parent !== undefined) root = root.parent;
	return root;
}

/** All copies that make the stage, in order, those of the stages that it builds on included. */
export function copiesOf(state: StageState): CopiedSource[] {
	return chainOf(state).flatMap((each) => each.copies);
}

/** All programs that are run to make the stage, in order. */
export function commandsOf(state: StageState): RanCommand[] {
	return chainOf(state).flatMap((each) => each.ran);
}

/** The stages that a target is made of: those that it builds on or copies from, and so on. Others are for tests and the like. */
export const contributingStages = remembered(findContributing);

function findContributing(image: ImageBuild): ReadonlySet<StageState> {
	const byName = new Map<string, StageState>();
	for (const state of image.stages) {
		byName.set(String(state.stage.index), state);
		const alias = state.stage.from.alias?.raw.toLowerCase();
		if (alias !== undefined) byName.set(alias, state);
	}
	const found = new Set<StageState>();
	// An image for others to build on is no target, and is built all the same.
	const pending = image.targets.length > 0 ? [...image.targets] : image.stages.slice(-1);
	for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
		if (found.has(state)) continue;
		found.add(state);
		if (state.parent !== undefined) pending.push(state.parent);
		for (const { from } of state.copies) if (from.kind === 'stage') pending.push(from.state);
		for (const instruction of state.stage.instructions) {
			for (const name of mountedStages(instruction)) {
				const mounted = byName.get(name.toLowerCase());
				if (mounted !== undefined) pending.push(mounted);
			}
		}
	}
	return found;
}

/** The names behind `from=` in the mounts of a RUN. */
function mountedStages(instruction: Instruction): string[] {
	if (instruction.keyword !== 'RUN') return [];
	return instruction.flags.flatMap((flag) => /(?:^|,)from=([^,]+)/.exec(flag.value?.raw ?? '')?.[1] ?? []);
}

/** The working directory in front of an instruction of the chain; `undefined` where it is not known. */
export function workingDirectoryAt(state: StageState, instruction: Instruction): string | undefined {
	for (let each: StageState | undefined = state; each !== undefined; each = each.parent) {
		if (each.directories.has(instruction)) return each.directories.get(instruction);
	}
	return undefined;
}

/** Whether a command runs before an instruction, for two of one chain. */
export function isBefore(instruction: Instruction, other: Instruction): boolean {
	return instruction.range.start < other.range.start;
}
