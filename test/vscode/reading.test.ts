import assert from 'node:assert/strict';
import { CodeActionKind, Position } from 'vscode';
import { cleanUp, codeAction, finding, hovered, openDockerfile, SHELL_COMMAND, startExtension, waitFor } from './editor.ts';

describe('reading in the editor', () => {
	before(startExtension);
	afterEach(cleanUp);

	it('shows the Go line that a finding comes from, and a page for its code', async () => {
		const document = await openDockerfile(SHELL_COMMAND);
		const { code, relatedInformation } = await finding(document.uri, 'missing-ca-certificates');
		assert.match(String(typeof code === 'object' ? code.target : ''), /^command:go-scratch\.openRule\?.*missing-ca-certificates/);
		const [place] = relatedInformation ?? [];
		assert.ok(place, 'there is a place');
		assert.ok(place.location.uri.path.endsWith('/one/main.go'), `the place is in main.go, not ${place.location.uri}`);
		assert.ok(place.location.range.start.line > 0);
	});

	it('says on hover what the program needs and what the stage provides', async () => {
		const document = await openDockerfile(SHELL_COMMAND);
		await finding(document.uri, 'missing-ca-certificates');
		const line = document.getText().split('\n').indexOf('FROM scratch');
		let text = '';
		await waitFor(
			async () => {
				text = await hovered(document.uri, new Position(line, 6));
				return /CA certificates/.test(text);
			},
			() => `the hover speaks of CA certificates, not ${JSON.stringify(text)}`,
		);
		assert.match(text, /main\.go/);
	});

	it('offers on a stage what a person may want without a finding', async () => {
		const text = SHELL_COMMAND.replace('CMD /myapp', 'USER root\nCMD ["/myapp"]');
		const document = await openDockerfile(text);
		const { range } = await finding(document.uri, 'missing-ca-certificates');
		const action = await codeAction(document.uri, range, ({ title }) => title.startsWith('Add a debug target'));
		assert.ok(action.kind && CodeActionKind.Refactor.contains(action.kind), 'it is a refactoring');
	});
});
