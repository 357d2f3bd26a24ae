import type { BuildContext, CopiedSource, GoBuild, RanCommand, StageState } from '../image/model.ts';
import { flagOf, readsGoMod } from '../image/shell/go-environment.ts';
import { chainOf } from '../image/stage-chain.ts';
import { SINCE_GO } from '../knowledge/go-releases.ts';
import { goMinorOf } from '../program/go-mod.ts';
import type { GoModule, GoWork } from '../program/model.ts';
import { remembered } from '../text/remembered.ts';
import { ancestors, basename, dirname, isAbsolute, join, normalize, relativePath, relativeWithin } from '../workspace/paths.ts';
import type { Facts } from './facts.ts';
import { goWords } from './go-words.ts';

/** Where the modules of the workspace lie in a stage that copies them from the build context. */

/** A module of the workspace and the image directory that it is copied to. */
export interface PlacedModule {
	readonly module: GoModule;
	readonly imageDirectory: string;
	/** From the context's root, `.` for the root itself. */
	readonly contextPath: string;
	/** The go.work in force: one above the module, within the context, that names it. */
	readonly work: { readonly work: GoWork; readonly imageDirectory: string; readonly contextPath: string } | undefined;
}

/** One source of a COPY or ADD from the build context, wildcards and variables resolved. */
export interface ContextCopy {
	readonly copy: CopiedSource;
	/** From the context's root, `.` for the root itself. */
	readonly path: string;
	readonly kind: 'file' | 'directory';
	/** The image path that the file, or the directory's contents, are written to. */
	readonly destination: string;
}

/** The sources copied from the build context to make the stage, in order; those that are not known are left out. */
export function contextCopies(context: BuildContext, state: StageState): readonly ContextCopy[] {
	return chainOf(state).flatMap((each) => each.copies.flatMap((copy) => readCopy(context, copy)));
}

function readCopy(context: BuildContext, copy: CopiedSource): readonly ContextCopy[] {
	let copies = copiesKnown.get(copy);
	if (copies === undefined) {
		copies = [];
		if (copy.from.kind === 'context' && copy.destination !== undefined) {
			const destination = normalize(copy.destination);
			copies = contextPaths(context, copy).flatMap((path) => {
				const kind = context.kind(path);
				if (kind !== 'file' && kind !== 'directory') return [];
				return [{ copy, path, kind, destination: fileDestination(copy, kind, path, destination) }];
			});
		}
		copiesKnown.set(copy, copies);
	}
	return copies;
}

/** A source is copied by runs in one context only, and many commands after it are asked about. */
const copiesKnown = new WeakMap<CopiedSource, readonly ContextCopy[]>();

