import { expandWord, type Lookup } from '../dockerfile/expand.ts';
import type { Word } from '../dockerfile/syntax.ts';
import type { Environment } from './model.ts';
import type { StageRun } from './stage-run.ts';
import { layered } from './variables.ts';

/** Looks names up as the builder does within a stage: ENV before ARG. Nothing is certain to be unset where the base image is unknown. */
export function lookupIn(run: StageRun): Lookup {
	return lookupOf(layered(run.environment, run.arguments));
}

export function lookupOf(environment: Environment): Lookup {
	return (name) => {
		const setting = environment.get(name);
		if (setting !== undefined) return { value: setting.value };
		return environment.complete ? undefined : { value: undefined };
	};
}

/** The word as the builder expands it within the stage; `undefined` where that is not known. */
export function expandIn(run: StageRun, word: Word): string | undefined {
	return expandWord(word.raw, run.build.dockerfile.escape, lookupIn(run));
}
