import type { Dockerfile } from '../dockerfile/syntax.ts';
import type { GoWorkspace } from '../program/model.ts';
import { followStages, startBuild } from './follow.ts';
import type { BuildContext, ImageBuild } from './model.ts';
import { targetsOf } from './targets.ts';

/** What an abstract run knows beside the Dockerfile. */
export interface RunOptions {
	/** The directory that is sent; `undefined` where it is not known. */
	readonly context: BuildContext | undefined;
	/** For the names of binaries; `undefined` while the workspace has not been read. */
	readonly go: GoWorkspace | undefined;
}

/**
 * Follows the Dockerfile instruction by instruction without running anything: what each stage is at its end, with the instruction that
 * made each part of it. Whatever depends on something not known is unknown. Never throws; time grows with the text's length.
 */
export function runBuild(dockerfile: Dockerfile, options: RunOptions): ImageBuild {
	const build = startBuild(dockerfile, options);
	followStages(build);
	return { dockerfile, stages: build.stages, targets: targetsOf(build) };
}
