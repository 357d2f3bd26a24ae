import { NEWEST_GO_MINOR } from '../knowledge/go-releases.ts';
import type { Answer } from '../text/answer.ts';
import type { Archive } from '../workspace/archive.ts';
import type { Files } from '../workspace/files.ts';
import { basename, isWithin } from '../workspace/paths.ts';
import { findCgoPackages } from './cgo-packages.ts';
import { importChains, type ReadClosure, readClosure } from './closure.ts';
import type { BuildTarget } from './constraints.ts';
import { downloadedModules } from './downloaded.ts';
import { createEvidenceCache, findEvidence } from './evidence/evidence.ts';
import type { EvidenceResult } from './evidence/judge/conclusions.ts';
import type { GoInstallation } from './installation.ts';
import { keepPrograms, restorePrograms } from './kept/kept-programs.ts';
import type { CgoPackage, EmbedPattern, GoModule, GoWorkspace, OwnPackage, Program, ProgramPackage, ProgramRequest } from './model.ts';
import { type ModuleSet, readModuleSet } from './modules.ts';
import { binaryNameOf, findRootPackages } from './root-packages.ts';
import { createSourceCache, type SourceInputs, type TextStore } from './source-cache.ts';
import { hasStandardCgo } from './standard-library.ts';
import { readGoWorkspace } from './workspace.ts';

/** Reads Go workspaces and programs, and keeps what it read until it is told of a change. */
export interface ProgramReader {
	/** Rejects with the signal's reason where it is aborted, and never otherwise. */
	readWorkspace(root: string, signal?: AbortSignal): Promise<GoWorkspace>;
	/** Rejects with the signal's reason where it is aborted, and never otherwise. */
	readProgram(workspace: GoWorkspace, request: ProgramRequest, signal?: AbortSignal): Promise<Program>;
	/** Tells of a file or directory that was created, changed or deleted. */
	invalidate(path: string): void;
	/** Hands what was read to the archive, for the next process that reads a program of the workspace that was read first. */
	keep(): Promise<void>;
	/** Looks for changes where nobody tells of them. */
	refresh(signal?: AbortSignal): Promise<void>;
}

/** How many programs are kept; a Dockerfile seldom builds more than a few. */
const MAX_PROGRAMS = 32;

/** From how many files on it is quicker to take a program out of the archive than to read it. */
const WORTH_KEEPING = 100;

/** How much text, in UTF-16 units, is kept from the reading of imports to that of what the program does. */
const MAX_TEXT = 4_000_000;

/**
 * @param archive where what was read of downloaded modules is kept from one process to the next
 *
 * Long because its functions share the caches of one reader.
 */
