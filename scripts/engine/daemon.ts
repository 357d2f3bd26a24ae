import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../processes.ts';
import { ownRelease, prepareApt, RELEASE, unpackPackages } from './debian.ts';
import { Unable } from './unable.ts';

/**
 * A Docker engine that belongs to one run. It lives in a process and a mount namespace of its own, so that the kernel ends all its
 * processes and takes back all its mounts with the first of them, and that one ends with us, however we end. It makes no network,
 * and what it keeps lies below one directory.
 */

/** How long the engine may take to start and to stop, in milliseconds. */
const PATIENCE = 60_000;

/** By this code `flock` tells that another process has the lock. */
const IN_USE = 75;

export interface Daemon {
	/** What a process has to have in its environment for its `docker` to speak to this engine. */
	readonly environment: Readonly<Record<string, string>>;
	/** Ends it with all that it runs. */
	stop(): Promise<void>;
}

/** Downloads the engine's programs where they are not there yet. */
export async function installPrograms(directory: string): Promise<string> {
	const programs = path.join(directory, 'programs');
	if (!existsSync(programs)) {
		const own = ownRelease();
		const parts = mkdtempSync(path.join(directory, 'packages-'));
		try {
			const apt = await prepareApt(path.join(parts, 'apt'), [...new Set([own, RELEASE])]);
			// What is linked to the system's libraries comes from its own release as far as that has it.
			const newer = ['docker.io', 'docker-cli', 'docker-buildx', 'tini'].map((name) => `${name}/${RELEASE}`);
			const fitting = ['containerd', 'runc', 'libseccomp2'].map((name) => `${name}/${own}`);
			await apt.download([...newer, ...fitting], path.join(parts, 'debs'));
			await unpackPackages(path.join(parts, 'debs'), programs);
		} finally {
			rmSync(parts, { recursive: true, force: true });
		}
	}
	return programs;
}

/**
 * Starts the engine.
 *
 * @param directory Where it keeps its images and finds its programs; one engine at a time uses it.
 */
export async function startDaemon(directory: string, programs: string, signal: AbortSignal): Promise<Daemon> {
	// The path of a socket may not be long.
	const place = mkdtempSync(path.join(tmpdir(), 'go-scratch-engine-'));
	const socket = `unix://${place}/socket`;
	const log = path.join(place, 'log');
	const settings = path.join(place, 'daemon.json');
	writeFileSync(settings, '{}');
	const environment = clientEnvironment(place, programs, socket);
	// There an engine looks for a containerd of the system, and leaves directories behind.
	const own = ['/opt', '/run'].filter((each) => !directory.startsWith(`${each}/`) && !place.startsWith(`${each}/`));
	const output = openSync(log, 'w');
	const daemon = spawn(
		'setpriv',
		[
			...['--pdeathsig', 'KILL'],
			...['flock', '--nonblock', '--no-fork', '--conflict-exit-code', String(IN_USE), path.join(directory, 'lock')],
			...['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
			...['sh', '-c', `for each in ${own.join(' ')}; do mount -t tmpfs tmpfs "$each" || exit; done; exec "$@"`, 'sh'],
			...['tini-static', '--', 'dockerd', `--host=${socket}`, `--config-file=${settings}`, `--pidfile=${place}/pid`],
			...[`--data-root=${directory}/data`, `--exec-root=${place}/exec`, '--storage-driver=overlay2'],
			...['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false', '--userland-proxy=false'],
			...['--exec-opt=native.cgroupdriver=cgroupfs', `--cgroup-parent=/${path.basename(place)}`, '--shutdown-timeout=5'],
		],
		{
			// A group of its own, for the keys of a terminal are not meant for it.
			detached: true,
			stdio: ['ignore', output, output],
			env: {
				...process.env,
				PATH: [path.join(programs, 'usr/bin'), path.join(programs, 'usr/sbin'), process.env.PATH].join(path.delimiter),
				LD_LIBRARY_PATH: libraries(programs).join(':'),
			},
		},
	);
	closeSync(output);
	const ended = new Promise<void>((resolve) => {
		daemon.on('error', () => resolve());
		daemon.on('exit', () => resolve());
	});
	const stop = async () => {
		await end(daemon, ended);
		await removeControlGroups(path.basename(place));
		rmSync(place, { recursive: true, force: true });
	};
	try {
		const docker = path.join(programs, 'usr/bin/docker');
		const began = Date.now();
		while ((await run(docker, ['version'], { env: { ...process.env, ...environment } })).code !== 0) {
			signal.throwIfAborted();
			if (daemon.exitCode !== null || daemon.signalCode !== null || daemon.pid === undefined || Date.now() - began > PATIENCE) {
				throw new Unable(daemon.exitCode === IN_USE ? 'another run uses the engine' : `it does not start: ${lastWords(log)}`);
			}
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
		return { environment, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** Asks the engine to end, and ends it with all that it runs where it does not. */
async function end(daemon: ChildProcess, ended: Promise<void>): Promise<void> {
	if (daemon.pid === undefined || daemon.exitCode !== null || daemon.signalCode !== null) {
		return;
	}
	// The first process of the namespace, which hands signals on to the engine.
	const children = `/proc/${daemon.pid}/task/${daemon.pid}/children`;
	const first = existsSync(children) ? Number.parseInt(readFileSync(children, 'utf8'), 10) : Number.NaN;
	const timer = setTimeout(() => daemon.kill('SIGKILL'), PATIENCE);
	if (Number.isNaN(first)) {
		daemon.kill('SIGKILL');
	} else {
		process.kill(first, 'SIGTERM');
	}
	await ended;
	clearTimeout(timer);
}

/** Control groups outlast what was in them. */
async function removeControlGroups(name: string): Promise<void> {
	const those = ['(', '-name', name, '-o', '-path', `*/${name}/*`, ')'];
	await run('find', ['/sys/fs/cgroup', '-depth', '-type', 'd', ...those, '-exec', 'rmdir', '{}', ';']);
}

function clientEnvironment(place: string, programs: string, socket: string): Record<string, string> {
	const configuration = path.join(place, 'docker');
	const plugins = path.join(programs, 'usr/libexec/docker/cli-plugins');
	mkdirSync(configuration);
	writeFileSync(path.join(configuration, 'config.json'), JSON.stringify({ cliPluginsExtraDirs: [plugins] }));
	return {
		DOCKER_HOST: socket,
		DOCKER_CONFIG: configuration,
		PATH: [path.join(programs, 'usr/bin'), process.env.PATH].join(path.delimiter),
	};
}

/** Where a package puts libraries that the system may lack. */
function libraries(programs: string): string[] {
	return ['x86_64', 'aarch64'].map((machine) => path.join(programs, `usr/lib/${machine}-linux-gnu`));
}

/** The last line of a log, which says what went wrong. */
function lastWords(log: string): string {
	return readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '';
}
