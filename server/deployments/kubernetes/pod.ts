import { join } from '../../workspace/paths.ts';
import type { Field, Mount, MountKind, Mounts, Place } from '../model.ts';
import { fieldOf, truthOf, type YamlValue } from '../yaml-tree.ts';

/** What the containers of a pod share. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1 */
export interface Pod {
	/** What a person calls it: `Deployment api`. */
	readonly title: string;
	readonly spec: YamlValue;
	/** Of the pod and of a StatefulSet's claims, by name. */
	readonly volumes: ReadonlyMap<string, Volume>;
	/** Whether what is not set is known not to be set. */
	readonly complete: boolean;
	/** Whether several containers have the pod's network, or the host's is used. */
	readonly foreignNetwork: Field<boolean> | undefined;
}

interface Volume {
	readonly kind: MountKind;
	readonly source: string | undefined;
	readonly files: ReadonlyMap<string, string | undefined> | undefined;
}

/** The data of the config maps of a file, by name. */
export type ConfigMaps = ReadonlyMap<string, ReadonlyMap<string, string | undefined>>;

/** How each source of a volume is called in the model, and which of its keys names it. */
const SOURCES: readonly (readonly [key: string, kind: MountKind, name: string | undefined])[] = [
	['emptyDir', 'empty-dir', undefined],
	['configMap', 'config', 'name'],
	['secret', 'secret', 'secretName'],
	['projected', 'config', undefined],
	['downwardAPI', 'config', undefined],
	['hostPath', 'bind', 'path'],
	['persistentVolumeClaim', 'claim', 'claimName'],
	['ephemeral', 'claim', undefined],
	['image', 'image', 'reference'],
];

const NO_FILES: ReadonlyMap<string, string | undefined> = new Map();

/** The volumes of a pod, and those that a StatefulSet claims for each. */
export function volumesOf(spec: YamlValue, claims: YamlValue | undefined, configMaps: ConfigMaps): ReadonlyMap<string, Volume> {
	const volumes = new Map<string, Volume>();
	for (const claim of claims?.items ?? []) {
		const name = knownText(claim.get('metadata')?.get('name'));
		if (name !== undefined) volumes.set(name, { kind: 'claim', source: name, files: undefined });
	}
	const shared = sharedIn(spec);
	for (const volume of spec.get('volumes')?.items ?? []) {
		const name = knownText(volume.get('name'));
		if (name === undefined) continue;
		const source = SOURCES.find(([key]) => volume.get(key) !== undefined);
		if (source === undefined) {
			volumes.set(name, { kind: 'unknown', source: undefined, files: undefined });
			continue;
		}
		const [key, kind, named] = source;
		const value = volume.get(key);
		const its = named === undefined ? undefined : knownText(value?.get(named));
		const files =
			kind === 'empty-dir'
				? shared(name)
					? undefined
					: NO_FILES
				: key === 'configMap' || key === 'secret'
					? givenFiles(value, key, its, configMaps)
					: undefined;
		volumes.set(name, { kind, source: its, files });
	}
	return volumes;
}

/** Whether several containers of the pod mount the volume of a name, so that one finds the files of the others. */
function sharedIn(spec: YamlValue): (name: string) => boolean {
	const lists = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) => spec.get(key) ?? []);
	const mounts = lists.flatMap(({ items }) => items).map((container) => container.get('volumeMounts'));
	const names = mounts.flatMap((list) => [...new Set(list?.items.map((item) => knownText(item.get('name'))))]);
	const complete = spec.complete && [...lists, ...mounts].every((list) => list === undefined || list.complete);
	return (name) => !complete || names.filter((each) => each === name).length > 1;
}

/** The files of a config map or secret; `undefined` where they are not known. */
function givenFiles(
	value: YamlValue | undefined,
	key: string,
	name: string | undefined,
	configMaps: ConfigMaps,
): ReadonlyMap<string, string | undefined> | undefined {
	const optional = value?.get('optional');
	if (value === undefined || !value.complete || (optional !== undefined && truthOf(optional) !== false)) return undefined;
	const data = key === 'configMap' && name !== undefined ? configMaps.get(name) : undefined;
	const items = value.get('items');
	if (items === undefined) return data;
	const files = new Map<string, string | undefined>();
	for (const item of items.items) {
		const path = knownText(item.get('path'));
		const from = knownText(item.get('key'));
		if (path === undefined || from === undefined) return undefined;
		files.set(path, data?.get(from));
	}
	return items.complete && items.kind === 'list' ? files : undefined;
}

/** The mounts of a container. */
export function mountsOf(container: YamlValue, pod: Pod): Mounts {
	const value = container.get('volumeMounts');
	const all = (value?.items ?? []).map((item): Mount => {
		const name = knownText(item.get('name'));
		const volume = name === undefined ? undefined : pod.volumes.get(name);
		const path = knownText(item.get('mountPath'));
		const only = item.get('readOnly');
		const given = volume?.kind === 'config' || volume?.kind === 'secret' || volume?.kind === 'image';
		return {
			kind: volume?.kind ?? 'unknown',
			at: item.at,
			path: path?.startsWith('/') === true ? join('/', path) : undefined,
			readOnly: given ? true : only === undefined ? (!item.complete || !pod.complete ? undefined : false) : truthOf(only),
			source: volume?.source,
			files: mountedFiles(item, volume),
			mode: volume?.kind === 'empty-dir' ? EMPTY_DIRECTORY_MODE : undefined,
			uid: undefined,
			gid: undefined,
			copiesImage: false,
		};
	});
	return { all, complete: pod.complete && isKnownList(value) };
}

/** pkg/volume/emptydir/empty_dir.go of Kubernetes */
const EMPTY_DIRECTORY_MODE = 0o777;

function mountedFiles(mount: YamlValue, volume: Volume | undefined): Mount['files'] {
	if (mount.get('subPathExpr') !== undefined) return undefined;
	const below = mount.get('subPath');
	if (below === undefined) return volume?.files;
	const path = knownText(below);
	if (path === undefined || (volume?.kind !== 'config' && volume?.kind !== 'secret'))
		return volume?.kind === 'empty-dir' ? volume.files : undefined;
	// One file of those that are given.
	if (volume.files === undefined) return new Map([['', undefined]]);
	return volume.files.has(path) ? new Map([['', volume.files.get(path)]]) : undefined;
}

function isKnownList(value: YamlValue | undefined): boolean {
	return value === undefined || (value.complete && (value.kind === 'list' || value.kind === 'nothing'));
}

/** The text of a scalar; `undefined` where it is absent, or holds what is not known. */
export function knownText(value: YamlValue | undefined): string | undefined {
	return value?.text === undefined || value.tag !== undefined || value.text.includes('\uFFFC') ? undefined : value.text;
}

/** A field of text. */
export function textField(value: YamlValue | undefined): Field<string> | undefined {
	return value === undefined ? undefined : fieldOf(value, knownText(value));
}

/** A field of a whole number. */
export function numberField(value: YamlValue | undefined): Field<number> | undefined {
	const text = knownText(value);
	return value === undefined ? undefined : fieldOf(value, text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined);
}

export function truthField(value: YamlValue | undefined): Field<boolean> | undefined {
	return value === undefined ? undefined : fieldOf(value, truthOf(value));
}

/** A field whose value is that, wherever `place` is. */
export function fieldAt<T>(place: Place, value: T | undefined): Field<T> {
	return { value, at: place, key: undefined };
}
