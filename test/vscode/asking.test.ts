import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type CompletionList, commands, Position, Selection, type Uri, window, workspace } from 'vscode';
import {
	cleanUp,
	codes,
	finding,
	hovered,
	inWorkspace,
	lens,
	openDockerfile,
	SHELL_COMMAND,
	startExtension,
	waitFor,
	writeFile,
} from './editor.ts';
import { click, hasWindow, message, press, shows } from './window.ts';

/** What the API has of tools of language models, which its types do not know yet. */
interface ToolApi {
	readonly lm?: { invokeTool?(name: string, options: object): Promise<{ content: { value: string }[] }> };
}

async function completions(uri: Uri, position: Position): Promise<string[]> {
	const list = await commands.executeCommand<CompletionList>('vscode.executeCompletionItemProvider', uri, position);
	return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

describe('asking', () => {
	before(startExtension);
	afterEach(async () => {
		await commands.executeCommand('workbench.action.closeQuickOpen');
		await commands.executeCommand('notifications.clearAll');
		await cleanUp();
	});

	it('why a file is in the image shows the Go line that needs it', async function () {
		if (!(await hasWindow())) return this.skip();
		const text = SHELL_COMMAND.replace(
			'CMD /myapp',
			'COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt\nCMD ["/myapp"]',
		);
		const document = await openDockerfile(text);
		await finding(document.uri, 'root-user');
		const editor = await window.showTextDocument(document);
		const at = new Position(
			text.split('\n').findIndex((line) => line.includes('ca-certificates')),
			3,
		);
		editor.selection = new Selection(at, at);
		const { ended } = { ended: commands.executeCommand('go-scratch.why') };
		await shows('.quick-input-list .monaco-list-row', /ca-certificates\.crt[\s\S]*✓ CA certificates — http\.Get at (?:one\/)?main\.go:9/);
		await press('Enter');
		await ended;
		assert.ok(window.activeTextEditor?.document.uri.path.endsWith('one/main.go'));
		assert.equal(window.activeTextEditor?.selection.active.line, 8);
	});

	it('why many files are in the image for one reason shows their directory', async function () {
		if (!(await hasWindow())) return this.skip();
		const names = ['a', 'b', 'sub/c', 'sub/d'];
		for (const name of names) await writeFile(inWorkspace('one', 'pages', name), name);
		const { uri } = await openDockerfile(SHELL_COMMAND.replace('CMD /myapp', 'COPY pages /srv/pages\nCMD ["/myapp"]'));
		// VS Code reports new files some time after they were written, and the list follows no later change.
		await lens(uri, /^scratch · 5 files/);
		const ended = commands.executeCommand('go-scratch.why');
		await shows('.quick-input-list .monaco-list-row', /^\/srv\/pages\/[\s\S]*4 files · Line 8: COPY pages/);
		await shows('.quick-input-list .monaco-list-row', /^\/myapp[\s\S]*The container starts it/);
		await press('Escape');
		await ended;
		await workspace.fs.delete(inWorkspace('one', 'pages'), { recursive: true });
	});

	it('why a file is in the image of another target than the last shows that image', async function () {
		if (!(await hasWindow())) return this.skip();
		const copy = 'COPY --from=build /myapp /first';
		const text = SHELL_COMMAND.replace('FROM scratch', `FROM scratch AS first\n${copy}\nENTRYPOINT ["/first"]\n\nFROM scratch`);
		const document = await openDockerfile(text);
		await finding(document.uri, 'shell-form-command');
		const editor = await window.showTextDocument(document);
		editor.selection = new Selection(document.positionAt(text.indexOf(copy)), document.positionAt(text.indexOf(copy)));
		const ended = commands.executeCommand('go-scratch.why');
		await shows('.quick-input-list .monaco-list-row', /\/first[\s\S]*The container starts it/);
		await press('Escape');
		await ended;
	});

	it('what a message means shows its causes, those that are true here first, and goes there', async function () {
		if (!(await hasWindow())) return this.skip();
		const { uri } = await openDockerfile(SHELL_COMMAND);
		await finding(uri, 'missing-ca-certificates');
		const ended = commands.executeCommand('go-scratch.explainMessage', 'x509: certificate signed by unknown authority');
		await shows('.quick-input-list .monaco-list-row', /A TLS server was reached, and its certificate cannot be/);
		await shows('.quick-input-list .monaco-list-row', /verified: no CA certificate that vouches for it was found\./);
		await shows('.quick-input-list .monaco-list-row', /true here[\s\S]*missing-ca-certificates/);
		await click('.quick-input-list .monaco-list-row', 'true here');
		await ended;
		assert.equal(window.activeTextEditor?.document.uri.toString(), uri.toString());
		await commands.executeCommand('go-scratch.explainMessage', 'all is well');
		await message(/No message that go-scratch knows is in this text\./);
	});

	it('for words of a comment completes directives, rules and stages, and says what they mean', async () => {
		const text =
			'# go-scratch \n# go-scratch ignore=root-user,\n# go-scratch target=\nFROM golang:1.26 AS build\nFROM scratch AS final\n# go-scratch ignore=root-user because the target needs it\n';
		const { uri } = await openDockerfile(text);
		assert.deepEqual(
			(await completions(uri, new Position(0, 13))).filter((label) => /^(?:ignore|ignore-file|target)$/.test(label)),
			['ignore', 'ignore-file', 'target'],
		);
		const below = await openDockerfile('FROM golang:1.26 AS build\n# go-scratch \n', 'one', 'below.Dockerfile');
		assert.deepEqual(
			(await completions(below.uri, new Position(1, 13))).filter((label) => /^(?:ignore|ignore-file|target)$/.test(label)),
			['ignore', 'target'],
			'a comment for the file has no effect below the first FROM',
		);
		const codes = await completions(uri, new Position(1, 30));
		assert.ok(codes.includes('missing-tmp') && !codes.includes('root-user'), codes.join());
		const stages = await completions(uri, new Position(2, 20));
		assert.ok(stages.includes('build') && stages.includes('final'), stages.join());
		assert.match(await hovered(uri, new Position(1, 22)), /\*\*root-user\*\* \(warning\): The container runs as root/);
		const last = text.split('\n')[5] ?? '';
		assert.match(await hovered(uri, new Position(5, last.indexOf('ignore'))), /Disable rules for the instruction below/);
		assert.match(await hovered(uri, new Position(5, last.indexOf('root-user'))), /\*\*root-user\*\*/);
		assert.equal(await hovered(uri, new Position(5, last.indexOf('target'))), '', 'the reason is a person’s own');
	});

	it('for a rule to ignore, completes those first that are reported', async () => {
		const text = `# go-scratch ignore-file=\n${SHELL_COMMAND}`;
		const { uri } = await openDockerfile(text);
		await finding(uri, 'root-user');
		const position = new Position(0, 25);
		const { items } = await commands.executeCommand<CompletionList>('vscode.executeCompletionItemProvider', uri, position);
		const sorted = items
			.filter(({ sortText }) => sortText !== undefined)
			.sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
		const reported = codes(uri);
		const first = sorted.slice(0, reported.length).map(({ label }) => (typeof label === 'string' ? label : label.label));
		assert.deepEqual(first, [...new Set(reported)].sort());
	});

	it('by a language model gets the needs, the image, the findings and the fixes', async function () {
		const { lm } = vscode as unknown as ToolApi;
		if (lm?.invokeTool === undefined) return this.skip();
		const { uri } = await openDockerfile(SHELL_COMMAND);
		await finding(uri, 'shell-form-command');
		let answer = '';
		await waitFor(
			async () => {
				const result = await lm.invokeTool?.('go_scratch_dockerfile', {
					input: { path: 'one/Dockerfile' },
					toolInvocationToken: undefined,
				});
				answer = result?.content[0]?.value ?? '';
				return answer !== '';
			},
			() => 'the tool answers',
		);
		const { images, findings } = JSON.parse(answer)['one/Dockerfile'];
		assert.equal(images[0].needs[0].title, 'CA certificates');
		const [fix] = findings.find(({ code }: { code: string }) => code === 'shell-form-command').fixes;
		assert.equal(fix.edits[0].newText, '["/myapp"]');
	});

	it('by a language model gets nothing of a file that is not in the workspace', async function () {
		const { lm } = vscode as unknown as ToolApi;
		if (lm?.invokeTool === undefined) return this.skip();
		const { uri } = await openDockerfile(SHELL_COMMAND);
		await finding(uri, 'shell-form-command');
		const outside = inWorkspace('..', 'outside', 'Dockerfile');
		await writeFile(outside, SHELL_COMMAND);
		const folder = inWorkspace().path.replace(/\/$/, '');
		for (const path of [outside.path, '../outside/Dockerfile', `${folder}/../outside/Dockerfile`]) {
			const options = { input: { path }, toolInvocationToken: undefined };
			let answer: unknown;
			try {
				answer = await lm.invokeTool('go_scratch_dockerfile', options);
			} catch (error) {
				assert.match(String(error), /There is no file .* in the workspace\./, path);
			}
			assert.equal(answer, undefined, path);
		}
		const within = { input: { path: `${folder}/one/../one/Dockerfile` }, toolInvocationToken: undefined };
		const result = await lm.invokeTool('go_scratch_dockerfile', within);
		assert.deepEqual(Object.keys(JSON.parse(result.content[0]?.value ?? '')), ['one/Dockerfile']);
	});
});
