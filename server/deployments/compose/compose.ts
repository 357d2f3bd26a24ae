import { dirname, isAbsolute, isWithin, join } from '../../workspace/paths.ts';
import type { Mount, Place, Service } from '../model.ts';
import type { YamlValue } from '../yaml-tree.ts';
import { readVariables, type Variables } from './interpolate.ts';
import { all, itemsOf, type Layer, last, textOf } from './layers.ts';
import { serviceOf } from './service.ts';
import { withSharedVolumes } from './shared-volumes.ts';

/** Where the reader of compose files takes what they name. */
export interface ComposeSource {
	/** Nothing outside it is read. */
	readonly root: string;
	/** The documents of a YAML file; `undefined` where there is none. */
	documents(path: string): Promise<readonly YamlValue[] | undefined>;
	readText(path: string): Promise<string | undefined>;
	isFile(path: string): Promise<boolean>;
	/** The names of the files of a directory; `undefined` where it is none, or holds directories. */
	filesOf(directory: string): Promise<readonly string[] | undefined>;
}

/** A file of hundreds of services is generated. */
const MAX_SERVICES = 200;
/** Files that one project is made of, so many at most; one that is included again counts again. */
const MAX_FILES = 30;
const MAX_EXTENDED = 10;

/**
 * The services of a project: of a compose file, with those that override it.
 * https://docs.docker.com/reference/compose-file
 *
 * @param paths the files as `docker compose -f` would name them; relative paths in all of them start at the directory of the first
 */
export async function readProject(paths: readonly string[], source: ComposeSource): Promise<Service[]> {
	const project = createProject(source);
	const [first] = paths;
	if (first === undefined) return [];
	await project.load(paths, dirname(first), undefined);
	return project.services();
}

/** What is known of a service: its layers, and whether all of what it is made from could be read. */
interface Made {
	readonly layers: readonly Layer[];
	readonly complete: boolean;
}

/** Long because its functions share what one project is made of. */
function createProject(source: ComposeSource) {
	const made = new Map<string, Made>();
	/** The definitions of volumes, configs and secrets: the sections of all files. */
	const sections: Layer[] = [];
	const files = new Set<string>();
	let loaded = 0;

	async function variablesOf(directory: string, envFiles: readonly string[] | undefined): Promise<Variables> {
		const found = new Map<string, string>();
		for (const path of envFiles ?? [join(directory, '.env')]) {
			const text = await readText(path);
			for (const [name, value] of readVariables(text ?? '')) if (value !== undefined) found.set(name, value);
		}
		return found;
	}

	async function readText(path: string): Promise<string | undefined> {
		return isWithin(source.root, path) ? source.readText(path) : undefined;
	}

	async function documents(path: string): Promise<readonly YamlValue[] | undefined> {
		files.add(path);
		return files.size > MAX_FILES || !isWithin(source.root, path) ? undefined : source.documents(path);
	}

	async function load(paths: readonly string[], directory: string, envFiles: readonly string[] | undefined): Promise<void> {
		const variables = await variablesOf(directory, envFiles);
		const own = new Map<string, Made>();
		for (const path of paths) {
			if (++loaded > MAX_FILES) break;
			for (const value of (await documents(path)) ?? []) {
				const file: Layer = { value, directory, variables };
				sections.push(file);
				for (const item of all([file], 'include').flatMap(itemsOf)) await include(item);
				for (const [name, service] of value.get('services')?.entries ?? []) {
					const layer = { ...file, value: service };
					const { layers, complete } = await extended(layer, file, 0);
					const before = own.get(name);
					own.set(name, { layers: [...(before?.layers ?? []), ...layers], complete: complete && before?.complete !== false });
				}
			}
		}
		for (const [name, each] of own) if (made.size < MAX_SERVICES) made.set(name, each);
	}

	/** https://docs.docker.com/reference/compose-file/include */
	async function include(item: Layer): Promise<void> {
		const named = item.value.kind === 'map' ? all([item], 'path').flatMap(itemsOf) : [item];
		const paths = named.map((each) => pathOf(each, item.directory));
		if (!paths.every((path) => path !== undefined)) return;
		const [first] = paths;
		if (first === undefined) return;
		const set = last([item], 'project_directory');
		const directory = set === undefined ? dirname(first) : pathOf(set, item.directory);
		const envFiles = all([item], 'env_file').flatMap(itemsOf);
		const known = envFiles.map((each) => pathOf(each, item.directory)).filter((path) => path !== undefined);
		if (directory !== undefined) await load(paths, directory, envFiles.length === 0 ? undefined : known);
	}

	/** The layers of a service with those that it extends: https://docs.docker.com/reference/compose-file/services/#extends */
	async function extended(layer: Layer, file: Layer, depth: number): Promise<Made> {
		const extension = last([layer], 'extends');
		if (extension === undefined) return { layers: [layer], complete: true };
		const service = extension.value.kind === 'map' ? last([extension], 'service') : extension;
		const name = service && textOf(service);
		const other = last([extension], 'file');
		const base = depth > MAX_EXTENDED || name === undefined ? undefined : await baseOf(name, other, file);
		if (base === undefined) return { layers: [layer], complete: false };
		const { layers, complete } = await extended(base.layer, base.file, depth + 1);
		return { layers: [...layers, layer], complete };
	}

	async function baseOf(name: string, other: Layer | undefined, file: Layer): Promise<{ layer: Layer; file: Layer } | undefined> {
		const path = other && pathOf(other, file.directory);
		const candidates = other === undefined ? [file.value] : path === undefined ? undefined : await documents(path);
		const directory = path === undefined ? file.directory : dirname(path);
		for (const value of candidates ?? []) {
			const service = value.get('services')?.get(name);
			const found = { ...file, value, directory };
			if (service !== undefined) return { layer: { ...found, value: service }, file: found };
		}
		return undefined;
	}

	function definition(section: string, name: string): Layer | undefined {
		for (const file of sections) {
			const value = file.value.get(section)?.get(name);
			if (value !== undefined) return { ...file, value };
		}
		return undefined;
	}

	/** Who waits until the service is healthy. */
	function awaitedBy(name: string): Place[] {
		return [...made.values()].flatMap(({ layers }) => {
			const condition = last(all(all(layers, 'depends_on'), name), 'condition');
			return condition !== undefined && textOf(condition) === 'service_healthy' ? [condition.value.at] : [];
		});
	}

	async function filesAt(path: string): Promise<Mount['files']> {
		if (!isWithin(source.root, path)) return undefined;
		// Nothing here depends on the text of what is mounted.
		if (await source.isFile(path)) return new Map([['', undefined]]);
		const names = await source.filesOf(path);
		return names && new Map(names.map((name) => [name, undefined]));
	}

	async function services(): Promise<Service[]> {
		const surroundings = { definition, awaitedBy, readText, filesAt };
		const found = [...made].map(([name, { layers, complete }]) => serviceOf(name, layers, complete, surroundings));
		return withSharedVolumes((await Promise.all(found)).filter((service) => service !== undefined));
	}

	return { load, services };
}

function pathOf(layer: Layer, directory: string): string | undefined {
	const text = textOf(layer);
	if (text === undefined || text.includes('://')) return undefined;
	return isAbsolute(text) ? text : join(directory, text);
}
