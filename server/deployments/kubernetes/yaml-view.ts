import type { Range } from '../../text/text.ts';
import type { Place } from '../model.ts';
import type { YamlValue } from '../yaml-tree.ts';
import { type HelmTemplate, UNKNOWN_TEXT } from './helm-template.ts';

const NOTHING_IN_IT: ReadonlyMap<string, YamlValue> = new Map();

/** A value that is set to something that is not known. */
function unknownValue(at: Place, key: Place | undefined): YamlValue {
	return {
		kind: 'unknown',
		at,
		key,
		text: undefined,
		literal: false,
		quoted: false,
		tag: undefined,
		entries: NOTHING_IN_IT,
		items: [],
		complete: false,
		get: () => undefined,
		part: () => at,
	};
}

/** The mapping with these keys set to something that is not known, and of which more may be if it is not `complete`. */
export function withUnknownKeys(value: YamlValue, keys: Iterable<string>): YamlValue {
	const entries = new Map(value.entries);
	for (const key of keys) entries.set(key, unknownValue(entries.get(key)?.at ?? value.at, entries.get(key)?.key));
	return { ...plain(value), entries, get: (name) => entries.get(name) };
}

/**
 * A document of a template: what stands under a condition that is not that of the whole document is not known, and what is not written
 * may be all the same.
 */
export function inTemplate(document: YamlValue, template: HelmTemplate): YamlValue {
	const whole = blockAround(template, document.at.range.start);
	const isConditional = (place: Place | undefined) => place !== undefined && blockAround(template, place.range.start) !== whole;
	const view = (value: YamlValue): YamlValue => {
		const { kind, at, key, text } = value;
		// What stands on lines of actions is not to be seen.
		if (kind === 'nothing' || kind === 'unknown' || text?.includes(UNKNOWN_TEXT) === true) return { ...unknownValue(at, key), text };
		if (kind === 'text') return value;
		if (kind === 'map') {
			const entries = new Map<string, YamlValue>();
			for (const [name, entry] of value.entries)
				entries.set(name, isConditional(entry.key) ? unknownValue(entry.at, entry.key) : view(entry));
			return { ...plain(value), complete: false, entries, get: (name) => entries.get(name) };
		}
		const certain = value.items.filter((item) => !isConditional(item.at));
		const start = key?.range.start ?? at.range.start;
		const end = endOfBlanks(template.yaml, at.range.end);
		const more = template.insertions.some((insertion) => insertion >= start && insertion <= end);
		return { ...plain(value), items: certain.map(view), complete: value.complete && !more && certain.length === value.items.length };
	};
	return view(document);
}

/** The value as an object whose properties may be replaced. */
function plain(value: YamlValue): YamlValue {
	const { kind, at, key, text, literal, quoted, tag, entries, items, complete } = value;
	return {
		kind,
		at,
		key,
		text,
		literal,
		quoted,
		tag,
		entries,
		items,
		complete,
		get: (name) => entries.get(name),
		part: value.part.bind(value),
	};
}

/** The innermost block around the place; `undefined` where there is none. */
function blockAround({ conditional }: HelmTemplate, offset: number): Range | undefined {
	let found: Range | undefined;
	for (const block of conditional) {
		if (block.start > offset || block.end < offset) continue;
		if (found === undefined || block.end - block.start < found.end - found.start) found = block;
	}
	return found;
}

/** The first character after blanks. */
function endOfBlanks(text: string, from: number): number {
	let at = from;
	while (at < text.length && /\s/.test(text[at] as string)) at++;
	return at;
}
