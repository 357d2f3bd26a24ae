import type fc from 'fast-check';
import type { Random } from './random.ts';

/** Texts by name: mostly the files of a workspace. Bytes are written as the characters 0 to 255. */
export type Input = Readonly<Record<string, string>>;

/** One kind of input, and what must hold whatever it is. */
export interface Target {
	readonly name: string;
	/** Its share of the inputs of a run. */
	readonly weight: number;
	/** Inputs that exist: those of the fixtures, and some for each construct. */
	seeds(): readonly Input[];
	/** Inputs that a grammar gives, where there is one. */
	readonly generated?: fc.Arbitrary<Input>;
	/** Which of the texts change; all of them unless told. */
	mutable?(name: string): boolean;
	/** Words that mean something in such texts. */
	readonly words: readonly string[];
	/** Whether a text without some of its lines is such a text still, and one without some of its characters is not. */
	readonly lines?: boolean;
	/** Another input that is like `input`, where changing its texts at any place is not the way. */
	mutate?(input: Input, other: Input, random: Random): Input;
	/** Throws where something does not hold. */
	check(input: Input): Promise<void>;
}

/** What came of one input. `slow` and `memory` are bounds that this harness sets: see {@link LIMITS}. */
export type Outcome =
	| { readonly kind: 'good' }
	| { readonly kind: 'wrong'; readonly message: string }
	| { readonly kind: 'slow' | 'memory' | 'exit'; readonly message: string };

export const LIMITS = {
	/** The processor time that one input may take, in milliseconds. */
	processor: 1000,
	/** After this time on the clock the process is ended, in milliseconds. A loaded machine is slow too, so it is longer. */
	clock: 15_000,
	/** What the heap of the process may hold, and by how much one input may make the process grow, in megabytes. */
	memory: 512,
};

/** What two findings of one cause have in common: numbers, names and texts differ from input to input. */
export function signatureOf(target: string, outcome: Outcome): string {
	const said = outcome.kind === 'wrong' ? outcome.message : '';
	const [first = ''] = said.split('\n');
	return `${target} ${outcome.kind} ${first.replace(/"(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`|\d+/g, '…').slice(0, 160)}`;
}
