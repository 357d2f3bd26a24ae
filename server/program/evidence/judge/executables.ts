import { DESKTOP_PROGRAMS } from '../../../knowledge/go-evidence.ts';
import { isInHome } from '../../home-directory.ts';
import type { Shown } from './judgement.ts';
import type { PossibleNames } from './possible-names.ts';
import type { Surroundings } from './surroundings.ts';

/** The constant names of programs that are started on Linux; of one that is sought first, the search tells what becomes of it. */
export function programsOf({ names }: PossibleNames, surroundings: Surroundings): readonly Shown[] {
	return names
		.filter(({ text, complete, sought }) => complete && sought !== true && !isInHome(text) && isProgramOfLinux(text, surroundings))
		.map(({ text, at }) => ({ detail: text, at, given: surroundings.asksForUser && MAKES_ROOT.test(text) }));
}

/** Programs that make root of another user: what asks who runs it starts them only as that. */
const MAKES_ROOT = /^(?:sudo|doas|pkexec)$/;

/** Whether a program of that name is started on Linux, as far as the declaration tells. */
export function isProgramOfLinux(name: string, { asksForSystem }: Surroundings): boolean {
	if (name === '' || name.startsWith('/proc/') || asksForSystem || DESKTOP_PROGRAMS.has(name)) return false;
	// What is called so is started on Windows, however the program finds out that it is there.
	return !/\.(?:exe|bat|cmd)$/i.test(name);
}
