import type { BuildReader } from '../image/context/declared-builds/build-reader.ts';
import { isDockerfilePath } from '../knowledge/dockerfile-names.ts';
import { parseGoMod } from '../program/go-mod.ts';
import { basename, dirname, isWithin, relativeWithin } from '../workspace/paths.ts';
import { mayNameImages, readNamedBuilds } from './image-builds.ts';
import { imageNamed, type Naming, repositoryOf } from './image-names.ts';
import { isKustomization } from './kubernetes/kustomize.ts';
import type { RunsImage, Service } from './model.ts';
import { imagesIn, type Kustomizations, readKustomizations, readManifests } from './readers.ts';

/** The containers of a workspace's manifests that run images of its own. */

export interface KubernetesSource {
	readonly root: string;
	/** The files of the workspace for which {@link countsForKubernetes} holds. */
	readonly paths: readonly string[];
	readText(path: string): Promise<string | undefined>;
	readonly buildsOf: BuildReader;
}

/** Whether a file may hold manifests, or say which image is whose. */
export function countsForKubernetes(path: string, root: string): boolean {
	return (
		isManifestPath(path) || isKustomization(path) || isDockerfilePath(path) || basename(path) === 'go.mod' || mayNameImages(path, root)
	);
}

function isManifestPath(path: string): boolean {
	return /\.ya?ml$/.test(path);
}

/** Whether a path, from the root, is that of one release: its images were built from other Dockerfiles than those that are there now. */
function isOfRelease(path: string): boolean {
	return /(?:^|[/_-])v?\d+\.\d+(?:\.\d+)?(?=[/._-])|(?:^|\/)releases?\//.test(path);
}

/** A container with the image that it runs. */
interface RunningContainer {
	readonly service: Service;
	readonly runs: RunsImage;
}

/** What a file of manifests starts of the workspace's own images. */
interface RunningManifest {
	readonly text: string;
	readonly running: readonly RunningContainer[];
}

/** The manifests of a workspace. */
export interface Kubernetes {
	/** By path; files that start no image of the workspace are left out. */
	readonly files: ReadonlyMap<string, RunningManifest>;
	/** The containers of the file, if this were its text, that run images of the workspace. */
	runningIn(path: string, text: string): Promise<readonly RunningContainer[]>;
}

export async function readKubernetes(source: KubernetesSource): Promise<Kubernetes> {
	const { paths } = source;
	const texts = new Map<string, Promise<string | undefined>>();
	const readText = async (path: string) => {
		// A kustomization may name what lies anywhere.
		if (!isWithin(source.root, path)) return undefined;
		const known = texts.get(path) ?? source.readText(path);
		texts.set(path, known);
		return known;
	};
	const images = new Map<string, readonly string[]>();
	for (const path of paths)
		if (isManifestPath(path) && !isOfRelease(relativeWithin(source.root, path) ?? ''))
			images.set(path, imagesIn((await readText(path)) ?? ''));
	let known: Promise<Known> | undefined;
	const knownOf = () => {
		known ??= readKnown({ ...source, readText });
		return known;
	};
	const runningIn: Kubernetes['runningIn'] = async (path, text) => {
		// Most manifests of a workspace start images of others, and take long to read.
		const named = imagesIn(text);
		if (named.length === 0) return [];
		const { kustomizations, naming } = await knownOf();
		const runsOf = (image: string) => imageNamed(kustomizations.namesOf(path, repositoryOf(image)), naming);
		if (kustomizations.isPatch(path) || !named.some((image) => runsOf(image) !== undefined)) return [];
		const file = await readManifests(path, text, kustomizations.changesIn(path));
		return (file?.services ?? []).flatMap((service): RunningContainer[] => {
			const image = service.image?.value;
			const runs = image === undefined ? undefined : runsOf(image);
			return runs === undefined ? [] : [{ service, runs }];
		});
	};
	const files = new Map<string, RunningManifest>();
	for (const [path, named] of images) {
		if (named.length === 0) continue;
		const text = (await readText(path)) ?? '';
		const running = await runningIn(path, text);
		if (running.length > 0) files.set(path, { text, running });
	}
	return { files, runningIn };
}

/** What the other files of the workspace say of its manifests. */
interface Known {
	readonly kustomizations: Kustomizations;
	readonly naming: Naming;
}

async function readKnown(source: KubernetesSource): Promise<Known> {
	return {
		kustomizations: await readKustomizations(source.paths.filter(isKustomization), source.readText),
		naming: await namingOf(source),
	};
}

async function namingOf({ root, paths, readText, buildsOf }: KubernetesSource): Promise<Naming> {
	const dockerfiles = paths.filter(isDockerfilePath);
	const exists = async (path: string) => dockerfiles.includes(path) || (await readText(path)) !== undefined;
	const named = await readNamedBuilds({ root, paths: paths.filter((path) => mayNameImages(path, root)), readText, exists, buildsOf });
	const repository = await repositoryIn(paths, root, readText);
	const own = dockerfiles.filter(
		(path) =>
			!/(?:^|\/)(?:tests?|e2e|examples?|samples?|docs?|hack|\.devcontainer)\/|(?:^|\/)bundle\./.test(relativeWithin(root, path) ?? ''),
	);
	const [first, ...others] = own;
	const isOnly = first !== undefined && others.length === 0 && !named.buildsOtherwise;
	return {
		...named,
		repository,
		only: isOnly ? { dockerfile: first, target: undefined, at: { path: first, range: { start: 0, end: 0 } } } : undefined,
	};
}

/** Owner and name of the repository, as far as the module nearest to the root has them in its path. */
async function repositoryIn(
	paths: readonly string[],
	root: string,
	readText: (path: string) => Promise<string | undefined>,
): Promise<Naming['repository']> {
	const modules = paths.filter((path) => basename(path) === 'go.mod').sort((a, b) => a.length - b.length);
	const [first, second] = modules;
	// Several modules below the root need not be of the same repository.
	if (first === undefined || (second !== undefined && dirname(first) !== root)) return undefined;
	const path = (parseGoMod((await readText(first)) ?? '').path ?? '').toLowerCase().replace(/\/v\d+$/, '');
	const [host, owner, name] = path.split('/');
	if (host === 'github.com') return name === undefined ? undefined : { owner, name };
	return path === '' ? undefined : { owner: undefined, name: basename(path) };
}
