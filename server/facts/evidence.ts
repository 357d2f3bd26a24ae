import type { RelatedPlace } from '../findings/finding.ts';
import type { NeedId } from '../knowledge/need-ids.ts';
import type { Evidence, Program, SourcePlace } from '../program/model.ts';
import { basename } from '../workspace/paths.ts';
import type { ShippedBinary, Target } from './facts.ts';
import { unstartedOf } from './sub-commands.ts';

/** How evidence from Go source is said: the place as related information, the way to it in the message. */

/** Evidence as it counts for a target. */
export interface TargetEvidence extends Evidence {
	/** The sub-commands without one of which the program does not come here, where the image starts it with none of them. */
	readonly unstarted?: readonly string[] | undefined;
}

/**
 * The evidence of one need over all binaries of a target, each place once: own packages first, and what the program does as the image starts
 * it before what it does for other sub-commands.
 */
export function evidenceOf(target: Target, need: NeedId): { readonly binary: ShippedBinary; readonly evidence: TargetEvidence }[] {
	const seen = new Set<string>();
	const found: { binary: ShippedBinary; evidence: TargetEvidence }[] = [];
	for (const binary of target.binaries) {
		for (const evidence of need === 'named-file' ? (binary.program?.namedFiles ?? []) : (binary.program?.evidence ?? [])) {
			if (evidence.need !== need) continue;
			const key = `${evidence.path}:${evidence.line}:${evidence.character}:${evidence.symbol}`;
			if (seen.has(key)) continue;
			seen.add(key);
			const unstarted = unstartedOf(target, binary, evidence);
			found.push({ binary, evidence: unstarted === undefined ? evidence : { ...evidence, unstarted } });
		}
	}
	const order = ({ evidence }: (typeof found)[number]) => (evidence.unstarted === undefined ? 0 : 2) + (evidence.own ? 0 : 1);
	return found.sort((one, other) => order(one) - order(other));
}

/** At most this many places are listed with a finding: more would not be read. */
const MOST_PLACES = 5;

/** The Go lines as places that an editor can open; evidence without a file of its own is left out. */
export function relatedPlaces(evidence: readonly SourcePlace[]): RelatedPlace[] {
	return evidence
		.slice(0, MOST_PLACES)
		.flatMap(({ path, line, character, length, symbol }) =>
			path === undefined ? [] : [{ path, line, character, length, message: symbol }],
		);
}

/** `http.Get, cmd/api → internal/app → internal/remote`: what is used and how main reaches it. */
export function saidOf(evidence: SourcePlace & Pick<TargetEvidence, 'unstarted'>, program: Program | undefined): string {
	const chain = chainText(evidence.chain, program);
	const { unstarted } = evidence;
	const commands = unstarted === undefined ? '' : `only with ${saidOfCommands(unstarted)}`;
	return [evidence.symbol, chain, commands].filter((part) => part !== '').join(', ');
}

function saidOfCommands(words: readonly string[]): string {
	const said = words.slice(0, MOST_COMMANDS).map((word) => `'${word}'`);
	return `${said.join(', ')}${words.length > MOST_COMMANDS ? ' …' : ''}`;
}

/** More sub-commands are not listed. */
const MOST_COMMANDS = 3;

/** The import chain with paths as seen from the module; empty where main itself is the place. */
export function chainText(chain: readonly string[], program: Program | undefined): string {
	if (chain.length < 2) return '';
	const module = program?.module?.file.path;
	const names = chain.map((path, index) => {
		// What the go command calls files that are named one by one, a person does not.
		if (path === 'command-line-arguments' || (path === module && index === 0)) return 'main';
		if (module === undefined) return path;
		// A library at the module's root goes by the module's name.
		if (path === module) return basename(path.replace(/\/v\d+$/, ''));
		return path.startsWith(`${module}/`) ? path.slice(module.length + 1) : path;
	});
	if (names.length > MOST_NAMES) names.splice(MOST_NAMES >> 1, names.length - MOST_NAMES, '…');
	return names.join(' → ');
}

/** Longer chains are cut in the middle. */
const MOST_NAMES = 6;
