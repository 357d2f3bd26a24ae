import { parseMount } from '../dockerfile/mount.ts';
import type { Flag } from '../dockerfile/syntax.ts';
import type { RelatedPlace } from '../findings/finding.ts';
import type { BuildContext, CopiedSource, RanCommand, StageState } from '../image/model.ts';
import { chainOf, commandsOf, copiesOf, isBefore, rootOf } from '../image/stage-chain.ts';
import { isDirectoryTarget } from '../program/go-mod.ts';
import type { GoModule } from '../program/model.ts';
import { remembered } from '../text/remembered.ts';
import { lineStarts, positionAt } from '../text/text.ts';
import { basename, dirname, isWithin, join, normalize, relativeWithin } from '../workspace/paths.ts';
import type { Facts } from './facts.ts';
import { goWords } from './go-words.ts';
import { type ContextCopy, contextCopies, modFlagOf, moduleAt, moduleOfCommand, type PlacedModule, usesVendor } from './placed-module.ts';
import { downloadIn } from './scripts.ts';

/** Modules that are downloaded behind the copy of the source, so that every change of the source downloads them again. */
export interface LateDownload {
	readonly context: BuildContext;
	/** The stage that downloads. */
	readonly state: StageState;
	/** The first command that downloads. */
	readonly download: RanCommand;
	/** The module that it works in. */
	readonly placed: PlacedModule;
	/** The first copy of source, in this stage or one that it builds on. */
	readonly source: CopiedSource;
	/** Where a script of the context downloads, if one does. */
	readonly inScript: RelatedPlace | undefined;
	readonly mounts: ModuleMounts;
}

/** Cache mounts that were meant to keep the modules, and do not. */
export interface ModuleMounts {
	/** The `--mount` of an earlier download, which the late one does not have. */
	readonly earlier: Flag | undefined;
	/** A `--mount` of the late download at another directory than GOMODCACHE. */
	readonly elsewhere: Flag | undefined;
	/** GOMODCACHE as the late download has it. */
	readonly moduleCache: string | undefined;
}

/** The late download of the stage; `undefined` where there is none, where nothing is downloaded, and where that is not known. */
export function lateDownload(facts: Facts, state: StageState): LateDownload | undefined {
	const { context } = facts;
	const { own: download } = downloadOf(facts, state);
	if (context === undefined || facts.go === undefined || download === undefined) return undefined;
	const script = scriptDownload(facts, download);
	const placed = script === undefined ? moduleOfCommand(facts, state, download) : moduleAt(facts, download, script.directory);
	if (placed === undefined || !hasModulesToDownload(facts, state, download, placed)) return undefined;
	if (script?.packages !== undefined && !shipsOneThatNeeds(facts, download, script.directory, script.packages)) return undefined;
	// An image that is not known may hold the modules.
	if (rootOf(state).base === undefined || usesVendor(context, placed, modFlagOf(download))) return undefined;
	if (cacheIsBrought(state, download) || vendorIsBrought(state, download, placed)) return undefined;
	const source = contextCopies(context, state).find(
		(copy) => isBefore(copy.copy.instruction, download.instruction) && bringsSource(facts, context, copy, placed, download),
	);
	if (source === undefined || mayBeDownloaded(facts, state, placed, source.copy)) return undefined;
	return { context, state, download, placed, source: source.copy, inScript: script?.place, mounts: mountsOf(state, download) };
}

/** Whether a stage, or one that it builds on, downloads modules that stay there, and the first command of its own where no stage before did. */
interface Download {
	readonly any: boolean;
	readonly own: RanCommand | undefined;
}

function downloadOf(facts: Facts, state: StageState): Download {
	const known = downloadsKnown(facts);
	// Every stage is asked about: each goes up to the nearest one that is known.
	const unknown: StageState[] = [];
	let each: StageState | undefined = state;
	for (; each !== undefined && !known.has(each); each = each.parent) unknown.push(each);
	let found: Download | undefined = each && known.get(each);
	for (const next of unknown.reverse()) {
		const own =
			found?.any === true
				? undefined
				: next.ran.find((command) => downloads(facts, next, command) && mountOfModules(command) === undefined);
		found = { any: found?.any === true || own !== undefined, own };
		known.set(next, found);
	}
	return found as Download;
}

const downloadsKnown = remembered((_facts: Facts) => new Map<StageState, Download>());

/** Where the script that a command runs downloads modules: in which directory of the image, and by which of its lines. */
function scriptDownload(facts: Facts, command: RanCommand): ScriptPlace | undefined {
	const script = facts.scriptOf(command);
	const found = script && downloadIn(script, command.workingDirectory);
	if (script === undefined || found?.answer !== 'yes') return undefined;
	const { start, end } = found.command.range;
	const message = script.text.slice(start, end).split(/\r?\n/, 1)[0] ?? '';
	const place = { path: script.path, ...positionAt(lineStarts(script.text), start), length: message.length, message };
	return { directory: found.directory, packages: found.packages, place };
}

