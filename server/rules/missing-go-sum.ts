import type { CopyInstruction, Dockerfile } from '../dockerfile/syntax.ts';
import { asItStands, copyWords, sourceWord, type Written, written } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import { goCommands } from '../facts/go-words.ts';
import { contextCopies, contextPaths, moduleOfBuild, type PlacedModule, usesVendor } from '../facts/placed-module.ts';
import { takeBack } from '../fixes/ignore-file.ts';
import { insertAfter, removeInstruction } from '../fixes/instructions.ts';
import type { BuildContext, CopiedSource, GoBuild, StageState } from '../image/model.ts';
import { chainOf, isBefore } from '../image/stage-chain.ts';
import { SINCE_GO } from '../knowledge/go-releases.ts';
import { basename, dirname, join, normalize } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-go-sum',
	severity: 'error',
	fixAll: true,
	judges: 'build',
	documentation: {
		summary: 'COPY names a go.sum or go.work.sum that does not exist, or the build requires go.sum and it is not copied.',
		why: 'COPY of a missing file fails the build: `failed to calculate checksum of ref …: "/go.sum": not found`. If go.sum is not copied although the program imports other modules, `go mod download` succeeds and `go build` fails: `missing go.sum entry for module providing package …`.',
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY go.mod ./\nRUN go mod download\nCOPY *.go ./\nRUN go build -o /app',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY *.go ./\nRUN go build -o /app',
		notes:
			'Not reported for `COPY go.* ./`, which copies only what exists, or if go.sum is not required: with vendored modules, after `go mod tidy`, with -mod=mod, up to Go 1.15, and if the packages built import no other module. If .gitignore excludes a go.sum that is missing, it is a warning, because the directory of its author has one. A COPY of a go.mod that does not exist either is left to `copy-of-missing-file`. The fix removes go.sum from COPY if no module is required, and adds it if go.sum exists.',
	},
	*check(facts) {
		const { context } = facts;
		if (context === undefined) return;
		for (const state of facts.image.stages) {
			if (state.windows) continue;
			for (const copy of state.copies) {
				const path = absentSum(context, copy);
				if (path === undefined) continue;
				if (basename(path) === 'go.sum') {
					if (!isOfOtherDirectory(facts, copy, path)) yield copied(facts, state, copy, path);
				}
				// Where Git ignores it, it may be there all the same.
				else if (!facts.isMadeBefore(path)) yield copiedOfWork(facts, copy, path);
			}
			for (const build of state.builds) {
				const found = left(facts, context, state, build);
				if (found === undefined) continue;
				yield found;
				break;
			}
		}
	},
};

