import { commandWords } from '../dockerfile/shell.ts';
import type { CommandForm, Dockerfile, Instruction } from '../dockerfile/syntax.ts';
import { saidOf } from '../facts/evidence.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import { type Plan, runtimePaths } from '../generate/plan.ts';
import { findExecutable } from '../image/command-path.ts';
import type { RanCommand, StageState } from '../image/model.ts';
import { managerOf, packageFiles } from '../knowledge/packages.ts';
import { isStatic } from '../needs/libc.ts';
import type { Unknown } from '../program/model.ts';
import { lineStarts, positionAt } from '../text/text.ts';
import { dirname, isWithin, join } from '../workspace/paths.ts';
import { BUILD_VARIABLE, lossesOfNames, lossesOfPrograms, OPEN_TO_SCRATCH } from './losses.ts';
import { addsToGroups } from './run-as.ts';

/** What an image loses that moves from a distribution to an image without one, and which line would miss it. */

export interface Move {
	readonly plan: Plan;
	/** Directories that are made again. */
	readonly directories: readonly string[];
	/** The instructions that are taken out. */
	readonly removed: readonly Instruction[];
	/** The name of the image, for messages. */
	readonly destination: string;
}

/** Packages whose files are copied or embedded where the program needs them. */
const SUPPLIED_PACKAGE = /^(?:ca-certificates|ca-certificates-bundle|tzdata)$/;

