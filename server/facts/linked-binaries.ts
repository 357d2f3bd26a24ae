import type { NeedId } from '../knowledge/need-ids.ts';
import type { Range } from '../text/text.ts';
import type { ShippedBinary, Target } from './facts.ts';

/** What is asked of binaries that were read as a linker wrote them. */

/** What put the binary into the image, or the image itself. */
export function rangeOfBinary({ state }: Target, { path }: ShippedBinary): Range {
	return state.files.get(path)?.instruction?.range ?? state.stage.from.range;
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
