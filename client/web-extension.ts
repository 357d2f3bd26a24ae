import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { start } from './start.ts';

/** What the types of Node do not know. */
declare const Worker: new (address: string) => ConstructorParameters<typeof LanguageClient>[2];

let stop: (() => Promise<void>) | undefined;

/** Starts the language server in a web worker: VS Code in a browser calls it when a Dockerfile is opened or a command is used. */
export async function activate(context: ExtensionContext): Promise<void> {
	const scripts = `${Uri.joinPath(context.extensionUri, 'dist', 'web').toString(true)}/`;
	stop = await start(context, (options) => {
		const worker = new Worker(`${scripts}server.js`);
		return new LanguageClient('go-scratch', 'go-scratch', worker, { ...options, initializationOptions: { scripts } });
	});
}

/** Stops the language server. */
export async function deactivate(): Promise<void> {
	await stop?.();
}
