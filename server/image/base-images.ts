import type { Answer } from '../text/answer.ts';

/** What a base image holds, as far as the table knows it. */
export interface BaseImage {
	/** `scratch`, `golang`, `alpine`, `distroless/static` … */
	readonly family: string;
	readonly reference: string;
	readonly shell: Answer;
	readonly libc: 'none' | 'glibc' | 'musl' | 'unknown';
	readonly certificateRoots: Answer;
	readonly zoneData: Answer;
	readonly temporaryDirectory: Answer;
	/** Users by name; `undefined` where not known. */
	readonly users: ReadonlyMap<string, { readonly uid: number; readonly gid: number }> | undefined;
	readonly groups: ReadonlyMap<string, number> | undefined;
	/** The user that the image runs as, as its configuration names it. */
	readonly user: string | undefined;
	readonly workingDirectory: string | undefined;
	readonly environment: ReadonlyMap<string, string>;
	/** Whether `environment` is all that is set. */
	readonly environmentComplete: boolean;
	readonly command: readonly string[] | undefined;
	/** Names of programs on PATH, where the list is complete enough to say that another is absent. */
	readonly executables: ReadonlySet<string> | undefined;
	readonly cCompiler: Answer;
	/** For a Go toolchain image. `version` is `undefined` where the tag names none. */
	readonly go: { readonly version: string | undefined; readonly minor: number | undefined } | undefined;
	/** Whether the tag pins a version. */
	readonly pinned: Answer;
	readonly windows: boolean;
}
