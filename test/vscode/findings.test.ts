import assert from 'node:assert/strict';
import { ConfigurationTarget, DiagnosticSeverity, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import {
	cleanUp,
	codes,
	finding,
	findings,
	inWorkspace,
	noFinding,
	openDockerfile,
	readFile,
	SHELL_COMMAND,
	SINGLE_STAGE,
	sleep,
	startExtension,
	type,
	waitFor,
	writeFile,
} from './editor.ts';

describe('findings in the editor', () => {
	before(startExtension);
	afterEach(cleanUp);

	it('stand under the text that is wrong, with a code that links to its page', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND);
		const diagnostic = await finding(uri, 'shell-form-command');
		assert.equal(diagnostic.severity, DiagnosticSeverity.Error);
		assert.equal(diagnostic.range.start.line, 7);
		assert(typeof diagnostic.code === 'object' && diagnostic.code.target.query.includes('shell-form-command'), 'the code is a link');
	});

	for (const name of ['Dockerfile.prod', 'Dockerfile-prod', 'api.Dockerfile', 'api.dockerfile', 'Containerfile', 'api.containerfile']) {
		it(`stand in ${name}`, async () => {
			const { uri } = await openDockerfile(SHELL_COMMAND, 'one', name);
			await finding(uri, 'shell-form-command');
		});
	}

	it('name the line of Go that is the reason', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND);
		const diagnostic = await finding(uri, 'missing-ca-certificates');
		const related = diagnostic.relatedInformation?.[0];
		assert.equal(related?.location.uri.path, inWorkspace('one', 'main.go').path);
		assert.equal(related?.location.range.start.line, 8);
	});

	it('are none where no Go program is built or shipped', async () => {
		const { uri } = await openDockerfile('FROM node:22\nCOPY . .\nCMD node server.js\n', 'none', 'Dockerfile');
		await sleep(1500);
		assert.deepEqual(codes(uri), []);
	});

	it('follow what is typed', async () => {
		const document = await openDockerfile(SHELL_COMMAND);
		await finding(document.uri, 'shell-form-command');
		await type(document, SHELL_COMMAND.replace('CMD /myapp', 'CMD ["/myapp"]'));
		await noFinding(document.uri, 'shell-form-command');
		await type(document, SHELL_COMMAND);
		await finding(document.uri, 'shell-form-command');
	});

	it('follow a Go file that is not saved', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND);
		await finding(uri, 'missing-ca-certificates');
		const program = await workspace.openTextDocument(inWorkspace('one', 'main.go'));
		const saved = program.getText();
		await type(program, 'package main\n\nfunc main() {\n\tprintln("hello")\n}\n');
		await noFinding(uri, 'missing-ca-certificates');
		await type(program, saved);
		await finding(uri, 'missing-ca-certificates');
		await program.save();
	});

	it('follow a Go file that changes on disk', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND);
		await finding(uri, 'missing-ca-certificates');
		const program = inWorkspace('one', 'main.go');
		const saved = await readFile(program);
		try {
			await writeFile(program, 'package main\n\nfunc main() {\n\tprintln("hello")\n}\n');
			await noFinding(uri, 'missing-ca-certificates');
		} finally {
			await writeFile(program, saved);
		}
		await finding(uri, 'missing-ca-certificates');
	});

	it('follow a .dockerignore that comes and goes', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND);
		await finding(uri, 'missing-dockerignore');
		const ignore = inWorkspace('one', '.dockerignore');
		await writeFile(ignore, '.git\n');
		await noFinding(uri, 'missing-dockerignore');
		await workspace.fs.delete(ignore);
		await finding(uri, 'missing-dockerignore');
	});

	it('have the severity that the settings give', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND);
		await finding(uri, 'shell-form-command');
		const settings = () => workspace.getConfiguration('go-scratch', uri);
		const set = (value: unknown) => settings().update('rules', value, ConfigurationTarget.Workspace);
		try {
			await set({ 'shell-form-command': 'hint', 'root-user': 'off' });
			await waitFor(
				() => findings(uri).some(({ severity }) => severity === DiagnosticSeverity.Hint),
				() => 'the command in shell form is a hint',
			);
			await noFinding(uri, 'root-user');
		} finally {
			await set(undefined);
		}
		await finding(uri, 'root-user');
	});

	it('have the severity that .go-scratch.json gives', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND);
		await finding(uri, 'root-user');
		await writeFile(inWorkspace('.go-scratch.json'), '{ "rules": { "root-user": "off" } }\n');
		await noFinding(uri, 'root-user');
	});

	it('are gone with a comment that ignores them', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND.replace('CMD', '# go-scratch ignore=shell-form-command it is a joke\nCMD'));
		await finding(uri, 'missing-ca-certificates');
		await noFinding(uri, 'shell-form-command');
	});

	it('move with a Dockerfile that is renamed', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND);
		await finding(uri, 'shell-form-command');
		const renamed = inWorkspace('one', 'Dockerfile.prod');
		const edit = new WorkspaceEdit();
		edit.renameFile(uri, renamed);
		assert(await workspace.applyEdit(edit));
		await window.showTextDocument(renamed);
		await finding(renamed, 'shell-form-command');
		await noFinding(uri, 'shell-form-command');
	});

	it('go with a Dockerfile that is deleted', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND);
		await finding(uri, 'shell-form-command');
		const edit = new WorkspaceEdit();
		edit.deleteFile(uri);
		assert(await workspace.applyEdit(edit));
		await waitFor(
			() => codes(uri).length === 0,
			() => 'nothing is said of a deleted file',
		);
	});

	it('go with the text of a Dockerfile that is emptied, and come back with it', async () => {
		const document = await openDockerfile(SINGLE_STAGE);
		await finding(document.uri, 'toolchain-in-image');
		await type(document, '');
		await waitFor(
			() => codes(document.uri).length === 0,
			() => 'nothing is said of an empty file',
		);
		await type(document, SINGLE_STAGE);
		await finding(document.uri, 'toolchain-in-image');
	});

	it('outlive a Dockerfile that is broken in the middle of an edit', async () => {
		const document = await openDockerfile(SHELL_COMMAND);
		await finding(document.uri, 'shell-form-command');
		for (const broken of ['FROM', 'FROM golang AS\nRUN "', 'FRO\nCMD [', '\u0000\ud800 <<EOF\n', SHELL_COMMAND.slice(0, 70)]) {
			await type(document, broken);
			await sleep(100);
		}
		await type(document, SHELL_COMMAND);
		await finding(document.uri, 'shell-form-command');
	});

	it('are the same in a file opened by another address of it', async () => {
		const { uri } = await openDockerfile(SHELL_COMMAND, 'one', 'sub dir é', 'Dockerfile');
		assert.notEqual(uri.toString(), Uri.file(uri.path).path);
		await finding(uri, 'shell-form-command');
	});
});
