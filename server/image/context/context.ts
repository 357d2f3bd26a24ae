import type { Dockerfile } from '../../dockerfile/syntax.ts';
import { isReadFor, mayDeclareBuild } from '../../knowledge/files-that-matter.ts';
import type { DirectoryEntry, Files } from '../../workspace/files.ts';
import { ancestors, basename, dirname, isWithin, join } from '../../workspace/paths.ts';
import type { BuildContext } from '../model.ts';
import { type ContextSnapshot, readSnapshot } from './context-snapshot.ts';
import { type LiteralSources, literalSources, namesOf } from './context-sources.ts';
import { createBuildReader } from './declared-builds/build-reader.ts';
import { type Declaration, declarationsFor } from './declared-builds/declarations.ts';
import { parseIgnoreFile } from './dockerignore.ts';
import { findIncompleteContext } from './incomplete-context.ts';

/** Finds build contexts and remembers what it read, so that a keystroke in a Dockerfile costs no walk over the disk. */
export interface ContextReader {
	/**
	 * The directory that `docker build` sends for the Dockerfile, as RULES says: one that is declared by a compose, bake, workflow, Makefile
	 * or skaffold file; else the nearest directory, from the Dockerfile's upward to `root`, in which every literal COPY source exists; else
	 * the only one that holds all that a Go build wants, where the other sources are then unknown.
	 * @param given the context where it is known, and not to be searched for
	 * @returns `undefined` where there is none, or it lies outside `root` or cannot be listed: what is sent is then unknown
	 */
	find(dockerfilePath: string, root: string, dockerfile: Dockerfile, given?: GivenContext): Promise<BuildContext | undefined>;
	/** Says that something at the path was made, changed or deleted. */
	invalidate(path: string): void;
}

/** A context that whoever asks knows. */
export interface GivenContext extends Pick<BuildContext, 'directory' | 'declaredBy' | 'target' | 'starts' | 'mounts'> {
	/** As pairs, so that two can be compared. */
	readonly arguments: readonly (readonly [name: string, value: string | undefined])[];
}

/** A directory that was found to be the context. */
interface Choice extends GivenContext {
	/** The stage that all builds name which are declared, of whatever kind the files are. */
	readonly onlyTarget: string | undefined;
	/** Sources that are not there, and may be where the image is built. */
	readonly missing: readonly string[];
}

