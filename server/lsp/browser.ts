import {
	BrowserMessageReader,
	BrowserMessageWriter,
	createConnection,
	type InitializeParams,
	type RequestMessage,
} from 'vscode-languageserver/browser';
import { version } from '../../package.json';
import { NO_INSTALLATION } from '../program/installation.ts';
import { createLifecycle } from './lifecycle.ts';
import { LOGGED_AS_TEXT } from './messages.ts';
import { startServer } from './server.ts';

/** The web worker itself, which the types of Node do not know. */
declare const self: ConstructorParameters<typeof BrowserMessageReader>[0] & {
	/** The address of the directory with the libraries that are loaded when they are first used: scripts/build.ts leaves them out. */
	goScratchScripts?: string;
	close(): void;
	addEventListener(type: 'message', listener: (event: Initializing) => void): void;
};

/** A message before it is known which one it is. */
interface Initializing {
	readonly data: Partial<RequestMessage>;
}

/** For how many milliseconds is worked before whatever else waits (a keystroke, a cancellation) has its turn. */
const SLICE_MILLISECONDS = 8;

// Next to this script; an editor that starts it from a blob says where that is.
self.goScratchScripts = '';
self.addEventListener('message', ({ data: { method, params } }: Initializing) => {
	const address = method === 'initialize' ? (params as InitializeParams).initializationOptions?.scripts : undefined;
	if (typeof address === 'string') self.goScratchScripts = address;
});

/** The server as a web worker, which reads every file through its client. */
const lifecycle = createLifecycle();
const connection = createConnection(LOGGED_AS_TEXT, new BrowserMessageReader(self), new BrowserMessageWriter(self), lifecycle.options);
connection.onExit(() => self.close());
startServer(connection, lifecycle, {
	version,
	files: (ofClient) => ({ ...ofClient, pause: createPause() }),
	installation: NO_INSTALLATION,
	// The library reads one message a turn.
	messagesRead: () => new Promise<void>((resolve) => void setTimeout(() => setTimeout(resolve))),
	after(milliseconds, callback) {
		const timer = setTimeout(callback, milliseconds);
		return { cancel: () => clearTimeout(timer) };
	},
});

/** A message to oneself waits behind those that are there already, and not for the four milliseconds that a timer takes at least. */
function createPause(): () => Promise<void> | undefined {
	const { port1, port2 } = new MessageChannel() as unknown as Record<'port1' | 'port2', Port>;
	let sliceEnd = 0;
	let pausing: Promise<void> | undefined;
	return () => {
		if (performance.now() < sliceEnd) return undefined;
		pausing ??= new Promise((resolve) => {
			port1.onmessage = () => {
				pausing = undefined;
				sliceEnd = performance.now() + SLICE_MILLISECONDS;
				resolve();
			};
			port2.postMessage(undefined);
		});
		return pausing;
	};
}

/** A port as browsers have it. */
interface Port {
	onmessage: (() => void) | null;
	postMessage(message: undefined): void;
}
