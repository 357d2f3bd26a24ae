import { copyWords, type Written, written } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import { type GoCommand, type GoWords, goCommands } from '../facts/go-words.ts';
import { modFlagOf, moduleOfCommand, type PlacedModule, usesVendor } from '../facts/placed-module.ts';
import { insertOnto } from '../fixes/insert-above.ts';
import { copyModuleFiles, moduleFiles } from '../fixes/modules-first.ts';
import type { BuildContext, RanCommand, StageState } from '../image/model.ts';
import { chainOf, commandsOf, copiesOf, rootOf, workingDirectoryAt } from '../image/stage-chain.ts';
import { isDirectoryTarget } from '../program/go-mod.ts';
import { ancestors, basename, isAbsolute, isWithin, join, normalize, relativeWithin } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'local-module-not-copied',
	severity: 'error',
	fixAll: true,
	judges: 'build',
	documentation: {
		summary: 'A module that go.work uses, or that go.mod replaces by a directory, is not in the image when the go command needs it.',
		why: '`go mod download` and `go build` read the go.mod of every local module first: `cannot load module lib listed in go.work file: open lib/go.mod: no such file or directory`, `reading lib/go.mod: open /src/lib/go.mod: no such file or directory`. A directory outside the build context cannot be copied.',
		example:
			'# go.mod: replace example.com/lib => ./lib\nFROM golang:1.26 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /app',
		instead:
			'# go.mod: replace example.com/lib => ./lib\nFROM golang:1.26 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nCOPY lib/go.mod ./lib/\nRUN go mod download\nCOPY . .\nRUN go build -o /app',
		notes:
			'Not reported with a vendor directory, with GOWORK=off, or when a RUN may have created the directory. The fix copies go.mod and go.sum before a download, and the whole directory before a build. There is no fix for a directory outside the build context.',
	},
	*check(facts) {
		const { context } = facts;
		if (context === undefined) return;
		for (const state of facts.image.stages) {
			if (state.windows) continue;
			for (const each of goCommands(state)) {
				const found = finding(facts, context, state, each);
				if (found === undefined) continue;
				yield found;
				break;
			}
		}
	},
};

function finding(facts: Facts, context: BuildContext, state: StageState, { command, go }: GoCommand): Finding | undefined {
	if (!readsModules(go)) return undefined;
	const placed = moduleOfCommand(facts, state, command);
	if (placed === undefined || usesVendor(context, placed, modFlagOf(command))) return undefined;
	const absent = localModules(placed).filter((each) => isAbsent(context, state, command, each));
	const [first] = absent;
	if (first === undefined) return suppliedByWork(facts, command, placed, go);
	const outside = relativeWithin(context.directory, first.directory) === undefined;
	const where = join(first.imageDirectory, 'go.mod');
	const path = normalize(first.written);
	const failure = first.work
		? (rootOf(state).base?.go?.minor ?? Number.POSITIVE_INFINITY) <= LAST_WITHOUT_GO_WORK_IN_WORDS
			? `'open ${where}: no such file or directory'`
			: `'cannot load module ${path} listed in go.work file: open ${join(path, 'go.mod')}: no such file or directory'`
		: go.subcommand === 'mod'
			? `'reading ${join(path, 'go.mod')}: open ${where}: no such file or directory'`
			: `'replacement directory ${first.written} does not exist'`;
	return {
		range: go.range,
		message: outside
			? `${first.work ? 'go.work uses' : 'go.mod replaces a module by'} ${first.written}, which is outside the build context and cannot be copied: this fails with ${failure}. Use a build context that contains both.`
			: `${first.work ? 'go.work uses' : 'go.mod replaces a module by'} ${first.written}, which is not in the image yet: this fails with ${failure}. Copy it first.`,
		fixes: () => (outside ? [] : fixesFor(facts, context, state, command, go, placed, absent)),
	};
}

/** The version that go.mod names where a module was never published, and go.work or a replace directive supplies it. */
const UNPUBLISHED = /^v0\.0\.0(?:-00010101000000-000000000000)?$/;

/** A requirement that only the go.work of the workspace can meet, in an image that has no go.work. */
function suppliedByWork(
	{ go: workspace }: Facts,
	command: RanCommand,
	{ module, imageDirectory, work }: PlacedModule,
	go: GoWords,
): Finding | undefined {
	if (work !== undefined || go.subcommand === 'mod') return undefined;
	for (const directory of ancestors(imageDirectory)) {
		if (command.files.has(join(directory, 'go.work')) !== 'no') return undefined;
	}
	const works =
		workspace?.works.filter((each) => each.file.use.some(({ value }) => join(each.directory, value) === module.directory)) ?? [];
	const used = new Set(works.flatMap((each) => each.file.use.map(({ value }) => join(each.directory, value))));
	const local = workspace?.modules.filter((each) => used.has(each.directory)) ?? [];
	const unmet = module.file.require.find(
		({ path, version }) =>
			UNPUBLISHED.test(version) &&
			local.some(({ file }) => file.path === path) &&
			!module.file.replace.some((replacement) => replacement.path === path),
	);
	return (
		unmet && {
			range: go.range,
			message: `go.mod requires ${unmet.path}, which only go.work provides, but go.work is not in the image: this fails with 'missing go.sum entry for module providing package ${unmet.path}'. Copy go.work and the modules that it uses.`,
		}
	);
}

