import { type MoveDestination, moveTo } from '../fixes/move-image.ts';
import type { Analyser, AnalysisRequest } from '../lint/analyse.ts';
import type { FixAllResult } from '../lint/fix-all.ts';
import { readsAlike } from '../lint/reads-alike.ts';
import { problemOf } from '../lint/verify.ts';
import { stageNames, targetNamed } from '../picture/target.ts';
import { applyEdits } from '../text/text.ts';

/** What to move, and to which image. */
export interface Move {
	readonly destination: MoveDestination;
	/** The name or number of the stage; `undefined` for the last target. */
	readonly target: string | undefined;
}

/** A Dockerfile whose final stage is moved, or is as it was. */
export interface Moved extends FixAllResult {
	/** Why it could not be moved; left out where it was. */
	readonly obstacle?: string;
	/** What the image no longer has, one line each, with the line that would miss it. */
	readonly losses: readonly string[];
}

/** Moves the final stage of one Dockerfile to an image without a distribution. */
export async function moveImage(
	analyser: Pick<Analyser, 'analyse'>,
	request: AnalysisRequest,
	{ destination, target: stage }: Move,
): Promise<Moved> {
	const before = await analyser.analyse(request);
	const { facts, findings, deployment } = before;
	const unchanged = { text: request.text, remaining: findings, facts, deployment: deployment === true, applied: 0, losses: [] };
	if (facts === undefined) return unchanged;
	const target = targetNamed(facts, stage);
	if (target === undefined) return { ...unchanged, obstacle: `it has no such stage; its stages are ${stageNames(facts).join(', ')}` };
	const move = moveTo(facts, target, destination);
	if (typeof move === 'string') return { ...unchanged, obstacle: move };
	const text = applyEdits(request.text, move.edits);
	if (!(await readsAlike(request.path, request.text, text))) return { ...unchanged, obstacle: 'the result cannot be read without doubt' };
	const after = await analyser.analyse({ ...request, text });
	const { losses = [] } = move;
	const problem = losses.length > 0 ? undefined : problemOf({ before, after, fixed: [], edits: undefined, aspects: new Set(move.changes) });
	if (problem !== undefined) return { ...unchanged, obstacle: problem };
	return { text, remaining: after.findings, facts: after.facts, deployment: false, applied: 1, losses };
}