/** Commands whose effect is a directory, an account, or nothing that a program sees. Those that fail or write elsewhere show in the tree. */
const WITHOUT_TRACE =
	/^(?:mkdir|chown|chgrp|adduser|addgroup|useradd|groupadd|usermod|update-ca-certificates|rm|cd|echo|true|set|:|ls|env|test|\[|export|umask|)$/;

export function lossesOfMove(facts: Facts, target: Target, move: Move): string[] {
	const { state, binaries } = target;
	const kept = (path: string) => isKept(state, move, path);
	return [
		...new Set([
			...lossesOfPrograms(facts, withoutKeptFiles(target, kept), OPEN_TO_SCRATCH),
			...binaries.filter(({ build, program }) => isStatic(build, program) !== 'yes').map(perhapsDynamic),
			...(addsToGroups(state) ? ['RUN adds the user to groups'] : []),
			...startedByProgram(target, move, kept),
			...startedByImage(facts, target, move, kept),
			...lossesOfRuns(facts.dockerfile, state, move),
			...openedFiles(state, move, kept),
			...lossesOfNames(facts, state, kept),
			...lossesOfBase(state),
		]),
	];
}

/** The binaries without what they create in directories that the new image has too. */
function withoutKeptFiles({ state, binaries }: Target, kept: (path: string) => boolean): ShippedBinary[] {
	const hasDirectory = (path: string) => (path === '/' ? state.user.value.uid === 0 : kept(path));
	const isCreatedThere = ({ kind, detail }: Unknown) =>
		(kind === 'created-file' || kind === 'changed-file') && detail?.startsWith('/') === true && hasDirectory(dirname(detail));
	return binaries.map(({ program, ...binary }) => ({
		...binary,
		program: program && { ...program, unknowns: program.unknowns.filter((each) => !isCreatedThere(each)) },
	}));
}

function perhapsDynamic({ path }: Target['binaries'][number]): string {
	return `${path} may be linked against the C library of the old image`;
}

/** Whether the path is in the new image: copied there from the context or a stage, or made again. */
function isKept(state: StageState, { directories, removed }: Move, path: string): boolean {
	const entry = state.files.get(path);
	if (directories.some((directory) => isWithin(path, directory) || isWithin(directory, path))) return true;
	if (entry?.instruction === undefined) return /^\/(?:dev|proc|sys)(?:\/|$)/.test(path);
	return !removed.includes(entry.instruction);
}

/** Programs that the Go program starts, each with the Go line. */
function startedByProgram(target: Target, { destination }: Move, kept: (path: string) => boolean): string[] {
	return target.binaries.flatMap(({ program }) =>
		(program?.evidence ?? []).flatMap((evidence) => {
			const { need, detail } = evidence;
			// What the old image does not have either, the program works without.
			const isStarted = need === 'executable' && detail !== undefined && findExecutable(target.state, detail) !== 'no';
			const lacks = isStarted ? lackOf(target, detail, destination, kept) : undefined;
			return lacks === undefined ? [] : [`the program starts ${detail}, ${lacks} (${saidOf(evidence, program)})`];
		}),
	);
}

/** Whether the instruction says what a container starts. */
export function startsPrograms(instruction: Instruction): instruction is Instruction & { readonly command: CommandForm | undefined } {
	return /^(?:ENTRYPOINT|CMD|HEALTHCHECK)$/.test(instruction.keyword);
}

/** What ENTRYPOINT, CMD, HEALTHCHECK and declared builds start. */
function startedByImage(facts: Facts, target: Target, { destination }: Move, kept: (path: string) => boolean): string[] {
	const { state } = target;
	const losses: string[] = [];
	for (const instruction of state.stage.instructions) {
		if (!startsPrograms(instruction) || instruction.command === undefined) continue;
		const { keyword } = instruction;
		const where = `${keyword} in line ${lineOf(facts.dockerfile, instruction)}`;
		const words = commandWords(instruction.command);
		// After an ENTRYPOINT in exec form the words are arguments.
		if (keyword === 'CMD' && state.entrypoint?.instruction !== undefined) continue;
		const [first] = words ?? [];
		const lacks = first === undefined ? undefined : lackOf(target, first, destination, kept);
		if (first === undefined) losses.push(`${where} needs a shell`);
		else if (lacks !== undefined) losses.push(`${where} starts ${first}, ${lacks}`);
	}
	for (const { key, program } of facts.context?.starts ?? []) {
		const isArgument = key === 'command' && state.entrypoint?.instruction !== undefined;
		const lacks = isArgument ? undefined : lackOf(target, program, destination, kept);
		if (lacks !== undefined) losses.push(`compose starts ${program}, ${lacks}`);
	}
	return losses;
}

/**
 * What a program of that name, or at that path, lacks in the new image: itself, or what it may need to be started. Only of Go programs is
 * it known what they need: `undefined` for these.
 */
function lackOf({ state, binaries }: Target, name: string, destination: string, kept: (path: string) => boolean): string | undefined {
	const paths = name.includes('/')
		? [join(state.workingDirectory ?? '/', name)]
		: DEFAULT_DIRECTORIES.map((directory) => `${directory}/${name}`).filter((path) => state.files.has(path) === 'yes');
	const there = paths.filter(kept);
	if (there.some((path) => binaries.some((binary) => binary.path === path && binary.build !== undefined))) return undefined;
	return there.length === 0 ? `which ${destination} does not contain` : 'which may be a script or need a library of the old image';
}

/** Where a name is looked for if PATH is not set (moby/moby, oci/defaults.go). */
const DEFAULT_DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** What the RUN instructions did and nothing does again. */
function lossesOfRuns(dockerfile: Dockerfile, state: StageState, { directories, removed }: Move): string[] {
	const losses: string[] = [];
	for (const command of state.ran) {
		const line = lineOf(dockerfile, command.instruction);
		const [name] = command.words;
		const packages = installedPackages(command);
		if (packages !== undefined) {
			const lost = packages.filter((each) => !SUPPLIED_PACKAGE.test(each));
			if (lost.length > 0) losses.push(`line ${line} installs ${lost.join(', ')}`);
		} else if (name === undefined || state.unfollowed.has(command) || !WITHOUT_TRACE.test(name)) {
			losses.push(`line ${line} runs ${name ?? 'a command that is not known'}, which may make what the program needs`);
		}
		losses.push(...redirectsOf(command).map((path) => `line ${line} makes ${path}`));
	}
	for (const { path, instruction } of filesMadeBy(state, removed)) {
		if (!ACCOUNT_FILE.test(path) && !directories.includes(path)) losses.push(`line ${lineOf(dockerfile, instruction)} makes ${path}`);
	}
	return losses;
}

/** The packages that a command installs; `undefined` for another command. */
function installedPackages({ words: [name = '', ...rest] }: RanCommand): string[] | undefined {
	if (!/^(?:apk|apt|apt-get|dnf|microdnf|yum|tdnf|zypper)$/.test(name)) return undefined;
	const [verb = '', ...operands] = rest.filter((word) => word?.startsWith('-') === false);
	if (/^(?:update|upgrade|clean|autoremove|dist-upgrade|del|remove|purge|cache)$/.test(verb)) return [];
	return operands.map((word) => word?.replace(/[=~<>@].*$/s, '') ?? 'a package that is not known');
}

/** The directories that `mkdir` and `install -d` made below the root and that a program may write to, the innermost ones. */
export function directoriesMadeByRun(state: StageState): string[] {
	const made: string[] = [];
	for (const { words, workingDirectory } of state.ran) {
		const [name, ...rest] = words;
		if (name !== 'mkdir' && name !== 'chown') continue;
		const operands = rest.filter((word) => word?.startsWith('-') === false).slice(name === 'chown' ? 1 : 0);
		for (const word of operands) {
			if (word === undefined || workingDirectory === undefined) continue;
			const path = join(workingDirectory, word);
			if (path !== '/' && state.files.get(path)?.kind === 'directory') made.push(path);
		}
	}
	return [...new Set(made)].sort();
}

/** Files and directories that the instructions put into the image, without those below one that is listed. Bounded. */
function filesMadeBy(state: StageState, removed: readonly Instruction[]): { path: string; instruction: Instruction }[] {
	const found: { path: string; instruction: Instruction }[] = [];
	const pending = ['/'];
	for (let steps = 0; pending.length > 0 && steps < MOST_STEPS && found.length < MOST_LOSSES; steps++) {
		const directory = pending.pop() as string;
		for (const name of state.files.children(directory)?.names ?? []) {
			const path = join(directory, name);
			const entry = state.files.get(path);
			const { instruction, kind } = entry ?? {};
			if (kind === 'directory') pending.push(path);
			else if (instruction !== undefined && removed.includes(instruction) && !packageFile(state, path, instruction))
				found.push({ path, instruction });
		}
	}
	return found;
}

const MOST_STEPS = 10_000;
const MOST_LOSSES = 20;

/** Whether a package brought the file: the package is what is lost then, or what it brings is supplied. */
function packageFile(state: StageState, path: string, instruction: Instruction): boolean {
	return state.ran
		.filter((command) => command.instruction === instruction)
		.flatMap((command) => (installedPackages(command) ?? []).flatMap((name) => packageFiles(name, managerOf(command.words[0] ?? ''))))
		.some((file) => (file.endsWith('/') ? path.startsWith(file) : path === file));
}

/** The files that the command's output goes to, as written; they may be there only under a condition, or under a name that is not known. */
function redirectsOf({ node }: RanCommand): string[] {
	return node.redirects
		.filter(({ operator }) => operator.includes('>'))
		.flatMap(({ target }) => target?.raw ?? [])
		.filter((path) => !/^(?:\d+|-|\/dev\/(?:null|stdout|stderr))$/.test(path) && !ACCOUNT_FILE.test(path));
}

/** What accounts are made of again. */
const ACCOUNT_FILE = /^\/etc\/(?:passwd|group|shadow|gshadow)-?$/;

/** Files that the program opens and the old image holds by itself. */
function openedFiles(state: StageState, { plan, destination }: Move, kept: (path: string) => boolean): string[] {
	const { workingDirectory = '/' } = state;
	return runtimePaths(plan)
		.map((path) => join(workingDirectory, path))
		.filter((path) => state.files.has(path) !== 'no' && !kept(path))
		.map((path) => `the program opens ${path}, which ${destination} does not contain`);
}

/** What the old image says of itself: variables and a directory to start in. */
function lossesOfBase({ base, stage, workingDirectory }: StageState): string[] {
	if (base === undefined) return [];
	const variables = [...base.environment.keys()].filter((name) => !BUILD_VARIABLE.test(name) && !/^SSL_CERT_/.test(name));
	const sets = stage.instructions.some(({ keyword }) => keyword === 'WORKDIR');
	return [
		...variables.map((name) => `the old image sets ${name}`),
		...(base.environmentComplete ? [] : ['the old image may set variables']),
		...(sets || (base.workingDirectory ?? '/') === '/'
			? []
			: [`the old image starts in ${workingDirectory ?? 'a directory that is not known'}`]),
	];
}

function lineOf({ text }: Dockerfile, { range }: Instruction): number {
	return positionAt(lineStarts(text), range.start).line + 1;
}
