import type { RelatedPlace } from '../findings/finding.ts';
import type { NeedId } from '../knowledge/need-ids.ts';
import type { Range } from '../text/text.ts';
import { isWithin, join, relativeWithin } from '../workspace/paths.ts';
import type { Facts, ShippedBinary, Target } from './facts.ts';

/** What is asked of binaries that were read as a linker wrote them. */

/** What put the binary into the image, or the image itself: of a COPY the source that is the binary. */
export function rangeOfBinary({ state }: Target, { path, source }: ShippedBinary): Range {
	const instruction = state.files.get(path)?.instruction;
	const copies = state.copies.filter((copy) => copy.instruction === instruction && source !== undefined);
	const copied = copies.find(({ matches }) => matches.some((match) => isWithin(match, source as string))) ?? copies[0];
	return copied?.sourceRange ?? instruction?.range ?? state.stage.from.range;
}

/** The binary as a person finds it: in the build context, where it was read, or in the image. */
export function saidOfBinary({ path, source }: ShippedBinary, { context }: Facts): string {
	if (source === undefined) return path;
	const within = context === undefined ? undefined : relativeWithin(context.directory, source);
	return `${within ?? source} (read from the binary in the build context)`;
}

/** At most this many differences from the source are listed: more would not be read. */
const MOST_DIFFERENCES = 3;

/** In what binaries that were read are not what their source makes now, at the go.mod that tells it. */
export function differencesOf(binaries: readonly ShippedBinary[]): RelatedPlace[] {
	return [...new Set(binaries)].flatMap(({ differs = [], mainPackage }) => {
		const directory = mainPackage?.module?.directory;
		if (directory === undefined) return [];
		const place = { path: join(directory, 'go.mod'), line: 0, character: 0, length: 0 };
		return differs.slice(0, MOST_DIFFERENCES).map((message) => ({ ...place, message }));
	});
}

/** That a binary cannot run is an error where the image starts it, and not certain to matter elsewhere. */
export function severityOf({ started }: ShippedBinary): 'error' | 'warning' {
	return started ? 'error' : 'warning';
}

/** A binary whose functions may have a need, and what of them shows it. */
export interface MayNeed {
	readonly binary: ShippedBinary;
	/** The functions, at most two: `net/http.(*Client).do`. */
	readonly said: string;
}

/**
 * The first binary that may have the need, as the names of its functions tell, where no source says whether it has it. A function that is
 * there may never be called.
 */
export function mayNeed({ binaries }: Target, need: NeedId): MayNeed | undefined {
	for (const binary of binaries) {
		const needs = binary.linked?.kind === 'program' ? binary.linked.needs : undefined;
		const names = needs?.may.get(need);
		if (binary.program !== undefined || needs === undefined || names === undefined || needs.embedded.has(need)) continue;
		return { binary, said: names.slice(0, 2).join(' and ') };
	}
	return undefined;
}
