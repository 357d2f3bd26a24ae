import assert from 'node:assert/strict';
import {
	type CompletionList,
	ConfigurationTarget,
	commands,
	extensions,
	type Hover,
	languages,
	Position,
	type TextEdit,
	type Uri,
	workspace,
} from 'vscode';
import {
	apply,
	cleanUp,
	codeAction,
	codes,
	finding,
	inWorkspace,
	noFinding,
	openDockerfile,
	readFile,
	SHELL_COMMAND,
	startExtension,
	type,
	waitFor,
	writeFile,
} from './editor.ts';

/** The codes of what the other extension says of a document. */
function theirs(uri: Uri): string[] {
	return languages
		.getDiagnostics(uri)
		.filter(({ source }) => source === 'dockerfile-utils')
		.map(({ code }) => String(typeof code === 'object' ? code.value : code));
}

async function theirFinding(uri: Uri, code: string): Promise<void> {
	await waitFor(
		() => theirs(uri).includes(code),
		() => `the other extension says ${code}, not only ${theirs(uri).join(', ') || 'nothing'}`,
	);
}

describe('beside another extension for Dockerfiles', () => {
	before(async function () {
		if (!process.env.GO_SCRATCH_SUITE_NEIGHBOUR) {
			return this.skip();
		}
		await startExtension();
		const neighbour = extensions.getExtension('go-scratch-test.neighbour');
		assert(neighbour, 'the other extension is installed');
		await neighbour.activate();
	});
	afterEach(cleanUp);

	it('says nothing that the other says, offers its fix all the same, and speaks again when the other is silent', async () => {
		const quoted = SHELL_COMMAND.replace('CMD /myapp', "CMD ['/myapp', '-v']");
		const document = await openDockerfile(quoted);
		await theirFinding(document.uri, '49');
		await finding(document.uri, 'missing-ca-certificates');
		await noFinding(document.uri, 'malformed-exec-form');
		const { range } = document.lineAt(7);
		await apply(await codeAction(document.uri, range, ({ title }) => title === 'Write ["/myapp", "-v"]'));
		assert.match(document.getText(), /^CMD \["\/myapp", "-v"\]$/m);
		// Not JSON either, and nothing that the other finds.
		await type(document, SHELL_COMMAND.replace('CMD /myapp', 'CMD ["/myapp", "-v",]'));
		await finding(document.uri, 'malformed-exec-form');
	});

	it('gives way to what a linter says of style, and not where a container does not start', async () => {
		const linter = languages.createDiagnosticCollection('a linter');
		try {
			const styled = SHELL_COMMAND.replace('FROM scratch', 'FROM alpine:3.22');
			const document = await openDockerfile(styled);
			const { range } = await finding(document.uri, 'shell-form-command');
			const said = { range, message: 'JSON arguments recommended', severity: 1, source: 'linter', code: 'JSONArgsRecommended' };
			linter.set(document.uri, [said]);
			await noFinding(document.uri, 'shell-form-command');
			linter.clear();
			await finding(document.uri, 'shell-form-command');
			linter.set(document.uri, [said]);
			await noFinding(document.uri, 'shell-form-command');
			await type(document, SHELL_COMMAND);
			await finding(document.uri, 'shell-form-command');
		} finally {
			linter.dispose();
		}
	});

	it('leaves completion, hover and formatting to it', async () => {
		const document = await openDockerfile('FROM scratch\n  COPY a b\nEXPO\n', 'none', 'Dockerfile');
		const { uri } = document;
		const list = await commands.executeCommand<CompletionList>('vscode.executeCompletionItemProvider', uri, new Position(2, 4));
		assert(
			list.items.some(({ label }) => (typeof label === 'string' ? label : label.label).includes('EXPOSE')),
			'its completion is there',
		);
		const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', uri, new Position(0, 1));
		const said = hovers.flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value)));
		assert.equal(said.filter((text) => /docs\.docker\.com/.test(text)).length, 1, `its hover is there once: ${JSON.stringify(said)}`);
		const edits = await commands.executeCommand<TextEdit[]>('vscode.executeFormatDocumentProvider', uri, {
			tabSize: 4,
			insertSpaces: true,
		});
		assert.equal(edits.length, 1);
		const settings = workspace.getConfiguration('editor', { languageId: 'dockerfile', uri });
		assert.equal(settings.get('defaultFormatter'), 'go-scratch-test.neighbour');
		assert.equal(settings.get('tabSize'), 7);
	});

	it('leaves its commands to it, and declares none but its own', async () => {
		assert.equal(await commands.executeCommand('neighbour.generate'), 'neighbour');
		const all = await commands.getCommands(true);
		assert.equal(all.filter((command) => command === 'neighbour.generate').length, 1);
		assert(all.includes('go-scratch.generate'), 'ours is there');
	});

	it('finds what the explorer hides: the build sees it all the same', async () => {
		const settings = workspace.getConfiguration('files');
		await settings.update('exclude', { '**/*.go': true, '**/.dockerignore': true }, ConfigurationTarget.Workspace);
		const program = inWorkspace('one', 'main.go');
		const saved = await readFile(program);
		try {
			const { uri } = await openDockerfile(SHELL_COMMAND);
			await finding(uri, 'missing-ca-certificates');
			await writeFile(program, 'package main\n\nfunc main() {}\n');
			await noFinding(uri, 'missing-ca-certificates');
			await writeFile(program, saved);
			await finding(uri, 'missing-ca-certificates');
			assert(codes(uri).includes('missing-dockerignore'));
		} finally {
			await writeFile(program, saved);
			await settings.update('exclude', undefined, ConfigurationTarget.Workspace);
		}
	});
});
