import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
	createClientPipeTransport,
	createClientSocketTransport,
	createMessageConnection,
	ErrorCodes,
	IPCMessageReader,
	IPCMessageWriter,
	type MessageReader,
	type MessageWriter,
	StreamMessageReader,
	StreamMessageWriter,
} from 'vscode-languageserver/node';
import { serverBundle } from './client.ts';

type Transport = [MessageReader, MessageWriter];

describe('the server as a process', () => {
	const children: ChildProcess[] = [];

	function start(words: readonly string[], stdio: 'pipe' | 'ipc' = 'pipe'): ChildProcess {
		const channel = stdio === 'ipc' ? (['ignore', 'ignore', 'ignore', 'ipc'] as const) : (['pipe', 'pipe', 'pipe'] as const);
		const child = spawn(process.execPath, [serverBundle(), ...words], { stdio: [...channel] });
		children.push(child);
		return child;
	}

	after(() => {
		for (const child of children) child.kill('SIGKILL');
	});

	/** Has the server answer over the transport, and end. */
	async function talk(child: ChildProcess, [reader, writer]: Transport): Promise<number | null> {
		const connection = createMessageConnection(reader, writer);
		connection.listen();
		const { serverInfo } = await connection.sendRequest<{ serverInfo: unknown }>('initialize', { processId: null, capabilities: {} });
		assert.match(JSON.stringify(serverInfo), /"name":"go-scratch"/);
		const ended = exitOf(child);
		await connection.sendRequest('shutdown');
		await connection.sendNotification('exit');
		return ended;
	}

	it('talks over standard input and output', async () => {
		const child = start(['--stdio']);
		const { stdin, stdout } = child as { stdin: NodeJS.WritableStream; stdout: NodeJS.ReadableStream };
		assert.equal(await talk(child, [new StreamMessageReader(stdout), new StreamMessageWriter(stdin)]), 0);
	});

	it('talks over the channel of a Node process to its child', async () => {
		const child = start(['--node-ipc'], 'ipc');
		assert.equal(await talk(child, [new IPCMessageReader(child), new IPCMessageWriter(child)]), 0);
	});

	for (const spelling of ['--socket=', '--socket ']) {
		it(`talks over a socket, as ${spelling}PORT`, async () => {
			const transport = await createClientSocketTransport(0);
			const child = start(`${spelling}${transport.port()}`.split(' '));
			assert.equal(await talk(child, (await transport.onConnected()) as Transport), 0);
		});
	}

	it('talks over a pipe', async () => {
		const name = process.platform === 'win32' ? `\\\\.\\pipe\\go-scratch-${process.pid}` : join(tmpdir(), `go-scratch-${process.pid}.sock`);
		const transport = await createClientPipeTransport(name);
		const child = start([`--pipe=${name}`]);
		assert.equal(await talk(child, (await transport.onConnected()) as Transport), 0);
	});

	it('ends when its input does, and says that nobody asked it to', async () => {
		const child = start(['--stdio']);
		child.stdin?.end();
		assert.equal(await exitOf(child), 1);
	});

	it('has ended well when its input ends after the request to shut down', async () => {
		const child = start(['--stdio']);
		const { stdin, stdout } = child as { stdin: NodeJS.WritableStream; stdout: NodeJS.ReadableStream };
		const connection = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
		connection.listen();
		await connection.sendRequest('initialize', { processId: null, capabilities: {} });
		await connection.sendRequest('shutdown');
		stdin.end();
		assert.equal(await exitOf(child), 0);
	});

	it('ends when the channel to it is closed', async () => {
		const child = start(['--node-ipc'], 'ipc');
		const ended = exitOf(child);
		child.disconnect();
		assert.equal(await ended, 1);
	});

	it('ends when the socket to it is closed, although the client goes on', async () => {
		const transport = await createClientSocketTransport(0);
		const child = start([`--socket=${transport.port()}`]);
		const ended = exitOf(child);
		const connection = createMessageConnection(...((await transport.onConnected()) as Transport));
		connection.listen();
		await connection.sendRequest('initialize', { processId: process.pid, capabilities: {} });
		connection.end();
		assert.equal(await ended, 1);
	});

	it('stays with a client whose process belongs to another user', async function () {
		if (process.getuid?.() !== 0 || process.platform !== 'linux') this.skip();
		this.timeout(20_000);
		chmodSync(dirname(serverBundle()), 0o755);
		const words = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, serverBundle(), '--stdio'];
		const child = spawn('setpriv', words, { stdio: 'pipe', env: { ...process.env, GO_SCRATCH_CACHE: 'off' } });
		children.push(child);
		const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
		connection.listen();
		await connection.sendRequest('initialize', { processId: process.pid, capabilities: {} });
		// The library looks after the client's process every three seconds.
		await new Promise((resolve) => setTimeout(resolve, 3500));
		await connection.sendRequest('shutdown');
		const ended = exitOf(child);
		await connection.sendNotification('exit');
		assert.equal(await ended, 0);
	});

	it('answers nothing before it is initialized, after it is shut down, and twice', async () => {
		const child = start(['--stdio']);
		const { stdin, stdout } = child as { stdin: NodeJS.WritableStream; stdout: NodeJS.ReadableStream };
		const connection = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
		connection.listen();
		const textDocument = { uri: 'file:///x/Dockerfile', languageId: 'dockerfile', version: 1, text: 'FROM golang\nCMD x\n' };
		const published: unknown[] = [];
		connection.onNotification('textDocument/publishDiagnostics', (params) => void published.push(params));
		const hover = () => connection.sendRequest('textDocument/hover', { textDocument, position: { line: 0, character: 0 } });

		await connection.sendNotification('textDocument/didOpen', { textDocument });
		await assert.rejects(hover(), { code: ErrorCodes.ServerNotInitialized });
		await assert.rejects(connection.sendRequest('shutdown'), { code: ErrorCodes.ServerNotInitialized });
		await connection.sendRequest('initialize', { processId: null, capabilities: {} });
		assert.equal(await hover(), null);
		await assert.rejects(connection.sendRequest('initialize', { processId: null, capabilities: {} }), { code: ErrorCodes.InvalidRequest });
		await assert.rejects(connection.sendRequest('textDocument/nonsense'), { code: ErrorCodes.MethodNotFound });
		assert.equal(await connection.sendRequest('shutdown'), null);
		await connection.sendNotification('textDocument/didOpen', { textDocument });
		await assert.rejects(hover(), { code: ErrorCodes.InvalidRequest });
		await assert.rejects(connection.sendRequest('shutdown'), { code: ErrorCodes.InvalidRequest });
		const ended = exitOf(child);
		await connection.sendNotification('exit');
		assert.equal(await ended, 0);
		assert.deepEqual(published, []);
	});

	it('ends, and not well, when it is told to exit before anything else', async () => {
		const child = start(['--stdio']);
		const { stdin, stdout } = child as { stdin: NodeJS.WritableStream; stdout: NodeJS.ReadableStream };
		const connection = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
		connection.listen();
		const ended = exitOf(child);
		await connection.sendNotification('exit');
		assert.equal(await ended, 1);
	});

	it('ends when the process of its client does, whoever holds its input', async () => {
		const client = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
		const byWord = start(['--stdio', `--clientProcessId=${client.pid}`]);
		const byMessage = start(['--stdio']);
		const connection = createMessageConnection(
			new StreamMessageReader(byMessage.stdout as NodeJS.ReadableStream),
			new StreamMessageWriter(byMessage.stdin as NodeJS.WritableStream),
		);
		connection.listen();
		await connection.sendRequest('initialize', { processId: client.pid, capabilities: {} });
		const ended = Promise.all([byWord, byMessage].map(exitOf));
		client.kill('SIGKILL');
		assert.deepEqual(await ended, [1, 1]);
	});

	it('tells a person who starts it by hand how editors do', async () => {
		for (const [words, code, stream] of [
			[[], 2, 'stderr'],
			[['--socket=nonsense'], 2, 'stderr'],
			[['--pipe'], 2, 'stderr'],
			[[`--clientProcessId=${process.pid}`], 2, 'stderr'],
			[['--help'], 0, 'stdout'],
			[['--help', '--clientProcessId', String(process.pid)], 0, 'stdout'],
			[['--version'], 0, 'stdout'],
		] as const) {
			const child = start(words);
			let said = '';
			child[stream]?.on('data', (part) => {
				said += part;
			});
			assert.deepEqual(await once(child, 'close'), [code, null]);
			assert.doesNotMatch(said, /^ +at /m);
			assert.match(said, words[0] === '--version' ? /^\d+\.\d+\.\d+\n$/ : /--stdio .*\n[\s\S]*docs\/editors\.md/);
		}
	});
});

async function exitOf(child: ChildProcess): Promise<number | null> {
	const [code] = await once(child, 'exit');
	return code;
}
