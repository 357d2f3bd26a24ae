import { accessSync, constants } from 'node:fs';

/** What the system's codes mean to a person; others say it in the system's own words. */
const REASONS: Readonly<Record<string, string>> = {
	EACCES: 'permission denied',
	EPERM: 'permission denied',
	ENOENT: 'no such file or directory',
	ENOTDIR: 'a part of its path is not a directory',
	EISDIR: 'it is a directory',
	EEXIST: 'it exists',
	EROFS: 'the file system is read-only',
	ENOSPC: 'no space left on device',
	EDQUOT: 'no space left on device',
	EBUSY: 'it is in use',
	ETXTBSY: 'it is in use',
	ELOOP: 'too many levels of symbolic links',
	ENAMETOOLONG: 'its name is too long',
};

/** Why the system refused something, for use after a colon. */
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
