import { evidenceOf, relatedPlaces, saidOf } from '../facts/evidence.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'loopback-listener',
	severity: 'warning',
	fixAll: false,
	documentation: {
		summary: 'The program listens only on localhost, so it cannot be reached from outside the container.',
		why: 'Each container has its own loopback interface. A server on 127.0.0.1:8080 can be reached only from inside the container. Connections to a published port are reset.',
		example: 'http.ListenAndServe("127.0.0.1:8080", nil)',
		instead: 'http.ListenAndServe(":8080", nil)',
		notes:
			'Reported only when every listener of the program is a literal loopback address. Containers that share a network namespace, such as those of a Kubernetes pod, can reach it.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			for (const binary of target.binaries) {
				if (!binary.started) continue;
				const found = evidenceOf(target, 'loopback-listener').filter((each) => each.binary === binary);
				const [first] = found;
				if (first === undefined) continue;
				const instruction = target.state.entrypoint?.instruction ?? target.state.command?.instruction ?? target.state.stage.from;
				yield {
					range: instruction.range,
					message: `The program listens only on ${first.evidence.detail ?? 'localhost'} (${saidOf(first.evidence, binary.program)}), so it cannot be reached from outside the container. Listen on all addresses, such as ":8080".`,
					related: relatedPlaces(found.map(({ evidence }) => evidence)),
				};
			}
		}
	},
};
