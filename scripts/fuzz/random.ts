/** Random choices that follow from a seed, so that a run can be repeated. */
export interface Random {
	/** A whole number from 0 up to, and without, `below`. */
	integer(below: number): number;
	pick<T>(items: readonly T[]): T;
	/** True once in `times`, on average. */
	oneIn(times: number): boolean;
}

/** Marsaglia's xorshift over 32 bits, after the seed was spread by a multiplication. */
export function createRandom(seed: number): Random {
	let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ 0xc2b2ae35) >>> 0 || 1;
	const next = () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		state >>>= 0;
		return state;
	};
	const integer = (below: number) => next() % Math.max(1, below);
	return {
		integer,
		pick: (items) => items[integer(items.length)] as (typeof items)[number],
		oneIn: (times) => integer(times) === 0,
	};
}

/** The seed of one part of a run. */
export function seedOf(seed: number, part: string): number {
	let hash = seed | 0;
	for (const character of part) {
		hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193);
	}
	return hash >>> 0;
}
