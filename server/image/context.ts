import { parseMount } from '../dockerfile/mount.ts';
import type { CopyInstruction, Dockerfile } from '../dockerfile/syntax.ts';
import type { DirectoryEntry, Files } from '../workspace/files.ts';
import { basename, dirname, isWithin, join } from '../workspace/paths.ts';
import { DECLARING_FILE, type Declaration, declarationsFor } from './context-declarations.ts';
import { type ContextSnapshot, readSnapshot } from './context-snapshot.ts';
import { parseIgnoreFile } from './dockerignore.ts';
import { isGlob } from './glob.ts';
import type { BuildContext } from './model.ts';

/** Finds build contexts and remembers what it read, so that a keystroke in a Dockerfile costs no walk over the disk. */
export interface ContextReader {
	/**
	 * The directory that `docker build` sends for the Dockerfile, as RULES says: one that is declared by a compose, bake, workflow, Makefile
	 * or skaffold file; else the nearest directory, from the Dockerfile's upward to `root`, in which every literal COPY source exists.
	 * @returns `undefined` where there is none, or it lies outside `root`: what is sent is then unknown
	 */
	find(dockerfilePath: string, root: string, dockerfile: Dockerfile): Promise<BuildContext | undefined>;
	/** Says that something at the path was made, changed or deleted. */
	invalidate(path: string): void;
}

export function createContextReader(files: Files): ContextReader {
	const listings = new Map<string, Promise<readonly DirectoryEntry[] | undefined>>();
	const declarations = new Map<string, Promise<readonly Declaration[]>>();
	const snapshots = new Map<string, Promise<ContextSnapshot>>();
	const contexts = new Map<string, Promise<BuildContext>>();
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
		const changed = [...dirty];
		dirty.clear();
		for (const directory of changed) {
			const known = listings.get(directory);
			if (known === undefined) continue;
			const [before, now] = await Promise.all([known, files.list(directory)]);
			if (signature(before) === signature(now)) continue;
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

	async function holdsAll(directory: string, sources: readonly string[]): Promise<boolean> {
		for (const source of sources) if (!(await exists(join(directory, source)))) return false;
		return true;
	}

	async function nearest(dockerfilePath: string, root: string, sources: readonly string[]): Promise<string | undefined> {
		for (let directory = dirname(dockerfilePath); isWithin(root, directory); directory = dirname(directory)) {
			if (await holdsAll(directory, sources)) return directory;
			if (directory === dirname(directory)) break;
		}
		return undefined;
	}

	async function choose(dockerfilePath: string, root: string, dockerfile: Dockerfile): Promise<Declaration | undefined> {
		const key = `${root}\n${dockerfilePath}`;
		let declared = declarations.get(key);
		if (declared === undefined) {
			declared = declarationsFor(files, list, dockerfilePath, root);
			declarations.set(key, declared);
		}
		const { sources, wantsModule } = literalSources(dockerfile);
		const inside = (await declared).filter((declaration) => isWithin(root, declaration.directory));
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
			const declaration = same[0] as Declaration;
			return { ...declaration, target: targets.size === 1 ? [...targets][0] : undefined };
		}
		// A build that is declared for a directory outside the workspace cannot be seen.
		if ((await declared).length > 0) return undefined;
		const withModule = wantsModule ? await nearest(dockerfilePath, root, [...sources, 'go.mod']) : undefined;
		const directory = withModule ?? (await nearest(dockerfilePath, root, sources));
		return directory === undefined ? undefined : { kind: 'sources', directory, target: undefined, declaredBy: undefined };
	}

	function snapshotOf(directory: string): Promise<ContextSnapshot> {
		let snapshot = snapshots.get(directory);
		if (snapshot === undefined) {
			snapshot = readSnapshot(list, directory);
			snapshots.set(directory, snapshot);
		}
		return snapshot;
	}

	async function create(dockerfilePath: string, chosen: Declaration): Promise<BuildContext> {
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
			ignoreFile,
			kind: snapshot.kind,
			children: snapshot.children,
			ignored: matcher.ignores,
		};
	}

	return {
		async find(dockerfilePath, root, dockerfile) {
			// Whoever asks while another refreshes waits for that too.
			refreshed = refreshed.then(refresh, refresh);
			await refreshed;
			const chosen = await choose(dockerfilePath, root, dockerfile);
			if (chosen === undefined) return undefined;
			const key = JSON.stringify([dockerfilePath, chosen.directory, chosen.target, chosen.declaredBy]);
			let context = contexts.get(key);
			if (context === undefined) {
				context = create(dockerfilePath, chosen);
				contexts.set(key, context);
			}
			return context;
		},
		invalidate(path) {
			dirty.add(dirname(path));
			// The path may be a directory that went or came with all that it holds.
			dirty.add(path);
			if (path.endsWith('dockerignore')) contexts.clear();
			if (DECLARING_FILE.test(basename(path))) declarations.clear();
		},
	};
}

function signature(entries: readonly DirectoryEntry[] | undefined): string {
	return entries === undefined ? '' : JSON.stringify(entries.map(({ name, kind, link }) => [name, kind, link]));
}

/**
 * The paths that a context must hold for the Dockerfile to build. go.sum is not among them: that it is copied and absent is a finding,
 * and would be lost with the context. `wantsModule`: all of the context is copied into a stage that works with Go, so that a go.mod
 * is to be expected in it.
 */
function literalSources(dockerfile: Dockerfile): { sources: string[]; wantsModule: boolean } {
	const sources = new Set<string>();
	let all = false;
	const add = (raw: string) => {
		const path = join('/', raw).slice(1);
		if (path === '') all = true;
		else if (!/(?:^|\/)go(?:\.work)?\.sum$/.test(path)) sources.add(path);
	};
	let worksWithGo = false;
	for (const instruction of dockerfile.instructions) {
		if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
			for (const raw of literalCopySources(instruction)) add(raw);
		} else if (instruction.keyword === 'FROM') {
			worksWithGo ||= /golang/.test(instruction.image?.raw ?? '');
		} else if (instruction.keyword === 'RUN') {
			worksWithGo ||= /\bgo\s+(?:build|install|mod|test|run|generate|vet)\b/.test(
				instruction.command?.form === 'shell' ? instruction.command.text : '',
			);
			for (const flag of instruction.flags) {
				if (flag.name !== 'mount' || flag.value === undefined || /[$"'\\]/.test(flag.value.raw)) continue;
				const mount = parseMount(flag.value.raw);
				if (mount.type === 'bind' && mount.from === undefined) add(mount.source ?? '.');
			}
		}
	}
	return { sources: [...sources].slice(0, MAX_SOURCES), wantsModule: all && worksWithGo };
}

const MAX_SOURCES = 200;

function literalCopySources(instruction: CopyInstruction): string[] {
	if (instruction.onbuild || instruction.flags.some((flag) => flag.name === 'from')) return [];
	return instruction.sources
		.map((word) => word.raw)
		.filter((raw) => !/[$"'\\`]/.test(raw) && !isGlob(raw) && !/^[a-z][a-z0-9+.-]*:\/\/|^git@/i.test(raw));
}
