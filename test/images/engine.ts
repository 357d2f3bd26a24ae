import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** The Docker engine that is there. Whatever a run starts or makes in it is noted, and removed when the run ends, however it ends. */

/** What a finished process left: its exit code (`undefined` where it was killed) and all that it printed. */
export interface Outcome {
	readonly code: number | undefined;
	readonly output: string;
}

/** Stands before the names of all images and containers of this run. */
const PREFIX = `go-scratch-test-${process.pid}`;

const processes = new Set<ChildProcess>();
const images = new Set<string>();
const containers = new Set<string>();
const volumes = new Set<string>();
let count = 0;

/** Runs the docker command to its end, or until `seconds` have passed. */
export function docker(parameters: readonly string[], seconds = 300): Promise<Outcome> {
	return execute('docker', parameters, { seconds, environment: { DOCKER_BUILDKIT: '1' } });
}

export interface ExecuteOptions {
	readonly seconds: number;
	readonly directory?: string;
	/** What is set beside the environment of this process. */
	readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a command to its end, or until `seconds` have passed. */
export function execute(
	command: string,
	parameters: readonly string[],
	{ seconds, directory, environment }: ExecuteOptions,
): Promise<Outcome> {
	return new Promise((resolve, reject) => {
		const child = spawn(command, parameters, {
			stdio: ['ignore', 'pipe', 'pipe'],
			cwd: directory,
			env: { ...process.env, ...environment },
			// A group of its own, with what it starts: docker, to build.
			detached: true,
		});
		processes.add(child);
		const timer = setTimeout(() => kill(child), seconds * 1000);
		let output = '';
		const collect = (part: Buffer) => {
			output += part;
		};
		child.stdout.on('data', collect);
		child.stderr.on('data', collect);
		const ended = () => {
			clearTimeout(timer);
			processes.delete(child);
		};
		child.on('error', (error) => {
			ended();
			reject(error);
		});
		child.on('close', (code) => {
			ended();
			resolve({ code: code ?? undefined, output });
		});
	});
}

function kill(child: ChildProcess): void {
	try {
		if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
	} catch {
		// It has ended.
	}
}

export interface BuildOptions {
	/** The directory of the build context. */
	readonly context: string;
	/** Below the context, where it is not its Dockerfile. */
	readonly dockerfile?: string;
	readonly target?: string;
	/** Whether the build cache is left aside. */
	readonly fresh?: boolean;
	readonly arguments?: Readonly<Record<string, string>>;
	/** Images that stand for others: the reference that is written, and the one that is taken. */
	readonly stands?: ReadonlyMap<string, string>;
	/** The network of what RUN starts; none where it is not given. */
	readonly network?: 'none' | 'host';
	/** That of the image, where it is not the engine's own. */
	readonly platform?: string;
	readonly seconds?: number;
}

export interface Build extends Outcome {
	/** By which the image can be run, if the build succeeded. */
	readonly image: string;
}

/** Builds an image. */
export async function build({
	context,
	dockerfile,
	target,
	fresh = false,
	arguments: values = {},
	stands = new Map(),
	network = 'none',
	seconds,
	platform,
}: BuildOptions): Promise<Build> {
	const image = `${PREFIX}:${++count}`;
	images.add(image);
	const parameters = [
		'build',
		'--progress=plain',
		`--network=${network}`,
		`--tag=${image}`,
		...(dockerfile === undefined ? [] : [`--file=${context}/${dockerfile}`]),
		...(fresh ? ['--no-cache'] : []),
		...(platform === undefined ? [] : [`--platform=${platform}`]),
		...(target === undefined ? [] : [`--target=${target}`]),
		...Object.entries(values).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
		...[...stands].flatMap(([written, taken]) => ['--build-context', `${written}=docker-image://${taken}`]),
		context,
	];
	return { ...(await docker(parameters, seconds)), image };
}

/**
 * Starts a container and waits for its end, a minute at most; only its loopback interface is there, or that of another container.
 * What the engine says of the machine's network is left out of the output.
 */
export async function run(
	image: string,
	options: readonly string[] = [],
	network = 'none',
	command: readonly string[] = [],
): Promise<Outcome> {
	const name = `${PREFIX}-${++count}`;
	containers.add(name);
	const outcome = await docker(['run', '--rm', `--name=${name}`, `--network=${network}`, ...options, image, ...command], 60);
	if (outcome.code === undefined) await docker(['rm', '--force', name]);
	containers.delete(name);
	return { ...outcome, output: outcome.output.replace(/^WARNING: IPv4 forwarding is disabled.*\n/m, '') };
}

/** What was seen of a container. */
export interface Watched extends Outcome {
	/** Whether the engine could not start it, it still ran when the time was over, or it had ended. */
	readonly state: 'refused' | 'running' | 'exited';
}

/** Starts a container without a network, looks at it for some seconds at most, and removes it. */
export async function watch(
	image: string,
	seconds: number,
	options: readonly string[] = [],
	command: readonly string[] = [],
): Promise<Watched> {
	const name = `${PREFIX}-${++count}`;
	containers.add(name);
	try {
		const started = await docker(['run', '--detach', `--name=${name}`, '--network=none', ...options, image, ...command], 60);
		if (started.code !== 0) return { ...started, state: 'refused' };
		for (const end = Date.now() + seconds * 1000; ; await delay(250)) {
			const [running, code] = (await docker(['inspect', '--format={{.State.Running}} {{.State.ExitCode}}', name], 60)).output
				.trim()
				.split(' ');
			if (running === 'true' && Date.now() < end) continue;
			const { output } = await docker(['logs', '--tail=2000', name], 60);
			return running === 'true' ? { state: 'running', code: undefined, output } : { state: 'exited', code: Number(code), output };
		}
	} finally {
		await docker(['rm', '--force', '--volumes', name], 60);
		containers.delete(name);
	}
}

/** A name for a container of this run, which the clean-up removes. */
export function name(): string {
	const made = `${PREFIX}-${++count}`;
	containers.add(made);
	return made;
}

/** A name for a volume of this run, which the engine makes when it is first mounted and the clean-up removes. */
export function volumeName(): string {
	const made = `${PREFIX}-${++count}`;
	volumes.add(made);
	return made;
}

/** Removes a container of this run before its end. */
export async function discard(container: string): Promise<void> {
	await docker(['rm', '--force', container], 60);
	containers.delete(container);
}

/** Removes an image of this run before its end. */
export async function remove(image: string): Promise<void> {
	await docker(['rmi', '--force', image], 60);
	images.delete(image);
}

/** Starts a container that runs until the clean-up, without a network, and answers its name. */
export async function start(image: string, options: readonly string[] = [], command: readonly string[] = []): Promise<string> {
	const name = `${PREFIX}-${++count}`;
	containers.add(name);
	const { code, output } = await docker(['run', '--detach', '--rm', `--name=${name}`, '--network=none', ...options, image, ...command]);
	if (code !== 0) throw new Error(output);
	return name;
}

/** In bytes. */
export async function sizeOf(image: string): Promise<number> {
	return Number((await docker(['image', 'inspect', '--format={{.Size}}', image])).output.trim());
}

export async function hasImage(reference: string): Promise<boolean> {
	return (await docker(['image', 'inspect', '--format={{.Id}}', reference])).code === 0;
}

/** Has the engine download an image that it lacks, and answers whether it is there now. */
export async function getImage(reference: string): Promise<boolean> {
	return (await hasImage(reference)) || (await docker(['pull', '--quiet', reference])).code === 0;
}

/** Ends and removes what this run left: processes, containers, images. The engine keeps its build cache, so that the next run is short. */
export function cleanUp(): void {
	for (const child of processes) kill(child);
	const discard = (parameters: readonly string[], names: Set<string>) => {
		if (names.size > 0) spawnSync('docker', [...parameters, ...names], { stdio: 'ignore' });
		names.clear();
	};
	discard(['rm', '--force', '--volumes'], containers);
	discard(['volume', 'rm', '--force'], volumes);
	discard(['rmi', '--force'], images);
}

/** What the engine was doing as it was interrupted may show only now; it is looked for until it has been quiet for a while. */
function cleanUpAfterwards(): void {
	const listed = (parameters: readonly string[]) =>
		spawnSync('docker', parameters, { encoding: 'utf8' }).stdout?.split('\n').filter(Boolean) ?? [];
	for (let quiet = 0, round = 0; quiet < 2 && round < 20; round++) {
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
		for (const name of listed(['ps', '--all', `--filter=name=^${PREFIX}-`, '--format={{.Names}}'])) containers.add(name);
		for (const name of listed(['images', `--filter=reference=${PREFIX}:*`, '--format={{.Repository}}:{{.Tag}}'])) images.add(name);
		quiet = containers.size + images.size === 0 ? quiet + 1 : 0;
		cleanUp();
	}
}

// A terminal's Ctrl-C reaches every process of a group, and one may hand it on to another: it may come more than once.
for (const [signal, number] of [
	['SIGINT', 2],
	['SIGTERM', 15],
	['SIGHUP', 1],
] as const) {
	process.prependListener(signal, () => {
		cleanUp();
		cleanUpAfterwards();
		process.exit(128 + number);
	});
}
process.once('exit', cleanUp);
