import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { execute } from '../../test/images/engine.ts';

/** Asked for first: the address is in the images that builds start from, and as long as it is the same their layers are. */
const PORT = 41_721;

/**
 * Serves what the machine's go command has downloaded as a module proxy on the loopback address: the download directory of a module
 * cache is laid out like one. Builds then have the modules that the machine's own settings lead to, and no others.
 *
 * @returns The address for GOPROXY.
 */
export async function serveModules(): Promise<string> {
	const { code, output } = await execute('go', ['env', 'GOMODCACHE'], { seconds: 30 });
	if (code !== 0) throw new Error(output);
	const directory = path.join(output.trim(), 'cache', 'download');
	const server = createServer((request, response) => {
		const file = path.join(directory, decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
		const status = file.startsWith(directory + path.sep) ? statSync(file, { throwIfNoEntry: false }) : undefined;
		if (!status?.isFile()) {
			response.writeHead(404).end('It is not in the module cache.');
			return;
		}
		response.writeHead(200, { 'content-length': status.size });
		createReadStream(file).pipe(response);
	});
	// It is there as long as the run is, and does not keep it alive.
	server.unref();
	const listen = (port: number) =>
		new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(port, '127.0.0.1', () => {
				server.off('error', reject);
				resolve();
			});
		});
	await listen(PORT).catch(() => listen(0));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