/** The context path of a go.sum or go.work.sum that is copied by name and does not exist. */
function absentSum(context: BuildContext, copy: CopiedSource): string | undefined {
	if (copy.from.kind !== 'context' || copy.present !== 'no' || copy.source === undefined || /[*?[\\]/.test(copy.source)) return undefined;
	const [path] = contextPaths(context, copy);
	return path !== undefined && /^go(?:\.work)?\.sum$/.test(basename(path)) && context.kind(path) === 'absent' ? path : undefined;
}

function copied(facts: Facts, state: StageState, copy: CopiedSource, path: string): Finding {
	const module = facts.go?.modules.find((each) => each.directory === join(facts.context?.directory ?? '/', dirname(path)));
	const needed = module !== undefined && module.file.require.length > 0 && !isKnownUnneeded(facts, state);
	if (needed && facts.isIgnoredByGit(path))
		return {
			range: copy.sourceRange,
			severity: 'warning',
			message: `${path} does not exist in the build context, and .gitignore excludes it: in a fresh clone the build fails with '"/${path}": not found'. Take it out of .gitignore, and commit it.`,
		};
	const missing = `${path} does not exist in the build context: the build fails with '"/${path}": not found'.`;
	// Without a go.mod next to it, the build context is not the module's directory: whether go.sum is required is unknown.
	if (facts.context?.kind(normalize(join(dirname(path), 'go.mod'))) === 'absent')
		return {
			range: copy.sourceRange,
			message: `${missing} go.mod does not exist there either: the build context is not the module's directory.`,
		};
	return {
		range: copy.sourceRange,
		message: needed
			? `${missing} Run go mod tidy to create it, and commit it.`
			: `${missing} The module does not need one; remove it from COPY.`,
		fixes: () => (needed || module === undefined ? [] : [dropSource(facts, copy)]),
	};
}

/** Whether the COPY names a go.mod that is not there either, of which `copy-of-missing-file` says that the path is wrong. */
function isOfOtherDirectory({ context, isMadeBefore }: Facts, { instruction }: CopiedSource, path: string): boolean {
	const goMod = normalize(join(dirname(path), 'go.mod'));
	const isNamed = instruction.sources.some(({ raw }) => normalize(raw.replace(/^\/+/, '')) === goMod);
	return isNamed && context?.kind(goMod) === 'absent' && !isMadeBefore(goMod);
}

/** A go.work.sum holds what the go.sum files of the modules do not: the go command writes none where they suffice. */
function copiedOfWork(facts: Facts, copy: CopiedSource, path: string): Finding {
	return {
		range: copy.sourceRange,
		message: `${path} does not exist in the build context: the build fails with '"/${path}": not found'. The go.sum files of the modules suffice; remove it from COPY.`,
		fixes: () => [dropSource(facts, copy)],
	};
}

/** Whether the builds of the stage, and there are some, are known to need no other module. */
function isKnownUnneeded(facts: Facts, state: StageState): boolean {
	const builds = facts.image.stages.filter((each) => each === state || each.parent === state).flatMap((each) => each.builds);
	return builds.length > 0 && builds.every((build) => facts.programOf(build)?.needsModules === 'no');
}

function dropSource(facts: Facts, copy: CopiedSource): Fix {
	const { dockerfile } = facts;
	const { instruction, sourceRange } = copy;
	const title = `Remove ${basename(copy.source ?? 'go.sum')} from COPY`;
	if (instruction.sources.length === 1 && instruction.heredocs.length === 0)
		return { title, edits: [removeInstruction(dockerfile, instruction)], preferred: true };
	// The white space before the word is removed too, in a JSON array also the comma after it.
	const text = dockerfile.text;
	let { start, end } = sourceRange;
	if (instruction.json) {
		const behind = /^\s*,\s*/.exec(text.slice(end));
		if (behind !== null) end += behind[0].length;
	} else {
		while (start > 0 && /[ \t]/.test(text[start - 1] ?? '')) start--;
		if (/[\r\n]/.test(text[start - 1] ?? '')) {
			// The first word of a line leaves the indentation to the next one.
			start = sourceRange.start;
			while (/[ \t]/.test(text[end] ?? '')) end++;
		}
	}
	return { title, edits: [{ range: { start, end }, newText: written`` }], preferred: true };
}

/** A build that requires a go.sum which exists but is not copied. */
function left(facts: Facts, context: BuildContext, state: StageState, build: GoBuild): Finding | undefined {
	const program = facts.programOf(build);
	if (program?.needsModules !== 'yes') return undefined;
	if (build.mod === 'vendor' || build.mod === 'mod' || (build.goMinor !== undefined && build.goMinor < SINCE_GO.readonlyModules))
		return undefined;
	const placed = moduleOfBuild(facts, build);
	if (placed === undefined || placed.work !== undefined || usesVendor(context, placed, build.mod)) return undefined;
	// What it imports comes by a go.work then, without which it is not go.sum that the build lacks.
	if (placed.module.file.require.length === 0) return undefined;
	const { imageDirectory } = placed;
	const { files } = build.command;
	if (files.has(join(imageDirectory, 'go.mod')) !== 'yes' || files.has(join(imageDirectory, 'go.sum')) !== 'no') return undefined;
	if (files.has(join(imageDirectory, 'vendor')) !== 'no') return undefined;
	const writes = chainOf(state)
		.flatMap(goCommands)
		.some(
			({ command, go }) =>
				command.instruction.range.start <= build.instruction.range.start &&
				(go.subcommand === 'get' ||
					(go.subcommand === 'mod' && ['tidy', 'init', 'vendor'].includes(go.words[0] ?? '')) ||
					go.subcommand === 'work'),
		);
	if (writes) return undefined;
	const source = contextCopies(context, state).findLast(
		(each) =>
			isBefore(each.copy.instruction, build.instruction) && each.kind === 'file' && each.destination === join(imageDirectory, 'go.mod'),
	);
	const path = normalize(join(placed.contextPath, 'go.sum'));
	if (!placed.module.hasGoSum) {
		// A COPY that names it is reported already.
		if (state.copies.some((copy) => absentSum(context, copy) === path)) return undefined;
		if (facts.isIgnoredByGit(path))
			return {
				range: source?.copy.sourceRange ?? build.commandRange,
				severity: 'warning',
				message: `The module requires others, but there is no ${path}, which .gitignore excludes: in a fresh clone go build fails with 'missing go.sum entry for module providing package …'. Take it out of .gitignore, and commit it.`,
			};
		return {
			range: source?.copy.sourceRange ?? build.commandRange,
			message: `The module requires others, but there is no ${path}: go build fails with 'missing go.sum entry for module providing package …'. Run go mod tidy, which writes it, and commit it.`,
		};
	}
	const ignored = context.ignored(path);
	return {
		range: source?.copy.sourceRange ?? build.commandRange,
		message: `${path} is not copied${ignored ? ` because ${basename(context.ignoreFile?.path ?? '.dockerignore')} excludes it` : ''}: go build fails with 'missing go.sum entry for module providing package …'. ${ignored ? 'Re-include it' : 'Copy it with go.mod'}.`,
		fixes: () => (ignored ? takeBack(context, path) : source === undefined ? [] : [addSource(facts, source.copy, placed, path)]),
	};
}

function addSource({ dockerfile }: Facts, copy: CopiedSource, placed: PlacedModule, path: string): Fix | undefined {
	const { instruction, sourceRange } = copy;
	const title = 'Copy go.sum too';
	const word = sourceWord(path, instruction, dockerfile);
	if (intoDirectory(instruction)) {
		if (word === undefined) return undefined;
		const newText = instruction.json ? written`, ${word}` : written` ${word}`;
		return { title, edits: [{ range: { start: sourceRange.end, end: sourceRange.end }, newText }], preferred: true };
	}
	const destination = besideGoMod(dockerfile, instruction);
	const words =
		destination === undefined
			? copyWords([path], `${placed.imageDirectory}/`, dockerfile)
			: instruction.json
				? written`[${word}, ${destination}]`
				: written`${word} ${destination}`;
	return words && { title, edits: [insertAfter(dockerfile, instruction, [written`COPY ${words}`])], preferred: true };
}

/** COPY go.mod go.mod, or COPY go.mod /src/go.mod: the same destination with the other name. */
function besideGoMod(dockerfile: Dockerfile, { destination }: CopyInstruction): Written | undefined {
	if (destination === undefined) return undefined;
	const { start, end } = destination.range;
	const last = /(?<=^["']?|\/)go\.mod(["']?)$/.exec(dockerfile.text.slice(start, end));
	if (last === null) return undefined;
	const quote = asItStands(dockerfile, { start: end - (last[1] ?? '').length, end });
	return written`${asItStands(dockerfile, { start, end: start + last.index })}go.sum${quote}`;
}

/** Whether the destination is a directory as it is written, so that it takes another source. */
function intoDirectory(instruction: CopyInstruction): boolean {
	return instruction.sources.length > 1 || /(?:^|\/)\.{0,2}$/.test((instruction.destination?.raw ?? '').replace(/["']/g, ''));
}
