import { type Connection, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Analysis } from '../lint/analyse.ts';
import { cancelledBy, throwIfCancelled } from './cancellation.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { send } from './messages.ts';
import { readRelatedPlaces } from './related-places.ts';
import { FILES_DELAY, PATIENCE, type Runtime, type Timer } from './runtime.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Answers a client that requests diagnostics, and has it request them again when files change. */
export function serveDiagnostics(connection: Connection, state: WorkspaceState, runtime: Runtime): void {
	const { analyses } = state;
	/** The Dockerfiles for which the client has diagnostics. */
	const shown = new Set<string>();
	let refreshTimer: Timer | undefined;

	const refresh = () => send(connection.languages.diagnostics.refresh());

	connection.languages.diagnostics.on(async ({ textDocument: { uri } }, token) => {
		const early = state.features.diagnosticRefresh && !shown.has(uri);
		const complete = analyses.complete(uri, cancelledBy(token));
		const analysis = early ? await Promise.race([complete, quickAfterPatience(uri)]) : await complete;
		const rangeOfPlace = await readRelatedPlaces(analysis?.findings ?? [], state.features, state);
		throwIfCancelled(token);
		const document = state.documentOf(uri);
		if (analysis === undefined || document === undefined) return { kind: 'full', items: [] };
		if (document.text !== analysis.text) throw new ResponseError(LSPErrorCodes.ContentModified, 'The document has changed.');
		shown.add(uri);
		state.keepSoon();
		// The client requests the rest once it can be given.
		if (!analysis.complete) void analyses.complete(uri).then(refresh, () => {});
		return { kind: 'full', items: diagnosticsOf(document, analysis.findings, rangeOfPlace, state) };
	});

	async function quickAfterPatience(uri: string): Promise<Analysis | undefined> {
		await new Promise<void>((resolve) => runtime.after(PATIENCE, resolve));
		return analyses.quick(uri);
	}

	state.observe({
		changed() {},
		closed: (uri) => void shown.delete(uri),
		filesChanged() {
			if (!state.features.pullDiagnostics || !state.features.diagnosticRefresh) return;
			refreshTimer?.cancel();
			refreshTimer = runtime.after(FILES_DELAY, refresh);
		},
	});
}
