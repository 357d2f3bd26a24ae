import { commands, type ExtensionContext } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';

/**
 * Another extension for Dockerfiles, as the well-known ones are: around the language server that they bundle. It starts when a test
 * asks for it.
 */
export async function activate(context: ExtensionContext): Promise<void> {
	const module = process.env.GO_SCRATCH_SUITE_NEIGHBOUR;
	if (!module) {
		throw new Error('GO_SCRATCH_SUITE_NEIGHBOUR names no language server.');
	}
	const client = new LanguageClient(
		'neighbour',
		'Neighbour',
		{ module, args: ['--node-ipc'], transport: 1 },
		{ documentSelector: [{ language: 'dockerfile' }] },
	);
	context.subscriptions.push(
		commands.registerCommand('neighbour.generate', () => 'neighbour'),
		{ dispose: () => client.stop() },
	);
	await client.start();
}
