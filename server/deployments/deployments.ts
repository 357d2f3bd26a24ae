import { createBuildReader } from '../image/context/declared-builds/build-reader.ts';
import { NOT_OF_THE_PROJECT } from '../knowledge/files-that-matter.ts';
import type { Files } from '../workspace/files.ts';
import { basename, isWithin, join } from '../workspace/paths.ts';
import { mayBeCompose, readingsOf } from './compose/files.ts';
import { mayHoldManifests } from './kubernetes/manifests.ts';
import { countsForKubernetes, type Kubernetes, readKubernetes } from './kubernetes-workspace.ts';
import type { RunsImage, Service } from './model.ts';
import { type ComposeSource, readProject } from './readers.ts';
import { MAX_YAML_LENGTH, readYaml, type YamlValue } from './yaml-tree.ts';

/** A service with the image that it runs, which a Dockerfile of the workspace builds. */
export interface Running {
	readonly service: Service;
	readonly runs: RunsImage;
	/** The text of a file in which a field of the service stands; `undefined` for one that was not read. */
	textOf(path: string): string | undefined;
}

/** Finds the deployments of a workspace, and remembers them: a keystroke in a Dockerfile or in Go costs no look at YAML files. */
export interface DeploymentReader {
	/** The files of the workspace that start containers of its own images, by path. */
	filesOf(root: string): Promise<readonly string[]>;
	/**
	 * What a file starts of the workspace's own images. A compose file may be used alone or over another one: each way is a reading, and
	 * what holds in all of them holds.
	 *
	 * @param text what counts as the file's text
	 */
	readingsOf(path: string, root: string, text: string): Promise<readonly (readonly Running[])[]>;
	/** What all files of the workspace start of a Dockerfile's images. */
	runningOf(dockerfile: string, root: string): Promise<readonly Running[]>;
	/** Forgets what was read of the file; without a path, looks at all files again before the next answer. */
	invalidate(path?: string): void;
}

const MAX_DEPTH = 8;
const MAX_DIRECTORIES = 3000;
const MAX_FILES = 6000;

/** A YAML file that may be a deployment. */
interface Candidate {
	readonly text: string;
	/** Whether it may be a compose file, and not only a manifest. */
	readonly compose: boolean;
	/** Read when it is first wanted. */
	documents: Promise<readonly YamlValue[]> | undefined;
}

/** What is known of a workspace. */
interface Workspace {
	readonly readings: ReadonlyMap<string, readonly (readonly Running[])[]>;
	/** The files that were read for it, beside the candidates. */
	readonly read: ReadonlySet<string>;
	/** The files that were found. */
	readonly paths: ReadonlySet<string>;
	readonly kubernetes: Kubernetes;
}

