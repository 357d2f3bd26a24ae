import { relatedPlaces, saidOf } from '../facts/evidence.ts';
import { isTold } from '../facts/listened-ports.ts';
import { unstartedOf } from '../facts/sub-commands.ts';
import { loopbackServices } from '../program/listeners.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'loopback-listener',
	severity: 'warning',
	fixAll: false,
	judges: 'image',
	documentation: {
		summary: 'The program listens only on localhost, so it cannot be reached from outside the container.',
		why: 'Each container has its own loopback interface. A server on 127.0.0.1:8080 can be reached only from inside the container. Connections to a published port are reset.',
		example: 'http.ListenAndServe("127.0.0.1:8080", nil)',
		instead: 'http.ListenAndServe(":8080", nil)',
		notes:
			'Reported only when every listener that serves is on a loopback address, by a constant or by the default of a flag that the image does not set. Not reported for net/http/pprof alone, nor if a dependency may listen. Containers that share a network namespace, such as those of a Kubernetes pod, can reach it.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			for (const binary of target.binaries) {
				const { program, started } = binary;
				const services = (started && program !== undefined ? loopbackServices(program, isTold(target.state)) : []).filter(
					(listener) => unstartedOf(target, binary, listener) === undefined,
				);
				const [first] = services;
				if (first === undefined) continue;
				const instruction = target.state.entrypoint?.instruction ?? target.state.command?.instruction ?? target.state.stage.from;
				const usually = services.some(({ given }) => given) ? ' unless it is told otherwise' : '';
				yield {
					range: instruction.range,
					message: `The program listens only on ${first.address}${usually} (${saidOf(first, program)}), so it cannot be reached from outside the container. Listen on all addresses, such as ":8080".`,
					related: relatedPlaces(services),
				};
			}
		}
	},
};
