import assert from 'node:assert/strict';
import { ConfigurationTarget, commands, TabInputWebview, window, workspace } from 'vscode';
import { cleanUp, finding, inWorkspace, lens, lenses, openDockerfile, SHELL_COMMAND, startExtension, type, waitFor } from './editor.ts';
import { click, hasWindow, message, shows } from './window.ts';

const isView = (input: unknown) => input instanceof TabInputWebview && input.viewType.endsWith('go-scratch.image');
const views = () => window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ input }) => isView(input));

describe('the image of a Dockerfile', () => {
	before(async function () {
		await startExtension();
		if (!(await hasWindow())) this.skip();
	});
	afterEach(cleanUp);

	it('is summed up above the FROM of the target, follows what is typed, and can be turned off', async () => {
		const document = await openDockerfile(SHELL_COMMAND);
		const found = await lens(document.uri, /^scratch · 1 file · needs 0 of 1 · runs as root$/);
		assert.equal(found.range.start.line, SHELL_COMMAND.split('\n').indexOf('FROM scratch'));
		await type(document, `# one line more\n${SHELL_COMMAND.replace('CMD /myapp', 'USER 65534:65534\nCMD ["/myapp"]')}`);
		const moved = await lens(document.uri, /^scratch · 1 file · needs 0 of 1 · runs as 65534:65534$/);
		assert.equal(moved.range.start.line, found.range.start.line + 1);
		const settings = workspace.getConfiguration('go-scratch');
		await settings.update('codeLens', false, ConfigurationTarget.Workspace);
		try {
			await waitFor(
				async () => (await lenses(document.uri)).length === 0,
				() => 'no lens is there',
			);
		} finally {
			await settings.update('codeLens', undefined, ConfigurationTarget.Workspace);
		}
	});

	it('is shown as a tree with needs and stages, which follows what is typed and goes to lines', async () => {
		const document = await openDockerfile(SHELL_COMMAND);
		const { command } = await lens(document.uri, /scratch/);
		await commands.executeCommand(command?.command ?? '', ...(command?.arguments ?? []));
		await shows('h1', /^Image of one\/Dockerfile$/);
		await shows('.needs li', /CA certificates[\s\S]*http\.Get at (?:one\/)?main\.go:9/);
		await shows('[role="treegrid"] tbody tr', /\/myapp[\s\S]*COPY --from=build \/myapp \/myapp/);
		await shows('.stage', /scratch · target/);
		assert.equal(views().length, 1);
		await type(document, SHELL_COMMAND.replace('CMD', 'USER 1234\nCMD'));
		await shows('.facts', /1234/);
		await click('tbody .link', 'COPY --from=build');
		await waitFor(
			() => window.activeTextEditor?.selection.active.line === SHELL_COMMAND.split('\n').indexOf('COPY --from=build /myapp /myapp'),
			() => `the line of the instruction is shown, not ${window.activeTextEditor?.selection.active.line}`,
		);
		await click('.needs .link', 'http.Get');
		await waitFor(
			() =>
				window.activeTextEditor?.document.uri.path.endsWith('one/main.go') === true && window.activeTextEditor.selection.active.line === 8,
			() => 'the Go line is shown',
		);
	});

	it('that is hidden while its Dockerfile changes is the new one when it is shown again', async () => {
		const document = await openDockerfile(SHELL_COMMAND);
		await finding(document.uri, 'shell-form-command');
		await commands.executeCommand('go-scratch.showImage', document.uri.toString());
		await shows('.facts', /root/);
		const [view] = views();
		await window.showTextDocument(inWorkspace('one', 'main.go'), { viewColumn: view?.group.viewColumn ?? 2, preview: false });
		await waitFor(
			() => views()[0]?.isActive === false,
			() => 'the view is hidden',
		);
		await type(document, SHELL_COMMAND.replace('CMD', 'USER 1234\nCMD'));
		await lens(document.uri, /runs as 1234$/);
		await commands.executeCommand('go-scratch.showImage', document.uri.toString());
		await shows('.facts', /1234/);
		assert.equal(views().length, 1);
	});

	it('is shown by the command, of the Dockerfile that was shown last; a file that is not of Go says so', async () => {
		await openDockerfile('FROM node:22\nCMD node server.js\n', 'none', 'Dockerfile');
		await commands.executeCommand('go-scratch.showImage');
		await shows('main', /none\/Dockerfile does not build or run a Go program/);
	});

	it('is nothing if there is no Dockerfile, and the command says so', async () => {
		await commands.executeCommand('go-scratch.showImage');
		await message(/There is no Dockerfile in the workspace\./);
		await commands.executeCommand('notifications.clearAll');
	});
});
