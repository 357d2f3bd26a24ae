import type { DeploymentReader, Running } from '../deployments/deployments.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import { createContextReader, type GivenContext } from '../image/context/context.ts';
import type { BuildContext, GoBuild, StageState } from '../image/model.ts';
import { runBuild } from '../image/run.ts';
import type { ReadLinked } from '../linked/linked-files.ts';
import { cgoOn, lackedBy } from '../needs/libc.ts';
import type { GoInstallation } from '../program/installation.ts';
import type { GoWorkspace, MainPackage, Program, ProgramRequest } from '../program/model.ts';
import { createProgramReader } from '../program/program.ts';
import type { Archive } from '../workspace/archive.ts';
import type { Files } from '../workspace/files.ts';
import { createOverlayFiles } from '../workspace/overlay-files.ts';
import { ancestors, basename, dirname, isWithin, join, normalize, relativeWithin } from '../workspace/paths.ts';
import { contextBinaries, mainPackageOfBinary } from './context-binaries.ts';
import { deployedTargets } from './deployed-targets.ts';
import type { Facts, ShippedBinary, Target } from './facts.ts';
import { confirmed, differences, linkedRequest } from './linked-programs.ts';
import { type MadeBefore, readMadeBefore } from './made-before.ts';
import { readMakefiles } from './makefile.ts';
import { type Meter, NO_METER } from './meter.ts';
import { mayEmbedZoneData, namedBinaries } from './named-binaries.ts';
import { readScripts, type Script } from './scripts.ts';
import { readStartedFile } from './started-file.ts';

export interface FactsRequest {
	readonly path: string;
	readonly text: string;
	readonly root: string;
	/** Whether to leave the Go files unread: `go` is undefined then, and all programs are. */
	readonly quick: boolean;
	/** Texts of other files, by path, that stand for what is there: an ignore file after a fix. No Go file is among them. */
	readonly changed?: ReadonlyMap<string, string>;
	/** What starts the image, in place of what the deployments of the workspace do. */
	readonly running?: readonly Running[];
	/** The build context, where that is not to be searched for: that of a Dockerfile in a compose file. */
	readonly context?: GivenContext;
	readonly signal?: AbortSignal | undefined;
}

/** Reads what the rules want to know. */
export interface FactsReader {
	/** @throws The signal's reason once it is aborted. */
	read(request: FactsRequest): Promise<Facts>;
	/** The Go side alone, for whoever asks about a directory instead of a Dockerfile. */
	readWorkspace(root: string, signal: AbortSignal | undefined): Promise<GoWorkspace>;
	readProgram(workspace: GoWorkspace, request: ProgramRequest, signal: AbortSignal): Promise<Program>;
	/** Hands what was read of Go to the archive, for the next process. */
	keep(): Promise<void>;
	/** Forgets what was read of the file or directory; without a path, looks at all of them again before the next answer. */
	invalidate(path?: string): void;
}

export interface FactsReaderOptions {
	/** As for the reader of programs. */
	readonly archive?: Archive | undefined;
	readonly meter?: Meter | undefined;
	/** Reads programs in the build context; without it they are known by their names. */
	readonly readLinked?: ReadLinked | undefined;
	/** Tells what starts the images; without it nothing is known to. */
	readonly deployments?: DeploymentReader | undefined;
}

/** What a target starts, and how programs of the workspace are read. */
interface CopiedRequest {
	readonly root: string;
	readonly started: string | undefined;
	readonly readRequest: (request: ProgramRequest | undefined) => Promise<Program | undefined>;
}

/** So many Dockerfiles that deployments start are remembered. */
const MOST_STARTED = 8;

