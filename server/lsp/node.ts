import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createNodeFiles } from '../workspace/node-files.ts';
import { startServer } from './server.ts';

/** The server as a process: `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME`, as clients start it. */
startServer(createConnection(ProposedFeatures.all), {
	version: '0.1.0',
	files: createNodeFiles(),
	installation: undefined,
	after(milliseconds, callback) {
		const timer = setTimeout(callback, milliseconds);
		return { cancel: () => clearTimeout(timer) };
	},
});