/** The minor of the last Go that names only the file, and not go.work, where a module of go.work is absent. */
const LAST_WITHOUT_GO_WORK_IN_WORDS = 20;

function readsModules(go: GoWords): boolean {
	if (go.words.some((word) => word?.includes('@') === true)) return false;
	if (go.subcommand === 'mod') return ['download', 'vendor', 'tidy', 'verify'].includes(go.words[0] ?? '');
	return ['build', 'install', 'test', 'vet', 'run'].includes(go.subcommand);
}

interface LocalModule {
	/** As go.work or go.mod writes it. */
	readonly written: string;
	/** In the workspace. */
	readonly directory: string;
	readonly imageDirectory: string;
	readonly work: boolean;
}

/** The directories whose go.mod the go command reads besides the module's own. */
function localModules({ module, imageDirectory, work }: PlacedModule): LocalModule[] {
	const replaced = (from: { readonly directory: string }, image: string, replace: typeof module.file.replace): LocalModule[] =>
		replace
			.filter(
				({ target, path }) =>
					isDirectoryTarget(target) &&
					!isAbsolute(target) &&
					(work !== undefined || module.file.require.some((each) => each.path === path)),
			)
			.map(({ target }) => ({
				written: target,
				directory: join(from.directory, target),
				imageDirectory: join(image, target),
				work: false,
			}));
	if (work === undefined) return replaced(module, imageDirectory, module.file.replace);
	const { file, directory } = work.work;
	return [
		...file.use.map(({ value }) => ({
			written: value,
			directory: join(directory, value),
			imageDirectory: join(work.imageDirectory, value),
			work: true,
		})),
		...replaced(work.work, work.imageDirectory, file.replace),
	];
}

/** Whether the go.mod of the directory is known not to be in the stage when the command runs. */
function isAbsent(
	context: BuildContext,
	state: StageState,
	command: RanCommand,
	{ directory: source, imageDirectory: directory }: LocalModule,
): boolean {
	const answer = command.files.has(join(directory, 'go.mod'));
	const outside = relativeWithin(context.directory, source) === undefined;
	return answer === 'no' || (answer === 'unknown' && outside && comesFromNowhere(state, directory));
}

/** Programs that bring no source of Go modules. */
const BRING_NO_SOURCE = new Set([
	'go',
	'apk',
	'apt-get',
	'apt',
	'echo',
	'mkdir',
	'update-ca-certificates',
	'chmod',
	'touch',
	'adduser',
	'useradd',
	'addgroup',
	'groupadd',
]);

/** Whether nothing that makes the stage can have brought the directory: no base image holds modules of the workspace. */
function comesFromNowhere(state: StageState, directory: string): boolean {
	const known = commandsOf(state).every(({ words }) => words[0] !== undefined && BRING_NO_SOURCE.has(basename(words[0])));
	const runs = chainOf(state).flatMap((each) => each.stage.instructions.filter((instruction) => instruction.keyword === 'RUN'));
	const followed = new Set(commandsOf(state).map((each) => each.instruction));
	if (
		!known ||
		runs.some(
			(each) =>
				each.keyword === 'RUN' &&
				(!followed.has(each) ||
					each.flags.some((flag) => flag.name === 'mount' && !/type=(?:cache|secret|ssh|tmpfs)/.test(flag.value?.raw ?? ''))),
		)
	)
		return false;
	return (
		copiesOf(state).every(
			// What is copied from where the workspace has nothing is put there before the image is built, and may be the module.
			({ destination, from, present }) =>
				destination !== undefined && ((from.kind === 'context' && present === 'yes') || !isWithin(destination, directory)),
		) && rootOf(state).base?.go !== undefined
	);
}

function fixesFor(
	facts: Facts,
	context: BuildContext,
	state: StageState,
	command: RanCommand,
	go: GoWords,
	placed: PlacedModule,
	absent: readonly LocalModule[],
): Fix[] {
	const directory = workingDirectoryAt(state, command.instruction);
	const files = facts.go && moduleFiles(context, facts.go, placed.module, placed.work);
	if (directory === undefined || files === undefined) return [];
	const destination = (image: string) => {
		const below = relativeWithin(directory, image);
		return below === undefined ? `${image}/` : below === '.' ? './' : `./${below}/`;
	};
	const { dockerfile } = facts;
	const lines: Written[] = [];
	for (const each of absent) {
		const path = relativeWithin(context.directory, each.directory);
		if (path === undefined || !isWithin('/', each.imageDirectory)) return [];
		const there = destination(each.imageDirectory);
		const whole = written`COPY ${copyWords([path], there, dockerfile)}`;
		const own = files.filter((one) => one.directory === path);
		const copies = go.subcommand === 'mod' && go.words[0] === 'download' ? copyModuleFiles(dockerfile, own, () => there) : whole && [whole];
		if (copies === undefined) return [];
		lines.push(...copies);
	}
	if (lines.length === 0) return [];
	return [
		{
			title: `Copy ${absent.map((each) => each.written).join(', ')} first`,
			edits: [insertOnto(dockerfile, command.instruction, lines)],
			preferred: true,
		},
	];
}
