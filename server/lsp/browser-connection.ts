import { BrowserMessageReader, BrowserMessageWriter, CancellationTokenSource, createMessageConnection } from 'vscode-jsonrpc/browser';
import { MessageType } from './browser-protocol.ts';
import type { ServerConnection } from './connection.ts';

/** The web worker as the library takes it. */
export type WorkerScope = ConstructorParameters<typeof BrowserMessageReader>[0] & { close(): void };

/**
 * A connection over the messages of a web worker. The language server library has one too, which brings all of the protocol along:
 * a quarter of what a browser would load, for two dozen names of methods.
 */
export function createBrowserConnection(worker: WorkerScope): ServerConnection {
	const rpc = createMessageConnection(new BrowserMessageReader(worker), new BrowserMessageWriter(worker));
	const notified = (method: string) => (handler: (params: never) => void) => rpc.onNotification(method, handler as never);
	const asked = (method: string) => (handler: (params: never, token: never) => unknown) => rpc.onRequest(method, handler as never);
	const send = (method: string, params: object) => void rpc.sendNotification(method, params).catch(() => {});
	let registrations = 0;
	let progresses = 0;

	async function createWorkDoneProgress() {
		const token = `go-scratch-${++progresses}`;
		const source = new CancellationTokenSource();
		const cancelled = rpc.onNotification('window/workDoneProgress/cancel', (params: { token: unknown }) => {
			if (params.token === token) source.cancel();
		});
		await rpc.sendRequest('window/workDoneProgress/create', { token });
		const tell = (value: object) => send('$/progress', { token, value });
		return {
			token: source.token,
			begin: (title: string, _percentage: undefined, message: string | undefined, cancellable: boolean) =>
				tell({ kind: 'begin', title, message, cancellable }),
			done: () => {
				cancelled.dispose();
				tell({ kind: 'end' });
			},
		};
	}

	const connection = {
		listen() {
			rpc.onRequest('shutdown', () => null);
			rpc.onNotification('exit', () => worker.close());
			rpc.listen();
		},
		onInitialize: asked('initialize'),
		onInitialized: notified('initialized'),
		onDidOpenTextDocument: notified('textDocument/didOpen'),
		onDidChangeTextDocument: notified('textDocument/didChange'),
		onDidCloseTextDocument: notified('textDocument/didClose'),
		onDidSaveTextDocument: notified('textDocument/didSave'),
		onDidChangeConfiguration: notified('workspace/didChangeConfiguration'),
		onDidChangeWatchedFiles: notified('workspace/didChangeWatchedFiles'),
		onCodeAction: asked('textDocument/codeAction'),
		onCodeActionResolve: asked('codeAction/resolve'),
		onHover: asked('textDocument/hover'),
		onExecuteCommand: asked('workspace/executeCommand'),
		onRequest: (method: string, handler: never) => rpc.onRequest(method, handler),
		sendRequest: (type: string | { method: string }, ...params: never[]) => rpc.sendRequest(methodOf(type), ...params),
		sendNotification: (type: string | { method: string }, params: never) => rpc.sendNotification(methodOf(type), params),
		sendDiagnostics: (params: object) => rpc.sendNotification('textDocument/publishDiagnostics', params),
		client: {
			register: ({ method }: { method: string }, registerOptions: unknown) =>
				rpc.sendRequest('client/registerCapability', {
					registrations: [{ id: `go-scratch-${++registrations}`, method, registerOptions }],
				}),
		},
		console: { error: (message: string) => send('window/logMessage', { type: MessageType.Error, message }) },
		languages: {
			diagnostics: {
				on: asked('textDocument/diagnostic'),
				refresh: () => rpc.sendRequest('workspace/diagnostic/refresh'),
			},
		},
		window: { createWorkDoneProgress },
		workspace: {
			getConfiguration: async (section: string) => {
				const [value] = await rpc.sendRequest<unknown[]>('workspace/configuration', { items: [{ section }] });
				return value;
			},
			onDidChangeWorkspaceFolders: (handler: (event: never) => void) =>
				rpc.onNotification('workspace/didChangeWorkspaceFolders', ({ event }: { event: never }) => handler(event)),
		},
	} satisfies Shape<ServerConnection>;
	// The library's own types say of every method which parameters it takes; here they are passed on as they come.
	return connection as unknown as ServerConnection;
}

/** An object with all that `T` has, whatever the types of its functions. */
type Shape<T> = { readonly [Name in keyof T]: T[Name] extends (...parameters: never[]) => unknown ? unknown : Shape<T[Name]> };

function methodOf(type: string | { readonly method: string }): string {
	return typeof type === 'string' ? type : type.method;
}
