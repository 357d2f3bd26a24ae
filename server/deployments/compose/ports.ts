import type { Port } from '../model.ts';
import { all, itemsOf, type Layer, textOf } from './layers.ts';

/** https://docs.docker.com/reference/compose-file/services/#ports and #expose */
export function portsOf(layers: readonly Layer[]): Port[] {
	const published = all(layers, 'ports').flatMap((layer) => itemsOf(layer).map(publishedPort));
	const exposed = all(layers, 'expose').flatMap((layer) => itemsOf(layer).map(exposedPort));
	return [...published, ...exposed];
}

function publishedPort(item: Layer): Port {
	if (item.value.kind === 'map') return longPort(item);
	const text = textOf(item) ?? '';
	// What stands last is the container's: `127.0.0.1:8080:80/tcp`.
	const [, range = '', protocol = 'tcp'] = /(?:^|:)(\d+(?:-\d+)?)(?:\/(\w+))?$/.exec(text) ?? [];
	return portOf('published', item, text, range, protocol);
}

function exposedPort(item: Layer): Port {
	const text = textOf(item) ?? '';
	const [, range = '', protocol = 'tcp'] = /^(\d+(?:-\d+)?)(?:\/(\w+))?$/.exec(text) ?? [];
	return portOf('exposed', item, text, range, protocol);
}

function portOf(kind: Port['kind'], { value }: Layer, text: string, range: string, protocol: string): Port {
	const from = range === '' ? -1 : text.lastIndexOf(range);
	return {
		kind,
		at: value.at,
		// With a variable in it the text is another one than that of the file.
		containerAt: from < 0 || value.text !== text ? value.at : value.part(from, from + range.length),
		container: rangeOf(range),
		protocol: protocolOf(protocol),
		name: undefined,
	};
}

function longPort(item: Layer): Port {
	const target = item.value.get('target');
	const protocol = item.value.get('protocol');
	const text = target && textOf({ ...item, value: target });
	return {
		kind: 'published',
		at: item.value.at,
		containerAt: target?.at ?? item.value.at,
		container: rangeOf(text ?? ''),
		protocol: protocolOf(protocol === undefined ? 'tcp' : textOf({ ...item, value: protocol })),
		name: undefined,
	};
}

function rangeOf(text: string): Port['container'] {
	const [, first, end = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
	return first === undefined ? undefined : { first: Number(first), last: Number(end) };
}

function protocolOf(text: string | undefined): Port['protocol'] {
	return text === 'tcp' || text === 'udp' ? text : 'other';
}
