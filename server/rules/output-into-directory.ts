import { flagInForce } from '../fixes/go-command.ts';
import type { GoBuild, StageState } from '../image/model.ts';
import type { Facts, Target } from '../lint/facts.ts';
import type { TextEdit } from '../text/text.ts';
import { basename, isAbsolute, isWithin, join, normalize, relativeWithin } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'output-into-directory',
	severity: 'error',
	fixAll: true,
	documentation: {
		summary: '`go build -o` names a directory that is then used as the binary, or one file for several packages.',
		why: 'Where the path behind `-o` is a directory, the binary is written into it under its own name. With `WORKDIR /app` and `-o /app` the directory is /app, source included; copied to /app and started, it fails with `exec: "/app": permission denied`. Several packages into one file fail at once: `cannot write multiple packages to non-directory`.',
		example:
			'FROM golang:1.26 AS build\nWORKDIR /app\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26 AS build\nWORKDIR /app\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /out/app .\n\nFROM scratch\nCOPY --from=build /out/app /app\nENTRYPOINT ["/app"]',
		notes:
			'Silent where the directory is copied as a directory and the program is started by its path inside. The fix writes to a file in a directory of its own and copies that; for several packages it names the only main package, or writes into a directory where nothing takes the file.',
	},
	*check(facts) {
		const seen = new Set<GoBuild>();
		for (const target of facts.targets) {
			for (const build of usedAsFile(target)) {
				if (seen.has(build)) continue;
				seen.add(build);
				yield intoDirectory(facts, target, build);
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

/** The path that `-o` names, from the image's root. */
function outputPath(build: GoBuild): string | undefined {
	const value = flagInForce(build, 'o')?.value;
	if (value === undefined || value === '' || build.directory === undefined) return undefined;
	return isAbsolute(value) ? normalize(value) : join(build.directory, value);
}

/** The builds into a directory that the target's command starts as if it were the binary. */
function* usedAsFile({ state }: Target): Iterable<GoBuild> {
	const path = startedPath(state);
	if (path === undefined || state.files.get(path)?.kind !== 'directory') return;
	for (const { path: file, build } of state.files.builds()) {
		if (file !== path && isWithin(path, file) && build.outputIsDirectory) yield build;
	}
}

function startedPath(state: StageState): string | undefined {
	const form = (state.entrypoint ?? state.command)?.value;
	const name =
		form?.form === 'exec'
			? form.items[0]?.value
			: form?.form === 'shell'
				? /^\s*(?:exec\s+)?([\w./-]+)\s*$/.exec(form.text)?.[1]
				: undefined;
	if (name === undefined || !name.includes('/')) return undefined;
	if (isAbsolute(name)) return normalize(name);
	return state.workingDirectory === undefined ? undefined : join(state.workingDirectory, name);
}

function intoDirectory(facts: Facts, target: Target, build: GoBuild): Finding {
	const flag = flagInForce(build, 'o');
	const path = outputPath(build);
	const started = startedPath(target.state);
	const fix = path === undefined || started === undefined ? undefined : outsideFix(facts, target, build, path, started);
	const lands = build.outputs[0] ?? 'a file inside it';
	return {
		range: flag?.range ?? build.commandRange,
		message: `${path ?? 'The output'} is a directory, so that the binary lands at ${lands}; the container starts the directory and fails with 'exec: "${started ?? ''}": permission denied'. Write to a file outside it.`,
		fixes: fix === undefined ? [] : [fix],
	};
}

/** Writes to a file of a directory of its own, and makes the copies of the directory copies of the file. */
function outsideFix(facts: Facts, target: Target, build: GoBuild, path: string, started: string): Fix | undefined {
	const flag = flagInForce(build, 'o');
	const builder = facts.image.stages[build.stage.index];
	if (flag?.valueRange === undefined || builder === undefined) return undefined;
	const output = join(OUTPUT, basename(started));
	if (builder.files.has(output) !== 'no') return undefined;
	const edits: TextEdit[] = [{ range: flag.valueRange, newText: output }];
	const copies = target.state.copies.filter(
		(copy) => copy.from.kind === 'stage' && copy.from.state === builder && copy.source !== undefined && join('/', copy.source) === path,
	);
	const [copy] = copies;
	if (
		builder === target.state ||
		copy === undefined ||
		copies.length > 1 ||
		copy.destination === undefined ||
		normalize(copy.destination) !== started
	)
		return undefined;
	// A directory that is copied for more than the binary has to stay.
	edits.push({ range: copy.sourceRange, newText: output });
	return { title: `Write the binary to ${output}`, edits, preferred: true };
}

/** A directory of its own for the binary; `go build` makes it. */
const OUTPUT = '/out';

function severalPackages(facts: Facts, state: StageState, build: GoBuild): Finding | undefined {
	const flag = flagInForce(build, 'o');
	const program = facts.programOf(build);
	const path = outputPath(build);
	if (flag === undefined || program === undefined || path === undefined || build.subcommand !== 'build' || build.outputIsDirectory)
		return undefined;
	if (program.roots.length < 2 || program.missing.length > 0 || path === '/dev/null' || flag.value?.endsWith('/') === true)
		return undefined;
	// A directory of that name may be there where it is not known what ran before.
	if (state.files.get(path)?.kind === 'directory' || state.files.has(join(path, '..')) === 'unknown') return undefined;
	const mains = program.roots.filter((root) => root.name === 'main');
	const [main] = mains;
	const patterns = build.packages.filter((each) => each?.includes('...') === true);
	const node = build.command.wordNodes.find((_, index) => build.command.words[index] === patterns[0]);
	const below = main && build.sourceDirectory !== undefined ? relativeWithin(build.sourceDirectory, main.directory) : undefined;
	const fixes: Fix[] =
		mains.length === 1 && below !== undefined && node !== undefined && build.packages.length === 1
			? [
					{
						title: `Build ${below === '.' ? '.' : `./${below}`} alone`,
						edits: [{ range: node.range, newText: below === '.' ? '.' : `./${below}` }],
						preferred: true,
					},
				]
			: [];
	return {
		range: node?.range ?? flag.range ?? build.commandRange,
		message: `This builds ${program.roots.length} packages into one file: go build fails with 'cannot write multiple packages to non-directory ${path}'. Name the main package, or end -o with a slash.`,
		fixes,
	};
}
