import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bases } from './bases.ts';
import { docker, type Outcome, run, start } from './engine.ts';
import type { Scenario } from './scenario.ts';

/** What is looked at once an image is built. */
export type Observation = Partial<Pick<Scenario, 'run' | 'tls' | 'observe' | 'platform'>>;

/** Runs an image as a scenario asks for, and answers what was seen of it. */
export async function observe(
	image: string,
	{ run: options = [], tls, observe: what, platform }: Observation,
	bases: Bases,
): Promise<Outcome> {
	if (platform !== undefined) return architectures(image);
	if (what === 'health') return health(image, options);
	if (what === 'listener') return listener(image, options, bases);
	return run(image, options, tls ? await bases.tlsNetwork() : 'none');
}

/** What the health check comes to, and what the engine keeps of it. */
async function health(image: string, options: readonly string[]): Promise<Outcome> {
	const name = await start(image, options);
	for (const end = Date.now() + 30_000; ; await delay(200)) {
		const format = '--format={{.State.Health.Status}}{{range .State.Health.Log}}\n{{.Output}}{{end}}';
		const { code, output } = await docker(['inspect', format, name]);
		if (code !== 0 || Date.now() > end || !output.startsWith('starting')) return { code, output };
	}
}

/** What a server in the container answers to its own, on port 8080, and to those that come by another address than 127.0.0.1. */
async function listener(image: string, options: readonly string[], bases: Bases): Promise<Outcome> {
	const network = `container:${await start(image, options)}`;
	return run(await bases.tools(), ['--entrypoint=/tools'], network, ['ask', '8080']);
}

/** For which architecture an image is, and for which the file that it starts. */
async function architectures(image: string): Promise<Outcome> {
	const { output } = await docker(['image', 'inspect', '--format={{.Architecture}} {{index .Config.Entrypoint 0}}', image]);
	const [architecture, file] = output.trim().split(' ') as [string, string];
	const directory = mkdtempSync(join(tmpdir(), 'go-scratch-file-'));
	const made = await docker(['create', '--platform', `linux/${architecture}`, image]);
	const container = made.output.trim().split('\n').at(-1) as string;
	try {
		const copied = await docker(['cp', `${container}:${file}`, join(directory, 'file')]);
		if (copied.code !== 0) return copied;
		// The number of the machine stands at this place of every ELF file.
		const machine = readFileSync(join(directory, 'file')).readUInt16LE(18);
		const names = new Map([
			[62, 'amd64'],
			[183, 'arm64'],
		]);
		return { code: 0, output: `The image is for ${architecture}, and ${file} for ${names.get(machine) ?? machine}.` };
	} finally {
		await docker(['rm', '--force', container]);
		rmSync(directory, { recursive: true, force: true });
	}
}