export function createProgramReader(files: Files, installation: GoInstallation, archive?: Archive): ProgramReader {
	const cache = createSourceCache(files);
	const evidenceCache = createEvidenceCache();
	/** The workspace that was read first, for which the archive is asked. */
	let home: string | undefined;
	const moduleSets = new Map<string, Promise<ModuleSet>>();
	const downloadedIn = (root: string) => downloadedModules(installation.moduleCaches, root);
	/** With another module cache, or none, a program may be another. */
	const programsOf = (root: string) => `programs:${root}\0${JSON.stringify(installation)}`;
	const programs = new Map<string, { readonly generation: number; readonly program: Program }>();
	let restoredPrograms: Promise<void> | undefined;
	/** What the programs that an earlier process kept depend on, in the generation in which they hold. */
	let earlier: { readonly generation: number; readonly inputs: SourceInputs } | undefined;
	/** Whether a program was read that the archive does not have. */
	let newPrograms = false;

	function modulesOf(workspace: GoWorkspace, request: ProgramRequest): Promise<ModuleSet> {
		const key = JSON.stringify([workspace.root, request.directory, request.mod, request.withoutWork]);
		let modules = moduleSets.get(key);
		if (modules === undefined) {
			modules = readModuleSet(cache, installation, request.directory, request.mod, workspace.root, request.withoutWork);
			moduleSets.set(key, modules);
		}
		return modules;
	}

	/** Takes the programs that an earlier process read, where nothing has changed since: then nothing else is read. */
	async function takePrograms(root: string): Promise<void> {
		const { generation } = cache;
		const found = archive && (await restorePrograms(cache, archive, programsOf(root)));
		if (found === undefined || cache.generation !== generation) return;
		earlier = { generation, inputs: found.inputs };
		for (const [key, program] of found.programs) programs.set(key, { generation, program });
	}

	return {
		readWorkspace: (root, signal) => readGoWorkspace(cache, root, signal),
		async readProgram(workspace, request, signal) {
			const key = JSON.stringify([workspace.root, request]);
			signal?.throwIfAborted();
			home ??= workspace.root;
			restoredPrograms ??= takePrograms(home);
			await restoredPrograms;
			const { generation } = cache;
			const known = programs.get(key);
			if (known?.generation === generation) return known.program;
			signal?.throwIfAborted();
			const modules = await modulesOf(workspace, request);
			const { roots, missing } = await findRootPackages(cache, modules, request.directory, request.packages, signal);
			const store: TextStore = { room: MAX_TEXT, texts: new Map() };
			const closure = await readClosure(cache, { modules, roots, targets: targetsOf(request), goroot: undefined, texts: store }, signal);
			const { usedImports, ...evidence } = await findEvidence({
				closure,
				async readText(path) {
					const text = store.texts.get(path);
					store.texts.delete(path);
					return text ?? files.readText(path);
				},
				pause: files.pause,
				tags: request.tags,
				cache: evidenceCache,
				...(signal && { signal }),
			});
			const named: ProgramPackage[] = [];
			const empty: string[] = [];
			for (const root of roots) {
				const found = closure.packages.get(root.importPath);
				// Constraints may leave nothing of a package; one that only a pattern matched is then passed over in silence.
				if (found === undefined || found.name === '') empty.push(root.importPath);
				else {
					const binaryName = binaryNameOf(root, modules.moduleOf(root.directory) !== undefined);
					named.push({ importPath: root.importPath, directory: root.directory, name: found.name, binaryName });
				}
			}
			const patterns = request.packages.some((argument) => argument.includes('...'));
			const cgoPackages = await findCgoPackages(cache, closure, targetsOf(request), importChains(closure), usedImports);
			const program = describe(
				workspace,
				request,
				modules,
				closure,
				evidence,
				cgoPackages,
				named,
				patterns ? missing : [...missing, ...empty],
			);
			programs.delete(key);
			programs.set(key, { generation, program });
			newPrograms = true;
			for (const oldest of programs.keys()) {
				if (programs.size <= MAX_PROGRAMS) break;
				programs.delete(oldest);
			}
			return program;
		},
		async keep() {
			if (archive === undefined || home === undefined || !newPrograms) return;
			newPrograms = false;
			if (evidenceCache.read < WORTH_KEEPING && earlier === undefined) return;
			evidenceCache.read = 0;
			const { generation } = cache;
			const inputs = await cache.inputs(home, downloadedIn(home), earlier?.generation === generation ? earlier.inputs : undefined);
			if (inputs === undefined || cache.generation !== generation) return;
			const current = [...programs].filter(([, known]) => known.generation === generation);
			keepPrograms(
				archive,
				programsOf(home),
				current.map(([key, { program }]) => [key, program]),
				inputs,
			);
		},
		invalidate(path) {
			cache.invalidate(path);
			// Whatever is no Go file may be a go.mod, a list of vendored modules, or a directory with either.
			if (!path.endsWith('.go')) moduleSets.clear();
		},
		async refresh(signal) {
			await cache.refresh(signal);
			moduleSets.clear();
		},
	};
}

