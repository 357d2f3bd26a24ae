import type { NeedId } from '../../../knowledge/need-ids.ts';
import { ALWAYS_THERE, type Effect, type StandardEffect } from '../../../knowledge/standard-effects.ts';
import { isInHome } from '../../home-directory.ts';
import { effectsOf } from '../../kept/watch-list.ts';
import type { UnknownKind } from '../../model.ts';
import type { Sighting } from '../read/scan.ts';
import type { Value, ValueScope } from '../read/values.ts';
import { isProgramOfLinux } from './executables.ts';
import { directoryIn, isEmbedded, isUnixNetwork, makesFile, TEMPORARY } from './files.ts';
import { nameIn, type OpenQuestion, type PackageSightings } from './judgement.ts';
import type { PossibleName, PossibleNames } from './possible-names.ts';
import type { Surroundings } from './surroundings.ts';

const KINDS: Readonly<Record<Effect, UnknownKind>> = {
	starts: 'program',
	reads: 'file',
	creates: 'created-file',
	changes: 'changed-file',
	loads: 'plugin',
	'looks up': 'user',
	'changes directory': 'working-directory',
};

/** By kind, the need for which a table describes what a dependency does. */
export const DESCRIBED_AS: Readonly<Record<UnknownKind, NeedId | undefined>> = {
	program: 'executable',
	file: 'runtime-file',
	'created-file': 'writable-directory',
	'changed-file': 'writable-directory',
	plugin: undefined,
	'source-path': 'runtime-file',
	user: 'user-database',
	'working-directory': undefined,
};

/** What is asked when a sighting is judged. */
export interface Asking {
	/** The sightings of the same declaration. */
	readonly together: readonly Sighting[];
	readonly input: PackageSightings;
	readonly around: Surroundings;
	readonly scope: ValueScope;
	namesOf(value: Value | undefined): PossibleNames;
}

/** What one sighting leaves open. */
export function questionsOf(sighting: Sighting, asking: Asking): readonly OpenQuestion[] {
	const { together, input, scope } = asking;
	if (sighting.form === 'type' || sighting.form === 'field') return [];
	const symbol = nameIn(sighting);
	if (symbol === 'runtime.Caller') {
		// Loggers ask who called; a function that then takes the directory of the source reads files there.
		const seeks =
			input.own && together.some(({ package: path, name }) => /^(?:path|path\/filepath)$/.test(path) && /^(?:Dir|Join)$/.test(name));
		return seeks ? [{ sighting, kind: 'source-path', symbol, detail: undefined }] : [];
	}
	if (!input.own && sighting.failure === 'tolerated') return [];
	const questions: OpenQuestion[] = [];
	for (const each of effectsOf(sighting.package, sighting.name, sighting.form === 'method')) {
		const effect = effectIn(each, sighting, scope);
		// Where a dependency changes the directory is not followed.
		if (effect === undefined || (effect === 'changes directory' && !input.own)) continue;
		if (effect === 'changes' && (sighting.failure === 'tolerated' || sighting.failure === 'ignored')) continue;
		if (typeof each.name === 'object') questions.push({ sighting, kind: KINDS[effect], symbol, detail: each.name.is });
		for (const value of namesIn(each, sighting)) {
			const { names, open, fromUser, unseen } = asking.namesOf(value);
			for (const name of names) {
				if (leavesOpen(effect, name, each.contents === true, asking))
					questions.push({ sighting, kind: KINDS[effect], symbol, detail: name.sought && effect !== 'starts' ? undefined : name.text });
			}
			// Where a person has a file made, the user that the program runs as has to be allowed to; a program that a person names, as
			// ENV may, has to be in the image.
			// What is changed under a name that is not known is what the program made before, as far as is known.
			if (effect === 'changes') continue;
			if (
				open ||
				(unseen && !(effect === 'reads' && liesInDirectories(names))) ||
				(fromUser && names.length === 0 && (effect === 'creates' || effect === 'starts'))
			)
				questions.push({ sighting, kind: KINDS[effect], symbol, detail: undefined });
		}
	}
	return questions;
}

/** Whether only directories are known, in which the files lie whatever their names are. */
function liesInDirectories(names: readonly PossibleName[]): boolean {
	return names.length > 0 && names.every(({ text, complete }) => !complete && directoryIn(text) !== undefined);
}

/** What the call does, for flags and a network can make another thing of it; `undefined` for nothing. */
function effectIn(each: StandardEffect, { arguments: values, form }: Sighting, scope: ValueScope): Effect | undefined {
	if (each.network !== undefined && !isUnixNetwork(values[each.network], scope)) return undefined;
	if (each.flags !== undefined && form === 'call' && makesFile(values[each.flags], scope)) return 'creates';
	return each.effect;
}

/** The names that the call is given; of a function that is handed on, one that is not known. */
function namesIn({ name, rest }: StandardEffect, { form, arguments: values, fields }: Sighting): readonly (Value | undefined)[] {
	if (typeof name === 'object') return [];
	if (typeof name === 'string') return fields?.has(name) === true ? [fields.get(name)] : [];
	if (form === 'value') return [undefined];
	if (form === 'literal') return [];
	return rest === true ? values.slice(name) : [values[name]];
}

function leavesOpen(
	effect: Effect,
	{ text, complete, given, sought }: PossibleName,
	contents: boolean,
	{ input, around }: Asking,
): boolean {
	const { own, embedded } = input;
	switch (effect) {
		case 'starts':
			if (!complete) return !given && !text.startsWith('/proc/');
			return isInHome(text) || (!own && isProgramOfLinux(text, around));
		case 'reads':
			if (sought || isInHome(text) || (contents && complete && /^\.?\/*$/.test(text) && text !== '')) return true;
			if (ALWAYS_THERE.test(text) || around.opensEmbedded || (text !== '' && isEmbedded(text, embedded))) return false;
			if (!complete && given && !text.startsWith('/')) return false;
			// Relative ones of the own code are a need of their own, whole or by their directory.
			return text.startsWith('/') || (own ? !complete && directoryIn(text) === undefined : text !== '');
		case 'creates':
		case 'changes':
			return !TEMPORARY.test(text) && text !== '';
		case 'loads':
			return true;
		case 'changes directory':
			return !(complete && text === '.');
		case 'looks up':
			return !(complete && text === 'root');
	}
}
