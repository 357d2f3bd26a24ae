import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { start } from './start.ts';

/** What the types of Node do not know. */
declare const Worker: new (address: string) => ConstructorParameters<typeof LanguageClient>[2];

let stop: (() => Promise<void>) | undefined;

/** Starts the language server in a web worker: VS Code in a browser calls it when a Dockerfile is opened or a command is used. */
export async function activate(context: ExtensionContext): Promise<void> {
	const address = Uri.joinPath(context.extensionUri, 'dist', 'web', 'server.js').toString(true);
	stop = await start(context, (options) => new LanguageClient('go-scratch', 'go-scratch', new Worker(address), options));
}

/** Stops the language server. */
export async function deactivate(): Promise<void> {
	await stop?.();
}