/** The builds that the request may mean: for an unknown machine both of the common ones. */
function targetsOf(request: ProgramRequest): readonly BuildTarget[] {
	const goarches = request.goarch === undefined ? ['amd64', 'arm64'] : [request.goarch];
	return goarches.map((goarch) => ({
		goos: request.goos,
		goarch,
		cgo: request.cgo ?? true,
		tags: new Set(request.tags),
		goMinor: request.goMinor ?? NEWEST_GO_MINOR,
	}));
}

function describe(
	workspace: GoWorkspace,
	request: ProgramRequest,
	modules: ModuleSet,
	closure: ReadClosure,
	evidence: Omit<EvidenceResult, 'usedImports'>,
	cgoPackages: readonly CgoPackage[],
	roots: readonly ProgramPackage[],
	missing: readonly string[],
): Program {
	// Beside the modules of a go.work it is that of the first package which is built.
	const module = modules.module ?? modules.moduleOf(roots[0]?.directory ?? request.directory);
	return {
		request,
		module,
		roots,
		missing,
		packageCount: closure.packageFiles.size,
		standardPackages: closure.standard,
		needsModules: needsModules(modules, module, closure),
		...evidence,
		cgoPackages,
		standardCgo: [...closure.standard]
			.filter((path) => hasStandardCgo(path) && (path !== 'runtime/cgo' || closure.directlyStandard.has(path)))
			.sort(),
		embeds: findEmbeds(workspace, closure),
		missingPackages: missingPackages(workspace, module, closure),
		ownPackages: findOwnPackages(workspace, closure),
		unread: [...new Set([...closure.unread].map(([importPath, owner]) => owner ?? importPath))].sort(),
	};
}

/** What the closure imports of the workspace's own modules, and no directory holds. */
function missingPackages({ modules }: GoWorkspace, module: GoModule | undefined, { unread }: ReadClosure): string[] {
	const own = [...modules, ...(module === undefined ? [] : [module])].flatMap(({ file }) => file.path ?? []);
	return [...unread.keys()].filter((importPath) => own.some((path) => importPath === path || importPath.startsWith(`${path}/`))).sort();
}

/** Whether there is something to download. */
function needsModules(modules: ModuleSet, module: GoModule | undefined, closure: ReadClosure): Answer {
	if (modules.vendored) return 'no';
	if (closure.modules.size > 0) return 'yes';
	if (closure.unread.size === 0) return 'no';
	const own = module?.file.path;
	return [...closure.unread.values()].some((owner) => owner !== undefined && owner !== own) ? 'yes' : 'unknown';
}

/** The `//go:embed` patterns of the files that lie in the workspace; those elsewhere no build context can lose. */
function findEmbeds(workspace: GoWorkspace, closure: ReadClosure): EmbedPattern[] {
	const embeds: EmbedPattern[] = [];
	for (const { files } of closure.packages.values()) {
		for (const { path, header } of files) {
			if (header.embeds.length === 0 || !isWithin(workspace.root, path)) continue;
			for (const { pattern, line } of header.embeds) embeds.push({ pattern, path, line });
		}
	}
	return embeds;
}

/** The packages that lie in the workspace, each with the first line that imports it. */
function findOwnPackages(workspace: GoWorkspace, closure: ReadClosure): OwnPackage[] {
	const inWorkspace = [...closure.packages.values()].filter(
		({ own, directory }) => own && isWithin(workspace.root, directory) && !/\/vendor\//.test(directory),
	);
	const imports = new Map<string, { readonly path: string; readonly line: number }>();
	for (const { files } of inWorkspace) {
		for (const { path, header } of files)
			for (const { path: imported, line } of header.imports) if (!imports.has(imported)) imports.set(imported, { path, line });
	}
	const roots = new Set(closure.roots);
	return inWorkspace
		.filter(({ files }) => files.length > 0)
		.map(({ importPath, directory, files }) => ({
			importPath,
			directory,
			files: files.map(({ path }) => basename(path)),
			importedIn: roots.has(importPath) ? undefined : imports.get(importPath),
		}));
}
