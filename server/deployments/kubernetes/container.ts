import type { Check, CheckAction, CheckKind, Command, EnvironmentFields, Field, Identity, Port, Service } from '../model.ts';
import { fieldOf, type YamlValue } from '../yaml-tree.ts';
import { fieldAt, knownText, mountsOf, numberField, type Pod, textField, truthField } from './pod.ts';

/** What the containers of a pod are, by the list that holds them. */
export type ContainerRole = 'container' | 'init container' | 'ephemeral container';

/** Reads one container; `undefined` for what does not name itself. */
export function readContainer(container: YamlValue, role: ContainerRole, pod: Pod): Service | undefined {
	const name = container.get('name');
	if (container.kind !== 'map' || name === undefined) return undefined;
	const environment = environmentOf(container);
	const ports = portsOf(container);
	const ofPod = pod.spec.get('securityContext');
	const own = container.get('securityContext');
	// Settings of the container that are not known may hide those of the pod.
	const hidden = own === undefined || own.complete ? undefined : own;
	const security = (key: string) => own?.get(key) ?? hidden ?? ofPod?.get(key);
	const capabilities = security('capabilities');
	return {
		kind: 'kubernetes',
		title: `${role} ${knownText(name) ?? '?'} of ${pod.title}`,
		name: fieldOf(name, knownText(name)),
		body: container.at,
		image: imageOf(container.get('image')),
		build: undefined,
		entrypoint: commandOf(container.get('command'), environment),
		command: commandOf(container.get('args'), environment),
		workingDirectory: textField(container.get('workingDir')),
		user: identityOf(security, ofPod),
		runAsNonRoot: truthField(security('runAsNonRoot')),
		readOnlyRoot: truthField(security('readOnlyRootFilesystem')),
		mounts: mountsOf(container, pod),
		ports,
		environment,
		checks: role === 'container' || knownText(container.get('restartPolicy')) === 'Always' ? checksOf(container, ports) : [],
		addedCapabilities: namesField(capabilities?.get('add')),
		droppedCapabilities: namesField(capabilities?.get('drop')),
		privileged: truthField(security('privileged')),
		securityOptions: undefined,
		platform: platformOf(pod.spec),
		stopSignal: undefined,
		foreignNetwork: pod.foreignNetwork,
		awaitedBy: [],
		complete: pod.complete && container.complete && (ofPod?.complete ?? true) && (own?.complete ?? true),
	};
}

/** The name of the image, with U+FFFC for what an action of a template writes of it. */
function imageOf(value: YamlValue | undefined): Field<string> | undefined {
	return value === undefined ? undefined : fieldOf(value, value.tag === undefined ? value.text : undefined);
}

function identityOf(security: (key: string) => YamlValue | undefined, pod: YamlValue | undefined): Identity {
	return {
		user: textField(security('runAsUser')),
		group: textField(security('runAsGroup')),
		groups: namesField(pod?.get('supplementalGroups')),
		volumeGroup: numberField(pod?.get('fsGroup')),
	};
}

/** A list of texts; its value is `undefined` where one of them, or how many there are, is not known. */
function namesField(list: YamlValue | undefined): Field<readonly string[]> | undefined {
	if (list === undefined) return undefined;
	const names = list.items.map(knownText);
	const known = list.kind === 'list' && list.complete && names.every((name) => name !== undefined);
	return fieldOf(list, known ? (names as string[]) : undefined);
}

/** A command; its value is `undefined` where it is not known how many words it has. */
function commandOf(list: YamlValue | undefined, environment: EnvironmentFields): Field<Command> | undefined {
	if (list === undefined || list.kind === 'nothing') return undefined;
	if (list.kind !== 'list' || !list.complete) return fieldOf<Command>(list, undefined);
	return fieldOf(list, { words: list.items.map((item) => wordOf(item, environment)), split: false });
}

/** A word with variables replaced: https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container */
function wordOf(item: YamlValue, { variables, complete }: Pick<EnvironmentFields, 'variables' | 'complete'>): Field<string> {
	let known = true;
	const text = knownText(item)?.replace(/\$\$|\$\(([-.\w]+)\)/g, (whole, name: string | undefined) => {
		if (name === undefined) return '$';
		const variable = variables.get(name);
		// What is not set stays as it is; the cluster sets variables for Services.
		if (variable?.value === undefined && (variable !== undefined || !complete || /_(?:HOST|PORT)$/.test(name))) known = false;
		return variable?.value ?? whole;
	});
	return fieldOf(item, known ? text : undefined);
}

