import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from './arguments.ts';
import { shownPath } from './checked.ts';

/** What the system's codes mean to a person; others say it in the system's own words. */
const REASONS: Readonly<Record<string, string>> = {
	EACCES: 'permission is denied',
	EPERM: 'permission is denied',
	ENOENT: 'there is no such file or directory',
	ENOTDIR: 'a part of its path is no directory',
	EISDIR: 'it is a directory',
	EEXIST: 'it is there already',
	EROFS: 'the file system is read-only',
	ENOSPC: 'no space is left',
	EDQUOT: 'no space is left',
	EBUSY: 'it is in use',
	ETXTBSY: 'it is in use',
	ELOOP: 'its links go round in circles',
	ENAMETOOLONG: 'its name is too long',
};

/** Why the system refused something, to stand behind a colon. */
export function reasonOf(error: unknown): string {
	const reason = REASONS[(error as NodeJS.ErrnoException | undefined)?.code ?? ''];
	return reason ?? (error instanceof Error ? error.message : String(error));
}

/** Why the file cannot be read, or `undefined` where the system lets it be read. */
export function whyUnreadable(path: string): string | undefined {
	try {
		accessSync(path, constants.R_OK);
		return undefined;
	} catch (error) {
		return reasonOf(error);
	}
}

/**
 * Writes the text into the file.
 *
 * @param flag As Node has it: `w` overwrites, `wx` does not.
 * @throws UsageError where that cannot be done, with the reason.
 */
export function writeText(path: string, text: string, flag: 'w' | 'wx' = 'w'): void {
	attempt(path, () => writeFileSync(path, text, { flag }));
}

/**
 * Asks whether a file can be written, so that of several either all are or none is.
 *
 * @throws UsageError where it cannot, with the reason.
 */
export function demandWritable(path: string): void {
	attempt(path, () => {
		let nearest = path;
		// What is not there yet is made in the nearest directory that is.
		while (statSync(nearest, { throwIfNoEntry: false }) === undefined && dirname(nearest) !== nearest) nearest = dirname(nearest);
		accessSync(nearest, constants.W_OK);
	});
}

/** @throws UsageError in place of what the system says of a file that is to be written. */
export function attempt<T>(path: string, write: () => T): T {
	try {
		return write();
	} catch (error) {
		// Of a file that is to be made, it is the directory that is not there.
		const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'its directory is not there' : reasonOf(error);
		throw new UsageError(`${shownPath(path)} cannot be written: ${reason}.`);
	}
}
