import type { Environment, Setting } from './model.ts';

/**
 * Variables that change as a build goes on, and of which every moment can be kept: a snapshot costs nothing, for what is written later
 * goes behind what the snapshot sees.
 */
export interface Variables extends Environment {
	/** A `value` of `undefined` is one that is not known. */
	set(name: string, setting: Setting<string | undefined>): void;
	unset(name: string): void;
	/** The variables as they are now, whatever is set later. */
	snapshot(): Environment;
	/** All that are set here (not in `below`), with what they are now. */
	own(): Map<string, Setting<string | undefined>>;
}

/** Variables that start as those of `below`, which must not change any more. */
export function createVariables(below: Environment): Variables {
	/** The moments at which each variable was set or unset, in order. */
	const histories = new Map<string, { readonly version: number; readonly setting: Setting<string | undefined> | undefined }[]>();
	let version = 0;

	function at(name: string, moment: number): Setting<string | undefined> | undefined {
		const history = histories.get(name);
		if (history === undefined) return below.get(name);
		let low = 0;
		let high = history.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((history[middle] as { version: number }).version <= moment) low = middle + 1;
			else high = middle;
		}
		return low === 0 ? below.get(name) : history[low - 1]?.setting;
	}

	function add(name: string, setting: Setting<string | undefined> | undefined): void {
		version += 1;
		const history = histories.get(name);
		if (history === undefined) histories.set(name, [{ version, setting }]);
		else history.push({ version, setting });
	}

	return {
		complete: below.complete,
		get: (name) => at(name, version),
		set: add,
		unset: (name) => add(name, undefined),
		snapshot() {
			const moment = version;
			return { complete: below.complete, get: (name) => at(name, moment) };
		},
		own() {
			const result = new Map<string, Setting<string | undefined>>();
			for (const name of histories.keys()) {
				const setting = at(name, version);
				if (setting !== undefined) result.set(name, setting);
			}
			return result;
		},
	};
}

/** The variables of `values`. */
export function environmentOf(values: ReadonlyMap<string, Setting<string | undefined>>, complete: boolean): Environment {
	return { complete, get: (name) => values.get(name) };
}

/** Variables in layers that do not change any more, the newest first, each more than twice as large as the one above it. */
export type Layers = readonly ReadonlyMap<string, Setting<string | undefined>>[];

/**
 * `layers` with `own` over them. Stages that build on one another in a long chain share all layers but the newest, which are few, so that
 * neither the chain's length nor what was set before counts for each of them.
 */
export function withLayer(layers: Layers, own: ReadonlyMap<string, Setting<string | undefined>>): Layers {
	if (own.size === 0) return layers;
	let top = own;
	let at = 0;
	for (; at < layers.length; at++) {
		const below = layers[at] as Layers[number];
		if (below.size > 2 * top.size) break;
		top = new Map([...below, ...top]);
	}
	return [top, ...layers.slice(at)];
}

/** The variables of `layers`. */
export function environmentOfLayers(layers: Layers, complete: boolean): Environment {
	return {
		complete,
		get(name) {
			for (const layer of layers) {
				const setting = layer.get(name);
				if (setting !== undefined) return setting;
			}
			return undefined;
		},
	};
}

/** What the first of `layers` to set a variable says. */
export function layered(...layers: readonly Environment[]): Environment {
	return {
		complete: layers.every((layer) => layer.complete),
		get(name) {
			for (const layer of layers) {
				const setting = layer.get(name);
				if (setting !== undefined) return setting;
			}
			return undefined;
		},
	};
}
