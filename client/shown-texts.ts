import { commands, type Disposable, type Tab, TabInputTextDiff, Uri, window, workspace } from 'vscode';

/** The scheme of texts that are shown and written nowhere. */
const SCHEME = 'go-scratch-generated';

/** By the query of their URIs, one for each time. */
const texts = new Map<string, string>();

/** Lets VS Code read the texts that are compared with what is there. */
export function serveShownTexts(): Disposable {
	return workspace.registerTextDocumentContentProvider(SCHEME, {
		provideTextDocumentContent: ({ query }) => texts.get(query) ?? '',
	});
}

/**
 * Shows how a file would change, and changes nothing.
 *
 * @param name what the new text is: `generated`
 * @returns closes what is shown
 */
export async function showChanges(file: Uri, content: string, name: string): Promise<() => Promise<void>> {
	const query = String(texts.size + 1);
	texts.set(query, content);
	const shown = Uri.from({ scheme: SCHEME, path: file.path, query });
	await commands.executeCommand('vscode.diff', file, shown, `${workspace.asRelativePath(file)} ↔ ${name}`);
	return async () => {
		const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
		const isShown = ({ input }: Tab) => input instanceof TabInputTextDiff && input.modified.toString() === shown.toString();
		await window.tabGroups.close(tabs.filter(isShown));
	};
}