/** Long because its functions share the caches of one reader. */
export function createFactsReader(
	files: Files,
	installation: GoInstallation,
	{ archive, meter = NO_METER, readLinked, deployments }: FactsReaderOptions = {},
): FactsReader {
	const programs = createProgramReader(files, installation, archive);
	let contexts = createContextReader(files);
	let stale = false;
	let invalidations = 0;
	/** By root. A walk through all directories of a workspace is not for every keystroke. */
	const workspaces = new Map<string, GoWorkspace>();
	/** By path. */
	const scripts = new Map<string, Promise<Script | undefined>>();
	/** By root and context. */
	const recipes = new Map<string, Promise<MadeBefore>>();
	/** By root and path, of Dockerfiles that deployments start. */
	const startedFacts = new Map<string, Facts>();

	async function readWorkspace(root: string, signal: AbortSignal | undefined): Promise<GoWorkspace> {
		if (stale) {
			await programs.refresh(signal);
			stale = false;
		}
		const known = workspaces.get(root);
		if (known !== undefined) return known;
		const before = invalidations;
		const workspace = await programs.readWorkspace(root, signal);
		if (invalidations === before) workspaces.set(root, workspace);
		return workspace;
	}

	function readScript(path: string): Promise<Script | undefined> {
		let script = scripts.get(path);
		if (script === undefined) {
			script = Promise.resolve(files.readText(path)).then((text) => (text === undefined ? undefined : { path, text }));
			scripts.set(path, script);
		}
		return script;
	}

	function madeBefore(context: BuildContext | undefined, root: string): Promise<MadeBefore> {
		const key = `${root}\n${context?.directory}`;
		let found = recipes.get(key);
		if (found === undefined) {
			found = readMadeBefore(files, context, root);
			recipes.set(key, found);
		}
		return found;
	}

	/** What a build that is not to be seen asks for: the default, but for a tag that the files beside it speak of. */
	async function hiddenRequest(mainPackage: MainPackage, context: BuildContext | undefined): Promise<ProgramRequest> {
		const request = defaultRequest(mainPackage);
		return (await mayEmbedZoneData(context, files)) ? { ...request, tags: ['timetzdata'] } : request;
	}

	/** The programs that the Dockerfile does not build: those that were read as they were linked, and those that only their name tells. */
	async function copiedBinaries(
		state: StageState,
		context: BuildContext | undefined,
		go: GoWorkspace | undefined,
		{ root, started, readRequest }: CopiedRequest,
	): Promise<ShippedBinary[]> {
		const named = new Map((await namedBinaries(state, context, go, files)).map(({ path, mainPackage }) => [path, mainPackage]));
		const found: ShippedBinary[] = [];
		const linkedOnes = readLinked === undefined ? [] : await contextBinaries(state, started, readLinked);
		for (const { path, source, linked } of linkedOnes) {
			const mainPackage = mainPackageOfBinary(linked, named.get(path), go);
			named.delete(path);
			// What another repository made, and the image does not start, is not what the Dockerfile is about.
			if (mainPackage === undefined && (path !== started || linked.kind === 'unknown')) continue;
			const program =
				mainPackage === undefined
					? undefined
					: linked.kind === 'program'
						? await readRequest(linkedRequest(linked, mainPackage))
						: await readRequest(await hiddenRequest(mainPackage, context));
			const name = relativeWithin(root, source) ?? source;
			found.push({
				...{ path, build: undefined, mainPackage, started: path === started, source, linked },
				differs: go === undefined || mainPackage === undefined ? [] : differences({ path: name, linked }, mainPackage, go),
				program: program !== undefined && linked.kind === 'program' ? confirmed(program, linked) : program,
				lacks: linked.kind === 'program' && linked.loading !== undefined ? lackedBy(linked.loading, state, path) : undefined,
			});
		}
		for (const [path, mainPackage] of named) {
			const program = await readRequest(await hiddenRequest(mainPackage, context));
			// A bare name is what the command is: where on PATH it lies is not known.
			found.push({ path, build: undefined, mainPackage, program, started: path === started || !path.startsWith('/') });
		}
		return found;
	}

	/** Many deployments may start one image, which is followed once. */
	async function read(request: FactsRequest): Promise<Facts> {
		const { path, text, root, quick, changed, running, context } = request;
		if (running === undefined || quick || changed !== undefined) return readAll(request);
		const key = JSON.stringify([root, path, context]);
		const known = startedFacts.get(key);
		if (known?.dockerfile.text === text) return { ...known, deployed: deployedTargets(known, running) };
		const before = invalidations;
		const facts = await readAll(request);
		if (invalidations === before) {
			startedFacts.set(key, facts);
			const [oldest] = startedFacts.keys();
			if (oldest !== undefined && startedFacts.size > MOST_STARTED) startedFacts.delete(oldest);
		}
		return facts;
	}

	async function readAll({ path, text, root, quick, changed, running: given, context: ofBuild, signal }: FactsRequest): Promise<Facts> {
		let done = meter.start('reader of the Dockerfile');
		const dockerfile = parseDockerfile(text);
		done();
		done = meter.start('reader of the build context');
		const contextsNow = changed === undefined ? contexts : createContextReader(withTexts(files, changed));
		const context = await contextsNow.find(path, root, dockerfile, ofBuild);
		done();
		signal?.throwIfAborted();
		done = meter.start('reader of go.mod and go.work');
		const go = quick ? undefined : await readWorkspace(root, signal);
		done();
		signal?.throwIfAborted();
		done = meter.start('simulation of the build');
		const image = runBuild(dockerfile, { context, go });
		done();
		done = meter.start('reader of Go programs');

		const programOfBuild = new Map<GoBuild, Program>();
		const readRequest = async (request: ProgramRequest | undefined): Promise<Program | undefined> =>
			go === undefined || request === undefined ? undefined : programs.readProgram(go, request, signal);
		for (const build of image.stages.flatMap((state) => state.builds)) {
			const program = await readRequest(requestOf(build, context));
			if (program !== undefined) programOfBuild.set(build, program);
		}
		done();
		done = meter.start('reader of copied binaries and scripts');

		const targets: Target[] = [];
		for (const state of image.targets) {
			const started = resolveCommandPath(state)?.path;
			const binaries: ShippedBinary[] = [];
			for (const { path, build } of state.files.builds()) {
				const read = programOfBuild.get(build);
				const own = read === undefined || mainsOf(read) !== 1 ? ownPackage(build, path, read, go) : undefined;
				const request = own && { ...(requestOf(build, context) ?? defaultRequest(own)), directory: own.directory, packages: ['.'] };
				const program = request === undefined ? read : await readRequest(request);
				const mainPackage = read === undefined || mainsOf(read) === 0 ? own : undefined;
				// /bin may be a link to /usr/bin.
				binaries.push({ path, build, mainPackage, program, started: path === started || isBuild(state, started, build) });
			}
			binaries.push(...(await copiedBinaries(state, context, go, { root, started, readRequest })));
			targets.push({ state, binaries, startedFile: await readStartedFile(state, files, readScript) });
		}
		const scriptOfCommand = await readScripts(image, context, readScript);
		const makefileOfCommand = await readMakefiles(image, readScript);
		done();
		const programOf = (build: GoBuild) => programOfBuild.get(build);
		const running = given ?? (quick ? [] : ((await deployments?.runningOf(path, root)) ?? []));
		return {
			dockerfile,
			path,
			image,
			context,
			go,
			programOf,
			scriptOf: (command) => scriptOfCommand.get(command),
			makefileOf: (command) => makefileOfCommand.get(command),
			...(await madeBefore(context, root)),
			targets,
			deployed: deployedTargets({ image, targets, programOf }, running),
		};
	}

	return {
		read,
		readWorkspace,
		readProgram: (workspace, request, signal) => programs.readProgram(workspace, request, signal),
		keep: () => programs.keep(),
		invalidate(path) {
			invalidations++;
			deployments?.invalidate(path);
			workspaces.clear();
			scripts.clear();
			recipes.clear();
			startedFacts.clear();
			if (path === undefined) {
				stale = true;
				contexts = createContextReader(files);
			} else {
				programs.invalidate(path);
				contexts.invalidate(path);
			}
		},
	};
}

