import { type Disposable, languages, type TextDocument, type TextEditor, type Uri, window, workspace } from 'vscode';
import { isDockerfilePath } from '../server/knowledge/dockerfile-names.ts';
import { withoutIcons } from './messages.ts';

/** Where Dockerfiles are searched for. */
const DOCKERFILES = '**/{*[Dd]ockerfile*,*[Cc]ontainerfile*}';

/** Directories whose Dockerfiles are somebody else's. */
const OTHERS = '**/{node_modules,vendor,testdata,.git}/**';

const MOST = 500;

/** The Dockerfile that was shown last, so that a command knows which one is meant if another editor has the focus. */
let last: Uri | undefined;

export function followDockerfiles(): Disposable {
	const follow = (editor: TextEditor | undefined) => {
		if (editor !== undefined && isDockerfile(editor.document)) last = editor.document.uri;
	};
	follow(window.activeTextEditor);
	return window.onDidChangeActiveTextEditor(follow);
}

export function isDockerfile(document: TextDocument): boolean {
	const named = document.languageId === 'dockerfile' || isDockerfilePath(document.uri.path);
	return named && languages.match({ pattern: '**/*.{dockerignore,containerignore}' }, document) === 0;
}

/** All Dockerfiles of the workspace. */
export async function findDockerfiles(): Promise<Uri[]> {
	const found = await workspace.findFiles(DOCKERFILES, OTHERS, MOST);
	return found.filter(({ path }) => isDockerfilePath(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The Dockerfile that is meant: the one in the active editor, the one that was shown last, the only one, or the one that is picked.
 *
 * @returns `none` if there is none, `undefined` if none is picked.
 */
export async function currentDockerfile(title: string): Promise<TextDocument | 'none' | undefined> {
	const active = window.activeTextEditor?.document;
	if (active !== undefined && isDockerfile(active)) return active;
	const shown = window.visibleTextEditors.map(({ document }) => document).filter(isDockerfile);
	const known = shown.find(({ uri }) => uri.toString() === last?.toString()) ?? shown[0];
	if (known !== undefined) return known;
	if (last !== undefined) {
		try {
			// A document of a deleted file is there for a while.
			await workspace.fs.stat(last);
			return await workspace.openTextDocument(last);
		} catch {
			last = undefined;
		}
	}
	const found = await findDockerfiles();
	const [first] = found;
	if (first === undefined) return 'none';
	const uri = found.length === 1 ? first : await pickDockerfile(title, found);
	return uri === undefined ? undefined : workspace.openTextDocument(uri);
}

async function pickDockerfile(title: string, found: readonly Uri[]): Promise<Uri | undefined> {
	const items = found.map((uri) => ({ label: withoutIcons(workspace.asRelativePath(uri)), uri }));
	const picked = await window.showQuickPick(items, { title, placeHolder: 'Select a Dockerfile' });
	return picked?.uri;
}
