/**
 * What a directory holds, by name, and in the order in which the names came. A copy shares all but its newest layer with what it was
 * copied from, so that a directory of many files costs little in each of a long chain of stages that write to it.
 */
export interface Names<T> {
	/** What was set since the last copy: the layer that may change. */
	readonly top: Map<string, T | typeof GONE>;
	/** What was there before, the newest layer first, each more than twice as large as the one above it. None of them changes any more. */
	readonly below: readonly ReadonlyMap<string, T | typeof GONE>[];
}

/** Stands in a layer for a name that one below it has, and that was deleted. */
const GONE = Symbol('gone');

/** A directory of so few names is copied as a whole, which is quicker to read afterwards. */
const FEW = 16;

export function newNames<T>(): Names<T> {
	return { top: new Map(), below: [] };
}

export function valueAt<T>({ top, below }: Names<T>, name: string): T | undefined {
	let found = top.get(name);
	for (let at = 0; found === undefined && at < below.length; at++) found = below[at]?.get(name);
	return found === GONE ? undefined : (found as T | undefined);
}

export function setValue<T>(names: Names<T>, name: string, value: T): void {
	names.top.set(name, value);
}

export function deleteName<T>({ top, below }: Names<T>, name: string): void {
	if (below.some((layer) => layer.has(name))) top.set(name, GONE);
	else top.delete(name);
}

/** A copy that may change; `names` must not change any more. */
export function copyOfNames<T>({ top, below }: Names<T>): Names<T> {
	if (below.length === 0 && top.size <= FEW) return { top: new Map(top), below };
	let newest: ReadonlyMap<string, T | typeof GONE> = top;
	let at = 0;
	for (; at < below.length; at++) {
		const layer = below[at] as ReadonlyMap<string, T | typeof GONE>;
		if (layer.size > 2 * newest.size) break;
		newest = new Map([...layer, ...newest]);
	}
	return { top: new Map(), below: newest.size === 0 ? below.slice(at) : [newest, ...below.slice(at)] };
}

/** All names with what they stand for, those that came first first. */
export function* entriesOf<T>({ top, below }: Names<T>): Generator<[name: string, value: T]> {
	if (below.length === 0) {
		// Nothing can have been deleted from a lower layer.
		yield* top as Map<string, T>;
		return;
	}
	const layers = [top, ...below];
	for (let at = layers.length - 1; at >= 0; at--) {
		for (const name of (layers[at] as (typeof layers)[number]).keys()) {
			if (layers.some((lower, index) => index > at && lower.has(name))) continue;
			const value = valueAt({ top, below }, name);
			if (value !== undefined) yield [name, value];
		}
	}
}
