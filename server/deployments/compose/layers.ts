import type { Field, Place } from '../model.ts';
import { spanning, truthOf, type YamlValue } from '../yaml-tree.ts';
import { interpolate, type Variables } from './interpolate.ts';

/**
 * What one file says of a service or a part of it. A service has a layer for each file that it comes from: that which it extends first,
 * then its own, then those of overrides. https://docs.docker.com/reference/compose-file/merge
 */
export interface Layer {
	readonly value: YamlValue;
	/** From which relative paths start. */
	readonly directory: string;
	readonly variables: Variables;
}

/** The value that counts where the last one replaces those before it; `undefined` where none sets it, or the last takes it back. */
export function last(layers: readonly Layer[], key: string): Layer | undefined {
	return all(layers, key).at(-1);
}

/** The values of a key in all layers, from the first to the last; those before one that replaces or resets them are left out. */
export function all(layers: readonly Layer[], key: string): Layer[] {
	let found: Layer[] = [];
	for (const layer of layers) {
		const value = layer.value.get(key);
		if (value?.tag === '!reset' || value?.tag === '!override') found = [];
		if (value !== undefined && value.kind !== 'nothing' && value.tag !== '!reset') found.push({ ...layer, value });
	}
	return found;
}

/** The text of a scalar with its variables expanded; `undefined` where that is not known, or it is no scalar. */
export function textOf({ value, variables }: Layer): string | undefined {
	return value.text === undefined ? undefined : interpolate(value.text, variables);
}

/** A setting that is one text. */
export function textField(layers: readonly Layer[], key: string): Field<string> | undefined {
	const layer = last(layers, key);
	return layer && { value: textOf(layer), at: layer.value.at, key: layer.value.key };
}

/** A setting that is true or false. */
export function truthField(layers: readonly Layer[], key: string): Field<boolean> | undefined {
	const layer = last(layers, key);
	if (layer === undefined) return undefined;
	return { value: truthOf({ text: textOf(layer) }), at: layer.value.at, key: layer.value.key };
}

/** A setting that is a list of texts, one text standing for a list of one. */
export function listField(layers: readonly Layer[], key: string): Field<readonly string[]> | undefined {
	const found = all(layers, key);
	const [first] = found;
	const end = found.at(-1);
	if (first === undefined || end === undefined) return undefined;
	const texts = found.flatMap(itemsOf).map(textOf);
	const known = texts.every((text) => text !== undefined) && found.every(({ value }) => value.kind !== 'map' && value.complete);
	return { value: known ? texts : undefined, at: found.length === 1 ? first.value.at : end.value.at, key: end.value.key };
}

/** The items of a list as layers; any other value is the only one. */
export function itemsOf(layer: Layer): Layer[] {
	const { value } = layer;
	return value.kind === 'list' ? value.items.map((item) => ({ ...layer, value: item })) : [layer];
}

/** The entries of mappings, or of lists of `NAME=value`, by name; the last of a name counts. A value is `undefined` where there is none. */
export function pairsOf(layers: readonly Layer[]): Map<string, { readonly field: Field<string>; readonly given: boolean }> {
	const found = new Map<string, { field: Field<string>; given: boolean }>();
	for (const layer of layers) {
		for (const [name, value] of layer.value.entries) {
			const text = value.kind === 'text' ? textOf({ ...layer, value }) : undefined;
			found.set(name, { field: { value: text, at: value.at, key: value.key }, given: value.kind !== 'nothing' });
		}
		for (const item of layer.value.items) {
			const raw = item.text;
			const text = textOf({ ...layer, value: item });
			if (raw === undefined) continue;
			const equals = raw.indexOf('=');
			const name = equals < 0 ? raw : raw.slice(0, equals);
			const at = equals < 0 ? item.at : item.part(equals + 1, raw.length);
			const value = equals < 0 || text === undefined ? undefined : text.slice(text.indexOf('=') + 1);
			found.set(name.trim(), { field: { value, at, key: item.at }, given: equals >= 0 });
		}
	}
	return found;
}

/** From the key to the end of the value. */
export function withKey({ key, at }: Pick<YamlValue, 'key' | 'at'>): Place {
	return key === undefined || key.path !== at.path ? at : { path: at.path, range: spanning(key.range, at.range) };
}
