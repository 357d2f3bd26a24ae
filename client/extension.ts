import path from 'node:path';
import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { Server } from './server.ts';
import { SERVER_FLAGS } from './server-flags.ts';
import { start } from './start.ts';

let server: Server | undefined;

/** The language server is a process of its own. VS Code calls it if a Dockerfile is opened, there is a go.mod, or a command is used. */
export function activate(context: ExtensionContext): void {
	const module = context.asAbsolutePath(path.join('dist', 'server.cjs'));
	const run = { module, transport: TransportKind.ipc, options: { execArgv: [...SERVER_FLAGS] } };
	const debug = { ...run, options: { execArgv: [...SERVER_FLAGS, '--nolazy', '--inspect=6009'] } };
	server = start(context, (options) => new LanguageClient('go-scratch', 'go-scratch', { run, debug }, options));
}

/** Stops the language server. */
export async function deactivate(): Promise<void> {
	await server?.stop();
}
