import { expandWord } from '../dockerfile/expand.ts';
import type { Instruction } from '../dockerfile/syntax.ts';
import type { BuildContext, CopiedSource, GoBuild, RanCommand, StageState } from '../image/model.ts';
import { chainOf, isBefore, rootOf } from '../image/stage-chain.ts';
import { goMinorOf } from '../program/go-mod.ts';
import type { GoModule, GoWork } from '../program/model.ts';
import { ancestors, basename, dirname, join, normalize, relativeWithin } from '../workspace/paths.ts';
import type { Facts } from './facts.ts';

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

/** The path, from the context's root, of what is at `imagePath` in the stage, as far as COPY put it there. */
export function contextPathOf(context: BuildContext, state: StageState, imagePath: string): string | undefined {
	for (const { path, kind, destination } of latestFirst(context, state)) {
		if (kind === 'file') {
			// A directory into which go.mod or go.work alone was copied is known by it.
			if (destination === imagePath) return path;
			if (/^go\.(?:mod|work)$/.test(basename(path)) && dirname(destination) === imagePath) return dirname(path);
			continue;
		}
		const below = relativeWithin(destination, imagePath);
		if (below === undefined) continue;
		const source = normalize(join(path, below));
		const there = context.kind(source);
		if (there === 'file' || there === 'directory') return source;
	}
	return undefined;
}

/** What is copied last hides what was copied before. */
function* latestFirst(context: BuildContext, state: StageState): Iterable<ContextCopy> {
	for (let each: StageState | undefined = state; each !== undefined; each = each.parent) {
		for (const copy of each.copies.toReversed()) yield* readCopy(context, copy).toReversed();
	}
}

/** The module that a command of the stage works in, and where it lies. `undefined` where that is not known. */
export function moduleOfCommand(facts: Facts, state: StageState, command: RanCommand): PlacedModule | undefined {
	const build = state.builds.find((each) => each.command === command);
	return build === undefined ? moduleAt(facts, state, command.workingDirectory) : moduleOfBuild(facts, state, build);
}

/** The module of the packages that a build names, which with go.work is not always that of its directory. */
export function moduleOfBuild(facts: Facts, state: StageState, build: GoBuild): PlacedModule | undefined {
	const at = moduleAt(facts, state, build.directory);
	const module = facts.programOf(build)?.module;
	const { context } = facts;
	if (module === undefined || module === at?.module || build.directory === undefined || context === undefined) return at;
	const source = contextPathOf(context, state, build.directory);
	const below = source === undefined ? undefined : relativeWithin(join(context.directory, source), module.directory);
	return below === undefined ? at : (moduleAt(facts, state, join(build.directory, below)) ?? at);
}

/** The module that holds an image directory, or one of those that a go.work in it uses. */
export function moduleAt(facts: Facts, state: StageState, directory: string | undefined): PlacedModule | undefined {
	if (directory === undefined) return undefined;
	let known = modulesKnown.get(state.copies);
	if (known === undefined) {
		known = new Map();
		modulesKnown.set(state.copies, known);
	}
	if (!known.has(directory)) known.set(directory, findModuleAt(facts, state, directory));
	return known.get(directory);
}

/** Of a stage's copies, by directory: most commands of a stage run in the same one, and a stage whose files alone differ has the same copies. */
const modulesKnown = new WeakMap<StageState['copies'], Map<string, PlacedModule | undefined>>();

function findModuleAt(facts: Facts, state: StageState, directory: string): PlacedModule | undefined {
	const { context, go } = facts;
	if (context === undefined || go === undefined) return undefined;
	const source = contextPathOf(context, state, directory);
	if (source === undefined) return undefined;
	let below = '';
	for (const path of ancestors(source)) {
		const at = join(context.directory, path);
		const module = go.modules.find((each) => each.directory === at);
		if (module !== undefined) {
			if (!directory.endsWith(below)) return undefined;
			const imageDirectory = directory.slice(0, directory.length - below.length) || '/';
			return { module, imageDirectory, contextPath: path, work: workOf(facts, context, state, module, imageDirectory) };
		}
		if (below === '') {
			const used = go.works.find((work) => work.directory === at)?.file.use.map((use) => normalize(use.value)) ?? [];
			// The first of them need not be in the image yet, or ever.
			for (const inner of used) {
				if (inner === '.' || inner.startsWith('..') || !go.modules.some((one) => one.directory === join(at, inner))) continue;
				const placed = moduleAt(facts, state, join(directory, inner));
				if (placed?.work !== undefined) return placed;
			}
		}
		below = `/${basename(path)}${below}`;
	}
	return undefined;
}

function workOf(facts: Facts, context: BuildContext, state: StageState, module: GoModule, imageDirectory: string): PlacedModule['work'] {
	if (state.environment.get('GOWORK')?.value === 'off') return undefined;
	for (const work of facts.go?.works ?? []) {
		const workPath = relativeWithin(context.directory, work.directory);
		const below = relativeWithin(work.directory, module.directory);
		if (workPath === undefined || below === undefined || context.ignored(join(workPath, 'go.work'))) continue;
		if (!work.file.use.some((use) => join(work.directory, use.value) === module.directory)) continue;
		const suffix = below === '.' ? '' : `/${below}`;
		if (!imageDirectory.endsWith(suffix)) continue;
		const workImageDirectory = imageDirectory.slice(0, imageDirectory.length - suffix.length) || '/';
		// Whoever copies the module alone builds it without the go.work above it.
		if (contextPathOf(context, state, join(workImageDirectory, 'go.work')) === undefined) continue;
		return { work, imageDirectory: workImageDirectory, contextPath: workPath };
	}
	return undefined;
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
	const flags = [...(command.goEnvironment.get('GOFLAGS')?.value?.split(/\s+/) ?? []), ...command.words];
	let mod: string | undefined;
	flags.forEach((flag, index) => {
		const match = /^--?mod(?:=(.*))?$/.exec(flag ?? '');
		if (match !== null) mod = match[1] ?? flags[index + 1];
	});
	return mod;
}

/** The working directory at `instruction` of the stage, `undefined` where a variable decides it. */
export function workingDirectoryAt(state: StageState, instruction: Instruction): string | undefined {
	const root = rootOf(state);
	let directory = root.base === undefined ? undefined : (root.base.workingDirectory ?? '/');
	for (const { stage } of chainOf(state)) {
		for (const one of stage.instructions) {
			if (one.keyword === 'WORKDIR' && isBefore(one, instruction)) directory = after(state, directory, one.words[0]?.raw);
		}
	}
	return directory;
}

/** The directory that a WORKDIR of the stage leads to. */
export function after(state: StageState, directory: string | undefined, word: string | undefined): string | undefined {
	if (word === undefined) return directory;
	const path = expandWord(
		word,
		'\\',
		(name) => state.environment.get(name) ?? (state.environment.complete ? undefined : { value: undefined }),
	);
	if (path === undefined || path === '' || (/\$/.test(word) && !path.startsWith('/'))) return undefined;
	if (path.startsWith('/')) return normalize(path);
	return directory === undefined ? undefined : join(directory, path);
}
