import type { ReadBack } from './read-back.ts';

/** What a run saw of a repository; plain values, for they are kept and printed as JSON. */
export interface RepositoryResult {
	readonly repository: string;
	/** The commit or version, where it is known. */
	readonly revision: string | undefined;
	readonly programs: readonly ProgramResult[];
	/** Main packages beyond the number that is tried of each repository. */
	readonly left: number;
	readonly dockerfiles: readonly DockerfileResult[];
	/** Why nothing was tried. */
	readonly note: string | undefined;
}

/** What was seen of a main package. */
export interface ProgramResult {
	/** Its import path. */
	readonly package: string;
	/** What is particular about it: that it is vendored, say. */
	readonly traits: readonly string[];
	/** Why a plain `go build` outside a container fails; `undefined` where it works. */
	readonly outside: string | undefined;
	/** The program of the plain `go build`, started in its directory of the repository, in an image with everything. */
	readonly reference: Verdict | undefined;
	/** What Generate writes for it; `undefined` where the plain build fails. */
	readonly generated: Attempt | undefined;
	/** The program of the plain `go build` alone in an image, where images are read back. */
	readonly alone?: Attempt | undefined;
	/** The same of a build without cgo. */
	readonly statically?: Attempt | undefined;
}

/** What was seen of a Dockerfile that the repository has, after fix-all. */
export interface DockerfileResult {
	/** Its path in the repository. */
	readonly path: string;
	/** How many fixes were applied. */
	readonly fixes: number;
	/** Why it was not tried. */
	readonly notTried: string | undefined;
	readonly fixed: Attempt | undefined;
	/** What was seen of it before, where it fails after. */
	readonly original: Attempt | undefined;
}

/** An image that was built, or not, and started. */
export interface Attempt {
	readonly built: boolean;
	/** Why it was not tried. */
	readonly notTried?: string;
	/** The builder's last words where it was not built. */
	readonly why: string | undefined;
	readonly verdict: Verdict | undefined;
	/** In bytes. */
	readonly size: number | undefined;
	/** What is not what its name says. */
	readonly simulated: readonly string[];
	/** What go-scratch says of the image, where that was asked for. */
	readonly readBack?: ReadBack;
}

/** How a container went. */
export interface Verdict {
	/** Whether it ran until the end of the watch, ended in its own words, or failed for what the image lacks. */
	readonly outcome: 'runs' | 'exits' | 'fails';
	readonly code: number | undefined;
	/** What the image lacks; of one that runs, what it says it misses. */
	readonly lacks: string | undefined;
	/** The line that tells, or the first that it printed. */
	readonly says: string;
}

/** Whether the image was built and its program ran. */
export function started(attempt: Attempt | undefined): boolean {
	return attempt?.built === true && attempt.verdict !== undefined && attempt.verdict.outcome !== 'fails';
}
