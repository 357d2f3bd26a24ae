import type { Instruction } from '../dockerfile/syntax.ts';
import { sourceWord, type WrittenEdit, written } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import { type GoWords, goCommands } from '../facts/go-words.ts';
import { insertAbove } from '../fixes/insert-above.ts';
import type { RanCommand, StageState } from '../image/model.ts';
import { chainOf, commandsOf, copiesOf, rootOf } from '../image/stage-chain.ts';
import { SINCE_GO } from '../knowledge/go-releases.ts';
import { ancestors, isWithin, join, normalize, relativeWithin } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'module-in-gopath',
	severity: 'error',
	fixAll: true,
	judges: 'build',
	documentation: {
		summary: 'The module is built in the GOPATH root because WORKDIR is not set.',
		why: 'The working directory of the golang image is /go, which is GOPATH. Up to Go 1.21 every go command fails there with `$GOPATH/go.mod exists but should not`; from Go 1.22 on it warns `ignoring go.mod in $GOPATH /go` and builds, with the source next to the downloaded modules, while `go mod tidy` and `go mod vendor` fail with `go.mod file not found`.',
		example: 'FROM golang:1.21 AS build\nCOPY . .\nRUN go build -o /app',
		instead: 'FROM golang:1.21 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app',
		notes:
			'An error when the image has Go 1.21 or older, or when the command is go mod tidy, vendor, verify, graph or why; otherwise a warning. Not reported if the GOPATH root has no go.mod. The fix adds a WORKDIR and adjusts the COPY instructions that copy the binary from there.',
	},
	*check(facts) {
		for (const state of facts.image.stages) {
			if (state.windows) continue;
			for (const { command, go } of goCommands(state)) {
				if (!USES_MODULES.has(go.subcommand) || go.words.some((word) => word?.includes('@') === true)) continue;
				const gopath = gopathOf(state, command);
				if (gopath === undefined || !worksIn(state, command, gopath)) continue;
				yield finding(facts, state, gopath, go.range, failingModCommand(go));
				break;
			}
		}
	},
};

const USES_MODULES = new Set(['build', 'install', 'mod', 'get', 'run', 'test', 'vet', 'list', 'generate']);

function gopathOf(state: StageState, command: RanCommand): string | undefined {
	const setting = command.goEnvironment.get('GOPATH');
	if (setting !== undefined) return setting.value === undefined ? undefined : normalize(setting.value.split(':')[0] ?? '');
	return rootOf(state).base?.environment.get('GOPATH');
}

/** Whether the module that the command works in has its root in GOPATH itself. */
function worksIn(state: StageState, command: RanCommand, gopath: string): boolean {
	const module = command.environment.get('GO111MODULE');
	if (module !== undefined && module.value !== 'on' && module.value !== '') return false;
	const build = state.builds.find((each) => each.command === command);
	const worked = build?.directory ?? command.workingDirectory;
	if (worked === undefined || !isWithin(gopath, worked)) return false;
	for (const directory of ancestors(worked)) {
		if (directory === gopath) break;
		if (state.files.has(join(directory, 'go.mod')) !== 'no') return false;
	}
	const entry = state.files.get(join(gopath, 'go.mod'));
	return (
		entry !== undefined &&
		entry.kind !== 'directory' &&
		(entry.instruction === undefined || entry.instruction.range.start < command.instruction.range.start)
	);
}

/**
 * The `go mod` command that needs the go.mod that is ignored, and fails: tried with Go 1.26, and RootMode NeedRoot in its source.
 */
function failingModCommand({ subcommand, words }: GoWords): string | undefined {
	const name = subcommand === 'mod' ? words[0] : undefined;
	return name !== undefined && /^(?:tidy|vendor|verify|graph|why)$/.test(name) ? `go mod ${name}` : undefined;
}

