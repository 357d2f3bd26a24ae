import { type Connection, type ConnectionOptions, ErrorCodes, type InitializeParams, Message, ResponseError } from 'vscode-languageserver';

/** A request that comes at the wrong time is answered under this name. */
const REFUSED = 'goScratch/refused';

/** How far a client has gone: nothing is asked before `initialize` or after `shutdown`. */
export interface Lifecycle {
	/** What the connection is created with. */
	readonly options: ConnectionOptions;
	/** Whether the client has said that it needs no more. */
	readonly isShutDown: boolean;
	/** Has the connection answer what comes at the wrong time. */
	attach(connection: Connection): void;
}

/**
 * The order that the protocol sets, which the library for servers leaves to them: before `initialize` and after `shutdown` requests are
 * errors, and notifications other than `exit` mean nothing.
 *
 * https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#lifeCycleMessages
 *
 * @param read What is made of the client's first words before anybody else reads them.
 */
export function createLifecycle(read: (params: InitializeParams) => InitializeParams = (params) => params): Lifecycle {
	let state: 'new' | 'running' | 'shut down' = 'new';

	function accepts(method: string): boolean {
		if (method === 'initialize') return state === 'new';
		return state === 'running' || method === 'exit';
	}

	return {
		options: {
			messageStrategy: {
				handleMessage(message, next) {
					if (Message.isResponse(message)) return next(message);
					const { method } = message as Message & { readonly method: string };
					if (!accepts(method)) {
						return Message.isRequest(message) ? next({ ...message, method: REFUSED, params: [] } as Message) : undefined;
					}
					if (method === 'shutdown') state = 'shut down';
					if (!Message.isRequest(message) || method !== 'initialize') return next(message);
					state = 'running';
					return next({ ...message, params: read(message.params as InitializeParams) } as Message);
				},
			},
		},
		get isShutDown() {
			return state === 'shut down';
		},
		attach(connection) {
			connection.onRequest(REFUSED, () => {
				if (state === 'new') return new ResponseError(ErrorCodes.ServerNotInitialized, 'The first request is initialize.');
				const reason = state === 'running' ? 'The server is initialized already.' : 'The server is shut down.';
				return new ResponseError(ErrorCodes.InvalidRequest, reason);
			});
		},
	};
}
