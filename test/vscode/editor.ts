import assert from 'node:assert/strict';
import {
	type CodeAction,
	CodeActionKind,
	type CodeLens,
	commands,
	type Diagnostic,
	extensions,
	type Hover,
	languages,
	type MarkdownString,
	Position,
	Range,
	type TextDocument,
	Uri,
	WorkspaceEdit,
	window,
	workspace,
} from 'vscode';

/** How long anything may take to show in the editor, in milliseconds. */
const PATIENCE = 20_000;

/** The seed's first Dockerfile: one stage, and a command in shell form. */
export const SINGLE_STAGE = 'FROM golang:1.25\n\nWORKDIR /workspace\n\nCOPY . .\n\nRUN go build -o /myapp\n\nCMD /myapp\n';

/** Two stages, of which the last has no shell to run its command. */
export const SHELL_COMMAND = `FROM golang:1.25 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /myapp

FROM scratch
COPY --from=build /myapp /myapp
CMD /myapp
`;

/** The address of a file in the workspace that the suite has open. */
export function inWorkspace(...names: string[]): Uri {
	const folder = workspace.workspaceFolders?.[0];
	assert(folder, 'a folder is open');
	return Uri.joinPath(folder.uri, ...names);
}

/** Writes a file to disk, as something other than this editor would. */
export async function writeFile(uri: Uri, text: string): Promise<void> {
	await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

export async function readFile(uri: Uri): Promise<string> {
	return new TextDecoder().decode(await workspace.fs.readFile(uri));
}

export async function exists(uri: Uri): Promise<boolean> {
	return workspace.fs.stat(uri).then(
		() => true,
		() => false,
	);
}

/** Writes a Dockerfile and opens it in the editor. */
export async function openDockerfile(text: string, ...names: string[]): Promise<TextDocument> {
	const uri = inWorkspace(...(names.length > 0 ? names : ['one', 'Dockerfile']));
	await writeFile(uri, text);
	const document = await workspace.openTextDocument(uri);
	await window.showTextDocument(document);
	await waitFor(
		() => document.getText() === text,
		() => `the editor shows what was written, not ${JSON.stringify(document.getText())}`,
	);
	return document;
}

/** Replaces all text of a document in the editor, and does not save it. */
export async function type(document: TextDocument, text: string): Promise<void> {
	const edit = new WorkspaceEdit();
	edit.replace(document.uri, new Range(new Position(0, 0), document.lineAt(document.lineCount - 1).range.end), text);
	assert(await workspace.applyEdit(edit), 'the text can be replaced');
}

/** What stands above the targets of a Dockerfile. */
export async function lenses(uri: Uri): Promise<CodeLens[]> {
	const found = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
	return found.filter(({ command }) => command?.command === 'go-scratch.showImage');
}

/** Waits for a line above a target that matches. */
export async function lens(uri: Uri, pattern: RegExp): Promise<CodeLens> {
	let found: CodeLens[] = [];
	const find = () => found.find(({ command }) => pattern.test(command?.title ?? ''));
	await waitFor(
		async () => {
			found = await lenses(uri);
			return find() !== undefined;
		},
		() => `a lens says ${pattern}, not only ${found.map(({ command }) => command?.title).join(', ')}`,
	);
	return find() as CodeLens;
}

/** What go-scratch says of a document now. */
export function findings(uri: Uri): Diagnostic[] {
	return languages.getDiagnostics(uri).filter(({ source }) => source === 'go-scratch');
}

/** The codes of what go-scratch says of a document now. */
export function codes(uri: Uri): string[] {
	return findings(uri).map(codeOf);
}

function codeOf({ code }: Diagnostic): string {
	return String(typeof code === 'object' ? code.value : code);
}

/** Waits until go-scratch says a code of a document, and answers the finding. */
export async function finding(uri: Uri, code: string): Promise<Diagnostic> {
	const find = () => findings(uri).find((diagnostic) => codeOf(diagnostic) === code);
	await waitFor(
		() => find() !== undefined,
		() => `${code} is found, not only ${codes(uri).join(', ') || 'nothing'}`,
	);
	return find() as Diagnostic;
}

/** Waits until go-scratch does not say a code of a document any more. */
export async function noFinding(uri: Uri, code: string): Promise<void> {
	await waitFor(
		() => !codes(uri).includes(code),
		() => `${code} is gone`,
	);
}

/** Waits for a state of the editor, and fails with what was hoped for. */
export async function waitFor(isSo: () => boolean | Promise<boolean>, hope: () => string): Promise<void> {
	const end = Date.now() + PATIENCE;
	while (!(await isSo())) {
		if (Date.now() > end) {
			assert.fail(`Waited in vain until ${hope()}`);
		}
		await sleep(50);
	}
}

/** Lets the editor do something that is not expected of it. */
export function sleep(milliseconds: number): Promise<void> {
	return new Promise((resolve) => {
		setTimeout(resolve, milliseconds);
	});
}

/** The code actions of a range as the lightbulb would show them. VS Code cancels the request while the document settles. */
export async function codeActions(uri: Uri, range: Range, kind: CodeActionKind = CodeActionKind.Empty): Promise<CodeAction[]> {
	const end = Date.now() + PATIENCE;
	for (;;) {
		try {
			return await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', uri, range, kind.value || undefined, 50);
		} catch (error) {
			if (Date.now() > end || !/cancell?ed/i.test(String(error))) {
				throw error;
			}
			await sleep(50);
		}
	}
}

/** Waits for a code action that a predicate accepts. */
export async function codeAction(uri: Uri, range: Range, isMeant: (action: CodeAction) => boolean): Promise<CodeAction> {
	let offered: CodeAction[] = [];
	await waitFor(
		async () => {
			offered = await codeActions(uri, range);
			return offered.some(isMeant);
		},
		() => `the action is offered, not only ${offered.map(({ title }) => title).join(', ') || 'nothing'}`,
	);
	return offered.find(isMeant) as CodeAction;
}

/** What the hovers at a place say, joined. */
export async function hovered(uri: Uri, position: Position): Promise<string> {
	const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', uri, position);
	return hovers
		.flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : (content as MarkdownString).value)))
		.join('\n');
}

/** Applies a code action as a click on it does. */
export async function apply(action: CodeAction): Promise<void> {
	if (action.edit) {
		assert(await workspace.applyEdit(action.edit), `${action.title} can be applied`);
	}
	if (action.command) {
		await commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
	}
}

/** Starts the extension, and waits until it is there. */
export async function startExtension(): Promise<void> {
	const extension = extensions.getExtension('go-scratch.go-scratch');
	assert(extension, 'the extension is installed');
	await extension.activate();
}

/** Leaves no unsaved text, no open editor and no file that a test wrote. */
export async function cleanUp(): Promise<void> {
	for (const document of workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
		await window.showTextDocument(document);
		await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
	}
	await commands.executeCommand('workbench.action.closeAllEditors');
	for (const uri of await workspace.findFiles(
		'**/{Dockerfile*,*.Dockerfile,*.dockerfile,Containerfile,*.containerfile,.dockerignore,.go-scratch.json,launch.json}',
	)) {
		await workspace.fs.delete(uri);
	}
}
