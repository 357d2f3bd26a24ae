import type { Alias, Document, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { nestsDeeplyInYaml } from '../text/nesting.ts';
import type { Range } from '../text/text.ts';
import type { Field, Place } from './model.ts';

/**
 * A value of a YAML file with its place. Aliases and merge keys are followed, so that a value stands where its text is. What an alias of
 * nothing, a circle or a tag of its own stands for is not known.
 */
export interface YamlValue {
	readonly kind: 'map' | 'list' | 'text' | 'nothing' | 'unknown';
	readonly at: Place;
	/** The key in front of it, in a mapping. */
	readonly key: Place | undefined;
	/** A scalar as text: a string's value, any other as it is written. `undefined` for all else. */
	readonly text: string | undefined;
	/** Whether the text stands in the file as it is, so that a part of it has a place: {@link YamlValue.part}. */
	readonly literal: boolean;
	/** Whether it has quotes, or is a block: then it is a string and nothing else. */
	readonly quoted: boolean;
	/** The tag, where there is one: `!reset`. */
	readonly tag: string | undefined;
	/** The entries of a mapping in the order of the text, those that are merged in after them; none for all else. */
	readonly entries: ReadonlyMap<string, YamlValue>;
	/** The items of a list; none for all else. */
	readonly items: readonly YamlValue[];
	/** Whether keys, items or what is merged in are not known, so that there may be more. */
	readonly complete: boolean;
	/** The entry of a mapping. */
	get(name: string): YamlValue | undefined;
	/** The place of a part of the text, or of all of it where the text is not literal. */
	part(start: number, end: number): Place;
}

/** In characters. A larger file is generated, and nobody wrote a deployment into it by hand. */
export const MAX_YAML_LENGTH = 256 * 1024;

/** So many values of one document are looked at: aliases of aliases make billions out of a few lines. */
const MAX_VALUES = 50_000;
const MAX_MERGED = 20;

/**
 * The documents of a YAML file. Empty where it is too long or nests too deeply; a document with an error is left out.
 */
export async function readYaml(path: string, text: string): Promise<readonly YamlValue[]> {
	const { yaml, documents } = await documentsIn(text, false);
	try {
		return documents.map((document) => createReader(yaml, path, text, document).read(document.contents, undefined, 0));
	} catch {
		// What overflows the library is no file that a person wrote.
		return [];
	}
}

/** How many documents of a YAML file have no error and no key twice, which a reader of YAML need not accept. */
export async function countDocuments(text: string): Promise<number> {
	return (await documentsIn(text, true)).documents.length;
}

/** What the documents of a YAML file say, for a comparison; comments and style are not in it. */
export async function contentsOf(text: string): Promise<string> {
	return JSON.stringify((await documentsIn(text, true)).documents.map((document) => document.toJS()));
}

async function documentsIn(text: string, uniqueKeys: boolean): Promise<{ yaml: Library; documents: readonly Document[] }> {
	// Most workspaces have few such files, and the library takes a while to start.
	const yaml = await import('../text/yaml.ts');
	if (text.length > MAX_YAML_LENGTH || nestsDeeplyInYaml(text)) return { yaml, documents: [] };
	try {
		const documents = yaml.parseAllDocuments(text, { logLevel: 'silent', merge: true, uniqueKeys });
		return { yaml, documents: documents.filter((document) => document.errors.length === 0 && document.contents !== null) };
	} catch {
		return { yaml, documents: [] };
	}
}

type Library = typeof import('../text/yaml.ts');

interface Reader {
	read(node: unknown, key: Place | undefined, depth: number): YamlValue;
}

function createReader(yaml: Library, path: string, text: string, document: Document): Reader {
	const anchors = text.includes('*') ? anchorsOf(yaml, document) : new Map<Alias, Node>();
	let left = MAX_VALUES;

	function read(node: unknown, key: Place | undefined, depth: number): YamlValue {
		const fallback = { path, range: key?.range ?? { start: 0, end: 0 } };
		if (--left < 0 || depth > 100) return yamlValue('unknown', fallback, key);
		if (yaml.isAlias(node)) {
			const target = anchors.get(node);
			return target === undefined ? yamlValue('unknown', placeOf(path, node) ?? fallback, key) : read(target, key, depth + 1);
		}
		const at = placeOf(path, node) ?? fallback;
		const tag = (node as Node | null)?.tag;
		if (yaml.isScalar(node)) return scalar(node, at, key, tag, text);
		if (yaml.isMap(node)) return yamlValue('map', at, key, { tag, open: () => entriesOf(node, depth) });
		if (yaml.isSeq(node)) return yamlValue('list', at, key, { tag, open: () => itemsOf(node, depth) });
		return yamlValue(node === null || node === undefined ? 'nothing' : 'unknown', at, key, { tag });
	}

	function itemsOf(node: YAMLSeq, depth: number): Content {
		return { entries: NO_ENTRIES, items: node.items.map((item) => read(item, undefined, depth + 1)), complete: true };
	}

	function entriesOf(node: YAMLMap, depth: number, merged = 0): Content {
		const entries = new Map<string, YamlValue>();
		const others: Content[] = [];
		let complete = merged <= MAX_MERGED;
		for (const { key, value } of node.items as Pair[]) {
			if (!yaml.isScalar(key)) {
				complete = false;
			} else if (typeof key.value === 'symbol' || (key.value === '<<' && key.type === 'PLAIN')) {
				const sources = yaml.isSeq(value) ? value.items : [value];
				for (const source of sources) {
					const target = yaml.isAlias(source) ? anchors.get(source) : source;
					if (!yaml.isMap(target) || merged > MAX_MERGED || --left < 0) complete = false;
					else others.push(entriesOf(target, depth, merged + 1));
				}
			} else {
				const name = typeof key.value === 'string' ? key.value : (key.source ?? '');
				entries.set(name, read(value, placeOf(path, key), depth + 1));
			}
		}
		for (const other of others) {
			complete &&= other.complete;
			for (const [name, value] of other.entries) if (!entries.has(name)) entries.set(name, value);
		}
		return { entries, items: [], complete };
	}

	return { read };
}

/** What each alias stands for: the last node before it that has the anchor. */
function anchorsOf(yaml: Library, document: Document): Map<Alias, Node> {
	const byName = new Map<string, Node>();
	const found = new Map<Alias, Node>();
	/** Nodes that are being visited: an alias in its own anchor is a circle. */
	const open = new Set<Node>();
	const visit = (node: unknown): void => {
		if (yaml.isAlias(node)) {
			const target = byName.get(node.source);
			if (target !== undefined && !open.has(target)) found.set(node, target);
			return;
		}
		if (!yaml.isScalar(node) && !yaml.isMap(node) && !yaml.isSeq(node)) return;
		if (node.anchor !== undefined) byName.set(node.anchor, node);
		if (yaml.isScalar(node)) return;
		open.add(node);
		for (const item of node.items) {
			if (yaml.isMap(node)) {
				visit((item as Pair).key);
				visit((item as Pair).value);
			} else visit(item);
		}
		open.delete(node);
	};
	visit(document.contents);
	return found;
}

function placeOf(path: string, node: unknown): Place | undefined {
	const range = (node as Node | null | undefined)?.range;
	return range ? { path, range: { start: range[0], end: endOf(node as Node) ?? range[1] } } : undefined;
}

/** Where the text of a node ends: that of a block collection goes on to where the next thing begins. */
function endOf(node: Node): number | undefined {
	let at: Node | null | undefined = node;
	for (;;) {
		const last: unknown = 'items' in at && !('flow' in at && at.flow) ? (at.items as unknown[]).at(-1) : undefined;
		if (last === undefined || last === null) return at.range?.[1];
		const inner: Node | null | undefined = (isPair(last) ? (last.value ?? last.key) : last) as Node | null;
		if (!inner?.range) return at.range?.[1];
		at = inner;
	}
}

function isPair(item: unknown): item is Pair {
	return typeof item === 'object' && item !== null && 'key' in item;
}

function scalar(node: Scalar, at: Place, key: Place | undefined, tag: string | undefined, text: string): YamlValue {
	const quoted = node.type !== 'PLAIN';
	if (!quoted && node.value === null && tag === undefined) return yamlValue('nothing', at, key);
	const value = typeof node.value === 'string' ? node.value : (node.source ?? '');
	const { start, end } = at.range;
	const quote = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
	const literal = text.slice(start + quote, end - quote) === value;
	return yamlValue('text', at, key, { tag, scalar: { value, quoted, literal: literal ? start + quote : undefined } });
}

interface Content {
	readonly entries: ReadonlyMap<string, YamlValue>;
	readonly items: readonly YamlValue[];
	readonly complete: boolean;
}

const NO_ENTRIES: ReadonlyMap<string, YamlValue> = new Map();
const NOTHING: Content = { entries: NO_ENTRIES, items: [], complete: true };

/** What a value has beside its kind and place. */
interface Parts {
	readonly tag?: string | undefined;
	/** Of a scalar: its value, whether it has quotes, and the offset at which it stands as it is. */
	readonly scalar?: { readonly value: string; readonly quoted: boolean; readonly literal: number | undefined };
	/** Of a collection: reads what is in it, once. */
	readonly open?: () => Content;
}

function yamlValue(kind: YamlValue['kind'], at: Place, key: Place | undefined, { tag, scalar, open }: Parts = {}): YamlValue {
	let opened: Content | undefined;
	const content = () => {
		opened ??= open?.() ?? NOTHING;
		return opened;
	};
	const first = scalar?.literal;
	return {
		kind,
		at,
		key,
		tag,
		text: scalar?.value,
		quoted: scalar?.quoted === true,
		literal: first !== undefined,
		get entries() {
			return content().entries;
		},
		get items() {
			return content().items;
		},
		get complete() {
			return kind !== 'unknown' && content().complete;
		},
		get: (name) => content().entries.get(name),
		part: (start, end) => (first === undefined ? at : { path: at.path, range: { start: first + start, end: first + end } }),
	};
}

/** A field with the value's place. */
export function fieldOf<T>(value: YamlValue, known: T | undefined): Field<T> {
	return { value: known, at: value.at, key: value.key };
}

/** `true` and `false` as readers of YAML 1.1 and of compose take them; `undefined` for all else. */
export function truthOf({ text }: Pick<YamlValue, 'text'>): boolean | undefined {
	if (text === undefined) return undefined;
	if (/^(?:true|yes|on|y)$/i.test(text)) return true;
	return /^(?:false|no|off|n)$/i.test(text) ? false : undefined;
}

/** The range of a place that another one continues. */
export function spanning(first: Range, last: Range): Range {
	return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}
