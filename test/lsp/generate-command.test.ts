import assert from 'node:assert/strict';
import type { ClientCapabilities, WorkspaceEdit } from 'vscode-languageserver/node';
import { CAPABILITIES, Client, type ClientOptions } from './client.ts';

/** Generate as an editor without an extension of ours runs it: by `workspace/executeCommand` alone. */

const COMMAND = 'go-scratch.generateDockerfile';

const ONE_PROGRAM = {
	'go.mod': 'module example.com/app\n\ngo 1.26\n',
	'main.go': 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("https://example.com")\n}\n',
};

const TWO_PROGRAMS = {
	'go.mod': 'module example.com/app\n\ngo 1.26\n',
	'cmd/server/main.go': ONE_PROGRAM['main.go'],
	'cmd/worker/main.go': 'package main\n\nfunc main() {}\n',
};

/** The capabilities with others for edits of the workspace. */
function editing(workspaceEdit: NonNullable<ClientCapabilities['workspace']>['workspaceEdit']): ClientCapabilities {
	return { ...CAPABILITIES, workspace: { ...CAPABILITIES.workspace, workspaceEdit } };
}

/** The text that an edit puts into the document of a URI, whichever form the edit has. */
function textFor(edit: WorkspaceEdit | undefined, uri: string): string | undefined {
	const change = edit?.documentChanges?.find((each) => 'textDocument' in each && each.textDocument.uri === uri);
	const edits = change !== undefined && 'edits' in change ? change.edits : edit?.changes?.[uri];
	return edits?.map((each) => ('newText' in each ? each.newText : '')).join('');
}