/** @param command the command that fails with any version of Go */
function finding(facts: Facts, state: StageState, gopath: string, range: Finding['range'], command: string | undefined): Finding {
	const minor = rootOf(state).base?.go?.minor;
	const fails = minor !== undefined && minor < SINCE_GO.ignoresModuleInGopath;
	if (!fails && command !== undefined) {
		return {
			range,
			message: `The module is in ${gopath}, which is GOPATH: ${command} fails with 'go.mod file not found in current directory or any parent directory', because Go ignores a go.mod there. Set a WORKDIR outside it.`,
			fixes: () => [fixOf(facts, state, gopath)],
		};
	}
	return {
		range,
		severity: fails ? 'error' : 'warning',
		message: fails
			? `The module is in ${gopath}, which is GOPATH: Go 1.${minor} fails with '$GOPATH/go.mod exists but should not'. Set a WORKDIR outside it.`
			: `The module is in ${gopath}, which is GOPATH: Go warns 'ignoring go.mod in $GOPATH ${gopath}', and up to Go 1.21 it fails. Set a WORKDIR outside it.`,
		fixes: () => [fixOf(facts, state, gopath)],
	};
}

/** Where source goes when nothing else is there. */
const DIRECTORIES = [written`/src`, written`/app`, written`/workspace`, written`/build`];

function fixOf(facts: Facts, state: StageState, gopath: string): Fix | undefined {
	const { dockerfile } = facts;
	const directory = DIRECTORIES.find((each) => state.files.has(each) === 'no');
	if (directory === undefined) return undefined;
	const chain = chainOf(state);
	const instructions = chain.flatMap((each) => each.stage.instructions);
	const edits: WrittenEdit[] = [];
	const own = instructions.filter((each) => each.keyword === 'WORKDIR');
	const last = own.at(-1);
	if (last !== undefined && last.keyword === 'WORKDIR') {
		const word = last.words[0];
		if (own.length > 1 || word === undefined || normalize(word.raw) !== gopath) return undefined;
		edits.push({ range: word.range, newText: directory });
	} else {
		const first = instructions.find((each) => dependsOnDirectory(each));
		if (first === undefined) return undefined;
		edits.push(insertAbove(dockerfile, first, [written`WORKDIR ${directory}`]));
	}
	// What is named by its absolute path moves along, where that is plain.
	let certain = true;
	for (const other of facts.image.stages) {
		for (const copy of other.copies) {
			if (copy.from.kind !== 'stage' || !chain.includes(copy.from.state) || copy.source === undefined) continue;
			const path = join('/', copy.source);
			const below = relativeWithin(gopath, path);
			if (below === undefined || /^(?:pkg|bin|src)(?:\/|$)/.test(below)) continue;
			const moved = sourceWord(below === '.' ? `${directory}/` : join(directory, below), copy.instruction, dockerfile);
			if (moved === undefined || /[$*?]|.\[/.test(dockerfile.text.slice(copy.sourceRange.start, copy.sourceRange.end))) certain = false;
			else edits.push({ range: copy.sourceRange, newText: moved });
		}
	}
	const outside = new RegExp(`(?<![\\w.$/])${gopath.replace(/[^\w/]/g, '\\$&')}/?(?!/(?:pkg|bin|src)\\b)(?![\\w-])`);
	for (const instruction of instructions) {
		if (instruction.keyword === 'WORKDIR' || instruction.keyword === 'ENV') continue;
		if (outside.test(dockerfile.text.slice(instruction.range.start, instruction.range.end))) certain = false;
	}
	if (copiesOf(state).some((copy) => copy.instruction.destination?.raw.startsWith(gopath))) certain = false;
	if (commandsOf(state).some((command) => command.words.includes('GOPATH'))) certain = false;
	return { title: `Set WORKDIR ${directory}`, edits, changes: ['outputs'], preferred: certain };
}

function dependsOnDirectory(instruction: Instruction): boolean {
	if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') return !/^["']?\//.test(instruction.destination?.raw ?? '');
	return (
		instruction.keyword === 'RUN' &&
		/\bgo\b|\bcd\b|\bgit\b|\bmake\b/.test(instruction.command?.form === 'shell' ? instruction.command.text : 'go')
	);
}
