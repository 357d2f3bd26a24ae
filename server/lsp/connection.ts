import {
	type CancellationToken,
	CancellationTokenSource,
	createMessageConnection,
	type Logger,
	type MessageReader,
	type MessageWriter,
} from 'vscode-jsonrpc';
import type {
	ApplyWorkspaceEditParams,
	ApplyWorkspaceEditResult,
	CodeAction,
	CodeActionParams,
	DidChangeConfigurationParams,
	DidChangeTextDocumentParams,
	DidChangeWatchedFilesParams,
	DidChangeWorkspaceFoldersParams,
	DidCloseTextDocumentParams,
	DidOpenTextDocumentParams,
	DidSaveTextDocumentParams,
	DocumentDiagnosticParams,
	DocumentDiagnosticReport,
	ExecuteCommandParams,
	Hover,
	HoverParams,
	InitializeParams,
	InitializeResult,
	MessageActionItem,
	PublishDiagnosticsParams,
	ShowDocumentParams,
	ShowMessageRequestParams,
} from 'vscode-languageserver-protocol';
import { withoutLinks } from '../text/message.ts';
import { visible, visibleLines } from '../text/visible.ts';
import { MessageType } from './protocol-constants.ts';

/** Takes what answers a request of the client. */
type Asked<P, R> = (handler: (params: P, token: CancellationToken) => R | Promise<R>) => void;
/** Takes what heeds a notification of the client. */
type Told<P> = (handler: (params: P) => void) => void;

/** What server and client say to each other. What is sent rejects where the client answers with an error, or is gone. */
export interface ServerConnection {
	/** Begins to hear the client; before, nothing is lost. */
	listen(): void;

	readonly onInitialize: Asked<InitializeParams, InitializeResult>;
	readonly onInitialized: Told<object>;
	readonly onDidOpenTextDocument: Told<DidOpenTextDocumentParams>;
	readonly onDidChangeTextDocument: Told<DidChangeTextDocumentParams>;
	readonly onDidCloseTextDocument: Told<DidCloseTextDocumentParams>;
	readonly onDidSaveTextDocument: Told<DidSaveTextDocumentParams>;
	readonly onDidChangeConfiguration: Told<DidChangeConfigurationParams>;
	readonly onDidChangeWatchedFiles: Told<DidChangeWatchedFilesParams>;
	readonly onDidChangeWorkspaceFolders: Told<DidChangeWorkspaceFoldersParams>;
	readonly onDiagnostics: Asked<DocumentDiagnosticParams, DocumentDiagnosticReport>;
	readonly onCodeAction: Asked<CodeActionParams, CodeAction[]>;
	readonly onCodeActionResolve: Asked<CodeAction, CodeAction>;
	readonly onHover: Asked<HoverParams, Hover | null>;
	readonly onExecuteCommand: Asked<ExecuteCommandParams, unknown>;
	/** Answers a request that is not of the protocol. */
	onRequest<P, R>(method: string, handler: (params: P, token: CancellationToken) => Promise<R>): void;

	/** Sends a request that is not of the protocol. */
	sendRequest(method: string, params: object): Promise<unknown>;
	sendDiagnostics(params: PublishDiagnosticsParams): Promise<void>;
	/** Has a client that asks for diagnostics ask again. */
	refreshDiagnostics(): Promise<void>;
	applyEdit(params: ApplyWorkspaceEditParams, token: CancellationToken): Promise<ApplyWorkspaceEditResult>;
	showDocument(params: ShowDocumentParams, token: CancellationToken): Promise<unknown>;
	showMessage(type: MessageType, message: string): Promise<void>;
	/** Lets a person choose an action; `null` where none is chosen. */
	showMessageRequest(params: ShowMessageRequestParams, token: CancellationToken): Promise<MessageActionItem | null>;
	/** Shows that something is under way, which a person may cancel. */
	showProgress(title: string): Promise<Progress>;
	/** What the editor's settings hold under the section. */
	getConfiguration(section: string): Promise<unknown>;
	/** Asks the client to send a notification from now on. */
	register(method: string, registerOptions: object): Promise<void>;
	/** Has the client log what must not happen. */
	logError(message: string): void;
}

export interface Progress {
	/** Is cancelled by the person. */
	readonly token: CancellationToken;
	done(): void;
}

/** The process or worker that serves a connection, and nothing else. */
export interface Host {
	/** The client says which process it is. */
	clientIs?(processId: number): void;
	/**
	 * The client is gone, or wants no more.
	 *
	 * @param announced Whether it had asked for the end, as the protocol wants it to.
	 */
	end(announced: boolean): void;
}

