import assert from 'node:assert/strict';
import { env, extensions, UIKind } from 'vscode';
import { inWorkspace } from '../editor.ts';

describe('the extension in a browser', () => {
	it('runs in a web worker of the page, on files that are elsewhere, and without Node', () => {
		assert.equal(env.uiKind, UIKind.Web);
		assert.equal(extensions.getExtension('go-scratch.go-scratch')?.extensionUri.scheme, 'http');
		assert.equal(inWorkspace().scheme, 'vscode-remote');
		assert.equal(typeof globalThis.process?.versions?.node, 'undefined');
	});
});
