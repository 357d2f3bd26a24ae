import { DESKTOP_PROGRAMS } from '../../../knowledge/go-evidence.ts';
import { textOf, type Value, type ValueScope } from '../read/values.ts';
import type { Surroundings } from './surroundings.ts';

/** The constant name of a program that is started on Linux. */
export function programsOf(name: Value | undefined, surroundings: Surroundings, scope: ValueScope): readonly string[] {
	const { text, complete } = textOf(name, scope);
	return complete && isProgramOfLinux(text, surroundings) ? [text] : [];
}

/** Whether a program of that name is started on Linux, as far as the declaration tells. */
export function isProgramOfLinux(name: string, { asksForSystem }: Surroundings): boolean {
	if (name === '' || name.startsWith('/proc/') || asksForSystem || DESKTOP_PROGRAMS.has(name)) return false;
	// What is called so is started on Windows, however the program finds out that it is there.
	return !/\.(?:exe|bat|cmd)$/i.test(name);
}
