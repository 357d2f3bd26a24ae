import assert from 'node:assert/strict';
import {
	type CodeAction,
	CodeActionKind,
	ConfigurationTarget,
	commands,
	Range,
	TabInputTextDiff,
	type TextDocument,
	window,
	workspace,
} from 'vscode';
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
import { click, hasWindow, message, press, shows } from './window.ts';

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

	const ALPINE = SHELL_COMMAND.replace('FROM scratch', 'FROM alpine:3.22\nRUN apk add --no-cache jq');

	/** Chooses an action that asks something, as a click on it does. */
	async function choose(document: TextDocument, title: string): Promise<{ ended: Thenable<unknown> }> {
		const { range } = await finding(document.uri, 'root-user');
		const { command } = await codeAction(document.uri, range, (action) => action.title === title);
		assert.ok(command);
		return { ended: commands.executeCommand(command.command, ...(command.arguments ?? [])) };
	}

	it('list what may be lost before they are applied, show the changes, and apply them', async function () {
		if (!(await hasWindow())) return this.skip();
		const document = await openDockerfile(ALPINE);
		const { ended } = await choose(document, 'Move this image to scratch…');
		await shows('.quick-input-title', /^Move this image to scratch\?$/);
		await shows('.quick-input-list .monaco-list-row', /line 7 installs jq/);
		assert.equal(document.getText(), ALPINE, 'nothing is changed yet');
		await click('.quick-input-list .monaco-list-row', 'line 7 installs jq');
		await click('.quick-input-list .monaco-list-row', 'Show changes');
		await waitFor(
			() => window.tabGroups.activeTabGroup.activeTab?.input instanceof TabInputTextDiff,
			() => 'the changes are shown',
		);
		await shows('.quick-input-list .monaco-list-row', /line 7 installs jq/);
		assert.equal(document.getText(), ALPINE, 'nothing is changed yet');
		await click('.quick-input-list .monaco-list-row', 'Apply');
		await ended;
		assert.match(document.getText(), /FROM scratch\n/);
		assert.doesNotMatch(document.getText(), /apk/);
		assert.ok(!(window.tabGroups.activeTabGroup.activeTab?.input instanceof TabInputTextDiff), 'the changes are closed');
	});

	it('that may lose something change nothing if a person leaves the list', async function () {
		if (!(await hasWindow())) return this.skip();
		const document = await openDockerfile(ALPINE);
		const { ended } = await choose(document, 'Move this image to scratch…');
		await shows('.quick-input-list .monaco-list-row', /line 7 installs jq/);
		await press('Escape');
		await ended;
		assert.equal(document.getText(), ALPINE);
	});

	it('have a list with what disables a rule elsewhere, and what changes in another file is saved and said', async function () {
		if (!(await hasWindow())) return this.skip();
		const document = await openDockerfile(ALPINE);
		const { ended } = await choose(document, 'More about root-user…');
		await shows('.quick-input-list .monaco-list-row', /Show documentation for root-user/);
		await click('.quick-input-list .monaco-list-row', 'Disable root-user in the workspace');
		await ended;
		await message(/root-user is disabled in (?:one\/)?\.go-scratch\.json\./);
		await noFinding(document.uri, 'root-user');
		await commands.executeCommand('notifications.clearAll');
		const [settings] = await workspace.findFiles('**/.go-scratch.json');
		assert.ok(settings);
		assert.deepEqual(JSON.parse(await readFile(settings)), { rules: { 'root-user': 'off' } });
	});

	it('fix all findings of one rule', async () => {
		const text = SHELL_COMMAND.replace(
			'FROM scratch',
			'FROM scratch AS other\nCOPY --from=build /myapp /myapp\nCMD /myapp\n\nFROM scratch',
		);
		const document = await openDockerfile(text);
		// Until then the finding may be that of the text before, at another place.
		await waitFor(
			() => codes(document.uri).filter((code) => code === 'shell-form-command').length === 2,
			() => 'both findings are there',
		);
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
