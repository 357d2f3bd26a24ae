import { isAbsolute, join } from '../../workspace/paths.ts';
import type { Build, EnvironmentFields, Field, Identity, Place, Service } from '../model.ts';
import { commandField, healthCheck, lifecycleHooks } from './commands.ts';
import { readVariables } from './interpolate.ts';
import { all, itemsOf, type Layer, last, listField, pairsOf, textField, textOf, truthField, withKey } from './layers.ts';
import { mountsOf, type Surroundings } from './mounts.ts';
import { portsOf } from './ports.ts';

/** What a service needs to know of its project. */
export interface Project extends Surroundings {
	/** Who waits for the service to be healthy. */
	awaitedBy(name: string): readonly Place[];
	/** The text of a file of the workspace. */
	readText(path: string): Promise<string | undefined>;
}

/**
 * @param layers what the files of the project say of it, the last of which counts most
 * @returns `undefined` for what is no container: a provider
 */
export async function serviceOf(name: string, layers: readonly Layer[], complete: boolean, project: Project): Promise<Service | undefined> {
	const body = layers.at(-1)?.value;
	if (body === undefined || last(layers, 'provider') !== undefined) return undefined;
	return {
		kind: 'compose',
		title: `service ${name}`,
		name: { value: name, at: body.key ?? body.at, key: undefined },
		body: withKey(body),
		image: textField(layers, 'image'),
		build: buildOf(layers),
		entrypoint: commandField(layers, 'entrypoint'),
		command: commandField(layers, 'command'),
		workingDirectory: textField(layers, 'working_dir'),
		user: identityOf(layers),
		runAsNonRoot: undefined,
		readOnlyRoot: truthField(layers, 'read_only'),
		mounts: await mountsOf(layers, project),
		ports: portsOf(layers),
		environment: await environmentOf(layers, project),
		checks: [...healthCheck(layers), ...lifecycleHooks(layers)],
		addedCapabilities: listField(layers, 'cap_add'),
		droppedCapabilities: listField(layers, 'cap_drop'),
		privileged: truthField(layers, 'privileged'),
		securityOptions: listField(layers, 'security_opt'),
		platform: textField(layers, 'platform'),
		stopSignal: textField(layers, 'stop_signal'),
		foreignNetwork: foreignNetwork(layers),
		awaitedBy: project.awaitedBy(name),
		complete: complete && layers.every(({ value }) => value.kind === 'map' && value.complete),
	};
}

/** https://docs.docker.com/reference/compose-file/build */
function buildOf(layers: readonly Layer[]): Build | undefined {
	const sections = all(layers, 'build');
	const section = sections.at(-1);
	if (section === undefined) return undefined;
	const short = sections.findLast(({ value }) => value.kind === 'text');
	const context = last(sections, 'context') ?? short;
	const directory = context === undefined ? section.directory : directoryOf(context);
	const inline = textField(sections, 'dockerfile_inline');
	const named = textField(sections, 'dockerfile');
	const place = { at: section.value.at, key: section.value.key };
	const file = named === undefined ? 'Dockerfile' : named.value;
	const path = file === undefined || directory === undefined ? undefined : isAbsolute(file) ? file : join(directory, file);
	return {
		at: withKey(section.value),
		context: { value: directory, at: context?.value.at ?? place.at, key: context?.value.key ?? place.key },
		dockerfile: inline === undefined ? { ...(named ?? place), value: path } : undefined,
		inline,
		target: textField(sections, 'target'),
		arguments: new Map([...pairsOf(all(sections, 'args'))].map(([name, { field }]) => [name, field])),
	};
}

/** The directory of a build context; `undefined` for one that is not known, or an address. */
function directoryOf(context: Layer): string | undefined {
	const text = textOf(context);
	if (text === undefined || /:\/\/|^git@|^github\.com\/|^~|\.git(?:#|$)/.test(text)) return undefined;
	return isAbsolute(text) ? text : join(context.directory, text);
}

function identityOf(layers: readonly Layer[]): Identity {
	const layer = last(layers, 'user');
	const groups = listField(layers, 'group_add');
	if (layer === undefined) return { user: undefined, group: undefined, groups, volumeGroup: undefined };
	const { value } = layer;
	const text = textOf(layer);
	const colon = text?.indexOf(':') ?? -1;
	const part = (start: number, end: number): Field<string> => ({
		value: text?.slice(start, end),
		at: value.text === text ? value.part(start, end) : value.at,
		key: value.key,
	});
	// An empty text is no user: that of the image counts.
	if (text === '') return { user: undefined, group: undefined, groups, volumeGroup: undefined };
	const end = text?.length ?? 0;
	return {
		user: text === undefined ? { value: undefined, at: value.at, key: value.key } : part(0, colon < 0 ? end : colon),
		group: colon < 0 ? undefined : part(colon + 1, end),
		groups,
		volumeGroup: undefined,
	};
}

/** Variables of `env_file`, and over them those of `environment`. */
async function environmentOf(layers: readonly Layer[], project: Project): Promise<EnvironmentFields> {
	const variables = new Map<string, Field<string>>();
	let complete = true;
	for (const item of all(layers, 'env_file').flatMap(itemsOf)) {
		const value = item.value.kind === 'map' ? item.value.get('path') : item.value;
		const path = value && textOf({ ...item, value });
		const text = path === undefined || isAbsolute(path) ? undefined : await project.readText(join(item.directory, path));
		if (text === undefined) complete = false;
		for (const [name, known] of readVariables(text ?? '')) variables.set(name, { value: known, at: item.value.at, key: undefined });
	}
	for (const layer of all(layers, 'environment')) {
		if (!layer.value.complete) complete = false;
		for (const [name, { field, given }] of pairsOf([layer])) {
			// Without a value it comes from the environment of whoever runs compose, as far as the project does not have it.
			variables.set(name, given ? field : { ...field, value: layer.variables.get(name) });
		}
	}
	return { variables, complete };
}

function foreignNetwork(layers: readonly Layer[]): Field<boolean> | undefined {
	const mode = textField(layers, 'network_mode');
	if (mode === undefined) return undefined;
	return { ...mode, value: mode.value === undefined ? undefined : mode.value !== 'bridge' && mode.value !== 'default' };
}
