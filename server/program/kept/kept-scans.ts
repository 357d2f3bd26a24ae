import type { IndexedFile } from '../evidence/reach/index.ts';
import { type Names, restoreNames, restoreSymbols, type Symbols } from '../evidence/read/names.ts';
import type { FileScan, Sighting } from '../evidence/read/scan.ts';
import type { Local, Value } from '../evidence/read/values.ts';
import { areWhole, isHead } from './kept-scans-shape.ts';

/**
 * What was read of the declarations of downloaded modules, as an archive keeps it: numbers for the most part, which stand for the
 * names and symbols that are kept with them.
 */
export interface KeptScans {
	readonly names: Names;
	readonly symbols: Symbols;
	readonly files: ReadonlyMap<string, KeptScan>;
}

export interface KeptScan {
	readonly scan: FileScan;
	readonly version: string;
	readonly importPath: string;
	readonly own: boolean;
	/** The names that its imports had, where it is one of the workspace's own: those of other packages stay. */
	readonly importNames: readonly string[];
}

/** What stands before the numbers. */
export interface Head {
	readonly names: string[];
	readonly nameSlots: number;
	readonly nameHashes: number;
	readonly symbols: number;
	readonly symbolRoom: number;
	readonly symbolSlots: number;
	readonly files: readonly HeadFile[];
}

type HeadFile = readonly [
	path: string,
	version: string,
	importPath: string,
	own: boolean,
	importNames: readonly string[],
	ownPackage: number,
	declarations: number,
	uses: number,
	selectors: number,
	sightings: readonly Stored<Sighting>[],
	constants: readonly (readonly [symbol: number, value: StoredValue])[],
];

/** An indexed file as it is kept. */
export function keptScan({ version, package: owner, options, scan }: IndexedFile): KeptScan {
	const importNames = owner.own ? options().imports.map(({ name }) => name) : [];
	return { scan, version, importPath: owner.importPath, own: owner.own, importNames };
}

export function encodeScans({ names, symbols, files }: KeptScans): Uint8Array {
	const lists: ArrayLike<number>[] = [names.slots, names.hashes, symbols.packages, symbols.names, symbols.slots];
	const heads: HeadFile[] = [];
	for (const [path, { version, importPath, own, importNames, scan }] of files) {
		const { ownPackage, declarations, uses, selectors, sightings, constants } = scan;
		lists.push(declarations, uses, selectors);
		heads.push([
			path,
			version,
			importPath,
			own,
			importNames,
			ownPackage,
			declarations.length,
			uses.length,
			selectors.length,
			sightings.map(storeSighting),
			[...constants].map(([symbol, value]) => [symbol, storeValue(value, { left: MAX_NODES })]),
		]);
	}
	const description: Head = {
		names: names.texts,
		nameSlots: names.slots.length,
		nameHashes: names.hashes.length,
		symbols: symbols.count,
		symbolRoom: symbols.packages.length,
		symbolSlots: symbols.slots.length,
		files: heads,
	};
	const head = new TextEncoder().encode(JSON.stringify(description));
	// Numbers begin where the processor wants them to.
	const start = Math.ceil((8 + head.length) / 4) * 4;
	const count = lists.reduce((sum, { length }) => sum + length, 0);
	const content = new Uint8Array(start + count * 4);
	new Uint32Array(content.buffer, 0, 2).set([head.length, count]);
	content.set(head, 8);
	const numbers = new Int32Array(content.buffer, start);
	let at = 0;
	for (const list of lists) {
		numbers.set(list, at);
		at += list.length;
	}
	return content;
}

