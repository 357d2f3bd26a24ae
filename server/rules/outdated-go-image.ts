import type { Facts } from '../facts/facts.ts';
import { type GoWords, goCommands, goWords } from '../facts/go-words.ts';
import { runsGo } from '../facts/makefile.ts';
import { moduleAt, moduleOfBuild, moduleOfCommand, type PlacedModule } from '../facts/placed-module.ts';
import { downloadIn } from '../facts/scripts.ts';
import { retag, splitGoTag, tagVersionFor } from '../fixes/go-tag.ts';
import type { RanCommand, StageState } from '../image/model.ts';
import { rootOf } from '../image/stage-chain.ts';
import { SINCE_GO } from '../knowledge/go-releases.ts';
import { type GoVersion, isOlder, parseGoVersion } from '../program/go-version.ts';
import type { ModuleLine } from '../program/model.ts';
import { join } from '../workspace/paths.ts';
import type { Finding, RelatedPlace, Rule, Severity } from './rule.ts';

export const rule: Rule = {
	code: 'outdated-go-image',
	severity: 'error',
	fixAll: true,
	judges: 'build',
	documentation: {
		summary: 'The golang image is older than the Go version required by go.mod or go.work.',
		why: "The official images set GOTOOLCHAIN=local, so the go command does not download a newer Go: `go.mod requires go >= 1.25 (running go 1.22.3; GOTOOLCHAIN=local)`. Go 1.20 and older reject newer syntax in go.mod: `invalid go version '1.25.1': must match format 1.23`, `unknown directive: toolchain`; a newer two-part version is accepted until the code uses a newer feature.",
		example: 'FROM golang:1.22-alpine AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app',
		instead: 'FROM golang:1.25-alpine AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app',
		notes:
			'Compares the version in the tag with the `go` line of the module being built and of its go.work, also if a script or a Makefile of the build context builds it. From Go 1.21 on, a `toolchain` line does not raise the requirement. A tag with two parts, such as 1.22, is taken as the newest patch release. Not reported when GOTOOLCHAIN is not local, or for tags without a version.',
	},
	*check(facts) {
		const seen = new Set<StageState>();
		for (const state of facts.image.stages) {
			const root = rootOf(state);
			if (state.windows || seen.has(root) || root.base?.go === undefined) continue;
			for (const place of placesOf(facts, state)) {
				const found = finding(facts, root, place);
				if (found === undefined) continue;
				seen.add(root);
				yield found;
				break;
			}
		}
	},
};

/** The modules that the stage's commands work in, builds first. */
function* placesOf(facts: Facts, state: StageState): Iterable<Place> {
	for (const build of state.builds) {
		if (isElsewhere(goWords(build.command))) continue;
		const place = moduleOfBuild(facts, build);
		if (place !== undefined) yield { ...place, compiles: true, toolchain: toolchainOf(state, build.command) };
	}
	for (const { command, go } of goCommands(state)) {
		if (!READS_GO_MOD.has(go.subcommand) || isElsewhere(go)) continue;
		const place = moduleOfCommand(facts, state, command);
		if (place !== undefined) yield { ...place, compiles: false, toolchain: toolchainOf(state, command) };
	}
	for (const command of state.ran) {
		const place = goWords(command) === undefined ? moduleAt(facts, command, hiddenDirectory(facts, command)) : undefined;
		if (place !== undefined) yield { ...place, compiles: false, toolchain: toolchainOf(state, command) };
	}
}

interface Place extends Pick<PlacedModule, 'module' | 'work'> {
	/** Whether the command is known to compile the module. */
	readonly compiles: boolean;
	/** GOTOOLCHAIN; `undefined` where it is not known. */
	readonly toolchain: string | undefined;
}

/** The image directory in which the script or makefile that a command follows runs the go command, whenever the command runs. */
function hiddenDirectory(facts: Facts, command: RanCommand): string | undefined {
	const script = facts.scriptOf(command);
	if (script !== undefined) {
		const found = /\bGOTOOLCHAIN\b/.test(script.text) ? undefined : downloadIn(script, command.workingDirectory);
		return found?.answer === 'yes' ? found.directory : undefined;
	}
	const makefile = facts.makefileOf(command);
	return makefile !== undefined && runsGo(makefile, command.files) ? makefile.call.directory : undefined;
}

/** Subcommands that stop where go.mod requires a newer Go. Others print what they know without it, or change go.mod as they are told. */
const READS_GO_MOD = new Set(['build', 'install', 'run', 'test', 'vet', 'list', 'get', 'generate', 'fix', 'mod', 'work']);

/** Whether the command leaves the go.mod of its directory aside: `go install tool@v1.2.3`, `go mod init`, `go mod edit`. */
function isElsewhere(go: GoWords | undefined): boolean {
	if (go === undefined) return false;
	if (go.subcommand === 'mod' || go.subcommand === 'work') return /^(?:init|edit)$/.test(go.words[0] ?? '');
	return (go.subcommand === 'install' || go.subcommand === 'run') && go.words.some((word) => word?.includes('@') === true);
}

