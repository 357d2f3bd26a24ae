import { type TextEdit, type Uri, type WorkspaceEdit, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { LossyFix } from '../server/lsp/protocol.ts';
import { tellWarning, withoutIcons } from './messages.ts';
import { onTwoLines, type PickLine, pickLine, separator } from './pick.ts';
import { showChanges } from './shown-texts.ts';

type Choice = 'apply' | 'changes';

/**
 * Applies a fix by which something may be lost, once a person has seen all of that. VS Code's own preview has all changes unticked and
 * does not show the losses.
 */
export async function applyLossyFix(client: BaseLanguageClient, fix: LossyFix): Promise<void> {
	const { title, edit } = fix;
	const versions = new Map(workspace.textDocuments.map((document) => [document.uri.toString(), document.version]));
	const changes = await client.protocol2CodeConverter.asWorkspaceEdit(edit);
	const [first] = changes.entries();
	let chosen = await ask(fix, first !== undefined);
	if (chosen === 'changes' && first !== undefined) {
		const close = await showChanges(first[0], await changed(...first), title);
		chosen = await ask(fix, false);
		await close();
	}
	if (chosen === 'apply') await applyTo(versions, changes);
}

/** Lists what may be lost, below what to do about it. `undefined` if the fix is not wanted. */
function ask({ title, losses }: LossyFix, withChanges: boolean): Promise<Choice | undefined> {
	const lines: PickLine<Choice>[] = [
		{ label: '$(check) Apply', value: 'apply' },
		...(withChanges ? [{ label: '$(diff) Show changes', value: 'changes' as const }] : []),
		separator(),
		...losses.map((loss) => onTwoLines(`$(warning) ${withoutIcons(loss)}`)),
	];
	const what = losses.length === 1 ? 'this' : `these ${losses.length} things`;
	// A person may look at the Dockerfile meanwhile.
	return pickLine(lines, { title: withoutIcons(`${title}?`), placeholder: `Check ${what} before you apply it`, stays: true });
}

async function applyTo(versions: ReadonlyMap<string, number>, changes: WorkspaceEdit): Promise<void> {
	for (const [uri] of changes.entries()) {
		const document = workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
		const version = versions.get(uri.toString());
		if (document !== undefined && version !== undefined && document.version !== version) {
			tellWarning(`${workspace.asRelativePath(uri)} has changed. Choose the fix again.`);
			return;
		}
	}
	if (!(await workspace.applyEdit(changes))) tellWarning('The fix could not be applied.');
}

/** The text of a file after edits, which do not overlap. */
async function changed(uri: Uri, edits: readonly TextEdit[]): Promise<string> {
	const document = await workspace.openTextDocument(uri);
	const lastFirst = [...edits].sort((a, b) => b.range.start.compareTo(a.range.start));
	let text = document.getText();
	for (const { range, newText } of lastFirst) {
		text = text.slice(0, document.offsetAt(range.start)) + newText + text.slice(document.offsetAt(range.end));
	}
	return text;
}
