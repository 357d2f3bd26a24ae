import { packageWord, shellWord, sourceWord, type WrittenEdit, written } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import { outputPath, type StartedDirectory, startedDirectories } from '../facts/started-directory.ts';
import { endOfWord } from '../fixes/copy-destination.ts';
import { canEdit } from '../fixes/go-command.ts';
import type { CopiedSource, GoBuild, StageState } from '../image/model.ts';
import { lastFlag } from '../image/shell/go-flags.ts';
import { basename, join, normalize, relativeWithin } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'output-into-directory',
	severity: 'error',
	fixAll: true,
	judges: 'build',
	documentation: {
		summary: '`go build -o` names a directory that is then used as the binary, or one file for several packages.',
		why: 'If `-o` names an existing directory, go build writes the binary into it, under its default name. With `WORKDIR /app`, `-o /app` is such a directory and also holds the source; copied to /app and started, it fails with `exec: "/app": permission denied`. Building several packages into one file fails with `cannot write multiple packages to non-directory`.',
		example:
			'FROM golang:1.26 AS build\nWORKDIR /app\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26 AS build\nWORKDIR /app\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /out/app .\n\nFROM scratch\nCOPY --from=build /out/app /app\nENTRYPOINT ["/app"]',
		notes:
			'Not reported if the directory is copied and the program is started by its path inside. The fix writes the binary to a file in a separate directory and copies that file. If several packages are built and only one is package main, the fix builds that one.',
	},
	*check(facts) {
		const seen = new Set<GoBuild>();
		for (const target of facts.targets) {
			for (const each of startedDirectories(facts, target)) {
				if (seen.has(each.build)) continue;
				seen.add(each.build);
				yield intoDirectory(facts, each);
			}
		}
		for (const state of facts.image.stages) {
			for (const build of state.builds) {
				const found = seen.has(build) ? undefined : severalPackages(facts, state, build);
				if (found !== undefined) yield found;
			}
		}
	},
};

function intoDirectory(facts: Facts, { build, directory, started, copy }: StartedDirectory): Finding {
	const flag = lastFlag(build.flags, 'o');
	const lands = build.outputs[0] ?? 'a file inside it';
	const beside = copy?.destination !== undefined && normalize(copy.destination) !== started;
	return {
		range: flag?.range ?? build.commandRange,
		message: `${directory} is a directory, so the binary is written to ${lands}; the container fails with ${beside ? `'exec: "${started}": stat ${started}: no such file or directory'` : `'exec: "${started}": permission denied' because it starts the directory`}. Write to a file outside it.`,
		fixes: () => (copy === undefined ? [] : [outsideFix(facts, build, started, copy)]),
	};
}

/** Writes the binary to a file in a separate directory, and copies that file instead of the directory. */
function outsideFix(facts: Facts, build: GoBuild, started: string, copy: CopiedSource): Fix | undefined {
	const flag = lastFlag(build.flags, 'o');
	const builder = facts.image.stages[build.stage.index];
	const output = join(OUTPUT, basename(started));
	if (!canEdit(build) || flag?.valueRange === undefined || builder === undefined || builder.files.has(output) === 'yes') return undefined;
	const target = shellWord(output);
	const source = sourceWord(output, copy.instruction, facts.dockerfile);
	if (target === undefined || source === undefined) return undefined;
	const edits: WrittenEdit[] = [
		{ range: flag.valueRange, newText: target },
		{ range: copy.sourceRange, newText: source },
	];
	const { destination, sources } = copy.instruction;
	// COPY keeps the file's name only if the destination is written as a directory.
	if (sources.length > 1 || destination === undefined) return undefined;
	if (copy.destination !== undefined && normalize(copy.destination) !== started && !/(?:^|\/)\.{0,2}$/.test(destination.raw)) {
		edits.push({ range: endOfWord(facts.dockerfile, destination), newText: written`/` });
	}
	return { title: `Write the binary to ${output}`, edits, changes: ['outputs'], preferred: true };
}

/** A directory for the binary alone; `go build` creates it. */
const OUTPUT = '/out';

function severalPackages(facts: Facts, state: StageState, build: GoBuild): Finding | undefined {
	const flag = lastFlag(build.flags, 'o');
	const program = facts.programOf(build);
	const path = outputPath(build);
	if (flag === undefined || program === undefined || path === undefined || build.subcommand !== 'build' || build.outputIsDirectory)
		return undefined;
	if (program.roots.length < 2 || program.missing.length > 0 || path === '/dev/null' || flag.value?.endsWith('/') === true)
		return undefined;
	// A directory of that name may exist if what ran before is unknown.
	if (state.files.get(path)?.kind === 'directory' || state.files.has(join(path, '..')) === 'unknown') return undefined;
	const mains = program.roots.filter((root) => root.name === 'main');
	const [main] = mains;
	const patterns = build.packages.filter((each) => each?.includes('...') === true);
	const node = build.command.wordNodes.find((_, index) => build.command.words[index] === patterns[0]);
	const below = main && build.sourceDirectory !== undefined ? relativeWithin(build.sourceDirectory, main.directory) : undefined;
	const argument = mains.length === 1 && below !== undefined ? packageWord(below === '.' ? '.' : `./${below}`) : undefined;
	const fixes = (): Fix[] =>
		argument !== undefined && node !== undefined && build.packages.length === 1 && canEdit(build)
			? [{ title: `Build only ${argument}`, edits: [{ range: node.range, newText: argument }], changes: ['packages'], preferred: true }]
			: [];
	return {
		range: node?.range ?? flag.range ?? build.commandRange,
		message: `This builds ${program.roots.length} packages into one file: go build fails with 'cannot write multiple packages to non-directory ${path}'. Name the main package, or end -o with a slash.`,
		fixes,
	};
}