function toolchainOf(state: StageState, { goEnvironment }: RanCommand): string | undefined {
	const setting = goEnvironment.get('GOTOOLCHAIN');
	if (setting !== undefined) return setting.value;
	return rootOf(state).base?.environment.get('GOTOOLCHAIN') ?? '';
}

function finding(facts: Facts, root: StageState, { module, work, compiles, toolchain }: Place): Finding | undefined {
	const image = root.stage.from.image;
	const { go } = root.base ?? {};
	const running = parseGoVersion(go?.version ?? '');
	if (image === undefined || running === undefined || toolchain === undefined) return undefined;
	const files = [[module, 'go.mod'] as const, ...(work === undefined ? [] : [[work.work, 'go.work'] as const])] as const;
	for (const [{ directory, file }, name] of files) {
		const problem = problemOf(running, go?.version ?? '', compiles && isLast(root), toolchain, name, file.go, file.toolchain);
		if (problem === undefined) continue;
		return {
			range: image.range,
			severity: problem.severity,
			message: problem.message,
			related: problem.line === undefined ? [] : [relatedLine(join(directory, name), problem.line)],
			fixes: () => {
				const change = retag(
					facts.dockerfile,
					root.stage,
					tagVersionFor(problem.wanted, splitGoTag(go?.version ?? '').version),
					facts.context?.arguments,
				);
				return change === undefined ? [] : [{ title: `Use ${change.written}`, edits: change.edits, preferred: change.certain }];
			},
		};
	}
	return undefined;
}

/** The line that requires the newer Go: there the change was made that the image does not follow. */
function relatedLine(path: string, { value, ...place }: ModuleLine): RelatedPlace {
	return { path, ...place, message: value };
}

/** Whether the tag names the last release of Go 1.19 or 1.20, in a variant that was still made for it. */
function isLast(root: StageState): boolean {
	return /:1\.(?:19|20)(?:-(?:alpine|bookworm|bullseye))?$/.test(root.imageReference ?? '');
}

interface Problem {
	readonly wanted: GoVersion;
	readonly severity: Severity;
	readonly message: string;
	/** What requires it. */
	readonly line: ModuleLine | undefined;
}

function problemOf(
	running: GoVersion,
	version: string,
	/** Whether a last release of an old Go is known to compile the module. */
	compiledByLast: boolean,
	toolchain: string,
	name: string,
	goLine: ModuleLine | undefined,
	toolchainLine: ModuleLine | undefined,
): Problem | undefined {
	const wanted = parseGoVersion(goLine?.value ?? '');
	if (running.minor >= SINCE_GO.toolchains) {
		if (wanted === undefined || toolchain !== 'local' || !isOlder(running, wanted)) return undefined;
		return {
			wanted,
			severity: 'error',
			message: `${name} requires a newer Go than this image has: '${name} requires go >= ${goLine?.value} (running go ${version}; GOTOOLCHAIN=local)'. Use a newer tag.`,
			line: goLine,
		};
	}
	if (toolchainLine !== undefined) {
		const asked = parseGoVersion(toolchainLine.value);
		// Go 1.21 is the first that reads the line, and what the line itself asks for is not needed.
		const least: GoVersion =
			wanted !== undefined && wanted.minor > SINCE_GO.toolchains
				? wanted
				: { minor: SINCE_GO.toolchains, patch: undefined, prerelease: undefined };
		if (asked !== undefined || toolchainLine.value === 'default')
			return {
				wanted: least,
				severity: 'error',
				message: `${name} has a toolchain line, which Go ${version} rejects: 'unknown directive: toolchain'. Use a newer tag.`,
				line: toolchainLine,
			};
	}
	if (wanted === undefined) return undefined;
	if (wanted.patch !== undefined || wanted.prerelease !== undefined) {
		return {
			wanted:
				wanted.minor > SINCE_GO.toolchains
					? wanted
					: { ...wanted, minor: SINCE_GO.toolchains, patch: wanted.minor === SINCE_GO.toolchains ? wanted.patch : undefined },
			severity: 'error',
			message: `${name} requires go ${goLine?.value}, which Go ${version} rejects: 'invalid go version '${goLine?.value}': must match format 1.23'. Use a newer tag.`,
			line: goLine,
		};
	}
	if (wanted.minor <= running.minor) return undefined;
	// They know that loops mean something else from Go 1.22 on (go.dev/issue/60078).
	if (compiledByLast && name === 'go.mod' && wanted.minor >= SINCE_GO.loopVariables) {
		return {
			wanted,
			severity: 'error',
			message: `${name} requires go ${goLine?.value}, which Go ${version} refuses to build: 'cannot compile Go ${goLine?.value} code'. Use a newer tag.`,
			line: goLine,
		};
	}
	return {
		wanted,
		severity: 'warning',
		message: `${name} requires go ${goLine?.value}, but this image has Go ${version}: code that uses newer features does not build. Use a newer tag.`,
		line: goLine,
	};
}
