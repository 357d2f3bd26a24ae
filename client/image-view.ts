import {
	type CancellationToken,
	CancellationTokenSource,
	type Disposable,
	type ExtensionContext,
	Position,
	Range,
	type TextDocument,
	Uri,
	ViewColumn,
	type Webview,
	type WebviewPanel,
	window,
	workspace,
} from 'vscode';
import { type FileParams, IMAGE, type ImageResult } from '../server/lsp/protocol.ts';
import { reasonOf } from './messages.ts';
import type { Server } from './server.ts';
import type { EmptyMessage, ShowMessage, ViewMessage } from './webview/messages.ts';

/** The type of the view, by which VS Code opens it again with the window. */
const VIEW_TYPE = 'go-scratch.image';

/** What VS Code keeps of a view for the next start of the window. */
interface KeptState {
	readonly uri?: unknown;
}

export interface ImageViews extends Disposable {
	/** Shows the image of a Dockerfile beside it. */
	show(dockerfile: Uri, target: string | undefined): void;
}

/** The views of images: each follows its Dockerfile, as it is typed. */
export function createImageViews({ extensionUri }: ExtensionContext, server: Server): ImageViews {
	/** By URI of the Dockerfile. */
	const views = new Map<string, View>();

	function attach(panel: WebviewPanel, dockerfile: Uri, target: string | undefined): void {
		const key = dockerfile.toString();
		const view = createView(panel, dockerfile, target, extensionUri, server);
		views.set(key, view);
		panel.onDidDispose(() => {
			views.delete(key);
			view.dispose();
		});
	}

	const listening = [
		server.onStatus(({ uri, state }) => {
			const view = views.get(uri);
			// The script of a hidden view ends; it asks when it is shown again.
			if (state !== 'reading' && view?.isVisible()) void view.update();
		}),
		window.registerWebviewPanelSerializer(VIEW_TYPE, {
			async deserializeWebviewPanel(panel, state: KeptState | undefined) {
				if (typeof state?.uri === 'string') attach(panel, Uri.parse(state.uri), undefined);
				else panel.dispose();
			},
		}),
	];
	return {
		show(dockerfile, target) {
			const known = views.get(dockerfile.toString());
			if (known !== undefined) {
				known.reveal(target);
				return;
			}
			const title = `Image: ${workspace.asRelativePath(dockerfile)}`;
			const column = { viewColumn: ViewColumn.Beside, preserveFocus: false };
			attach(window.createWebviewPanel(VIEW_TYPE, title, column), dockerfile, target);
		},
		dispose() {
			for (const each of listening) each.dispose();
			for (const view of views.values()) view.close();
		},
	};
}

interface View extends Disposable {
	isVisible(): boolean;
	update(): Promise<void>;
	reveal(target: string | undefined): void;
	close(): void;
}

function createView(panel: WebviewPanel, dockerfile: Uri, target: string | undefined, extensionUri: Uri, server: Server): View {
	const { webview } = panel;
	let wanted = target;
	let uris: Readonly<Record<string, string>> = {};
	/** Of the requests under way the last one counts; of a view that is closed none. */
	let request = new CancellationTokenSource();

	async function update(): Promise<void> {
		request.cancel();
		request = new CancellationTokenSource();
		const { token } = request;
		const message = await read(token);
		if (!token.isCancellationRequested) await webview.postMessage(message);
	}

	async function read(token: CancellationToken): Promise<ShowMessage | EmptyMessage> {
		const name = workspace.asRelativePath(dockerfile);
		try {
			const client = await server.running();
			const params: FileParams = { uri: dockerfile.toString() };
			const result = await client.sendRequest<ImageResult>(IMAGE, params, token);
			if (!token.isCancellationRequested) uris = result.uris;
			if (result.pictures.length > 0)
				return { type: 'show', name, dockerfile: dockerfile.toString(), pictures: result.pictures, target: wanted };
			return { type: 'empty', text: `${name} does not build or run a Go program, so nothing is known of its image.` };
		} catch (error) {
			return { type: 'empty', text: reasonOf(error) };
		}
	}

	async function go(path: string | undefined, line: number, character: number): Promise<void> {
		const known = path === undefined ? dockerfile.toString() : uris[path];
		if (known === undefined) return;
		const document: TextDocument = await workspace.openTextDocument(Uri.parse(known));
		const position = document.validatePosition(new Position(line - 1, character - 1));
		const column = window.visibleTextEditors.find((editor) => editor.document === document)?.viewColumn ?? ViewColumn.One;
		await window.showTextDocument(document, { viewColumn: column, selection: new Range(position, position) });
	}

	const receiving = webview.onDidReceiveMessage((message: ViewMessage) => {
		if (message.type === 'ready') void update();
		else if (message.type === 'target') wanted = message.target;
		else if (message.type === 'go') void go(message.path, message.line, message.column).catch(() => {});
	});
	webview.options = { enableScripts: true, localResourceRoots: [Uri.joinPath(extensionUri, 'dist', 'webview')] };
	webview.html = page(webview, extensionUri);
	return {
		isVisible: () => panel.visible,
		update,
		reveal(newTarget) {
			wanted = newTarget ?? wanted;
			panel.reveal();
			void update();
		},
		close: () => panel.dispose(),
		dispose() {
			request.cancel();
			receiving.dispose();
		},
	};
}

/** The page of a view: its style and its script, and nothing of the repository. */
function page(webview: Webview, extensionUri: Uri): string {
	const file = (name: string) => webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', 'webview', name)).toString();
	const nonce = crypto.randomUUID();
	const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Image</title>
<link rel="stylesheet" href="${file('image-view-style.css')}">
</head>
<body>
<main id="image"><p>Reading…</p></main>
<script nonce="${nonce}" src="${file('image-view.js')}"></script>
</body>
</html>
`;
}
