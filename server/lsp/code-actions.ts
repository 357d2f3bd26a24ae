import { type CodeAction, CodeActionKind, type CodeActionParams, type Diagnostic } from 'vscode-languageserver';
import type { Fix } from '../findings/finding.ts';
import { insertBefore } from '../fixes/instructions.ts';
import type { Analysis, ReportedFinding } from '../lint/analyse.ts';
import { type FixAllResult, fixForAll } from '../lint/fix-all.ts';
import { minimalEdits } from '../lint/line-diff.ts';
import { ignoring } from '../lint/suppressions.ts';
import type { Range } from '../text/text.ts';
import { visible } from '../text/visible.ts';
import { SOURCE, toDiagnostic } from './diagnostics.ts';
import type { OpenDocument } from './documents.ts';
import { type RangeOfPlace, readRelatedPlaces } from './related-places.ts';
import { type EditContext, editsToWorkspaceEdit, fixToWorkspaceEdit } from './workspace-edits.ts';

const FIX_ALL_KIND = `${CodeActionKind.SourceFixAll}.${SOURCE}`;

export const CODE_ACTION_KINDS: readonly string[] = [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL_KIND];

/** What an action carries whose edit is worked out when a person takes it. */
interface FixAllData {
	readonly uri: string;
	/** The rule whose findings are fixed; all rules' where there is none. */
	readonly code: string | undefined;
}

export interface CodeActionContext extends EditContext {
	/** Runs fix-all on the document as it is now. */
	fixAll(document: OpenDocument, code: string | undefined): Promise<FixAllResult>;
	/** Changes without a finding that are offered on a range. */
	refactorings(analysis: Analysis, range: Range): readonly Fix[];
}

/** The actions that a client is offered for a range of `document`. */
export async function codeActions(
	params: CodeActionParams,
	document: OpenDocument,
	analysis: Analysis,
	context: CodeActionContext,
): Promise<CodeAction[]> {
	const { only } = params.context;
	// Nobody who asks for actions wants none: clients send an empty list where they have no filter.
	const wanted = (kind: string) =>
		only === undefined || only.length === 0 || only.some((prefix) => kind === prefix || kind.startsWith(`${prefix}.`) || prefix === '');
	const range = { start: document.positions.offset(params.range.start), end: document.positions.offset(params.range.end) };
	const here = analysis.findings.filter((finding) => finding.range.start <= range.end && range.start <= finding.range.end);
	const rangeOfPlace = await readRelatedPlaces(here, context.features, context);
	const asDiagnostic = (finding: ReportedFinding) => diagnosticOf(finding, document, params.context.diagnostics, rangeOfPlace, context);
	const actions: CodeAction[] = [];

	if (wanted(CodeActionKind.QuickFix)) {
		const ofAKind = new Map<string, CodeAction>();
		for (const finding of here) {
			const diagnostics = [asDiagnostic(finding)];
			// The preferred ones first: clients that know no preference take the first.
			const fixes = [...(await finding.fixes())].sort((a, b) => Number(b.preferred) - Number(a.preferred));
			for (const fix of fixes) {
				const edit = await fixToWorkspaceEdit(fix, document, context);
				if (edit !== undefined)
					actions.push({ title: visible(fix.title), kind: CodeActionKind.QuickFix, diagnostics, isPreferred: fix.preferred, edit });
			}
			const { code } = finding;
			if (!ofAKind.has(code) && (await fixForAll(finding, code)) !== undefined && (await isFixed(others(analysis, finding), code))) {
				const action = { title: `Fix all ${code} in this file`, kind: CodeActionKind.QuickFix, diagnostics };
				ofAKind.set(code, await withFixAll(action, document, code, context));
			}
		}
		actions.push(...ofAKind.values(), ...silencers(here, document, analysis, asDiagnostic, context));
	}

	if (wanted(CodeActionKind.RefactorRewrite)) {
		for (const fix of context.refactorings(analysis, range)) {
			const edit = await fixToWorkspaceEdit(fix, document, context);
			// What mends a finding here is offered as that already.
			const offered = actions.some((action) => JSON.stringify(action.edit) === JSON.stringify(edit));
			if (edit !== undefined && !offered) actions.push({ title: visible(fix.title), kind: CodeActionKind.RefactorRewrite, edit });
		}
	}

	if (wanted(FIX_ALL_KIND) && (await isFixed(analysis.findings))) {
		actions.push(await withFixAll({ title: 'Fix all go-scratch findings', kind: FIX_ALL_KIND }, document, undefined, context));
	}
	return actions;
}

