import assert from 'node:assert/strict';
import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
	CancellationTokenSource,
	type Diagnostic,
	DiagnosticSeverity,
	FileChangeType,
	LSPErrorCodes,
	type Range,
} from 'vscode-languageserver/node';
import { CAPABILITIES, Client, type ClientOptions, editsOf, PULLING } from './client.ts';

/** The server as a process of its own, as an editor starts it. */

const HTTPS_PROGRAM = {
	'go.mod': 'module example.com/app\n\ngo 1.26\n',
	'main.go': 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("https://example.com")\n}\n',
};

const MOVED_PROGRAM = { 'go.mod': HTTPS_PROGRAM['go.mod'], 'cmd/app/main.go': HTTPS_PROGRAM['main.go'] };

const QUIET_PROGRAM = 'package main\n\nfunc main() {}\n';

/** Has a command in shell form, and no CA certificates for a program that wants them. */
const DOCKERFILE = `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app

FROM scratch
COPY --from=build /app /app
USER 65534:65534
CMD /app
`;

const EVERYWHERE: Range = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };

function codesOf(diagnostics: readonly Diagnostic[]): string[] {
	return diagnostics.map((diagnostic) => String(diagnostic.code));
}

function has(code: string): (diagnostics: readonly Diagnostic[]) => boolean {
	return (diagnostics) => codesOf(diagnostics).includes(code);
}

function hasNo(code: string): (diagnostics: readonly Diagnostic[]) => boolean {
	return (diagnostics) => !codesOf(diagnostics).includes(code);
}

/** The place of `text` in `document`, as a range of one line. */
function rangeOf(document: string, text: string): Range {
	const at = document.indexOf(text);
	assert.notEqual(at, -1);
	const line = document.slice(0, at).split('\n').length - 1;
	const character = at - (document.lastIndexOf('\n', at - 1) + 1);
	return { start: { line, character }, end: { line, character: character + text.length } };
}

