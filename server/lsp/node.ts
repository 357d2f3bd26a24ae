import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { version } from '../../package.json';
import { createFilesByScheme } from '../workspace/files-by-scheme.ts';
import { createNodeArchive } from '../workspace/node-archive.ts';
import { createNodeFiles } from '../workspace/node-files.ts';
import { findGoInstallation } from '../workspace/node-go-installation.ts';
import { startServer } from './server.ts';

/** The server as a process: `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME`, as clients start it. */
startServer(createConnection(ProposedFeatures.all), {
	version,
	files: (ofClient) => createFilesByScheme(createNodeFiles(), ofClient),
	installation: findGoInstallation(process.env),
	archive: createNodeArchive(process.env, process.argv[1] ?? ''),
	after(milliseconds, callback) {
		const timer = setTimeout(callback, milliseconds);
		return { cancel: () => clearTimeout(timer) };
	},
});
