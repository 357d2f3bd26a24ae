import {
	type CancellationToken,
	type Connection,
	type Diagnostic,
	DidChangeConfigurationNotification,
	DidChangeWatchedFilesNotification,
	ErrorCodes,
	FileChangeType,
	type InitializeParams,
	type InitializeResult,
	LSPErrorCodes,
	MessageType,
	ResponseError,
	TextDocumentSyncKind,
	type WorkspaceFolder,
} from 'vscode-languageserver';
import { concernsGo } from '../facts/build-facts.ts';
import { refactorings } from '../fixes/refactorings.ts';
import { type Candidates, directoryOf, findCandidates, generateFor } from '../generate/generation.ts';
import { hoverAt } from '../hover/hover.ts';
import { SETTINGS_FILE } from '../knowledge/files-that-matter.ts';
import { type AnalysisRequest, createAnalyser, type ReportedFinding } from '../lint/analyse.ts';
import { isDockerfilePath } from '../lint/dockerfile-names.ts';
import { fixAll } from '../lint/fix-all.ts';
import { findRoot } from '../lint/root.ts';
import {
	DEFAULT_SETTINGS,
	findSettingsFile,
	mergeSettings,
	readEditorSettings,
	readSettingsFile,
	type Settings,
} from '../lint/settings.ts';
import type { GoInstallation } from '../program/installation.ts';
import type { Archive } from '../workspace/archive.ts';
import type { Files } from '../workspace/files.ts';
import { createOverlayFiles } from '../workspace/overlay-files.ts';
import { basename, dirname, spelledWithin } from '../workspace/paths.ts';
import { createAnalyses } from './analyses.ts';
import { createClientFiles } from './client-files.ts';
import { CODE_ACTION_KINDS, type CodeActionContext, codeActions, resolveCodeAction } from './code-actions.ts';
import { SOURCE, toDiagnostic } from './diagnostics.ts';
import { changeDocument, type OpenDocument, openDocument } from './documents.ts';
import { type Features, readFeatures } from './features.ts';
import { GENERATE_COMMAND, runGenerateCommand } from './generate-command.ts';
import type { Lifecycle } from './lifecycle.ts';
import { markupOf } from './markup.ts';
import { showMessage } from './messages.ts';
import {
	type FileParams,
	GENERATE,
	type GenerateParams,
	type GenerateResult,
	MAIN_PACKAGES,
	type MainPackagesParams,
	type MainPackagesResult,
} from './protocol.ts';
import { type RangeOfPlace, readRelatedPlaces } from './related-places.ts';
import { pathFromUri, uriFromPath } from './uris.ts';
import { watchedFiles } from './watched-files.ts';

/** What the server takes from the world it runs in. */
export interface Runtime {
	readonly version: string;
	/** All files that can be read: those of this machine, where it has any, and those that the client reads. */
	files(ofClient: Files): Files;
	/** Where Go and its module cache are, where they can be. */
	readonly installation: GoInstallation;
	/** Where what was read of Go is kept from one process to the next, where there is such a place. */
	readonly archive?: Archive | undefined;
	/** Calls back once, after `milliseconds` at the earliest. */
	after(milliseconds: number, callback: () => void): Timer;
	/** Resolves once the client's messages that have arrived were read. */
	messagesRead(): Promise<void>;
}

export interface Timer {
	cancel(): void;
}

/** After the last answer, before what was read is kept for the next process. */
const KEEP_DELAY = 10_000;
/** After a file change: a checkout or a build changes many at once. */
const FILES_DELAY = 250;
/** Where nobody tells of files that change, they are looked at again after this time at the earliest, and not with every keystroke. */
const LOOKED_AT = 1000;
/** A person who opened a file sees what can be said without the Go files, where the rest takes longer than this. */
const PATIENCE = 300;

