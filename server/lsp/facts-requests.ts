import type { CancellationToken, Connection, Range } from 'vscode-languageserver';
import { signalOf } from './cancellation.ts';
import { picturesOf } from './image-requests.ts';
import { inspect } from './inspection.ts';
import { FACTS, type FactsResult, type FileParams, type FindingFacts, type PlaceInFile } from './protocol.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Answers all that is known of a Dockerfile as one value, for a language model. */
export function serveFacts(connection: Connection, state: WorkspaceState): void {
	connection.onRequest(FACTS, async ({ uri }: FileParams, token: CancellationToken): Promise<FactsResult | null> => {
		const signal = signalOf(token);
		const inspected = await inspect(state, uri, signal);
		if (inspected === undefined) return null;
		const { document, analysis } = inspected;
		const findings: FindingFacts[] = [];
		for (const finding of analysis.findings) {
			signal.throwIfAborted();
			const fixes = (await finding.fixes()).map(({ title, preferred, edits }) => ({
				title,
				preferred,
				edits: edits.map(({ range, newText }) => ({ ...linesOf(document.positions.range(range)), newText: String(newText) })),
			}));
			const { code, severity, message, range, related = [] } = finding;
			findings.push({
				code,
				severity,
				message,
				...linesOf(document.positions.range(range)),
				reasons: related.map(({ path, line, message: reason }) => ({ path, line: line + 1, message: reason })),
				fixes,
			});
		}
		return { images: picturesOf(analysis), findings };
	});
}

/** Lines and columns from 1, as people and models count them. */
function linesOf({ start, end }: Range): PlaceInFile {
	return { line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
}
