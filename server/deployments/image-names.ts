import { GITHUB_NAME, GITHUB_OWNER, UNKNOWN_PART } from '../image/context/declared-builds/names.ts';
import { isPublicImage } from '../knowledge/public-images.ts';
import type { RunsImage } from './model.ts';

/** Which image of a deployment is which Dockerfile's: by the names that builds give. Tags do not count. */

/** A name that a build gives. */
export interface NamedBuild {
	/** As `declared-builds/names.ts` gives it. */
	readonly name: string;
	readonly runs: RunsImage;
}

/** What is known of the workspace as a whole. */
export interface Naming {
	readonly builds: readonly NamedBuild[];
	/** Other names for an image, as `kustomize edit set image` gives them. */
	readonly aliases: readonly (readonly [name: string, other: string])[];
	/** Name of the repository in lower case, and its owner if it is on GitHub, where a module's path says so. */
	readonly repository: { readonly owner: string | undefined; readonly name: string } | undefined;
	/** The only Dockerfile of the workspace, where nothing else builds images. */
	readonly only: RunsImage | undefined;
}

/**
 * The image that a name stands for; `undefined` where no build gives the name, or builds of several Dockerfiles do.
 * @param names the names that may stand for it, the same image all of them
 */
export function imageNamed(names: readonly string[], naming: Naming): RunsImage | undefined {
	const all = new Set(names);
	for (const name of all)
		for (const [one, other] of naming.aliases) if (repositoryOf(one) === repositoryOf(name) && all.size < 20) all.add(other);
	for (const quality of ['same', 'alike'] as const) {
		const found = naming.builds.filter((build) => [...all].some((name) => likeness(name, build.name, naming) === quality));
		const [first, ...others] = found.map(({ runs }) => runs);
		if (first === undefined) continue;
		return others.every(({ dockerfile, target }) => dockerfile === first.dockerfile && target === first.target) ? first : undefined;
	}
	// Who pushes the image under a name that is known does not run it under another one.
	const isNamed = naming.builds.some(({ name }) => segmentsOf(name, naming).filter((segment) => segment !== undefined).length > 1);
	return !isNamed && [...all].some((name) => isNamedLikeRepository(name, naming)) ? naming.only : undefined;
}

/** Whether the image has the name of the repository, and is none that others publish. */
function isNamedLikeRepository(name: string, naming: Naming): boolean {
	const last = segmentsOf(name, naming).at(-1)?.replaceAll('_', '-');
	return last !== undefined && last === naming.repository?.name.replaceAll('_', '-') && !isPublicImage(name);
}

/**
 * How far a name in a deployment and one that a build gives are the same: `alike` where a registry that is not known stands in front of
 * one of them, or none where the image is built and the workspace's own where it is run.
 */
function likeness(deployed: string, built: string, naming: Naming): 'same' | 'alike' | 'other' {
	const one = segmentsOf(deployed, naming);
	const other = segmentsOf(built, naming);
	const least = Math.min(one.length, other.length);
	for (let back = 1; back <= least; back++) {
		const [mine, its] = [one.at(-back), other.at(-back)];
		if (mine === undefined || its === undefined) return back > 1 && !(isPublicImage(deployed) && !isOwn(one, naming)) ? 'alike' : 'other';
		if (mine !== its) return 'other';
	}
	if (least === 0) return 'other';
	if (one.length === other.length) return 'same';
	// The registry is given when it is pushed, or is that of the local machine.
	const rest = one.length > other.length ? one : other;
	if (isOwn(rest, naming)) return 'alike';
	return rest.at(-least - 1) === undefined && !isPublicImage(deployed) ? 'alike' : 'other';
}

/** Whether a name is in a registry that is not for everyone, or belongs to the owner of the repository. */
function isOwn(segments: readonly (string | undefined)[], { repository }: Naming): boolean {
	const [host = '', ...path] = segments;
	if (PRIVATE_REGISTRY.test(host)) return true;
	return (
		repository !== undefined && [host, ...path].slice(0, -1).some((segment) => segment === repository.owner || segment === repository.name)
	);
}

/** Registries in which a name belongs to one project or company. */
const PRIVATE_REGISTRY =
	/^(?:localhost|kind-registry|registry|127\.0\.0\.1)(?::\d+)?$|^(?:[a-z-]+\.)?gcr\.io$|-docker\.pkg\.dev$|\.amazonaws\.com$|\.azurecr\.io$|\.icr\.io$|^registry\.gitlab\.com$|\.ocir\.io$|\.aliyuncs\.com$|\.digitalocean\.com$|^(?:example\.com|registry\.example\.com)$|:\d+$/;

/** The parts of a name from the registry on; `undefined` for what is not known. Docker Hub is left out. */
function segmentsOf(name: string, { repository }: Naming): (string | undefined)[] {
	const known = repositoryOf(name)
		.replaceAll(GITHUB_OWNER, repository?.owner ?? UNKNOWN_PART)
		.replaceAll(GITHUB_NAME, repository?.owner === undefined ? UNKNOWN_PART : repository.name);
	const segments = known.split('/').map((segment) => (segment === '' || /[\uFFFC<>{}$]/.test(segment) ? undefined : segment.toLowerCase()));
	if (/^(?:index\.|registry-1\.)?docker\.io$/.test(segments[0] ?? '')) segments.shift();
	if (segments.length === 2 && segments[0] === 'library') segments.shift();
	return segments.every((segment) => segment === undefined) ? [] : segments;
}

/** The name without tag and digest. */
export function repositoryOf(name: string): string {
	const bare = name
		.trim()
		.replace(/^docker:\/\//, '')
		.replace(/@.*$/s, '');
	const slash = bare.lastIndexOf('/');
	const colon = bare.indexOf(':', slash + 1);
	return colon < 0 ? bare : bare.slice(0, colon);
}
