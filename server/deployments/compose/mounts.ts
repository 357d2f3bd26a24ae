import { isAbsolute, join } from '../../workspace/paths.ts';
import type { Mount, MountKind, Mounts } from '../model.ts';
import { truthOf, type YamlValue } from '../yaml-tree.ts';
import { all, itemsOf, type Layer, last, textOf } from './layers.ts';

/** What the mounts of a service need to know of its project. */
export interface Surroundings {
	/** The definition of a named volume, a config or a secret of the project. */
	definition(section: 'volumes' | 'configs' | 'secrets', name: string): Layer | undefined;
	/** The names and texts of what is at a path of the workspace, as a mount has them. */
	filesAt(path: string): Promise<Mount['files']>;
}

/** A mount before it is known what files it brings. */
type Entry = Omit<Mount, 'files'> & { readonly file?: string | undefined; readonly content?: string | undefined };

const PLAIN = { readOnly: false, mode: undefined, uid: undefined, gid: undefined, copiesImage: false } as const;

/** https://docs.docker.com/reference/compose-file/services/#volumes, and tmpfs, configs and secrets */
export async function mountsOf(layers: readonly Layer[], surroundings: Surroundings): Promise<Mounts> {
	const volumes = all(layers, 'volumes').flatMap((layer) => itemsOf(layer).map((item) => volumeOf(item, surroundings)));
	const temporary = all(layers, 'tmpfs').flatMap((layer) => itemsOf(layer).map(tmpfsOf));
	const given = (['configs', 'secrets'] as const).flatMap((section) =>
		all(layers, section).flatMap((layer) => itemsOf(layer).map((item) => givenFile(section, item, surroundings))),
	);
	const entries = [...volumes, ...temporary, ...given];
	// What an override mounts at a path replaces what was there.
	const replaced = (entry: Entry, index: number) =>
		entry.path !== undefined && entries.some((other, at) => at > index && other.path === entry.path);
	const kept = entries.filter((entry, index) => !replaced(entry, index));
	return {
		all: await Promise.all(kept.map((entry) => withFiles(entry, surroundings))),
		complete: last(layers, 'volumes_from') === undefined && all(layers, 'volumes').every(({ value }) => value.kind === 'list'),
	};
}

async function withFiles({ file, content, ...mount }: Entry, { filesAt }: Surroundings): Promise<Mount> {
	if (content !== undefined) return { ...mount, files: new Map([['', content]]) };
	return { ...mount, files: file === undefined ? undefined : await filesAt(file) };
}

function unknown({ value }: Layer): Entry {
	return { ...PLAIN, kind: 'unknown', at: value.at, path: undefined, readOnly: undefined, source: undefined };
}

function volumeOf(item: Layer, surroundings: Surroundings): Entry {
	if (item.value.kind === 'map') return longVolume(item, surroundings);
	const text = textOf(item);
	if (text === undefined) return unknown(item);
	// A drive of Windows is part of the source.
	const [, drive = '', rest = ''] = /^([A-Za-z]:(?=[\\/]))?(.*)$/.exec(text) ?? [];
	const parts = rest.split(':');
	const { at } = item.value;
	if (parts.length === 1)
		return { ...PLAIN, kind: 'anonymous', at, path: containerPath(drive + rest), source: undefined, copiesImage: true };
	const [source = '', target = '', options = ''] = parts;
	const readOnly = options.split(',').includes('ro');
	return {
		...sourceOf(drive + source, item, surroundings),
		at,
		path: containerPath(target),
		readOnly,
		...(options.includes('nocopy') && { copiesImage: false }),
	};
}

function longVolume(item: Layer, surroundings: Surroundings): Entry {
	const get = (key: string) => {
		const value = item.value.get(key);
		return value === undefined || value.kind === 'nothing' ? undefined : textOf({ ...item, value });
	};
	const source = get('source') ?? get('src');
	const type = get('type');
	const { at } = item.value;
	const path = containerPath(get('target') ?? get('destination') ?? get('dst'));
	const readOnly = truthOf({ text: get('read_only') ?? get('readonly') ?? get('ro') ?? 'false' });
	const nocopy = item.value.get('volume')?.get('nocopy')?.text === 'true' || item.value.get('volume')?.get('subpath') !== undefined;
	switch (type) {
		case 'volume':
			if (item.value.get('source') === undefined)
				return { ...PLAIN, kind: 'anonymous', at, path, readOnly, source: undefined, copiesImage: !nocopy };
			if (source === undefined) return { ...unknown(item), path, readOnly };
			return { ...namedVolume(source, surroundings), at, path, readOnly, ...(nocopy && { copiesImage: false }) };
		case 'bind':
			return { ...(source === undefined ? unknown(item) : bound(source, item)), at, path, readOnly };
		case 'tmpfs': {
			const mode = item.value.get('tmpfs')?.get('mode');
			return { ...PLAIN, kind: 'tmpfs', at, path, readOnly, source: undefined, mode: mode === undefined ? 0o1777 : modeOf(mode) };
		}
		case 'image':
			return { ...PLAIN, kind: 'image', at, path, readOnly, source };
		default:
			return { ...unknown(item), path, readOnly };
	}
}

