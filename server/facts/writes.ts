import type { Service } from '../deployments/model.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import { evidenceOf } from './evidence.ts';
import type { Target } from './facts.ts';

/**
 * Where the program of a target writes as it is started: not what it does for other sub-commands, not a directory that it makes without looking whether that succeeds, nor the default
 * of a setting that the command or the environment may replace.
 *
 * @param service what starts the target, where something does
 */
export function writesOf(target: Target, service?: Service): ReturnType<typeof evidenceOf> {
	const words = resolveCommandPath(target.state)?.arguments ?? [];
	const told = words.some(mayNamePath) || namesPaths(target.state) || (service !== undefined && mayTell(service));
	return evidenceOf(target, 'writable-directory').filter(({ binary, evidence: { flag, changeable, ignored, unstarted } }) => {
		if (ignored || unstarted !== undefined) return false;
		if (!binary.started) return true;
		if (flag !== undefined && words.some((word) => givesFlag(word, flag))) return false;
		return !(changeable && told);
	});
}

/** Where the program of a target makes temporary files as it is started: not where it does so only if it is told to. */
export function temporaryFilesOf(target: Target): ReturnType<typeof evidenceOf> {
	const words = resolveCommandPath(target.state)?.arguments ?? [];
	return evidenceOf(target, 'temporary-directory').filter(
		({ evidence: { given, flag } }) => !given && (flag === undefined || !words.some((word) => givesFlag(word, flag))),
	);
}

/** Whether a word of a command may be the flag; one that is not known may. */
function givesFlag(word: string | undefined, flag: string): boolean {
	return word === undefined || word.replace(/^--?/, '').split('=', 1)[0] === flag;
}

/** Whether a setting may name a directory, or a file that does. */
function mayNamePath(value: string | undefined): boolean {
	return value === undefined || (value.includes('/') && !value.includes('://'));
}

/** Whether an ENV of the image may. */
function namesPaths(state: StageState): boolean {
	for (let each: StageState | undefined = state; each !== undefined; each = each.parent) {
		for (const instruction of each.stage.instructions) {
			if (instruction.keyword !== 'ENV') continue;
			if (instruction.assignments.some(({ name }) => name !== 'PATH' && mayNamePath(state.environment.get(name)?.value))) return true;
		}
	}
	return false;
}

/** Whether the service may: by a variable, or by a file that it gives the program. */
function mayTell({ environment, mounts }: Service): boolean {
	return (
		!environment.complete ||
		[...environment.variables.values()].some(({ value }) => mayNamePath(value)) ||
		!mounts.complete ||
		mounts.all.some(({ kind }) => GIVES_FILES.has(kind))
	);
}

const GIVES_FILES: ReadonlySet<string> = new Set(['bind', 'config', 'secret', 'image', 'unknown']);
