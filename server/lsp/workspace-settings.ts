import { type Connection, MessageType } from 'vscode-languageserver';
import {
	DEFAULT_SETTINGS,
	findSettingsFile,
	mergeSettings,
	readEditorSettings,
	readSettingsWithExtended,
	type Settings,
} from '../lint/settings.ts';
import type { Files } from '../workspace/files.ts';
import { basename, dirname } from '../workspace/paths.ts';
import { SOURCE } from './diagnostics.ts';
import { send, showMessage } from './messages.ts';
import { once } from './once.ts';

/** The settings of the editor and of settings files, and what is wrong with them, which is shown once. */
export interface WorkspaceSettings {
	/** Resolves once the editor's settings are known: analyses wait for it, so a finding that is off never appears. */
	readonly settled: Promise<void>;
	/** Whether a generated Dockerfile gets comments. */
	readonly comments: boolean;
	/** What is wrong in the editor's settings and in the settings files that were read. */
	readonly problems: readonly string[];
	/** The settings files that have unsaved changes: mistakes in them are not shown, because a word may be half typed. */
	readonly unsaved: Set<string>;
	/** Takes settings that the editor sends. */
	use(value: unknown): void;
	/** Requests the editor's settings, for a client that answers such requests. */
	request(): void;
	/** The settings for a Dockerfile in the workspace `root`. */
	of(path: string, root: string): Promise<Settings>;
	/** Forgets the settings files that were read. */
	forgetFiles(): void;
}

export function createWorkspaceSettings(
	connection: Connection,
	files: Files,
	codes: readonly string[],
	log: (message: string) => void,
): WorkspaceSettings {
	let editorSettings: Settings = DEFAULT_SETTINGS;
	let comments = true;
	let settled: Promise<void> = Promise.resolve();
	/** By workspace and directory: what the settings file there says. */
	const fromFiles = new Map<string, Promise<Settings | undefined>>();
	/** By place: the editor, or the path of a settings file. */
	const problemsAt = new Map<string, readonly string[]>();
	const shown = new Set<string>();
	const unsaved = new Set<string>();

	function use(value: unknown): void {
		const { settings, problems } = readEditorSettings(value, codes);
		editorSettings = settings;
		comments = (value as { generate?: { comments?: unknown } } | null | undefined)?.generate?.comments !== false;
		const messages = problems.map(({ message }) => message);
		problemsAt.set('', messages);
		for (const message of messages) showOnce(message);
	}

	async function request(): Promise<void> {
		try {
			const value: unknown = await connection.workspace.getConfiguration(SOURCE);
			// A client without our settings answers null: then the initialization options stay.
			if (value !== null && value !== undefined) use(value);
		} catch (error) {
			log(`The settings could not be read: ${error}`);
		}
	}

	async function readFile(path: string, root: string): Promise<Settings | undefined> {
		const file = await findSettingsFile(files, path, root);
		if (file === undefined) return undefined;
		const { settings, problems } = await readSettingsWithExtended(files, file, root, codes);
		const messages = problems.map(({ path, line, message }) => `${basename(path)}:${line + 1}: ${message}`);
		problemsAt.set(file.path, messages);
		if (!unsaved.has(file.path)) for (const message of messages) showOnce(message);
		return settings;
	}

	function showOnce(message: string): void {
		if (shown.has(message)) return;
		shown.add(message);
		send(showMessage(connection, MessageType.Warning, message));
	}

	return {
		get settled() {
			return settled;
		},
		get comments() {
			return comments;
		},
		get problems() {
			return [...problemsAt.values()].flat();
		},
		unsaved,
		use,
		request() {
			settled = request();
		},
		async of(path, root) {
			const settings = await once(fromFiles, `${root}\n${dirname(path)}`, () => readFile(path, root));
			return settings === undefined ? editorSettings : mergeSettings(editorSettings, settings);
		},
		forgetFiles() {
			fromFiles.clear();
			for (const path of [...problemsAt.keys()]) if (path !== '') problemsAt.delete(path);
		},
	};
}
