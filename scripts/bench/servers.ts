import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
	createProtocolConnection,
	DiagnosticRefreshRequest,
	type DocumentDiagnosticReport,
	DocumentDiagnosticRequest,
	type InitializeResult,
	PublishDiagnosticsNotification,
	RegistrationRequest,
	StreamMessageReader,
	StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { installPeer, PEER, PEER_VERSION } from '../peer.ts';
import { inProject } from '../project.ts';
import { articleDockerfile, dockerfileOf, GO_FILES } from './dockerfiles.ts';
import { median, milliseconds, percentile, report } from './measure.ts';

const STARTS = 9;
const EDITS = 60;
/** After this time, in milliseconds, a server that keeps something for its next start has done so. */
const KEPT = 6000;
/** What is typed in the middle of the document, so that no server sees a text twice: an instruction of as many characters as there are edits. */
const TYPED = 'RUN mkdir -p /typed && echo "a name" > /typed/by-hand && ls /typed'.slice(0, EDITS);

/** A server that has answered for the document once. */
interface Session {
	/** From the start of the process to the first diagnostics, in milliseconds. */
	readonly start: number;
	/** Types the next character of {@link TYPED} into the document, and waits for the diagnostics of that text. */
	edit(): Promise<number>;
	close(): void;
}

/** Compares the language server with the one that other extensions bundle, on the same files. */
export async function compareServers(): Promise<void> {
	const peer = await installPeer();
	if (peer === undefined) return;
	const own = inProject('dist/server.cjs');
	console.log(`The language server against ${PEER} ${PEER_VERSION}`);
	const workspace = mkdtempSync(path.join(tmpdir(), 'go-scratch-bench-'));
	try {
		for (const [name, text] of Object.entries(GO_FILES)) writeFileSync(path.join(workspace, name), text);
		// Both were started before, as they were on every day but the first.
		const before = [await open(own, dockerfileOf(60), workspace), await open(peer, dockerfileOf(60), workspace)];
		await new Promise((resolve) => setTimeout(resolve, KEPT));
		for (const session of before) session.close();
		await compare('the article’s Dockerfile', articleDockerfile(), [own, peer], workspace, {});
		await compare('60 lines', dockerfileOf(60), [own, peer], workspace, { start: 0.7, edit: 0.5 });
		await compare('2,000 lines', dockerfileOf(2000), [own, peer], workspace, {});
	} finally {
		rmSync(workspace, { recursive: true });
	}
}

async function compare(
	name: string,
	text: string,
	servers: readonly [own: string, peer: string],
	workspace: string,
	bars: { readonly start?: number; readonly edit?: number },
): Promise<void> {
	const starts: [number[], number[]] = [[], []];
	const edits: [number[], number[]] = [[], []];
	writeFileSync(path.join(workspace, 'Dockerfile'), text);
	for (let round = 0; round < STARTS; round++) {
		for (const side of [0, 1] as const) {
			const session = await open(servers[side], text, workspace);
			starts[side].push(session.start);
			session.close();
		}
	}
	const sessions = [await open(servers[0], text, workspace), await open(servers[1], text, workspace)] as const;
	for (let count = 0; count < EDITS; count++) {
		for (const side of [0, 1] as const) {
			const took = await sessions[side].edit();
			// What both compile while they warm up is no edit that a person makes.
			if (count >= 10) edits[side].push(took);
		}
	}
	for (const session of sessions) session.close();
	const both = (of: (values: readonly number[]) => number, values: readonly [number[], number[]]) =>
		[of(values[0]), of(values[1])] as const;
	const line = (what: string, [ours, theirs]: readonly [number, number], bar: number | undefined) =>
		report(`${name}, ${what}`, ours / theirs, bar, `${milliseconds(ours)} against ${milliseconds(theirs)}`);
	line('start to first diagnostics', both(median, starts), bars.start);
	line('edit to diagnostics, median', both(median, edits), bars.edit);
	line(
		'edit to diagnostics, 95 % within',
		both((values) => percentile(values, 0.95), edits),
		undefined,
	);
}

async function open(server: string, dockerfile: string, workspace: string): Promise<Session> {
	const lines = dockerfile.split('\n');
	const line = lines.length >> 1;
	const text = [...lines.slice(0, line), '', ...lines.slice(line)].join('\n');
	const began = performance.now();
	const child: ChildProcess = spawn(process.execPath, [server, '--stdio'], { cwd: workspace, stdio: ['pipe', 'pipe', 'inherit'] });
	const { stdin, stdout } = child;
	if (stdin === null || stdout === null) throw new Error('The server has no pipes.');
	const connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
	const uri = pathToFileURL(path.join(workspace, 'Dockerfile')).href;
	let published: (() => void) | undefined;
	connection.onNotification(PublishDiagnosticsNotification.type, () => published?.());
	connection.onRequest(RegistrationRequest.type, () => undefined);
	connection.onRequest(DiagnosticRefreshRequest.type, () => undefined);
	connection.listen();
	const root = pathToFileURL(workspace).href;
	const { capabilities } = (await connection.sendRequest('initialize', {
		processId: process.pid,
		rootUri: root,
		workspaceFolders: [{ uri: root, name: 'workspace' }],
		// As VS Code, the client tells of files that change, so that no server has to look.
		capabilities: {
			textDocument: { publishDiagnostics: {}, diagnostic: {} },
			workspace: { workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
		},
	})) as InitializeResult;
	void connection.sendNotification('initialized', {});
	/** As an editor does: where the server lets itself be asked it is asked, and otherwise its word is awaited. */
	const answered = async (tell: () => void): Promise<void> => {
		const waits = new Promise<void>((resolve) => {
			published = resolve;
		});
		tell();
		if (capabilities.diagnosticProvider === undefined) return waits;
		const result: DocumentDiagnosticReport = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
		if (result.kind !== 'full') throw new Error('The server has no diagnostics.');
	};
	await answered(() => {
		void connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'dockerfile', version: 1, text } });
	});
	const start = performance.now() - began;
	let typed = 0;
	return {
		start,
		async edit() {
			const place = { line, character: typed };
			const changes = [{ range: { start: place, end: place }, text: TYPED[typed] }];
			typed++;
			const version = typed + 1;
			const from = performance.now();
			await answered(() => {
				void connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: changes });
			});
			return performance.now() - from;
		},
		close() {
			connection.dispose();
			child.kill();
		},
	};
}

/** The other server, installed where it is not part of the project. */
