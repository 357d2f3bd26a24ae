import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { npm } from './processes.ts';
import { CACHE } from './project.ts';

/** The language server for Dockerfiles that other extensions bundle. */
export const PEER = 'dockerfile-language-server-nodejs';
export const PEER_VERSION = '0.15.0';

/** Installs the peer where it is not there yet, and answers the path of its server; nothing where npm's registry is out of reach. */
export async function installPeer(): Promise<string | undefined> {
	const directory = path.join(CACHE, `${PEER}-${PEER_VERSION}`);
	const server = path.join(directory, 'node_modules', PEER, 'bin/docker-langserver');
	if (existsSync(server)) return server;
	mkdirSync(directory, { recursive: true });
	try {
		await npm(['install', '--no-save', '--ignore-scripts', '--prefix', directory, `${PEER}@${PEER_VERSION}`], directory);
		return server;
	} catch (error) {
		console.log(
			`Skipped: the language server, for ${PEER} ${PEER_VERSION} could not be installed. Try again with access to npm’s registry.`,
		);
		console.log(`  ${String(error).split('\n').slice(0, 3).join('\n  ')}`);
		return undefined;
	}
}
