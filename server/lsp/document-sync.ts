import { type Connection, FileChangeType } from 'vscode-languageserver';
import { SETTINGS_FILE } from '../knowledge/files-that-matter.ts';
import { basename } from '../workspace/paths.ts';
import { changeDocument, openDocument } from './documents.ts';
import { pathFromUri } from './uris.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Follows the documents that the client has open, and the files that it watches. */
export function serveDocuments(connection: Connection, state: WorkspaceState): void {
	const { unsaved } = state.settings;

	connection.onDidOpenTextDocument(({ textDocument }) => state.put(openDocument(textDocument, state.features.encoding)));

	connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
		const document = state.documentOf(textDocument.uri);
		if (document === undefined) return;
		unsaved.add(document.path);
		state.put(changeDocument(document, textDocument.version, contentChanges, state.features.encoding));
	});

	connection.onDidCloseTextDocument(({ textDocument }) => {
		const document = state.documentOf(textDocument.uri);
		if (document === undefined) return;
		unsaved.delete(document.path);
		state.remove(document);
	});

	connection.onDidSaveTextDocument(({ textDocument }) => {
		const path = pathFromUri(textDocument.uri);
		unsaved.delete(path);
		if (state.isWatched(path) && basename(path) !== SETTINGS_FILE) return;
		state.forgetFiles(path);
		state.filesChanged();
	});

	connection.onDidChangeWatchedFiles(({ changes }) => {
		for (const { uri, type } of changes) {
			const path = pathFromUri(uri);
			// The text in the editor counts, not the one on disk; a file that is created or deleted may still change a directory.
			if (type === FileChangeType.Changed && state.documentAt(path) !== undefined) continue;
			// Only what is in the folders is watched: a path outside is a file of a folder under another name, because the folder is a link.
			state.forgetFiles(state.folderOf(path) === undefined ? undefined : path);
			state.filesChangedSoon();
		}
	});
}
