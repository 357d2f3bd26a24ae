import type { Facts, Target } from '../facts/facts.ts';
import type { CopiedSource, StageState } from '../image/model.ts';
import { pictureInstruction } from './instructions.ts';
import type { PictureFlow, PictureStage } from './model.ts';

/** The stages of the Dockerfile as columns. */
export function stagesOf(facts: Facts, target: Target): PictureStage[] {
	const used = stagesUsed(target);
	return facts.image.stages.map((state) => {
		const { alias } = state.stage.from;
		return {
			index: state.stage.index,
			...(alias !== undefined && { name: alias.raw }),
			...(state.imageReference !== undefined && { base: state.imageReference }),
			from: pictureInstruction(facts.dockerfile, state.stage.from),
			target: state === target.state,
			used: used.has(state),
		};
	});
}

/** The stages that the target is made of: those that it builds on or copies from, and so on. */
export function stagesUsed(target: Target): ReadonlySet<StageState> {
	const used = new Set<StageState>();
	const pending = [target.state];
	for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
		if (used.has(state)) continue;
		used.add(state);
		if (state.parent !== undefined) pending.push(state.parent);
		for (const { from } of state.copies) if (from.kind === 'stage') pending.push(from.state);
	}
	return used;
}

/** All that goes from one stage, image or context to a stage. */
export function flowsOf(facts: Facts): PictureFlow[] {
	return facts.image.stages.flatMap((state) => {
		const to = state.stage.index;
		const instruction = pictureInstruction(facts.dockerfile, state.stage.from);
		const base: PictureFlow['from'] | undefined =
			state.parent !== undefined
				? { stage: state.parent.stage.index }
				: state.imageReference === undefined
					? undefined
					: { image: state.imageReference };
		const extended: PictureFlow[] = base === undefined ? [] : [{ from: base, to, extends: true, instruction }];
		const copied = state.copies.flatMap((copy) => {
			const from = originOf(copy);
			return from === undefined
				? []
				: [
						{
							from,
							to,
							extends: false,
							...(copy.source !== undefined && { source: copy.source }),
							...(copy.destination !== undefined && { destination: copy.destination }),
							instruction: pictureInstruction(facts.dockerfile, copy.instruction),
						},
					];
		});
		return [...extended, ...copied];
	});
}

function originOf({ from }: CopiedSource): PictureFlow['from'] | undefined {
	switch (from.kind) {
		case 'context':
			return { context: true };
		case 'stage':
			return { stage: from.state.stage.index };
		case 'image':
			return { image: from.reference };
		default:
			return undefined;
	}
}
