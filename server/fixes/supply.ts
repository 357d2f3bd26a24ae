import { type Written, type WrittenEdit, written } from '../dockerfile/write.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import type { Fix } from '../findings/finding.ts';
import type { GoBuild, StageState } from '../image/model.ts';
import { copiesOf } from '../image/stage-chain.ts';
import type { Need } from '../needs/needs.ts';
import { addTag, onePerCommand } from './go-command.ts';
import { insertAfter, lastCopy, lastInstruction, stageReference } from './instructions.ts';

/**
 * The stage that files for `target` can be made in: the one that builds a binary of the target, else one that the target copies from,
 * else the nearest earlier one that does not ship itself; it has a shell and runs as root, so that a RUN at its end can write anywhere.
 */
export function preparingStage(facts: Facts, target: Target): StageState | undefined {
	const usable = (state: StageState | undefined): state is StageState =>
		state !== undefined &&
		state.stage.index < target.state.stage.index &&
		!state.windows &&
		state.shell === 'yes' &&
		state.user.value.uid === 0;
	const builders = target.binaries.map((binary) => binary.build && stateOf(facts, binary.build));
	const sources = copiesOf(target.state).map(({ from }) => (from.kind === 'stage' ? from.state : undefined));
	const helps = (state: StageState | undefined): state is StageState =>
		usable(state) && !facts.targets.some((each) => each.state === state);
	return builders.find(usable) ?? sources.find(helps) ?? facts.image.stages.findLast(helps);
}

/** The state of the stage that a build runs in. */
export function stateOf(facts: Facts, build: GoBuild): StageState | undefined {
	return facts.image.stages[build.stage.index];
}

/** The edits that copy what the needs want from the preparing stage; `undefined` where no stage can give it. */
export function supplyEdits(facts: Facts, target: Target, needs: readonly Need[]): WrittenEdit[] | undefined {
	const from = preparingStage(facts, target);
	if (from === undefined) return undefined;
	const { dockerfile } = facts;
	const edits: WrittenEdit[] = [];
	for (const { provided, supply } of needs) {
		if (supply.copy === undefined) return undefined;
		if (supply.prepare === undefined && provided(from) !== 'yes') return undefined;
		const prepared = supply.prepared !== undefined && from.files.has(supply.prepared) === 'yes';
		if (supply.prepare !== undefined && !prepared)
			edits.push(insertAfter(dockerfile, lastInstruction(from.stage), [written`RUN ${supply.prepare}`]));
		edits.push(insertAfter(dockerfile, lastCopy(target.state.stage), [supply.copy(stageReference(from.stage))]));
	}
	return edits;
}

/** The fix that copies what a need wants from the preparing stage; `undefined` where no stage can give it. */
export function copyFix(facts: Facts, target: Target, need: Need, title: string, preferred: boolean): Fix | undefined {
	const edits = supplyEdits(facts, target, [need]);
	return edits && { title, edits, preferred };
}

/** The fix that adds a build tag to every build of `binaries`; `undefined` where one of them cannot be edited. */
export function tagFix(facts: Facts, binaries: readonly ShippedBinary[], tag: Written, title: string, preferred: boolean): Fix | undefined {
	if (binaries.some(({ build }) => build === undefined)) return undefined;
	const edits: WrittenEdit[] = [];
	for (const build of onePerCommand(binaries.flatMap(({ build }) => build ?? []))) {
		const added = addTag(facts.dockerfile, build, tag);
		if (added === undefined) return undefined;
		edits.push(...added);
	}
	return edits.length > 0 ? { title, edits, preferred } : undefined;
}
