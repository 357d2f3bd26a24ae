import { commands, type Disposable, RelativePattern, Uri, workspace } from 'vscode';

/** The key for `when`: the paths of the folders with Go files in or below them. */
const KEY = 'go-scratch.goFolders';

/** Directories whose Go is somebody else's, or is not built. */
const OTHERS = '**/{vendor,node_modules,testdata,.git}/**';

/** A workspace with more Go files has the command on the folders of these. */
const MOST_FILES = 20_000;

/** In milliseconds: nothing at start waits for it, and a checkout changes many files at once. */
const DELAY = 1000;

/** Keeps the key up to date, so that the explorer offers to generate a Dockerfile on folders with Go only. */
export function followGoFolders(): Disposable[] {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const soon = () => {
		clearTimeout(timer);
		timer = setTimeout(() => void refresh().catch(() => {}), DELAY);
	};
	const watcher = workspace.createFileSystemWatcher('**/{*.go,go.mod}', false, true, false);
	soon();
	return [
		watcher,
		watcher.onDidCreate(soon),
		watcher.onDidDelete(soon),
		workspace.onDidChangeWorkspaceFolders(soon),
		{ dispose: () => clearTimeout(timer) },
	];
}

async function refresh(): Promise<void> {
	const paths = new Set<string>();
	for (const folder of workspace.workspaceFolders ?? []) {
		const found = await workspace.findFiles(new RelativePattern(folder, '**/{*.go,go.mod}'), OTHERS, MOST_FILES);
		for (const file of found) {
			for (let at = Uri.joinPath(file, '..'); at.path.length >= folder.uri.path.length; at = Uri.joinPath(at, '..')) {
				if (paths.has(at.path)) break;
				// Of a folder on a remote machine, the window knows the path of the URI only.
				paths.add(at.path);
				paths.add(at.fsPath);
				if (at.path === '/') break;
			}
		}
	}
	await commands.executeCommand('setContext', KEY, [...paths]);
}
