import { spawn } from 'node:child_process';
import { findCommand } from './chromium.ts';
import { startPrivateEngine } from './engine/private-engine.ts';
import { Unable } from './engine/unable.ts';
import { endAll, run } from './processes.ts';
import { step } from './progress.ts';
import { ROOT } from './project.ts';

/**
 * Runs a command with a Docker engine: `node scripts/run.mjs with-docker.ts [NAME=VALUE…] COMMAND [ARGUMENT…]`. One that is there
 * is used as it is; else one of our own runs for as long as the command does. Where none can be had, the command runs without one
 * and finds the reason in GO_SCRATCH_NO_ENGINE.
 */

/** How long what the command started may take to end once it has ended or was interrupted, in milliseconds. */
const PATIENCE = 60_000;

let interrupted: number | undefined;
const interruption = new AbortController();
/** Hands a signal on to what is running. */
let pass: (signal: NodeJS.Signals) => void = endAll;
for (const [signal, number] of [
	['SIGINT', 2],
	['SIGTERM', 15],
	['SIGHUP', 1],
] as const) {
	process.on(signal, () => {
		interrupted ??= 128 + number;
		interruption.abort();
		pass(signal);
	});
}

const words = process.argv.slice(2);
const first = words.findIndex((word) => !/^\w+=/.test(word));
const settings = Object.fromEntries(words.slice(0, first).map((word) => word.split(/=(.*)/s, 2)));
const [command = '', ...parameters] = words.slice(first);
const code = await withEngine((environment) => runInGroup(command, parameters, { ...settings, ...environment }));
process.exit(interrupted ?? code);

async function withEngine(use: (environment: Readonly<Record<string, string>>) => Promise<number>): Promise<number> {
	if (findCommand('docker') && (await run('docker', ['version'])).code === 0) {
		return use({});
	}
	try {
		const engine = await startPrivateEngine(interruption.signal);
		try {
			return interrupted ?? (await use(engine.environment));
		} finally {
			await step('Stopping the Docker engine', engine.stop);
		}
	} catch (error) {
		if (interrupted !== undefined) {
			return interrupted;
		}
		if (!(error instanceof Unable)) {
			throw error;
		}
		console.log(`No Docker engine: ${error.message}.`);
		return use({ GO_SCRATCH_NO_ENGINE: error.message });
	}
}

/** Runs a command in a process group of its own, which gets each signal once, and waits until nothing of the group is left. */
async function runInGroup(command: string, parameters: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
	const child = spawn(command, parameters, { cwd: ROOT, stdio: 'inherit', detached: true, env: { ...process.env, ...environment } });
	const send = (signal: NodeJS.Signals | 0) => {
		try {
			return child.pid !== undefined && process.kill(-child.pid, signal);
		} catch {
			return false;
		}
	};
	pass = send;
	const code = await new Promise<number>((resolve, reject) => {
		child.on('error', reject);
		child.on('exit', (code) => resolve(code ?? 1));
	});
	const began = Date.now();
	while (send(0)) {
		if (Date.now() - began > PATIENCE) {
			send('SIGKILL');
		}
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	pass = endAll;
	return code;
}
