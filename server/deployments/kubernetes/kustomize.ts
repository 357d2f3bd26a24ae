import { dirname, join } from '../../workspace/paths.ts';
import { readYaml, type YamlValue } from '../yaml-tree.ts';
import type { Changes, ChangesOf } from './manifests.ts';
import { type PatchedObject, readJsonPatch, readMergePatch, readReplacement } from './patches.ts';
import { knownText } from './pod.ts';

/** Reads what kustomize makes of manifests, as far as it changes what a container is started with. */

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization */
interface Kustomization {
	/** The files and directories that it takes in. */
	readonly resources: readonly string[];
	readonly images: readonly RenamedImage[];
	readonly patches: readonly PatchedObject[];
	/** The files that hold patches. */
	readonly patchFiles: readonly string[];
	/** Whether something that is not followed may change anything. */
	readonly opaque: boolean;
}

interface RenamedImage {
	/** Without a tag, as manifests have it. */
	readonly name: string;
	readonly newName: string | undefined;
}

/** What all kustomizations of a workspace make of its manifests. */
export interface Kustomizations {
	/** Whether the file is a patch of others, and describes nothing by itself. */
	isPatch(path: string): boolean;
	/** What patches may change of the objects in the file. */
	changesIn(path: string): ChangesOf;
	/** The names that may stand in place of the image's, itself included; `undefined` where one is not known. */
	namesOf(path: string, repository: string): readonly string[];
}

/** In all. */
const MAX_KUSTOMIZATIONS = 500;

export function isKustomization(path: string): boolean {
	return /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(path);
}

/**
 * @param paths the kustomizations of the workspace
 * @param read gives the text of a file
 */
export async function readKustomizations(
	paths: readonly string[],
	read: (path: string) => Promise<string | undefined>,
): Promise<Kustomizations> {
	const byDirectory = new Map<string, Kustomization>();
	for (const path of paths.slice(0, MAX_KUSTOMIZATIONS)) {
		const text = await read(path);
		const [document] = text === undefined ? [] : await readYaml(path, text);
		if (document?.kind === 'map') byDirectory.set(dirname(path), await kustomizationOf(document, dirname(path), read));
	}
	/** By file: the kustomizations that take it in, those of others included. */
	const taking = new Map<string, Kustomization[]>();
	for (const [directory, kustomization] of byDirectory) {
		for (const path of filesOf(directory, byDirectory)) taking.set(path, [...(taking.get(path) ?? []), kustomization]);
	}
	const patchFiles = new Set([...byDirectory.values()].flatMap((each) => each.patchFiles));
	return {
		isPatch: (path) => patchFiles.has(path),
		changesIn(path) {
			const all = taking.get(path) ?? [];
			if (all.some(({ opaque }) => opaque)) return () => undefined;
			const patches = all.flatMap((each) => each.patches);
			return (kind, name) => changesOf(patches, kind, name);
		},
		namesOf(path, repository) {
			const names = new Set([repository]);
			const renamed = (taking.get(path) ?? []).flatMap(({ images }) => images);
			// An overlay may rename what its base has renamed.
			for (const name of names) {
				for (const image of renamed) if (image.name === name && image.newName !== undefined && names.size < 20) names.add(image.newName);
			}
			return [...names];
		},
	};
}

/** The manifests that the kustomization of a directory takes in, those of its bases included. */
function filesOf(directory: string, byDirectory: ReadonlyMap<string, Kustomization>): ReadonlySet<string> {
	const files = new Set<string>();
	const seen = new Set<string>();
	const pending = [directory];
	for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
		if (seen.has(at)) continue;
		seen.add(at);
		for (const path of byDirectory.get(at)?.resources ?? []) {
			if (/\.ya?ml$/.test(path)) files.add(path);
			else pending.push(path);
		}
	}
	return files;
}

async function kustomizationOf(
	document: YamlValue,
	directory: string,
	read: (path: string) => Promise<string | undefined>,
): Promise<Kustomization> {
	const resources = ['resources', 'bases', 'components'].flatMap((key) => textsOf(document.get(key)).map((path) => join(directory, path)));
	const patches: PatchedObject[] = [];
	const patchFiles: string[] = [];
	let opaque = !document.complete || OPAQUE.some((key) => (document.get(key)?.items.length ?? 0) > 0);
	const add = async (entry: YamlValue, kind: 'any' | 'merge' | 'json') => {
		const target = entry.get('target');
		const own = knownText(entry) ?? knownText(entry.get('patch'));
		const path = entry.kind === 'text' ? (own?.includes('\n') === true ? undefined : own) : knownText(entry.get('path'));
		if (path !== undefined) patchFiles.push(join(directory, path));
		const text = path === undefined ? own : await read(join(directory, path));
		const [first, ...more] = text === undefined ? [] : await readYaml('patch', text);
		if (first === undefined) opaque = true;
		else if (kind !== 'merge' && first.kind === 'list') patches.push(readJsonPatch(first, target));
		else for (const each of [first, ...more]) patches.push(readMergePatch(each, target));
	};
	for (const entry of document.get('patches')?.items ?? []) await add(entry, 'any');
	for (const entry of document.get('patchesStrategicMerge')?.items ?? []) await add(entry, 'merge');
	for (const entry of document.get('patchesJson6902')?.items ?? []) await add(entry, 'json');
	for (const entry of document.get('replacements')?.items ?? []) {
		// One in a file of its own is not followed.
		const targets = entry.get('targets');
		if (targets === undefined) opaque = true;
		for (const target of targets?.items ?? []) patches.push(readReplacement(target));
	}
	const images = (document.get('images')?.items ?? []).flatMap((entry): RenamedImage[] => {
		const name = knownText(entry.get('name'));
		return name === undefined ? [] : [{ name, newName: knownText(entry.get('newName')) }];
	});
	return { resources, images, patches, patchFiles, opaque };
}

/** What is not followed. */
const OPAQUE = ['transformers', 'validators', 'helmCharts'];

function textsOf(list: YamlValue | undefined): string[] {
	return (list?.items ?? []).flatMap((item) => knownText(item) ?? []);
}

/** Everything that the patches may change of an object of the kind and name. */
function changesOf(patches: readonly PatchedObject[], kind: string, name: string | undefined): Changes | undefined {
	const pod = new Set<string>();
	const containers = new Map<string, Set<string>>();
	for (const patch of patches) {
		if (!patch.concerns(kind, name)) continue;
		if (patch.changes === undefined) return undefined;
		for (const key of patch.changes.pod) pod.add(key);
		for (const [container, keys] of patch.changes.containers) {
			const known = containers.get(container) ?? new Set();
			for (const key of keys) known.add(key);
			containers.set(container, known);
		}
	}
	return { pod, containers };
}
