import { readersAgree } from '../dockerfile/second-reader.ts';
import type { Facts } from '../facts/facts.ts';
import type { Fix } from '../rules/rule.ts';
import { applyEdits, type TextEdit } from '../text/text.ts';
import type { Analyser, Analysis, AnalysisRequest, ReportedFinding } from './analyse.ts';

/** So many passes at most; what is not at rest by then would not come to rest. */
export const MAX_PASSES = 10;

export interface FixAllResult {
	readonly text: string;
	/** What is left to say of the new text. */
	readonly remaining: readonly ReportedFinding[];
	/** What is known of the new text. */
	readonly facts: Facts | undefined;
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
 * Applies every fix that is certain to be right, again and again until none is left: a fix may make room for the next.
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
	let analysis = known?.text === request.text ? known : await analyser.analyse(request);
	let applied = 0;
	const seen = new Set([request.text]);
	for (let pass = 0; pass < MAX_PASSES; pass++) {
		const fixes = compatible(analysis.findings.flatMap((finding) => fixForAll(finding, code) ?? []));
		const text = applyEdits(
			analysis.text,
			fixes.flatMap((fix) => fix.edits),
		);
		// An earlier text that comes back would come back for ever; without fixes it comes back at once.
		// So does one that the two readers of Dockerfiles no longer read alike: then the text before it is the last good one.
		if (seen.has(text) || !readersAgree(request.text, text)) break;
		seen.add(text);
		applied += fixes.length;
		analysis = await analyser.analyse({ ...request, text });
	}
	return { text: analysis.text, remaining: analysis.findings, facts: analysis.facts, applied };
}

/** The fix of a finding that fix-all takes, or that "fix all of this kind" takes where `code` is given. */
export function fixForAll(finding: ReportedFinding, code?: string): Fix | undefined {
	if (code === undefined ? !finding.rule.fixAll : finding.code !== code) return undefined;
	return finding.fixes().find((fix) => fix.preferred && fix.edits.length > 0 && !fix.create?.size && !fix.otherEdits?.size);
}

/**
 * The fixes that can be applied together, the earlier ones first; the others have their turn in the next pass.
 */
function compatible(fixes: readonly Fix[]): Fix[] {
	/** Of the fixes taken, by place; they do not overlap, so only neighbours can stand in the way of another. */
	const taken: TextEdit[] = [];
	return fixes.filter((fix) => {
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
