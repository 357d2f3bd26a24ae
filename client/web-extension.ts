import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import type { Server } from './server.ts';
import { start } from './start.ts';

/** What the types of Node do not know. */
declare const Worker: new (address: string) => ConstructorParameters<typeof LanguageClient>[2];

let server: Server | undefined;

/** The language server is a web worker. VS Code in a browser calls it if a Dockerfile is opened, there is a go.mod, or a command is used. */
export function activate(context: ExtensionContext): void {
	const scripts = `${Uri.joinPath(context.extensionUri, 'dist', 'web').toString(true)}/`;
	server = start(context, (options) => {
		const worker = new Worker(`${scripts}server.js`);
		return new LanguageClient('go-scratch', 'go-scratch', worker, { ...options, initializationOptions: { scripts } });
	});
}

/** Stops the language server. */
export async function deactivate(): Promise<void> {
	await server?.stop();
}