/**
 * Speaks the Language Server Protocol as far as this server goes. Microsoft's library for servers does so too, and brings all of the
 * protocol along: a quarter of what a browser would load, and a tenth of the time until a process answers.
 */
export function createServerConnection(reader: MessageReader, writer: MessageWriter, host: Host): ServerConnection {
	const log = (type: MessageType) => (message: string) => send('window/logMessage', { type, message: visibleLines(message) });
	const logger: Logger = {
		error: log(MessageType.Error),
		warn: log(MessageType.Warning),
		info: log(MessageType.Info),
		log: log(MessageType.Log),
	};
	const rpc = createMessageConnection(reader, writer, logger);

	function answer<P>(method: string, handler: (params: P, token: CancellationToken) => unknown): void {
		rpc.onRequest(method, handler);
	}
	function asked<P, R>(method: string): Asked<P, R> {
		return (handler) => answer(method, handler);
	}
	function told<P>(method: string): Told<P> {
		return (handler) => void rpc.onNotification(method, handler);
	}
	/** Lets a message go its way: where it does not arrive there is no client any more. */
	function send(method: string, params: object): void {
		rpc.sendNotification(method, params).catch(() => {});
	}

	let announced = false;
	let registrations = 0;
	let shown = 0;
	/** By the name of what is shown as under way. */
	const cancellations = new Map<unknown, CancellationTokenSource>();

	return {
		listen() {
			rpc.onRequest('shutdown', () => {
				announced = true;
				return null;
			});
			rpc.onNotification('exit', () => host.end(announced));
			rpc.onNotification('window/workDoneProgress/cancel', ({ token }: { readonly token: unknown }) => cancellations.get(token)?.cancel());
			rpc.onClose(() => host.end(announced));
			rpc.listen();
		},
		onInitialize(handler) {
			rpc.onRequest('initialize', (params: InitializeParams, token: CancellationToken) => {
				if (typeof params.processId === 'number') host.clientIs?.(params.processId);
				return handler(params, token);
			});
		},
		onInitialized: told('initialized'),
		onDidOpenTextDocument: told('textDocument/didOpen'),
		onDidChangeTextDocument: told('textDocument/didChange'),
		onDidCloseTextDocument: told('textDocument/didClose'),
		onDidSaveTextDocument: told('textDocument/didSave'),
		onDidChangeConfiguration: told('workspace/didChangeConfiguration'),
		onDidChangeWatchedFiles: told('workspace/didChangeWatchedFiles'),
		onDidChangeWorkspaceFolders: told('workspace/didChangeWorkspaceFolders'),
		onDiagnostics: asked('textDocument/diagnostic'),
		onCodeAction: asked('textDocument/codeAction'),
		onCodeActionResolve: asked('codeAction/resolve'),
		onHover: asked('textDocument/hover'),
		onExecuteCommand: asked('workspace/executeCommand'),
		onRequest: answer,
		sendRequest: (method, params) => rpc.sendRequest(method, params),
		sendDiagnostics: (params) => rpc.sendNotification('textDocument/publishDiagnostics', params),
		refreshDiagnostics: () => rpc.sendRequest('workspace/diagnostic/refresh'),
		applyEdit: (params, token) => rpc.sendRequest('workspace/applyEdit', params, token),
		showDocument: (params, token) => rpc.sendRequest('window/showDocument', params, token),
		showMessage: (type, message) => rpc.sendNotification('window/showMessage', { type, message: withoutLinks(message) }),
		async showMessageRequest({ type, message, actions = [] }, token) {
			const shown = actions.map((action) => ({ ...action, title: visible(action.title) }));
			const params: ShowMessageRequestParams = { type, message: withoutLinks(message), actions: shown };
			const chosen: MessageActionItem | null = await rpc.sendRequest('window/showMessageRequest', params, token);
			return actions[shown.findIndex(({ title }) => title === chosen?.title)] ?? null;
		},
		async showProgress(title) {
			const token = `go-scratch-${++shown}`;
			await rpc.sendRequest('window/workDoneProgress/create', { token });
			const source = new CancellationTokenSource();
			cancellations.set(token, source);
			send('$/progress', { token, value: { kind: 'begin', title, cancellable: true } });
			return {
				token: source.token,
				done() {
					cancellations.delete(token);
					send('$/progress', { token, value: { kind: 'end' } });
				},
			};
		},
		async getConfiguration(section) {
			const [value] = await rpc.sendRequest<unknown[]>('workspace/configuration', { items: [{ section }] });
			return value;
		},
		register: (method, registerOptions) =>
			rpc.sendRequest('client/registerCapability', {
				registrations: [{ id: `go-scratch-${++registrations}`, method, registerOptions }],
			}),
		logError: log(MessageType.Error),
	};
}
