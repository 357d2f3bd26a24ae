import type { CancellationToken, Connection } from 'vscode-languageserver';
import { concernsGo } from '../facts/build-facts.ts';
import { signalOf } from './cancellation.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { inspect } from './inspection.ts';
import { CHECK, type CheckResult, type FileParams } from './protocol.ts';
import { readRelatedPlaces } from './related-places.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Answers what is wrong in a Dockerfile that need not be open. */
export function serveChecks(connection: Connection, state: WorkspaceState): void {
	connection.onRequest(CHECK, async ({ uri }: FileParams, token: CancellationToken): Promise<CheckResult> => {
		const inspected = await inspect(state, uri, signalOf(token));
		if (inspected?.analysis.facts === undefined || !concernsGo(inspected.analysis.facts)) return { concernsGo: false, diagnostics: [] };
		const { document, analysis } = inspected;
		const rangeOfPlace = await readRelatedPlaces(analysis.findings, state.features, state);
		return { concernsGo: true, diagnostics: diagnosticsOf(document, analysis.findings, rangeOfPlace, state) };
	});
}
