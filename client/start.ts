import { commands, type Disposable, type ExtensionContext, workspace } from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { answerFileRequests } from './files.ts';
import { generateDockerfile, serveShownTexts } from './generate.ts';
import { clientOptions, schemesOpen, sendGoDocuments } from './language-client.ts';
import { failure } from './messages.ts';
import { watchNeighbours } from './neighbours.ts';

/**
 * Starts the language server and declares the commands, in whichever extension host.
 *
 * @param create Makes a client of the server, which is not started yet.
 * @returns Stops the server.
 */
export async function start(
	context: ExtensionContext,
	create: (options: LanguageClientOptions) => BaseLanguageClient,
): Promise<() => Promise<void>> {
	let schemes: ReadonlySet<string> = new Set();
	let watching: Disposable | undefined;
	let client = startClient();

	function startClient(): Promise<BaseLanguageClient> {
		schemes = schemesOpen();
		const created = create(clientOptions(schemes));
		answerFileRequests(created);
		return created.start().then(() => {
			sendGoDocuments(created, schemes);
			watching?.dispose();
			watching = watchNeighbours(created);
			return created;
		});
	}

	context.subscriptions.push(
		commands.registerCommand('go-scratch.generate', async (target) => {
			const running = await client;
			return generateDockerfile(running, target).catch((reason) => {
				throw failure(reason);
			});
		}),
		serveShownTexts(),
		{ dispose: () => watching?.dispose() },
		workspace.onDidChangeWorkspaceFolders(() => {
			// The documents that a client cares for are settled when it starts.
			if ([...schemesOpen()].some((scheme) => !schemes.has(scheme))) {
				client = client.then((old) => old.stop()).then(startClient);
			}
		}),
	);
	await client;
	return async () => (await client).stop();
}
