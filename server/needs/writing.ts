import type { StageState } from '../image/model.ts';
import type { Answer } from '../text/answer.ts';
import { ancestors, join } from '../workspace/paths.ts';
import { writable } from './needs.ts';

/** Where a program may write as the user of a stage. */

/** The directory in the image: a relative one lies below the working directory. */
export function whereItLies(state: StageState, directory: string | undefined): string | undefined {
	if (directory === undefined || directory.startsWith('/')) return directory;
	return state.workingDirectory === undefined ? undefined : join(state.workingDirectory, directory);
}

/** Whether the user may write in the directory, or in the nearest one above it that is there and so may make it. */
export function mayWriteIn(state: StageState, directory: string): Answer {
	for (const path of ancestors(directory)) {
		const present = path === '/' ? 'yes' : state.files.has(path);
		if (present === 'unknown') return isRootsInBase(state, path) ? 'no' : 'unknown';
		if (present === 'yes') return writable(state, path);
	}
	return 'unknown';
}

/** Directories of distributions in which everybody may write. */
const OPEN_TO_ALL = /^\/(?:tmp|var\/tmp|run\/lock|var\/lock|dev|var\/mail|var\/spool)(?:\/|$)/;

/**
 * Whether only the base image can hold the path, in one of its system directories: what a distribution keeps there belongs to root, or to
 * users of its own.
 */
function isRootsInBase({ base, files, user }: StageState, path: string): boolean {
	if (base === undefined || !base.files.listed || files.mayHaveWritten(path) || OPEN_TO_ALL.test(path)) return false;
	const { uid } = user.value;
	return uid !== undefined && uid >= FIRST_ORDINARY_USER;
}

/** Below are the users of the distribution, which own some of its directories (login.defs(5), UID_MIN). */
const FIRST_ORDINARY_USER = 1000;
