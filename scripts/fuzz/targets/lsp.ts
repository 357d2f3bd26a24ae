import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import {
	createConnection,
	createMessageConnection,
	type MessageConnection,
	StreamMessageReader,
	StreamMessageWriter,
} from 'vscode-languageserver/node';
import { createLifecycle } from '../../../server/lsp/lifecycle.ts';
import { startServer } from '../../../server/lsp/server.ts';
import { NO_INSTALLATION } from '../../../server/program/installation.ts';
import { createMemoryFiles } from '../../../server/workspace/memory-files.ts';
import { dockerfiles } from '../../../test/properties/dockerfiles.ts';
import { WORKSPACES } from '../../../test/properties/workspaces.ts';
import { checkMarkdown, ROOT } from '../oracles.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';

/** What a client does. All of it is well formed, and nothing of it is likely. */
interface Step {
	readonly method: string;
	readonly params: unknown;
	/** Whether an answer is due. */
	readonly request?: boolean;
	/** Whether the request is cancelled at once. */
	readonly cancelled?: boolean;
}

/** How long answers may stay away, in milliseconds. */
const PATIENCE = 12_000;

const URIS = [
	`file://${ROOT}/Dockerfile`,
	`file://${ROOT}/Dockerfile`,
	`file://${ROOT}/main.go`,
	`file://${ROOT}/go.mod`,
	`file://${ROOT}/.go-scratch.json`,
	`file://${ROOT}/.dockerignore`,
	`file://${ROOT}/%44ockerfile`,
	`file://${ROOT}/a%20b/Dockerfile`,
	`file://${ROOT}/../Dockerfile`,
	'file://',
	'file:',
	'file:///',
	'',
	'Dockerfile',
	'untitled:Untitled-1',
	'untitled:Dockerfile',
	`git:${ROOT}/Dockerfile?%7B%22ref%22%3A%22~%22%7D`,
	'fugitive:///x/.git//0/Dockerfile',
	'file://localhost/workspace/Dockerfile',
	'file:///C%3A/x/Dockerfile',
	'file://server/share/Dockerfile',
	'vscode-vfs://github/o/r/Dockerfile',
	'inmemory://model/1',
	'file:///%00/Dockerfile',
	'file:///%/Dockerfile',
	'%%%',
];

const uri = fc.constantFrom(...URIS);
const usual = fc.constantFrom(`file://${ROOT}/Dockerfile`);
const anyUri = fc.oneof({ arbitrary: usual, weight: 3 }, { arbitrary: uri, weight: 1 });
const number = fc.oneof({ arbitrary: fc.nat(30), weight: 8 }, { arbitrary: fc.constantFrom(0, 4294967295, 2147483647, 1000), weight: 1 });
const position = fc.record({ line: number, character: number });
const range = fc.record({ start: position, end: position });
const text = fc.oneof(
	dockerfiles,
	fc.constantFrom('', '\r', 'FROM scratch', 'CMD ["x"]\r\n', '\u{1f600}\uFEFFFROM golang\n', ...Object.values(WORKSPACES.everything ?? {})),
);
const change = fc.oneof(
	fc.record({
		range,
		text: fc.constantFrom('', 'x', '\n', '\r\n', '\r', 'RUN ', '\u{1f600}', 'FROM scratch\n', '\\\n', '# go-scratch ignore\n'),
	}),
	text.map((whole) => ({ text: whole })),
);
const textDocument = anyUri.map((each) => ({ uri: each }));
const notify = (method: string, params: fc.Arbitrary<unknown>): fc.Arbitrary<Step> => params.map((each) => ({ method, params: each }));
const ask = (method: string, params: fc.Arbitrary<unknown>): fc.Arbitrary<Step> =>
	fc.tuple(params, fc.nat(3)).map(([each, chance]) => ({ method, params: each, request: true, cancelled: chance === 0 }));

