import { createRecent } from '../text/recent.ts';
import type { FileTree, StageState, UserSetting } from './model.ts';

/** A user or group with the numbers that are known of it. */
export interface Account {
	readonly uid: number | undefined;
	readonly gid: number | undefined;
}

/** The users that the stage's /etc/passwd lists by name; an absent file lists none; `undefined` where the file's text is not known. */
export function passwdOf(state: Pick<StageState, 'files'>): ReadonlyMap<string, Account> | undefined {
	const text = textOf(state.files, '/etc/passwd');
	if (text === undefined) return undefined;
	let users = recentUsers.get(text);
	if (users === undefined) {
		users = new Map(linesOf(text).map((fields) => [fields[0] as string, { uid: number(fields[2]), gid: number(fields[3]) }]));
		recentUsers.set(text, users);
	}
	return users;
}

/** The groups that the stage's /etc/group lists, with their gid. */
export function groupOf(state: Pick<StageState, 'files'>): ReadonlyMap<string, number | undefined> | undefined {
	const text = textOf(state.files, '/etc/group');
	if (text === undefined) return undefined;
	let groups = recentGroups.get(text);
	if (groups === undefined) {
		groups = new Map(linesOf(text).map((fields) => [fields[0] as string, number(fields[2])]));
		recentGroups.set(text, groups);
	}
	return groups;
}

/** The user that a text such as `app:app` or `1000` names, with the numbers that the image's files give it. */
export function userNamed(tree: FileTree, text: string | undefined): UserSetting {
	if (text === undefined || text === '') return { text: undefined, user: undefined, group: undefined, uid: undefined, gid: undefined };
	const colon = text.indexOf(':');
	const user = colon < 0 ? text : text.slice(0, colon);
	const group = colon < 0 ? undefined : text.slice(colon + 1);
	const files = { files: tree };
	const users = passwdOf(files);
	const byName = users?.get(user);
	const uid = /^\d+$/.test(user) ? Number(user) : (byName?.uid ?? (user === 'root' ? 0 : undefined));
	let gid: number | undefined;
	if (group !== undefined) gid = /^\d+$/.test(group) ? Number(group) : groupOf(files)?.get(group);
	else if (byName !== undefined) gid = byName.gid;
	else if (users !== undefined && uid !== undefined) {
		// A number without an entry runs with gid 0.
		const entry = [...users.values()].find((account) => account.uid === uid);
		gid = entry === undefined ? 0 : entry.gid;
	}
	return { text, user, group, uid, gid };
}

/** Every USER and every account that is added is looked up in what is mostly the same text. */
const recentUsers = createRecent<ReadonlyMap<string, Account>>(128 * 1024);
const recentGroups = createRecent<ReadonlyMap<string, number | undefined>>(128 * 1024);

function textOf(files: FileTree, path: string): string | undefined {
	const present = files.has(path);
	if (present === 'no') return '';
	return present === 'yes' ? files.get(path)?.content : undefined;
}

function linesOf(text: string): string[][] {
	return text
		.split('\n')
		.filter((line) => line.includes(':'))
		.map((line) => line.trim().split(':'));
}

function number(text: string | undefined): number | undefined {
	return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
