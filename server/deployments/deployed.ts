import type { CommandForm } from '../dockerfile/syntax.ts';
import { userNamed } from '../image/accounts.ts';
import type { Environment, FileEntry, FileTree, Setting, StageState } from '../image/model.ts';
import { chainOf } from '../image/stage-chain.ts';
import type { Answer } from '../text/answer.ts';
import { remembered } from '../text/remembered.ts';
import { dirname, isWithin, join, relativeWithin } from '../workspace/paths.ts';
import type { Command, Field, Mount, Mounts, Service } from './model.ts';

/**
 * The state of an image in a container that a service starts: what is mounted lies over its files, and the settings of the service
 * replace those of the image. Whatever asks an image what it provides can ask this.
 */
export function deployedState(state: StageState, service: Service): StageState {
	const files = withMounts(state.files, service.mounts);
	const workingDirectory = service.workingDirectory === undefined ? state.workingDirectory : service.workingDirectory.value;
	return {
		...state,
		...commandsOf(state, service),
		files,
		environment: environmentOf(state.environment, service),
		workingDirectory: service.complete ? workingDirectory : undefined,
		user: userOf(state, files, service),
		isReadOnly: (path) => isReadOnly(state, service, path),
	};
}

/**
 * The directories that the image declares as volumes, which the engine mounts where the service does not; `undefined` for one that is not
 * known.
 */
const volumesOf = remembered((state: StageState): readonly (string | undefined)[] =>
	chainOf(state).flatMap(({ stage }) =>
		stage.instructions.flatMap((each) =>
			each.keyword === 'VOLUME' ? each.words.map(({ raw }) => (/^\/[\w./-]*$/.test(raw) ? join('/', raw) : undefined)) : [],
		),
	),
);

function environmentOf(environment: Environment, { environment: { variables, complete }, complete: known }: Service): Environment {
	return {
		get(name) {
			const field = variables.get(name);
			return field === undefined ? environment.get(name) : { value: field.value, instruction: undefined };
		},
		complete: environment.complete && complete && known,
	};
}

function userOf(state: StageState, files: FileTree, { user: { user, group }, complete }: Service): StageState['user'] {
	if (user === undefined && group === undefined)
		return complete ? state.user : { value: userNamed(files, undefined), instruction: undefined };
	const name = user === undefined ? state.user.value.user : user.value;
	const text =
		name === undefined || (group !== undefined && group.value === undefined)
			? undefined
			: group === undefined
				? name
				: `${name}:${group.value}`;
	return { value: userNamed(files, text), instruction: undefined };
}

/** With an entrypoint of its own a service takes away the command of the image too. */
function commandsOf(state: StageState, { entrypoint, command, complete }: Service): Partial<StageState> {
	if (!complete) return { entrypoint: { value: undefined, instruction: undefined }, command: undefined };
	if (entrypoint === undefined && command === undefined) return {};
	const own = settingOf(command);
	if (entrypoint === undefined) return { command: own, commandKnown: command === undefined ? state.commandKnown : true };
	return { entrypoint: settingOf(entrypoint), command: own, commandKnown: true };
}

/** Stands for a word that is not known. */
const UNKNOWN_WORD = '\uFFFC';

function settingOf(field: Field<Command> | undefined): Setting<CommandForm | undefined> | undefined {
	if (field === undefined) return undefined;
	const words = field.value?.words;
	if (words === undefined) return { value: undefined, instruction: undefined };
	const [first] = words;
	if (first === undefined) return undefined;
	if (first.value === undefined) return { value: undefined, instruction: undefined };
	const items = words.map(({ value, at }) => ({ value: value ?? UNKNOWN_WORD, range: at.range }));
	return { value: { form: 'exec', items, range: field.at.range }, instruction: undefined };
}

/** The mount that lies at the path or above it, the deepest one. */
export function mountOver({ all }: Mounts, path: string): Mount | undefined {
	let found: Mount | undefined;
	for (const mount of all) {
		if (mount.path === undefined || !isWithin(mount.path, path)) continue;
		if (found?.path === undefined || mount.path.length >= found.path.length) found = mount;
	}
	return found;
}

/** Whether something may be mounted at a path that is not known. */
function mayHide({ all, complete }: Mounts): boolean {
	return !complete || all.some(({ path }) => path === undefined);
}

/** Directories that the engine mounts into every container. */
const OF_THE_ENGINE = /^\/(?:dev|proc|sys)(?:\/|$)/;

function isReadOnly(state: StageState, { mounts, readOnlyRoot, complete }: Service, path: string): Answer {
	const mount = mountOver(mounts, path);
	if (mount === undefined && OF_THE_ENGINE.test(path)) return /^\/dev\/shm(?:\/|$)/.test(path) ? 'no' : 'unknown';
	if (mount === undefined && volumesOf(state).some((volume) => volume === undefined || isWithin(volume, path))) return 'no';
	const setting = mount === undefined ? (readOnlyRoot === undefined ? false : readOnlyRoot.value) : mount.readOnly;
	if (setting === undefined || !complete) return 'unknown';
	if (!setting) return 'no';
	// An image of which nothing is known may declare volumes.
	return mount === undefined && (mayHide(mounts) || state.base === undefined) ? 'unknown' : 'yes';
}

