import { joined, number, plainWord, shellWord, type Written, written } from '../dockerfile/write.ts';
import type { StageState } from '../image/model.ts';
import { ROOT_DIRECTORIES, ROOT_FILES, ZONE_DIRECTORIES } from '../knowledge/runtime-paths.ts';
import type { Answer } from '../text/answer.ts';
import { any } from '../text/answer.ts';
import { join } from '../workspace/paths.ts';

/**
 * What a program may need from its image, what in an image provides it, and how to supply it. `server/knowledge/go-evidence.ts` has
 * the Go identifiers that show a need.
 */
export interface Need {
	/** The name that users see. */
	readonly title: string;
	/** Whether a stage provides it to the programs that run in it. */
	provided(state: StageState): Answer;
	readonly supply: Supply;
}

/** How to supply a need to a stage without a shell, from a stage that has one. */
export interface Supply {
	/** For the comment above what is written: a phrase without a full stop, after which a reason may follow in parentheses. */
	readonly explanation: string;
	/** A shell command of the build stage that creates what is copied; `undefined` if the stage has it already. */
	readonly prepare?: Written;
	/** What that makes; where it is there, the command need not, and may not be able to, make it again. */
	readonly prepared?: string;
	/** The instruction of the final stage, given the build stage as `--from` names it. */
	copy?(from: Written): Written;
	/** A build tag that supplies it without a file. */
	readonly tag?: Written;
}

/** The uid and gid that every recipe uses: those of `nobody` on most systems. Numeric, so Kubernetes can verify runAsNonRoot. */
export const NOBODY = written`65534:65534`;

/** The path of the final stage's passwd file in the build stage, whose own /etc/passwd has the users of that image. */
const PASSWD_IN_BUILDER = written`/etc_passwd`;

/** The path of its group file, for a user whose group has a name. */
const GROUP_IN_BUILDER = written`/etc_group`;

/** The parent of directories to copy: COPY keeps the mode of a directory below its source, not of the source itself. */
export const ROOT_FILES_IN_BUILDER = written`/rootfs`;

export const certificateRoots: Need = {
	title: 'CA certificates',
	provided(state) {
		const { files, environment } = state;
		if (!environment.complete) return 'unknown';
		for (const name of ['SSL_CERT_FILE', 'SSL_CERT_DIR']) {
			const setting = environment.get(name);
			if (setting === undefined) continue;
			// A file that the variable names may be mounted at run time.
			return setting.value !== undefined && files.has(join('/', setting.value.split(':')[0] ?? '')) === 'yes' ? 'yes' : 'unknown';
		}
		return any([...ROOT_FILES.map((file) => isFile(state, file)), ...ROOT_DIRECTORIES.map((directory) => hasFiles(state, directory))]);
	},
	supply: {
		explanation: 'CA certificates for verifying TLS servers',
		copy: (from) => written`COPY --from=${from} /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/`,
	},
};

export const zoneData: Need = {
	title: 'time zone data',
	provided(state) {
		if (!state.environment.complete || state.environment.get('ZONEINFO') !== undefined) return 'unknown';
		// The Go toolchain includes a copy, which programs built without -trimpath find.
		if (state.base?.go !== undefined) return 'unknown';
		return any(ZONE_DIRECTORIES.map((directory) => hasFiles(state, directory)));
	},
	supply: {
		explanation: 'The timetzdata tag embeds time zone data in the binary',
		tag: written`timetzdata`,
	},
};

export const temporaryDirectory: Need = {
	title: 'temporary directory',
	provided(state) {
		if (!state.environment.complete) return 'unknown';
		const setting = state.environment.get('TMPDIR');
		if (setting !== undefined && setting.value === undefined) return 'unknown';
		const directory = join('/', setting?.value ?? '/tmp');
		// The engine mounts these into every container.
		if (/^\/dev(?:\/shm)?(?:\/|$)/.test(directory)) return 'yes';
		return writable(state, directory);
	},
	supply: {
		explanation: 'World-writable /tmp, copied with its parent to keep its mode',
		prepare: written`mkdir -p ${ROOT_FILES_IN_BUILDER} && mkdir -m 1777 ${ROOT_FILES_IN_BUILDER}/tmp`,
		prepared: `${ROOT_FILES_IN_BUILDER}/tmp`,
		copy: (from) => written`COPY --from=${from} ${ROOT_FILES_IN_BUILDER}/ /`,
	},
};

export const userDatabase: Need = {
	title: '/etc/passwd',
	provided: (state) => isFile(state, '/etc/passwd'),
	supply: {
		explanation: '/etc/passwd with a single unprivileged user',
		prepare: written`${passwdLine(written`nobody`)} > ${PASSWD_IN_BUILDER}`,
		prepared: PASSWD_IN_BUILDER,
		copy: (from) => written`COPY --from=${from} ${PASSWD_IN_BUILDER} /etc/passwd`,
	},
};

/**
 * The user database with a line for the user that has these numbers, which package os/user reads to answer who runs the program. Its home
 * is the one that the engine gives a user without a line, so that the line changes nothing else.
 */
