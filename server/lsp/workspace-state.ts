import type { Connection } from 'vscode-languageserver';
import { isYamlPath, mayDeploy } from '../deployments/deployments.ts';
import { isDockerfilePath } from '../knowledge/dockerfile-names.ts';
import { isReadForAnything } from '../knowledge/files-that-matter.ts';
import { type Analyser, type AnalysisRequest, createAnalyser } from '../lint/analyse.ts';
import { findRoot } from '../lint/root.ts';
import { createOverlayFiles, type OverlayFiles } from '../workspace/overlay-files.ts';
import { dirname, spelledWithin } from '../workspace/paths.ts';
import { type Analyses, createAnalyses } from './analyses.ts';
import { createClientFiles } from './client-files.ts';
import type { OpenDocument } from './documents.ts';
import { type Features, readFeatures } from './features.ts';
import { createKeeper } from './keeper.ts';
import { once } from './once.ts';
import type { FileParams } from './protocol.ts';
import { FILES_DELAY, type Runtime, type Timer } from './runtime.ts';
import { uriFromPath } from './uris.ts';
import type { EditContext } from './workspace-edits.ts';
import { createWorkspaceSettings, type WorkspaceSettings } from './workspace-settings.ts';

/** In milliseconds: files that nobody watches are read again after this time at the earliest, not with every keystroke. */
const LOOK_AGAIN_DELAY = 1000;

/** Hears of what may change the findings in an open Dockerfile. */
export interface Observer {
	/** The text of a Dockerfile changed. */
	changed(uri: string): void;
	/** A document was closed. */
	closed(uri: string): void;
	/** Files or settings changed: the findings in every open Dockerfile may be others. */
	filesChanged(uris: readonly string[]): void;
}

/** All that the features of the server share: the client, its folders, the open documents, the files, and their analyses. */
export interface WorkspaceState extends EditContext {
	/** What the client can do; set when it initializes the server. */
	features: Features;
	folders: readonly string[];
	/** Whether the client reports changes of files. If not, they are read again while a Dockerfile is edited. */
	watching: boolean;
	readonly analyser: Analyser;
	readonly analyses: Analyses;
	readonly files: OverlayFiles;
	readonly settings: WorkspaceSettings;
	documentOf(uri: string): OpenDocument | undefined;
	/** Takes a new version of a document. */
	put(document: OpenDocument): void;
	/** Forgets a document that the client has closed. */
	remove(document: OpenDocument): void;
	/** The innermost workspace folder that contains the path. */
	folderOf(path: string): string | undefined;
	/** Whether the client reports changes of the file: it watches what is in its folders. */
	isWatched(path: string): boolean;
	/** Forgets what was read of the file or directory; without a path, of all. */
	forgetFiles(path?: string): void;
	/** Ends all analyses, and tells the observers. */
	filesChanged(): void;
	/** The same, once no more changes arrive. */
	filesChangedSoon(): void;
	observe(observer: Observer): void;
	/** Keeps what was read of Go for the next process, once nothing is requested for a while. */
	keepSoon(): void;
	log(message: string): void;
}

