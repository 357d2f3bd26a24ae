import type { FileTree, StageState } from './model.ts';

/** A user or group with the numbers that are known of it. */
export interface Account {
	readonly uid: number | undefined;
	readonly gid: number | undefined;
}

/** The users that the stage's /etc/passwd lists by name; an absent file lists none; `undefined` where the file's text is not known. */
export function passwdOf(state: Pick<StageState, 'files'>): ReadonlyMap<string, Account> | undefined {
	const lines = linesOf(state.files, '/etc/passwd');
	if (lines === undefined) return undefined;
	return new Map(lines.map((fields) => [fields[0] as string, { uid: number(fields[2]), gid: number(fields[3]) }]));
}

/** The groups that the stage's /etc/group lists, with their gid. */
export function groupOf(state: Pick<StageState, 'files'>): ReadonlyMap<string, number | undefined> | undefined {
	const lines = linesOf(state.files, '/etc/group');
	if (lines === undefined) return undefined;
	return new Map(lines.map((fields) => [fields[0] as string, number(fields[2])]));
}

function linesOf(files: FileTree, path: string): string[][] | undefined {
	const present = files.has(path);
	if (present === 'no') return [];
	const content = present === 'yes' ? files.get(path)?.content : undefined;
	return content
		?.split('\n')
		.filter((line) => line.includes(':'))
		.map((line) => line.trim().split(':'));
}

function number(text: string | undefined): number | undefined {
	return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