/** Serves one client over `connection` until it ends. Nothing here writes a file or starts a process. */
export function startServer(connection: Connection, lifecycle: Lifecycle, runtime: Runtime): void {
	const files = createOverlayFiles(runtime.files(createClientFiles(askForFile)));
	const log = (message: string) => connection.console.error(message);
	const analyser = createAnalyser({ files, installation: runtime.installation, archive: runtime.archive, log });
	const codes = analyser.rules.map((rule) => rule.code);

	let features: Features = readFeatures({});
	let folders: string[] = [];
	/** Whether the client tells of files that change; where it does not, they are looked at again while a Dockerfile is edited. */
	let watching = false;
	let editorSettings: Settings = DEFAULT_SETTINGS;
	let comments = true;
	/** Resolved once the client's settings are known; analyses wait for it, so that no finding flashes up that is off. */
	let settled: Promise<void> = Promise.resolve();
	const documents = new Map<string, OpenDocument>();
	/** Makes every overlay version one of its own: a client starts again from 1 when it opens a file anew. */
	let overlays = 0;

	async function askForFile(method: string, params: FileParams): Promise<unknown> {
		return features.clientFiles ? connection.sendRequest(method, params) : undefined;
	}

	const documentOf = (uri: string) => documents.get(uri);
	const dockerfileOf = (uri: string) => {
		const document = documents.get(uri);
		return document !== undefined && isDockerfile(document) ? document : undefined;
	};
	const documentAt = (path: string) => [...documents.values()].find((document) => document.path === path);
	const uriOf = (path: string) => documentAt(path)?.uri ?? uriFromPath(path);

	const analyses = createAnalyses(analyser, dockerfileOf, requestOf, runtime.messagesRead);

	async function requestOf({ path, text }: OpenDocument): Promise<AnalysisRequest> {
		await settled;
		const root = await rootOf(path);
		return { path, text, root, settings: await settingsOf(path, root) };
	}

	/** The innermost workspace folder that holds the path. */
	function folderOf(path: string): string | undefined {
		return folders.flatMap((folder) => spelledWithin(folder, path) ?? []).sort((a, b) => b.length - a.length)[0];
	}

	/** Whether the client tells when the file changes: it watches what is in its folders. */
	function isWatched(path: string): boolean {
		return watching && folderOf(path) !== undefined;
	}

	/** By directory: the workspace that it lies in, and what a settings file there says. */
	const roots = new Map<string, Promise<string>>();
	const settingsFiles = new Map<string, Promise<Settings | undefined>>();

	/** Forgets what was read of the file or directory; without a path, looks at everything again. */
	function forgetFiles(path?: string): void {
		analyser.invalidate(path);
		roots.clear();
		settingsFiles.clear();
	}

	/** Whether files were looked at again a moment ago, and whether that was asked for once more since. */
	let looked: { again: boolean } | undefined;

	/** Looks at files of which nobody tells when they change: at once, and not again before {@link LOOKED_AT}. */
	function lookAgain(): void {
		if (looked !== undefined) {
			looked.again = true;
			return;
		}
		const now = { again: false };
		looked = now;
		forgetFiles();
		runtime.after(LOOKED_AT, () => {
			looked = undefined;
			if (!now.again) return;
			lookAgain();
			filesChanged();
		});
	}

	async function rootOf(path: string): Promise<string> {
		return folderOf(path) ?? once(roots, dirname(path), (directory) => findRoot(files, directory));
	}

	const toldProblems = new Set<string>();
	/** The files whose texts are being written: what is wrong with them may be half a word. */
	const unsaved = new Set<string>();

	async function settingsOf(path: string, root: string): Promise<Settings> {
		const settings = await once(settingsFiles, `${root}\n${dirname(path)}`, () => readSettings(path, root));
		return settings === undefined ? editorSettings : mergeSettings(editorSettings, settings);
	}

	async function readSettings(path: string, root: string): Promise<Settings | undefined> {
		const file = await findSettingsFile(files, path, root);
		if (file === undefined) return undefined;
		const { settings, problems } = readSettingsFile(file.text, codes);
		if (!unsaved.has(file.path)) for (const { line, message } of problems) tellOnce(`${basename(file.path)}:${line + 1}: ${message}`);
		return settings;
	}

	function tellOnce(message: string): void {
		if (toldProblems.has(message)) return;
		toldProblems.add(message);
		send(showMessage(connection, MessageType.Warning, message));
	}

	// --- The life of the connection.

	connection.onInitialize((params: InitializeParams): InitializeResult => {
		features = readFeatures(params.capabilities);
		const { rootUri, rootPath } = params;
		const uris = params.workspaceFolders?.map((folder) => folder.uri) ?? (rootUri ? [rootUri] : []);
		folders = uris.map(pathFromUri);
		if (folders.length === 0 && rootPath) folders = [pathFromUri(rootPath)];
		useEditorSettings(params.initializationOptions);
		return {
			serverInfo: { name: SOURCE, version: runtime.version },
			capabilities: {
				positionEncoding: features.encoding,
				textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
				codeActionProvider: { codeActionKinds: [...CODE_ACTION_KINDS], resolveProvider: features.lazyEdits },
				hoverProvider: true,
				executeCommandProvider: { commands: [GENERATE_COMMAND] },
				...(features.pullDiagnostics
					? { diagnosticProvider: { identifier: SOURCE, interFileDependencies: true, workspaceDiagnostics: false } }
					: {}),
				workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
			},
		};
	});

	connection.onInitialized(() => {
		settled = fetchSettings();
		if (features.configurationRegistration) {
			void connection.client.register(DidChangeConfigurationNotification.type, { section: SOURCE }).catch(logRejection);
		}
		if (features.fileWatching) {
			watching = true;
			void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: watchedFiles() }).catch((error) => {
				watching = false;
				logRejection(error);
			});
		}
		if (features.workspaceFolders) {
			connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
				const gone = new Set(removed.map(folderPath));
				folders = [...folders.filter((folder) => !gone.has(folder)), ...added.map(folderPath)];
				forgetFiles();
				filesChanged();
			});
		}
	});

	function logRejection(error: unknown): void {
		log(`The client refused a registration: ${error}`);
	}

	// --- Settings.

	function useEditorSettings(value: unknown): void {
		const { settings, problems } = readEditorSettings(value, codes);
		editorSettings = settings;
		comments = (value as { generate?: { comments?: unknown } } | null | undefined)?.generate?.comments !== false;
		for (const { message } of problems) tellOnce(message);
	}

	async function fetchSettings(): Promise<void> {
		if (!features.configuration) return;
		try {
			const value: unknown = await connection.workspace.getConfiguration(SOURCE);
			// A client without settings of ours answers null; then what it said at the start stands.
			if (value !== null && value !== undefined) useEditorSettings(value);
		} catch (error) {
			log(`The settings could not be read: ${error}`);
		}
	}

	connection.onDidChangeConfiguration(({ settings }) => {
		if (features.configuration) settled = fetchSettings();
		else useEditorSettings(settings?.[SOURCE] ?? settings);
		filesChanged();
	});

	// --- Documents and files.

	function put(document: OpenDocument): void {
		documents.set(document.uri, document);
		files.open(document.path, document.text, ++overlays);
		changed(document);
	}

	function changed(document: OpenDocument): void {
		analyses.drop(document.uri);
		if (isDockerfile(document)) {
			if (!isWatched(document.path)) lookAgain();
			pushNow(document.uri);
			return;
		}
		forgetFiles(document.path);
		filesChanged();
	}

	connection.onDidOpenTextDocument(({ textDocument }) => put(openDocument(textDocument, features.encoding)));

	connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
		const document = documents.get(textDocument.uri);
		if (document === undefined) return;
		unsaved.add(document.path);
		put(changeDocument(document, textDocument.version, contentChanges, features.encoding));
	});

	connection.onDidCloseTextDocument(({ textDocument }) => {
		const document = documents.get(textDocument.uri);
		if (document === undefined) return;
		documents.delete(textDocument.uri);
		unsaved.delete(document.path);
		// Two names may lead to the same file.
		const other = documentAt(document.path);
		if (other === undefined) files.close(document.path);
		else files.open(other.path, other.text, ++overlays);
		analyses.drop(document.uri);
		forget(document.uri);
		forgetFiles(document.path);
		filesChanged();
	});

	connection.onDidSaveTextDocument(({ textDocument }) => {
		const path = pathFromUri(textDocument.uri);
		unsaved.delete(path);
		if (isWatched(path) && basename(path) !== SETTINGS_FILE) return;
		forgetFiles(path);
		filesChanged();
	});

	connection.onDidChangeWatchedFiles(({ changes }) => {
		for (const { uri, type } of changes) {
			const path = pathFromUri(uri);
			// What the editor shows stands, whatever is on disk; a file that comes or goes may still be a directory's entry.
			if (type === FileChangeType.Changed && documentAt(path) !== undefined) continue;
			// Only what is in the folders is watched: this is a file of one of them under another name, because the folder is a link.
			forgetFiles(folderOf(path) === undefined ? undefined : path);
			filesChangedSoon();
		}
	});

	let filesTimer: Timer | undefined;

	function filesChangedSoon(): void {
		filesTimer?.cancel();
		filesTimer = runtime.after(FILES_DELAY, filesChanged);
	}

	/** Lets every open Dockerfile be looked at again. */
	function filesChanged(): void {
		filesTimer?.cancel();
		analyses.dropAll();
		for (const document of documents.values()) if (isDockerfile(document)) pushSoon(document.uri);
		refreshSoon();
	}

	// --- Diagnostics, pushed to a client that does not ask.

	const pushTimers = new Map<string, Timer>();
	/** The Dockerfiles for which the client has had findings. */
	const shown = new Set<string>();

	/** The push of each Dockerfile that is under way; a later one takes its place. */
	const pushes = new Map<string, { aborted: boolean }>();

	/** Pushes what is found after a change of files. */
	function pushSoon(uri: string): void {
		if (features.pullDiagnostics) return;
		pushTimers.get(uri)?.cancel();
		pushTimers.set(
			uri,
			runtime.after(FILES_DELAY, () => pushNow(uri)),
		);
	}

	function pushNow(uri: string): void {
		if (features.pullDiagnostics) return;
		pushTimers.get(uri)?.cancel();
		endPush(uri);
		const own = { aborted: false };
		pushes.set(uri, own);
		push(uri, own).catch((error) => log(`Findings could not be sent: ${error}`));
	}

	function endPush(uri: string): void {
		const known = pushes.get(uri);
		if (known !== undefined) known.aborted = true;
		pushes.delete(uri);
	}

	async function push(uri: string, own: { readonly aborted: boolean }): Promise<void> {
		const first = shown.has(uri) ? undefined : runtime.after(PATIENCE, () => void pushQuick(uri).catch(() => {}));
		const analysis = await analyses.complete(uri, own);
		first?.cancel();
		if (own.aborted) return;
		keepSoon();
		await publish(uri, analysis?.text, analysis?.findings ?? [], () => !own.aborted);
	}

	async function pushQuick(uri: string): Promise<void> {
		const analysis = await analyses.quick(uri);
		await publish(uri, analysis?.text, analysis?.findings ?? [], () => !shown.has(uri));
	}

	let keepTimer: Timer | undefined;
	/** Whether something was asked since the timer was set: to set it anew with each keystroke would cost more. */
	let askedSince = false;

	/** Keeps what was read of Go once nothing has been asked for a while. */
	function keepSoon(): void {
		askedSince = keepTimer !== undefined;
		keepTimer ??= runtime.after(KEEP_DELAY, () => {
			keepTimer = undefined;
			if (askedSince) keepSoon();
			else void analyser.reader.keep();
		});
	}

	async function publish(
		uri: string,
		text: string | undefined,
		findings: readonly ReportedFinding[],
		isWanted: () => boolean,
	): Promise<void> {
		const rangeOfPlace = await readRelatedPlaces(findings, features, actionContext);
		const document = documents.get(uri);
		// Findings of an older text would stand in the wrong places.
		if (document === undefined || document.text !== text || !isWanted()) return;
		shown.add(uri);
		send(
			connection.sendDiagnostics({
				uri,
				...(features.diagnosticVersion ? { version: document.version } : {}),
				diagnostics: diagnosticsOf(document, findings, rangeOfPlace),
			}),
		);
	}

	function diagnosticsOf({ positions }: OpenDocument, findings: readonly ReportedFinding[], rangeOfPlace: RangeOfPlace): Diagnostic[] {
		return findings.map((finding) => toDiagnostic(finding, positions.range, rangeOfPlace, features, uriOf));
	}

	function forget(uri: string): void {
		pushTimers.get(uri)?.cancel();
		pushTimers.delete(uri);
		endPush(uri);
		if (shown.delete(uri) && !features.pullDiagnostics) send(connection.sendDiagnostics({ uri, diagnostics: [] }));
	}

	// --- Diagnostics, given to a client that asks.

	let refreshTimer: Timer | undefined;

	function refreshSoon(): void {
		if (!features.pullDiagnostics || !features.diagnosticRefresh) return;
		refreshTimer?.cancel();
		refreshTimer = runtime.after(FILES_DELAY, refresh);
	}

	function refresh(): void {
		send(connection.languages.diagnostics.refresh());
	}

	connection.languages.diagnostics.on(async ({ textDocument: { uri } }, token) => {
		const early = features.diagnosticRefresh && !shown.has(uri);
		const complete = analyses.complete(uri, cancelledBy(token));
		const analysis = early ? await Promise.race([complete, quickAfterPatience(uri)]) : await complete;
		const rangeOfPlace = await readRelatedPlaces(analysis?.findings ?? [], features, actionContext);
		throwIfCancelled(token);
		const document = documents.get(uri);
		if (analysis === undefined || document === undefined) return { kind: 'full', items: [] };
		if (document.text !== analysis.text) throw new ResponseError(LSPErrorCodes.ContentModified, 'The document has changed.');
		shown.add(uri);
		keepSoon();
		// What is still missing is asked for again once it can be given.
		if (!analysis.complete) void analyses.complete(uri).then(refresh, () => {});
		return { kind: 'full', items: diagnosticsOf(document, analysis.findings, rangeOfPlace) };
	});

	async function quickAfterPatience(uri: string) {
		await new Promise<void>((resolve) => runtime.after(PATIENCE, resolve));
		return analyses.quick(uri);
	}

	// --- Actions and hover.

	const actionContext: CodeActionContext = {
		get features() {
			return features;
		},
		documentAt,
		uriOf,
		readText: async (path) => files.readText(path),
		fixAll: async (document, code) => {
			const [request, analysis] = [await analyses.request(document), await analyses.complete(document.uri)];
			return fixAll(analyser, request, { code, analysis });
		},
		refactorings: ({ facts }, range) => (facts === undefined || !concernsGo(facts) ? [] : refactorings(facts, range)),
	};

	connection.onCodeAction(async (params, token) => {
		const analysis = await analyses.complete(params.textDocument.uri, cancelledBy(token));
		throwIfCancelled(token);
		const document = documents.get(params.textDocument.uri);
		if (analysis === undefined || document === undefined || document.text !== analysis.text) return [];
		return codeActions(params, document, analysis, actionContext);
	});

	connection.onCodeActionResolve((action) => resolveCodeAction(action, documentOf, actionContext));

	connection.onHover(async ({ textDocument: { uri }, position }, token) => {
		const analysis = await analyses.complete(uri, cancelledBy(token));
		throwIfCancelled(token);
		const document = documents.get(uri);
		if (analysis?.facts === undefined || !concernsGo(analysis.facts) || document?.text !== analysis.text) return null;
		const hover = hoverAt(analysis.facts, document.positions.offset(position), uriOf);
		if (hover === undefined) return null;
		return { contents: markupOf(hover.text, features), range: document.positions.range(hover.range) };
	});

	// --- Writing a Dockerfile.

	async function candidatesAt(path: string, signal: AbortSignal): Promise<Candidates> {
		const directory = await directoryOf(files, path);
		const root = folderOf(directory) ?? (await findRoot(files, directory));
		if (!isWatched(directory)) forgetFiles();
		return findCandidates(analyser.reader, directory, root, signal);
	}

	connection.onExecuteCommand(async ({ command, arguments: words }, token) => {
		if (command !== GENERATE_COMMAND) throw new ResponseError(ErrorCodes.InvalidParams, `Unknown command ${command}.`);
		await settled;
		await runGenerateCommand(words, { ...actionContext, features, files, folders, comments, candidatesAt }, connection, token);
		throwIfCancelled(token);
		return null;
	});

	connection.onRequest(MAIN_PACKAGES, async ({ uri }: MainPackagesParams, token: CancellationToken): Promise<MainPackagesResult> => {
		const { candidates, message } = await candidatesAt(pathFromUri(uri), signalOf(token));
		const mainPackages = candidates.map(({ mainPackage: { directory, importPath, module }, needs }) => ({
			uri: uriFromPath(directory),
			importPath,
			module: module?.file.path ?? '',
			needs,
		}));
		return message === undefined ? { mainPackages } : { mainPackages, message };
	});

	connection.onRequest(GENERATE, async ({ uri, comments }: GenerateParams, token: CancellationToken): Promise<GenerateResult> => {
		const { workspace, candidates, message } = await candidatesAt(pathFromUri(uri), signalOf(token));
		const directory = pathFromUri(uri);
		const candidate = candidates.find(({ mainPackage }) => mainPackage.directory === directory) ?? candidates[0];
		if (candidate === undefined) return { files: [], summary: message ?? '' };
		const generated = await generateFor(files, workspace, candidate, comments);
		if (typeof generated === 'string') return { files: [], summary: generated };
		const generatedFiles = generated.files.map(({ path, content, exists }) => ({ uri: uriOf(path), content, exists }));
		return { files: generatedFiles, summary: generated.summary };
	});

	lifecycle.attach(connection);
	connection.listen();
}

