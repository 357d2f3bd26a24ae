import {
	type Connection,
	DidChangeConfigurationNotification,
	DidChangeWatchedFilesNotification,
	type InitializeParams,
	type InitializeResult,
	TextDocumentSyncKind,
	type WorkspaceFolder,
} from 'vscode-languageserver';
import { CODE_ACTION_KINDS } from './code-actions.ts';
import { SOURCE } from './diagnostics.ts';
import { readFeatures } from './features.ts';
import { GENERATE_COMMAND } from './generate-command.ts';
import { pathFromUri } from './uris.ts';
import { watchedFiles } from './watched-files.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Negotiates with the client what it can do and what the server offers, and follows its folders and settings. */
export function serveInitialize(connection: Connection, state: WorkspaceState, version: string): void {
	connection.onInitialize((params: InitializeParams): InitializeResult => {
		state.features = readFeatures(params.capabilities);
		state.folders = foldersOf(params);
		state.settings.use(params.initializationOptions);
		const { encoding, lazyEdits, pullDiagnostics } = state.features;
		return {
			serverInfo: { name: SOURCE, version },
			capabilities: {
				positionEncoding: encoding,
				textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
				codeActionProvider: { codeActionKinds: [...CODE_ACTION_KINDS], resolveProvider: lazyEdits },
				hoverProvider: true,
				executeCommandProvider: { commands: [GENERATE_COMMAND] },
				...(pullDiagnostics
					? { diagnosticProvider: { identifier: SOURCE, interFileDependencies: true, workspaceDiagnostics: false } }
					: {}),
				workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
			},
		};
	});

	connection.onInitialized(() => {
		const { features, settings } = state;
		if (features.configuration) settings.request();
		if (features.configurationRegistration) {
			void connection.client.register(DidChangeConfigurationNotification.type, { section: SOURCE }).catch(logRejection);
		}
		if (features.fileWatching) {
			state.watching = true;
			void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: watchedFiles() }).catch((error) => {
				state.watching = false;
				logRejection(error);
			});
		}
		if (features.workspaceFolders) {
			connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
				const gone = new Set(removed.map(folderPath));
				state.folders = [...state.folders.filter((folder) => !gone.has(folder)), ...added.map(folderPath)];
				state.forgetFiles();
				state.filesChanged();
			});
		}
	});

	connection.onDidChangeConfiguration(({ settings }) => {
		if (state.features.configuration) state.settings.request();
		else state.settings.use(settings?.[SOURCE] ?? settings);
		state.filesChanged();
	});

	function logRejection(error: unknown): void {
		state.log(`The client refused a registration: ${error}`);
	}
}

function foldersOf({ workspaceFolders, rootUri, rootPath }: InitializeParams): string[] {
	const folders = workspaceFolders?.map(folderPath) ?? (rootUri ? [pathFromUri(rootUri)] : []);
	return folders.length === 0 && rootPath ? [pathFromUri(rootPath)] : folders;
}

function folderPath(folder: WorkspaceFolder): string {
	return pathFromUri(folder.uri);
}
