import { evidenceOf, relatedPlaces, saidOf } from '../facts/evidence.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'loopback-listener',
	severity: 'warning',
	fixAll: false,
	documentation: {
		summary: 'The program listens on the loopback address only, which nothing outside the container reaches.',
		why: 'Each container has a loopback interface of its own. A server on 127.0.0.1:8080 answers inside the container and nowhere else, whatever ports are published: the connection is reset.',
		example: 'http.ListenAndServe("127.0.0.1:8080", nil)',
		instead: 'http.ListenAndServe(":8080", nil)',
		notes:
			'Speaks only where every listener of the program is a literal loopback address. Containers that share a network namespace, as in a Kubernetes pod, do reach it.',
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
					message: `The program listens on ${first.evidence.detail ?? 'the loopback address'} only (${saidOf(first.evidence, binary.program)}), which nothing outside the container reaches. Listen on all addresses, as in ":8080".`,
					related: relatedPlaces(found.map(({ evidence }) => evidence)),
				};
			}
		}
	},
};
