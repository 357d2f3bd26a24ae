import path from 'node:path';
import { commands, type ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { generateDockerfile } from './generate.ts';
import { CLIENT_OPTIONS, sendGoDocuments } from './language-client.ts';

let client: LanguageClient | undefined;

/** Starts the language server and declares the commands. VS Code calls it when a Dockerfile is opened or a command is used. */
export async function activate(context: ExtensionContext): Promise<void> {
	const module = context.asAbsolutePath(path.join('dist', 'server.cjs'));
	const started = new LanguageClient(
		'go-scratch',
		'go-scratch',
		{
			run: { module, transport: TransportKind.ipc },
			debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
		},
		CLIENT_OPTIONS,
	);
	client = started;
	context.subscriptions.push(commands.registerCommand('go-scratch.generate', (target) => generateDockerfile(started, target)));
	await started.start();
	sendGoDocuments(started);
}

/** Stops the language server. */
export async function deactivate(): Promise<void> {
	await client?.stop();
}
