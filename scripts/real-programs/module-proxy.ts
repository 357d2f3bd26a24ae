import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execute, type Outcome } from '../../test/images/engine.ts';

/** Asked for first: the address is in the images that builds start from, and as long as it is the same their layers are. */
const PORT = 41_721;

/**
 * Serves a module proxy on the loopback address, for builds that have no other network. It answers from the download directory of the
 * machine's module cache, which is laid out like a proxy; what is not there yet the machine's go command fetches by its own settings.
 *
 * @returns The address for GOPROXY.
 */
export async function serveModules(): Promise<string> {
	const { code, output } = await execute('go', ['env', 'GOMODCACHE'], { seconds: 30 });
	if (code !== 0) throw new Error(output);
	const directory = path.join(output.trim(), 'cache', 'download');
	const server = createServer((request, response) => {
		const name = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
		void Promise.all([findFile(directory, name), findVersions(name)]).then(([file, versions]) => {
			if (versions !== undefined) response.writeHead(200).end(versions);
			else if (file === undefined)
				response.writeHead(404).end("It is not in the module cache, and the machine's go command does not get it.");
			else {
				response.writeHead(200, { 'content-length': file.size });
				createReadStream(file.path).pipe(response);
			}
		});
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

/** What the go command was asked, so that it is asked once. */
const fetched = new Map<string, Promise<Outcome>>();

/** @param name `/MODULE/@v/VERSION.KIND`, capital letters written as `!` and the small one. */
async function findFile(directory: string, name: string): Promise<{ path: string; size: number } | undefined> {
	const file = path.join(directory, name);
	const [, module, version, kind] = /^\/(\S+)\/@v\/([^\s/]+)\.(info|mod|zip)$/.exec(name) ?? [];
	if (!file.startsWith(directory + path.sep) || module === undefined || version === undefined) return undefined;
	const there = () => {
		const status = statSync(file, { throwIfNoEntry: false });
		return status?.isFile() ? { path: file, size: status.size } : undefined;
	};
	const found = there();
	if (found !== undefined) return found;
	const plain = plainName(`${module}@${version}`);
	const command = kind === 'zip' ? ['mod', 'download', plain] : ['list', '-m', plain];
	await askGo(command);
	return there();
}

/**
 * What the machine's go command says of the versions of a module, for `go install MODULE@latest` and `go mod tidy`.
 *
 * @param name `/MODULE/@latest`, answered with the JSON of a version, or `/MODULE/@v/list`, with a version a line.
 */
async function findVersions(name: string): Promise<string | undefined> {
	const [, module = '', kind] = /^\/(\S+)\/(@latest|@v\/list)$/.exec(name) ?? [];
	if (kind === undefined) return undefined;
	const latest = kind === '@latest';
	const template = latest ? '{"Version":"{{.Version}}"}' : '{{range .Versions}}{{println .}}{{end}}';
	const query = latest ? `${plainName(module)}@latest` : plainName(module);
	const { code, output } = await askGo(['list', '-m', ...(latest ? [] : ['-versions']), '-f', template, query]);
	return code === 0 ? output : undefined;
}

/** The path of a module as go.mod has it. */
function plainName(escaped: string): string {
	return escaped.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function askGo(command: readonly string[]): Promise<Outcome> {
	const key = command.join(' ');
	const asked = fetched.get(key) ?? execute('go', command, { seconds: 120, directory: tmpdir(), environment: { GOWORK: 'off' } });
	fetched.set(key, asked);
	return asked;
}
