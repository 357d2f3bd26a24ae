import { type BuildTarget, matchesConstraint } from './constraints.ts';

/** A library that C code of a Go file is linked against, as its `#cgo` lines name it. */
export interface LinkedLibrary {
	/** `z` of `-lz`, or what pkg-config calls it. */
	readonly name: string;
	/** The line of the directive, from 0. */
	readonly line: number;
}

/** A `#cgo` line (cmd/cgo's documentation, "Using cgo with the go command"). */
export interface CgoDirective {
	/** The condition as a `//go:build` expression; `undefined` where it holds always. */
	readonly condition: string | undefined;
	readonly kind: 'LDFLAGS' | 'pkg-config';
	readonly words: readonly string[];
	readonly line: number;
}

/** The directives for the linker in the text of a Go file: those before its import of "C". */
export function readCgoDirectives(text: string): readonly CgoDirective[] {
	const end = /^[ \t]*(?:import[ \t]+)?"C"/m.exec(text)?.index ?? 0;
	const found: CgoDirective[] = [];
	for (const [line, content] of text.slice(0, end).split('\n').entries()) {
		const match = /^[ \t]*(?:(?:\/\/|\/\*|\*)[ \t]*)?#cgo[ \t]([^:\r]*)\b(LDFLAGS|pkg-config)[ \t]*:(.*)$/.exec(content);
		if (match === null) continue;
		const [, before = '', kind, flags = ''] = match;
		const condition = before.trim();
		found.push({
			condition: condition === '' ? undefined : conditionOf(condition),
			kind: kind as CgoDirective['kind'],
			words: flags
				.replace(/\*\/[ \t]*\r?$/, '')
				.trim()
				.split(/\s+/)
				.filter((word) => word !== ''),
			line,
		});
	}
	return found;
}

/** Of words between spaces one has to hold, and of one all that stands between its commas: `linux,amd64 darwin`. */
function conditionOf(text: string): string {
	return text
		.split(/\s+/)
		.map((word) => `(${word.split(',').join(' && ')})`)
		.join(' || ');
}

/**
 * The libraries that the directives link on each of the targets, dynamically as far as they say.
 *
 * @returns `undefined` where a flag may link what nobody knows, or statically: a path, an archive, a directory to look in
 */
export function linkedLibraries(
	directives: readonly CgoDirective[],
	targets: readonly BuildTarget[],
): readonly LinkedLibrary[] | undefined {
	const found: LinkedLibrary[] = [];
	for (const { condition, kind, words, line } of directives) {
		const on = targets.filter((target) => condition === undefined || matchesConstraint(target, condition));
		if (on.length === 0) continue;
		for (const word of words) {
			const name = kind === 'pkg-config' ? /^[A-Za-z][\w.+-]*$/.exec(word)?.[0] : /^-l([A-Za-z][\w.+-]*)$/.exec(word)?.[1];
			if (
				name === undefined &&
				!(
					kind === 'LDFLAGS' &&
					/^-(?:g|O\d|pthread|f\S+|m\S+|Wl,(?:-z,\S+|-rpath\S*|--as-needed|--no-as-needed|-unresolved\S*))$/.test(word)
				)
			)
				return undefined;
			if (name !== undefined && on.length === targets.length) found.push({ name, line });
		}
	}
	return found;
}
