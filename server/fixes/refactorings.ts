import type { Facts, Target } from '../facts/facts.ts';
import type { Fix } from '../findings/finding.ts';
import type { NeedId } from '../knowledge/need-ids.ts';
import { certificateRoots, zoneData } from '../needs/needs.ts';
import type { Range } from '../text/text.ts';
import { addDebugTarget, addDelveTarget } from './debug-target.ts';
import { inExecForm } from './instructions.ts';
import { withLosses } from './losses.ts';
import { moves } from './move-image.ts';
import { nobodyFixes } from './nobody-fixes.ts';
import { copyFix, tagFix } from './supply.ts';
import { splitIntoStages } from './two-stages.ts';

/** A server in a browser loads it with the refactorings, when a fix is asked for (scripts/build.ts). */
export { splitIntoStages };

/**
 * Actions on the stage or the command at `range` that need a person's decision. They are offered with or without a finding, unless
 * they would change nothing.
 */
export function refactorings(facts: Facts, range: Range): Fix[] {
	const { dockerfile } = facts;
	const instruction = dockerfile.instructions.find((each) => each.range.start <= range.end && range.start <= each.range.end);
	if (instruction === undefined) return [];
	const actions: (Fix | undefined)[] = [];
	if ((instruction.keyword === 'CMD' || instruction.keyword === 'ENTRYPOINT') && instruction.command?.form === 'shell') {
		const edit = inExecForm(instruction.command);
		if (edit !== undefined) actions.push({ title: 'Convert to exec form', edits: [edit], preferred: false });
	}
	const target = facts.targets.find(({ state }) => state.stage.index === instruction.stage);
	if (target !== undefined) actions.push(...onStage(facts, target));
	// Of the image as a whole: on its FROM alone.
	if (target !== undefined && instruction.keyword === 'FROM')
		actions.push(...moves(facts, target), addDebugTarget(facts, target), addDelveTarget(facts, target));
	return actions.filter((action) => action !== undefined);
}

function onStage(facts: Facts, target: Target): (Fix | undefined)[] {
	const { state, binaries } = target;
	const actions: (Fix | undefined)[] = [];
	if (certificateRoots.provided(state) !== 'yes' && mayNeed(target, 'certificate-roots'))
		actions.push(copyFix(facts, target, certificateRoots, 'Copy CA certificates into this stage', false));
	if (state.user.instruction === undefined || state.user.value.uid === 0) {
		const [first] = nobodyFixes(facts, target);
		if (first !== undefined) actions.push({ ...first, preferred: false });
	}
	const built = binaries.filter(({ build, program }) => build !== undefined && !program?.embedded.has('zone-data'));
	const { tag } = zoneData.supply;
	if (tag !== undefined && built.length > 0 && mayNeed(target, 'zone-data'))
		actions.push(tagFix(facts, built, tag, 'Embed time zone data (-tags timetzdata)', false));
	if (state.base?.go !== undefined) {
		const split = splitIntoStages(facts, target);
		if (split !== undefined)
			actions.push({ ...split, ...withLosses('Split into build and scratch stages', split.losses ?? []), preferred: false });
	}
	return actions;
}

/** Whether a program of the target needs it, or is not known well enough to say that none does. */
function mayNeed({ binaries }: Target, need: NeedId): boolean {
	const whole = binaries.length > 0 && binaries.every(({ program }) => program !== undefined && program.unread.length === 0);
	return !whole || binaries.some(({ program }) => program?.evidence.some((evidence) => evidence.need === need));
}
