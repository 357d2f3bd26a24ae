import type { WrittenEdit } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import type { Range } from '../text/text.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** One thing that can be wrong, with everything that the product says of it. A rule is a plain value in a file of its own. */
export interface Rule {
	/** The public name; it names what is wrong, never the cure. */
	readonly code: string;
	readonly severity: Severity;
	/** Whether fix-all takes the fixes that a finding marks as preferred. */
	readonly fixAll: boolean;
	readonly documentation: RuleDocumentation;
	/** Called with complete facts; silent wherever they say `unknown`. */
	check(facts: Facts): Iterable<Finding>;
}

/** The page of the rule, as docs/rules shows it. Texts are Markdown. */
export interface RuleDocumentation {
	/** One sentence, for tables and settings. */
	readonly summary: string;
	/** What happens in the engine, in its words, and why. */
	readonly why: string;
	/** A Dockerfile that the rule speaks of. */
	readonly example: string;
	/** The same Dockerfile, mended. */
	readonly instead: string;
	/** When the rule is silent, and what the fix does and does not do. */
	readonly notes: string;
}

export interface Finding {
	/** The text that is wrong. */
	readonly range: Range;
	/** What is wrong, why here, what to do: one or two sentences. */
	readonly message: string;
	/** Where the severity depends on the case. */
	readonly severity?: Severity;
	readonly related?: readonly RelatedPlace[];
	/** Makes the changes that are offered, when somebody asks for them. `undefined` stands for one that cannot be made here. */
	readonly fixes?: () => readonly (Fix | undefined)[];
}

/** A place in another file (or in this one, where `path` is that of the Dockerfile) that is the reason. */
export interface RelatedPlace {
	readonly path: string;
	readonly line: number;
	readonly character: number;
	readonly length: number;
	readonly message: string;
}

/** A change that mends a finding, applied whole or not at all. */
export interface Fix {
	/** In the imperative: `Set CGO_ENABLED=0`. */
	readonly title: string;
	/** Edits of the Dockerfile; they do not overlap. */
	readonly edits: readonly WrittenEdit[];
	/** Edits of other existing files, by path. */
	readonly otherEdits?: ReadonlyMap<string, readonly WrittenEdit[]>;
	/** Files to create. Fix-all never takes a fix that creates one. */
	readonly create?: ReadonlyMap<string, string>;
	/** What it changes of the builds on purpose; everything else of them has to stay as it is. */
	readonly changes?: readonly BuildAspect[];
	/**
	 * Nothing unknown touches what it changes: offered first, and taken by fix-all where the rule allows, if its result is found to be
	 * right as well (`server/lint/verify.ts`).
	 */
	readonly preferred: boolean;
}

/** What a fix may change of a `go build`: whether cgo is on, `-buildmode`, the paths written, the packages, the platform. */
export type BuildAspect = 'cgo' | 'linking' | 'outputs' | 'packages' | 'platform';
