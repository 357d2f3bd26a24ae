import type { Analysis } from '../lint/analyse.ts';
import { type OpenDocument, openDocument } from './documents.ts';
import { pathFromUri } from './uris.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** A Dockerfile and what is known of it. */
export interface Inspection {
	readonly document: OpenDocument;
	readonly analysis: Analysis;
}

/**
 * The complete analysis of a Dockerfile, open or on disk.
 *
 * @returns `undefined` where there is no such file.
 * @throws The signal's reason once it is aborted: what nobody waits for has no answer that could be taken for one.
 */
export async function inspect(state: WorkspaceState, uri: string, signal: AbortSignal): Promise<Inspection | undefined> {
	const { analyses, analyser, features } = state;
	if (state.documentOf(uri) !== undefined) {
		const analysis = await analyses.complete(uri, signal);
		signal.throwIfAborted();
		const document = state.documentOf(uri);
		// A document that is not taken for a Dockerfile has no analysis of its own.
		if (analysis !== undefined && document?.text === analysis.text) return { document, analysis };
	}
	const path = pathFromUri(uri);
	const text = state.documentOf(uri)?.text ?? (await state.readText(path));
	signal.throwIfAborted();
	if (text === undefined) return undefined;
	const document = openDocument({ uri, languageId: 'dockerfile', version: 0, text }, features.encoding);
	return { document, analysis: await analyser.analyse({ ...(await analyses.request(document)), signal }) };
}
