import { accessSync, constants } from 'node:fs';

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
		return reasonAt(path, error);
	}
}

/** Why the system refused something of `path`, which it may know under a name that is no text. */
export function reasonAt(path: string, error: unknown): string {
	return isAbsence(error) && path.includes('\uFFFD') ? 'its name is not UTF-8' : reasonOf(error);
}

/** Whether the system says that there is no such file. */
export function isAbsence(error: unknown): boolean {
	return /^(?:ENOENT|ENOTDIR)$/.test((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}