interface ScriptPlace {
	readonly directory: string;
	readonly packages: readonly string[] | undefined;
	readonly place: RelatedPlace;
}

/** Whether an image ships a program that is known to need modules, and whose main package is one of those in the image directory. */
function shipsOneThatNeeds(facts: Facts, { files }: RanCommand, directory: string, packages: readonly string[]): boolean {
	const mains = facts.targets.flatMap(({ binaries }) =>
		binaries.flatMap(({ mainPackage, program }) =>
			program?.needsModules === 'yes' && mainPackage !== undefined ? [mainPackage.directory] : [],
		),
	);
	return packages.some((each) => {
		const below = each.endsWith('/...');
		const path = files.get(join(directory, below ? each.slice(0, -'/...'.length) : each))?.source;
		return path !== undefined && mains.some((main) => (below ? isWithin(path, main) : main === path));
	});
}

/** Subcommands of go that want modules. `work vendor` and `work sync` are met by their first word. */
const DOWNLOADING = new Set(['build', 'install', 'test', 'run', 'vet', 'list', 'mod', 'work', 'get']);

/** Programs that build by rules of their own; in a stage of a Go image with the module in their directory they build it. */
const BUILDERS = new Set(['make', 'gmake', 'mage', 'task', 'just', 'goreleaser', 'xx-go']);

function downloads(facts: Facts, state: StageState, command: RanCommand): boolean {
	const go = goWords(command);
	if (go === undefined) {
		const script = facts.scriptOf(command);
		const said = script === undefined ? 'unknown' : downloadIn(script, command.workingDirectory).answer;
		if (said !== 'unknown') return said === 'yes';
		const name = basename(command.words[0] ?? '');
		return (BUILDERS.has(name) || /^(?:build|compile)[\w-]*\.sh$/.test(name)) && state.base?.go !== undefined;
	}
	if (!DOWNLOADING.has(go.subcommand) || go.words.some((word) => word?.includes('@') === true)) return false;
	// What go get names need not be what go.mod requires, least of all where there is no go.mod yet.
	if (go.subcommand === 'get' && go.words.some((word) => word !== undefined && /^[^-.]/.test(word)))
		return moduleOfCommand(facts, state, command) !== undefined;
	// What a single file imports may be nothing but the standard library.
	if (go.subcommand === 'run' && go.words.some((word) => word?.endsWith('.go') === true)) return false;
	if (go.subcommand === 'mod') return ['download', 'vendor', 'tidy', 'verify', 'graph', 'why'].includes(go.words[0] ?? '');
	if (go.subcommand === 'work') return ['vendor', 'sync'].includes(go.words[0] ?? '');
	// A vendor directory that is not there yet is made before the image is built, or else the build fails; it downloads in neither case.
	return modFlagOf(command) !== 'vendor';
}

function hasModulesToDownload(facts: Facts, state: StageState, download: RanCommand, placed: PlacedModule): boolean {
	const build = state.builds.find((each) => each.command === download);
	const program = build && facts.programOf(build);
	// Where the program was read from a vendor directory that is not sent, or without its module, it does not tell.
	const answer = program?.module === undefined || placed.module.vendored ? undefined : program.needsModules;
	if (answer === 'no') return false;
	if (answer === 'yes') return true;
	const modules = placed.work === undefined ? [placed.module] : modulesOfWork(facts, placed.work);
	const local = new Set(modules.map((each) => each.file.path));
	return modules.some(({ file }) =>
		file.require.some(
			({ path }) =>
				!local.has(path) && !file.replace.some((replacement) => replacement.path === path && isDirectoryTarget(replacement.target)),
		),
	);
}

function modulesOfWork(facts: Facts, { work }: NonNullable<PlacedModule['work']>): GoModule[] {
	const used = new Set(work.file.use.map((use) => join(work.directory, use.value)));
	return facts.go?.modules.filter((each) => used.has(each.directory)) ?? [];
}

/** The mount that may hold the module cache of a command, so that what it downloads is kept there and does not stay in the stage. */
function mountOfModules({ goEnvironment, instruction, workingDirectory }: RanCommand): Flag | undefined {
	const cache = goEnvironment.moduleCache();
	return instruction.flags.find(({ name, value }) => {
		if (name !== 'mount' || value === undefined) return false;
		const { type, target } = parseMount(value.raw);
		if (type !== 'cache' && type !== 'bind') return false;
		if (target === undefined || target.includes('$')) return true;
		const path = join(workingDirectory ?? '/', target.replace(/^~(?=\/)/, '/root'));
		return cache === undefined ? type === 'cache' : isWithin(path, cache) || isWithin(cache, path);
	});
}

