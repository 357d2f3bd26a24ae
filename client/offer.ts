import { commands, type Disposable, type ExtensionContext, workspace } from 'vscode';
import { findDockerfiles } from './current-dockerfile.ts';
import { tellInformation } from './messages.ts';

/** The keys under which is kept that a person does not need the offer: anywhere, or in this workspace. */
const NEVER = 'offer.never';
const NOT_HERE = 'offer.notHere';

/** Where main packages usually are; a workspace without one is a library. */
const MAINS = '{*.go,cmd/*/*.go,**/main.go}';
const OTHERS = '**/{vendor,node_modules,testdata,examples,.git}/**';
const MOST_READ = 50;

/** In milliseconds: a person who opens a folder has something else to read first. */
const DELAY = 3000;

/** Offers once to write a Dockerfile for a Go program that has none. */
export function offerDockerfile({ globalState, workspaceState }: ExtensionContext): Disposable {
	const timer = setTimeout(async () => {
		if (globalState.get(NEVER) || workspaceState.get(NOT_HERE)) return;
		if (!(await hasMainPackage()) || (await findDockerfiles()).length > 0) return;
		await workspaceState.update(NOT_HERE, true);
		tellInformation(
			'This Go program has no Dockerfile. go-scratch can write one, with what the program needs and nothing else.',
			{ title: 'Generate Dockerfile', run: () => commands.executeCommand('go-scratch.generate') },
			{ title: 'Don’t show again', run: () => globalState.update(NEVER, true) },
		);
	}, DELAY);
	return { dispose: () => clearTimeout(timer) };
}

async function hasMainPackage(): Promise<boolean> {
	if ((await workspace.findFiles('**/go.mod', OTHERS, 1)).length === 0) return false;
	for (const uri of await workspace.findFiles(MAINS, OTHERS, MOST_READ)) {
		const bytes = await workspace.fs.readFile(uri);
		if (/^package main\b/m.test(new TextDecoder().decode(bytes)) && !uri.path.endsWith('_test.go')) return true;
	}
	return false;
}