/** Compose takes a number as YAML has it, `01777` and `0o1777` alike. */
function modeOf({ text = '' }: YamlValue): number | undefined {
	const octal = /^0o?([0-7]+)$/.exec(text)?.[1];
	return octal !== undefined ? Number.parseInt(octal, 8) : /^\d+$/.test(text) ? Number(text) : undefined;
}

type Source = Pick<Entry, 'kind' | 'source' | 'file' | 'readOnly' | 'mode' | 'uid' | 'gid' | 'copiesImage'>;

/** A source in short syntax: a path where it begins like one, else the name of a volume. */
function sourceOf(source: string, layer: Layer, surroundings: Surroundings): Source {
	return /^(?:[./~\\]|[A-Za-z]:)/.test(source) ? bound(source, layer) : namedVolume(source, surroundings);
}

function bound(source: string, { directory }: Layer): Source {
	if (/^(?:~|[A-Za-z]:|\\)/.test(source)) return { ...PLAIN, kind: 'bind', source: undefined };
	const path = isAbsolute(source) ? join('/', source) : join(directory, source);
	return { ...PLAIN, kind: 'bind', source: path, file: isAbsolute(source) ? undefined : path };
}

function namedVolume(name: string, { definition }: Surroundings): Source {
	const settings = definition('volumes', name)?.value;
	// One of another project may hold anything already, and a driver mounts what it likes.
	const own = settings !== undefined && ['external', 'driver', 'driver_opts'].every((key) => settings.get(key) === undefined);
	return { ...PLAIN, kind: 'volume', source: name, copiesImage: own };
}

/** `/run:mode=755,uid=1000` */
function tmpfsOf(item: Layer): Entry {
	const text = textOf(item);
	if (text === undefined) return unknown(item);
	const colon = text.indexOf(':');
	const options = new Map<string, string>();
	for (const option of colon < 0 ? [] : text.slice(colon + 1).split(',')) {
		const [name = '', value = ''] = option.split('=', 2);
		options.set(name, value);
	}
	const number = (name: string, radix: number) => {
		const value = options.get(name) ?? '';
		return /^\d+$/.test(value) ? Number.parseInt(value, radix) : undefined;
	};
	return {
		kind: 'tmpfs',
		at: item.value.at,
		path: containerPath(colon < 0 ? text : text.slice(0, colon)),
		readOnly: options.has('ro'),
		source: undefined,
		mode: options.has('mode') ? number('mode', 8) : 0o1777,
		uid: number('uid', 10),
		gid: number('gid', 10),
		copiesImage: false,
	};
}

const WHERE: Readonly<Record<'configs' | 'secrets', readonly [kind: MountKind, directory: string]>> = {
	configs: ['config', '/'],
	secrets: ['secret', '/run/secrets'],
};

function givenFile(section: 'configs' | 'secrets', item: Layer, { definition }: Surroundings): Entry {
	const [kind, directory] = WHERE[section];
	const part = (key: string) => {
		const value = item.value.get(key);
		return value && textOf({ ...item, value });
	};
	const name = item.value.kind === 'map' ? part('source') : textOf(item);
	if (name === undefined) return unknown(item);
	const target = item.value.get('target') === undefined ? name : part('target');
	const settings = definition(section, name);
	const content = settings?.value.get('content');
	const file = settings?.value.get('file');
	const source = file && settings && textOf({ ...settings, value: file });
	return {
		...PLAIN,
		kind,
		at: item.value.at,
		path: target === undefined ? undefined : containerPath(join(directory, target)),
		readOnly: true,
		source: name,
		content: content && settings && textOf({ ...settings, value: content }),
		file: source === undefined || settings === undefined || isAbsolute(source) ? undefined : join(settings.directory, source),
	};
}

function containerPath(path: string | undefined): string | undefined {
	return path === undefined || !path.startsWith('/') ? undefined : join('/', path);
}
