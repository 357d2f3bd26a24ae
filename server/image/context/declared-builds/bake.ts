import { parse as parseJsonc } from 'jsonc-parser';
import { upTo } from '../../../text/ends.ts';
import { tooDeepInJson } from '../../../text/nesting.ts';
import type { Arguments, Build } from './model.ts';
import { expandNames, type Variables } from './names.ts';
import { argument, argumentsOf, NO_ARGUMENTS, record, text } from './values.ts';

/** Targets of bake inherit from one another so many times over at most. */
const MAX_INHERITED = 200;
/** https://docs.docker.com/build/bake/reference */
export function bakeBuilds(source: string): Build[] {
	const targets = source.trimStart().startsWith('{') ? jsonTargets(source) : hclTargets(source);
	/** Each target is followed once: many may inherit the same one, and one may inherit itself. */
	const resolved = new Map<string, Resolved>();
	const resolve = (name: string, depth: number): Resolved => {
		const known = resolved.get(name);
		const own = targets.get(name);
		if (known !== undefined || own === undefined || depth > MAX_INHERITED) return known ?? { values: {}, arguments: NO_ARGUMENTS };
		resolved.set(name, { values: {}, arguments: NO_ARGUMENTS });
		const parents = own.inherits.map((parent) => resolve(parent, depth + 1));
		const values = Object.assign({}, ...parents.map((parent) => parent.values), own.values) as BakeTarget['values'];
		const found = { values, arguments: new Map([...parents, own].flatMap((each) => [...each.arguments])) };
		resolved.set(name, found);
		return found;
	};
	// What others inherit is there for them, and is seldom built by itself.
	const inherited = new Set([...targets.values()].flatMap(({ inherits }) => inherits));
	const variables = bakeVariables(source);
	const built = [...targets.keys()].filter((name) => !inherited.has(name));
	return built.map((name) => {
		const { values, arguments: its } = resolve(name, 0);
		const { context = '.', dockerfile = 'Dockerfile', target } = values;
		return { context, dockerfile, target, arguments: its, names: expandNames(targets.get(name)?.tags ?? [], variables) };
	});
}

interface BakeTarget {
	readonly values: Readonly<Partial<Record<'context' | 'dockerfile' | 'target', string>>>;
	readonly inherits: readonly string[];
	readonly arguments: Arguments;
	readonly tags: readonly string[];
}

/** A target of bake with all that it inherits. */
type Resolved = Pick<BakeTarget, 'values' | 'arguments'>;

function jsonTargets(source: string): Map<string, BakeTarget> {
	const result = new Map<string, BakeTarget>();
	if (tooDeepInJson(source) !== undefined) return result;
	for (const [name, target] of Object.entries(record(record(parseJsonc(source)).target))) {
		const values: Record<string, string> = {};
		for (const key of ['context', 'dockerfile', 'target']) {
			const value = text(record(target)[key]);
			if (value !== undefined) values[key] = value;
		}
		const { inherits, args, tags } = record(target);
		result.set(name, {
			values,
			arguments: argumentsOf(args),
			inherits: Array.isArray(inherits) ? inherits.filter((parent) => typeof parent === 'string').slice(0, 8) : [],
			tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [],
		});
	}
	return result;
}

/** The defaults of variables. */
function bakeVariables(source: string): Variables {
	return new Map(
		[...source.matchAll(/"?variable"?[:\s{]*"(\w+)"[:\s]*\{[^{}]*?"?default"?\s*[:=]\s*"([^"]*)"/g)].map((match) => [
			match[1] ?? '',
			[match[2] ?? ''],
		]),
	);
}

/** Reads `target "name" { key = "value" }` blocks; whatever else HCL allows in them is passed over. */
function hclTargets(source: string): Map<string, BakeTarget> {
	const result = new Map<string, BakeTarget>();
	let current:
		| (BakeTarget & {
				name: string;
				values: Record<string, string>;
				inherits: string[];
				arguments: Map<string, string | undefined>;
				tags: string[];
		  })
		| undefined;
	let depth = 0;
	let inArguments = false;
	let inTags = false;
	for (const line of source.split('\n')) {
		const opening = /^\s*target\s+"([^"]+)"\s*\{/.exec(line);
		if (opening !== null && depth === 0) current = { name: opening[1] as string, values: {}, inherits: [], arguments: new Map(), tags: [] };
		const assignment = depth === 1 ? /^\s*(context|dockerfile|target)\s*=(.*)$/.exec(line) : null;
		if (current !== undefined && assignment !== null) {
			const literal = /^\s*"([^"]*)"\s*(?:#.*|\/\/.*)?$/.exec(assignment[2] as string);
			// An expression is no path that could be used: the dollar sign says so further on.
			current.values[assignment[1] as string] = literal?.[1] ?? '$';
		}
		if (depth === 1) inArguments = /^\s*args\s*=\s*\{/.test(line);
		if (current !== undefined && inArguments) {
			// In lines of their own, or `args = { NAME = "value" }` in one.
			const entries = depth === 1 ? line.slice(line.indexOf('{') + 1) : line;
			for (const [, name = '', value = ''] of entries.matchAll(/(?<!\w)"?([A-Za-z_]\w*)"?\s*[=:]\s*("[^"]*"|[^,}]+)/g)) {
				current.arguments.set(
					name,
					value.startsWith('"') ? argument(value.slice(1, -1)) : /^\d+\s*$/.test(value) ? value.trim() : undefined,
				);
			}
		}
		if (depth === 1) inTags = /^\s*tags\s*=\s*\[/.test(line) || (inTags && !/=/.test(line));
		if (current !== undefined && inTags) current.tags.push(...[...line.matchAll(/"([^"]+)"/g)].map((match) => match[1] as string));
		const inherits = depth === 1 ? /^\s*inherits\s*=\s*\[([^\]]*)\]/.exec(line) : null;
		if (current !== undefined && inherits !== null)
			current.inherits.push(...[...(inherits[1] as string).matchAll(/"([^"]+)"/g)].map((match) => match[1] as string).slice(0, 8));
		for (const character of upTo(line.replace(/"[^"]*"/g, ''), '#')) {
			if (character === '{') depth++;
			else if (character === '}') depth--;
		}
		if (depth <= 0 && current !== undefined) {
			result.set(current.name, current);
			current = undefined;
		}
		depth = Math.max(depth, 0);
	}
	return result;
}
