import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver';
import type { Dockerfile } from '../dockerfile/syntax.ts';
import { insertBefore } from '../fixes/instructions.ts';
import { insertAbove } from '../fixes/yaml-edits.ts';
import { SETTINGS_FILE } from '../knowledge/files-that-matter.ts';
import type { Analysis, ReportedFinding } from '../lint/analyse.ts';
import { isSameYaml } from '../lint/reads-alike.ts';
import { withRuleOff } from '../lint/settings-edit.ts';
import { ignoring, ignoringInFile, readSuppressionsOfYaml } from '../lint/suppressions.ts';
import { applyEdits, lineStarts, type TextEdit } from '../text/text.ts';
import type { OpenDocument } from './documents.ts';
import { RULE_ACTIONS, type RuleAction } from './protocol.ts';
import { type EditContext, editsToWorkspaceEdit, filesToWorkspaceEdit } from './workspace-edits.ts';

/** A settings file, which need not exist. */
export interface SettingsFile {
	readonly path: string;
	readonly text: string | undefined;
}

/**
 * What turns a rule off, for a person who knows better: for the instruction or the line of YAML of each finding, in the file, and in the
 * workspace. Where the client is our own, what is needed less is in a list behind one entry, with the page of the rule: FROM may have
 * findings of many rules.
 *
 * @param settingsFile The one that counts for the document; `undefined` where it has no workspace.
 */
export async function suppressActions(
	findings: readonly ReportedFinding[],
	document: OpenDocument,
	analysis: Analysis,
	asDiagnostic: (finding: ReportedFinding) => Diagnostic,
	settingsFile: SettingsFile | undefined,
	context: EditContext,
): Promise<CodeAction[]> {
	const comments = analysis.facts === undefined ? commentsInYaml(analysis) : commentsIn(analysis.facts.dockerfile);
	if (comments === undefined) return [];
	const actions: CodeAction[] = [];
	const listed: RuleAction[] = [];
	const codes = [...new Set(findings.map((finding) => finding.code))];
	const edited = (edit: TextEdit) => editsToWorkspaceEdit([edit], document, context.features);
	for (const code of codes) {
		const ofCode = findings.filter((finding) => finding.code === code);
		for (const { edit, findings: within } of await comments.here(code, ofCode)) {
			const title = `Disable ${code} for this ${comments.unit}`;
			actions.push({ title, kind: CodeActionKind.QuickFix, diagnostics: within.map(asDiagnostic), edit: edited(edit) });
		}
		const others: Required<RuleAction>[] = [];
		const whole = comments.inFile(code);
		if (whole !== undefined) others.push({ code, title: `Disable ${code} for this file`, edit: edited(whole) });
		const text = settingsFile === undefined ? undefined : withRuleOff(settingsFile.text, code);
		if (settingsFile !== undefined && text !== undefined) {
			const edit = await filesToWorkspaceEdit(new Map([[settingsFile.path, text]]), context);
			others.push({ code, title: `Disable ${code} in the workspace (${SETTINGS_FILE})`, edit });
		}
		if (context.features.ownEditor) listed.push(...others, { code, title: `Show documentation for ${code}` });
		else {
			const diagnostics = ofCode.map(asDiagnostic);
			actions.push(...others.map(({ title, edit }) => ({ title, kind: CodeActionKind.QuickFix, diagnostics, edit })));
		}
	}
	if (listed.length > 0) {
		const title = codes.length === 1 ? `More about ${codes[0]}…` : `More about these ${codes.length} rules…`;
		const command = { title, command: RULE_ACTIONS, arguments: [listed] };
		actions.push({ title, kind: CodeActionKind.QuickFix, diagnostics: findings.map(asDiagnostic), command });
	}
	return actions;
}

/** A comment, and the findings that it is for. */
interface Placed {
	readonly edit: TextEdit;
	readonly findings: readonly ReportedFinding[];
}

/** Comments that turn a rule off in a file. */
interface Comments {
	/** What a comment of its own is for. */
	readonly unit: 'instruction' | 'line';
	here(code: string, findings: readonly ReportedFinding[]): readonly Placed[] | Promise<readonly Placed[]>;
	inFile(code: string): TextEdit | undefined;
}

function commentsIn(dockerfile: Dockerfile): Comments {
	const [first] = dockerfile.instructions;
	return {
		unit: 'instruction',
		here: (code, findings) =>
			dockerfile.instructions.flatMap((instruction) => {
				const within = findings.filter(({ range }) => instruction.range.start <= range.start && range.start <= instruction.range.end);
				return within.length === 0 ? [] : [{ edit: insertBefore(dockerfile, instruction, [ignoring(code)]), findings: within }];
			}),
		inFile: (code) => first && insertBefore(dockerfile, first, [ignoringInFile(code)]),
	};
}

/** `undefined` for a file that deploys nothing. */
function commentsInYaml({ text, deployment }: Analysis): Comments | undefined {
	if (deployment !== true) return undefined;
	return {
		unit: 'line',
		async here(code, findings) {
			const placed = new Map<number, Placed>();
			for (const finding of findings) {
				const inline = finding.ignore?.();
				if (inline !== undefined) {
					placed.set(inline.range.start, { edit: inline, findings: [...(placed.get(inline.range.start)?.findings ?? []), finding] });
					continue;
				}
				const edit = insertAbove(text, finding.range.start, ignoring(code));
				const changed = applyEdits(text, [edit]);
				const range = { start: finding.range.start + edit.newText.length, end: finding.range.end + edit.newText.length };
				// In a text of several lines it is no comment.
				const counts = readSuppressionsOfYaml(changed, lineStarts(changed)).covers(code, range) && (await isSameYaml(text, changed));
				if (counts) placed.set(edit.range.start, { edit, findings: [...(placed.get(edit.range.start)?.findings ?? []), finding] });
			}
			return [...placed.values()];
		},
		inFile: (code) => insertAbove(text, text.startsWith('\uFEFF') ? 1 : 0, ignoringInFile(code)),
	};
}
