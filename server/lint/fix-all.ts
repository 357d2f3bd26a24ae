import type { Fix } from '../rules/rule.ts';
import { applyEdits, type TextEdit } from '../text/text.ts';
import type { Analyser, AnalysisRequest, ReportedFinding } from './analyse.ts';

/** So many passes at most; what is not at rest by then would not come to rest. */
export const MAX_PASSES = 10;

export interface FixAllResult {
	readonly text: string;
	/** How many fixes were applied. */
	readonly applied: number;
	/** What is left to say of the new text. */
	readonly remaining: readonly ReportedFinding[];
}

/**
 * Applies every fix that is certain to be right, again and again until none is left: a fix may make room for the next.
 *
 * Fixes that create or edit other files are left to a person: this changes the one text only.
 *
 * @param code Takes the fixes of this rule alone, whether or not fix-all takes the rule's otherwise.
 * @throws The signal's reason once it is aborted.
 */
export async function fixAll(analyser: Analyser, request: AnalysisRequest, code?: string): Promise<FixAllResult> {
	let { text } = request;
	let applied = 0;
	const seen = new Set([text]);
	let { findings } = await analyser.analyse(request);
	for (let pass = 0; pass < MAX_PASSES; pass++) {
		const fixes = compatible(findings.flatMap((finding) => fixForAll(finding, code) ?? []));
		const next = applyFixes(text, fixes);
		// An earlier text that comes back would come back for ever.
		if (next === undefined || seen.has(next)) break;
		seen.add(next);
		text = next;
		applied += fixes.length;
		({ findings } = await analyser.analyse({ ...request, text }));
	}
	return { text, applied, remaining: findings };
}

/** The fix of a finding that fix-all takes, or that "fix all of this kind" takes where `code` is given. */
export function fixForAll(finding: ReportedFinding, code?: string): Fix | undefined {
	if (code === undefined ? !finding.rule.fixAll : finding.code !== code) return undefined;
	return finding.fixes?.find((fix) => fix.preferred && fix.edits.length > 0 && !fix.create?.size && !fix.otherEdits?.size);
}

/** The fixes that can be applied together, the earlier ones first; the others have their turn in the next pass. */
function compatible(fixes: readonly Fix[]): Fix[] {
	const taken: Fix[] = [];
	const edits: TextEdit[] = [];
	for (const fix of fixes) {
		if (fix.edits.some((edit) => edits.some((other) => conflicts(edit, other)))) continue;
		taken.push(fix);
		edits.push(...fix.edits);
	}
	return taken;
}

/** Whether the edits overlap, or one inserts where the other begins, ends or inserts as well. Replacements that only adjoin do not. */
function conflicts(a: TextEdit, b: TextEdit): boolean {
	if (a.range.start === a.range.end || b.range.start === b.range.end) return a.range.start <= b.range.end && b.range.start <= a.range.end;
	return a.range.start < b.range.end && b.range.start < a.range.end;
}

/** `undefined` where there is nothing to apply, or where a fix's own edits overlap, which is a defect of its rule. */
function applyFixes(text: string, fixes: readonly Fix[]): string | undefined {
	if (fixes.length === 0) return undefined;
	try {
		return applyEdits(
			text,
			fixes.flatMap((fix) => fix.edits),
		);
	} catch {
		return undefined;
	}
}
