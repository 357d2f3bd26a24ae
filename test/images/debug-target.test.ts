import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findCommand } from '../../scripts/chromium.ts';
import { CACHE } from '../../scripts/project.ts';
import type { Fix } from '../../server/findings/finding.ts';
import { addDebugTarget, addDelveTarget } from '../../server/fixes/debug-target.ts';
import { applyEdits } from '../../server/text/text.ts';
import { NEWEST, prepareBases } from './bases.ts';
import { build, docker, execute, hasImage, name, run, start } from './engine.ts';
import { isAsked } from './only.ts';
import { analyserOf, inDirectory, ROOT, type Tree } from './prove.ts';

/** The debug targets: the image that ships stays as it is, the others have a shell and a debugger. */

const DELVE = 'github.com/go-delve/delve/cmd/dlv@v1.26.2';

const MAIN = `package main

import (
	"fmt"
	"os"
	"time"
)

func main() {
	for {
		greet(os.Args[1])
		time.Sleep(100 * time.Millisecond)
	}
}

func greet(name string) {
	fmt.Println("hello", name)
}
`;

const DOCKERFILE = `FROM golang:${NEWEST} AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app .

FROM scratch
COPY --from=build /app /app
USER 65534:65534
ENTRYPOINT ["/app"]
CMD ["gopher"]
`;

const TREE: Tree = new Map([
	['go.mod', 'module example.com/app\n\ngo 1.26\n'],
	['main.go', MAIN],
	['Dockerfile', DOCKERFILE],
]);

describe('debug targets', function () {
	this.timeout(600_000);

	before(async function () {
		if (!isAsked('debug targets') || !(await hasImage(`golang:${NEWEST}`))) this.skip();
	});

	it('have a shell, next to the image that ships, which stays the same', async function () {
		if (!(await hasImage('go-scratch-alpine'))) return this.skip();
		const text = applied(await fixOf(addDebugTarget));
		const { stands } = await stand(text);
		stands.set('busybox:1.37.0-musl', 'go-scratch-alpine');
		await inDirectory(new Map([...TREE, ['Dockerfile', DOCKERFILE], ['Dockerfile.debug', text]]), async (context) => {
			const shipped = await build({ context, stands });
			const still = await build({ context, stands, dockerfile: 'Dockerfile.debug' });
			const debug = await build({ context, stands, dockerfile: 'Dockerfile.debug', target: 'debug' });
			for (const { code, output } of [shipped, still, debug]) assert.equal(code, 0, output);
			const contentOf = async (image: string) =>
				(await docker(['image', 'inspect', '--format={{json .RootFS}} {{json .Config}}', image])).output;
			assert.equal(await contentOf(still.image), await contentOf(shipped.image));
			const container = await start(debug.image);
			const { code, output } = await docker(['exec', container, 'sh', '-c', 'echo "pid 1 is $(cat /proc/1/comm)"; id -u']);
			assert.equal(code, 0, output);
			assert.equal(output, 'pid 1 is app\n65534\n');
			assert.match((await run(shipped.image, ['--entrypoint=sh'])).output, /"sh": executable file not found/);
		});
	});

	it('stop at a breakpoint over DAP', async function () {
		const dlv = await installDelve();
		if (dlv === undefined) return this.skip();
		const fix = await fixOf(addDelveTarget);
		// The engine of the proofs has no network: Delve is built outside of it.
		const install = /^RUN .*go install .*$/m;
		assert.match(applied(fix), install);
		const text = applied(fix).replace(install, 'COPY dlv /usr/local/bin/dlv');
		const { stands } = await stand(text);
		await inDirectory(new Map([...TREE, ['Dockerfile', text]]), async (context) => {
			copyFileSync(dlv, path.join(context, 'dlv'));
			const { code, output, image } = await build({ context, stands, target: 'debug-delve' });
			assert.equal(code, 0, output);
			const container = name();
			const started = await docker(['run', '--detach', `--name=${container}`, '--network=host', image]);
			assert.equal(started.code, 0, started.output);
			const [launch = ''] = fix.create?.values() ?? [];
			const { port, substitutePath } = JSON.parse(launch).configurations[0];
			const debugged = substitutePath[0].to;
			try {
				const line = MAIN.split('\n').findIndex((each) => each.includes('"hello"')) + 1;
				assert.deepEqual(await stopAt(port, `${debugged}/main.go`, line), { reason: 'breakpoint', function: 'main.greet', line });
			} catch (error) {
				throw new Error(`${error}\n${(await docker(['logs', container])).output}`);
			} finally {
				await docker(['rm', '--force', container]);
			}
		});
	});
});

