import { version } from '../../package.json';
import { createFilesByScheme } from '../workspace/files-by-scheme.ts';
import { createNodeArchive } from '../workspace/node-archive.ts';
import { createNodeFiles } from '../workspace/node-files.ts';
import { findGoInstallation } from '../workspace/node-go-installation.ts';
import { connectAsTold } from './node-transport.ts';
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

const words = process.argv.slice(2);
const connection = connectAsTold(words);
if (connection !== undefined) {
	startServer(connection, {
		version,
		files: (ofClient) => createFilesByScheme(createNodeFiles(), ofClient),
		installation: findGoInstallation(process.env),
		archive: createNodeArchive(process.env, process.argv[1] ?? '', connection.logError),
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
} else if (words.includes('--version')) process.stdout.write(`${version}\n`);
else if (words.includes('--help') || words.includes('-h')) process.stdout.write(USAGE);
else {
	process.stderr.write(USAGE);
	process.exitCode = 2;
}
