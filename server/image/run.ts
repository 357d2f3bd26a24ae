import type { Dockerfile } from '../dockerfile/syntax.ts';
import { followStages, startBuild } from './follow.ts';
import type { ImageBuild } from './model.ts';
import type { RunOptions } from './stage-run.ts';
import { targetsOf } from './targets.ts';

/**
 * Follows the Dockerfile instruction by instruction without running anything: what each stage is at its end, with the instruction that
 * made each part of it. Whatever depends on something not known is unknown. Never throws; time grows with the text's length.
 */
export function runBuild(dockerfile: Dockerfile, options: RunOptions): ImageBuild {
	const build = startBuild(dockerfile, options);
	followStages(build);
	return { dockerfile, stages: build.stages, targets: targetsOf(build) };
}