/** Long because its functions share the caches of one reader. */
export function createContextReader(files: Files): ContextReader {
	const listings = new Map<string, Promise<readonly DirectoryEntry[] | undefined>>();
	const declarations = new Map<string, Promise<readonly Declaration[]>>();
	const snapshots = new Map<string, Promise<ContextSnapshot>>();
	/** By Dockerfile, the last of each: what is typed into a COPY makes another. */
	const choices = new Map<string, { readonly sources: string; readonly root: string; readonly choice: Promise<Choice | undefined> }>();
	const contexts = new Map<string, { readonly chosen: string; readonly context: Promise<BuildContext> }>();
	const dirty = new Set<string>();
	let refreshed: Promise<void> = Promise.resolve();

	function list(directory: string): Promise<readonly DirectoryEntry[] | undefined> {
		let listing = listings.get(directory);
		if (listing === undefined) {
			listing = Promise.resolve(files.list(directory));
			listings.set(directory, listing);
		}
		return listing;
	}

	/** Lists anew the directories in which something happened; where names came or went, the snapshots that show them are dropped. */
	async function refresh(): Promise<void> {
		if (dirty.size === 0) return;
		const changed = [...dirty];
		dirty.clear();
		choices.clear();
		for (const directory of changed) {
			const known = listings.get(directory);
			if (known === undefined) continue;
			const [before, now] = await Promise.all([known, files.list(directory)]);
			if (signature(before) === signature(now)) continue;
			// A directory that came or went did so in the one above, of which nobody may have told.
			if (before === undefined || now === undefined) changed.push(dirname(directory));
			for (const path of listings.keys()) if (isWithin(directory, path)) listings.delete(path);
			listings.set(directory, Promise.resolve(now));
			for (const path of snapshots.keys()) if (isWithin(path, directory)) snapshots.delete(path);
			contexts.clear();
		}
	}

	async function exists(path: string): Promise<boolean> {
		if (path === dirname(path)) return true;
		const entries = await list(dirname(path));
		return entries?.some((entry) => entry.name === basename(path)) === true;
	}

	const buildsOf = createBuildReader();
	const workspace = { exists, readText: async (path: string) => files.readText(path) };

	async function holdsAll(directory: string, { paths, shipped }: LiteralSources): Promise<boolean> {
		for (const source of paths) {
			const path = join(directory, source);
			if (!(await exists(path)) || (shipped.has(source) && (await isProgramSource(path)))) return false;
		}
		return true;
	}

	/** Whether the directory holds the source of a program, whose binary has its name: what an image without Go copies is that. */
	async function isProgramSource(path: string): Promise<boolean> {
		const entries = (await list(path)) ?? [];
		return entries.some(({ kind, name }) => kind === 'file' && (name === 'main.go' || name === `${basename(path)}.go`));
	}

	/** Those that can be listed: of what lies in any other directory nothing is known. */
	async function listable(directories: readonly string[]): Promise<string[]> {
		const listed = await Promise.all(directories.map(list));
		return directories.filter((_, index) => listed[index] !== undefined);
	}

	async function nearest(candidates: readonly string[], sources: LiteralSources): Promise<string | undefined> {
		for (const directory of candidates) if (await holdsAll(directory, sources)) return directory;
		return undefined;
	}

	/**
	 * The context of a Dockerfile that copies all of it to work with Go: then a go.mod or go.work is to be expected in it, or it is that of a
	 * Dockerfile beside it, or its Go files have no module. A directory of Dockerfiles alone is none.
	 */
	async function withGo(candidates: readonly string[], sources: LiteralSources, siblings: readonly string[]): Promise<string | undefined> {
		for (const directory of candidates) {
			const module = (await exists(join(directory, 'go.mod'))) || (await exists(join(directory, 'go.work')));
			if (module && (await holdsAll(directory, sources))) return directory;
		}
		const of = [...new Set(siblings)].filter((directory) => candidates.includes(directory));
		if (of.length === 1 && (await holdsAll(of[0] as string, sources))) return of[0];
		const holding = [];
		for (const directory of candidates) if (candidates.length === 1 || (await holdsGo(directory))) holding.push(directory);
		return nearest(holding, sources);
	}

	/** Whether Go files lie in the directory, or right below it. */
	async function holdsGo(directory: string): Promise<boolean> {
		const entries = (await list(directory)) ?? [];
		const isGo = ({ kind, name }: DirectoryEntry) => kind === 'file' && name.endsWith('.go');
		if (entries.some(isGo)) return true;
		const below = await Promise.all(entries.filter(({ kind }) => kind === 'directory').map(({ name }) => list(join(directory, name))));
		return below.some((each) => each?.some(isGo));
	}

	function choice(dockerfilePath: string, root: string, sources: LiteralSources): Promise<Choice | undefined> {
		const named = namesOf(sources);
		let known = choices.get(dockerfilePath);
		if (known?.sources !== named || known.root !== root) {
			known = { sources: named, root, choice: choose(dockerfilePath, root, sources) };
			choices.set(dockerfilePath, known);
		}
		return known.choice;
	}

	async function choose(dockerfilePath: string, root: string, sources: LiteralSources): Promise<Choice | undefined> {
		const key = `${root}\n${dockerfilePath}`;
		let declared = declarations.get(key);
		if (declared === undefined) {
			declared = declarationsFor(files, list, dockerfilePath, root, buildsOf);
			declarations.set(key, declared);
		}
		const own = (await declared).filter(({ dockerfile }) => dockerfile === dockerfilePath);
		const inside = own.filter((declaration) => isWithin(root, declaration.directory));
		const [first] = inside;
		if (first !== undefined) {
			// Files of the same kind may name several: then that which the COPY sources bear out.
			const rivals = inside.filter((declaration) => declaration.kind === first.kind);
			const directories = [...new Set(rivals.map((declaration) => declaration.directory))];
			let directory = first.directory;
			if (directories.length > 1) {
				for (const candidate of directories.reverse()) if (await holdsAll(candidate, sources)) directory = candidate;
			}
			const same = rivals.filter((declaration) => declaration.directory === directory);
			// Bake files, workflows and Makefiles build stages for tests and exports too: a target of theirs says nothing of what ships.
			const targets = new Set(same.map(({ kind, target }) => (kind === 'compose' || kind === 'skaffold' ? target : undefined)));
			// One that builds the last stage ships that too, whatever a compose file starts for development.
			if (own.some(({ kind, target }) => kind !== first.kind && target === undefined)) targets.add(undefined);
			const declaration = same[0] as Declaration;
			return {
				directory,
				declaredBy: declaration.declaredBy,
				target: targets.size === 1 ? [...targets][0] : undefined,
				onlyTarget: own.every(({ target }) => target === first.target) ? first.target : undefined,
				arguments: argumentsOfAll(own),
				starts: own.flatMap(({ starts }) => starts),
				mounts: own.flatMap(({ mounts }) => mounts),
				missing: [],
			};
		}
		// A build that is declared for a directory outside the workspace cannot be seen.
		if (own.length > 0) return undefined;
		const candidates = await listable(directoriesUpward(dirname(dockerfilePath), root));
		const directory =
			sources.all && sources.worksWithGo && !sources.initializes
				? await withGo(
						candidates,
						sources,
						(await declared).map((declaration) => declaration.directory),
					)
				: await nearest(candidates, sources);
		const found = directory === undefined ? await findIncompleteContext(workspace, candidates, sources) : { directory, missing: [] };
		return found === undefined ? undefined : { ...UNDECLARED, ...found };
	}

	function snapshotOf(directory: string): Promise<ContextSnapshot> {
		let snapshot = snapshots.get(directory);
		if (snapshot === undefined) {
			snapshot = readSnapshot(list, directory);
			snapshots.set(directory, snapshot);
		}
		return snapshot;
	}

	async function create(dockerfilePath: string, chosen: Choice): Promise<BuildContext> {
		const [own, common, snapshot] = await Promise.all([
			files.readText(`${dockerfilePath}.dockerignore`),
			files.readText(join(chosen.directory, '.dockerignore')),
			snapshotOf(chosen.directory),
		]);
		// BuildKit prefers the ignore file that bears the Dockerfile's name and then does not look at the other.
		const ignoreFile =
			own !== undefined
				? { path: `${dockerfilePath}.dockerignore`, text: own }
				: common !== undefined
					? { path: join(chosen.directory, '.dockerignore'), text: common }
					: undefined;
		const matcher = parseIgnoreFile(ignoreFile?.text ?? '');
		return {
			directory: chosen.directory,
			declaredBy: chosen.declaredBy,
			target: chosen.target,
			arguments: new Map(chosen.arguments),
			starts: chosen.starts,
			mounts: chosen.mounts,
			missing: chosen.missing,
			ignoreFile,
			kind: chosen.missing.length === 0 ? snapshot.kind : (path) => kindWithout(chosen.missing, snapshot, path),
			children: snapshot.children,
			ignored: matcher.ignores,
		};
	}

	return {
		async find(dockerfilePath, root, dockerfile, given) {
			// Whoever asks while another refreshes waits for that too.
			refreshed = refreshed.then(refresh, refresh);
			await refreshed;
			const found = given === undefined ? await choice(dockerfilePath, root, literalSources(dockerfile)) : { ...given, ...UNCHOSEN };
			const chosen = found && withLastStage(found, dockerfile);
			if (chosen === undefined || (await list(chosen.directory)) === undefined) return undefined;
			const key = JSON.stringify(chosen);
			let known = contexts.get(dockerfilePath);
			if (known?.chosen !== key) {
				known = { chosen: key, context: create(dockerfilePath, chosen) };
				contexts.set(dockerfilePath, known);
			}
			const context = await known.context;
			// What is left out cannot be copied by whoever builds this: the context is another one.
			return chosen.missing.some(context.ignored) ? undefined : context;
		},
		invalidate(path) {
			dirty.add(dirname(path));
			// The path may be a directory that went or came with all that it holds.
			dirty.add(path);
			if (isReadFor('ignore', path)) contexts.clear();
			if (mayDeclareBuild(path)) declarations.clear();
		},
	};
}

