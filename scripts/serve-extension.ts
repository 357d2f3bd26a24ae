import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { inProject } from './project.ts';

const TYPES: Readonly<Record<string, string>> = { '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json' };

/** What an extension host in a browser asks of this extension. */
const SERVED =
	/^\/(?:package\.json|dist\/web(?:view)?\/[a-z-]+\.(?:js|css)|snippets\/[a-z]+\.json|media\/icon\.png|docs\/rules\/[a-z-]+\.md)$/;

export interface ServedExtension {
	readonly address: string;
	close(): void;
}

/**
 * Serves this extension to a page of this machine: an extension host in a browser starts no worker from a remote file system.
 */
export async function serveExtension(): Promise<ServedExtension> {
	const server = createServer(async ({ url = '' }, response) => {
		const { pathname } = new URL(url, 'http://localhost');
		response.setHeader('Access-Control-Allow-Origin', '*');
		try {
			if (!SERVED.test(pathname)) {
				throw new Error(`${pathname} is not served.`);
			}
			const content = await readFile(inProject(...pathname.split('/')));
			response.setHeader('Content-Type', TYPES[path.extname(pathname)] ?? 'application/octet-stream');
			response.end(pathname === '/package.json' ? asShipped(content.toString()) : content);
		} catch {
			response.writeHead(404).end();
		}
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	return {
		address: `http://localhost:${(server.address() as AddressInfo).port}`,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

/** The manifest as it is in the package: an extension host in a browser takes every file for an ES module where it says `module`. */
function asShipped(manifest: string): string {
	const { type, ...shipped } = JSON.parse(manifest);
	return JSON.stringify(shipped);
}