async function fixOf(make: typeof addDebugTarget): Promise<Fix> {
	const { facts } = await analyserOf(TREE).analyse({ path: `${ROOT}/Dockerfile`, text: DOCKERFILE, root: ROOT });
	const [target] = facts?.targets ?? [];
	assert.ok(facts && target);
	return make(facts, target) ?? assert.fail('it is offered');
}

function applied(fix: Fix): string {
	return applyEdits(DOCKERFILE, fix.edits);
}

async function stand(dockerfile: string): Promise<{ stands: Map<string, string> }> {
	const bases = await prepareBases();
	return { stands: new Map((await bases.standsFor(dockerfile)).images) };
}

/** The path of Delve as a static program; `undefined` where it cannot be had. */
async function installDelve(): Promise<string | undefined> {
	const go = findCommand('go');
	if (go === undefined) return undefined;
	const directory = path.join(CACHE, 'delve');
	mkdirSync(directory, { recursive: true });
	const environment = { GOBIN: directory, GOFLAGS: '-modcacherw', CGO_ENABLED: '0', GOMODCACHE: path.join(directory, 'modules') };
	const { code } = await execute(go, ['install', DELVE], { seconds: 300, directory, environment });
	return code === 0 ? path.join(directory, 'dlv') : undefined;
}

/** Attaches to Delve with the Debug Adapter Protocol, sets a breakpoint, and answers where the program stops. */
async function stopAt(port: number, file: string, line: number): Promise<unknown> {
	const client = await attach(port);
	try {
		client.send('initialize', { adapterID: 'go', pathFormat: 'path', linesStartAt1: true, columnsStartAt1: true });
		client.send('attach', { mode: 'remote', request: 'attach', stopOnEntry: false });
		await client.event('initialized');
		client.send('setBreakpoints', { source: { path: file }, breakpoints: [{ line }] });
		client.send('configurationDone', {});
		const stopped = await client.event('stopped');
		const { stackFrames: [frame] = [] } = await client.request('stackTrace', { threadId: stopped.threadId });
		return { reason: stopped.reason, function: frame?.name, line: frame?.line };
	} finally {
		client.close();
	}
}

/** What is read of the messages of the protocol. */
interface Body {
	readonly reason?: string;
	readonly threadId?: number;
	readonly stackFrames?: readonly { readonly name: string; readonly line: number }[];
}

interface Message {
	readonly type: string;
	readonly event?: string;
	readonly request_seq?: number;
	readonly body?: Body;
}

interface Adapter {
	send(command: string, parameters: unknown): number;
	request(command: string, parameters: unknown): Promise<Body>;
	event(name: string): Promise<Body>;
	close(): void;
}

async function attach(port: number): Promise<Adapter> {
	const socket = await reach(port);
	const messages: Message[] = [];
	let pending = Buffer.alloc(0);
	let sequence = 0;
	socket.on('data', (part) => {
		pending = Buffer.concat([pending, part]);
		for (;;) {
			const header = /^Content-Length: (\d+)\r\n\r\n/.exec(pending.toString('latin1'));
			if (header === null) return;
			const end = header[0].length + Number(header[1]);
			if (pending.length < end) return;
			messages.push(JSON.parse(pending.subarray(header[0].length, end).toString()));
			pending = pending.subarray(end);
		}
	});
	const until = async (matches: (message: Message) => boolean) => {
		for (const end = Date.now() + 60_000; Date.now() < end; await delay(50)) {
			const found = messages.find(matches);
			if (found !== undefined) return found.body ?? {};
		}
		throw new Error(`Nothing of the kind came: ${JSON.stringify(messages)}`);
	};
	const send = (command: string, parameters: unknown) => {
		const text = JSON.stringify({ seq: ++sequence, type: 'request', command, arguments: parameters });
		socket.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
		return sequence;
	};
	return {
		send,
		request: (command, parameters) => {
			const sent = send(command, parameters);
			return until((message) => message.type === 'response' && message.request_seq === sent);
		},
		event: (wanted) => until((message) => message.type === 'event' && message.event === wanted),
		close: () => socket.destroy(),
	};
}

/** Connects as soon as somebody listens. */
async function reach(port: number): Promise<Socket> {
	for (const end = Date.now() + 30_000; ; await delay(200)) {
		const socket = await new Promise<Socket | undefined>((resolve) => {
			const trying = connect(port, '127.0.0.1', () => resolve(trying));
			trying.once('error', () => resolve(undefined));
		});
		if (socket !== undefined) return socket;
		if (Date.now() > end) throw new Error(`Nobody listens on port ${port}.`);
	}
}