/** Long because its functions share the caches of one reader. */
export function createDeploymentReader(files: Files): DeploymentReader {
	/** By path, the YAML files of all roots; `undefined` for one that is no deployment. */
	const candidates = new Map<string, Candidate | undefined>();
	const walked = new Map<string, Promise<readonly string[]>>();
	const workspaces = new Map<string, Promise<Workspace>>();
	const buildsOf = createBuildReader();

	async function candidateAt(path: string): Promise<Candidate | undefined> {
		if (!candidates.has(path)) {
			const text = await files.readText(path);
			const isOne = text !== undefined && text.length <= MAX_YAML_LENGTH && mayDeploy(path, text);
			candidates.set(path, isOne ? { text, compose: mayBeCompose(path, text), documents: undefined } : undefined);
		}
		return candidates.get(path);
	}

	function walk(root: string): Promise<readonly string[]> {
		let found = walked.get(root);
		if (found === undefined) {
			found = filesBelow(files, root);
			walked.set(root, found);
		}
		return found;
	}

	async function documentsOf(path: string, changed?: ReadonlyMap<string, string>): Promise<readonly YamlValue[] | undefined> {
		const text = changed?.get(path);
		if (text !== undefined) return readYaml(path, text);
		const candidate = (await candidateAt(path)) ?? (await extendedFile(path));
		if (candidate === undefined) return undefined;
		candidate.documents ??= readYaml(path, candidate.text);
		return candidate.documents;
	}

	/** A file that another one extends need not look like a deployment by itself. */
	async function extendedFile(path: string): Promise<Candidate | undefined> {
		const text = await files.readText(path);
		return text === undefined ? undefined : { text, compose: true, documents: undefined };
	}

	/** @param changed what counts as the text of files, in place of what they hold */
	async function readCompose(root: string, changed?: ReadonlyMap<string, string>): Promise<Pick<Workspace, 'readings' | 'read'>> {
		const read = new Set<string>();
		const textOf = (path: string) => changed?.get(path) ?? candidates.get(path)?.text;
		const documents = (path: string) => documentsOf(path, changed);
		const source: ComposeSource = {
			root,
			async documents(path) {
				read.add(path);
				return documents(path);
			},
			async readText(path) {
				read.add(path);
				return files.readText(path);
			},
			isFile: async (path) => (await files.status(path))?.kind === 'file',
			async filesOf(directory) {
				const entries = await files.list(directory);
				return entries?.every(({ kind }) => kind === 'file') ? entries.map(({ name }) => name) : undefined;
			},
		};
		const paths: string[] = [];
		for (const path of new Set([...(await walk(root)).filter(isYamlPath), ...(changed?.keys() ?? [])]))
			if (changed?.has(path) || (await candidateAt(path))?.compose === true) paths.push(path);
		const projects = new Map<string, (readonly Service[])[]>();
		for (const path of paths) {
			const ways = [];
			for (const way of await readingsOf(path, paths, documents)) ways.push(await readProject(way, source));
			projects.set(path, ways);
		}
		const imageOf = imagesOf([...projects.values()].flat(2));
		const readings = new Map(
			[...projects].map(([path, ways]) => [
				path,
				ways.map((services) =>
					services.flatMap((service) => runningOf(service, imageOf, textOf)).filter(({ runs }) => isWithin(root, runs.dockerfile)),
				),
			]),
		);
		return { readings, read };
	}

	async function readWorkspace(root: string): Promise<Workspace> {
		const compose = await readCompose(root);
		const read = new Set(compose.read);
		const readings = new Map(compose.readings);
		const kubernetes = await readKubernetes({
			root,
			paths: (await walk(root)).filter((path) => countsForKubernetes(path, root)),
			async readText(path) {
				read.add(path);
				return files.readText(path);
			},
			buildsOf,
		});
		for (const [path, { text, running }] of kubernetes.files) {
			readings.set(path, [...(readings.get(path) ?? []), runningContainers(path, text, running)]);
		}
		return { readings, read, paths: new Set(await walk(root)), kubernetes };
	}

	function workspaceOf(root: string): Promise<Workspace> {
		let found = workspaces.get(root);
		if (found === undefined) {
			found = readWorkspace(root);
			workspaces.set(root, found);
			// Files that change meanwhile are dropped together with it.
			found.then(
				(workspace) => watched.set(root, workspace),
				() => workspaces.delete(root),
			);
		}
		return found;
	}

	/** By root, what was read for it. */
	const watched = new Map<string, Workspace>();

	return {
		async filesOf(root) {
			const { readings } = await workspaceOf(root);
			return [...readings].filter(([, ways]) => ways.some((running) => running.length > 0)).map(([path]) => path);
		},
		async readingsOf(path, root, text) {
			if (!mayDeploy(path, text)) return [];
			const { readings, kubernetes } = await workspaceOf(root);
			if ((await files.readText(path)) === text) return readings.get(path) ?? [];
			const found = mayBeCompose(path, text) ? (await readCompose(root, new Map([[path, text]]))).readings.get(path) : undefined;
			const running = await kubernetes.runningIn(path, text);
			return running.length === 0 ? (found ?? []) : [...(found ?? []), runningContainers(path, text, running)];
		},
		async runningOf(dockerfile, root) {
			const { readings } = await workspaceOf(root);
			// The last way counts most: over another file, where there is one.
			return [...readings.values()].flatMap((ways) => ways.at(-1) ?? []).filter(({ runs }) => runs.dockerfile === dockerfile);
		},
		invalidate(path) {
			if (path === undefined) {
				candidates.clear();
				walked.clear();
				workspaces.clear();
				return;
			}
			const isYaml = isYamlPath(path);
			candidates.delete(path);
			for (const root of workspaces.keys()) {
				if (!isWithin(root, path)) continue;
				const { paths, read } = watched.get(root) ?? {};
				// A name without an ending may be a directory that came or went.
				const isNew = (isYaml || countsForKubernetes(path, root) || !basename(path).includes('.')) && paths?.has(path) !== true;
				if (isNew) walked.delete(root);
				if (isNew || isYaml || read?.has(path) !== false) workspaces.delete(root);
			}
		},
	};
}