describe('generating by workspace/executeCommand', function () {
	this.timeout(60_000);
	let client: Client;

	async function start(options: Partial<ClientOptions> = {}): Promise<Client> {
		client = await Client.start({ files: ONE_PROGRAM, ...options });
		return client;
	}

	/** Runs the command, and then waits until the person has been told of it, or nothing was to be told. */
	async function generate(...words: unknown[]): Promise<void> {
		assert.equal(await client.request('workspace/executeCommand', { command: COMMAND, arguments: words }), null);
	}

	afterEach(async () => {
		assert.equal(await client.stop(), 0);
		assert.deepEqual(client.logged, []);
	});

	it('creates a Dockerfile and a .dockerignore for the one program of the one folder, opens it, and says what is in it', async () => {
		await start();
		assert.deepEqual(client.capabilities.executeCommandProvider?.commands, [COMMAND]);
		await generate();
		const [edit] = client.applied;
		const created = edit?.documentChanges?.flatMap((change) => ('kind' in change && change.kind === 'create' ? [change.uri] : []));
		assert.deepEqual(created, [client.uri('Dockerfile'), client.uri('.dockerignore')]);
		const text = textFor(edit, client.uri('Dockerfile'));
		assert.match(text ?? '', /^FROM scratch$/m);
		assert.match(text ?? '', /ca-certificates\.crt/);
		assert.match(textFor(edit, client.uri('.dockerignore')) ?? '', /\S/);
		assert.deepEqual(client.opened, [client.uri('Dockerfile')]);
		assert.deepEqual(client.asked, []);
		assert.match(client.messages.join('\n'), /certificates/i);
	});

	it('asks which of several programs is meant, and writes nothing where none is chosen', async () => {
		await start({ files: TWO_PROGRAMS });
		await generate();
		assert.deepEqual(client.asked, [{ message: 'Which program does the image run?', titles: ['cmd/server', 'cmd/worker'] }]);
		assert.deepEqual(client.applied, []);
		client.choose = () => 'cmd/worker';
		await generate({ uri: client.uri('go.mod') });
		const text = textFor(client.applied[0], client.uri('Dockerfile'));
		assert.match(text ?? '', /\.\/cmd\/worker/);
		assert.doesNotMatch(text ?? '', /ca-certificates/);
	});

	it('takes the program in the directory that it is given, by its URI or its path', async () => {
		await start({ files: TWO_PROGRAMS });
		await generate(client.uri('cmd/worker'));
		await generate(`${client.directory}/cmd/server/main.go`);
		assert.deepEqual(client.asked, []);
		const texts = client.applied.map((edit) => textFor(edit, client.uri('Dockerfile')) ?? '');
		assert.match(texts[0] ?? '', /\.\/cmd\/worker/);
		assert.match(texts[1] ?? '', /\.\/cmd\/server/);
	});

	it('shows names as text: no link to a command, and nothing hidden', async function () {
		if (process.platform === 'win32') this.skip();
		const [link, bidi] = ['[a](command:b)', '\u202Eb'];
		await start({
			files: {
				'go.mod': TWO_PROGRAMS['go.mod'],
				[`${link}/main.go`]: TWO_PROGRAMS['cmd/worker/main.go'],
				[`${bidi}/main.go`]: TWO_PROGRAMS['cmd/worker/main.go'],
				'.go-scratch.json': `{"rules": {"${link}\u202E": "off"}}`,
			},
		});
		client.choose = (titles) => titles.find((title) => title.includes('u202e'));
		await generate();
		assert.deepEqual(new Set(client.asked[0]?.titles), new Set([link, '\\u202eb']));
		// A name that no Dockerfile can hold is refused, and named.
		assert.match(client.messages.join(), /\\u202eb/);
		await client.hover(await client.open('Dockerfile', 'FROM scratch\nCMD app'), 0, 0);
		const shown = [...client.messages, ...client.asked.map(({ message }) => message)].join('\n');
		assert.match(shown, /Unknown rule "\[a\] \(command:b\)\\u202e"/);
		assert.doesNotMatch(shown, /\]\(|\u202E/);
	});

	it('asks for which of several folders', async () => {
		const files = Object.fromEntries(
			['one', 'two'].flatMap((folder) => Object.entries(ONE_PROGRAM).map(([k, v]) => [`${folder}/${k}`, v])),
		);
		await start({ files, folders: ['one', 'two'] });
		client.choose = () => 'two';
		await generate();
		assert.deepEqual(client.asked, [{ message: 'Which folder is the Dockerfile for?', titles: ['one', 'two'] }]);
		assert(textFor(client.applied[0], client.uri('two/Dockerfile')));
	});

	it('replaces a Dockerfile that is there only when told to, the open text of it included', async () => {
		const old = 'FROM scratch\n';
		await start({ files: { ...ONE_PROGRAM, Dockerfile: old, '.dockerignore': '*.md\n' } });
		await generate();
		assert.deepEqual(client.asked, [{ message: 'Dockerfile exists.', titles: ['Overwrite', 'Cancel'] }]);
		assert.equal(client.applied.length, 0);
		const uri = await client.open('Dockerfile', `${old}CMD ["/😀"]`);
		client.choose = () => 'Overwrite';
		await generate();
		const [edit] = client.applied;
		assert.deepEqual(
			edit?.documentChanges?.map((change) => ('textDocument' in change ? change.textDocument : change.kind)),
			[{ uri, version: 1 }],
		);
		const after = client.after(uri, edit);
		assert.match(after, /ENTRYPOINT/);
		assert.doesNotMatch(after, /😀/);
	});

	it('fills a Dockerfile that was opened and is still empty without a question', async () => {
		await start();
		const uri = await client.open('Dockerfile', '\n');
		await generate();
		assert.deepEqual(client.asked, []);
		assert.match(client.after(uri, client.applied[0]), /^FROM scratch$/m);
	});

	it('says what to do where the client cannot let a person choose', async () => {
		await start({ files: TWO_PROGRAMS });
		client.choose = () => {
			throw new Error('no such request');
		};
		await generate();
		assert.deepEqual(client.messages, [
			'Which program does the image run? Pass the directory of one to the command: cmd/server, cmd/worker.',
		]);
		assert.deepEqual(client.applied, []);
	});

	it('writes into documents that are not there yet where the client creates no files', async () => {
		await start({ capabilities: editing({ documentChanges: true }) });
		await generate();
		assert.deepEqual(
			client.applied[0]?.documentChanges?.map((change) => ('textDocument' in change ? change.textDocument.uri : change.kind)),
			[client.uri('Dockerfile'), client.uri('.dockerignore')],
		);
		assert.match(textFor(client.applied[0], client.uri('Dockerfile')) ?? '', /^FROM scratch$/m);
	});

	it('uses the older form of an edit where the client knows no other', async () => {
		await start({ capabilities: editing({}) });
		await generate();
		assert.deepEqual(Object.keys(client.applied[0]?.changes ?? {}), [client.uri('Dockerfile'), client.uri('.dockerignore')]);
	});

	it('creates files for a client that can, whether or not it heeds versions', async () => {
		await start({ capabilities: editing({ resourceOperations: ['rename', 'create', 'delete'] }) });
		await generate();
		assert.equal(client.applied[0]?.documentChanges?.length, 4);
	});

	it('heeds whether comments are wanted: by the settings, and first of all by the command', async () => {
		await start({ settings: { generate: { comments: false } } });
		await generate();
		await generate({ comments: true });
		const comments = client.applied.map((edit) => /^# (?!syntax)/m.test(textFor(edit, client.uri('Dockerfile')) ?? ''));
		assert.deepEqual(comments, [false, true]);
	});

	it('says what it looked for where there is no program', async () => {
		await start({ files: { 'README.md': '' } });
		await generate();
		assert.match(client.messages.join(), /^No main package found in /);
	});

	it('says why the client did not write', async () => {
		await start();
		client.refusal = 'the disk is full';
		await generate();
		assert.deepEqual(client.messages, ['The editor did not write Dockerfile: the disk is full']);
		assert.deepEqual(client.opened, []);
	});

	it('points to the command line where the client takes no edits', async () => {
		await start({ capabilities: { ...CAPABILITIES, workspace: { ...CAPABILITIES.workspace, applyEdit: false } } });
		await generate();
		assert.match(client.messages.join(), /Use `go-scratch generate` on the command line\./);
	});

	it('needs a directory where no folder is open', async () => {
		await start({ folders: [] });
		await generate();
		assert.deepEqual(client.messages, ['No folder is open. Pass the directory of a Go program to the command.']);
		await generate(client.uri('.'));
		assert.equal(client.applied.length, 1);
	});

	it('lets a person end one of two that are under way, and says of each when it is done', async () => {
		const tokens: string[] = [];
		const released: (() => void)[] = [];
		const texts: Readonly<Record<string, string>> = ONE_PROGRAM;
		const nameOf = (uri: string) => uri.slice('memory:///w/'.length);
		await start({
			files: {},
			folders: [],
			capabilities: { ...CAPABILITIES, window: { workDoneProgress: true }, experimental: { goScratchFiles: true } },
			handlers: {
				'window/workDoneProgress/create': ({ token }: { token: string }) => {
					tokens.push(token);
					return null;
				},
				'goScratch/stat': () => null,
				'goScratch/readFile': ({ uri }: { uri: string }) => {
					const text = texts[nameOf(uri)];
					return text === undefined ? null : { text, complete: true, version: '1' };
				},
				'goScratch/readDirectory': async ({ uri }: { uri: string }) => {
					// Until both are under way, no directory is read.
					await new Promise<void>((resolve) => released.push(resolve));
					return uri === 'memory:///w' ? { entries: Object.keys(texts).map((name) => ({ name, kind: 'file', link: false })) } : null;
				},
			},
		});
		const ended: string[] = [];
		client.onProgress((token, kind) => {
			if (kind === 'end') ended.push(token);
		});
		const both = Promise.all([generate('memory:///w'), generate('memory:///w')]);
		await waitFor(() => tokens.length === 2 && released.length > 0);
		await client.notify('window/workDoneProgress/cancel', { token: tokens[0] });
		const releasing = setInterval(() => {
			for (const release of released.splice(0)) release();
		}, 10);
		await both;
		clearInterval(releasing);
		assert.equal(new Set(tokens).size, 2);
		assert.deepEqual(ended.sort(), [...tokens].sort());
		assert.equal(client.applied.length, 1);
	});

	it('refuses a command that it does not know', async () => {
		await start();
		await assert.rejects(
			client.request('workspace/executeCommand', { command: 'go-scratch.nonsense' }),
			/Unknown command go-scratch\.nonsense/,
		);
	});
});

async function waitFor(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