/** Lets a message go its way: where it does not arrive there is no client any more, or one that does not know it. */
function send(sending: Promise<unknown>): void {
	sending.catch(() => {});
}

function isDockerfile({ languageId, path }: OpenDocument): boolean {
	if (/\.(?:docker|container)ignore$/i.test(path)) return false;
	return languageId === 'dockerfile' || isDockerfilePath(path);
}

function folderPath(folder: WorkspaceFolder): string {
	return pathFromUri(folder.uri);
}

/** What {@link Analyses} asks of a signal, for whoever starts nothing that is to be stopped. */
function cancelledBy(token: CancellationToken): Pick<AbortSignal, 'aborted'> {
	return {
		get aborted() {
			return token.isCancellationRequested;
		},
	};
}

/** What `make` promised for the key before, or promises now. */
function once<T>(made: Map<string, Promise<T>>, key: string, make: (key: string) => Promise<T>): Promise<T> {
	let promise = made.get(key);
	if (promise === undefined) {
		promise = make(key);
		made.set(key, promise);
	}
	return promise;
}

function signalOf(token: CancellationToken): AbortSignal {
	const abort = new AbortController();
	// What is aborted throws the reason, which is the answer then.
	if (token.isCancellationRequested) abort.abort(cancelled());
	token.onCancellationRequested(() => abort.abort(cancelled()));
	return abort.signal;
}

function throwIfCancelled(token: CancellationToken): void {
	if (token.isCancellationRequested) throw cancelled();
}

function cancelled(): ResponseError<undefined> {
	return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}