/** Whether fix-all has a fix for one of the findings; no more of them are verified than that takes. */
async function isFixed(findings: readonly ReportedFinding[], code?: string): Promise<boolean> {
	for (const finding of findings) if ((await fixForAll(finding, code)) !== undefined) return true;
	return false;
}

const others = ({ findings }: Analysis, finding: ReportedFinding) => findings.filter((other) => other !== finding);

/** What silences findings where they stand, for whoever knows better. */
function silencers(
	findings: readonly ReportedFinding[],
	document: OpenDocument,
	{ facts }: Analysis,
	asDiagnostic: (finding: ReportedFinding) => Diagnostic,
	context: CodeActionContext,
): CodeAction[] {
	if (facts === undefined) return [];
	const { dockerfile } = facts;
	const actions = new Map<string, CodeAction>();
	for (const finding of findings) {
		const instruction = dockerfile.instructions.find(({ range }) => range.start <= finding.range.start && finding.range.start <= range.end);
		if (instruction === undefined) continue;
		const key = `${finding.code} ${instruction.range.start}`;
		const edits = [insertBefore(dockerfile, instruction, [ignoring(finding.code)])];
		const { diagnostics = [] } = actions.get(key) ?? {};
		actions.set(key, {
			title: `Disable ${finding.code} for this instruction`,
			kind: CodeActionKind.QuickFix,
			diagnostics: [...diagnostics, asDiagnostic(finding)],
			edit: editsToWorkspaceEdit(edits, document, context.features),
		});
	}
	return [...actions.values()];
}

/** Fills in the edit of an action that {@link codeActions} left open. */
export async function resolveCodeAction(
	action: CodeAction,
	documentOf: (uri: string) => OpenDocument | undefined,
	context: CodeActionContext,
): Promise<CodeAction> {
	const data = action.data as Partial<FixAllData> | undefined;
	const document = typeof data?.uri === 'string' ? documentOf(data.uri) : undefined;
	if (document === undefined || action.edit !== undefined) return action;
	return { ...action, edit: await fixAllEdit(document, typeof data?.code === 'string' ? data.code : undefined, context) };
}

/** The action with its edit, or, where the client asks for that later, with what the edit is made of. */
async function withFixAll(
	action: CodeAction,
	document: OpenDocument,
	code: string | undefined,
	context: CodeActionContext,
): Promise<CodeAction> {
	if (!context.features.lazyEdits) return { ...action, edit: await fixAllEdit(document, code, context) };
	const data: FixAllData = { uri: document.uri, code };
	return { ...action, data };
}

async function fixAllEdit(document: OpenDocument, code: string | undefined, context: CodeActionContext) {
	const { text } = await context.fixAll(document, code);
	return editsToWorkspaceEdit(minimalEdits(document.text, text), document, context.features);
}

/** The diagnostic as the client has it, so that it finds it again, or as it would be sent. */
function diagnosticOf(
	finding: ReportedFinding,
	document: OpenDocument,
	known: readonly Diagnostic[],
	rangeOfPlace: RangeOfPlace,
	context: EditContext,
): Diagnostic {
	const own = toDiagnostic(finding, document.positions.range, rangeOfPlace, context.features, (path) => context.uriOf(path));
	const { start } = own.range;
	return (
		known.find(
			({ source, code, range }) =>
				source === SOURCE && code === own.code && range.start.line === start.line && range.start.character === start.character,
		) ?? own
	);
}
