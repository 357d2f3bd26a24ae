import { ConfigurationTarget, commands, workspace } from 'vscode';
import { cleanUp, finding, noFinding, openDockerfile, SHELL_COMMAND, startExtension, waitFor } from './editor.ts';
import { click, hasWindow, shows, texts } from './window.ts';

describe('the settings editor', () => {
	const rules = () => workspace.getConfiguration('go-scratch').inspect<Readonly<Record<string, string>>>('rules')?.globalValue ?? {};

	const editedRow = '.settings-editor .setting-list-edit-row';

	before(async function () {
		await startExtension();
		if (!(await hasWindow())) this.skip();
	});
	afterEach(async () => {
		await workspace.getConfiguration('go-scratch').update('rules', undefined, ConfigurationTarget.Global);
		await cleanUp();
	});

	it('has the rules as a table, with a list of the rules and one of the severities', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND);
		await finding(uri, 'shell-form-command');
		await workspace.getConfiguration('go-scratch').update('rules', { 'shell-form-command': 'off' }, ConfigurationTarget.Global);
		await noFinding(uri, 'shell-form-command');
		await commands.executeCommand('workbench.action.openSettings', 'go-scratch.rules');
		await shows('.settings-editor .setting-list-row', /^shell-form-command\s+off$/);
		let offered = '';
		await waitFor(
			async () => {
				if (Object.keys(rules()).length === 2) return true;
				[offered = ''] = await texts(editedRow);
				// VS Code draws the table again for a change of settings, and then without the row that is being edited.
				const [row, button] = offered === '' ? ['.settings-editor', 'Add Item'] : [editedRow, 'OK'];
				if ((await texts(`${row} .monaco-button`, button)).length > 0) await click(`${row} .monaco-button`, button);
				return false;
			},
			() => `a rule is added to the settings, not only ${JSON.stringify(rules())}`,
		);
		const [added] = Object.entries(rules()).filter(([code]) => code !== 'shell-form-command');
		await shows('.settings-editor .setting-list-row', new RegExp(`^${added?.join('\\s+')}$`));
	});
});
