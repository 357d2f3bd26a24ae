import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { findCommand } from '../chromium.ts';
import { run } from '../processes.ts';
import { step } from '../progress.ts';
import { inProject } from '../project.ts';
import { type Daemon, installPrograms, startDaemon } from './daemon.ts';
import { makeImages } from './images.ts';
import { Unable } from './unable.ts';

const DAY = 24 * 3600 * 1000;

const OURS = inProject('scripts/engine');

/**
 * Starts a Docker engine of our own that has the images of Go. Throws {@link Unable} where that is not possible.
 *
 * @param signal Has it end before it is ready.
 */
export async function startPrivateEngine(signal: AbortSignal): Promise<Daemon> {
	if (process.platform !== 'linux' || process.getuid?.() !== 0) {
		throw new Unable('only root on Linux can start an engine of our own');
	}
	const missing = ['apt-get', 'dpkg-deb', 'flock', 'go', 'setpriv', 'unshare'].filter((name) => !findCommand(name));
	if (missing.length > 0) {
		throw new Unable(`an engine of our own needs the command ${missing[0]}`);
	}
	const { code, output } = await run('unshare', ['--mount', '--pid', '--fork', '--mount-proc', 'true']);
	if (code !== 0) {
		throw new Unable(`the kernel does not let an engine start here: ${output.trim()}`);
	}
	const directory = await prepareDirectory();
	const programs = await step("Getting a Docker engine from Debian's packages", () => installPrograms(directory));
	signal.throwIfAborted();
	const daemon = await step('Starting a Docker engine', () => startDaemon(directory, programs, signal));
	try {
		await makeImages(daemon, directory, signal);
		return daemon;
	} catch (error) {
		await daemon.stop();
		throw error;
	}
}

/**
 * The directory of the engine's programs and images, which outlasts the run. It is another one when these scripts have changed, and
 * those from before are removed where no run has used them for a day.
 */
async function prepareDirectory(): Promise<string> {
	const hash = createHash('sha256');
	for (const file of readdirSync(OURS).sort()) {
		hash.update(file).update(readFileSync(path.join(OURS, file)));
	}
	const all = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'go-scratch-engine');
	const directory = path.join(all, hash.digest('hex').slice(0, 12));
	mkdirSync(directory, { recursive: true });
	for (const other of readdirSync(all)) {
		const place = path.join(all, other);
		if (place !== directory && Date.now() - statSync(place).mtimeMs > DAY) {
			await run('flock', ['--nonblock', path.join(place, 'lock'), 'rm', '-rf', place]);
		}
	}
	return directory;
}
