import { commandWords } from '../dockerfile/shell.ts';
import type { Instruction } from '../dockerfile/syntax.ts';
import { asItStands } from '../dockerfile/write.ts';
import { cgoNeededFor } from '../facts/cgo.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import { portOf } from '../facts/listened-ports.ts';
import type { Fix } from '../findings/finding.ts';
import type { GoBuild, StageState } from '../image/model.ts';
import { isSecretByName } from '../knowledge/secrets.ts';
import type { Program, UnknownKind } from '../program/model.ts';
import { saidOfUnknown } from '../program/said-of-unknown.ts';
import { dirname, join } from '../workspace/paths.ts';

/**
 * What a fix may lose: whatever of the program or the build is not known and touches what the fix changes. Such a fix is offered with
 * the first of these in its title, and is not preferred.
 */

/** A fix's title with the first of what it may lose, and all of that. */
export function withLosses(title: string, losses: readonly string[]): Required<Pick<Fix, 'title' | 'losses'>> {
	return { title: title + inTitle(losses), losses };
}

/** The title of a fix without what it may lose, for where all of that is listed. */
export function titleWithout({ title, losses = [] }: Pick<Fix, 'title' | 'losses'>): string {
	const end = inTitle(losses);
	return end !== '' && title.endsWith(end) ? title.slice(0, -end.length) : title;
}

function inTitle(losses: readonly string[]): string {
	const [first] = losses;
	if (first === undefined) return '';
	return `: ${first}${losses.length === 1 ? '' : `, and ${losses.length - 1} more`}`;
}

/** What the program leaves open that an image of scratch would not hold. */
export const OPEN_TO_SCRATCH: ReadonlySet<UnknownKind> = new Set([
	'program',
	'file',
	'created-file',
	'changed-file',
	'plugin',
	'source-path',
	'user',
	'working-directory',
]);

/** What is not known of the programs: those that were not read, and what they leave open of the given kinds. */
export function lossesOfPrograms(facts: Facts, binaries: readonly ShippedBinary[], kinds: ReadonlySet<UnknownKind>): string[] {
	const losses = binaries.flatMap(({ path, program }) => {
		if (program === undefined || program.missing.length > 0) return [`the source of ${path} could not be read`];
		return [
			...lossesOfModules(program),
			...program.unknowns.filter(({ kind }) => kinds.has(kind)).map((each) => `the program ${saidOfUnknown(each, facts.go?.root)}`),
		];
	});
	return [...new Set(losses)];
}

function lossesOfModules({ unread }: Program): string[] {
	const [first] = unread;
	if (first === undefined) return [];
	return [unread.length === 1 ? `module ${first} could not be read` : `${unread.length} modules could not be read, such as ${first}`];
}

/**
 * What another user than root may neither read nor start: files that the program opens, and the program itself.
 *
 * @param paths absolute ones in the stage
 */
export function lossesOfRights(state: StageState, paths: readonly string[], binaries: readonly ShippedBinary[]): string[] {
	const isClosed = (path: string, right: number) => {
		const mode = state.files.get(path)?.mode;
		return mode !== undefined && (mode & right) !== right;
	};
	// A file of the context keeps the mode that it has on disk, and those of secrets are closed as a rule.
	const isSecret = (path: string) => state.files.get(path)?.mode === undefined && isSecretByName(path);
	return [
		...paths.filter((path) => isClosed(path, 0o004)).map((path) => `only its owner may read ${path}`),
		...paths.filter(isSecret).map((path) => `only its owner may be able to read ${path}`),
		...binaries.filter(({ path }) => isClosed(path, 0o001)).map(({ path }) => `only its owner may start ${path}`),
	];
}

/**
 * The low port that the image's program listens on in a network in which they may be closed to another user than root: that of the host, and
 * that of a pod. Docker opens all ports in a network of its own (net.ipv4.ip_unprivileged_port_start); containerd does in pods from 2.0 on.
 */
