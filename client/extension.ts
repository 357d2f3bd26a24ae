import path from 'node:path';
import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { SERVER_FLAGS } from './server-flags.ts';
import { start } from './start.ts';

let stop: (() => Promise<void>) | undefined;

/** Starts the language server in a process of its own. VS Code calls it when a Dockerfile is opened or a command is used. */
export async function activate(context: ExtensionContext): Promise<void> {
	const module = context.asAbsolutePath(path.join('dist', 'server.cjs'));
	const run = { module, transport: TransportKind.ipc, options: { execArgv: [...SERVER_FLAGS] } };
	const debug = { ...run, options: { execArgv: [...SERVER_FLAGS, '--nolazy', '--inspect=6009'] } };
	stop = await start(context, (options) => new LanguageClient('go-scratch', 'go-scratch', { run, debug }, options));
}

/** Stops the language server. */
export async function deactivate(): Promise<void> {
	await stop?.();
}
