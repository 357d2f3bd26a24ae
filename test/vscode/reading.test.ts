import assert from 'node:assert/strict';
import { CodeActionKind, Position, workspace } from 'vscode';
import {
	apply,
	cleanUp,
	codeAction,
	finding,
	hovered,
	inWorkspace,
	openDockerfile,
	SHELL_COMMAND,
	startExtension,
	waitFor,
	writeFile,
} from './editor.ts';

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

	it('adds a debug target with Delve, and to a launch.json that is there, whose comments stay', async () => {
		const launch = inWorkspace('.vscode', 'launch.json');
		await writeFile(launch, '{\n\t// mine\n\t"configurations": [{ "name": "Run", "type": "go", "request": "launch" }]\n}\n');
		const text = SHELL_COMMAND.replace('COPY . .', 'COPY one .').replace('CMD /myapp', 'CMD ["/myapp"]');
		const document = await openDockerfile(text, 'Dockerfile');
		const { range } = await finding(document.uri, 'missing-ca-certificates');
		const title = 'Add a debug target with Delve, and an entry in .vscode/launch.json';
		await apply(await codeAction(document.uri, range, (action) => action.title === title));
		assert.match(document.getText(), /^FROM release AS debug-delve$/m);
		const after = (await workspace.openTextDocument(launch)).getText();
		assert.match(after, /^\{\n\t\/\/ mine\n[\s\S]*"Attach to Delve in the container"[\s\S]*"\$\{workspaceFolder\}\/one"[\s\S]*"Run"/);
	});
});
