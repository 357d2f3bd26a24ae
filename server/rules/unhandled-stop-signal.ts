import { written } from '../dockerfile/write.ts';
import { relatedPlaces, saidOf } from '../facts/evidence.ts';
import type { Facts, Target } from '../facts/facts.ts';
import { insertBefore } from '../fixes/instructions.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import { chainOf } from '../image/stage-chain.ts';
import type { HandledSignal, Program } from '../program/model.ts';
import type { Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'unhandled-stop-signal',
	severity: 'information',
	fixAll: false,
	judges: 'image',
	documentation: {
		summary: 'The program shuts down on SIGINT only, but a container is stopped with SIGTERM.',
		why: '`docker stop`, Kubernetes and Compose stop a container with SIGTERM, and kill it after a grace period. `os.Interrupt` is SIGINT, the signal of Ctrl+C. A Go program that waits for SIGINT only is ended by SIGTERM at once, with exit code 2: open requests are cut off, and deferred functions do not run.',
		example: 'signal.Notify(stop, os.Interrupt)',
		instead: 'signal.Notify(stop, os.Interrupt, syscall.SIGTERM)',
		notes:
			'Reported only if package main waits for SIGINT, every signal that the program waits for is a constant, and all modules are on disk. Not reported if a dependency waits for signals, if the container starts through a shell or an init program, if a compose file sets `stop_signal`, or if the base image is unknown, because it may set STOPSIGNAL. The fix adds `STOPSIGNAL SIGINT` to the Dockerfile. Fix-all does not apply it, because changing the Go code is usually better.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			const [started, ...others] = target.binaries.filter((binary) => binary.started);
			const program = started?.program;
			if (program === undefined || others.length > 0 || !receivesTerm(facts, target, started?.path)) {
				continue;
			}
			const interrupts = interruptsOf(program);
			const [first] = interrupts;
			const instruction = target.state.entrypoint?.instruction ?? target.state.command?.instruction;
			if (first === undefined || instruction === undefined) {
				continue;
			}
			yield {
				range: instruction.range,
				message: `A container is stopped with SIGTERM, but the program waits for SIGINT only (${saidOf(first, program)}), so it ends at once instead of shutting down. Add syscall.SIGTERM there, or set STOPSIGNAL SIGINT here.`,
				related: relatedPlaces(interrupts),
				fixes: () => fixesOf(facts, target),
			};
		}
	},
};

/** The places where package main waits for SIGINT, if the program certainly does not wait for SIGTERM; else none. */
function interruptsOf({ handledSignals, mayHandleOtherSignals, roots }: Program): readonly HandledSignal[] {
	if (mayHandleOtherSignals || handledSignals.some(({ signal }) => signal === 'SIGTERM')) {
		return [];
	}
	// A library may wait for it to cancel one request, not to shut down.
	const isMain = (importPath: string) => roots.some((root) => root.importPath === importPath);
	return handledSignals.filter(({ signal, package: importPath }) => signal === 'SIGINT' && isMain(importPath));
}

/** Whether the program is what receives the signal, and that is SIGTERM. */
function receivesTerm({ deployed }: Facts, target: Target, path: string | undefined): boolean {
	const { state } = target;
	const form = state.entrypoint?.value ?? state.command?.value;
	const command = resolveCommandPath(state);
	// A shell or an init program may send another signal, or none. A base image of which not all variables are known may set STOPSIGNAL.
	const isFirst = form?.form === 'exec' && form.items[0]?.value === command?.program && command?.path === path;
	const isSet = chainOf(state).some(({ stage }) => stage.instructions.some(({ keyword }) => keyword === 'STOPSIGNAL'));
	const isDeployedOtherwise = deployed.some(({ image, service }) => image === target && service.stopSignal !== undefined);
	return isFirst && state.environment.complete && !isSet && !isDeployedOtherwise;
}

function fixesOf({ dockerfile }: Facts, { state }: Target): readonly Fix[] {
	const instruction = state.stage.instructions.find((each) => each.keyword === 'ENTRYPOINT' || each.keyword === 'CMD');
	if (instruction === undefined) {
		return [];
	}
	return [
		{
			title: 'Add STOPSIGNAL SIGINT',
			edits: [insertBefore(dockerfile, instruction, [written`STOPSIGNAL SIGINT`])],
			preferred: false,
		},
	];
}
