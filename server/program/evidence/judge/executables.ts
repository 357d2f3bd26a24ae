import { DESKTOP_PROGRAMS } from '../../../knowledge/go-evidence.ts';
import { textOf, type Value, type ValueScope } from '../read/values.ts';
import type { Surroundings } from './surroundings.ts';

/** The constant name of a program that is started on Linux. */
export function programsOf(name: Value | undefined, surroundings: Surroundings, scope: ValueScope): readonly string[] {
	const { text, complete } = textOf(name, scope);
	if (!complete || text === '' || text.startsWith('/proc/') || surroundings.asksForSystem || DESKTOP_PROGRAMS.has(text)) return [];
	// What is called so is started on Windows, however the program finds out that it is there.
	return /\.(?:exe|bat|cmd)$/i.test(text) ? [] : [text];
}
