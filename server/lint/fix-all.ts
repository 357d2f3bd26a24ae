import type { Facts } from '../facts/facts.ts';
import type { BuildAspect, Fix } from '../findings/finding.ts';
import { applyEdits, type TextEdit } from '../text/text.ts';
import type { Analyser, Analysis, AnalysisRequest, ReportedFinding } from './analyse.ts';
import { readsAlike } from './reads-alike.ts';
import { problemOf } from './verify.ts';

/** So many passes at most; what is not at rest by then would not come to rest. */
export const MAX_PASSES = 10;

export interface FixAllResult {
	readonly text: string;
	/** What is left to say of the new text. */
	readonly remaining: readonly ReportedFinding[];
	/** What is known of the new text. */
	readonly facts: Facts | undefined;
	/** Whether it is of a deployment, which was read. */
	readonly deployment: boolean;
	/** How many fixes were applied. */
	readonly applied: number;
}

export interface FixAllOptions {
	/** Takes the fixes of this rule alone, whether or not fix-all takes the rule's otherwise. */
	readonly code?: string | undefined;
	/** What is known already of the request's text. */
	readonly analysis?: Analysis | undefined;
}

/**
 * Applies every fix that is certain to be right, again and again until none is left: a fix may make room for the next. What comes out is
 * verified as a whole, and what does not pass is not taken.
 *
 * Fixes that create or edit other files are left to a person: this changes the one text only.
 *
 * @throws The signal's reason once it is aborted.
 */
export async function fixAll(
	analyser: Pick<Analyser, 'analyse'>,
	request: AnalysisRequest,
	{ code, analysis: known }: FixAllOptions = {},
): Promise<FixAllResult> {
	const first = known?.text === request.text ? known : await analyser.analyse(request);
	const seen = new Set([request.text]);
	/** A text that comes back would come back for ever. */
	const attempt = async ({ analysis }: Pass, chosen: readonly ChosenFix[]): Promise<Analysis | undefined> => {
		const text = applyEdits(
			analysis.text,
			chosen.flatMap(({ fix }) => fix.edits),
		);
		// One that is no longer read alike is no result either.
		if (seen.has(text) || !(await readsAlike(request.path, request.text, text))) return undefined;
		return analyser.analyse({ ...request, text });
	};
	let pass: Pass = { analysis: first, applied: 0, aspects: new Set() };
	/** The last pass whose text breaks nothing of the first one. */
	let good = pass;
	for (let count = 0; count < MAX_PASSES; count++) {
		const next = await nextPass(pass, code, attempt);
		if (next === undefined) break;
		pass = next;
		seen.add(pass.analysis.text);
		if (problemOf({ before: first, after: pass.analysis, fixed: [], edits: undefined, aspects: pass.aspects }) === undefined) good = pass;
	}
	const { analysis, applied } = good;
	return { text: analysis.text, remaining: analysis.findings, facts: analysis.facts, deployment: analysis.deployment === true, applied };
}

/** What came of the fixes so far. */
interface Pass {
	readonly analysis: Analysis;
	readonly applied: number;
	/** What the fixes changed of builds on purpose. */
	readonly aspects: ReadonlySet<BuildAspect>;
}

interface ChosenFix {
	readonly finding: ReportedFinding;
	readonly fix: Fix;
}

/**
 * The findings that `fixAll` would fix in its first pass, and those whose fix is verified alone but does not go together with the others:
 * these have their turn later.
 *
 * @param analysis Of the request's text.
 */
export async function fixableFindings(
	analyser: Pick<Analyser, 'analyse'>,
	request: AnalysisRequest,
	analysis: Analysis,
): Promise<ReadonlySet<ReportedFinding>> {
	const proposed = analysis.findings.flatMap((finding) => chosenFix(finding, finding.proposals(), undefined) ?? []);
	if (proposed.length === 0) return new Set();
	const together = compatible(proposed);
	const first: Pass = { analysis, applied: 0, aspects: new Set() };
	const all = await passAfter(first, together, async (_, chosen) => {
		const text = applyEdits(
			request.text,
			chosen.flatMap(({ fix }) => fix.edits),
		);
		return (await readsAlike(request.path, request.text, text)) ? analyser.analyse({ ...request, text }) : undefined;
	});
	const fixable = new Set(all === undefined ? [] : together.map(({ finding }) => finding));
	for (const { finding } of proposed) {
		if (!fixable.has(finding) && (await fixForAll(finding)) !== undefined) fixable.add(finding);
	}
	return fixable;
}

