import { window, workspace } from 'vscode';
import { cleanUp, finding, inWorkspace, openDockerfile, SHELL_COMMAND, startExtension, waitFor, writeFile } from './editor.ts';
import { click, hasWindow, shows, showsOutput, texts } from './window.ts';

describe('the status next to the language', () => {
	before(async function () {
		await startExtension();
		if (!(await hasWindow())) this.skip();
	});
	afterEach(async () => {
		await cleanUp();
		await workspace.fs.delete(inWorkspace('unread'), { recursive: true }).then(
			() => {},
			() => {},
		);
	});

	/** A screen reader says the same as the hover over the status shows. */
	const shown = (text: string) =>
		waitFor(
			async () => (await texts(`[id="status.languageStatus"][aria-label*="${text}"]`)).length > 0,
			() => `the status shows '${text}'`,
		);

	it('says that the program was read, the build context and the target', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND);
		await finding(uri, 'shell-form-command');
		await shown('Go program read');
		await shown('Build context: one');
		await shown('Target: FROM in line 6');
	});

	it('says which modules are not downloaded, and types what would help into a terminal', async () => {
		await writeFile(inWorkspace('unread', 'go.mod'), 'module example.com/unread\n\ngo 1.25\n\nrequire example.com/not/there v1.2.3\n');
		await writeFile(inWorkspace('unread', 'main.go'), 'package main\n\nimport "example.com/not/there"\n\nfunc main() { there.Start() }\n');
		await openDockerfile(SHELL_COMMAND, 'unread', 'Dockerfile');
		await shown('1 module not downloaded');
		await shown('what it needs is unknown');
	});

	it('lists the problems of the settings, and leads to the line of one', async () => {
		await writeFile(inWorkspace('one', '.go-scratch.json'), '{\n\t"rules": {\n\t\t"root-user": "loud"\n\t}\n}\n');
		await openDockerfile(SHELL_COMMAND);
		await shown('1 problem in the settings');
		await pressIn('1 problem in the settings', 'Show');
		await shows('.quick-input-list .monaco-list-row', /root-user/);
		await click('.quick-input-list .monaco-list-row', 'root-user');
		// The file is shown before its line is selected.
		const isThere = () => {
			const { document, selection } = window.activeTextEditor ?? {};
			return document?.uri.path.endsWith('/one/.go-scratch.json') === true && selection?.active.line === 2;
		};
		await waitFor(isThere, () => 'the line of the settings file is selected');
	});

	it('shows the output where there is nothing else to show', async () => {
		await openDockerfile('FROM node:22\nCMD node server.js\n', 'none', 'Dockerfile');
		await shown('Not a Dockerfile of a Go program');
		await pressIn('Not a Dockerfile of a Go program', 'Show output');
		await showsOutput();
	});

	/** Opens what the status shows, and presses a link next to a text. */
	async function pressIn(text: string, link: string): Promise<void> {
		await click('[id="status.languageStatus"]');
		await shows('.hover-language-status', new RegExp(text));
		await click('.hover-language-status a', link);
	}
});