export function userDatabaseOf({ uid, gid }: AccountNumbers): Need {
	if (uid === 65534 && gid === 65534) return userDatabase;
	const name = uid === 0 ? written`root` : uid === 65534 ? written`nobody` : written`app`;
	const line = passwdLine(name, written`${number(uid)}:${number(gid)}`);
	const explanation = `/etc/passwd with a line for UID ${uid}`;
	return { ...userDatabase, supply: { ...userDatabase.supply, explanation, prepare: written`${line} > ${PASSWD_IN_BUILDER}` } };
}

/** The shell command that prints the passwd line of a user. */
function passwdLine(name: Written, numbers = NOBODY): Written {
	return written`echo "${name}:x:${numbers}:${name}:/:"`;
}

/** The numbers of a user and its group. */
export interface AccountNumbers {
	readonly uid: number;
	readonly gid: number;
}

/**
 * The recipe for a user, and its group if that has a name too: a command for the build stage, and the copies.
 * @returns `undefined` for names that a passwd or group file cannot hold
 */
export function accountFiles(
	user: string,
	group: string | undefined,
	from: Written,
	{ uid, gid }: AccountNumbers = { uid: 65534, gid: 65534 },
): { readonly prepare: Written; readonly copies: readonly Written[] } | undefined {
	const name = accountName(user);
	if (name === undefined) return undefined;
	const prepare = written`${passwdLine(name, written`${number(uid)}:${number(gid)}`)} > ${PASSWD_IN_BUILDER}`;
	const copies = [written`COPY --from=${from} ${PASSWD_IN_BUILDER} /etc/passwd`];
	if (group === undefined) return { prepare, copies };
	const groupName = accountName(group);
	if (groupName === undefined) return undefined;
	return {
		prepare: written`${prepare} && echo "${groupName}:x:${number(gid)}:" > ${GROUP_IN_BUILDER}`,
		copies: [...copies, written`COPY --from=${from} ${GROUP_IN_BUILDER} /etc/group`],
	};
}

/** A user name as POSIX defines it (3.437, User Name). */
function accountName(name: string): Written | undefined {
	return /^[A-Za-z0-9._][A-Za-z0-9._-]*$/.test(name) ? plainWord(name) : undefined;
}

/**
 * The recipe for directories that belong to a user: a command for the build stage and the instruction that copies them. They are
 * copied with a parent because COPY sets the owner only of what it creates, not of an existing directory.
 * @returns `undefined` if one of the names cannot be written
 */
export function writableDirectories(
	directories: readonly string[],
	from: Written,
	owner: Written,
): { readonly prepared: Written; readonly copy: Written } | undefined {
	const prepared = written`mkdir -p ${joined(directories.map((directory) => shellWord(`/writable${directory}`)))}`;
	return prepared && { prepared, copy: written`COPY --from=${from} --chown=${owner} /writable/ /` };
}

function isFile(state: StageState, path: string): Answer {
	const answer = state.files.has(path);
	if (answer !== 'yes') return answer;
	// A bundle copied to /etc/ssl/certs without a trailing slash replaces the directory by a file; the reverse happens too.
	return state.files.get(path)?.kind === 'directory' ? 'no' : 'yes';
}

function hasFiles(state: StageState, directory: string): Answer {
	const answer = state.files.has(directory);
	if (answer !== 'yes') return answer;
	const entry = state.files.get(directory);
	if (entry?.kind === 'file') return 'no';
	const children = state.files.children(directory);
	if (children === undefined) return 'unknown';
	if (children.names.length > 0) return 'yes';
	return children.complete ? 'no' : 'unknown';
}

/**
 * Whether evidence of the kind `privilege` tells that the program wants to be root. A change of ownership does not by itself: to the
 * user's own it succeeds, and many a program goes on where it fails. It only makes another user less than certain to be right.
 */
export function wantsRoot({ symbol }: { readonly symbol: string }): boolean {
	return !/^os\.L?[Cc]hown\b/.test(symbol);
}

/** Whether the stage's user may create files in the directory. */
export function writable(state: StageState, directory: string): Answer {
	const present = state.files.has(directory);
	if (present !== 'yes') return present;
	const readOnly = state.isReadOnly?.(directory) ?? 'no';
	if (readOnly !== 'no') return readOnly === 'yes' ? 'no' : 'unknown';
	const entry = state.files.get(directory);
	if (entry === undefined || entry.kind === 'unknown') return 'unknown';
	if (entry.kind === 'file') return 'no';
	const { uid } = state.user.value;
	if (uid === undefined) return 'unknown';
	if (uid === 0) return 'yes';
	if (entry.mode !== undefined && (entry.mode & 0o002) !== 0) return 'yes';
	if (entry.owner === undefined || entry.mode === undefined) return 'unknown';
	if (entry.owner === uid) return (entry.mode & 0o200) !== 0 ? 'yes' : 'no';
	// A group that may write could be the user's.
	return (entry.mode & 0o020) !== 0 ? 'unknown' : 'no';
}