function withMounts(files: FileTree, mounts: Mounts): FileTree {
	if (mounts.all.length === 0 && mounts.complete) return files;
	const hidden = mayHide(mounts);
	/** Whether the engine makes the path so that something can be mounted there or below. */
	const isMade = (path: string) => mounts.all.some((mount) => mount.path !== undefined && isWithin(path, mount.path));
	return {
		...files,
		has(path) {
			const mount = mountOver(mounts, path);
			if (mount !== undefined) return mount.path === path || isMade(path) ? 'yes' : inMount(files, mount, path);
			if (isMade(path)) return 'yes';
			const answer = files.has(path);
			return answer === 'no' && hidden ? 'unknown' : answer;
		},
		get(path) {
			const mount = mountOver(mounts, path);
			if (mount !== undefined) return entryIn(files, mount, path);
			return files.get(path) ?? (isMade(path) && files.has(path) === 'no' ? { ...DIRECTORY, mode: 0o755, owner: 0 } : undefined);
		},
		mayHaveWritten: (path) => mountOver(mounts, path) !== undefined || hidden || files.mayHaveWritten(path),
		children(path) {
			const mount = mountOver(mounts, path);
			if (mount?.files !== undefined && mount.path === path) return { names: namesIn(mount.files.keys()), complete: mount.kind !== 'bind' };
			if (mount !== undefined)
				return isEmpty(mount) && mount.path === path ? { names: [], complete: true } : { names: [], complete: false };
			const made = mounts.all.flatMap((each) =>
				each.path !== undefined && dirname(each.path) === path ? [each.path.slice(path.length).replace('/', '')] : [],
			);
			const own = files.children(path);
			return own && { names: [...new Set([...own.names, ...made])], complete: own.complete && !hidden };
		},
		builds: () => files.builds().filter(({ path }) => mountOver(mounts, path) === undefined),
		copiedFiles: () => files.copiedFiles().filter(({ path }) => mountOver(mounts, path) === undefined),
	};
}

function namesIn(paths: Iterable<string>): string[] {
	return [...new Set([...paths].map((path) => path.split('/')[0] as string))].filter((name) => name !== '');
}

const DIRECTORY: FileEntry = {
	kind: 'directory',
	instruction: undefined,
	source: undefined,
	content: undefined,
	asCopied: false,
	build: undefined,
	mode: undefined,
	owner: undefined,
};

/** Whether a mount starts without any file: an empty directory that other containers mount too may hold theirs. */
function isEmpty({ kind, files }: Mount): boolean {
	return kind === 'tmpfs' || (kind === 'empty-dir' && files !== undefined);
}

/** A volume takes over what the image holds at its path; it may have been used before. */
function takesOver({ kind, copiesImage }: Mount): boolean {
	return (kind === 'volume' || kind === 'anonymous') && copiesImage;
}

/** Whether something is at a path below a mount. */
function inMount(files: FileTree, mount: Mount, path: string): Answer {
	if (isEmpty(mount)) return 'no';
	if (takesOver(mount)) return files.has(path) === 'yes' ? 'yes' : 'unknown';
	if (mount.files === undefined) return 'unknown';
	const within = relativeWithin(mount.path ?? '/', path) ?? '';
	if ([...mount.files.keys()].some((name) => name === within || name.startsWith(`${within}/`))) return 'yes';
	// A directory of the host may hold what is not in the repository.
	return mount.kind === 'bind' && !mount.files.has('') ? 'unknown' : 'no';
}

function entryIn(files: FileTree, mount: Mount, path: string): FileEntry | undefined {
	if (mount.path === path) return entryAt(files, mount, path);
	if (takesOver(mount)) return files.get(path);
	const within = relativeWithin(mount.path ?? '/', path) ?? '';
	return mount.files?.has(within) ? { ...DIRECTORY, kind: 'file', content: mount.files.get(within) } : undefined;
}

/** What is at the place of a mount itself. */
function entryAt(files: FileTree, mount: Mount, path: string): FileEntry {
	if (mount.kind === 'tmpfs') return { ...DIRECTORY, mode: mount.mode, owner: mount.uid ?? 0 };
	if (mount.kind === 'empty-dir') return { ...DIRECTORY, mode: 0o777, owner: 0 };
	if (takesOver(mount)) {
		// The engine makes the directory of a volume where the image has none.
		if (files.has(path) === 'no') return { ...DIRECTORY, mode: 0o755, owner: 0 };
		return files.get(path) ?? { ...DIRECTORY, kind: 'unknown' };
	}
	if (mount.files?.has('')) return { ...DIRECTORY, kind: 'file', content: mount.files.get('') };
	return { ...DIRECTORY, kind: mount.files === undefined ? 'unknown' : 'directory' };
}
