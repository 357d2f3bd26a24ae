import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
	createProtocolConnection,
	PublishDiagnosticsNotification,
	RegistrationRequest,
	StreamMessageReader,
	StreamMessageWriter,
} from 'vscode-languageserver/node';
import { installPeer, PEER, PEER_VERSION } from '../peer.ts';
import { inProject } from '../project.ts';
import { articleDockerfile, dockerfileOf, GO_FILES } from './dockerfiles.ts';
import { median, milliseconds, percentile, report } from './measure.ts';

const STARTS = 9;
/** How often both servers are started anew and typed into. */
const RUNS = 3;
/** After so many keystrokes V8 has compiled what it will; what comes before is no keystroke of a day's work. */
const WARM_UP = 300;
/** Between two keystrokes, in milliseconds. */
const PAUSE = 4;
/** After this time, in milliseconds, a server that keeps something for its next start has done so. */
const KEPT = 6000;
/** What is typed into a line of its own in the middle of the document, and deleted again, so that all below moves with every keystroke. */
const PHRASES = ['RUN mkdir -p /typed && echo "a name" > /typed/by-hand', 'COPY --from=build /app /typed/app'];

/** A change of the line that is typed into: what stands between two characters, and what takes its place. */
interface Keystroke {
	readonly from: number;
	readonly to: number;
	readonly text: string;
}

const KEYSTROKES: readonly Keystroke[] = PHRASES.flatMap((phrase) => {
	const typed = [...phrase].map((text, at) => ({ from: at, to: at, text }));
	return [...typed, ...typed.map(({ from }) => ({ from, to: from + 1, text: '' })).reverse()];
});

/** What a person may wait for their findings, in milliseconds, and what share of the other server's time is allowed. */
interface Bars {
	readonly start?: number;
	readonly p95?: number;
	readonly ratio?: number;
}

/** A server that has answered for the document once. */
interface Session {
	/** From the start of the process to the first diagnostics, in milliseconds. */
	readonly start: number;
	/** Types or deletes the next character, and waits for the diagnostics of that text; answers how long that took, in milliseconds. */
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
		await compare('60 lines', dockerfileOf(60), [own, peer], workspace, { start: 0.85, p95: 16, ratio: 1.3 });
		await compare('200 lines', dockerfileOf(200), [own, peer], workspace, { p95: 16, ratio: 1 });
		await compare('2,000 lines', dockerfileOf(2000), [own, peer], workspace, { p95: 60, ratio: 0.6 });
	} finally {
		rmSync(workspace, { recursive: true });
	}
}

async function compare(
	name: string,
	text: string,
	servers: readonly [own: string, peer: string],
	workspace: string,
	bars: Bars,
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
	for (let run = 0; run < RUNS; run++) {
		const sessions = [await open(servers[0], text, workspace), await open(servers[1], text, workspace)] as const;
		for (let count = 0; count < WARM_UP + KEYSTROKES.length; count++) {
			for (const side of [0, 1] as const) {
				const took = await sessions[side].edit();
				if (count >= WARM_UP) edits[side].push(took);
				await new Promise((resolve) => setTimeout(resolve, PAUSE));
			}
		}
		for (const session of sessions) session.close();
	}
	const both = (of: (values: readonly number[]) => number, values: readonly [number[], number[]]) =>
		[of(values[0]), of(values[1])] as const;
	const line = (what: string, [ours, theirs]: readonly [number, number], bar: number | undefined) =>
		report(`${name}, ${what}`, ours / theirs, bar, `${milliseconds(ours)} against ${milliseconds(theirs)}`);
	line('start to first diagnostics', both(median, starts), bars.start);
	line('keystroke to published diagnostics, median', both(median, edits), bars.ratio);
	const [ours, theirs] = both((values) => percentile(values, 0.95), edits);
	report(`${name}, keystroke to published diagnostics, 95 % within`, ours, bars.p95, `against ${milliseconds(theirs)}`, ' ms');
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
	connection.listen();
	const root = pathToFileURL(workspace).href;
	await connection.sendRequest('initialize', {
		processId: process.pid,
		rootUri: root,
		workspaceFolders: [{ uri: root, name: 'workspace' }],
		// As VS Code, the client tells of files that change, so that no server has to look. Both servers push what they find.
		capabilities: {
			textDocument: { publishDiagnostics: {} },
			workspace: { workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
		},
	});
	void connection.sendNotification('initialized', {});
	const answered = (tell: () => void): Promise<void> =>
		new Promise((resolve) => {
			published = resolve;
			tell();
		});
	await answered(() => {
		void connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'dockerfile', version: 1, text } });
	});
	const start = performance.now() - began;
	let version = 1;
	return {
		start,
		async edit() {
			const { from, to, text } = KEYSTROKES[(version - 1) % KEYSTROKES.length] as Keystroke;
			version++;
			const changes = [{ range: { start: { line, character: from }, end: { line, character: to } }, text }];
			const began = performance.now();
			await answered(() => {
				void connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: changes });
			});
			return performance.now() - began;
		},
		close() {
			connection.dispose();
			child.kill();
		},
	};
}
