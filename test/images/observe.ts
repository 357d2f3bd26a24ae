import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bases } from './bases.ts';
import { type DeploymentRun, known } from './deployment.ts';
import { build, discard, docker, name, type Outcome, run, start } from './engine.ts';
import { inDirectory } from './prove.ts';
import type { Scenario } from './scenario.ts';

/** What is looked at once an image is built. */
export type Observation = Partial<Pick<Scenario, 'run' | 'tls' | 'observe' | 'platform'>>;

/**
 * Runs an image as a scenario asks for, and answers what was seen of it.
 *
 * @param deployment how the scenario's compose file or manifest starts it
 */
export async function observe(
	image: string,
	{ run: own = [], tls, observe: what, platform }: Observation,
	bases: Bases,
	deployment?: DeploymentRun,
): Promise<Outcome> {
	if (platform !== undefined) return architectures(image);
	const options = [...(deployment?.options ?? []), ...own];
	const command = deployment?.command ?? [];
	if (what === 'health') return health(await withHealthCheck(image, deployment?.healthCheck), options, command);
	if (what === 'stop') return stopped(image, options);
	if (what === 'listener') return listener(image, options, bases);
	if (what === 'probe') return probe(image, options, command, deployment?.probe, bases);
	if (what === 'ports') return ask(await start(image, options, command), deployment?.ports ?? [], bases);
	return run(image, options, tls ? await bases.tlsNetwork() : 'none', command);
}

/** The image with a health check in exec form, which `docker run` has no option for. */
async function withHealthCheck(image: string, words: readonly string[] | undefined): Promise<string> {
	if (words === undefined) return image;
	const dockerfile = `FROM ${image}\nHEALTHCHECK CMD ${JSON.stringify(words)}\n`;
	const built = await inDirectory(new Map([['Dockerfile', dockerfile]]), (context) => build({ context }));
	assert.equal(built.code, 0, built.output);
	return built.image;
}

/** What the health check comes to, and what the engine keeps of it. */
async function health(image: string, options: readonly string[], command: readonly string[]): Promise<Outcome> {
	const name = await start(image, options, command);
	for (const end = Date.now() + 30_000; ; await delay(200)) {
		const format = '--format={{.State.Health.Status}}{{range .State.Health.Log}}\n{{.Output}}{{end}}';
		const { code, output } = await docker(['inspect', format, name]);
		if (code !== 0 || Date.now() > end || !output.startsWith('starting')) return { code, output };
	}
}

/** What the program prints, and its exit code, when `docker stop` ends the container after its first words. */
async function stopped(image: string, options: readonly string[]): Promise<Outcome> {
	const container = name();
	try {
		const started = await docker(['run', '--detach', `--name=${container}`, '--network=none', ...options, image], 60);
		if (started.code !== 0) {
			return started;
		}
		for (const end = Date.now() + 10_000; Date.now() < end && (await docker(['logs', container])).output === ''; ) {
			await delay(100);
		}
		await docker(['stop', '--time=10', container], 60);
		const { output } = await docker(['logs', container]);
		const code = (await docker(['inspect', '--format={{.State.ExitCode}}', container])).output.trim();
		return { code: Number(code), output: `${output}exit code ${code}` };
	} finally {
		await discard(container);
	}
}

/** What a server in the container answers to its own, on port 8080, and to those that come by another address than 127.0.0.1. */
async function listener(image: string, options: readonly string[], bases: Bases): Promise<Outcome> {
	return ask(await start(image, options), [8080], bases);
}

/** What servers in the container answer. */
async function ask(container: string, ports: readonly number[], bases: Bases): Promise<Outcome> {
	const answers: Outcome[] = [];
	for (const port of ports) {
		answers.push(await run(await bases.tools(), ['--entrypoint=/tools'], `container:${container}`, ['ask', String(port)]));
	}
	assert.ok(answers.length > 0, 'there is a port to ask');
	return { code: answers.find(({ code }) => code !== 0)?.code ?? 0, output: answers.map(({ output }) => output).join('') };
}

/** What comes of a probe: a program that is started in the container, or a request to it. */
async function probe(
	image: string,
	options: readonly string[],
	command: readonly string[],
	action: DeploymentRun['probe'],
	bases: Bases,
): Promise<Outcome> {
	const container = await start(image, options, command);
	if (action?.kind === 'exec') return docker(['exec', container, ...action.words.map(known)]);
	assert.ok(action?.kind === 'http' || action?.kind === 'tcp', 'the probe starts a program, or makes a request');
	return ask(container, [known(action.port)], bases);
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