function runningContainers(path: string, text: string, running: readonly Pick<Running, 'service' | 'runs'>[]): Running[] {
	return running.map((each) => ({ ...each, textOf: (other) => (other === path ? text : undefined) }));
}

/** Whether a YAML file may start containers, as far as a look at its text tells. */
export function mayDeploy(path: string, text: string): boolean {
	return mayBeCompose(path, text) || mayHoldManifests(text);
}

export function isYamlPath(path: string): boolean {
	return /\.ya?ml$/.test(path);
}

/** The files below a directory that may be deployments, or tell what they start, as far as the bounds allow. */
async function filesBelow(files: Files, root: string): Promise<string[]> {
	const found: string[] = [];
	let level = [root, join(root, '.github/workflows')];
	let left = MAX_DIRECTORIES;
	for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
		const listed = await Promise.all(level.map(async (directory) => [directory, (await files.list(directory)) ?? []] as const));
		const next: string[] = [];
		for (const [directory, entries] of listed) {
			for (const { name, kind, link } of entries) {
				const path = join(directory, name);
				if (kind === 'file') {
					if ((isYamlPath(name) || countsForKubernetes(path, root)) && found.length < MAX_FILES) found.push(path);
				} else if (!link && !NOT_OF_THE_PROJECT.test(name) && --left >= 0) next.push(path);
			}
		}
		level = next;
	}
	return found;
}

/** What an image name stands for, where one build of the workspace alone gives it. */
type ImageNames = ReadonlyMap<string, RunsImage | undefined>;

function imagesOf(services: readonly Service[]): ImageNames {
	const found = new Map<string, RunsImage | undefined>();
	for (const service of services) {
		const name = service.image?.value;
		const built = builtBy(service);
		if (name === undefined || service.build === undefined) continue;
		const known = found.get(name);
		const same = known === undefined ? !found.has(name) : known.dockerfile === built?.dockerfile && known.target === built.target;
		found.set(name, same ? built : undefined);
	}
	return found;
}

function runningOf(service: Service, imageOf: ImageNames, textOf: Running['textOf']): Running[] {
	const named = service.image?.value;
	const runs = service.build !== undefined ? builtBy(service) : named === undefined ? undefined : imageOf.get(named);
	return runs === undefined ? [] : [{ service, runs, textOf }];
}

/** The image that a service builds; `undefined` where it is not known. */
function builtBy({ build, name }: Service): RunsImage | undefined {
	if (build === undefined) return undefined;
	const { dockerfile, inline, context, target, at } = build;
	if (target !== undefined && target.value === undefined) return undefined;
	const common = { target: target?.value, at };
	if (inline !== undefined) {
		if (inline.value === undefined || context.value === undefined) return undefined;
		return { ...common, dockerfile: join(context.value, `.${name.value}.dockerfile`), inline: inline.value };
	}
	return dockerfile?.value === undefined ? undefined : { ...common, dockerfile: dockerfile.value };
}