const step: fc.Arbitrary<Step> = fc.oneof(
	notify(
		'textDocument/didOpen',
		fc.tuple(anyUri, text, fc.constantFrom('dockerfile', 'dockerfile', 'go', 'plaintext', '')).map(([each, whole, languageId]) => ({
			textDocument: { uri: each, languageId, version: 1, text: whole },
		})),
	),
	notify(
		'textDocument/didChange',
		fc.tuple(anyUri, fc.array(change, { maxLength: 3 }), fc.nat(20)).map(([each, contentChanges, version]) => ({
			textDocument: { uri: each, version },
			contentChanges,
		})),
	),
	notify('textDocument/didClose', fc.record({ textDocument })),
	notify('textDocument/didSave', fc.record({ textDocument })),
	notify(
		'workspace/didChangeConfiguration',
		fc.constantFrom({ settings: null }, { settings: { 'go-scratch': { rules: { 'root-user': 'off', x: 1 } } } }, { settings: [] }),
	),
	notify(
		'workspace/didChangeWatchedFiles',
		fc.array(fc.record({ uri, type: fc.constantFrom(1, 2, 3) }), { maxLength: 3 }).map((changes) => ({ changes })),
	),
	notify(
		'workspace/didChangeWorkspaceFolders',
		fc.tuple(fc.array(uri, { maxLength: 2 }), fc.array(uri, { maxLength: 2 })).map(([added, removed]) => ({
			event: { added: added.map((each) => ({ uri: each, name: 'x' })), removed: removed.map((each) => ({ uri: each, name: 'x' })) },
		})),
	),
	ask('textDocument/hover', fc.record({ textDocument, position })),
	ask('textDocument/diagnostic', fc.record({ textDocument })),
	ask(
		'textDocument/codeAction',
		fc.record({
			textDocument,
			range,
			context: fc.constantFrom(
				{ diagnostics: [] },
				{ diagnostics: [], only: [] },
				{ diagnostics: [], only: ['source.fixAll'] },
				{ diagnostics: [], only: ['quickfix'] },
			),
		}),
	),
	ask(
		'codeAction/resolve',
		fc
			.tuple(anyUri, fc.constantFrom('root-user', undefined, 'x'))
			.map(([each, code]) => ({ title: 'x', kind: 'source.fixAll.go-scratch', data: { uri: each, code } })),
	),
	ask(
		'goScratch/mainPackages',
		anyUri.map((each) => ({ uri: each })),
	),
	ask(
		'goScratch/generate',
		fc.tuple(anyUri, fc.boolean()).map(([each, comments]) => ({ uri: each, comments })),
	),
);

const sequences = fc.array(step, { minLength: 3, maxLength: 25 });

/** Messages of a client in any order, to a server in this process. */
export const lsp: Target = {
	name: 'lsp',
	weight: 5,
	seeds: () => [
		{
			messages: JSON.stringify({
				method: 'textDocument/didOpen',
				params: {
					textDocument: {
						uri: URIS[0],
						languageId: 'dockerfile',
						version: 1,
						text: 'FROM golang\nCOPY . .\nRUN go build -o /app\nCMD /app\n',
					},
				},
			}),
		},
	],
	generated: fc.tuple(fc.constantFrom('utf-16', 'utf-8', 'utf-32', 'pull'), sequences).map(([client, steps]) => ({
		client,
		messages: steps.map((each) => JSON.stringify(each)).join('\n'),
	})),
	words: [],
	lines: true,
	mutate: (input, other, random) => ({ ...input, messages: mix(input.messages ?? '', other.messages ?? '', random) }),
	check: ({ client = 'utf-16', messages = '' }) => talk(client, stepsOf(messages)),
};

function mix(messages: string, others: string, random: Random): string {
	const lines = messages.split('\n');
	for (const line of others.split('\n')) {
		if (random.oneIn(3)) {
			lines.splice(random.integer(lines.length + 1), random.integer(2), line);
		}
	}
	return lines.join('\n');
}

/** A line that became no message says nothing. */
function stepsOf(messages: string): Step[] {
	return messages.split('\n').flatMap((line) => {
		try {
			return [JSON.parse(line) as Step];
		} catch {
			return [];
		}
	});
}

