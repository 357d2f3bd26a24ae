import { type CodeAction, CodeActionKind, type CodeActionParams, type Diagnostic, type WorkspaceEdit } from 'vscode-languageserver';
import type { Fix, Severity } from '../findings/finding.ts';
import { titleWithout } from '../fixes/losses.ts';
import type { Analysis, ReportedFinding } from '../lint/analyse.ts';
import { type FixAllResult, fixForAll } from '../lint/fix-all.ts';
import { minimalEdits } from '../lint/line-diff.ts';
import type { Range } from '../text/text.ts';
import { visible } from '../text/visible.ts';
import { SOURCE, toDiagnostic } from './diagnostics.ts';
import type { OpenDocument } from './documents.ts';
import { APPLY_FIX, type LossyFix } from './protocol.ts';
import { type RangeOfPlace, readRelatedPlaces } from './related-places.ts';
import { type SettingsFile, suppressActions } from './suppress-actions.ts';
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
	/** The settings file that counts for a document, there or not; `undefined` for a document in no file system. */
	settingsFile(document: OpenDocument): Promise<SettingsFile | undefined>;
}

const FIX_ALL_TITLE = 'Fix all auto-fixable go-scratch problems';

const SEVERITY_ORDER: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

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
	/** By edit: the same change is offered once, under the title of the worst finding that it fixes. */
	const offered = new Map<string, CodeAction>();

	if (wanted(CodeActionKind.QuickFix)) {
		const ofAKind = new Map<string, CodeAction>();
		const worstFirst = [...here].sort((a, b) => SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity));
		let worst: Severity | undefined;
		for (const finding of worstFirst) {
			const diagnostics = [asDiagnostic(finding)];
			// The preferred ones first: clients that know no preference take the first.
			const fixes = [...(await finding.fixes())].sort((a, b) => Number(b.preferred) - Number(a.preferred));
			for (const fix of fixes) {
				const edit = await fixToWorkspaceEdit(fix, document, context);
				if (edit === undefined) continue;
				worst ??= finding.severity;
				// An editor puts preferred actions first: that of a hint must not come before those of an error.
				const isPreferred = fix.preferred && finding.severity === worst;
				const key = JSON.stringify(edit);
				const same = offered.get(key);
				offered.set(key, {
					...(same ?? actionFor(fix, edit, CodeActionKind.QuickFix, context)),
					diagnostics: [...(same?.diagnostics ?? []), ...diagnostics],
					isPreferred: same?.isPreferred || isPreferred,
				});
			}
			const { code } = finding;
			if (!ofAKind.has(code) && (await fixForAll(finding, code)) !== undefined && (await isFixed(others(analysis, finding), code))) {
				const action = { title: `Fix all ${code} in this file`, kind: CodeActionKind.QuickFix, diagnostics };
				ofAKind.set(code, await withFixAll(action, document, code, context));
			}
		}
		actions.push(...offered.values(), ...ofAKind.values());
		if (here.length > 0 && (await isFixed(analysis.findings))) {
			actions.push(await withFixAll({ title: FIX_ALL_TITLE, kind: CodeActionKind.QuickFix }, document, undefined, context));
		}
		const settingsFile = here.length > 0 ? await context.settingsFile(document) : undefined;
		actions.push(...(await suppressActions(worstFirst, document, analysis, asDiagnostic, settingsFile, context)));
	}

	if (wanted(CodeActionKind.RefactorRewrite)) {
		for (const fix of context.refactorings(analysis, range)) {
			const edit = await fixToWorkspaceEdit(fix, document, context);
			// What fixes a finding here is offered as that already.
			if (edit === undefined || offered.has(JSON.stringify(edit))) continue;
			actions.push(actionFor(fix, edit, CodeActionKind.RefactorRewrite, context));
		}
	}

	if (wanted(FIX_ALL_KIND) && (await isFixed(analysis.findings))) {
		actions.push(await withFixAll({ title: FIX_ALL_TITLE, kind: FIX_ALL_KIND }, document, undefined, context));
	}
	return actions;
}

/** A fix as an action. Our own editor lists first what may be lost by it; others show the first of that in the title. */
function actionFor(fix: Fix, edit: WorkspaceEdit, kind: CodeActionKind, { features }: EditContext): CodeAction {
	const { losses = [] } = fix;
	if (!features.ownEditor || losses.length === 0) return { title: visible(fix.title), kind, edit };
	const name = visible(titleWithout(fix));
	const lossy: LossyFix = { title: name, losses: losses.map(visible), edit };
	const title = `${name}…`;
	return { title, kind, command: { title, command: APPLY_FIX, arguments: [lossy] } };
}

/** Whether fix-all has a fix for one of the findings; no more of them are verified than that takes. */
async function isFixed(findings: readonly ReportedFinding[], code?: string): Promise<boolean> {
	for (const finding of findings) if ((await fixForAll(finding, code)) !== undefined) return true;
	return false;
}

const others = ({ findings }: Analysis, finding: ReportedFinding) => findings.filter((other) => other !== finding);

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