function withTexts(files: Files, texts: ReadonlyMap<string, string>): Files {
	const overlay = createOverlayFiles(files);
	for (const [path, text] of texts) overlay.open(path, text, 0);
	return overlay;
}

/** What a `go build` asks for; `undefined` where too little of it is known to say which program that is. */
function requestOf(build: GoBuild, context: BuildContext | undefined): ProgramRequest | undefined {
	if (build.sourceDirectory === undefined || build.tags === undefined) return undefined;
	const packages = build.packages.filter((name) => name !== undefined);
	if (packages.length < build.packages.length) return undefined;
	return {
		directory: build.sourceDirectory,
		packages: packages.length > 0 ? packages : ['.'],
		// A variable that is not known stands for the platform of the image, and that is Linux: Windows stages are left alone.
		goos: build.goos ?? 'linux',
		goarch: build.goarch,
		tags: build.tags,
		cgo: toBoolean(cgoOn(build)),
		goMinor: build.goMinor,
		mod: build.mod === 'vendor' && !isVendored(build.sourceDirectory, context) ? undefined : build.mod,
		...(build.withoutWork && { withoutWork: true }),
	};
}

function mainsOf({ roots }: Program): number {
	return roots.filter(({ name }) => name === 'main').length;
}

function isBuild({ files }: StageState, path: string | undefined, build: GoBuild): boolean {
	return path !== undefined && files.get(path)?.build === build && build.outputs.length === 1;
}

