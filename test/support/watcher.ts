import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes down what a process of Node does that go-scratch must not do: start processes, and open connections. */
const scriptFor = (log: string) => `
const { appendFileSync } = require('node:fs');
const told = (what) => appendFileSync(${JSON.stringify(log)}, what + '\\n');
const child = require('node:child_process');
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
	const real = child[name];
	child[name] = (...words) => (told(name), real(...words));
}
const net = require('node:net');
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...words) { told('connect'); return connect.apply(this, words); };
const dns = require('node:dns');
const lookup = dns.lookup;
dns.lookup = (...words) => (told('lookup'), lookup(...words));
`;

export interface Watcher {
	/** The script that Node is started with: `--require SCRIPT`. */
	readonly script: string;
	/** What the watched processes did since this was last called, a line each. */
	seen(): string;
}

/** @param directory Where the script and the log lie; the watched processes must be able to write there. */
export function createWatcher(directory: string): Watcher {
	const log = join(directory, 'watched.log');
	const script = join(directory, 'watcher.cjs');
	writeFileSync(script, scriptFor(log));
	return {
		script,
		seen() {
			const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
			rmSync(log, { force: true });
			return text;
		},
	};
}
