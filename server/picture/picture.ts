import type { Facts, Target } from '../facts/facts.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import { rootOf } from '../image/stage-chain.ts';
import type { ImagePicture, PictureEntry, PictureNeed, PictureTitle } from './model.ts';
import { needsOf, type PictureFinding } from './needs.ts';
import { flowsOf, stagesOf } from './stages.ts';
import { treeOf } from './tree.ts';
import { unknownsOf } from './unknowns.ts';

/**
 * The picture of one target of a Dockerfile. The same facts give the same picture. Sizes and modes of files of the build context are
 * left out: `withSizes` reads them.
 *
 * @param findings those of the Dockerfile: a need that one of them reports is not met
 */
export function pictureOf(facts: Facts, target: Target, findings: readonly PictureFinding[] = []): ImagePicture {
	const { entries, cut } = treeOf(facts, target);
	const needs = needsOf(facts, target, findings);
	return {
		version: 1,
		title: titleOf(facts, target.state, entries, cut, needs),
		tree: entries,
		cut,
		needs,
		unknowns: unknownsOf(facts, target),
		stages: stagesOf(facts, target),
		flows: flowsOf(facts),
	};
}

function titleOf(
	facts: Facts,
	state: StageState,
	entries: readonly PictureEntry[],
	cut: number,
	needs: readonly PictureNeed[],
): PictureTitle {
	const base = rootOf(state).imageReference;
	const count = (wanted: PictureNeed['state']) => needs.filter((need) => need.state === wanted).length;
	const { text, uid, gid } = state.user.value;
	const started = resolveCommandPath(state);
	return {
		of: facts.path,
		stage: state.stage.from.alias?.raw ?? String(state.stage.index),
		...(base !== undefined && { base }),
		files: entries.filter(({ kind }) => kind !== 'directory').length,
		complete: cut === 0 && entries.every(({ kind, complete }) => complete !== false && kind !== 'unknown'),
		needs: { met: count('met'), unmet: count('unmet'), unknown: count('unknown') },
		user: { ...(text !== undefined && { text }), ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) },
		...(started?.program !== undefined && {
			starts: { program: started.program, ...(started.path !== undefined && { path: started.path }), present: started.present },
		}),
		...(state.platform !== undefined && { platform: state.platform }),
	};
}
