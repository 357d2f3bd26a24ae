import type { Check, CheckAction, Port } from '../deployments/model.ts';
import { number } from '../dockerfile/write.ts';
import { relatedPlaces, saidOf } from '../facts/evidence.ts';
import { type ListenedPorts, listenedPorts } from '../facts/listened-ports.ts';
import { placesOfImage } from '../facts/places.ts';
import type { Deployed, DeploymentFinding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'port-mismatch',
	severity: 'error',
	fixAll: false,
	judges: 'deployment',
	documentation: {
		summary: 'A probe uses, or a compose file publishes, a port on which the program does not listen.',
		why: 'The kubelet sends the request to the address of the pod. If nothing listens there, the probe fails: `dial tcp 10.1.0.7:8081: connect: connection refused`. The pod is never ready, or is restarted again and again. A published port on which nothing listens closes each connection.',
		example:
			'# k8s/app.yaml\nkind: Deployment\nmetadata: {name: app}\nspec:\n  template:\n    spec:\n      containers:\n      - name: app\n        image: app\n        readinessProbe:\n          httpGet:\n            port: 8081\n\n# Dockerfile\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'# k8s/app.yaml\nkind: Deployment\nmetadata: {name: app}\nspec:\n  template:\n    spec:\n      containers:\n      - name: app\n        image: app\n        readinessProbe:\n          httpGet:\n            port: 8080\n\n# Dockerfile\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Reported only if every port of the program is known, from constants or from defaults that neither arguments nor the environment change, and if no dependency, other program or other container may listen. An error for a probe, a warning for a published port, information for `containerPort` and `expose`, which only document. The fix writes the port of the program, if it has exactly one.',
	},
	*checkService(deployed) {
		const { service } = deployed;
		if (service.checks.length === 0 && service.ports.length === 0) return;
		const listened = listenedPorts(deployed);
		if (listened === undefined) return;
		for (const check of service.checks) yield* checkProbe(deployed, check, listened);
		for (const port of service.ports) yield* checkPort(deployed, port, listened);
	},
};

function* checkProbe(deployed: Deployed, { kind, action }: Check, listened: ListenedPorts): Iterable<DeploymentFinding> {
	if (!isRequest(action) || !action.own) return;
	const port = action.port.value;
	if (port === undefined) return;
	const there = listened.listeners.filter((listener) => listener.port === port);
	if (there.some(({ loopback }) => !loopback)) return;
	const [local] = there;
	const reason =
		local === undefined
			? `on which nothing listens: the program listens on ${listOf(listened)}`
			: `and the program listens there only on ${local.address}, which the kubelet does not reach`;
	yield {
		at: action.port.at,
		...(kind === 'pre-stop' ? { severity: 'warning' as const } : {}),
		message: `The ${NAMES[kind]} of ${deployed.service.title} asks port ${port}, ${reason}. It fails with 'connect: connection refused'.`,
		related: [...relatedPlaces(listened.listeners), ...placesOfImage(deployed)],
		fixes: () => (local === undefined ? portFix(deployed, action.port.at, port, listened) : []),
	};
}

function isRequest(action: CheckAction): action is Extract<CheckAction, { readonly port: unknown }> {
	return action.kind === 'http' || action.kind === 'tcp' || action.kind === 'grpc';
}

const NAMES: Readonly<Record<Check['kind'], string>> = {
	health: 'health check',
	liveness: 'liveness probe',
	readiness: 'readiness probe',
	startup: 'startup probe',
	'post-start': 'postStart hook',
	'pre-stop': 'preStop hook',
};

function* checkPort(
	deployed: Deployed,
	{ kind, container, containerAt, protocol }: Port,
	listened: ListenedPorts,
): Iterable<DeploymentFinding> {
	if (container === undefined || protocol !== 'tcp') return;
	const { first, last } = container;
	// A range may be wider than what is used of it.
	if (first !== last || listened.listeners.some(({ port }) => port === first)) return;
	const { service } = deployed;
	const what =
		kind === 'published'
			? `${service.title[0]?.toUpperCase()}${service.title.slice(1)} publishes port ${first}`
			: `${service.title[0]?.toUpperCase()}${service.title.slice(1)} names port ${first}`;
	yield {
		at: containerAt,
		severity: kind === 'published' ? 'warning' : 'information',
		message: `${what}, and the program listens on ${listOf(listened)}. ${kind === 'published' ? 'Connections to it are closed.' : 'It is documentation: nothing fails by itself.'}`,
		related: [...relatedPlaces(listened.listeners), ...placesOfImage(deployed)],
		fixes: () => portFix(deployed, containerAt, first, listened),
	};
}

/** `:8080 (http.ListenAndServe)`; those of the profiler after the others. */
function listOf({ listeners, program }: ListenedPorts): string {
	const [first, ...others] = [...listeners].sort((a, b) => Number(a.purpose !== 'service') - Number(b.purpose !== 'service'));
	if (first === undefined) return 'no port';
	const more = [...new Set(others.map(({ address }) => address))].filter((address) => address !== first.address);
	return `${first.address}${more.length === 0 ? '' : ` and ${more.join(', ')}`} (${saidOf(first, program)})`;
}

/** Writes the only port on which the program serves. */
function portFix(
	{ textOf }: Deployed,
	{ path, range }: { path: string; range: { start: number; end: number } },
	port: number,
	{ listeners }: ListenedPorts,
): Fix[] {
	const ports = new Set(listeners.filter(({ purpose, loopback }) => purpose === 'service' && !loopback).map((listener) => listener.port));
	const [only] = ports;
	// A port may be named, and then stands elsewhere.
	if (only === undefined || ports.size > 1 || textOf(path)?.slice(range.start, range.end) !== String(port)) return [];
	return [{ title: `Use port ${only}`, edits: [{ range, newText: number(only) }], preferred: false }];
}
