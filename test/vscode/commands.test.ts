import assert from 'node:assert/strict';
import { commands, extensions, window, workspace } from 'vscode';
import {
	cleanUp,
	codes,
	finding,
	inWorkspace,
	openDockerfile,
	SHELL_COMMAND,
	SINGLE_STAGE,
	startExtension,
	waitFor,
	writeFile,
} from './editor.ts';
import { click, hasWindow, message, showsOutput, texts } from './window.ts';

describe('the commands', () => {
	before(async function () {
		await startExtension();
		if (!(await hasWindow())) this.skip();
	});
	afterEach(async () => {
		await commands.executeCommand('notifications.clearAll');
		await cleanUp();
	});

	it('are declared under one category, and each is there', async () => {
		const { contributes } = extensions.getExtension('go-scratch.go-scratch')?.packageJSON ?? {};
		const declared: { command: string; category: string }[] = contributes.commands;
		assert.deepEqual([...new Set(declared.map(({ category }) => category))], ['go-scratch']);
		const known = new Set(await commands.getCommands(true));
		assert.deepEqual(
			declared.filter(({ command }) => !known.has(command)),
			[],
		);
		assert.equal(contributes.keybindings, undefined, 'no key is taken');
	});

	it('fix all: applies every safe fix to the Dockerfile that was shown last, and says what is left', async () => {
		const document = await openDockerfile(SINGLE_STAGE);
		await finding(document.uri, 'toolchain-in-image');
		await window.showTextDocument(inWorkspace('one', 'main.go'));
		await commands.executeCommand('go-scratch.fixAll');
		assert.match(document.getText(), /FROM scratch/);
		assert.equal(window.activeTextEditor?.document.uri.toString(), document.uri.toString());
		await message(/Every safe fix was applied to one\/Dockerfile\. 1 problem needs a manual fix\./);
	});

	it('fix all: says so if there is nothing to fix', async () => {
		await openDockerfile('FROM node:22\nCMD node server.js\n', 'none', 'Dockerfile');
		await commands.executeCommand('go-scratch.fixAll');
		await message(/none\/Dockerfile does not build or run a Go program/);
	});

	it('check workspace: lists the problems of Dockerfiles that are not open', async () => {
		const uri = inWorkspace('one', 'Dockerfile.closed');
		await writeFile(uri, SHELL_COMMAND);
		await writeFile(inWorkspace('none', 'Dockerfile'), 'FROM node:22\nCMD node server.js\n');
		await commands.executeCommand('go-scratch.checkWorkspace');
		assert(codes(uri).includes('shell-form-command'), codes(uri).join());
		await message(/1 Dockerfile of Go programs checked: \d+ problems in 1 file\. 1 Dockerfile of other programs skipped\./);
		await window.showTextDocument(uri);
		await finding(uri, 'shell-form-command');
		await waitFor(
			() => codes(uri).filter((code) => code === 'shell-form-command').length === 1,
			() => 'the finding of the open document takes the place of the other',
		);
	});

	it('check workspace: says so if there is no Dockerfile', async () => {
		await commands.executeCommand('go-scratch.checkWorkspace');
		await message(/There is no Dockerfile in the workspace\./);
	});

	it('restart server: finds again what was found', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND);
		await finding(uri, 'shell-form-command');
		await commands.executeCommand('go-scratch.restartServer');
		await message(/The language server of go-scratch was restarted\./);
		await finding(uri, 'shell-form-command');
	});

	it('show output: opens the channel', async () => {
		await commands.executeCommand('go-scratch.showOutput');
		await showsOutput();
	});

	it('open documentation of a rule: shows the page that ships with the extension', async () => {
		await commands.executeCommand('go-scratch.openRule', 'root-user');
		await waitFor(
			() => window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label.includes('root-user')),
			() => 'a tab has the page',
		);
		await waitFor(
			async () => (await texts('h1', 'root-user')).length > 0,
			() => 'the page is shown',
		);
		const page = await workspace.openTextDocument(
			workspace.textDocuments.find(({ uri }) => uri.scheme === 'go-scratch-rule')?.uri ?? inWorkspace(),
		);
		assert.match(page.getText(), /^# root-user\n/);
	});

	it('open documentation of a rule: is what the code of a finding links to', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND);
		const { code } = await finding(uri, 'shell-form-command');
		assert(typeof code === 'object');
		assert.equal(code.target.toString(true), 'command:go-scratch.openRule?["shell-form-command"]');
		await commands.executeCommand('workbench.actions.view.problems');
		await click('.markers-panel .monaco-link, .markers-panel a', 'shell-form-command');
		await waitFor(
			() => window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label.includes('shell-form-command')),
			() => 'a tab has the page',
		);
	});
});