describe('language server', function () {
	this.timeout(60_000);
	let client: Client;

	async function start(options: Partial<ClientOptions> = {}): Promise<Client> {
		client = await Client.start({ files: HTTPS_PROGRAM, ...options });
		return client;
	}

	afterEach(async () => {
		assert.equal(await client.stop(), 0);
		assert.deepEqual(client.logged, []);
	});

	describe('pushing', () => {
		it('says what is wrong when a Dockerfile is opened, with all that a client can show', async () => {
			await start();
			assert.equal(client.capabilities.diagnosticProvider, undefined);
			const uri = await client.open('Dockerfile', DOCKERFILE);
			const diagnostics = await client.until(uri, has('missing-ca-certificates'));
			const shell = diagnostics.find((diagnostic) => diagnostic.code === 'shell-form-command');
			assert.equal(shell?.source, 'go-scratch');
			assert.equal(shell?.severity, DiagnosticSeverity.Error);
			assert.equal(shell?.codeDescription?.href, 'https://github.com/go-scratch/go-scratch/blob/main/docs/rules/shell-form-command.md');
			assert.deepEqual(shell?.range.start, rangeOf(DOCKERFILE, 'CMD /app').start);
			const certificates = diagnostics.find((diagnostic) => diagnostic.code === 'missing-ca-certificates');
			const [related] = certificates?.relatedInformation ?? [];
			assert.equal(related?.location.uri, client.uri('main.go'));
			assert.deepEqual(related?.location.range.start.line, 5);
		});

		it('follows every keystroke, and speaks of the newest text only', async () => {
			await start();
			const uri = await client.open('Dockerfile', DOCKERFILE);
			for (const word of ['/ap', '"/app"', '["/app"', '["/app"]']) {
				const line = rangeOf(client.text(uri), `CMD ${client.text(uri).split('CMD ')[1]?.trimEnd()}`);
				await client.edit(uri, line, `CMD ${word}`);
			}
			assert.match(client.text(uri), /CMD \["\/app"\]\n$/);
			await client.until(uri, hasNo('shell-form-command'));
			for (const { version, diagnostics } of client.pushed.get(uri) ?? []) {
				if (version === 5)
					assert.deepEqual(
						codesOf(diagnostics).filter((code) => /form/.test(code)),
						[],
					);
			}
		});

		it('of a burst of changes analyses the last one alone', async () => {
			await start();
			const uri = await client.open('Dockerfile', DOCKERFILE);
			await client.until(uri, has('missing-ca-certificates'));
			const before = client.pushed.get(uri)?.length;
			const texts = [...'ENV A=1 B=2 C=3 D=4'].map((_, index, letters) => `${DOCKERFILE}${letters.slice(0, index + 1).join('')}\n`);
			client.burst(uri, texts);
			await client.until(uri, has('missing-ca-certificates'));
			assert.deepEqual(
				client.pushed
					.get(uri)
					?.slice(before)
					.map(({ version }) => version),
				[1 + texts.length],
			);
		});

		it('takes back what it said when the document is closed, emptied or has nothing to do with Go', async () => {
			await start();
			const uri = await client.open('Dockerfile', DOCKERFILE);
			await client.until(uri, has('shell-form-command'));
			await client.change(uri, '');
			await client.until(uri, (diagnostics) => diagnostics.length === 0);
			await client.change(uri, 'FROM alpine\nCMD echo "$HOME"\n');
			await client.until(uri, (diagnostics) => diagnostics.length === 0);
			await client.change(uri, DOCKERFILE);
			await client.until(uri, has('shell-form-command'));
			await client.close(uri);
			await client.until(uri, (diagnostics) => diagnostics.length === 0);
		});

		it('follows unsaved Go files, and what is on disk once they are closed', async () => {
			await start();
			const uri = await client.open('Dockerfile', DOCKERFILE);
			await client.until(uri, has('missing-ca-certificates'));
			const go = await client.open('main.go', QUIET_PROGRAM, 'go');
			await client.until(uri, hasNo('missing-ca-certificates'));
			await client.close(go);
			await client.until(uri, has('missing-ca-certificates'));
		});

		it('follows changes on disk that the client watches for it', async () => {
			await start();
			const uri = await client.open('Dockerfile', DOCKERFILE);
			await client.until(uri, has('missing-ca-certificates'));
			assert.ok(client.registrations.some(({ method }) => method === 'workspace/didChangeWatchedFiles'));
			client.write('main.go', QUIET_PROGRAM);
			await client.changed('main.go', FileChangeType.Changed);
			await client.until(uri, hasNo('missing-ca-certificates'));
			client.write('remote.go', HTTPS_PROGRAM['main.go'].replace('func main', 'func init'));
			await client.changed('remote.go', FileChangeType.Created);
			await client.until(uri, has('missing-ca-certificates'));
		});

		it('follows a directory that is moved away and back', async () => {
			await start({ files: MOVED_PROGRAM });
			const uri = await client.open('Dockerfile', DOCKERFILE.replace('-o /app', '-o /app ./cmd/app'));
			await client.until(uri, has('missing-ca-certificates'));
			for (const [from, to, condition] of [
				['cmd', 'old', hasNo('missing-ca-certificates')],
				['old', 'cmd', has('missing-ca-certificates')],
			] as const) {
				renameSync(join(client.directory, from), join(client.directory, to));
				await client.changed(from, FileChangeType.Deleted);
				await client.changed(to, FileChangeType.Created);
				await client.until(uri, condition);
			}
		});

		it('follows files that are changed under the other name of a folder that is a link', async () => {
			await start({
				files: Object.fromEntries(Object.entries(HTTPS_PROGRAM).map(([name, text]) => [`real/${name}`, text])),
				folders: ['link'],
			});
			symlinkSync(join(client.directory, 'real'), join(client.directory, 'link'));
			const uri = await client.open('link/Dockerfile', DOCKERFILE);
			await client.until(uri, has('missing-ca-certificates'));
			client.write('real/main.go', QUIET_PROGRAM);
			await client.changed('real/main.go', FileChangeType.Changed);
			await client.until(uri, hasNo('missing-ca-certificates'));
		});

		it('follows a workflow that says from where an image is built', async () => {
			const workflow = (context: string) =>
				`jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: ${context}\n          file: Dockerfile\n`;
			await start({ files: { ...HTTPS_PROGRAM, 'other/x': '', '.github/workflows/image.yml': workflow('.') } });
			const watchers = () =>
				client.registrations.flatMap(({ options }) => (options as { watchers?: { globPattern: string; kind: number }[] }).watchers ?? []);
			await client.when(() => watchers().some(({ globPattern, kind }) => /workflows/.test(globPattern) && kind === 2), 'a watcher');
			const uri = await client.open('Dockerfile', DOCKERFILE);
			await client.until(uri, has('missing-ca-certificates'));
			client.write('.github/workflows/image.yml', workflow('other'));
			await client.changed('.github/workflows/image.yml', FileChangeType.Changed);
			await client.until(uri, hasNo('missing-ca-certificates'));
		});

		it('looks again by itself where the client watches nothing', async () => {
			const { didChangeWatchedFiles, ...workspace } = CAPABILITIES.workspace ?? {};
			assert.ok(didChangeWatchedFiles);
			await start({ capabilities: { ...CAPABILITIES, workspace } });
			const uri = await client.open('Dockerfile', DOCKERFILE);
			await client.until(uri, has('missing-ca-certificates'));
			client.write('main.go', QUIET_PROGRAM);
			await client.change(uri, `${DOCKERFILE}# A keystroke.\n`);
			await client.until(uri, hasNo('missing-ca-certificates'));
		});

		it('looks again by itself where the client cannot watch what it was asked to, after all', async () => {
			await start({ refuses: ['workspace/didChangeWatchedFiles'] });
			const uri = await client.open('Dockerfile', DOCKERFILE);
			await client.until(uri, has('missing-ca-certificates'));
			client.write('main.go', QUIET_PROGRAM);
			await client.change(uri, `${DOCKERFILE}# A keystroke.\n`);
			await client.until(uri, hasNo('missing-ca-certificates'));
			assert.match(client.logged.splice(0).join(), /The client refused a registration/);
		});

		it('looks again by itself where there is no folder that the client could watch', async () => {
			await start({ folders: [] });
			const uri = await client.open('Dockerfile', DOCKERFILE);
			await client.until(uri, has('missing-ca-certificates'));
			client.write('main.go', QUIET_PROGRAM);
			await client.change(uri, `${DOCKERFILE}# A keystroke.\n`);
			await client.until(uri, hasNo('missing-ca-certificates'));
		});
	});

	describe('documents that lie in no file system', () => {
		const SUPPOSING_FILES = /^(?:missing-main-package|missing-dockerignore|missing-go-sum|file-ignored|missing-ca-certificates)$/;
		const path = '/go-scratch-nowhere/Dockerfile';
		const uris = [
			'untitled:Untitled-1',
			`untitled:${path}`,
			`git:${path}?ref=HEAD`,
			`fugitive://${path}/.git//0/Dockerfile`,
			`inmemory:/${path}`,
		];
		for (const uri of [...uris, `vscode-vfs://github${path}`, `file://${path}`, 'file://', 'file:', '', 'Dockerfile', '../Dockerfile']) {
			it(`get no finding that supposes files: ${uri === '' ? 'an empty name' : uri}`, async () => {
				await start({ folders: [] });
				const textDocument = { uri, languageId: 'dockerfile', version: 1, text: DOCKERFILE };
				await client.notify('textDocument/didOpen', { textDocument });
				const diagnostics = await client.until(uri, has('shell-form-command'));
				assert.deepEqual(
					codesOf(diagnostics).filter((code) => SUPPOSING_FILES.test(code)),
					[],
				);
				assert.deepEqual(
					(await client.actions(uri, EVERYWHERE)).filter(({ title }) => /dockerignore/.test(title)),
					[],
				);
				await client.hover(uri, 0, 8);
			});
		}

		it('get all findings where their name says that they lie on this machine', async () => {
			await start();
			const uri = client.uri('Dockerfile').replace('file://', 'file://localhost');
			await client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'dockerfile', version: 1, text: DOCKERFILE } });
			await client.until(uri, has('missing-ca-certificates'));
		});

		it('are several where they are versions of one file, each with its own text', async () => {
			await start({ capabilities: { ...PULLING, workspace: { ...PULLING.workspace, diagnostics: undefined } } });
			const [head, index] = ['HEAD', '~'].map((ref) => `git:${path}?ref=${ref}`) as [string, string];
			const open = (uri: string, text: string) =>
				client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'dockerfile', version: 1, text } });
			await open(head, DOCKERFILE);
			await open(index, DOCKERFILE.replace('CMD /app', 'CMD ["/app"]'));
			assert.ok(has('shell-form-command')(await client.pull(head)));
			assert.ok(hasNo('shell-form-command')(await client.pull(index)));
			await client.close(index);
			assert.ok(has('shell-form-command')(await client.pull(head)));
		});

		it('leave each other their text where two names lead to one file', async () => {
			await start();
			const uri = await client.open('Dockerfile', DOCKERFILE);
			const go = await client.open('main.go', QUIET_PROGRAM, 'go');
			const twin = go.replace('file://', 'file://localhost');
			await client.notify('textDocument/didOpen', { textDocument: { uri: twin, languageId: 'go', version: 1, text: QUIET_PROGRAM } });
			await client.until(uri, hasNo('missing-ca-certificates'));
			await client.close(twin);
			await client.change(uri, `${DOCKERFILE}# A keystroke.\n`);
			await client.until(uri, has('shell-form-command'));
			assert.ok(hasNo('missing-ca-certificates')(client.pushed.get(uri)?.at(-1)?.diagnostics ?? []));
		});
	});

	describe('asked', () => {
		it('answers with complete findings, and pushes nothing', async () => {
			await start({ capabilities: { ...PULLING, workspace: { ...PULLING.workspace, diagnostics: undefined } } });
			assert.deepEqual(client.capabilities.diagnosticProvider, {
				identifier: 'go-scratch',
				interFileDependencies: true,
				workspaceDiagnostics: false,
			});
			const uri = await client.open('Dockerfile', DOCKERFILE);
			const codes = codesOf(await client.pull(uri));
			assert.ok(codes.includes('shell-form-command') && codes.includes('missing-ca-certificates'), codes.join());
			await client.change(uri, DOCKERFILE.replace('CMD /app', 'CMD ["/app"]'));
			assert.ok(!codesOf(await client.pull(uri)).includes('shell-form-command'));
			await client.close(uri);
			assert.deepEqual(await client.pull(uri), []);
			assert.equal(client.pushed.size, 0);
		});

		it('ends what nobody waits for any more', async () => {
			await start({ capabilities: PULLING });
			const uri = await client.open('Dockerfile', DOCKERFILE);
			const methods = [
				...['textDocument/diagnostic', 'textDocument/codeAction', 'textDocument/hover', 'workspace/executeCommand'],
				...['goScratch/mainPackages', 'goScratch/generate', 'goScratch/check', 'goScratch/image', 'goScratch/explain', 'goScratch/facts'],
			];
			for (const method of methods) {
				const source = new CancellationTokenSource();
				const position = { line: 0, character: 0 };
				const params = { textDocument: { uri }, uri, text: '', comments: true, position, range: EVERYWHERE, context: { diagnostics: [] } };
				const command = { command: 'go-scratch.generateDockerfile', arguments: [] };
				// The server answers nothing before it knows the settings, which come behind the cancellation.
				let know: (settings: unknown) => void = () => {};
				client.settings = new Promise((resolve) => {
					know = resolve;
				});
				await client.notify('workspace/didChangeConfiguration', { settings: null });
				const answer = client.request(method, method === 'workspace/executeCommand' ? command : params, source.token);
				source.cancel();
				know(undefined);
				await assert.rejects(answer, { code: LSPErrorCodes.RequestCancelled }, method);
			}
			assert.deepEqual(client.applied, []);
			// What was not cancelled is answered as ever.
			assert.ok(codesOf(await client.pull(uri)).includes('shell-form-command'));
		});

		it('lets the client ask again when a file changes', async () => {
			await start({ capabilities: PULLING });
			const uri = await client.open('Dockerfile', DOCKERFILE);
			await client.pull(uri);
			const before = client.refreshes;
			await client.open('main.go', QUIET_PROGRAM, 'go');
			await client.when(() => client.refreshes > before, 'a refresh');
			assert.ok(!codesOf(await client.pull(uri)).includes('missing-ca-certificates'));
		});
	});

	describe('actions', () => {
		it('are all there where a client sends an empty filter', async () => {
			await start();
			const uri = await client.open('Dockerfile', DOCKERFILE);
			const titles = async (only?: string[]) => (await client.actions(uri, EVERYWHERE, only)).map(({ title }) => title);
			assert.deepEqual(await titles([]), await titles());
			assert.deepEqual(await titles(['']), await titles());
			assert.deepEqual(await titles(['source.organizeImports']), []);
		});

		it('mend a finding, the certain mend first', async () => {
			await start();
			const uri = await client.open('Dockerfile', DOCKERFILE);
			const actions = await client.actions(uri, rangeOf(DOCKERFILE, 'CMD /app'), ['quickfix']);
			const [action] = actions;
			assert.equal(action?.isPreferred, true);
			assert.deepEqual(
				action?.diagnostics?.map((diagnostic) => diagnostic.code),
				['shell-form-command'],
			);
			assert.equal(client.after(uri, (await client.resolve(action)).edit), DOCKERFILE.replace('CMD /app', 'CMD ["/app"]'));
		});

		it('are those that were asked for', async () => {
			await start();
			const uri = await client.open('Dockerfile', DOCKERFILE);
			const kinds = async (only?: string[]) => new Set((await client.actions(uri, EVERYWHERE, only)).map((action) => action.kind));
			assert.deepEqual(await kinds(['source.fixAll']), new Set(['source.fixAll.go-scratch']));
			assert.deepEqual(await kinds(['source.fixAll.go-scratch']), new Set(['source.fixAll.go-scratch']));
			assert.deepEqual(await kinds(['quickfix']), new Set(['quickfix']));
			assert.deepEqual(await kinds(['source.organizeImports']), new Set());
			const all = await kinds();
			assert.ok(all.has('quickfix') && all.has('source.fixAll.go-scratch'));
		});

		it('are previewed where something is lost, which the preview lists', async () => {
			const text = `${DOCKERFILE.split('\n\n')[0]}\n\nFROM alpine:3.22\nRUN apk add --no-cache tini jq\nCOPY --from=build /app /app\nENTRYPOINT ["/sbin/tini", "--", "/app"]\n`;
			await start();
			const uri = await client.open('Dockerfile', text);
			const actions = await client.actions(uri, rangeOf(text, 'FROM alpine'), ['refactor']);
			const move = actions.find(({ title }) => title.startsWith('Move this image to scratch'));
			const { label, description, needsConfirmation } = move?.edit?.changeAnnotations?.losses ?? {};
			assert.deepEqual([label, needsConfirmation], ['Move this image to scratch', true]);
			assert.match(description ?? '', /^Lost: ENTRYPOINT in line \d+ starts \/sbin\/tini.*; line \d+ installs tini, jq$/);
			assert.ok(client.after(uri, move?.edit).includes('\nFROM scratch\n'));
			const shell = actions.find(({ title }) => title.startsWith('Add a debug target'));
			assert.equal(shell?.edit?.changeAnnotations, undefined);
		});

		it('add to a launch.json that is there, and are not offered where it cannot be read', async () => {
			const text = DOCKERFILE.replace('CMD /app', 'CMD ["/app"]');
			const launch = '{\n\t// mine\n\t"configurations": [{ "name": "Run" }]\n}\n';
			await start({ files: { ...HTTPS_PROGRAM, '.vscode/launch.json': '' } });
			const uri = await client.open('Dockerfile', text);
			const delve = async () => {
				const actions = await client.actions(uri, rangeOf(text, 'FROM scratch'), ['refactor']);
				return actions.find(({ title }) => title.startsWith('Add a debug target with Delve'));
			};
			assert.equal(await delve(), undefined);
			const other = await client.open('.vscode/launch.json', launch, 'jsonc');
			const action = await delve();
			assert.equal(action?.title, 'Add a debug target with Delve, and an entry in .vscode/launch.json');
			const after = client.after(other, action.edit);
			assert.match(after, /^\{\n\t\/\/ mine\n\t"configurations": \[\s*\{\s*"name": "Attach to Delve in the container",/);
			assert.match(after, /\},\s*\{\s*"name": "Run"\s*\}\s*\]\n\}\n$/);
			assert.match(client.after(uri, action.edit), /^FROM release AS debug-delve$/m);
		});

		it('mend everything at once, worked out when a person takes it', async () => {
			await start();
			const uri = await client.open('Dockerfile', DOCKERFILE);
			const [action] = await client.actions(uri, EVERYWHERE, ['source.fixAll']);
			assert.equal(action?.edit, undefined);
			const { edit } = await client.resolve(action as NonNullable<typeof action>);
			const fixed = client.after(uri, edit);
			assert.match(fixed, /CMD \["\/app"\]/);
			assert.match(fixed, /COPY --from=build \/etc\/ssl\/certs\/ca-certificates.crt/);
			assert.ok(
				editsOf(edit, uri).every(({ newText }) => !newText.includes('FROM')),
				'what is equal is left alone',
			);
			await client.change(uri, fixed);
			await client.until(uri, (diagnostics) => diagnostics.every(({ severity }) => severity !== DiagnosticSeverity.Error));
		});

		it('carry their edits for a client that does not ask for them later, in the form that it knows', async () => {
			const textDocument = {
				...CAPABILITIES.textDocument,
				codeAction: { codeActionLiteralSupport: CAPABILITIES.textDocument?.codeAction?.codeActionLiteralSupport },
			};
			await start({
				capabilities: {
					...CAPABILITIES,
					textDocument,
					workspace: { ...CAPABILITIES.workspace, workspaceEdit: undefined },
				} as ClientOptions['capabilities'],
			});
			const uri = await client.open('Dockerfile', DOCKERFILE);
			const [action] = await client.actions(uri, EVERYWHERE, ['source.fixAll']);
			assert.equal(action?.edit?.documentChanges, undefined);
			assert.match(client.after(uri, action?.edit), /CMD \["\/app"\]/);
		});

		it('silence a finding where it stands, after all that mends it', async () => {
			await start();
			const uri = await client.open('Dockerfile', DOCKERFILE);
			const actions = await client.actions(uri, rangeOf(DOCKERFILE, 'CMD /app'), ['quickfix']);
			assert.deepEqual(
				actions.map(({ title }) => title),
				[
					'Convert CMD to exec form',
					'Fix all auto-fixable go-scratch problems',
					'Disable shell-form-command for this instruction',
					'Disable shell-form-command for this file',
					'Disable shell-form-command in the workspace (.go-scratch.json)',
				],
			);
			const silenced = client.after(uri, actions[2]?.edit);
			assert.equal(silenced, DOCKERFILE.replace('CMD /app', '# go-scratch ignore=shell-form-command\nCMD /app'));
			await client.change(uri, silenced);
			await client.until(uri, (diagnostics) => diagnostics.length > 0 && !codesOf(diagnostics).includes('shell-form-command'));
		});

		it('turn a rule off in the file, above the first instruction, and in the workspace', async () => {
			await start();
			const uri = await client.open('Dockerfile', `# syntax=docker/dockerfile:1\n\n${DOCKERFILE}`);
			const actions = await client.actions(uri, rangeOf(client.text(uri), 'CMD /app'), ['quickfix']);
			const titled = (title: string) => actions.find((action) => action.title === title)?.edit;
			const inFile = client.after(uri, titled('Disable shell-form-command for this file'));
			assert.equal(inFile, `# syntax=docker/dockerfile:1\n\n# go-scratch ignore-file=shell-form-command\n${DOCKERFILE}`);
			const settings = client.after(
				client.uri('.go-scratch.json'),
				titled('Disable shell-form-command in the workspace (.go-scratch.json)'),
			);
			assert.deepEqual(JSON.parse(settings), { rules: { 'shell-form-command': 'off' } });
			await client.change(uri, inFile);
			await client.until(uri, (diagnostics) => diagnostics.length > 0 && !codesOf(diagnostics).includes('shell-form-command'));
		});

		it('come in the order of severity, each change once, and only those of the worst finding are preferred', async () => {
			await start();
			const uri = await client.open('Dockerfile', DOCKERFILE);
			const actions = (await client.actions(uri, EVERYWHERE, ['quickfix'])).filter(
				({ edit, isPreferred }) => edit && isPreferred !== undefined,
			);
			const severities = actions.map(({ diagnostics }) => Math.min(...(diagnostics ?? []).map(({ severity }) => severity ?? 1)));
			assert.ok(new Set(severities).size > 1, 'there are findings of several severities');
			assert.deepEqual(severities, [...severities].sort());
			const edits = actions.map(({ edit }) => JSON.stringify(edit));
			assert.equal(new Set(edits).size, edits.length);
			const preferred = actions.filter(({ isPreferred }) => isPreferred);
			assert.ok(preferred.length > 0);
			assert.ok(preferred.every(({ diagnostics }) => diagnostics?.some(({ severity }) => severity === severities[0])));
		});

		it('mend all findings of a kind', async () => {
			await start();
			const stage = (name: string) => `FROM scratch AS ${name}\nCOPY --from=build /app /app\nENTRYPOINT /app ${name}\n`;
			const uri = await client.open('Dockerfile', DOCKERFILE.replace(/FROM scratch[\s\S]*/, `${stage('a')}\n${stage('b')}`));
			const actions = await client.actions(uri, rangeOf(client.text(uri), 'ENTRYPOINT /app b'), ['quickfix']);
			const action = actions.find(({ title }) => title === 'Fix all shell-form-command in this file');
			assert.ok(action, actions.map(({ title }) => title).join());
			assert.match(client.after(uri, (await client.resolve(action)).edit), /ENTRYPOINT \["\/app", "a"\][\s\S]*ENTRYPOINT \["\/app", "b"\]/);
		});

		it('create a file where the client can, and are not offered where it cannot', async () => {
			const dockerfile = DOCKERFILE.replace('CMD /app', 'CMD ["/app"]');
			const created = async () => {
				const uri = await client.open('Dockerfile', dockerfile);
				const actions = await client.actions(uri, EVERYWHERE, ['quickfix']);
				return actions.filter(({ diagnostics }) => diagnostics?.some(({ code }) => code === 'missing-dockerignore'));
			};
			await start();
			const [action] = await created();
			const changes = action?.edit?.documentChanges ?? [];
			assert.deepEqual(changes[0], {
				kind: 'create',
				uri: client.uri('.dockerignore'),
				options: { overwrite: false, ignoreIfExists: false },
			});
			assert.match(client.after(client.uri('.dockerignore'), action?.edit), /\n/);
			await client.stop();
			await start({
				capabilities: { ...CAPABILITIES, workspace: { ...CAPABILITIES.workspace, workspaceEdit: { documentChanges: true } } },
			});
			assert.deepEqual(
				(await created()).map(({ title }) => title),
				[
					'Disable missing-dockerignore for this instruction',
					'Disable missing-dockerignore for this file',
					'Disable missing-dockerignore in the workspace (.go-scratch.json)',
				],
			);
		});

		it('carry their edits, so that an editor can preview a rewrite before it is applied', async () => {
			await start();
			const uri = await client.open('Dockerfile', 'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\nCMD ["/app"]\n');
			const actions = await client.actions(uri, EVERYWHERE, ['quickfix']);
			const rewrite = actions.find(({ diagnostics }) => diagnostics?.some(({ code }) => code === 'toolchain-in-image'));
			assert.match(client.after(client.uri('Dockerfile'), rewrite?.edit), /FROM scratch/);
		});
	});

	describe('settings', () => {
		const severityOf = (diagnostics: readonly Diagnostic[]) => diagnostics.find(({ code }) => code === 'shell-form-command')?.severity;

		it('are asked of the client, and followed when they change', async () => {
			await start({ settings: { rules: { 'shell-form-command': 'hint' } } });
			const uri = await client.open('Dockerfile', DOCKERFILE);
			await client.until(uri, (diagnostics) => severityOf(diagnostics) === DiagnosticSeverity.Hint);
			client.settings = { rules: { 'shell-form-command': 'off' } };
			await client.notify('workspace/didChangeConfiguration', { settings: null });
			await client.until(uri, hasNo('shell-form-command'));
		});

		it('come with the start, or are pushed, where the client cannot be asked', async () => {
			const { configuration, ...workspace } = CAPABILITIES.workspace ?? {};
			assert.ok(configuration);
			await start({
				capabilities: { ...CAPABILITIES, workspace },
				initializationOptions: { rules: { 'shell-form-command': 'information' } },
			});
			const uri = await client.open('Dockerfile', DOCKERFILE);
			await client.until(uri, (diagnostics) => severityOf(diagnostics) === DiagnosticSeverity.Information);
			await client.notify('workspace/didChangeConfiguration', {
				settings: { 'go-scratch': { rules: { 'shell-form-command': 'warning' } } },
			});
			await client.until(uri, (diagnostics) => severityOf(diagnostics) === DiagnosticSeverity.Warning);
		});

		it('of the workspace win, and are followed', async () => {
			await start({
				files: { ...HTTPS_PROGRAM, '.go-scratch.json': '{"rules": {"shell-form-command": "warning"}}' },
				settings: { rules: { 'shell-form-command': 'hint' } },
			});
			const uri = await client.open('Dockerfile', DOCKERFILE);
			await client.until(uri, (diagnostics) => severityOf(diagnostics) === DiagnosticSeverity.Warning);
			await client.open('.go-scratch.json', '{"rules": {"shell-form-comand": "off"}}', 'json');
			await client.until(uri, (diagnostics) => severityOf(diagnostics) === DiagnosticSeverity.Hint);
			await client.when(() => client.messages.some((message) => message.includes('did you mean "shell-form-command"')), 'a message');
		});

		it('of the workspace are not spoken of while they are being written', async () => {
			await start({ files: HTTPS_PROGRAM });
			const uri = await client.open('Dockerfile', DOCKERFILE);
			await client.until(uri, (diagnostics) => severityOf(diagnostics) !== undefined);
			const settings = await client.open('.go-scratch.json', '{}', 'json');
			await client.change(settings, '{"rules": {"shell-form-command": "hint", "root-use": "off"}}');
			await client.until(uri, (diagnostics) => severityOf(diagnostics) === DiagnosticSeverity.Hint);
			assert.deepEqual(client.messages, []);
			await client.notify('textDocument/didSave', { textDocument: { uri: settings } });
			await client.when(() => client.messages.some((message) => message.startsWith('.go-scratch.json:1: ')), 'a message');
		});
	});

	describe('workspaces', () => {
		it('may have several folders, of which the innermost counts', async () => {
			const inner = Object.fromEntries(Object.entries(HTTPS_PROGRAM).map(([path, text]) => [`outer/inner/${path}`, text]));
			const json = '{"rules": {"shell-form-command": "hint"}}';
			await start({
				files: { ...inner, 'outer/.go-scratch.json': json, 'outer/go.mod': 'module example.com/outer\n' },
				folders: ['outer', 'outer/inner'],
			});
			const uri = await client.open('outer/inner/Dockerfile', DOCKERFILE);
			const diagnostics = await client.until(uri, has('missing-ca-certificates'));
			assert.equal(diagnostics.find(({ code }) => code === 'shell-form-command')?.severity, DiagnosticSeverity.Error);
		});

		it('may be none: the module around the Dockerfile counts', async () => {
			await start({ folders: [] });
			const uri = await client.open('deploy/Dockerfile', DOCKERFILE);
			await client.until(uri, has('missing-ca-certificates'));
		});
	});

	it('knows Dockerfiles by language or by name, and no others', async () => {
		await start();
		await client.open('Dockerfile.dockerignore', DOCKERFILE, 'ignore');
		await client.open('README.md', DOCKERFILE, 'markdown');
		const named = await client.open('build/api.dockerfile', DOCKERFILE, 'plaintext');
		const language = await client.open('build/image', DOCKERFILE, 'dockerfile');
		await client.until(named, has('shell-form-command'));
		await client.until(language, has('shell-form-command'));
		assert.deepEqual([...client.pushed.keys()].sort(), [named, language].sort());
	});

	it('says on hover what the stage provides and what the program needs', async () => {
		await start();
		const uri = await client.open('Dockerfile', DOCKERFILE);
		const { start: from } = rangeOf(DOCKERFILE, 'FROM scratch');
		const hover = (await client.hover(uri, from.line, from.character)) ?? '';
		assert.match(hover, /✗ \*\*CA certificates\*\* — `http\.Get` at \[main&#46;go&#58;6\]\(file:.*main\.go#L6\)/);
		assert.equal(await client.hover(uri, 1, 0), undefined);
	});

	it('counts in the unit that a client wants', async () => {
		await start({ capabilities: { ...CAPABILITIES, general: { positionEncodings: ['utf-8'] } } });
		assert.equal(client.capabilities.positionEncoding, 'utf-8');
		const text = DOCKERFILE.replace('CMD /app', 'CMD /app "ü€😀" ');
		const uri = await client.open('Dockerfile', text);
		const diagnostics = await client.until(uri, has('shell-form-command'));
		const range = diagnostics.find(({ code }) => code === 'shell-form-command')?.range as Range;
		const [action] = await client.actions(uri, range, ['quickfix']);
		assert.equal(client.after(uri, action?.edit, 'utf-8'), text.replace('CMD /app "ü€😀" ', 'CMD ["/app", "ü€😀"] '));
	});

	for (const [encoding, character] of [
		['utf-8', 26],
		['utf-16', 20],
		['utf-32', 19],
	] as const) {
		it(`counts in ${encoding} in the files that a finding points to`, async () => {
			for (const kind of [CAPABILITIES, { ...PULLING, workspace: { ...PULLING.workspace, diagnostics: undefined } }]) {
				const main = HTTPS_PROGRAM['main.go'].replace('\thttp', '\t_ = "ä😀üöß"; http');
				await start({
					files: { ...HTTPS_PROGRAM, 'main.go': main },
					capabilities: { ...kind, general: { positionEncodings: [encoding] } },
				});
				const uri = await client.open('Dockerfile', DOCKERFILE);
				const found = kind === CAPABILITIES ? await client.until(uri, has('missing-ca-certificates')) : await client.pull(uri);
				const actions = (await client.actions(uri, EVERYWHERE)).flatMap(({ diagnostics = [] }) => diagnostics);
				for (const diagnostics of [found, actions]) {
					const [related] = diagnostics.find(({ code }) => code === 'missing-ca-certificates')?.relatedInformation ?? [];
					assert.deepEqual(related?.location.range, { start: { line: 5, character }, end: { line: 5, character: character + 3 } });
				}
				if (kind === CAPABILITIES) await client.stop();
			}
		});
	}

	it('finds the same in the same places while somebody types as in what was typed', async () => {
		await start();
		const uri = await client.open('Dockerfile', DOCKERFILE.replace('\n', '\r\n'));
		await client.until(uri, has('shell-form-command'));
		const type = async (line: number, from: number, text: string) => {
			for (const [index, letter] of [...text].entries()) {
				const place = { line, character: from + index };
				await client.edit(uri, { start: place, end: place }, letter);
			}
		};
		await type(rangeOf(DOCKERFILE, 'FROM scratch').start.line - 1, 0, 'RUN ls /');
		await type(rangeOf(DOCKERFILE, 'CMD /app').start.line, 'CMD /app'.length, ' -v');
		const isTyped = ({ code, range }: Diagnostic) => code === 'shell-form-command' && range.end.character === 'CMD /app -v'.length;
		const typed = await client.until(uri, (diagnostics) => diagnostics.some(isTyped));
		const text = client.text(uri);
		await client.close(uri);
		const anew = await client.open('Dockerfile', text);
		assert.deepEqual(await client.until(anew, (diagnostics) => diagnostics.length > 0), typed);
	});

	it('survives whatever is typed', async () => {
		await start();
		const uri = await client.open('Dockerfile', DOCKERFILE);
		for (const text of [
			'FROM',
			'\\',
			'RUN <<',
			'FROM scratch\nCMD [',
			'\0',
			'FROM ${',
			`RUN ${'('.repeat(5000)}`,
			'😀'.repeat(1000),
			'# go-scratch ignore=',
		]) {
			await client.change(uri, text);
			await client.actions(uri, EVERYWHERE);
			await client.hover(uri, 0, 2);
		}
		await client.change(uri, DOCKERFILE);
		await client.until(uri, has('shell-form-command'));
	});

	it('finds main packages and writes a Dockerfile for one, and writes nothing to disk', async () => {
		await start({ files: { ...HTTPS_PROGRAM, 'cmd/worker/main.go': QUIET_PROGRAM, 'internal/x.go': 'package internal\n' } });
		const found = await client.request<{ mainPackages: { uri: string; importPath: string; needs: string }[] }>('goScratch/mainPackages', {
			uri: client.uri('go.mod'),
		});
		assert.deepEqual(
			found.mainPackages.map(({ importPath, needs }) => [importPath, needs]),
			[
				['example.com/app', 'CA certificates'],
				['example.com/app/cmd/worker', ''],
			],
		);
		const generated = await client.request<{ files: { uri: string; content: string; exists: boolean }[]; summary: string }>(
			'goScratch/generate',
			{
				uri: found.mainPackages[1]?.uri,
				comments: false,
			},
		);
		assert.deepEqual(
			generated.files.map(({ uri, exists }) => [uri, exists]),
			[
				[client.uri('Dockerfile'), false],
				[client.uri('.dockerignore'), false],
			],
		);
		assert.match(generated.files[0]?.content ?? '', /FROM scratch\n[^#]*ENTRYPOINT \["\/worker"\]\n$/);
		const nothing = await client.request<{ mainPackages: unknown[]; message: string }>('goScratch/mainPackages', {
			uri: client.uri('internal'),
		});
		assert.deepEqual(nothing.mainPackages, []);
		assert.match(nothing.message, /No main package found in internal.*Found in/s);
	});
});
