import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import {
	ApplyWorkspaceEditRequest,
	CancellationToken,
	type ClientCapabilities,
	type CodeAction,
	CodeActionRequest,
	CodeActionResolveRequest,
	ConfigurationRequest,
	createProtocolConnection,
	type Diagnostic,
	DiagnosticRefreshRequest,
	type DocumentDiagnosticReport,
	DocumentDiagnosticRequest,
	ExitNotification,
	type FileChangeType,
	HoverRequest,
	type InitializeResult,
	LogMessageNotification,
	type ProtocolConnection,
	PublishDiagnosticsNotification,
	type Range,
	RegistrationRequest,
	ShowDocumentRequest,
	ShowMessageNotification,
	ShowMessageRequest,
	ShutdownRequest,
	StreamMessageReader,
	StreamMessageWriter,
	type TextEdit,
	type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { createPositionMap, type PositionEncoding } from '../../server/lsp/positions.ts';
import { applyEdits } from '../../server/text/text.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let built: string | undefined;

/** The server as one file, made once: it starts in a fraction of the time that the sources take. */
export function serverBundle(): string {
	if (built === undefined) {
		built = join(mkdtempSync(join(tmpdir(), 'go-scratch-server-')), 'server.cjs');
		const mainFields = ['module', 'main'];
		buildSync({
			entryPoints: [join(ROOT, 'server/lsp/node.ts')],
			outfile: built,
			bundle: true,
			platform: 'node',
			format: 'cjs',
			mainFields,
		});
		process.once('exit', () => rmSync(dirname(built as string), { recursive: true, force: true }));
	}
	return built;
}

/** What a present-day client can do. Tests take away what they want to see the server do without. */
export const CAPABILITIES: ClientCapabilities = {
	workspace: {
		applyEdit: true,
		configuration: true,
		workspaceFolders: true,
		didChangeConfiguration: { dynamicRegistration: true },
		didChangeWatchedFiles: { dynamicRegistration: true },
		workspaceEdit: {
			documentChanges: true,
			resourceOperations: ['create', 'rename', 'delete'],
			changeAnnotationSupport: { groupsOnLabel: true },
		},
		diagnostics: { refreshSupport: true },
	},
	textDocument: {
		publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true, versionSupport: true },
		codeAction: {
			codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'refactor', 'source', 'source.fixAll'] } },
			isPreferredSupport: true,
			dataSupport: true,
			resolveSupport: { properties: ['edit'] },
		},
		hover: { contentFormat: ['markdown', 'plaintext'] },
	},
	window: { showDocument: { support: true } },
};

/** The same for a client that asks for diagnostics. */
export const PULLING: ClientCapabilities = { ...CAPABILITIES, textDocument: { ...CAPABILITIES.textDocument, diagnostic: {} } };

export interface ClientOptions {
	readonly files: Readonly<Record<string, string>>;
	readonly capabilities?: ClientCapabilities;
	/** The workspace folders, below the directory of the files; `.` unless told. */
	readonly folders?: readonly string[];
	/** What the editor's settings hold under `go-scratch`. */
	readonly settings?: unknown;
	readonly initializationOptions?: unknown;
	/** The methods whose registration is refused, though the capabilities promise them. */
	readonly refuses?: readonly string[];
	/** What answers requests that this client does not know itself, by method. */
	readonly handlers?: Readonly<Record<string, (params: never) => unknown>>;
	/** The server's command line; that of its bundle over stdio unless told. */
	readonly command?: readonly string[];
}

/** A language client without an editor: it holds texts, applies edits, and remembers what the server says. */
export class Client {
	readonly directory: string;
	readonly capabilities: InitializeResult['capabilities'];
	readonly serverInfo: InitializeResult['serverInfo'];
	readonly texts = new Map<string, { text: string; version: number }>();
	/** All that was pushed, by URI, in order. */
	readonly pushed = new Map<string, { version: number | undefined; diagnostics: readonly Diagnostic[] }[]>();
	/** What a person was shown. */
	readonly messages: string[] = [];
	/** What the server logged: it logs what must not happen. */
	readonly logged: string[] = [];
	readonly registrations: { readonly method: string; readonly options: unknown }[] = [];
	/** What the editor's settings hold, or will once they are known. */
	settings: unknown;
	refreshes = 0;
	/** What a person was asked, and what they choose of it; nothing unless told. */
	readonly asked: { readonly message: string; readonly titles: readonly string[] }[] = [];
	choose: (titles: readonly string[], message: string) => string | undefined = () => undefined;
	/** The edits that the server had applied, and why the client refuses them, where it does. */
	readonly applied: WorkspaceEdit[] = [];
	refusal: string | undefined;
	/** The documents that the server had opened. */
	readonly opened: string[] = [];
	readonly #connection: ProtocolConnection;
	readonly #process: ChildProcess;
	readonly #exit: Promise<number | null>;
	readonly #watchers = new Set<() => void>();

