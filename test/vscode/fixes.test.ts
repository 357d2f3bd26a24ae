import assert from 'node:assert/strict';
import { type CodeAction, CodeActionKind, ConfigurationTarget, commands, Range, window, workspace } from 'vscode';
import {
	apply,
	cleanUp,
	codeAction,
	codeActions,
	codes,
	finding,
	noFinding,
	openDockerfile,
	readFile,
	SHELL_COMMAND,
	SINGLE_STAGE,
	startExtension,
	type,
	waitFor,
} from './editor.ts';

const FIX_ALL = 'source.fixAll.go-scratch';

/** Whether an action is the one that the lightbulb offers first, under that title. */
function isPreferred(title: string): (action: CodeAction) => boolean {
	return (action) => action.isPreferred === true && action.title === title;
}

describe('fixes in the editor', () => {
	before(startExtension);
	afterEach(cleanUp);

	it('fix a finding by the lightbulb, and one undo reverts it', async () => {
		const document = await openDockerfile(SHELL_COMMAND);
		const { range } = await finding(document.uri, 'shell-form-command');
		await apply(await codeAction(document.uri, range, isPreferred('Convert CMD to exec form')));
		assert.equal(document.getText(), SHELL_COMMAND.replace('CMD /myapp', 'CMD ["/myapp"]'));
		await noFinding(document.uri, 'shell-form-command');
		await window.showTextDocument(document);
		await commands.executeCommand('undo');
		assert.equal(document.getText(), SHELL_COMMAND);
		await finding(document.uri, 'shell-form-command');
	});

	it('keep CRLF', async () => {
		const text = SHELL_COMMAND.replaceAll('\n', '\r\n');
		const document = await openDockerfile(text);
		const { range } = await finding(document.uri, 'root-user');
		// Not a preferred one: there is an error at the same place, whose fix comes first.
		await apply(await codeAction(document.uri, range, ({ title }) => title === 'Run as nobody (USER 65534:65534)'));
		assert.match(document.getText(), /USER 65534:65534\r\n/);
		assert.doesNotMatch(document.getText(), /[^\r]\n/);
	});

	it('fix all findings of one rule', async () => {
		const text = SHELL_COMMAND.replace(
			'FROM scratch',
			'FROM scratch AS other\nCOPY --from=build /myapp /myapp\nCMD /myapp\n\nFROM scratch',
		);
		const document = await openDockerfile(text);
		const { range } = await finding(document.uri, 'shell-form-command');
		await apply(await codeAction(document.uri, range, ({ title }) => title.startsWith('Fix all') && title.includes('shell-form-command')));
		assert.equal(document.getText(), text.replaceAll('CMD /myapp', 'CMD ["/myapp"]'));
	});

	it('fix everything at once, until nothing is left to fix', async () => {
		const document = await openDockerfile(SINGLE_STAGE);
		await finding(document.uri, 'toolchain-in-image');
		const [action] = await codeActions(document.uri, new Range(0, 0, 0, 0), CodeActionKind.SourceFixAll.append('go-scratch'));
		assert(action, 'fix-all is offered');
		await apply(action);
		assert.match(document.getText(), /FROM scratch/);
		assert.match(document.getText(), /CGO_ENABLED=0/);
		assert.match(document.getText(), /ca-certificates\.crt/);
		assert.match(document.getText(), /USER 65534:65534/);
		assert.match(document.getText(), /(?:CMD|ENTRYPOINT) \["\/myapp"\]/);
		await noFinding(document.uri, 'toolchain-in-image');
		await waitFor(
			() => codes(document.uri).every((code) => code === 'missing-dockerignore'),
			() => `only the missing .dockerignore is left, not ${codes(document.uri).join(', ')}`,
		);
	});

	it('are made on save where the settings say so', async () => {
		const settings = workspace.getConfiguration('editor');
		await settings.update('codeActionsOnSave', { [FIX_ALL]: 'explicit' }, ConfigurationTarget.Workspace);
		try {
			const document = await openDockerfile(SHELL_COMMAND);
			await finding(document.uri, 'shell-form-command');
			await type(document, `${SHELL_COMMAND}# touched\n`);
			await finding(document.uri, 'shell-form-command');
			assert(await document.save());
			await waitFor(
				async () => (await readFile(document.uri)).includes('CMD ["/myapp"]'),
				() => 'the saved file is mended',
			);
		} finally {
			await settings.update('codeActionsOnSave', undefined, ConfigurationTarget.Workspace);
		}
	});
});
