import { commands, type Diagnostic, type Disposable, languages, ProgressLocation, TabInputText, type Uri, window, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { CHECK, type CheckResult, type FileParams } from '../server/lsp/protocol.ts';
import { findDockerfiles } from './current-dockerfile.ts';
import { tellInformation, tellWarning } from './messages.ts';

/** The findings in Dockerfiles that are not open; those of open ones come with the documents. */
const closed = languages.createDiagnosticCollection('go-scratch (workspace)');

/** Takes the findings in a Dockerfile that is opened, changed or deleted back: they are old, or come with the document. */
export function followClosed(): Disposable[] {
	const watcher = workspace.createFileSystemWatcher('**/*{ockerfile,ontainerfile}*');
	const forget = (uri: Uri) => closed.delete(uri);
	return [
		closed,
		watcher,
		watcher.onDidChange(forget),
		watcher.onDidDelete(forget),
		window.tabGroups.onDidChangeTabs(({ opened }) => {
			for (const { input } of opened) if (input instanceof TabInputText) forget(input.uri);
		}),
	];
}

function isOpen(uri: Uri): boolean {
	const shown = window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
	return shown.some((input) => input instanceof TabInputText && input.uri.toString() === uri.toString());
}

/** Checks every Dockerfile of the workspace, and shows what is found in the Problems panel. */
export async function checkWorkspace(client: BaseLanguageClient): Promise<void> {
	const found = await findDockerfiles();
	if (found.length === 0) {
		tellWarning('There is no Dockerfile in the workspace.', {
			title: 'Generate a Dockerfile',
			run: () => commands.executeCommand('go-scratch.generate'),
		});
		return;
	}
	closed.clear();
	const checked: { readonly concernsGo: boolean; readonly diagnostics: readonly Diagnostic[] }[] = [];
	const options = { location: ProgressLocation.Notification, title: 'go-scratch: checking', cancellable: true };
	await window.withProgress(options, async (progress, token) => {
		for (const uri of found) {
			if (token.isCancellationRequested) return;
			progress.report({ message: workspace.asRelativePath(uri), increment: 100 / found.length });
			const params: FileParams = { uri: uri.toString() };
			try {
				const { concernsGo, diagnostics } = await client.sendRequest<CheckResult>(CHECK, params, token);
				const shown = await client.protocol2CodeConverter.asDiagnostics([...diagnostics]);
				checked.push({ concernsGo, diagnostics: shown });
				if (!isOpen(uri)) closed.set(uri, shown);
			} catch (error) {
				// A cancelled request fails; what was checked before is told.
				if (!token.isCancellationRequested) throw error;
			}
		}
	});
	const problems = checked.flatMap(({ diagnostics }) => diagnostics).length;
	const files = checked.filter(({ diagnostics }) => diagnostics.length > 0).length;
	const ofGo = checked.filter(({ concernsGo }) => concernsGo).length;
	const others = checked.length > ofGo ? ` ${counted(checked.length - ofGo, 'Dockerfile')} of other programs skipped.` : '';
	const ended = checked.length < found.length ? ' The check was cancelled.' : '';
	const result = problems === 0 ? 'no problems' : `${counted(problems, 'problem')} in ${counted(files, 'file')}`;
	const message = `${counted(ofGo, 'Dockerfile')} of Go programs checked: ${result}.${others}${ended}`;
	const show = { title: 'Show problems', run: () => commands.executeCommand('workbench.actions.view.problems') };
	if (problems === 0) {
		tellInformation(message);
		return;
	}
	await show.run();
	tellWarning(message, show);
}

function counted(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? '' : 's'}`;
}
