import assert from 'node:assert/strict';
import { createDeploymentReader } from '../../server/deployments/deployments.ts';
import type { CheckAction, Command, Field, Mount, Service } from '../../server/deployments/model.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { volumeName } from './engine.ts';
import { ROOT, type Tree } from './prove.ts';

/** How the engine starts what a compose file or a manifest of a scenario starts, as our own readers understand the file. */

export interface DeploymentRun {
	/** The options of `docker run`. */
	readonly options: readonly string[];
	/** The words after the image. */
	readonly command: readonly string[];
	/** A health check in exec form, which `docker run` has no option for: an image has it. */
	readonly healthCheck: readonly string[] | undefined;
	/** What the kubelet does to check the container. */
	readonly probe: CheckAction | undefined;
	/** The ports of the container that are published. */
	readonly ports: readonly number[];
}

/** Answers how the only service of the file is run; fails where it has something that is not known, or has no option. */
export async function deploymentRun(tree: Tree, file: string): Promise<DeploymentRun> {
	const files = createMemoryFiles(Object.fromEntries([...tree].map(([name, text]) => [`${ROOT}/${name}`, text])));
	const readings = await createDeploymentReader(files).readingsOf(`${ROOT}/${file}`, ROOT, tree.get(file) ?? '');
	const [{ service } = assert.fail(`${file} starts an image of the scenario`), ...others] = readings.at(-1) ?? [];
	assert.equal(others.length, 0, `${file} has one service`);
	assert.ok(service.complete && service.mounts.complete && service.environment.complete, `${file} is known as a whole`);
	const [program, ...before] = wordsOf(service.entrypoint);
	const probe = service.checks.find(({ kind }) => kind !== 'health')?.action;
	return {
		options: [
			...(service.entrypoint === undefined ? [] : [`--entrypoint=${program ?? ''}`]),
			...optionOf('workdir', service.workingDirectory),
			...userOf(service),
			...(isTrue(service.readOnlyRoot) ? ['--read-only'] : []),
			...service.mounts.all.map(mountOption),
			...[...service.environment.variables].map(([name, field]) => `--env=${name}=${known(field)}`),
			...healthOptions(service),
			...listOptions('cap-add', service.addedCapabilities),
			...listOptions('cap-drop', service.droppedCapabilities),
			...listOptions('security-opt', service.securityOptions),
			...(isTrue(service.privileged) ? ['--privileged'] : []),
			...optionOf('stop-signal', service.stopSignal),
		],
		command: [...before, ...wordsOf(service.command)],
		healthCheck: healthCheckOf(service),
		probe,
		ports: service.ports.flatMap(({ kind, container }) => (kind === 'published' && container !== undefined ? [container.first] : [])),
	};
}

/** The value of a field that is set. */
export function known<T>({ value }: Field<T>): T {
	return value ?? assert.fail('a setting of a scenario is known');
}

function wordsOf(field: Field<Command> | undefined): string[] {
	return field === undefined ? [] : known(field).words.map(known);
}

function isTrue(field: Field<boolean> | undefined): boolean {
	return field !== undefined && known(field);
}

function optionOf(name: string, field: Field<string> | undefined): string[] {
	return field === undefined ? [] : [`--${name}=${known(field)}`];
}

function listOptions(name: string, field: Field<readonly string[]> | undefined): string[] {
	return (field === undefined ? [] : known(field)).map((value) => `--${name}=${value}`);
}

function userOf({ user: { user, group, groups } }: Service): string[] {
	const text = [user, group].flatMap((field) => (field === undefined ? [] : known(field))).join(':');
	return [...(user === undefined ? [] : [`--user=${text}`]), ...listOptions('group-add', groups)];
}

function mountOption({ kind, path, readOnly, mode, uid, gid }: Mount): string {
	assert.ok(path !== undefined && readOnly !== undefined, 'a mount of a scenario is known');
	switch (kind) {
		case 'volume':
			return `--mount=type=volume,source=${volumeName()},destination=${path}${readOnly ? ',readonly' : ''}`;
		case 'anonymous':
			return `--mount=type=volume,destination=${path}`;
		case 'empty-dir':
			return `--tmpfs=${path}:mode=777`;
		case 'tmpfs': {
			const owner = [uid === undefined ? '' : `,uid=${uid}`, gid === undefined ? '' : `,gid=${gid}`].join('');
			return `--tmpfs=${path}:mode=${(mode ?? 0o1777).toString(8)}${owner}`;
		}
		default:
			return assert.fail(`there is no option for a mount of the kind ${kind}`);
	}
}

/** Not to wait for half a minute. */
const SOON = ['--health-interval=1s', '--health-retries=1'];

function healthOptions({ checks }: Service): string[] {
	const action = checks.find(({ kind }) => kind === 'health')?.action;
	if (action?.kind === 'none') return ['--no-healthcheck'];
	if (action?.kind === 'shell') return [`--health-cmd=${known(action.text)}`, ...SOON];
	return action === undefined ? [] : SOON;
}

function healthCheckOf({ checks }: Service): string[] | undefined {
	const action = checks.find(({ kind }) => kind === 'health')?.action;
	return action?.kind === 'exec' ? action.words.map(known) : undefined;
}
