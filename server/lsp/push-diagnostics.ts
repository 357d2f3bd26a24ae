import type { Connection } from 'vscode-languageserver';
import type { ReportedFinding } from '../lint/analyse.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { send } from './messages.ts';
import { readRelatedPlaces } from './related-places.ts';
import { FILES_DELAY, PATIENCE, type Runtime, type Timer } from './runtime.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Pushes diagnostics to a client that does not request them. */
export function pushDiagnostics(connection: Connection, state: WorkspaceState, runtime: Runtime): void {
	const { analyses } = state;
	const timers = new Map<string, Timer>();
	/** The Dockerfiles for which the client has diagnostics. */
	const shown = new Set<string>();
	/** The push of each Dockerfile that is under way; a later one replaces it. */
	const pushes = new Map<string, { aborted: boolean }>();

	function pushNow(uri: string): void {
		timers.get(uri)?.cancel();
		endPush(uri);
		const own = { aborted: false };
		pushes.set(uri, own);
		push(uri, own).catch((error) => state.log(`Findings could not be sent: ${error}`));
	}

	function endPush(uri: string): void {
		const known = pushes.get(uri);
		if (known !== undefined) known.aborted = true;
		pushes.delete(uri);
	}

	async function push(uri: string, own: { readonly aborted: boolean }): Promise<void> {
		const first = shown.has(uri) ? undefined : runtime.after(PATIENCE, () => void pushQuick(uri).catch(() => {}));
		const analysis = await analyses.complete(uri, own);
		first?.cancel();
		if (own.aborted) return;
		state.keepSoon();
		await publish(uri, analysis?.text, analysis?.findings ?? [], () => !own.aborted);
	}

	async function pushQuick(uri: string): Promise<void> {
		const analysis = await analyses.quick(uri);
		await publish(uri, analysis?.text, analysis?.findings ?? [], () => !shown.has(uri));
	}

	async function publish(
		uri: string,
		text: string | undefined,
		findings: readonly ReportedFinding[],
		isCurrent: () => boolean,
	): Promise<void> {
		const rangeOfPlace = await readRelatedPlaces(findings, state.features, state);
		const document = state.documentOf(uri);
		// The ranges of findings are those of the text that was analysed.
		if (document === undefined || document.text !== text || !isCurrent()) return;
		shown.add(uri);
		const version = state.features.diagnosticVersion ? { version: document.version } : {};
		const diagnostics = diagnosticsOf(document, findings, rangeOfPlace, state);
		send(connection.sendDiagnostics({ uri, ...version, diagnostics }));
	}

	state.observe({
		changed(uri) {
			if (!state.features.pullDiagnostics) pushNow(uri);
		},
		filesChanged(uris) {
			if (state.features.pullDiagnostics) return;
			for (const uri of uris) {
				timers.get(uri)?.cancel();
				timers.set(
					uri,
					runtime.after(FILES_DELAY, () => pushNow(uri)),
				);
			}
		},
		closed(uri) {
			timers.get(uri)?.cancel();
			timers.delete(uri);
			endPush(uri);
			if (shown.delete(uri)) send(connection.sendDiagnostics({ uri, diagnostics: [] }));
		},
	});
}
