import { added } from '../../dockerfile/expand.ts';
import { groupOf, passwdOf } from '../accounts.ts';
import { afford } from '../expansion.ts';
import { currentUid } from '../stage-run.ts';
import { type Call, operands } from './call.ts';

/**
 * `adduser` of busybox and of Debian, and `useradd` of shadow: each adds a line to /etc/passwd, and a group of the user's own unless
 * another is named. A number that nobody names is the next free one, which is certain for ordinary users only.
 */
export function addUser(call: Call): string {
	const { plain, options } = operands(
		call.words,
		call.name === 'useradd'
			? '-u --uid -g --gid -G --groups -d --home -d --home-dir -s --shell -c --comment -k -K -p -b -e -f'
			: '-u --uid -g --gecos -G --ingroup -h --home -s --shell -k --gid',
	);
	const name = plain[0]?.value;
	if (name === undefined) {
		forget(call, '/etc/passwd');
		forget(call, '/etc/group');
		return '';
	}
	// Debian's and busybox's `adduser USER GROUP` adds an existing user to a group.
	if (call.name === 'adduser' && plain.length > 1) {
		forget(call, '/etc/group');
		return '';
	}
	const system = options.has('-S') || options.has('-r') || options.has('--system');
	const uidText = value(options, '-u', '--uid');
	const users = passwdOf({ files: call.shell.run.tree });
	const groups = groupOf({ files: call.shell.run.tree });
	const uid = uidText ?? (system ? '' : nextFree([...(users?.values() ?? [undefined])].map((account) => account?.uid)));
	const groupText =
		call.name === 'useradd' ? value(options, '-g', '--gid') : (value(options, '-G', '--ingroup') ?? value(options, '--gid'));
	let gid = groupText === undefined ? undefined : /^\d+$/.test(groupText) ? groupText : String(groups?.get(groupText) ?? '');
	if (groupText === undefined) {
		// Busybox puts a system user into nogroup (65533), Debian into nogroup (65534); otherwise the user gets a group with its own number.
		const own = !system || call.name === 'useradd';
		gid = own ? uid : options.has('--group') ? '' : call.shell.run.base?.libc === 'musl' ? '65533' : '65534';
		if ((own && groups?.has(name) !== true) || options.has('--group')) append(call, '/etc/group', `${name}:x:${gid}:\n`);
	}
	append(call, '/etc/passwd', `${name}:x:${uid}:${gid}::/home/${name}:/bin/sh\n`);
	makeHome(call, name, options, uid);
	return '';
}

/** `addgroup` and `groupadd`. */
export function addGroup(call: Call): string {
	const { plain, options } = operands(call.words, '-g --gid -K -p');
	const name = plain.at(-1)?.value;
	if (name === undefined || plain.length > 1) {
		forget(call, '/etc/group');
		return '';
	}
	const system = options.has('-S') || options.has('-r') || options.has('--system');
	const groups = groupOf({ files: call.shell.run.tree });
	const gid = value(options, '-g', '--gid') ?? (system ? '' : nextFree([...(groups?.values() ?? [undefined])]));
	append(call, '/etc/group', `${name}:x:${gid}:\n`);
	return '';
}

function makeHome(call: Call, name: string, options: ReadonlyMap<string, { value: string | undefined } | undefined>, uid: string): void {
	const none = options.has('-H') || options.has('-M') || options.has('--no-create-home');
	const useradd = call.name === 'useradd';
	if (none || (useradd && !options.has('-m') && !options.has('--create-home'))) return;
	const option = options.get('-h') ?? options.get('-d') ?? options.get('--home') ?? options.get('--home-dir');
	const home = option === undefined ? `/home/${name}` : option.value;
	if (home?.startsWith('/')) {
		call.shell.run.tree.makeDirectory(home, {
			instruction: call.shell.instruction,
			mode: 0o755,
			owner: uid === '' ? undefined : Number(uid),
		});
	}
}

/** The value of the first option given; an empty text where it is given and not known. */
function value(options: ReadonlyMap<string, { value: string | undefined } | undefined>, ...wanted: string[]): string | undefined {
	const name = wanted.find((option) => options.has(option));
	return name === undefined ? undefined : (options.get(name)?.value ?? '');
}

/** The first number from 1000 up; empty where a number in use is not known. */
function nextFree(used: readonly (number | undefined)[]): string {
	if (used.some((number) => number === undefined)) return '';
	let next = 1000;
	const taken = new Set(used);
	while (taken.has(next)) next++;
	return String(next);
}

/** A number that is not known stands as nothing between two colons. */
function append(call: Call, path: string, line: string): void {
	const { tree } = call.shell.run;
	const present = tree.has(path);
	const before = present === 'no' ? '' : tree.get(path)?.content;
	const details = { instruction: call.shell.instruction, mode: 0o644, owner: 0 };
	const content = added(before === undefined || before === '' || before.endsWith('\n') ? before : `${before}\n`, line);
	// The next account is looked for in all of it.
	const affordable = content === undefined || afford(call.shell.run, content.length);
	if (!call.shell.certain || !affordable) forget(call, path);
	else tree.writeFile(path, { ...details, content });
}

function forget(call: Call, path: string): void {
	call.shell.run.tree.writePerhaps(path, { instruction: call.shell.instruction, mode: 0o644, owner: currentUid(call.shell.run) });
}

/** Commands that change accounts in ways that are not followed. */
export function changeAccounts(call: Call): string {
	forget(call, '/etc/passwd');
	forget(call, '/etc/group');
	return '';
}
