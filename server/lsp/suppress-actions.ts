import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver';
import { insertBefore } from '../fixes/instructions.ts';
import { SETTINGS_FILE } from '../knowledge/files-that-matter.ts';
import type { Analysis, ReportedFinding } from '../lint/analyse.ts';
import { withRuleOff } from '../lint/settings-edit.ts';
import { ignoring, ignoringInFile } from '../lint/suppressions.ts';
import type { OpenDocument } from './documents.ts';
import { OPEN_RULE } from './protocol.ts';
import { type EditContext, editsToWorkspaceEdit, filesToWorkspaceEdit } from './workspace-edits.ts';

/** A settings file, which need not exist. */
export interface SettingsFile {
	readonly path: string;
	readonly text: string | undefined;
}

/**
 * What turns a rule off, for a person who knows better: for the instruction of each finding, in the file, and in the workspace; and its
 * page, where the client shows it.
 *
 * @param settingsFile The one that counts for the document; `undefined` where it has no workspace.
 */
export async function suppressActions(
	findings: readonly ReportedFinding[],
	document: OpenDocument,
	{ facts }: Analysis,
	asDiagnostic: (finding: ReportedFinding) => Diagnostic,
	settingsFile: SettingsFile | undefined,
	context: EditContext,
): Promise<CodeAction[]> {
	if (facts === undefined) return [];
	const { dockerfile } = facts;
	const actions: CodeAction[] = [];
	for (const code of new Set(findings.map((finding) => finding.code))) {
		const ofCode = findings.filter((finding) => finding.code === code);
		const diagnostics = ofCode.map(asDiagnostic);
		const add = (title: string, action: Partial<CodeAction>) =>
			actions.push({ title, kind: CodeActionKind.QuickFix, diagnostics, ...action });
		const instructions = dockerfile.instructions.filter(({ range }) =>
			ofCode.some((finding) => range.start <= finding.range.start && finding.range.start <= range.end),
		);
		for (const instruction of instructions) {
			const within = ofCode.filter(({ range }) => instruction.range.start <= range.start && range.start <= instruction.range.end);
			const edits = [insertBefore(dockerfile, instruction, [ignoring(code)])];
			const edit = editsToWorkspaceEdit(edits, document, context.features);
			add(`Disable ${code} for this instruction`, { diagnostics: within.map(asDiagnostic), edit });
		}
		const [first] = dockerfile.instructions;
		if (first !== undefined) {
			const edits = [insertBefore(dockerfile, first, [ignoringInFile(code)])];
			add(`Disable ${code} for this file`, { edit: editsToWorkspaceEdit(edits, document, context.features) });
		}
		const text = settingsFile === undefined ? undefined : withRuleOff(settingsFile.text, code);
		if (settingsFile !== undefined && text !== undefined) {
			const edit = await filesToWorkspaceEdit(new Map([[settingsFile.path, text]]), context);
			add(`Disable ${code} in the workspace (${SETTINGS_FILE})`, { edit });
		}
		if (context.features.ownEditor) {
			const title = `Show documentation for ${code}`;
			add(title, { command: { title, command: OPEN_RULE, arguments: [code] } });
		}
	}
	return actions;
}
