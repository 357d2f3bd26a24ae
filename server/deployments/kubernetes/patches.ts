import type { YamlValue } from '../yaml-tree.ts';
import { type Changes, podOf } from './manifests.ts';
import { knownText } from './pod.ts';

/** What a patch may change, and of which objects. */
export interface PatchedObject {
	concerns(kind: string, name: string | undefined): boolean;
	/** `undefined` where that may be anything. */
	readonly changes: Changes | undefined;
}

/**
 * A patch in the shape of the object: https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch
 * @param target the selector beside it, where there is one
 */
export function readMergePatch(patch: YamlValue, target: YamlValue | undefined): PatchedObject {
	const concerns = target === undefined ? byName(patch) : selected(target);
	const pod = podOf(patch);
	if (pod === undefined) {
		// Of what is above the pod nothing is read; a kind that is not known may hold one elsewhere.
		return { concerns, changes: patch.kind === 'map' && patch.complete ? NOTHING : undefined };
	}
	if (pod === 'unknown' || hasDirective(pod, 0)) return { concerns, changes: undefined };
	const keys = new Set<string>();
	const containers = new Map<string, ReadonlySet<string>>();
	for (const [key, value] of pod.entries) {
		if (key !== 'containers' && key !== 'initContainers') keys.add(key);
		else {
			for (const container of value.items) {
				const name = knownText(container.get('name'));
				if (name === undefined) return { concerns, changes: undefined };
				containers.set(name, new Set([...container.entries.keys()].filter((each) => each !== 'name')));
				// One with an image may be another container.
				if (container.get('image') !== undefined) keys.add('containers');
			}
		}
	}
	return { concerns, changes: { pod: keys, containers } };
}

const NOTHING: Changes = { pod: new Set(), containers: new Map() };

/** `$patch: delete` and its like, which take away more than they name. */
function hasDirective(value: YamlValue, depth: number): boolean {
	if (depth > 8) return true;
	return (
		[...value.entries].some(([key, its]) => key.startsWith('$') || hasDirective(its, depth + 1)) ||
		value.items.some((item) => hasDirective(item, depth + 1))
	);
}

/** Operations with paths: https://datatracker.ietf.org/doc/html/rfc6902 */
export function readJsonPatch(patch: YamlValue, target: YamlValue | undefined): PatchedObject {
	const changes: (Changes | undefined)[] = patch.items.map((operation) => {
		const path = knownText(operation.get('path'));
		return path === undefined || !patch.complete || knownText(operation.get('op')) === 'move'
			? undefined
			: changesAt(path.split('/').slice(1));
	});
	return { concerns: target === undefined ? () => true : selected(target), changes: joined(changes) };
}

/** A target of `replacements`: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements */
export function readReplacement(target: YamlValue): PatchedObject {
	const select = target.get('select');
	const paths = target.get('fieldPaths')?.items.map(knownText) ?? ['metadata.name'];
	// Dots in `[name=a.b]` divide nothing.
	const parts = (path: string) => path.match(/\[[^\]]{0,100}\]|[^.]+/g) ?? [];
	return {
		concerns: select === undefined ? () => true : selected(select),
		changes: joined(paths.map((path) => (path === undefined ? undefined : changesAt(parts(path))))),
	};
}

/** What is changed at a path. */
function changesAt(path: readonly string[]): Changes | undefined {
	const [first = ''] = path;
	if (/^(?:metadata|status|apiVersion)$/.test(first)) return NOTHING;
	const spec = path.indexOf('spec', path.indexOf('template') + 1);
	if (spec < 0) return path.length > 1 && first === 'spec' ? NOTHING : undefined;
	const [key, container, field] = path.slice(spec + 1);
	if (path.includes('metadata')) return NOTHING;
	if (key === undefined) return undefined;
	if (!/[cC]ontainers$/.test(key)) return { pod: new Set([key]), containers: new Map() };
	if (container === '-' && field === undefined) return { pod: new Set(['containers']), containers: new Map() };
	if (container === undefined || field === undefined) return undefined;
	const name = /^\[name=(.*)\]$/.exec(container)?.[1] ?? '*';
	return { pod: new Set(), containers: new Map([[name, new Set([field])]]) };
}

function joined(all: readonly (Changes | undefined)[]): Changes | undefined {
	const pod = new Set<string>();
	const containers = new Map<string, ReadonlySet<string>>();
	for (const each of all) {
		if (each === undefined) return undefined;
		for (const key of each.pod) pod.add(key);
		for (const [name, keys] of each.containers) containers.set(name, new Set([...(containers.get(name) ?? []), ...keys]));
	}
	return { pod, containers };
}

/** The objects that the patch names as one of them. */
function byName(patch: YamlValue): PatchedObject['concerns'] {
	const kind = knownText(patch.get('kind'));
	const name = knownText(patch.get('metadata')?.get('name'));
	// A prefix or suffix may be on either of the names.
	const alike = (other: string | undefined) => name === undefined || other === undefined || other.includes(name) || name.includes(other);
	return (its, other) => (kind === undefined || kind === its) && alike(other);
}

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches: kind and name are regular expressions. */
function selected(target: YamlValue): PatchedObject['concerns'] {
	const kind = knownText(target.get('kind'));
	return (its) => kind === undefined || !/^\w+$/.test(kind) || kind === its;
}
