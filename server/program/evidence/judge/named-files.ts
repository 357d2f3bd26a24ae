import { usesOf } from '../../kept/watch-list.ts';
import { isStandardPackage } from '../../standard-library.ts';
import type { Sighting } from '../read/scan.ts';
import { textOf, type Value } from '../read/values.ts';
import type { Flow } from './flow.ts';
import type { Shown } from './judgement.ts';
import type { PossibleNames } from './possible-names.ts';

/** A relative path as people name files of a repository: nothing that a URL, a format or a sentence would hold. */
const PATH = /^(?:\.{1,2}\/)*[\w@.+-]+(?:[ /][\w@.+-]+)*(?:\/\*?(?:\.\w+)?)?$/;

/**
 * The relative paths that a call hands to a library of which no table says what it does with them. Whether the workspace has them decides
 * whether they are files.
 */
export function namedFiles(sighting: Sighting, namesOf: (value: Value | undefined) => PossibleNames, flow: Flow): readonly Shown[] {
	const { package: path, name, form, arguments: values } = sighting;
	if (form !== 'call' && form !== 'method') return [];
	const isMethod = path === '';
	// What functions of the workspace do with their arguments is read; what the standard library does with them stands in a table.
	if (isMethod ? flow.ownMethods.has(name) : flow.ownPackages.has(path) || isStandardPackage(path)) return [];
	if (usesOf(path, name, form === 'method').length > 0) return [];
	// What follows a sentence is logged: `logger.Info("app starting", "rules", file)`.
	if (isMethod && /\S\s\S/.test(textOf(values[0], flow).text)) return [];
	return values.flatMap((value) =>
		namesOf(value)
			.names.filter(({ complete }) => complete)
			.flatMap(({ text, at }): Shown[] => {
				const scheme = /^file:\/\/(?!\/)/.exec(text)?.[0] ?? '';
				const file = text.slice(scheme.length);
				if (!PATH.test(file) || /^\.*$/.test(file)) return [];
				// A method of an unknown type is given all kinds of words.
				const isPlain = scheme === '' && !file.includes('/');
				if (isMethod && isPlain) return [];
				return [{ detail: file.replace(/\/$/, ''), at: at ?? { sighting, text } }];
			}),
	);
}