/** The paths, from the context's root, that a source stands for. */
export function contextPaths(context: BuildContext, copy: CopiedSource): string[] {
	if (copy.source === undefined) return [];
	if (!/[*?[\\]/.test(copy.source)) {
		const path = relativeWithin('/', join('/', copy.source.replace(/^\/+/, '')));
		return path === undefined ? [] : [path];
	}
	return copy.matches.flatMap((match) => relativeWithin(context.directory, match) ?? []);
}

/** A file goes into a destination that is a directory under its own name. */
function fileDestination(copy: CopiedSource, kind: 'file' | 'directory', path: string, destination: string): string {
	if (kind === 'directory') return destination;
	const { instruction } = copy;
	const written = instruction.destination?.raw.replace(/["']/g, '') ?? '';
	const intoDirectory = instruction.sources.length > 1 || /(?:^|\/)\.{0,2}$/.test(written) || /[*?[]/.test(copy.source ?? '');
	return intoDirectory && basename(destination) !== basename(path) ? join(destination, basename(path)) : destination;
}

/** The module that a command of the stage works in, and where it lies. `undefined` where that is not known. */
export function moduleOfCommand(facts: Facts, state: StageState, command: RanCommand): PlacedModule | undefined {
	const build = state.builds.find((each) => each.command === command);
	if (build !== undefined) return moduleOfBuild(facts, build);
	const go = goWords(command);
	return moduleAt(facts, command, go === undefined ? command.workingDirectory : go.directory);
}

/** The module of the packages that a build names, which with go.work is not always that of its directory. */
export function moduleOfBuild(facts: Facts, build: GoBuild): PlacedModule | undefined {
	const { command, directory, sourceDirectory } = build;
	const at = moduleAt(facts, command, directory);
	const module = facts.programOf(build)?.module;
	if (at === undefined || module === undefined || module === at.module || directory === undefined || sourceDirectory === undefined)
		return at;
	const below = relativeWithin(sourceDirectory, module.directory);
	return below === undefined ? at : (moduleAt(facts, command, join(directory, below)) ?? at);
}

/**
 * The module that a command finds when it looks for go.mod from an image directory upward, or the first of those that the go.work there
 * uses. `undefined` where the command reads no go.mod, and where go.mod or go.work is not as it is in the workspace: made or changed by
 * a RUN, or another one by -modfile.
 */
export function moduleAt(facts: Facts, command: RanCommand, directory: string | undefined): PlacedModule | undefined {
	if (directory === undefined) return undefined;
	const ofFacts = modulesKnown(facts);
	let known = ofFacts.get(command);
	if (known === undefined) {
		known = new Map();
		ofFacts.set(command, known);
	}
	if (!known.has(directory)) known.set(directory, findModuleAt(facts, command, directory));
	return known.get(directory);
}

/** By command and directory: many rules ask about each command. */
const modulesKnown = remembered((_facts: Facts) => new Map<RanCommand, Map<string, PlacedModule | undefined>>());

function findModuleAt({ context, go }: Facts, command: RanCommand, directory: string): PlacedModule | undefined {
	if (context === undefined || go === undefined) return undefined;
	if (!readsGoMod(command.goEnvironment, directory) || flagOf(command, 'modfile') !== undefined) return undefined;
	const workFile = findWork(command, directory);
	if (workFile === 'unknown') return undefined;
	const workSource = workFile && command.files.get(join(workFile, 'go.work'))?.source;
	const found = go.works.find((each) => join(each.directory, 'go.work') === workSource);
	if (workFile !== undefined && found === undefined) return undefined;
	const workPath = found && relativeWithin(context.directory, found.directory);
	const work =
		found === undefined || workFile === undefined || workPath === undefined
			? undefined
			: { work: found, imageDirectory: workFile, contextPath: workPath };
	const imageDirectory = findUpward(command, directory, 'go.mod');
	if (imageDirectory === 'unknown') return undefined;
	if (imageDirectory !== undefined) {
		const source = command.files.get(join(imageDirectory, 'go.mod'))?.source;
		const module = go.modules.find((each) => join(each.directory, 'go.mod') === source);
		const contextPath = module && relativeWithin(context.directory, module.directory);
		if (module === undefined || contextPath === undefined) return undefined;
		return {
			module,
			imageDirectory,
			contextPath,
			work: work?.work.file.use.some((use) => usedBy(work.work, use.value) === module.directory) ? work : undefined,
		};
	}
	// The first of the modules that go.work uses need not be in the image yet, or ever.
	for (const { value } of work?.work.file.use ?? []) {
		const module = work && go.modules.find((each) => each.directory === usedBy(work.work, value));
		const contextPath = module && relativeWithin(context.directory, module.directory);
		if (work !== undefined && module !== undefined && contextPath !== undefined)
			return { module, imageDirectory: join(work.imageDirectory, value), contextPath, work };
	}
	return undefined;
}

function usedBy(work: GoWork, value: string): string {
	return join(work.directory, value);
}

/** The image directory of the go.work in force. */
function findWork(command: RanCommand, directory: string): string | undefined | 'unknown' {
	const { minor } = command.goEnvironment;
	if (minor !== undefined && minor < SINCE_GO.workspaces) return undefined;
	const setting = command.goEnvironment.get('GOWORK');
	if (setting === undefined) return findUpward(command, directory, 'go.work');
	if (setting.value === 'off') return undefined;
	return setting.value !== undefined && basename(setting.value) === 'go.work' && isAbsolute(setting.value)
		? dirname(normalize(setting.value))
		: 'unknown';
}

/**
 * The nearest directory, upward, that holds the file when the command starts. Where a program of which nothing is known may have written
 * anything, it is taken to have written no go.mod; a file that is known to be made perhaps is another matter.
 */
function findUpward({ files }: RanCommand, directory: string, name: string): string | undefined | 'unknown' {
	for (const each of ancestors(directory)) {
		const path = join(each, name);
		if (files.get(path) !== undefined) return each;
		if (files.mayHaveWritten(path)) return 'unknown';
	}
	return undefined;
}

/** Where a path of the workspace lies in the image, if the source that is built is a copy of the workspace's. */
export function imagePathOf({ directory, sourceDirectory }: GoBuild, path: string): string | undefined {
	if (directory === undefined || sourceDirectory === undefined) return undefined;
	const relative = relativePath(sourceDirectory, path);
	// Nothing of the image lies above its root.
	const climbs = relative.split('/').filter((name) => name === '..').length;
	return climbs >= directory.split('/').length ? undefined : join(directory, relative);
}

/** Whether modules come from a vendor directory that the build context brings, as `mod` (the `-mod` in force) has it. */
export function usesVendor(context: BuildContext, placed: PlacedModule, mod: string | undefined): boolean {
	if (mod !== undefined && mod !== 'vendor' && mod !== 'readonly') return false;
	const { module, work, contextPath } = placed;
	const directory = work?.contextPath ?? contextPath;
	const path = join(directory, 'vendor/modules.txt');
	const there = work === undefined ? module.vendored : context.kind(path) === 'file';
	if (!there || context.ignored(path)) return false;
	// From go 1.14 on the go command takes a vendor directory by itself (go.dev/ref/mod#vendoring).
	return mod === 'vendor' || (mod === undefined && goMinorOf((work?.work ?? module).file.go) >= 14);
}

/** The `-mod` that GOFLAGS or the words of a command set. */
export function modFlagOf(command: RanCommand): string | undefined {
	return flagOf(command, 'mod');
}