/** What a context that is given has nothing of. */
const UNCHOSEN = { missing: [], onlyTarget: undefined } as const;

/** What is said of a build that nothing declares. */
const UNDECLARED = { declaredBy: undefined, target: undefined, onlyTarget: undefined, arguments: [], starts: [], mounts: [] } as const;

/** The choice with the last stage as the one that ships, where all declared builds make it: others are made by hand, for development. */
function withLastStage(choice: Choice, { stages }: Dockerfile): Choice {
	const last = stages.at(-1);
	const names = last === undefined ? [] : [String(last.index), last.from.alias?.raw.toLowerCase()];
	const { onlyTarget } = choice;
	return choice.target === undefined && names.includes(onlyTarget?.toLowerCase()) ? { ...choice, target: onlyTarget } : choice;
}

/** The arguments that every declared build sets; where they set different values, the value is not known. */
function argumentsOfAll(declarations: readonly Declaration[]): Choice['arguments'] {
	const [first, ...others] = declarations.map((declaration) => declaration.arguments);
	return [...(first ?? [])].flatMap(([name, value]) => {
		if (!others.every((other) => other.has(name))) return [];
		return [[name, others.every((other) => other.get(name) === value) ? value : undefined] as const];
	});
}

/** The directory and those above it, as far as the root. */
function directoriesUpward(from: string, root: string): string[] {
	const directories: string[] = [];
	for (const directory of ancestors(from)) {
		if (!isWithin(root, directory)) break;
		directories.push(directory);
	}
	return directories;
}

/** What is at a path, where sources that are missing may bring more. */
function kindWithout(missing: readonly string[], snapshot: ContextSnapshot, path: string): ReturnType<ContextSnapshot['kind']> {
	const kind = snapshot.kind(path);
	if (kind !== 'absent') return kind;
	return missing.some((source) => isWithin(source, path) || isWithin(path, source)) ? 'unknown' : 'absent';
}

function signature(entries: readonly DirectoryEntry[] | undefined): string {
	return entries === undefined ? '' : JSON.stringify(entries.map(({ name, kind, link }) => [name, kind, link]));
}
