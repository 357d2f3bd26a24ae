import type { Connection } from 'vscode-languageserver';

/** What the server asks of a connection: a part of the library's, of which a browser gets no more. */
export type ServerConnection = Pick<
	Connection,
	| 'listen'
	| 'onCodeAction'
	| 'onCodeActionResolve'
	| 'onDidChangeConfiguration'
	| 'onDidChangeTextDocument'
	| 'onDidChangeWatchedFiles'
	| 'onDidCloseTextDocument'
	| 'onDidOpenTextDocument'
	| 'onDidSaveTextDocument'
	| 'onExecuteCommand'
	| 'onHover'
	| 'onInitialize'
	| 'onInitialized'
	| 'onRequest'
	| 'sendDiagnostics'
	| 'sendNotification'
	| 'sendRequest'
> & {
	readonly client: Pick<Connection['client'], 'register'>;
	readonly console: Pick<Connection['console'], 'error'>;
	readonly languages: { readonly diagnostics: Pick<Connection['languages']['diagnostics'], 'on' | 'refresh'> };
	readonly window: Pick<Connection['window'], 'createWorkDoneProgress'>;
	readonly workspace: Pick<Connection['workspace'], 'getConfiguration' | 'onDidChangeWorkspaceFolders'>;
};
