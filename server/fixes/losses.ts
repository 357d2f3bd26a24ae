import { cgoNeededFor } from '../facts/cgo.ts';
import type { Facts, ShippedBinary } from '../facts/facts.ts';
import type { GoBuild } from '../image/model.ts';
import type { Program, UnknownKind } from '../program/model.ts';
import { saidOfUnknown } from '../program/said-of-unknown.ts';

/**
 * What a fix may lose: whatever of the program or the build is not known and touches what the fix changes. Such a fix is offered with
 * the first of these in its title, and is not preferred.
 */

/** The title with what the fix may lose, where there is something. */
export function titleWith(title: string, losses: readonly string[]): string {
	const [first] = losses;
	if (first === undefined) return title;
	return `${title}: ${first}${losses.length === 1 ? '' : `, and ${losses.length - 1} more`}`;
}

/** What is not known of the programs: those that were not read, and what they leave open of the given kinds. */
export function lossesOfPrograms(facts: Facts, binaries: readonly ShippedBinary[], kinds: ReadonlySet<UnknownKind>): string[] {
	const losses = binaries.flatMap(({ path, program }) => {
		if (program === undefined || program.missing.length > 0) return [`the source of ${path} could not be read`];
		return [
			...lossesOfModules(program),
			...program.unknowns.filter(({ kind }) => kinds.has(kind)).map((each) => `the program ${saidOfUnknown(each, facts.go?.root)}`),
		];
	});
	return [...new Set(losses)];
}

function lossesOfModules({ unread }: Program): string[] {
	const [first] = unread;
	if (first === undefined) return [];
	return [unread.length === 1 ? `module ${first} could not be read` : `${unread.length} modules could not be read, such as ${first}`];
}

/** What needs cgo, or may need it, of builds for which it is turned off, and which become no position-independent executables. */
export function lossesOfCgo(facts: Facts, builds: readonly GoBuild[]): string[] {
	const needs = builds.flatMap((build) => cgoNeededFor(facts, build)).filter(({ flag }) => flag?.text !== '-buildmode=pie');
	return [...new Set(needs.map(({ said, certain }) => `${said} ${certain ? 'needs' : 'may need'} cgo`))];
}
