/** The parts of an image's name as written. */
export interface ImageReference {
	/** The host, with its port where there is one; `undefined` for Docker Hub by default. */
	readonly registry: string | undefined;
	/** The path on that host: `golang`, `library/golang`, `distroless/static`. */
	readonly repository: string;
	readonly tag: string | undefined;
	/** `sha256:…`. */
	readonly digest: string | undefined;
}

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const REGISTRY = /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::[0-9]+)?$/;

/**
 * Reads an image's name, variables already expanded, by the grammar of the distribution project.
 * @returns `undefined` for text that is no reference, such as one with an upper-case repository or a variable
 */
export function parseImageReference(text: string): ImageReference | undefined {
	if (text.length > 4096) return undefined;
	const at = text.indexOf('@');
	const digest = at < 0 ? undefined : text.slice(at + 1);
	if (digest !== undefined && !/^[A-Za-z][A-Za-z0-9+._-]*:[0-9a-fA-F]{32,}$/.test(digest)) return undefined;
	const name = at < 0 ? text : text.slice(0, at);
	const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
	const tag = colon < 0 ? undefined : name.slice(colon + 1);
	if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) return undefined;
	const path = colon < 0 ? name : name.slice(0, colon);
	const slash = path.indexOf('/');
	const head = path.slice(0, Math.max(slash, 0));
	// A first component is a host where it could be no part of a repository.
	const hasRegistry = slash > 0 && (/[.:]/.test(head) || head === 'localhost' || head !== head.toLowerCase());
	if (hasRegistry && !REGISTRY.test(head)) return undefined;
	const repository = hasRegistry ? path.slice(slash + 1) : path;
	if (!repository.split('/').every((component) => COMPONENT.test(component))) return undefined;
	return { registry: hasRegistry ? head : undefined, repository, tag, digest };
}

/** The registry and repository with Docker Hub's defaults written out: `golang` is `docker.io/library/golang`. */
export function fullRepository(reference: ImageReference): string {
	const hub = reference.registry === undefined || reference.registry === 'docker.io' || reference.registry === 'index.docker.io';
	if (!hub) return `${reference.registry}/${reference.repository}`;
	return `docker.io/${reference.repository.includes('/') ? '' : 'library/'}${reference.repository}`;
}