function environmentOf(container: YamlValue): EnvironmentFields {
	const list = container.get('env');
	const from = container.get('envFrom');
	const variables = new Map<string, Field<string>>();
	let complete =
		container.complete && (list === undefined || list.complete) && (from === undefined || (from.complete && from.items.length === 0));
	for (const item of list?.items ?? []) {
		const name = knownText(item.get('name'));
		if (name === undefined) {
			complete = false;
			continue;
		}
		const value = item.get('value');
		if (value !== undefined) variables.set(name, value.kind === 'nothing' ? fieldOf(value, '') : wordOf(value, { variables, complete }));
		// A variable without a value is empty; one with a source has that of the source.
		else variables.set(name, fieldAt(item.at, item.complete && item.get('valueFrom') === undefined ? '' : undefined));
	}
	return { variables, complete };
}

function portsOf(container: YamlValue): Port[] {
	return (container.get('ports')?.items ?? []).map((item): Port => {
		const number = item.get('containerPort');
		const port = numberField(number)?.value;
		const protocol = knownText(item.get('protocol')) ?? 'TCP';
		return {
			kind: item.get('hostPort') === undefined ? 'exposed' : 'published',
			at: item.at,
			containerAt: number?.at ?? item.at,
			container: port === undefined ? undefined : { first: port, last: port },
			protocol: protocol === 'TCP' ? 'tcp' : protocol === 'UDP' ? 'udp' : 'other',
			name: knownText(item.get('name')),
		};
	});
}

const CHECKS: readonly (readonly [parent: string | undefined, key: string, kind: CheckKind])[] = [
	[undefined, 'startupProbe', 'startup'],
	[undefined, 'livenessProbe', 'liveness'],
	[undefined, 'readinessProbe', 'readiness'],
	['lifecycle', 'postStart', 'post-start'],
	['lifecycle', 'preStop', 'pre-stop'],
];

function checksOf(container: YamlValue, ports: readonly Port[]): Check[] {
	return CHECKS.flatMap(([parent, key, kind]) => {
		const value = (parent === undefined ? container : container.get(parent))?.get(key);
		if (value === undefined || value.kind !== 'map') return [];
		return [{ kind, at: value.at, key: value.key ?? value.at, action: actionOf(value, ports) }];
	});
}

function actionOf(value: YamlValue, ports: readonly Port[]): CheckAction {
	const { at } = value;
	const [exec, http, tcp, grpc] = ['exec', 'httpGet', 'tcpSocket', 'grpc'].map((key) => value.get(key));
	// Kubernetes accepts one action.
	if (exec !== undefined) {
		const command = exec.get('command');
		const known = command?.kind === 'list' && command.complete;
		return known
			? { kind: 'exec', at: exec.at, words: command.items.map((item) => fieldOf(item, knownText(item))) }
			: { kind: 'other', at };
	}
	const request = http ?? tcp ?? grpc;
	const port = request?.get('port');
	if (request === undefined || port === undefined) return { kind: 'other', at };
	return {
		kind: http !== undefined ? 'http' : tcp !== undefined ? 'tcp' : 'grpc',
		at: request.at,
		port: portField(port, ports),
		path: textField(http?.get('path')),
		tls: knownText(http?.get('scheme')) === 'HTTPS',
		own: request.complete && request.get('host') === undefined,
	};
}

/** A number, or the name of one of the container's ports: pkg/probe/util.go of Kubernetes. */
function portField(value: YamlValue, ports: readonly Port[]): Field<number> {
	const text = knownText(value);
	const named = ports.find(({ name }) => name !== undefined && name === text);
	return fieldOf(value, named === undefined ? numberField(value)?.value : named.container?.first);
}

/** The machines that the pod runs on, where it says so. */
function platformOf(spec: YamlValue): Field<string> | undefined {
	const architecture = spec.get('nodeSelector')?.get('kubernetes.io/arch');
	const system = knownText(spec.get('nodeSelector')?.get('kubernetes.io/os')) ?? 'linux';
	const name = knownText(architecture);
	return architecture === undefined ? undefined : fieldOf(architecture, name === undefined ? undefined : `${system}/${name}`);
}
