import type { NeedId } from '../../../knowledge/need-ids.ts';
import { ALWAYS_THERE, type Effect, type StandardEffect } from '../../../knowledge/standard-effects.ts';
import { effectsOf } from '../../kept/watch-list.ts';
import type { UnknownKind } from '../../model.ts';
import type { Sighting } from '../read/scan.ts';
import { type KnownText, textOf, type Value, type ValueScope } from '../read/values.ts';
import { isProgramOfLinux } from './executables.ts';
import { CREATE_FLAG, isEmbedded, mentions, TEMPORARY } from './files.ts';
import { nameIn, type PackageSightings } from './judgement.ts';
import type { Surroundings } from './surroundings.ts';

/** A sighting of which the source does not say with what it is done, or of which no need says it. */
export interface OpenQuestion {
	readonly sighting: Sighting;
	readonly kind: UnknownKind;
	readonly symbol: string;
	readonly detail: string | undefined;
}

const KINDS: Readonly<Record<Effect, UnknownKind>> = {
	starts: 'program',
	reads: 'file',
	creates: 'created-file',
	loads: 'plugin',
	'looks up': 'user',
};

/** By kind, the need for which a table describes what a dependency does. */
export const DESCRIBED_AS: Readonly<Record<UnknownKind, NeedId | undefined>> = {
	program: 'executable',
	file: 'runtime-file',
	'created-file': 'writable-directory',
	plugin: undefined,
	'source-path': 'runtime-file',
	user: 'user-database',
};

/** What one sighting leaves open. */
export function questionsOf(
	sighting: Sighting,
	together: readonly Sighting[],
	input: PackageSightings,
	around: Surroundings,
	scope: ValueScope,
): readonly OpenQuestion[] {
	if (sighting.form === 'type') return [];
	const symbol = nameIn(sighting);
	if (symbol === 'runtime.Caller') {
		// Loggers ask who called; who then takes the directory of the source, reads files there.
		const seeks =
			input.own && together.some(({ package: path, name }) => /^(?:path|path\/filepath)$/.test(path) && /^(?:Dir|Join)$/.test(name));
		return seeks ? [{ sighting, kind: 'source-path', symbol, detail: undefined }] : [];
	}
	if (!input.own && sighting.failure === 'tolerated') return [];
	const questions: OpenQuestion[] = [];
	for (const each of effectsOf(sighting.package, sighting.name, sighting.form === 'method')) {
		const effect = effectIn(each, sighting, scope);
		if (effect === undefined) continue;
		for (const value of namesIn(each, sighting)) {
			const name = textOf(value, scope);
			if (leavesOpen(effect, name, input, around)) {
				const detail = name.text === '' ? undefined : name.text;
				questions.push({ sighting, kind: KINDS[effect], symbol, detail });
			}
		}
	}
	return questions;
}

/** What the call does, for flags and a network can make another thing of it; `undefined` for nothing. */
function effectIn(each: StandardEffect, { arguments: values, form }: Sighting, scope: ValueScope): Effect | undefined {
	if (each.network !== undefined && !/^unix/.test(textOf(values[each.network], scope).text)) return undefined;
	if (each.flags !== undefined && form === 'call' && mentions(values[each.flags], CREATE_FLAG, scope)) return 'creates';
	return each.effect;
}

/** The names that the call is given; of a function that is handed on, one that is not known. */
function namesIn({ name, rest }: StandardEffect, { form, arguments: values, fields }: Sighting): readonly (Value | undefined)[] {
	if (typeof name === 'string') return fields?.has(name) === true ? [fields.get(name)] : [];
	if (form === 'value') return [undefined];
	if (form === 'literal') return [];
	return rest === true ? values.slice(name) : [values[name]];
}

function leavesOpen(effect: Effect, { text, complete }: KnownText, { own, embedded }: PackageSightings, around: Surroundings): boolean {
	switch (effect) {
		case 'starts':
			if (!complete) return !/^\/proc\//.test(text);
			return !own && isProgramOfLinux(text, around);
		case 'reads':
			if (ALWAYS_THERE.test(text) || around.opensEmbedded || (text !== '' && isEmbedded(text, embedded))) return false;
			// Relative ones of the own code are a need of their own.
			return !complete || text.startsWith('/') || (!own && text !== '');
		case 'creates':
			return !TEMPORARY.test(text) && !(complete && text === '');
		case 'loads':
			return true;
		case 'looks up':
			return !(complete && text === 'root');
	}
}
