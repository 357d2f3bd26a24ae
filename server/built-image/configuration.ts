import { type Json, list, names, parseJson, property, text, texts } from './json.ts';
import type { ImageConfiguration } from './model.ts';

/** What the configuration of an image says (OCI image specification, config.md); `undefined` where it is none. */
export function readConfiguration(source: string): ImageConfiguration | undefined {
	const json = parseJson(source);
	const diffIds = texts(property(property(json, 'rootfs'), 'diff_ids'));
	if (diffIds === undefined) return undefined;
	const config = property(json, 'config');
	const stopSignal = text(property(config, 'StopSignal'));
	return {
		platform: platformOf(json),
		entrypoint: filled(texts(property(config, 'Entrypoint'))),
		command: filled(texts(property(config, 'Cmd'))),
		environment: environmentOf(texts(property(config, 'Env')) ?? []),
		user: text(property(config, 'User')) ?? '',
		workingDirectory: text(property(config, 'WorkingDir')) ?? '',
		volumes: names(property(config, 'Volumes')),
		ports: names(property(config, 'ExposedPorts')),
		stopSignal: stopSignal === '' ? undefined : stopSignal,
		shell: filled(texts(property(config, 'Shell'))),
		healthcheck: filled(texts(property(property(config, 'Healthcheck'), 'Test'))),
		history: (list(property(json, 'history')) ?? []).map((each) => ({
			createdBy: text(property(each, 'created_by')),
			emptyLayer: property(each, 'empty_layer') === true,
		})),
		diffIds,
	};
}

function filled(words: readonly string[] | undefined): readonly string[] | undefined {
	return words === undefined || words.length === 0 ? undefined : words;
}

/** The platform that an object names by `os`, `architecture` and `variant`. */
export function platformOf(json: Json): string | undefined {
	const os = text(property(json, 'os')) ?? '';
	const architecture = text(property(json, 'architecture')) ?? '';
	const variant = text(property(json, 'variant')) ?? '';
	if (os === '' || architecture === '') return undefined;
	return [os, architecture, ...(variant === '' ? [] : [variant])].join('/');
}

/** The last one of a name counts. */
function environmentOf(assignments: readonly string[]): ImageConfiguration['environment'] {
	const values = new Map<string, string>();
	for (const assignment of assignments) {
		const equals = assignment.indexOf('=');
		if (equals > 0) values.set(assignment.slice(0, equals), assignment.slice(equals + 1));
	}
	return [...values].map(([name, value]) => ({ name, value }));
}
