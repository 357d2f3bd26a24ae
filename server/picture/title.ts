import type { PictureTitle } from './model.ts';

/** The image in one line, of what is known of it: `scratch · 4 files · needs 3 of 4 · runs as 65534`. */
export function titleText({ base, files, complete, needs, user }: PictureTitle): string {
	const count = `${files}${complete ? '' : ' known'} ${files === 1 ? 'file' : 'files'}`;
	// An image whose files are all known was built, and what it was built on is not asked.
	return [...(base === undefined && complete ? [] : [base ?? 'unknown base image']), count, needsText(needs), userText(user)].join(' · ');
}

/** `needs 3 of 4`; what is unknown counts as not met, and is said. */
function needsText({ met, unmet, unknown }: PictureTitle['needs']): string {
	const all = met + unmet + unknown;
	if (all === 0) return 'no known needs';
	return `needs ${met} of ${all}${unknown === 0 ? '' : ` (${unknown} unknown)`}`;
}

/** The user with its numbers, as far as they are known. */
function userText({ text, uid, gid }: PictureTitle['user']): string {
	const numbers = uid === undefined ? undefined : gid === undefined ? String(uid) : `${uid}:${gid}`;
	if (text === undefined || text === '') return numbers === undefined ? 'user unknown' : `runs as ${uid === 0 ? 'root' : numbers}`;
	const known = numbers === undefined || (text === 'root' && uid === 0) || text === numbers || text === String(uid);
	return `runs as ${text}${known ? '' : ` (${numbers})`}`;
}
