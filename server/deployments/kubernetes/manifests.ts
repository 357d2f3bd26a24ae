import type { DeploymentFile, Field, Service } from '../model.ts';
import { fieldOf, readYaml, truthOf, type YamlValue } from '../yaml-tree.ts';
import { type ContainerRole, readContainer } from './container.ts';
import { readHelmTemplate } from './helm-template.ts';
import { type ConfigMaps, knownText, type Pod, volumesOf } from './pod.ts';
import { inTemplate, withUnknownKeys } from './yaml-view.ts';

/** Reads the manifests of Kubernetes that start containers. */

/** By kind of object: the keys from the object to its pod. */
const PODS: Readonly<Record<string, readonly string[]>> = {
	Pod: [],
	Deployment: ['spec', 'template'],
	StatefulSet: ['spec', 'template'],
	DaemonSet: ['spec', 'template'],
	ReplicaSet: ['spec', 'template'],
	ReplicationController: ['spec', 'template'],
	Job: ['spec', 'template'],
	CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
	// https://argo-rollouts.readthedocs.io/en/stable/features/specification
	Rollout: ['spec', 'template'],
	// Of Knative, https://knative.dev/docs/serving/spec/knative-api-specification-1.0; that of Kubernetes itself has no template.
	Service: ['spec', 'template'],
	Configuration: ['spec', 'template'],
};

const CONTAINERS: readonly (readonly [key: string, role: ContainerRole])[] = [
	['initContainers', 'init container'],
	['containers', 'container'],
	['ephemeralContainers', 'ephemeral container'],
];

/** What something else in the workspace may change of an object. */
export interface Changes {
	/** The keys of the pod, `containers` where there may be more of them. */
	readonly pod: ReadonlySet<string>;
	/** The keys of containers by their name; `*` stands for any container. */
	readonly containers: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What may be changed of an object of the kind and name, both as far as they are known; `undefined` where all of it may be. */
export type ChangesOf = (kind: string, name: string | undefined) => Changes | undefined;

const NO_CHANGES: ChangesOf = () => ({ pod: new Set(), containers: new Map() });

/** Whether it is worth to read the file as one of manifests. */
export function mayHoldManifests(text: string): boolean {
	return /^[ \t-]*["']?(?:containers|initContainers)["']?[ \t]*:/m.test(text) && KIND.test(text);
}

const KIND = new RegExp(`^[ \\t-]*["']?kind["']?[ \\t]*:[ \\t]*["']?(?:List|${Object.keys(PODS).join('|')})\\b`, 'm');

/** The images that a file of manifests may name, quickly found; those that an alias stands for are left out. */
export function imagesIn(text: string): readonly string[] {
	if (!mayHoldManifests(text)) return [];
	const yaml = text.includes('{{') ? (readHelmTemplate(text)?.yaml ?? '') : text;
	return [...new Set([...yaml.matchAll(/\bimage["']?[ \t]*:[ \t]*["']?([^\s"',[\]#]+)/g)].map((match) => match[1] ?? ''))];
}

/**
 * The containers that a file of manifests starts.
 *
 * @param changesOf what patches of kustomize may change
 * @returns `undefined` where there are none
 */
export async function readManifests(path: string, text: string, changesOf: ChangesOf = NO_CHANGES): Promise<DeploymentFile | undefined> {
	if (!mayHoldManifests(text)) return undefined;
	const template = text.includes('{{') ? readHelmTemplate(text) : { yaml: text, conditional: [], insertions: [] };
	if (template === undefined) return undefined;
	const documents = await readYaml(path, template.yaml);
	const objects = documents.flatMap((document) => objectsIn(text.includes('{{') ? inTemplate(document, template) : document));
	const configMaps = configMapsIn(objects);
	const services = objects.flatMap((object) => containersOf(object, configMaps, changesOf));
	return services.length === 0 ? undefined : { path, text, kind: 'kubernetes', services };
}

/** The object of a document, or those of a list. */
function objectsIn(document: YamlValue): readonly YamlValue[] {
	if (document.kind !== 'map') return [];
	const kind = knownText(document.get('kind'));
	return kind?.endsWith('List') === true ? (document.get('items')?.items ?? []).filter((item) => item.kind === 'map') : [document];
}

function configMapsIn(objects: readonly YamlValue[]): ConfigMaps {
	const maps = new Map<string, ReadonlyMap<string, string | undefined>>();
	for (const object of objects) {
		const name = knownText(object.get('metadata')?.get('name'));
		const data = object.get('data');
		if (
			knownText(object.get('kind')) !== 'ConfigMap' ||
			name === undefined ||
			data?.complete !== true ||
			object.get('binaryData') !== undefined
		)
			continue;
		maps.set(name, new Map([...data.entries].map(([key, value]) => [key, knownText(value)])));
	}
	return maps;
}

/** The specification of the pods that an object makes; `undefined` where it makes none, or does not say how. */
export function podOf(object: YamlValue): YamlValue | 'unknown' | undefined {
	const kind = knownText(object.get('kind')) ?? '';
	if (!Object.hasOwn(PODS, kind)) return undefined;
	let at: YamlValue | undefined = object;
	for (const key of PODS[kind] ?? []) at = at?.get(key);
	const spec = at?.get('spec');
	return spec === undefined || spec.kind === 'map' ? spec : 'unknown';
}

function containersOf(object: YamlValue, configMaps: ConfigMaps, changesOf: ChangesOf): readonly Service[] {
	const kind = knownText(object.get('kind')) ?? '';
	const name = knownText(object.get('metadata')?.get('name'));
	const changes = changesOf(kind, name);
	const written = podOf(object);
	if (changes === undefined || written === undefined || written === 'unknown') return [];
	const spec = withUnknownKeys(written, changes.pod);
	const claims = kind === 'StatefulSet' ? object.get('spec')?.get('volumeClaimTemplates') : undefined;
	const pod: Pod = {
		title: name === undefined ? kind : `${kind} ${name}`,
		spec,
		volumes: volumesOf(spec, claims, configMaps),
		complete: written.complete,
		foreignNetwork: foreignNetworkOf(written, changes),
	};
	return CONTAINERS.flatMap(([key, role]) =>
		(written.get(key)?.items ?? []).flatMap((container) => {
			const changed = [...(changes.containers.get('*') ?? []), ...(changes.containers.get(knownText(container.get('name')) ?? '*') ?? [])];
			return readContainer(withUnknownKeys(container, changed), role, pod) ?? [];
		}),
	);
}

/** The containers of a pod share a network: what listens on a port may be another one. */
function foreignNetworkOf(spec: YamlValue, { pod }: Changes): Field<boolean> | undefined {
	const containers = spec.get('containers');
	const ofHost = spec.get('hostNetwork');
	const sidecars = (spec.get('initContainers')?.items ?? []).filter((container) => container.get('restartPolicy') !== undefined);
	if (containers === undefined) return undefined;
	if ((ofHost !== undefined && truthOf(ofHost) !== false) || containers.items.length + sidecars.length > 1)
		return fieldOf(containers, true);
	return !containers.complete || pod.has('containers') || pod.has('hostNetwork') ? fieldOf<boolean>(containers, undefined) : undefined;
}
