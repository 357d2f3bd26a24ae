import assert from 'node:assert/strict';
import { commands, env, type Uri, window } from 'vscode';
import { cleanUp, codes, exists, inWorkspace, openDockerfile, readFile, SINGLE_STAGE, sleep, startExtension, waitFor } from './editor.ts';
import { click, hasWindow, message, press, shows } from './window.ts';

/** A list takes about this long to show, in milliseconds. */
const LIST_SHOWS = 2000;

/** Starts the command, and answers when it has ended. */
function generate(target: Uri): { readonly ended: Promise<void> } {
	return { ended: Promise.resolve(commands.executeCommand<void>('go-scratch.generate', target)) };
}

/**
 * Picks an entry of the list that the command opens: the first, or one further down. Nobody tells when the list shows, so that it is
 * tried again where the command goes on waiting; without a list that does nothing.
 */
async function pick(entry: number, ended: Promise<void>): Promise<void> {
	let waiting = true;
	const end = () => {
		waiting = false;
	};
	ended.then(end, end);
	while (waiting) {
		await sleep(LIST_SHOWS);
		for (let down = 0; down < entry; down++) {
			await commands.executeCommand('workbench.action.quickOpenSelectNext');
		}
		await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
	}
}

function isOpen(uri: Uri): boolean {
	return window.activeTextEditor?.document.uri.toString() === uri.toString();
}

describe('Generate Dockerfile', () => {
	before(startExtension);
	afterEach(async () => {
		await commands.executeCommand('notifications.clearAll');
		await cleanUp();
	});

	it('writes a Dockerfile and a .dockerignore for the one main package, opens it, and undo takes both back', async () => {
		const dockerfile = inWorkspace('one', 'Dockerfile');
		await generate(inWorkspace('one')).ended;
		assert(isOpen(dockerfile), 'the Dockerfile is open');
		const text = await readFile(dockerfile);
		for (const part of ['golang:1.', 'CGO_ENABLED=0', 'FROM scratch', 'ca-certificates.crt', 'USER 65534:65534', 'ENTRYPOINT ["/']) {
			assert(text.includes(part), `${part} is in\n${text}`);
		}
		assert(await exists(inWorkspace('one', '.dockerignore')));
		await sleep(1500);
		assert.deepEqual(codes(dockerfile), [], 'the generated file has no finding');
		await commands.executeCommand('undo');
		await waitFor(
			async () => !(await exists(dockerfile)) && !(await exists(inWorkspace('one', '.dockerignore'))),
			() => 'both files are gone again',
		);
	});

	it('takes a go.mod for its folder', async () => {
		await generate(inWorkspace('one', 'go.mod')).ended;
		assert(isOpen(inWorkspace('one', 'Dockerfile')));
	});

	it('asks which of several main packages is meant, and writes beside it', async () => {
		const { ended } = generate(inWorkspace('several'));
		await pick(1, ended);
		await ended;
		const dockerfile = inWorkspace('several', 'cmd', 'worker', 'Dockerfile');
		assert(isOpen(dockerfile), 'the Dockerfile is open');
		const text = await readFile(dockerfile);
		assert.match(text, /\.\/cmd\/worker/);
		assert.doesNotMatch(text, /ca-certificates/);
		await sleep(1500);
		assert.deepEqual(codes(dockerfile), [], 'the generated file has no finding');
	});

	it('writes a Dockerfile for each of several services in one go, and offers the build commands', async function () {
		if (!(await hasWindow())) return this.skip();
		const { ended } = generate(inWorkspace('several'));
		await shows('.quick-input-list .monaco-list-row', /cmd\/api[\s\S]*→ several\/cmd\/api\/Dockerfile/);
		await click(
			'.quick-input-widget .quick-input-check-all, .quick-input-widget .quick-input-header input[type="checkbox"], .quick-input-header .monaco-checkbox',
		);
		await press('Enter');
		await ended;
		for (const name of ['api', 'worker']) assert(await exists(inWorkspace('several', 'cmd', name, 'Dockerfile')), name);
		await message(/Wrote several\/cmd\/api\/Dockerfile, several\/cmd\/worker\/Dockerfile\. Also wrote several\/\.dockerignore\./);
		await click('.notification-list-item .monaco-button', 'Copy build commands');
		await waitFor(
			async () => (await env.clipboard.readText()).split('\n').length === 2,
			() => 'the commands are copied',
		);
		assert.equal(
			await env.clipboard.readText(),
			'docker build -t api -f several/cmd/api/Dockerfile several\ndocker build -t worker -f several/cmd/worker/Dockerfile several',
		);
		await commands.executeCommand('undo');
		await waitFor(
			async () => !(await exists(inWorkspace('several', 'cmd', 'api', 'Dockerfile'))),
			() => 'one undo takes all back',
		);
	});

	it('names the .dockerignore that it wrote, and opens it', async function () {
		if (!(await hasWindow())) return this.skip();
		await generate(inWorkspace('one')).ended;
		await message(/^Wrote a Dockerfile for one: FROM scratch, with [^\n]*\. Also wrote one\/\.dockerignore\./m);
		await click('.notification-list-item .monaco-button', 'Open .dockerignore');
		await waitFor(
			() => isOpen(inWorkspace('one', '.dockerignore')),
			() => 'the .dockerignore is open',
		);
	});

	it('writes to another file beside the one that is there', async function () {
		if (!(await hasWindow())) return this.skip();
		const { uri } = await openDockerfile(SINGLE_STAGE);
		const { ended } = generate(inWorkspace('one'));
		await click('.quick-input-list .monaco-list-row', 'Write to another file');
		await shows('.quick-input-widget', /The name of the file, in the directory of one\/Dockerfile/);
		await press('Enter');
		await ended;
		assert.equal(await readFile(uri), SINGLE_STAGE);
		assert.match(await readFile(inWorkspace('one', 'Dockerfile.scratch')), /FROM scratch/);
	});

	it('keeps a Dockerfile that is there where a person says so', async () => {
		const { uri } = await openDockerfile(SINGLE_STAGE);
		const { ended } = generate(inWorkspace('one'));
		await pick(0, ended);
		await ended;
		assert.equal(await readFile(uri), SINGLE_STAGE);
	});

	it('shows how what it would write differs from a Dockerfile that is there', async () => {
		const { uri } = await openDockerfile(SINGLE_STAGE);
		const { ended } = generate(inWorkspace('one'));
		await pick(1, ended);
		await ended;
		const shown = () => window.visibleTextEditors.map(({ document }) => document);
		await waitFor(
			() => shown().some((document) => document.uri.scheme === 'go-scratch-generated' && /FROM scratch/.test(document.getText())),
			() => `the generated text is shown: ${shown().map(({ uri }) => uri.toString())}`,
		);
		assert(shown().some((document) => document.uri.toString() === uri.toString()));
		assert.equal(await readFile(uri), SINGLE_STAGE);
		await commands.executeCommand('workbench.action.closeActiveEditor');
	});

	it('overwrites a Dockerfile that is there only when told to, and one undo brings it back', async () => {
		const document = await openDockerfile(SINGLE_STAGE);
		const { ended } = generate(inWorkspace('one'));
		await pick(2, ended);
		await ended;
		assert.match(await readFile(document.uri), /FROM scratch/);
		await commands.executeCommand('undo');
		await waitFor(
			() => document.getText() === SINGLE_STAGE,
			() => 'the old text is back',
		);
	});

	it('writes nothing where there is no main package', async () => {
		await generate(inWorkspace('none')).ended;
		assert(!(await exists(inWorkspace('none', 'Dockerfile'))));
	});
});