/**
 * The text after the fixes of a pass: all that go together where nothing is wrong with what comes out, else those that are each verified.
 * @returns `undefined` where nothing is left to fix
 */
async function nextPass(
	pass: Pass,
	code: string | undefined,
	attempt: (pass: Pass, chosen: readonly ChosenFix[]) => Promise<Analysis | undefined>,
): Promise<Pass | undefined> {
	const { findings } = pass.analysis;
	const proposed = findings.flatMap((finding) => chosenFix(finding, finding.proposals(), code) ?? []);
	const together = compatible(proposed);
	const all = together.length === 0 ? undefined : await passAfter(pass, together, attempt);
	if (all !== undefined || together.length === 0) return all;
	const verified: ChosenFix[] = [];
	for (const { finding } of proposed) {
		const chosen = chosenFix(finding, await finding.fixes(), code);
		if (chosen !== undefined) verified.push(chosen);
	}
	const rest = compatible(verified);
	if (rest.length === 0) return undefined;
	// Two that are right alone may not be together; then one comes after the other.
	return (await passAfter(pass, rest, attempt)) ?? (await passAfter(pass, rest.slice(0, 1), attempt));
}

async function passAfter(
	pass: Pass,
	chosen: readonly ChosenFix[],
	attempt: (pass: Pass, chosen: readonly ChosenFix[]) => Promise<Analysis | undefined>,
): Promise<Pass | undefined> {
	const after = await attempt(pass, chosen);
	if (after === undefined) return undefined;
	const own = new Set(chosen.flatMap(({ fix }) => fix.changes ?? []));
	const edits = chosen.flatMap(({ fix }) => fix.edits);
	const fixed = chosen.map(({ finding }) => finding);
	if (problemOf({ before: pass.analysis, after, fixed, edits, aspects: own }) !== undefined) return undefined;
	return { analysis: after, applied: pass.applied + chosen.length, aspects: new Set([...pass.aspects, ...own]) };
}

/** The fix of a finding that fix-all takes, or that "fix all of this kind" takes where `code` is given. */
export async function fixForAll(finding: ReportedFinding, code?: string): Promise<Fix | undefined> {
	// What nobody proposes need not be verified.
	if (chosenFix(finding, finding.proposals(), code) === undefined) return undefined;
	return chosenFix(finding, await finding.fixes(), code)?.fix;
}

function chosenFix(finding: ReportedFinding, fixes: readonly Fix[], code: string | undefined): ChosenFix | undefined {
	if (code === undefined ? !finding.rule.fixAll : finding.code !== code) return undefined;
	const fix = fixes.find((each) => each.preferred && each.edits.length > 0 && !each.create?.size && !each.otherEdits?.size);
	return fix && { finding, fix };
}

/**
 * The fixes that can be applied together, the earlier ones first; the others have their turn in the next pass.
 */
function compatible(chosen: readonly ChosenFix[]): ChosenFix[] {
	/** Of the fixes taken, by place; they do not overlap, so only neighbours can stand in the way of another. */
	const taken: TextEdit[] = [];
	return chosen.filter(({ fix }) => {
		const places = fix.edits.map((edit) => indexOf(taken, edit.range.start));
		const free = fix.edits.every((edit, index) => {
			const place = places[index] as number;
			return [taken[place - 1], taken[place]].every((other) => other === undefined || !conflicts(edit, other));
		});
		if (free) for (const edit of fix.edits) taken.splice(indexOf(taken, edit.range.start), 0, edit);
		return free;
	});
}

/** Where an edit that starts at `offset` belongs: behind all that start there or before. */
function indexOf(edits: readonly TextEdit[], offset: number): number {
	let low = 0;
	let high = edits.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((edits[middle] as TextEdit).range.start <= offset) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Whether the edits overlap, or one inserts where the other begins, ends or inserts as well. Replacements that only adjoin do not. */
function conflicts({ range: a }: TextEdit, { range: b }: TextEdit): boolean {
	if (a.start === a.end || b.start === b.end) return a.start <= b.end && b.start <= a.end;
	return a.start < b.end && b.start < a.end;
}
