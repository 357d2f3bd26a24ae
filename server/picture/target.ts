import type { Facts, Target } from '../facts/facts.ts';
import type { StageState } from '../image/model.ts';

/**
 * The target that a picture is of: the stage of that name or number, any of the Dockerfile; without a name the last one that ships, as
 * `docker build` builds it.
 *
 * @returns `undefined` where there is no such stage, or none at all
 */
export function targetNamed(facts: Facts, name?: string): Target | undefined {
	if (name === undefined) {
		const last = facts.image.stages.at(-1);
		return facts.targets.find(({ state }) => state === last) ?? facts.targets.at(-1) ?? (last && targetOf(facts, last));
	}
	const wanted = name.toLowerCase();
	const state = facts.image.stages.findLast(
		({ stage }) => stage.from.alias?.raw.toLowerCase() === wanted || String(stage.index) === wanted,
	);
	return state && (facts.targets.find((target) => target.state === state) ?? targetOf(facts, state));
}

/** The names of the stages, numbers for those without. */
export function stageNames({ image }: Pick<Facts, 'image'>): string[] {
	return image.stages.map(({ stage }) => stage.from.alias?.raw ?? String(stage.index));
}

/** A stage that does not ship as a target. */
function targetOf(facts: Facts, state: StageState): Target {
	const binaries = state.files.builds().map(({ path, build }) => ({
		...{ path, build, mainPackage: undefined, program: facts.programOf(build), started: false },
	}));
	return { state, binaries, startedFile: undefined };
}
