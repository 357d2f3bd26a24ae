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
	return expandTextIn(run, word.raw);
}

/** {@link expandIn} for text that is read as a word is. */
export function expandTextIn(run: StageRun, raw: string): string | undefined {
	const value = expandWord(raw, run.build.dockerfile.escape, lookupIn(run));
	// What was written is there in any case.
	return value !== undefined && !afford(run, value.length - raw.length) ? undefined : value;
}

/** How many characters of expanded text count as one command of the budget. */
const CHARACTERS_OF_COMMAND = 256;

/**
 * Takes text that comes of an expansion from the budget of what is followed.
 *
 * @param length In characters.
 * @returns Whether there was enough of it.
 */
export function afford(run: StageRun, length: number): boolean {
	run.build.commandBudget -= Math.max(0, Math.floor(length / CHARACTERS_OF_COMMAND));
	return run.build.commandBudget >= 0;
}

/** Linux knows no longer path. */
const MAX_PATH_LENGTH = 4096;

/** The path, or `undefined` where it is so long that no system has it. */
export function shortPath(path: string): string | undefined {
	return path.length > MAX_PATH_LENGTH ? undefined : path;
}
