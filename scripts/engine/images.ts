import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { run } from '../processes.ts';
import { step } from '../progress.ts';
import { inProject } from '../project.ts';
import type { Daemon } from './daemon.ts';
import { prepareApt, RELEASE, unpackPackages } from './debian.ts';
import { Unable } from './unable.ts';

/** The images of Go that the tests are written for, by their tags. */
const GO_VERSIONS: ReadonlyMap<string, string> = new Map([
	['1.19', '1.19.13'],
	['1.26', '1.26.8'],
]);

/** What the official images of Debian and Go hold beside the essential packages, as far as a build of Go can ask for it. */
const PROGRAMS = [
	'apt',
	'tzdata',
	'ca-certificates',
	'curl',
	'g++',
	'gcc',
	'git',
	'libc6-dev',
	'make',
	'netbase',
	'openssh-client',
	'pkg-config',
	'wget',
];

const SYSTEM = 'go-scratch-debian';

/** Stands for Alpine, whose packages cannot be had here. */
const ALPINE = 'go-scratch-alpine';

/** Makes the images that the engine lacks; what is downloaded for them is kept only until they are made. */
export async function makeImages(daemon: Daemon, directory: string, signal: AbortSignal): Promise<void> {
	const docker = createDocker(daemon);
	/** Makes an image where it is not there yet. */
	const make = async (image: string, name: string, how: () => Promise<void>) => {
		signal.throwIfAborted();
		if (!(await docker.has(image))) {
			signal.throwIfAborted();
			await step(`Making ${name}`, how);
		}
	};
	const parts = path.join(directory, 'parts');
	// Of a run that was killed; nobody else uses the directory as long as our engine does.
	await run('rm', ['-rf', parts]);
	mkdirSync(parts);
	try {
		await make(SYSTEM, 'an image of Debian', () => makeSystem(docker, parts));
		await make(ALPINE, 'an image like that of Alpine', () => makeAlpine(docker, parts));
		for (const [tag, version] of GO_VERSIONS) {
			await make(`golang:${tag}`, `the image golang:${tag}`, () => makeGo(docker, parts, tag, version));
		}
	} finally {
		// Some of it may be read-only.
		await run('rm', ['-rf', parts]);
	}
}

type Docker = ReturnType<typeof createDocker>;

function createDocker({ environment }: Daemon) {
	const docker = (parameters: readonly string[]) => run('docker', parameters, { env: { ...process.env, ...environment } });
	return {
		has: async (image: string) => (await docker(['image', 'inspect', image])).code === 0,
		build: async (
			target: string,
			tag: string,
			contexts: Readonly<Record<string, string>>,
			values: Readonly<Record<string, string>> = {},
		) => {
			const { code, output } = await docker([
				...['build', '--progress=plain', '--network=none', `--target=${target}`, `--tag=${tag}`],
				...Object.entries(contexts).flatMap(([name, place]) => ['--build-context', `${name}=${place}`]),
				...Object.entries(values).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
				`--file=${inProject('scripts/engine/Dockerfile')}`,
				inProject('scripts/engine'),
			]);
			if (code !== 0) {
				throw new Error(`The image ${tag} cannot be made:\n${output}`);
			}
		},
	};
}

async function makeSystem(docker: Docker, parts: string): Promise<void> {
	const apt = await prepareApt(path.join(parts, 'apt'), [RELEASE]);
	const essential = path.join(parts, 'essential');
	const packages = path.join(parts, 'packages');
	await apt.downloadSystem(['?essential'], essential);
	await unpackPackages(essential, path.join(parts, 'system'));
	mkdirSync(path.join(parts, 'system/var/lib/dpkg'), { recursive: true });
	await apt.downloadSystem(['?essential', ...PROGRAMS], packages);
	try {
		await docker.build('debian', SYSTEM, { system: path.join(parts, 'system'), packages });
	} catch (error) {
		// It is the first that the engine runs, so that it shows what the kernel does not allow; later ones fail by our own fault.
		throw new Unable(`it does not run what an image is made with: ${(error as Error).message.trim().split('\n').at(-1)}`);
	}
}

async function makeAlpine(docker: Docker, parts: string): Promise<void> {
	const apt = await prepareApt(path.join(parts, 'apt'), [RELEASE]);
	const packages = path.join(parts, 'alpine');
	await apt.download(['busybox-static', 'musl'], packages);
	await unpackPackages(packages, path.join(parts, 'musl'));
	await docker.build('alpine', ALPINE, { musl: path.join(parts, 'musl') });
}

/** Go comes by the go command: from the proxy that this machine's Go uses, and checked like any module. */
async function makeGo(docker: Docker, parts: string, tag: string, version: string): Promise<void> {
	const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
	const module = `golang.org/toolchain@v0.0.1-go${version}.linux-${architecture}`;
	const { code, output } = await run('go', ['mod', 'download', '-json', module], {
		cwd: parts,
		env: { ...process.env, GOMODCACHE: path.join(parts, 'modules'), GOFLAGS: '-modcacherw', GOTOOLCHAIN: 'local', GO111MODULE: 'on' },
	});
	if (code !== 0) {
		throw new Unable(`Go ${version} cannot be downloaded: ${output.trim()}`);
	}
	const { Dir: directory } = JSON.parse(output) as { Dir: string };
	await docker.build('golang', `golang:${tag}`, { toolchain: directory }, { GO_VERSION: version });
}
