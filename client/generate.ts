import {
	type CancellationToken,
	env,
	ProgressLocation,
	type QuickPickItem,
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
import { showChanges } from './shown-texts.ts';

/** What is written for one program. */
interface Draft {
	readonly dockerfile: GeneratedFile;
	readonly others: readonly GeneratedFile[];
	readonly command: string | undefined;
	readonly summary: string;
}

/**
 * The command *go-scratch: Generate Dockerfile…*.
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
		tellInformation('No Dockerfile was generated: reading the Go programs was cancelled.');
		return;
	}
	if (found.mainPackages.length === 0) {
		tellWarning(found.message ?? `No main package found in ${place.fsPath}. Open a folder with a go.mod.`);
		return;
	}
	const drafts: Draft[] = [];
	for (const mainPackage of await pickMainPackages(found.mainPackages)) {
		const draft = await draftFor(client, mainPackage, place);
		if (draft !== undefined) drafts.push(draft);
	}
	await write(drafts);
	tellWritten(drafts);
}

/** What to write for a program, once it is clear where; `undefined` if nothing is to be written. */
async function draftFor(client: BaseLanguageClient, { uri, dockerfile: place }: MainPackageItem, asked: Uri): Promise<Draft | undefined> {
	const comments = workspace.getConfiguration('go-scratch', asked).get('generate.comments', true);
	let dockerfileUri = place;
	for (;;) {
		const params: GenerateParams = { uri, comments, dockerfile: dockerfileUri };
		const { files, summary, command }: GenerateResult = await client.sendRequest(GENERATE, params);
		const [dockerfile, ...others] = files;
		if (dockerfile === undefined) {
			tellWarning(summary);
			return undefined;
		}
		const draft = { dockerfile, others, command, summary };
		if (!(await isThere(dockerfile))) return draft;
		const choice = await askAboutExisting(dockerfile);
		if (choice === 'write') return draft;
		if (choice === 'compare') await showChanges(Uri.parse(dockerfile.uri), dockerfile.content, 'generated');
		const other = choice === 'other' ? await askForOtherFile(dockerfile) : undefined;
		if (other === undefined) return undefined;
		dockerfileUri = other.toString();
	}
}

/** Says what was written, with what a person does next. */
function tellWritten(drafts: readonly Draft[]): void {
	const [first] = drafts;
	if (first === undefined) return;
	const name = ({ uri }: GeneratedFile) => workspace.asRelativePath(Uri.parse(uri));
	const ignoreFiles = [
		...new Map(drafts.flatMap(({ others }) => others.filter(({ exists }) => !exists)).map((file) => [file.uri, file])).values(),
	];
	const command = drafts.flatMap((draft) => draft.command ?? []).join('\n');
	const others = ignoreFiles.length === 0 ? '' : ` Also wrote ${ignoreFiles.map(name).join(', ')}.`;
	const done = drafts.length === 1 ? first.summary : `Wrote ${drafts.map(({ dockerfile }) => name(dockerfile)).join(', ')}.`;
	tellInformation(
		`${done}${others}`,
		{
			title: drafts.length === 1 ? 'Copy build command' : 'Copy build commands',
			async run() {
				await env.clipboard.writeText(command);
				window.setStatusBarMessage('$(check) Copied', 3000);
			},
		},
		...ignoreFiles.slice(0, 1).map((file) => ({
			title: `Open ${file.uri.endsWith('/.dockerignore') ? '.dockerignore' : 'its ignore file'}`,
			run: () => window.showTextDocument(Uri.parse(file.uri)),
		})),
	);
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

/** Which programs get a Dockerfile: the only one, or those that are ticked, or the one that has the focus. */
async function pickMainPackages(mainPackages: readonly MainPackageItem[]): Promise<readonly MainPackageItem[]> {
	if (mainPackages.length === 1) return mainPackages;
	const pick = window.createQuickPick<QuickPickItem & { readonly mainPackage: MainPackageItem }>();
	pick.title = 'Generate Dockerfile';
	pick.placeholder = 'Select the program that the image runs, or several for a Dockerfile each';
	pick.canSelectMany = true;
	pick.matchOnDescription = true;
	pick.ignoreFocusOut = true;
	pick.items = mainPackages.map((mainPackage) => ({
		label: withoutIcons(workspace.asRelativePath(Uri.parse(mainPackage.uri))),
		description: withoutIcons(`→ ${workspace.asRelativePath(Uri.parse(mainPackage.dockerfile))}`),
		detail: withoutIcons(mainPackage.needs ? `Needs ${mainPackage.needs}` : 'Needs no files from the image'),
		mainPackage,
	}));
	const picked = await new Promise<readonly { readonly mainPackage: MainPackageItem }[]>((resolve) => {
		pick.onDidAccept(() => resolve(pick.selectedItems.length > 0 ? pick.selectedItems : pick.activeItems));
		pick.onDidHide(() => resolve([]));
		// Enter takes the program that has the focus, where none is ticked.
		pick.activeItems = pick.items.slice(0, 1);
		pick.show();
	});
	pick.dispose();
	return picked.map(({ mainPackage }) => mainPackage);
}

type Choice = 'write' | 'compare' | 'keep' | 'other';

/** Asks what to do with an existing Dockerfile. */
async function askAboutExisting({ uri }: GeneratedFile): Promise<Choice> {
	const items: { label: string; detail: string; choice: Choice }[] = [
		{ label: 'Keep', detail: 'Write nothing', choice: 'keep' },
		{ label: 'Compare', detail: 'Show the differences without writing', choice: 'compare' },
		{ label: 'Overwrite', detail: 'Replace the existing file (can be undone)', choice: 'write' },
		{ label: 'Write to another file…', detail: 'Keep the existing file', choice: 'other' },
	];
	const picked = await window.showQuickPick(items, {
		title: 'Generate Dockerfile',
		placeHolder: withoutIcons(`${workspace.asRelativePath(Uri.parse(uri))} already exists`),
		ignoreFocusOut: true,
	});
	return picked?.choice ?? 'keep';
}

/** Asks for the name of a file beside the one that is there. */
async function askForOtherFile({ uri }: GeneratedFile): Promise<Uri | undefined> {
	const existing = Uri.parse(uri);
	const name = existing.path.slice(existing.path.lastIndexOf('/') + 1);
	const at = (value: string) => Uri.joinPath(existing, '..', value.trim());
	const value = await window.showInputBox({
		title: 'Generate Dockerfile',
		prompt: withoutIcons(`The name of the file, in the directory of ${workspace.asRelativePath(existing)}`),
		value: `${name}.scratch`,
		ignoreFocusOut: true,
		async validateInput(value) {
			if (value.trim() === '') return 'Enter a name.';
			return (await isThere({ uri: at(value).toString() })) ? 'This file exists.' : undefined;
		},
	});
	return value === undefined || value.trim() === '' ? undefined : at(value);
}

/**
 * Whether the file is on disk. The server cannot tell: to it, a document that the editor has not forgotten yet is a file, even
 * when that was deleted.
 */
function isThere({ uri }: Pick<GeneratedFile, 'uri'>): Promise<boolean> {
	return Promise.resolve(workspace.fs.stat(Uri.parse(uri))).then(
		() => true,
		() => false,
	);
}

/** Writes the Dockerfiles, and of the other files those that are not there, in one edit, which one undo takes back; shows the first. */
async function write(drafts: readonly Draft[]): Promise<void> {
	const [first] = drafts;
	if (first === undefined) return;
	const edit = new WorkspaceEdit();
	const replaced: TextDocument[] = [];
	const created = new Set<string>();
	for (const { dockerfile, others } of drafts) {
		const target = Uri.parse(dockerfile.uri);
		if (await isThere(dockerfile)) {
			const document = await workspace.openTextDocument(target);
			edit.replace(target, new Range(0, 0, document.lineCount, 0), dockerfile.content);
			replaced.push(document);
		} else {
			create(edit, dockerfile);
		}
		for (const file of others) {
			// Several programs share the .dockerignore of their build context.
			if (created.has(file.uri) || (await isThere(file))) continue;
			created.add(file.uri);
			create(edit, file);
		}
	}
	const target = Uri.parse(first.dockerfile.uri);
	if (!(await workspace.applyEdit(edit))) {
		throw new Error(`Could not write ${workspace.asRelativePath(target)}.`);
	}
	for (const document of replaced) await document.save();
	// It is not a look at a file: it stays open.
	await window.showTextDocument(target, { preview: false });
}

function create(edit: WorkspaceEdit, { uri, content }: GeneratedFile): void {
	edit.createFile(Uri.parse(uri), { contents: new TextEncoder().encode(content) });
}
