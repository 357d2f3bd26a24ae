import { cgoNeededFor } from '../facts/cgo.ts';
import type { Facts, ShippedBinary } from '../facts/facts.ts';
import type { GoBuild } from '../image/model.ts';
import type { Program, Unknown, UnknownKind } from '../program/model.ts';
import { relativeWithin } from '../workspace/paths.ts';

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
			...program.unknowns.filter(({ kind }) => kinds.has(kind)).map((each) => saidOfUnknown(facts, each)),
		];
	});
	return [...new Set(losses)];
}

function lossesOfModules({ unread }: Program): string[] {
	const [first] = unread;
	if (first === undefined) return [];
	return [unread.length === 1 ? `module ${first} could not be read` : `${unread.length} modules could not be read, such as ${first}`];
}

/** By kind, what the program does with something that is not known, and with something of which a part is known. */
const DOES: Readonly<Record<UnknownKind, readonly [open: string, named: string]>> = {
	program: ['starts programs whose names are not known', 'starts'],
	file: ['opens files whose names are not known', 'opens'],
	'created-file': ['creates files whose names are not known', 'creates'],
	plugin: ['loads plugins', 'loads'],
	'source-path': ['opens files beside its source', 'opens'],
	user: ['looks up users', 'looks up user'],
	'working-directory': ['changes its working directory', 'changes to directory'],
};

function saidOfUnknown({ go }: Facts, { kind, detail, symbol, path, line, own, package: importPath }: Unknown): string {
	const [open, named] = DOES[kind];
	const within = go === undefined || !own ? undefined : relativeWithin(go.root, path);
	const place = within === undefined ? `in ${importPath}` : `in ${within}:${line + 1}`;
	return `the program ${detail === undefined ? open : `${named} ${detail}`} (${symbol} ${place})`;
}

/** What needs cgo, or may need it, of builds for which it is turned off, and which become no position-independent executables. */
export function lossesOfCgo(facts: Facts, builds: readonly GoBuild[]): string[] {
	const needs = builds.flatMap((build) => cgoNeededFor(facts, build)).filter(({ flag }) => flag?.text !== '-buildmode=pie');
	return [...new Set(needs.map(({ said, certain }) => `${said} ${certain ? 'needs' : 'may need'} cgo`))];
}
