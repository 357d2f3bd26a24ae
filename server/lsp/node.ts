import { subscribe } from 'node:diagnostics_channel';
import { type Connection, type ConnectionOptions, createConnection, type InitializeParams } from 'vscode-languageserver/node';
import { version } from '../../package.json';
import { createLinkedReader } from '../linked/linked-files.ts';
import { createFilesByScheme } from '../workspace/files-by-scheme.ts';
import { createNodeArchive } from '../workspace/node-archive.ts';
import { createNodeFiles } from '../workspace/node-files.ts';
import { findGoInstallation } from '../workspace/node-go-installation.ts';
import { createLifecycle } from './lifecycle.ts';
import { LOGGED_AS_TEXT } from './messages.ts';
import { startServer } from './server.ts';

/** What a person is told who starts the server by hand. */
const USAGE = `go-scratch-language-server ${version}

A language server for the Dockerfiles of Go programs. Editors start it, and say how they talk to it:

  --stdio          over standard input and output
  --node-ipc       over the channel of a Node process to its child
  --socket=PORT    over a port of this machine, on which the editor listens
  --pipe=NAME      over a named pipe or a Unix socket

docs/editors.md has the configuration for each editor. \`go-scratch check\` checks files without one.
`;

/** The library takes the process of another user for one that is gone, and ends: such a process is not looked after. */
function withoutStranger(params: InitializeParams): InitializeParams {
	try {
		if (typeof params.processId === 'number') process.kill(params.processId, 0);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EPERM') return { ...params, processId: null };
	}
	return params;
}

/** @returns `undefined` where the command line does not say how the client talks: the library throws for that. */
function connect(options: ConnectionOptions): Connection | undefined {
	try {
		return createConnection(LOGGED_AS_TEXT, options);
	} catch {
		return undefined;
	}
}

const lifecycle = createLifecycle(withoutStranger);
// The library hears of the end of standard input, and of no other.
const end = () => process.exit(lifecycle.isShutDown ? 0 : 1);
process.once('disconnect', end);
subscribe('net.client.socket', (message) => (message as { socket: NodeJS.EventEmitter }).socket.once('close', end));

const words = process.argv.slice(2);
const connection = connect(lifecycle.options);
if (connection !== undefined) {
	startServer(connection, lifecycle, {
		version,
		files: (ofClient) => createFilesByScheme(createNodeFiles(), ofClient),
		installation: findGoInstallation(process.env),
		archive: createNodeArchive(process.env, process.argv[1] ?? '', (message) => connection.console.error(message)),
		createLinkedReader,
		// The library reads one message a turn.
		messagesRead: () =>
			new Promise<void>((resolve) => {
				setImmediate(() => setImmediate(resolve));
			}),
		after(milliseconds, callback) {
			const timer = setTimeout(callback, milliseconds);
			return { cancel: () => clearTimeout(timer) };
		},
	});
} else if (words.includes('--version')) {
	tell(process.stdout, `${version}\n`, 0);
} else if (words.includes('--help') || words.includes('-h')) {
	tell(process.stdout, USAGE, 0);
} else {
	tell(process.stderr, USAGE, 2);
}

/** Prints the text and ends: the library's watch over the process of `--clientProcessId` would go on for ever. */
function tell(stream: NodeJS.WriteStream, text: string, code: number): void {
	stream.write(text, () => process.exit(code));
}
