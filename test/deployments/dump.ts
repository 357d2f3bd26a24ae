import type { Check, Command, Field, Place, Service } from '../../server/deployments/model.ts';

/** A service in lines of text, `?` for what is set to something that is not known; what is not set is left out. */
export function dump(service: Service): string[] {
	const lines = [`${service.title}${service.complete ? '' : ' (incomplete)'}`];
	const add = (name: string, value: string | undefined) => {
		if (value !== undefined) lines.push(`  ${name}: ${value}`);
	};
	const field = <T>(name: string, its: Field<T> | undefined, say: (value: T) => string = String) =>
		add(name, its === undefined ? undefined : its.value === undefined ? '?' : say(its.value));
	const list = (names: readonly string[]) => names.join(' ');
	field('image', service.image);
	field('entrypoint', service.entrypoint, wordsOf);
	field('command', service.command, wordsOf);
	field('working directory', service.workingDirectory);
	field('user', service.user.user);
	field('group', service.user.group);
	field('groups', service.user.groups, list);
	field('volume group', service.user.volumeGroup);
	field('run as non-root', service.runAsNonRoot);
	field('read-only root', service.readOnlyRoot);
	field('privileged', service.privileged);
	field('added', service.addedCapabilities, list);
	field('dropped', service.droppedCapabilities, list);
	field('platform', service.platform);
	field('foreign network', service.foreignNetwork);
	for (const { kind, path, source, readOnly, files, mode } of service.mounts.all) {
		const held =
			files === undefined ? '?' : [...files].map(([name, text]) => `${name || '.'}${text === undefined ? '' : `=${text}`}`).join(' ');
		const only = readOnly === undefined ? ' read-only?' : readOnly ? ' read-only' : '';
		add('mount', `${kind} ${source ?? '-'} on ${path ?? '?'}${only}${mode === undefined ? '' : ` ${mode.toString(8)}`} [${held}]`);
	}
	if (!service.mounts.complete) add('mounts', 'and more?');
	for (const { kind, container, protocol, name } of service.ports)
		add('port', `${kind} ${container === undefined ? '?' : container.first}/${protocol}${name === undefined ? '' : ` ${name}`}`);
	for (const [name, value] of service.environment.variables) add('environment', `${name}=${value.value ?? '?'}`);
	if (!service.environment.complete) add('environment', 'and more?');
	for (const check of service.checks) add(check.kind, actionOf(check));
	return lines;
}

function wordsOf({ words }: Command): string {
	return JSON.stringify(words.map(({ value }) => value ?? null));
}

function actionOf({ action }: Check): string {
	switch (action.kind) {
		case 'exec':
			return `exec ${JSON.stringify(action.words.map(({ value }) => value ?? null))}`;
		case 'shell':
			return `shell ${action.text.value ?? '?'}`;
		case 'http':
		case 'tcp':
		case 'grpc': {
			const path = action.path === undefined ? '' : ` ${action.path.value ?? '?'}`;
			return `${action.kind} ${action.port.value ?? '?'}${path}${action.tls ? ' tls' : ''}${action.own ? '' : ' elsewhere'}`;
		}
		default:
			return action.kind;
	}
}

/** The text at a place. */
export function textAt(text: string, { range }: Place): string {
	return text.slice(range.start, range.end);
}