export function createWorkspaceState(connection: Connection, runtime: Runtime): WorkspaceState {
	const files = createOverlayFiles(runtime.files(createClientFiles(askForFile)));
	const log = (message: string) => connection.console.error(message);
	const { installation, archive } = runtime;
	const analyser = createAnalyser({ files, installation, archive, readLinked: runtime.createLinkedReader?.(files), log });
	const codes = analyser.rules.map((rule) => rule.code);
	const settings = createWorkspaceSettings(connection, files, codes, log);
	const analyses = createAnalyses(analyser, judgedOf, requestOf, () => runtime.messagesRead());
	const documents = new Map<string, OpenDocument>();
	/** By directory: the workspace root that it belongs to. */
	const roots = new Map<string, Promise<string>>();
	const observers: Observer[] = [];
	/** The version of the newest overlay, which is never used twice: a client starts from 1 when it opens a file again. */
	let overlays = 0;
	let filesTimer: Timer | undefined;
	/** Set while {@link LOOK_AGAIN_DELAY} lasts; `again` if files were to be read again meanwhile. */
	let looked: { again: boolean } | undefined;

	async function askForFile(method: string, params: FileParams): Promise<unknown> {
		return state.features.clientFiles ? connection.sendRequest(method, params) : undefined;
	}

	function judgedOf(uri: string): OpenDocument | undefined {
		const document = documents.get(uri);
		return document !== undefined && isJudged(document) ? document : undefined;
	}

	async function requestOf({ path, text }: OpenDocument): Promise<AnalysisRequest> {
		await settings.settled;
		const root = state.folderOf(path) ?? (await once(roots, dirname(path), (directory) => findRoot(files, directory)));
		return { path, text, root, settings: await settings.of(path, root) };
	}

	/** Reads files again that nobody watches: at once, and not again before {@link LOOK_AGAIN_DELAY}. */
	function lookAgain(): void {
		if (looked !== undefined) {
			looked.again = true;
			return;
		}
		const now = { again: false };
		looked = now;
		state.forgetFiles();
		runtime.after(LOOK_AGAIN_DELAY, () => {
			looked = undefined;
			if (!now.again) return;
			lookAgain();
			state.filesChanged();
		});
	}

	const state: WorkspaceState = {
		features: readFeatures({}),
		folders: [],
		watching: false,
		analyser,
		analyses,
		files,
		settings,
		log,
		documentOf: (uri) => documents.get(uri),
		documentAt: (path) => [...documents.values()].find((document) => document.path === path),
		uriOf: (path) => state.documentAt(path)?.uri ?? uriFromPath(path),
		readText: async (path) => files.readText(path),
		put(document) {
			const before = documents.get(document.uri);
			documents.set(document.uri, document);
			files.open(document.path, document.text, ++overlays);
			analyses.drop(document.uri);
			if (isDockerfile(document)) {
				if (!state.isWatched(document.path)) lookAgain();
				for (const observer of observers) observer.changed(document.uri);
				// What deploys its image is compared with it.
				const others = [...documents.values()].filter((each) => isDeployment(each)).map(({ uri }) => uri);
				for (const uri of others) analyses.drop(uri);
				if (others.length > 0) for (const observer of observers) observer.filesChanged(others);
				return;
			}
			// Most YAML files deploy nothing, and tell nothing else of an image.
			const matters =
				isDeployment(document) ||
				(before !== undefined && isDeployment(before)) ||
				!isYamlPath(document.path) ||
				isReadForAnything(document.path);
			if (!matters) return;
			state.forgetFiles(document.path);
			state.filesChanged();
		},
		remove(document) {
			documents.delete(document.uri);
			// Two URIs may name the same file.
			const other = state.documentAt(document.path);
			if (other === undefined) files.close(document.path);
			else files.open(other.path, other.text, ++overlays);
			analyses.drop(document.uri);
			for (const observer of observers) observer.closed(document.uri);
			state.forgetFiles(document.path);
			state.filesChanged();
		},
		folderOf: (path) => state.folders.flatMap((folder) => spelledWithin(folder, path) ?? []).sort((a, b) => b.length - a.length)[0],
		isWatched: (path) => state.watching && state.folderOf(path) !== undefined,
		forgetFiles(path) {
			analyser.invalidate(path);
			roots.clear();
			settings.forgetFiles();
		},
		filesChanged() {
			filesTimer?.cancel();
			analyses.dropAll();
			const uris = [...documents.values()].filter(isJudged).map(({ uri }) => uri);
			for (const observer of observers) observer.filesChanged(uris);
		},
		filesChangedSoon() {
			filesTimer?.cancel();
			filesTimer = runtime.after(FILES_DELAY, () => state.filesChanged());
		},
		observe: (observer) => void observers.push(observer),
		keepSoon: createKeeper(runtime, () => void analyser.reader.keep()),
	};
	return state;
}

/** Whether findings are shown in the document. */
function isJudged(document: OpenDocument): boolean {
	return isDockerfile(document) || isDeployment(document);
}

/** Whether the document may start an image of the workspace. */
function isDeployment({ path, text }: OpenDocument): boolean {
	return isYamlPath(path) && mayDeploy(path, text);
}

function isDockerfile({ languageId, path }: OpenDocument): boolean {
	if (/\.(?:docker|container)ignore$/i.test(path)) return false;
	return languageId === 'dockerfile' || isDockerfilePath(path);
}
