import {
	type CancellationToken,
	commands,
	type Disposable,
	ProgressLocation,
	Range,
	type TextDocument,
	Uri,
	WorkspaceEdit,
	window,
	workspace,
} from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
	GENERATE,
	type GeneratedFile,
	type GenerateParams,
	type GenerateResult,
	MAIN_PACKAGES,
	type MainPackageItem,
	type MainPackagesParams,
	type MainPackagesResult,
} from '../server/lsp/protocol.ts';
import { tellInformation, tellWarning, withoutIcons } from './messages.ts';

/**
 * The command *Go: Generate scratch Dockerfile*.
 *
 * @param target The folder or go.mod that was clicked; `undefined` from the palette, where the open editor decides.
 */
export async function generateDockerfile(client: BaseLanguageClient, target: Uri | undefined): Promise<void> {
	const place = target ?? (await placeMeant());
	if (!place) {
		tellInformation('Open a folder with a Go program to generate its Dockerfile.');
		return;
	}
	const found = await whileReading<MainPackagesResult>((token) =>
		client.sendRequest<MainPackagesResult>(MAIN_PACKAGES, { uri: place.toString() } satisfies MainPackagesParams, token),
	);
	if (!found) {
		return;
	}
	if (found.mainPackages.length === 0) {
		tellWarning(found.message ?? `No main package found in ${place.fsPath}. Open a folder with a go.mod.`);
		return;
	}
	const mainPackage = await pickMainPackage(found.mainPackages);
	if (!mainPackage) {
		return;
	}
	const comments = workspace.getConfiguration('go-scratch', place).get('generate.comments', true);
	const result: GenerateResult = await client.sendRequest(GENERATE, { uri: mainPackage.uri, comments } satisfies GenerateParams);
	const [dockerfile, ...others] = result.files;
	if (!dockerfile) {
		tellWarning(result.summary);
		return;
	}
	const choice = (await isThere(dockerfile)) ? await askAboutExisting(dockerfile) : 'write';
	if (choice === 'write') {
		await write(dockerfile, others);
		await window.showTextDocument(Uri.parse(dockerfile.uri));
		tellInformation(result.summary);
	} else if (choice === 'compare') {
		await compare(dockerfile);
	}
}

/** Shows progress while Go programs are read, which may take seconds. `undefined` if the user cancels. */
async function whileReading<T>(read: (token: CancellationToken) => Promise<T>): Promise<T | undefined> {
	const options = { location: ProgressLocation.Notification, title: 'go-scratch: reading the Go programs', cancellable: true };
	return window.withProgress(options, async (_, token) => {
		try {
			return await read(token);
		} catch (error) {
			if (token.isCancellationRequested) {
				return undefined;
			}
			throw error;
		}
	});
}

/** The workspace folder of the open editor, or the only one, or the one that the user picks. */
async function placeMeant(): Promise<Uri | undefined> {
	const open = window.activeTextEditor?.document.uri;
	const folder = open && workspace.getWorkspaceFolder(open);
	if (folder) {
		return folder.uri;
	}
	const folders = workspace.workspaceFolders ?? [];
	return folders.length > 1 ? (await window.showWorkspaceFolderPick())?.uri : folders[0]?.uri;
}

async function pickMainPackage(mainPackages: readonly MainPackageItem[]): Promise<MainPackageItem | undefined> {
	if (mainPackages.length === 1) {
		return mainPackages[0];
	}
	const items = mainPackages.map((mainPackage) => ({
		label: withoutIcons(workspace.asRelativePath(Uri.parse(mainPackage.uri))),
		description: withoutIcons(mainPackage.importPath),
		detail: mainPackage.needs ? withoutIcons(`Needs ${mainPackage.needs}`) : 'Needs no files from the image',
		mainPackage,
	}));
	const picked = await window.showQuickPick(items, {
		title: 'Generate scratch Dockerfile',
		placeHolder: 'Select the program that the image runs',
		matchOnDescription: true,
	});
	return picked?.mainPackage;
}

type Choice = 'write' | 'compare' | 'keep';

/** Asks what to do with an existing Dockerfile. */
async function askAboutExisting({ uri }: GeneratedFile): Promise<Choice> {
	const items: { label: string; detail: string; choice: Choice }[] = [
		{ label: 'Cancel', detail: 'Keep the existing file', choice: 'keep' },
		{ label: 'Compare', detail: 'Show the differences without writing', choice: 'compare' },
		{ label: 'Overwrite', detail: 'Replace the existing file (can be undone)', choice: 'write' },
	];
	const picked = await window.showQuickPick(items, {
		title: 'Generate scratch Dockerfile',
		placeHolder: withoutIcons(`${workspace.asRelativePath(Uri.parse(uri))} already exists`),
	});
	return picked?.choice ?? 'keep';
}

/**
 * Whether the file is on disk. The server cannot tell: to it, a document that the editor has not forgotten yet is a file, even
 * when that was deleted.
 */
function isThere({ uri }: GeneratedFile): Promise<boolean> {
	return Promise.resolve(workspace.fs.stat(Uri.parse(uri))).then(
		() => true,
		() => false,
	);
}

/** Writes the Dockerfile, and of the other files those that are not there, in one edit, which one undo takes back. */
async function write(dockerfile: GeneratedFile, others: readonly GeneratedFile[]): Promise<void> {
	const edit = new WorkspaceEdit();
	const target = Uri.parse(dockerfile.uri);
	let replaced: TextDocument | undefined;
	if (await isThere(dockerfile)) {
		replaced = await workspace.openTextDocument(target);
		edit.replace(target, new Range(0, 0, replaced.lineCount, 0), dockerfile.content);
	} else {
		create(edit, dockerfile);
	}
	for (const file of others) {
		if (!(await isThere(file))) {
			create(edit, file);
		}
	}
	if (!(await workspace.applyEdit(edit))) {
		throw new Error(`Could not write ${workspace.asRelativePath(target)}.`);
	}
	await replaced?.save();
}

function create(edit: WorkspaceEdit, { uri, content }: GeneratedFile): void {
	edit.createFile(Uri.parse(uri), { contents: new TextEncoder().encode(content) });
}

/** The scheme of generated texts that are shown and written nowhere. */
const SHOWN_SCHEME = 'go-scratch-generated';

/** By the query of their URIs, one for each time. */
const shownTexts = new Map<string, string>();

/** Lets VS Code read the texts that are compared with what is there. */
export function serveShownTexts(): Disposable {
	return workspace.registerTextDocumentContentProvider(SHOWN_SCHEME, {
		provideTextDocumentContent: ({ query }) => shownTexts.get(query) ?? '',
	});
}

async function compare({ uri, content }: GeneratedFile): Promise<void> {
	const there = Uri.parse(uri);
	const query = String(shownTexts.size + 1);
	shownTexts.set(query, content);
	const shown = Uri.from({ scheme: SHOWN_SCHEME, path: there.path, query });
	await commands.executeCommand('vscode.diff', there, shown, `${workspace.asRelativePath(there)} ↔ generated`);
}
