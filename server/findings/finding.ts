import type { WrittenEdit } from '../dockerfile/write.ts';
import type { Range } from '../text/text.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** What a rule reports. The readers of facts, the rules, the editor and the command line all use these words, and know no rule for that. */
export interface Finding {
	/** The text that is wrong. */
	readonly range: Range;
	/** What is wrong, why here, what to do: one or two sentences. */
	readonly message: string;
	/** Set if the severity depends on the case. */
	readonly severity?: Severity;
	readonly related?: readonly RelatedPlace[];
	/** Creates the fixes on request. `undefined` stands for one that cannot be made here. */
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

/** A change that fixes a finding, applied whole or not at all. */
export interface Fix {
	/** In the imperative: `Set CGO_ENABLED=0`. */
	readonly title: string;
	/** Edits of the Dockerfile; they do not overlap. */
	readonly edits: readonly WrittenEdit[];
	/** Edits of other existing files, by path. */
	readonly otherEdits?: ReadonlyMap<string, readonly WrittenEdit[]>;
	/** Files to create. Fix-all never takes a fix that creates one. */
	readonly create?: ReadonlyMap<string, string>;
	/** By path, a configuration for a launch.json that is there. */
	readonly launch?: ReadonlyMap<string, LaunchConfiguration>;
	/** What a person loses by it or has to look at, one line each; the title names the first. */
	readonly losses?: readonly string[];
	/** What it changes of the builds on purpose; everything else of them has to stay as it is. */
	readonly changes?: readonly BuildAspect[];
	/**
	 * Nothing unknown touches what it changes: offered first, and taken by fix-all if the rule allows it and its result is verified
	 * (`server/lint/verify.ts`).
	 */
	readonly preferred: boolean;
}

/** A configuration of a launch.json (code.visualstudio.com/docs/debugtest/debugging-configuration). */
export interface LaunchConfiguration {
	readonly name: string;
	readonly [attribute: string]: unknown;
}

/** What a fix may change of a `go build`: whether cgo is on, `-buildmode`, the paths written, the packages, the platform. */
export type BuildAspect = 'cgo' | 'linking' | 'outputs' | 'packages' | 'platform';