/** What {@link encodeScans} wrote; `undefined` where it is something else. */
export function decodeScans(content: Uint8Array): KeptScans | undefined {
	try {
		// A copy begins at a place of its own; what `slice` of a Buffer gives is not a copy.
		const { buffer } = new Uint8Array(content);
		const [headLength, count] = new Uint32Array(buffer, 0, 2) as unknown as [number, number];
		const head: unknown = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, headLength)));
		if (!isHead(head)) return undefined;
		const numbers = new Int32Array(buffer, Math.ceil((8 + headLength) / 4) * 4, count);
		let at = 0;
		const take = (length: number) => {
			at += length;
			return numbers.subarray(at - length, at);
		};
		const names = restoreNames({ texts: head.names, slots: take(head.nameSlots), hashes: take(head.nameHashes) });
		const [packages, namesOfSymbols, slots] = [take(head.symbolRoom), take(head.symbolRoom), take(head.symbolSlots)];
		const symbols = restoreSymbols({ count: head.symbols, packages, names: namesOfSymbols, slots });
		const files = new Map<string, KeptScan>();
		for (const [
			path,
			version,
			importPath,
			own,
			importNames,
			ownPackage,
			declarations,
			uses,
			selectors,
			sightings,
			constants,
		] of head.files) {
			const scan = {
				ownPackage,
				declarations: take(declarations),
				uses: listOf(take(uses)),
				selectors: take(selectors),
				sightings: sightings.map(readSighting),
				constants: new Map(constants.map(([symbol, value]) => [symbol, readValue(value) as Value])),
			};
			files.set(path, { version, importPath, own, importNames, scan });
		}
		const scans = { names, symbols, files };
		return at === count && areWhole(scans) ? scans : undefined;
	} catch {
		return undefined;
	}
}

/** Lists that grow. */
function listOf(numbers: Int32Array): number[] {
	const list = new Array<number>(numbers.length);
	for (let at = 0; at < numbers.length; at++) list[at] = numbers[at] as number;
	return list;
}

/** JSON knows neither maps nor `undefined` in lists. */
type Stored<T> = { readonly [K in keyof T]: T[K] | unknown };

type StoredValue = Stored<Value> | null;

/** A value that is built of more than so many parts is not known afterwards. */
const MAX_NODES = 500;

function storeSighting(sighting: Sighting): Stored<Sighting> {
	const budget = { left: MAX_NODES };
	return {
		...sighting,
		arguments: sighting.arguments.map((value) => storeValue(value, budget)),
		fields: sighting.fields && [...sighting.fields].map(([name, value]) => [name, storeValue(value, budget)]),
	};
}

function readSighting(stored: Stored<Sighting>): Sighting {
	const { arguments: values, fields, ...rest } = stored as Record<string, unknown>;
	return {
		...(rest as unknown as Sighting),
		arguments: (values as StoredValue[]).map(readValue),
		fields: readFields(fields as StoredFields | undefined),
	};
}

type StoredFields = readonly (readonly [string, StoredValue])[];

function readFields(stored: StoredFields | undefined): ReadonlyMap<string, Value | undefined> | undefined {
	return stored && new Map(stored.map(([name, value]) => [name, readValue(value)]));
}

function storeValue(value: Value | undefined, budget: { left: number }): StoredValue {
	if (value === undefined || --budget.left < 0) return null;
	switch (value.kind) {
		case 'local':
			return { kind: 'local', local: { value: storeValue(value.local.value, budget), changed: value.local.changed } };
		case 'sum':
		case 'union':
			return { kind: value.kind, parts: value.parts.map((part) => storeValue(part, budget)) };
		case 'call':
			return { ...value, arguments: value.arguments.map((part) => storeValue(part, budget)) };
		case 'literal':
			return { ...value, fields: [...value.fields].map(([name, field]) => [name, storeValue(field, budget)]) };
		default:
			return value;
	}
}

function readValue(stored: StoredValue): Value | undefined {
	if (stored === null) return undefined;
	const value = stored as Value;
	switch (value.kind) {
		case 'local':
			return { kind: 'local', local: { value: readValue(value.local.value as StoredValue), changed: value.local.changed } satisfies Local };
		case 'sum':
		case 'union':
			return { kind: value.kind, parts: value.parts.map((part) => readValue(part as StoredValue)) };
		case 'call':
			return { ...value, arguments: value.arguments.map((part) => readValue(part as StoredValue)) };
		case 'literal':
			return { ...value, fields: readFields(value.fields as unknown as StoredFields) as ReadonlyMap<string, Value | undefined> };
		default:
			return value;
	}
}
