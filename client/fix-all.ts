import { type CodeAction, commands, Range, type TextDocument, window, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { CHECK, type CheckResult, type FileParams } from '../server/lsp/protocol.ts';
import { tellInformation } from './messages.ts';

const KIND = 'source.fixAll.go-scratch';

/** Applies every safe fix to a Dockerfile, shows it, and says what is left. */
export async function fixAll(client: BaseLanguageClient, document: TextDocument): Promise<void> {
	await window.showTextDocument(document);
	const name = workspace.asRelativePath(document.uri);
	const whole = new Range(0, 0, document.lineCount, 0);
	// The last parameter has VS Code ask for the edits of the actions too.
	const actions = await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', document.uri, whole, KIND, 1);
	const edit = actions.find(({ kind }) => kind?.value === KIND)?.edit;
	if (edit !== undefined && !(await workspace.applyEdit(edit))) throw new Error(`${name} could not be changed.`);
	const { concernsGo, diagnostics } = await client.sendRequest<CheckResult>(CHECK, { uri: document.uri.toString() } satisfies FileParams);
	const done = edit === undefined ? `Nothing to fix automatically in ${name}.` : `Every safe fix was applied to ${name}.`;
	const left =
		diagnostics.length === 0
			? 'No problems are left.'
			: `${diagnostics.length} ${diagnostics.length === 1 ? 'problem needs' : 'problems need'} a manual fix.`;
	const show = { title: 'Show problems', run: () => commands.executeCommand('workbench.actions.view.problems') };
	if (!concernsGo) tellInformation(`${name} does not build or run a Go program.`);
	else if (diagnostics.length === 0) tellInformation(`${done} ${left}`);
	else tellInformation(`${done} ${left}`, show);
}