/** The cache mounts that were meant for what a command downloads. */
function mountsOf(state: StageState, download: RanCommand): ModuleMounts {
	const earlier = commandsOf(state).find(
		(command) =>
			isBefore(command.instruction, download.instruction) &&
			goWords(command)?.subcommand === 'mod' &&
			mountOfModules(command) !== undefined,
	);
	const elsewhere = download.instruction.flags.find(({ name, value }) => {
		const mount = name === 'mount' && value !== undefined ? parseMount(value.raw) : undefined;
		return mount?.type === 'cache' && /\/pkg(?:\/mod)?\/?$/.test(mount.target ?? '');
	});
	return { earlier: earlier && mountOfModules(earlier), elsewhere, moduleCache: download.goEnvironment.moduleCache() };
}

/** Whether a command between the copy of go.mod and that of the source may have downloaded the modules: one that is not known, or go get. */
function mayBeDownloaded(facts: Facts, state: StageState, { module, imageDirectory }: PlacedModule, source: CopiedSource): boolean {
	return chainOf(state).some(({ ran, unfollowed }) =>
		ran.some((command) => {
			if (!isBefore(command.instruction, source.instruction)) return false;
			if (command.files.get(join(imageDirectory, 'go.mod')) === undefined) return false;
			if (!unfollowed.has(command)) return goWords(command)?.subcommand === 'get' && getsAll(module, command);
			const script = facts.scriptOf(command);
			return script === undefined || downloadIn(script, command.workingDirectory).answer !== 'no';
		}),
	);
}

/** Whether a go get names all that go.mod requires directly. */
function getsAll({ file }: GoModule, { words }: RanCommand): boolean {
	const named = words.flatMap((word) => (word?.includes('@') === true ? [word.slice(0, word.indexOf('@'))] : []));
	return file.require.every(({ path, indirect }) => indirect || named.some((each) => each === path || each.startsWith(`${path}/`)));
}

/** Whether another stage or image may have brought the vendor directory before the download. */
function vendorIsBrought(state: StageState, download: RanCommand, { work, imageDirectory }: PlacedModule): boolean {
	const path = join(work?.imageDirectory ?? imageDirectory, 'vendor/modules.txt');
	if (download.files.has(path) === 'no') return false;
	return copiesOf(state).some(
		({ instruction, from, destination }) =>
			isBefore(instruction, download.instruction) &&
			from.kind !== 'context' &&
			(destination === undefined || isWithin(normalize(destination), path) || isWithin(dirname(path), normalize(destination))),
	);
}

/** Whether a copy may bring the module cache, so that nothing is downloaded twice. */
function cacheIsBrought(state: StageState, download: RanCommand): boolean {
	const cache = download.goEnvironment.moduleCache();
	const covers = (path: string) => cache === undefined || isWithin(path, cache) || isWithin(cache, path);
	return copiesOf(state).some(
		(copy) =>
			isBefore(copy.instruction, download.instruction) &&
			copy.from.kind !== 'context' &&
			(copy.destination === undefined || covers(normalize(copy.destination))
				? copy.source === undefined || copy.destination !== '/' || covers(join('/', copy.source))
				: false),
	);
}

/** Whether the copy brings source of the module, and not just what `go mod download` reads. */
function bringsSource(
	facts: Facts,
	context: BuildContext,
	{ path, kind }: ContextCopy,
	placed: PlacedModule,
	download: RanCommand,
): boolean {
	const roots =
		placed.work === undefined
			? [placed.contextPath]
			: modulesOfWork(facts, placed.work).flatMap((each) => relativeWithin(context.directory, each.directory) ?? []);
	if (kind === 'file') return path.endsWith('.go') && roots.some((root) => isWithin(root, path) || root === '.');
	if (roots.some((root) => path === '.' || isWithin(path, root))) return true;
	// Of what else lies in the module a download wants the local modules that go.mod replaces.
	const go = goWords(download);
	return (
		go !== undefined &&
		(go.subcommand !== 'mod' || !concernsLocalModule(placed, path)) &&
		roots.some((root) => root === '.' || isWithin(root, path)) &&
		basename(path) !== 'vendor' &&
		mayHoldGo(context, path)
	);
}

/** Whether a module that go.mod or go.work names by its directory lies at the path, above or below it. */
function concernsLocalModule({ module, contextPath, work }: PlacedModule, path: string): boolean {
	if (work !== undefined) return true;
	const directories = module.file.replace
		.filter(({ target }) => isDirectoryTarget(target))
		.map(({ target }) => normalize(join(contextPath, target)));
	return directories.some((directory) => isWithin(path, directory) || isWithin(directory, path));
}

/** How many directories are looked into for a Go file. */
const MOST_DIRECTORIES = 200;

/** Whether Go files lie in the directory of the context or below it. */
function mayHoldGo(context: BuildContext, path: string): boolean {
	const pending = [path];
	for (let left = MOST_DIRECTORIES; pending.length > 0; left--) {
		const directory = pending.pop() as string;
		const names = context.children(directory);
		if (names === undefined || left < 0) return true;
		for (const name of names) {
			if (name.endsWith('.go')) return true;
			const child = join(directory, name);
			if (context.kind(child) === 'directory') pending.push(child);
		}
	}
	return false;
}
