import type { StartedElsewhere } from '../../model.ts';

/** Values of ARG by name; `undefined` for one that is set to something not known. */
export type Arguments = ReadonlyMap<string, string | undefined>;

/** What one file says, before paths are resolved: which Dockerfile is built from which directory. */
export interface Build {
	readonly context: string;
	readonly dockerfile: string;
	readonly target: string | undefined;
	readonly arguments: Arguments;
	readonly starts?: readonly StartedElsewhere[];
	readonly mounts?: readonly string[];
	/** The names that it gives the image, tags included; see `names.ts` for what is not known of them. */
	readonly names: readonly string[];
}
