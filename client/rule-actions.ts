import { commands, type QuickPickItem, QuickPickItemKind, window, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { OPEN_RULE, type RuleAction } from '../server/lsp/protocol.ts';
import { tellInformation } from './messages.ts';

/** Lets a person pick what to do about rules, and does it. */
export async function pickRuleAction(client: BaseLanguageClient, actions: readonly RuleAction[]): Promise<void> {
	const codes = [...new Set(actions.map(({ code }) => code))];
	const items = codes.flatMap((code): (QuickPickItem & { readonly action?: RuleAction })[] => [
		{ label: code, kind: QuickPickItemKind.Separator },
		...actions.filter((action) => action.code === code).map((action) => ({ label: action.title, action })),
	]);
	const picked = await window.showQuickPick(items, { title: codes.length === 1 ? codes[0] : 'Rules with findings here' });
	if (picked?.action === undefined) return;
	const { edit, code } = picked.action;
	if (edit === undefined) {
		await commands.executeCommand(OPEN_RULE, code);
		return;
	}
	const changes = await client.protocol2CodeConverter.asWorkspaceEdit(edit);
	if (!(await workspace.applyEdit(changes))) throw new Error(`The rule ${code} could not be disabled.`);
	for (const [uri] of changes.entries()) {
		if (window.visibleTextEditors.some(({ document }) => document.uri.toString() === uri.toString())) continue;
		// What changes out of sight is saved, and said.
		await (await workspace.openTextDocument(uri)).save();
		const name = workspace.asRelativePath(uri);
		tellInformation(`${code} is disabled in ${name}.`, { title: `Open ${name}`, run: () => window.showTextDocument(uri) });
	}
}