	private constructor(
		directory: string,
		connection: ProtocolConnection,
		child: ChildProcess,
		result: InitializeResult,
		{ settings, refuses = [], handlers = {} }: ClientOptions,
	) {
		this.directory = directory;
		this.#connection = connection;
		this.#process = child;
		this.capabilities = result.capabilities;
		this.serverInfo = result.serverInfo;
		this.settings = settings;
		this.#exit = new Promise((resolve) => child.once('exit', resolve));
		connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, version, diagnostics }) => {
			this.pushed.set(uri, [...(this.pushed.get(uri) ?? []), { version, diagnostics }]);
			this.#tell();
		});
		connection.onNotification(ShowMessageNotification.type, ({ message }) => {
			this.messages.push(message);
			this.#tell();
		});
		connection.onNotification(LogMessageNotification.type, ({ message }) => void this.logged.push(message));
		connection.onRequest(ConfigurationRequest.type, async ({ items }) => {
			const settings = await this.settings;
			return items.map(() => settings ?? null);
		});
		connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
			const refused = registrations.find(({ method }) => refuses.includes(method));
			if (refused !== undefined) throw new Error(`no ${refused.method}`);
			this.registrations.push(...registrations.map(({ method, registerOptions }) => ({ method, options: registerOptions })));
			this.#tell();
		});
		connection.onRequest(DiagnosticRefreshRequest.type, () => {
			this.refreshes++;
			this.#tell();
		});
		connection.onRequest(ShowMessageRequest.type, ({ message, actions = [] }) => {
			const titles = actions.map(({ title }) => title);
			this.asked.push({ message, titles });
			const chosen = this.choose(titles, message);
			return chosen === undefined ? null : { title: chosen };
		});
		connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }) => {
			if (this.refusal !== undefined) return { applied: false, failureReason: this.refusal };
			this.applied.push(edit);
			return { applied: true };
		});
		for (const [method, handler] of Object.entries(handlers)) connection.onRequest(method, handler);
		connection.onRequest(ShowDocumentRequest.type, ({ uri }) => {
			this.opened.push(uri);
			return { success: true };
		});
	}

	static async start(options: ClientOptions): Promise<Client> {
		const { files, capabilities = CAPABILITIES, folders = ['.'], initializationOptions, command } = options;
		const directory = mkdtempSync(join(tmpdir(), 'go-scratch-lsp-'));
		for (const [path, text] of Object.entries(files)) write(join(directory, path), text);
		const [program, ...words] = command ?? [process.execPath, serverBundle(), '--stdio'];
		const child = spawn(program as string, words, { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
		const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
		connection.listen();
		const uris = folders.map((folder) => pathToFileURL(join(directory, folder)).href);
		const result: InitializeResult = await connection.sendRequest('initialize', {
			processId: process.pid,
			rootUri: uris[0] ?? null,
			workspaceFolders: capabilities.workspace?.workspaceFolders ? uris.map((uri) => ({ uri, name: uri })) : undefined,
			capabilities,
			initializationOptions,
		});
		const client = new Client(directory, connection, child, result, options);
		await connection.sendNotification('initialized', {});
		return client;
	}

	uri(path: string): string {
		return pathToFileURL(join(this.directory, path)).href;
	}

	/** Writes a file to disk and tells nobody. */
	write(path: string, text: string): void {
		write(join(this.directory, path), text);
	}

	async open(path: string, text: string, languageId = 'dockerfile'): Promise<string> {
		const uri = this.uri(path);
		this.texts.set(uri, { text, version: 1 });
		await this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
		return uri;
	}

	/** Replaces the whole text. */
	async change(uri: string, text: string): Promise<void> {
		const version = (this.texts.get(uri)?.version ?? 0) + 1;
		this.texts.set(uri, { text, version });
		await this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
	}

	/** Replaces one range, as an editor does. */
	async edit(uri: string, range: Range, newText: string): Promise<void> {
		const version = (this.texts.get(uri)?.version ?? 0) + 1;
		this.texts.set(uri, { text: edited(this.text(uri), [{ range, newText }]), version });
		await this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range, text: newText }] });
	}

	/** Replaces the whole text by each of `texts` in turn, in messages that arrive together. */
	burst(uri: string, texts: readonly string[]): void {
		let { version = 0 } = this.texts.get(uri) ?? {};
		const messages = texts.map((text) => {
			const params = { textDocument: { uri, version: ++version }, contentChanges: [{ text }] };
			const message = JSON.stringify({ jsonrpc: '2.0', method: 'textDocument/didChange', params });
			return `Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`;
		});
		this.texts.set(uri, { text: texts.at(-1) ?? '', version });
		this.#process.stdin?.write(messages.join(''));
	}

	async close(uri: string): Promise<void> {
		this.texts.delete(uri);
		await this.notify('textDocument/didClose', { textDocument: { uri } });
	}

	async changed(path: string, type: FileChangeType): Promise<void> {
		await this.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: this.uri(path), type }] });
	}

	text(uri: string): string {
		return this.texts.get(uri)?.text ?? '';
	}

	/** Asks for the diagnostics of a document. */
	async pull(uri: string): Promise<readonly Diagnostic[]> {
		const report: DocumentDiagnosticReport = await this.#connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
		return report.kind === 'full' ? report.items : [];
	}

	/** Waits until the last diagnostics that were pushed for the newest text satisfy `condition`. */
	async until(uri: string, condition: (diagnostics: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
		let found: readonly Diagnostic[] = [];
		await this.when(
			() => {
				const last = this.pushed.get(uri)?.at(-1);
				const version = this.texts.get(uri)?.version;
				if (last === undefined || (version !== undefined && last.version !== undefined && last.version !== version)) return false;
				found = last.diagnostics;
				return condition(found);
			},
			`diagnostics of ${uri}, the last being ${JSON.stringify(
				this.pushed
					.get(uri)
					?.at(-1)
					?.diagnostics.map((each) => each.code),
			)}`,
		);
		return found;
	}

	/** Waits until something that the server said makes `condition` true. */
	async when(condition: () => boolean, what: string): Promise<void> {
		if (condition()) return;
		await new Promise<void>((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), 20_000);
			const watcher = () => {
				if (!condition()) return;
				clearTimeout(timer);
				this.#watchers.delete(watcher);
				resolve();
			};
			this.#watchers.add(watcher);
		});
	}

	async actions(uri: string, range: Range, only?: string[]): Promise<CodeAction[]> {
		const params = { textDocument: { uri }, range, context: { diagnostics: [], ...(only === undefined ? {} : { only }) } };
		return ((await this.#connection.sendRequest(CodeActionRequest.type, params)) ?? []) as CodeAction[];
	}

	async resolve(action: CodeAction): Promise<CodeAction> {
		return action.edit === undefined ? this.#connection.sendRequest(CodeActionResolveRequest.type, action) : action;
	}

	/** The text that a document has once the edit is applied. */
	after(uri: string, edit: WorkspaceEdit | undefined, encoding: PositionEncoding = 'utf-16'): string {
		return edited(this.text(uri), editsOf(edit, uri), encoding);
	}

	async hover(uri: string, line: number, character: number): Promise<string | undefined> {
		const hover = await this.#connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position: { line, character } });
		return hover !== null && 'value' in (hover.contents as object) ? (hover.contents as { value: string }).value : undefined;
	}

	/** Has `take` hear of everything that is shown as under way. */
	onProgress(take: (token: string, kind: string) => void): void {
		this.#connection.onNotification('$/progress', ({ token, value }: { token: string; value: { kind: string } }) =>
			take(token, value.kind),
		);
	}

	/** Has `take` hear of each notification of a method. */
	onNotification<P>(method: string, take: (params: P) => void): void {
		this.#connection.onNotification(method, (params: P) => {
			take(params);
			this.#tell();
		});
	}

	request<R>(method: string, params: unknown, token?: CancellationToken): Promise<R> {
		return this.#connection.sendRequest(method, params, token ?? CancellationToken.None);
	}

	notify(method: string, params: unknown): Promise<void> {
		return this.#connection.sendNotification(method, params);
	}

	/** Ends the server as the protocol has it, and returns its exit code. */
	async stop(): Promise<number | null> {
		await this.#connection.sendRequest(ShutdownRequest.type);
		await this.#connection.sendNotification(ExitNotification.type);
		const timer = setTimeout(() => this.#process.kill(), 5000);
		const code = await this.#exit;
		clearTimeout(timer);
		this.#connection.dispose();
		rmSync(this.directory, { recursive: true, force: true });
		return code;
	}

	#tell(): void {
		for (const watcher of [...this.#watchers]) watcher();
	}
}

/** The edits of one document, in either form of an edit of the workspace. */
export function editsOf(edit: WorkspaceEdit | undefined, uri: string): TextEdit[] {
	const changes = edit?.documentChanges?.flatMap((change) =>
		'textDocument' in change && change.textDocument.uri === uri ? change.edits : [],
	);
	return (changes as TextEdit[] | undefined) ?? edit?.changes?.[uri] ?? [];
}

function edited(text: string, edits: readonly TextEdit[], encoding: PositionEncoding = 'utf-16'): string {
	const positions = createPositionMap(text, encoding);
	return applyEdits(
		text,
		edits.map(({ range, newText }) => ({ range: { start: positions.offset(range.start), end: positions.offset(range.end) }, newText })),
	);
}

function write(path: string, text: string): void {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
}
