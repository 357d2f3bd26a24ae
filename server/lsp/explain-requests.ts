import type { CancellationToken, Connection } from 'vscode-languageserver';
import { explain } from '../explain/explain.ts';
import { signalOf } from './cancellation.ts';
import { inspect } from './inspection.ts';
import { EXPLAIN, type ExplainParams, type ExplainResult } from './protocol.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Answers what a message means, and which of its causes is true of a Dockerfile. */
export function serveExplanations(connection: Connection, state: WorkspaceState): void {
	connection.onRequest(EXPLAIN, async ({ text, uri }: ExplainParams, token: CancellationToken): Promise<ExplainResult> => {
		const inspected = uri === undefined ? undefined : await inspect(state, uri, signalOf(token));
		const findings = inspected?.analysis.facts === undefined ? undefined : inspected.analysis.findings;
		const explanations = explain(text, findings).map(({ line, meaning, causes }) => ({
			line,
			meaning,
			causes: causes.map(({ text: cause, code, here, findings: found }) => {
				const [first] = found;
				const position = first === undefined ? undefined : inspected?.document.positions.position(first.range.start);
				return {
					text: cause,
					here,
					...(code !== undefined && { code }),
					...(first !== undefined && { finding: first.message }),
					...(position !== undefined && { position }),
				};
			}),
		}));
		return { explanations };
	});
}