/** Which main package a binary is where its build has several, or none that is known: that of its name, or the one that was put together. */
function ownPackage(build: GoBuild, path: string, read: Program | undefined, go: GoWorkspace | undefined): MainPackage | undefined {
	const roots = new Set(read?.roots.map(({ directory }) => directory));
	const named = go?.mainPackages?.find((main) => roots.has(main.directory) && main.binaryName === basename(path));
	return named ?? (read === undefined || mainsOf(read) === 0 ? gatheredPackage(build, go) : undefined);
}

/**
 * The main package of which a COPY puts the files, and nothing else of Go, into the directory that is built: beside a go.mod, say, that
 * lies above it in the workspace.
 */
function gatheredPackage({ command, directory, packages, sourceDirectory }: GoBuild, go: GoWorkspace | undefined): MainPackage | undefined {
	if (directory === undefined || packages.some((name) => name !== '.' && (name === undefined || !/^(?:\.\/)?[^/]+\.go$/.test(name))))
		return undefined;
	const listed = command.files.children(directory);
	const sources = (listed?.names ?? [])
		.filter((name) => name.endsWith('.go'))
		.map((name) => dirname(command.files.get(join(directory, name))?.source ?? ''));
	const [source] = sources;
	if (source === undefined || source === sourceDirectory || sources.some((each) => each !== source)) return undefined;
	return go?.mainPackages?.find((main) => main.directory === source);
}

/** Whether a vendor directory is there on disk; one that the Dockerfile makes holds the same modules, read from elsewhere. */
function isVendored(directory: string, context: BuildContext | undefined): boolean {
	if (context === undefined) return true;
	const within = relativeWithin(context.directory, directory);
	if (within === undefined) return false;
	return [...ancestors(within)].some((path) => context.kind(normalize(join(path, 'vendor/modules.txt'))) === 'file');
}

/** What a plain `go build` of the main package asks for, be it with or without cgo. */
export function defaultRequest(mainPackage: MainPackage): ProgramRequest {
	return {
		directory: mainPackage.directory,
		packages: ['.'],
		goos: 'linux',
		goarch: undefined,
		tags: [],
		cgo: undefined,
		goMinor: undefined,
		mod: undefined,
	};
}

function toBoolean(answer: 'yes' | 'no' | 'unknown'): boolean | undefined {
	return answer === 'unknown' ? undefined : answer === 'yes';
}

/**
 * Whether the Dockerfile has to do with Go at all: it builds a program, starts from a toolchain image, ships a program of the
 * workspace, or stands beside a main package and starts a binary that was built elsewhere. There is nothing to say of any other.
 */
export function concernsGo({ path, image, targets, go }: Pick<Facts, 'path' | 'image' | 'targets' | 'go'>): boolean {
	return (
		image.stages.some((state) => state.builds.length > 0 || state.base?.go !== undefined) ||
		targets.some(({ binaries }) => binaries.length > 0) ||
		(go?.mainPackages ?? []).some(
			(main) => main.directory === dirname(path) && targets.some(({ state }) => startsCopiedFile(state) || copiesBinaryOf(state, main)),
		)
	);
}

/** Whether the stage takes a file from the context that has a name which people give to the package's binary, whatever its command. */
function copiesBinaryOf(state: StageState, { binaryName, directory }: MainPackage): boolean {
	const names = new Set([binaryName, basename(directory), 'main', 'app', 'server']);
	return state.copies.some(({ from, source }) => from.kind === 'context' && names.has(basename(source ?? '')) && !/\/$/.test(source ?? ''));
}

/** Whether the command is a file from the build context whose name has no ending, as a script's or a library's would have. */
function startsCopiedFile(state: StageState): boolean {
	const started = resolveCommandPath(state)?.path;
	if (started === undefined || basename(started).includes('.')) return false;
	return state.copies.some(
		({ from, source, destination }) =>
			from.kind === 'context' &&
			destination !== undefined &&
			basename(source ?? '') === basename(started) &&
			isWithin(destination, started),
	);
}
