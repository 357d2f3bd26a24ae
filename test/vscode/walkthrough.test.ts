import assert from 'node:assert/strict';
import { commands, extensions } from 'vscode';
import { startExtension } from './editor.ts';

describe('the walkthrough', () => {
	before(startExtension);

	it('names commands that there are', async () => {
		const [walkthrough] = extensions.getExtension('go-scratch.go-scratch')?.packageJSON.contributes.walkthroughs ?? [];
		const named = [...JSON.stringify(walkthrough).matchAll(/\(command:([\w.-]+)/g)].map((match) => match[1] as string);
		assert(named.includes('go-scratch.generate'), named.join());
		const known = new Set(await commands.getCommands(true));
		assert.deepEqual(
			named.filter((name) => !known.has(name)),
			[],
		);
		await commands.executeCommand('workbench.action.openWalkthrough', 'go-scratch.go-scratch#start');
		await commands.executeCommand('workbench.action.closeAllEditors');
	});
});
