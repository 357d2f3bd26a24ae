import type { Connection } from 'vscode-languageserver';
import { concernsGo } from '../facts/build-facts.ts';
import { hoverAt } from '../hover/hover.ts';
import { cancelledBy, throwIfCancelled } from './cancellation.ts';
import { markupOf } from './markup.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Answers what to show at a position of a Dockerfile. */
export function serveHovers(connection: Connection, state: WorkspaceState): void {
	connection.onHover(async ({ textDocument: { uri }, position }, token) => {
		const analysis = await state.analyses.complete(uri, cancelledBy(token));
		throwIfCancelled(token);
		const document = state.documentOf(uri);
		if (analysis?.facts === undefined || !concernsGo(analysis.facts) || document?.text !== analysis.text) return null;
		const hover = hoverAt(analysis.facts, document.positions.offset(position), state.uriOf, analysis.findings);
		if (hover === undefined) return null;
		return { contents: markupOf(hover.text, state.features), range: document.positions.range(hover.range) };
	});
}
