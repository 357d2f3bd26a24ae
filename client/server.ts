import { type Disposable, EventEmitter, type LogOutputChannel, languages, type TextDocument, window, workspace } from 'vscode';
import {
	type BaseLanguageClient,
	CloseAction,
	type CloseHandlerResult,
	ErrorAction,
	type ErrorHandler,
	type LanguageClientOptions,
	State,
} from 'vscode-languageclient';
import { type DockerfileStatus, EDITOR_CAPABILITY, STATUS } from '../server/lsp/protocol.ts';
import { answerFileRequests } from './files.ts';
import { clientOptions, schemesOpen, sendGoDocuments } from './language-client.ts';
import { type Button, reasonOf, tellError } from './messages.ts';
import { watchNeighbours } from './neighbours.ts';

/** A server that ends more often than this within {@link CRASH_PERIOD} is not started again by itself. */
const MOST_CRASHES = 4;

/** In milliseconds. */
const CRASH_PERIOD = 3 * 60 * 1000;

/** The language server: it starts when a Dockerfile is opened or a command needs it. */
export interface Server extends Disposable {
	/** The client of the running server. Rejects, with words for a person, if there is none. */
	running(): Promise<BaseLanguageClient>;
	restart(): Promise<void>;
	stop(): Promise<void>;
	/** Told what the server knows of each open Dockerfile. */
	readonly onStatus: (listener: (status: DockerfileStatus) => void) => Disposable;
	/** Told when nothing is known any more. */
	readonly onStop: (listener: () => void) => Disposable;
	readonly output: LogOutputChannel;
}

/** What a person can do if the server does not answer. */
export function serverButtons(server: Server): Button[] {
	return [
		{ title: 'Restart server', run: () => server.restart() },
		{ title: 'Show output', run: () => server.output.show() },
	];
}

/** @param create Makes a client of the server, which is not started yet. */
export function createServer(create: (options: LanguageClientOptions) => BaseLanguageClient): Server {
	const output = window.createOutputChannel('go-scratch', { log: true });
	const status = new EventEmitter<DockerfileStatus>();
	const stopped = new EventEmitter<void>();
	let schemes: ReadonlySet<string> = new Set();
	let selector = clientOptions(schemes).documentSelector ?? [];
	let watching: Disposable | undefined;
	let client: Promise<BaseLanguageClient> | undefined;

	async function start(): Promise<BaseLanguageClient> {
		schemes = schemesOpen();
		const options = clientOptions(schemes);
		selector = options.documentSelector ?? [];
		const created = create({
			...options,
			outputChannel: output,
			errorHandler: restartUntil(MOST_CRASHES, () => {
				tellError(`The language server of go-scratch ended ${MOST_CRASHES + 1} times in 3 minutes.`, ...serverButtons(server));
			}),
			initializationFailedHandler: () => false,
		});
		answerFileRequests(created);
		created.registerFeature({
			fillClientCapabilities(capabilities) {
				capabilities.experimental = { ...capabilities.experimental, [EDITOR_CAPABILITY]: true };
			},
			// Called at each start, also after a crash.
			initialize: () => sendGoDocuments(created, schemes),
			getState: () => ({ kind: 'static' }),
			clear() {},
		});
		created.onNotification(STATUS, (value: DockerfileStatus) => status.fire(value));
		created.onDidChangeState(({ newState }) => {
			if (newState !== State.Starting) output.info(`The language server ${newState === State.Running ? 'is running' : 'has ended'}.`);
			if (newState !== State.Running) stopped.fire();
		});
		await created.start();
		watching?.dispose();
		watching = watchNeighbours(created);
		return created;
	}

	async function end(): Promise<void> {
		const ending = client;
		client = undefined;
		watching?.dispose();
		watching = undefined;
		// A server that crashed, or did not start, cannot be stopped.
		await ending?.then((each) => each.stop()).catch(() => {});
		stopped.fire();
	}

	function startFor(document: TextDocument): void {
		if (client !== undefined || languages.match(dockerfileSelector(), document) === 0) return;
		server.running().catch((error) => tellError(reasonOf(error), ...serverButtons(server)));
	}

	function dockerfileSelector() {
		if (client === undefined) selector = clientOptions(schemesOpen()).documentSelector ?? [];
		return selector as Parameters<typeof languages.match>[0];
	}

	const listening = [
		workspace.onDidOpenTextDocument(startFor),
		workspace.onDidChangeWorkspaceFolders(() => {
			// The documents that a client is for are fixed when it starts.
			if (client !== undefined && [...schemesOpen()].some((scheme) => !schemes.has(scheme))) void server.restart();
		}),
		status,
		stopped,
		output,
	];

	const server: Server = {
		output,
		onStatus: status.event,
		onStop: stopped.event,
		async running() {
			client ??= start();
			const running = await client.catch((error) => {
				throw new Error(`The language server of go-scratch did not start: ${reasonOf(error)}`);
			});
			if (running.state === State.Stopped) throw new Error('The language server of go-scratch is not running.');
			return running;
		},
		async restart() {
			await end();
			await server.running();
		},
		stop: end,
		dispose() {
			for (const each of listening) each.dispose();
		},
	};
	for (const document of workspace.textDocuments) startFor(document);
	return server;
}

/** Starts a server that crashed again, but not one that does so again and again. */
function restartUntil(most: number, gone: () => void): ErrorHandler {
	const crashes: number[] = [];
	return {
		error: (_error, _message, count) => ({ action: count !== undefined && count <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown }),
		closed(): CloseHandlerResult {
			const now = Date.now();
			crashes.push(now);
			if (crashes.filter((time) => now - time < CRASH_PERIOD).length <= most) return { action: CloseAction.Restart, handled: true };
			gone();
			return { action: CloseAction.DoNotRestart, handled: true };
		},
	};
}