export function lossesOfPorts({ deployed }: Facts, { state, binaries }: Target): string[] {
	const listened = binaries.flatMap(({ program }) => program?.listeners ?? []).map(({ address }) => portOf(address));
	const losses = deployed.flatMap(({ image, service }) => {
		const isOpen = service.kind === 'compose' && (service.foreignNetwork === undefined || service.foreignNetwork.value === false);
		if (isOpen || image.state !== state) return [];
		const published = service.ports.map(({ container }) => container?.first);
		const low = [...listened, ...published].find((port) => port !== undefined && port < FIRST_OPEN_PORT);
		return low === undefined ? [] : [`${service.title} may close port ${low} to other users than root`];
	});
	return [...new Set(losses)];
}

/** https://docs.kernel.org/networking/ip-sysctl.html */
const FIRST_OPEN_PORT = 1024;

/**
 * Variables that concern the toolchain rather than the program: those of `go help environment` but for what the runtime reads too (GODEBUG),
 * how Git is reached (https://git-scm.com/docs/git#_environment_variables), and what packages are installed with.
 */
export const BUILD_VARIABLE =
	/^(?:GO(?:111MODULE|386|AMD64|ARCH|ARM(?:64)?|AUTH|BIN|CACHE(?:PROG)?|ENV|EXE|EXPERIMENT|FIPS140|FLAGS|HOST(?:ARCH|OS)|INSECURE|LANG_VERSION|MIPS(?:64)?|MODCACHE|NOPROXY|NOSUMDB|OS|PATH|PPC64|PRIVATE|PROXY|RISCV64|ROOT|SUMDB|TELEMETRY(?:DIR)?|TMPDIR|TOOLCHAIN|TOOLDIR|VCS|WASM|WORK)|CGO_[A-Z_]+|GIT_(?:ALLOW_PROTOCOL|ASKPASS|CONFIG\w*|SSH\w*|SSL\w*|TERMINAL_PROMPT)|PATH|DEBIAN_FRONTEND)$/;

/**
 * Paths that the stage's command and ENV give the program, which may read or write there.
 *
 * @param isKept whether the program can do with an absolute path of the stage what it could do before
 */
export function lossesOfNames({ dockerfile }: Facts, state: StageState, isKept: (path: string) => boolean): string[] {
	return state.stage.instructions.flatMap((instruction) => {
		const names = givenWords(state, instruction).flatMap((word) => word.split(/[\s=,;:"']+/));
		const found = names.find((name) => {
			const path = pathOf(state, name);
			return path !== undefined && !isKept(path);
		});
		return found === undefined ? [] : [`${asItStands(dockerfile, instruction.keywordRange)} names ${found}`];
	});
}

/** What of the stage a word may name: a path, or a file that can be made in a directory; `undefined` for words that name no path. */
function pathOf({ files, workingDirectory = '/' }: StageState, name: string): string | undefined {
	if (!/\/[\w.-]|\.\w/.test(name) || /^[\d.]+$/.test(name)) return undefined;
	const path = join(workingDirectory, name);
	const there = files.has(path);
	if (there !== 'no') return there === 'yes' || name.startsWith('/') ? path : undefined;
	// What stands for itself in the root is the path of a URL more often than a file.
	const isMade = dirname(path) !== '/' ? files.has(dirname(path)) === 'yes' : /\.\w+$/.test(path);
	return isMade ? path : undefined;
}

/** The words that an instruction gives the program. */
function givenWords({ entrypoint }: StageState, instruction: Instruction): readonly string[] {
	switch (instruction.keyword) {
		case 'ENV':
			return instruction.assignments.filter(({ name }) => !BUILD_VARIABLE.test(name)).map(({ value }) => value?.raw ?? '');
		case 'ENTRYPOINT':
		case 'CMD': {
			const words = (instruction.command && commandWords(instruction.command)) ?? [];
			const isProgram = instruction.keyword === 'ENTRYPOINT' || entrypoint?.instruction === undefined;
			return isProgram ? words.slice(1) : words;
		}
		default:
			return [];
	}
}

/** What needs cgo, or may need it, of builds for which it is turned off, and which become no position-independent executables. */
export function lossesOfCgo(facts: Facts, builds: readonly GoBuild[]): string[] {
	const needs = builds.flatMap((build) => cgoNeededFor(facts, build)).filter(({ flag }) => flag?.text !== '-buildmode=pie');
	return [...new Set(needs.map(({ said, certain }) => `${said} ${certain ? 'needs' : 'may need'} cgo`))];
}
