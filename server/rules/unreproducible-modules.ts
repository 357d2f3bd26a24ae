import type { Instruction } from '../dockerfile/syntax.ts';
import { written } from '../dockerfile/write.ts';
import { isWithoutModule, requiresModule } from '../facts/absent-module.ts';
import type { Facts } from '../facts/facts.ts';
import { type GoWords, goCommands } from '../facts/go-words.ts';
import { goInRecipes } from '../facts/makefile.ts';
import { isOwnProgram } from '../facts/own-programs.ts';
import { moduleOfCommand } from '../facts/placed-module.ts';
import { isShellText } from '../fixes/go-command.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import type { RanCommand, StageState } from '../image/model.ts';
import { chainOf, contributingStages } from '../image/stage-chain.ts';
import type { Range } from '../text/text.ts';
import { basename, join } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'unreproducible-modules',
	severity: 'warning',
	fixAll: false,
	judges: 'build',
	documentation: {
		summary: 'A RUN re-resolves module versions, so two builds of the same source may differ.',
		why: '`go get`, `go mod tidy` and `@latest` resolve versions at build time, and may change go.mod and go.sum from what was tested and committed. `go mod download` fetches only what go.mod and go.sum list.',
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go mod tidy\nRUN go build -o /app',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go mod download\nRUN go build -o /app',
		notes:
			'Reported once for each RUN, also if a Makefile of the build context runs the command. Not reported for `go get` and `go install` with an explicit version, for tools in a development container, or for `go mod tidy -diff`, which changes nothing. A command that fails because there is no go.mod is left to `missing-go-mod`. The quick fix replaces `go mod tidy`, and `go get` without packages, with `go mod download` if go.mod is in the image; for a tool, name the version. Fix-all does not apply it, because go.mod may not be tidy.',
	},
	*check(facts) {
		const contributing = contributingStages(facts.image);
		for (const state of facts.image.stages) {
			if (!contributing.has(state) || state.windows) continue;
			/** One RUN is one layer, which is made again as a whole. */
			const said = new Set<Instruction>();
			let fails = false;
			for (const { command, go } of goCommands(state)) {
				const problem = problemOf(go);
				if (problem === undefined || said.has(command.instruction)) continue;
				const isLost = go.directory !== undefined && problem.inModule && isWithoutModule(command, go.directory);
				// The build ends with that, as missing-go-mod says, and gets to no other of the kind.
				fails ||= isLost && requiresModule(state);
				if (fails && problem.inModule) continue;
				if (problem.tool && isForDevelopment(facts, state)) continue;
				said.add(command.instruction);
				yield {
					range: problem.range,
					message: isLost && problem.replaceable ? NO_MODULE : problem.message,
					fixes: () =>
						!isLost && problem.replaceable && isShellText(command) && canDownload(facts, state, command) ? downloadFix(go) : [],
				};
			}
			yield* inMakefiles(facts, state, said);
		}
	},
};

/** What make runs, said of the command that runs make. */
function* inMakefiles(facts: Facts, state: StageState, said: Set<Instruction>): Iterable<Finding> {
	for (const command of state.ran) {
		const makefile = facts.makefileOf(command);
		const [first] = command.wordNodes;
		const last = command.wordNodes.at(-1);
		if (makefile === undefined || first === undefined || last === undefined || said.has(command.instruction)) continue;
		const range = { start: first.range.start, end: last.range.end };
		for (const { text, words } of goInRecipes(makefile, command.files)) {
			const [subcommand = '', ...rest] = words;
			const problem = problemOf({ subcommand, words: rest, ranges: [], range, nameRange: range, directory: makefile.call.directory });
			if (problem === undefined || (problem.tool && isForDevelopment(facts, state))) continue;
			said.add(command.instruction);
			yield { range, message: `make runs '${text}'. ${problem.message}` };
			break;
		}
	}
}

/** What go get does in GOPATH. */
const NO_MODULE =
	'Without a go.mod, go get takes the newest commit of every dependency. Add a go.mod, which names the versions, and run go mod download.';

/** Programs that build and start what people are working on again and again. */
const RELOADS = /^(?:air|reflex|CompileDaemon|modd|realize|gin|fresh|nodemon|wgo|gow|dlv|watcher)$/;