async function talk(client: string, steps: readonly Step[]): Promise<void> {
	const timers = new Set<NodeJS.Timeout>();
	const connection = serve(timers);
	const faults: string[] = [];
	connection.onNotification('window/logMessage', ({ type, message }: { type: number; message: string }) => {
		if (type === 1) {
			faults.push(message);
		}
	});
	connection.onNotification('textDocument/publishDiagnostics', ({ diagnostics }: { diagnostics: { range: unknown }[] }) => {
		for (const { range: place } of diagnostics) {
			assert.ok(isRange(place), `a range has whole numbers: ${JSON.stringify(place)}`);
		}
	});
	connection.onRequest('workspace/configuration', () => [null]);
	connection.onRequest('client/registerCapability', () => null);
	connection.onRequest('workspace/diagnostic/refresh', () => null);
	connection.listen();
	try {
		await connection.sendRequest('initialize', {
			processId: null,
			rootUri: `file://${ROOT}`,
			workspaceFolders: [{ uri: `file://${ROOT}`, name: 'workspace' }],
			capabilities: {
				general: { positionEncodings: [client === 'pull' ? 'utf-16' : client] },
				workspace: { workspaceFolders: true, configuration: true, didChangeWatchedFiles: { dynamicRegistration: true } },
				textDocument: {
					hover: { contentFormat: ['markdown'] },
					codeAction: {
						codeActionLiteralSupport: { codeActionKind: { valueSet: [] } },
						dataSupport: true,
						resolveSupport: { properties: ['edit'] },
					},
					...(client === 'pull' ? { diagnostic: {} } : {}),
				},
			},
		});
		await connection.sendNotification('initialized', {});
		const answers = steps.map((each) => take(connection, each));
		await inTime(Promise.all(answers), 'every request is answered');
		await inTime(connection.sendRequest('shutdown'), 'the server answers to the end');
	} finally {
		for (const timer of timers) {
			clearTimeout(timer);
		}
		connection.dispose();
	}
	assert.deepEqual(faults, [], 'the server logs no fault');
}

/** A server for a workspace in memory, and a client's connection to it. */
function serve(timers: Set<NodeJS.Timeout>): MessageConnection {
	const toServer = new PassThrough();
	const toClient = new PassThrough();
	const files = createMemoryFiles(
		Object.fromEntries(Object.entries(WORKSPACES.everything ?? {}).map(([name, content]) => [`${ROOT}/${name}`, content])),
	);
	const lifecycle = createLifecycle();
	const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient), lifecycle.options);
	startServer(server, lifecycle, {
		version: '0',
		files: () => files,
		installation: NO_INSTALLATION,
		messagesRead: () =>
			new Promise<void>((resolve) => {
				setImmediate(() => setImmediate(resolve));
			}),
		after(milliseconds, callback) {
			// What waits for a person to stop typing waits less here.
			const timer = setTimeout(
				() => {
					timers.delete(timer);
					callback();
				},
				milliseconds > 1000 ? milliseconds : 0,
			);
			timers.add(timer);
			return { cancel: () => clearTimeout(timer) };
		},
	});
	return createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
}

/** What the protocol allows a server to answer to what is well formed: nothing else is an error of the client. */
const ALLOWED = [-32800, -32801, -32802];

async function take(connection: MessageConnection, { method, params, request, cancelled }: Step): Promise<void> {
	if (!request) {
		await connection.sendNotification(method, params);
		return;
	}
	let cancel = () => {};
	const token = {
		isCancellationRequested: false,
		onCancellationRequested: (listener: () => void) => {
			cancel = listener;
			return { dispose: () => {} };
		},
	};
	const answer = connection.sendRequest(method, params, token as never);
	if (cancelled) {
		cancel();
	}
	let result: unknown;
	try {
		result = await answer;
	} catch (error) {
		const { code } = error as { code?: number };
		assert.ok(ALLOWED.includes(code as number), `${method} fails: ${code} ${error}`);
		return;
	}
	const { contents } = (result ?? {}) as { contents?: { value: string } };
	if (contents !== undefined) {
		checkMarkdown(contents.value);
	}
}

async function inTime(work: Promise<unknown>, what: string): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`${what} in time`)), PATIENCE);
	});
	try {
		await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}

function isRange(value: unknown): boolean {
	const { start, end } = value as { start: { line: number; character: number }; end: { line: number; character: number } };
	return [start.line, start.character, end.line, end.character].every((each) => Number.isInteger(each) && each >= 0);
}
