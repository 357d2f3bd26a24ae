import assert from 'node:assert/strict';
import { type CompletionList, commands, Position, window } from 'vscode';
import { cleanUp, openDockerfile, startExtension } from './editor.ts';

describe('snippets in the editor', () => {
	before(startExtension);
	afterEach(cleanUp);

	it('are offered in a Dockerfile', async () => {
		const { uri } = await openDockerfile('FROM scratch\ngo-scratch\n');
		const list = await commands.executeCommand<CompletionList>('vscode.executeCompletionItemProvider', uri, new Position(1, 10));
		const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
		assert(labels.includes('go-scratch'), `the whole Dockerfile is offered among ${labels.join(', ')}`);
	});

	it('write a whole Dockerfile with placeholders', async () => {
		const document = await openDockerfile('');
		await window.showTextDocument(document);
		await commands.executeCommand('editor.action.insertSnippet', { langId: 'dockerfile', name: 'Scratch Dockerfile for a Go program' });
		assert.match(document.getText(), /^FROM scratch$/m);
		assert.match(document.getText(), /^USER 65534:65534$/m);
		assert.doesNotMatch(document.getText(), /\$\{?\d/, 'no placeholder is left as it is written');
	});
});
