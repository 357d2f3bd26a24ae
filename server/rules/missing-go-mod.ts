import { copyWords, written } from '../dockerfile/write.ts';
import { isWithoutModule, requiresModule } from '../facts/absent-module.ts';
import type { Facts } from '../facts/facts.ts';
import { type GoWords, goCommands } from '../facts/go-words.ts';
import { isLeftOut } from '../facts/needed-source.ts';
import { contextCopies } from '../facts/placed-module.ts';
import { insertBefore } from '../fixes/instructions.ts';
import type { BuildContext, RanCommand, StageState } from '../image/model.ts';
import { isBefore, rootOf, workingDirectoryAt } from '../image/stage-chain.ts';
import { SINCE_GO } from '../knowledge/go-releases.ts';
import { ancestors, join, normalize, relativeWithin } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-go-mod',
	severity: 'error',
	fixAll: false,
	judges: 'build',
	documentation: {
		summary: 'The go command builds a package in a directory without a go.mod.',
		why: "From Go 1.16 on the go command requires a module: `go: go.mod file not found in current directory or any parent directory; see 'go help modules'`.",
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY *.go ./\nRUN go build -o /app .',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY go.mod *.go ./\nRUN go build -o /app .',
		notes:
			'Not reported with GO111MODULE=off or auto, with `-modfile`, for Go files that are listed on the command line, or if a RUN, a mount or another stage may have provided a go.mod or go.work. `file-ignored` reports a go.mod that .dockerignore excludes. The fix copies go.mod, and go.sum if there is one, if the workspace has them.',
	},
	*check(facts) {
		const { context } = facts;
		if (context === undefined) return;
		for (const state of facts.image.stages) {
			if (state.windows || !requiresModule(state)) continue;
			for (const { command, go } of goCommands(state)) {
				const directory = state.builds.find((build) => build.command === command)?.directory ?? go.directory;
				if (directory === undefined || !(buildsPackages(go) || getsPackages(go, state))) continue;
				if (!command.certain || !isWithoutModule(command, directory)) continue;
				const found = finding(facts, context, state, command, go, directory);
				if (found !== undefined) yield found;
				break;
			}
		}
	},
};

/** Whether the command builds packages of its directory: the standard ones and tools at a version need no module. */
function buildsPackages({ subcommand, words }: GoWords): boolean {
	if (!/^(?:build|install|test|vet)$/.test(subcommand) || words.includes(undefined)) return false;
	if (words.some((word) => word?.includes('@') || word?.endsWith('.go') || /^--?modfile\b/.test(word ?? ''))) return false;
	const last = words.at(-1) ?? '';
	return last.startsWith('-') || words.length === 0 || /^\.{1,2}(?:\/|$)/.test(last) || /^--?o$/.test(words.at(-2) ?? '');
}

/** Whether the command adds packages to a module, which from Go 1.18 on is all that go get does. */
function getsPackages({ subcommand, words }: GoWords, state: StageState): boolean {
	const minor = rootOf(state).base?.go?.minor;
	return subcommand === 'get' && !words.includes(undefined) && (minor === undefined || minor >= SINCE_GO.getWithinModules);
}

function finding(
	facts: Facts,
	context: BuildContext,
	state: StageState,
	command: RanCommand,
	go: GoWords,
	directory: string,
): Finding | undefined {
	const failure = `go ${go.subcommand} fails with 'go: go.mod file not found in current directory or any parent directory'.`;
	const source = command.files.get(directory)?.source;
	const path = source === undefined ? undefined : moduleAbove(context, source);
	if (path === undefined) {
		if (facts.isMadeBefore('go.mod')) return undefined;
		return {
			range: go.range,
			message: `There is no go.mod in ${directory} or above it: ${failure} ${adviceFor(go)}`,
		};
	}
	// That it is not sent is said of the ignore file.
	if (isLeftOut(context, path)) return undefined;
	return {
		range: go.range,
		message: `${path} is not copied: ${failure} Copy it first.`,
		fixes: () => [copyFix(facts, context, state, command, path, directory)],
	};
}

/** What to do: who gets a package by its path means to install a tool, which needs no module. */
function adviceFor({ subcommand, words }: GoWords): string {
	const tool = words.find((word) => word !== undefined && /^[\w-]+(?:\.[\w-]+)+\//.test(word));
	return subcommand === 'get' && tool !== undefined
		? `Install a tool with go install ${tool.replace(/@.*$/s, '')}@VERSION.`
		: 'Run go mod init, which writes it, and commit it.';
}

/** The go.mod of the context that holds a directory of the workspace. */
function moduleAbove(context: BuildContext, source: string): string | undefined {
	const below = relativeWithin(context.directory, source);
	if (below === undefined) return undefined;
	return [...ancestors(below)].map((each) => normalize(join(each, 'go.mod'))).find((each) => context.kind(each) === 'file');
}

/** Copies go.mod and go.sum in front of the first copy of Go files, where the module's root is the directory that is built in. */
function copyFix(
	{ dockerfile }: Facts,
	context: BuildContext,
	state: StageState,
	command: RanCommand,
	path: string,
	directory: string,
): Fix | undefined {
	const root = path.slice(0, -'go.mod'.length);
	if (command.files.get(directory)?.source !== normalize(join(context.directory, root))) return undefined;
	const first = contextCopies(context, state).find(
		({ copy }) => copy.instruction.stage === state.stage.index && isBefore(copy.instruction, command.instruction),
	);
	const before = first && workingDirectoryAt(state, first.copy.instruction);
	if (first === undefined || before === undefined) return undefined;
	const below = relativeWithin(before, directory);
	const destination = below === undefined ? `${directory}/` : below === '.' ? './' : `./${below}/`;
	const files = [path, `${root}go.sum`].filter((each) => context.kind(each) === 'file' && !context.ignored(each));
	const words = copyWords(files, destination, dockerfile);
	return (
		words && {
			title: `Copy ${files.join(' and ')}`,
			edits: [insertBefore(dockerfile, first.copy.instruction, [written`COPY ${words}`])],
			preferred: true,
		}
	);
}