/**
 * Whether people work in the image with the tools that it holds: it has no program of the workspace, and no command or one that
 * builds anew after each change.
 *
 * @param installing The stage that installs them. An image that copies a tool out of it ships the tool.
 */
function isForDevelopment({ path, targets }: Facts, installing: StageState): boolean {
	if (/(?:^|\/)\.devcontainer\//.test(path)) return true;
	return targets.every(({ state, binaries }) => {
		if (binaries.some(isOwnProgram)) return false;
		const unsaid = state.entrypoint?.instruction === undefined && state.command?.instruction === undefined;
		return (unsaid && chainOf(state).includes(installing)) || RELOADS.test(basename(resolveCommandPath(state)?.program ?? ''));
	});
}

interface Problem {
	/** Whether a program is installed that is no part of the workspace. */
	readonly tool: boolean;
	readonly range: Range;
	readonly message: string;
	/** Whether it changes a module. */
	readonly inModule: boolean;
	/** Whether `go mod download` does the same where go.mod is tidy. */
	readonly replaceable: boolean;
}

/** What follows `@` and names no one version: a branch, a prefix as `v1.2`, a comparison (go.dev/ref/mod#version-queries). */
const FLOATING = /@(?:latest|upgrade|patch|master|main|HEAD|develop|dev|v\d+(?:\.\d+)?|[<>].*)$/;

function problemOf({ subcommand, words, ranges, range }: GoWords): Problem | undefined {
	if (subcommand === 'mod') {
		if (words[0] !== 'tidy' || words.some((word) => word === '-diff' || word === undefined)) return undefined;
		return {
			tool: false,
			range,
			message:
				'go mod tidy may resolve other module versions than the committed ones. Run it before committing, and run go mod download here.',
			inModule: true,
			replaceable: true,
		};
	}
	if (subcommand !== 'get' && subcommand !== 'install' && subcommand !== 'run') return undefined;
	const floating = words.findIndex((word) => FLOATING.test(word ?? ''));
	if (floating >= 0) {
		const word = words[floating] ?? '';
		const name = word.slice(word.lastIndexOf('@'));
		return {
			tool: subcommand !== 'run',
			range: ranges[floating] ?? range,
			message: `${name} can be another version in every build. Name the version that was tested.`,
			inModule: subcommand === 'get',
			replaceable: false,
		};
	}
	if (subcommand !== 'get' || words.includes(undefined)) return undefined;
	const packages = words.filter((word) => word?.startsWith('-') === false);
	if (packages.length > 0 && packages.every((word) => word?.includes('@'))) return undefined;
	const updates = words.some((word) => /^--?u(?:=|$)/.test(word ?? ''));
	const own = packages.every((word) => /^\.(?:\/\.\.\.)?$|^\.\/\.\.\.$/.test(word ?? ''));
	return {
		tool: !own,
		range,
		message:
			updates && !own
				? 'go get -u resolves the newest versions at build time. Name the version that was tested.'
				: updates
					? 'go get -u resolves the newest versions at build time. Update before committing, and run go mod download here.'
					: own
						? 'go get may resolve other module versions than the committed ones. Use go mod download.'
						: 'go get without a version resolves the newest at build time. Name the version, or require the module in go.mod.',
		inModule: true,
		replaceable: own && !updates,
	};
}

/** Whether go.mod is there, and go.sum where it is needed: `go mod download` writes no go.sum that a build would take. */
function canDownload(facts: Facts, state: StageState, command: RanCommand): boolean {
	const placed = moduleOfCommand(facts, state, command);
	if (placed === undefined) return false;
	if (placed.module.file.require.length === 0) return true;
	return command.files.get(join(placed.imageDirectory, 'go.sum'))?.source !== undefined;
}

function downloadFix(go: GoWords): Fix[] {
	const end = Math.max(go.range.end, go.ranges.at(-1)?.end ?? 0);
	return [
		{
			title: 'Use go mod download',
			edits: [{ range: { start: go.range.start, end }, newText: written`go mod download` }],
			preferred: false,
		},
	];
}
