import type { Analyser, Analysis, AnalysisRequest } from '../lint/analyse.ts';
import type { OpenDocument } from './documents.ts';

/** Keeps at most one analysis of each open Dockerfile going, that of its newest text. */
export interface Analyses {
	/**
	 * The complete analysis of the document as it is now, or as it will be once it stands still.
	 *
	 * @returns `undefined` where the document was closed meanwhile, or `signal` was aborted.
	 */
	complete(uri: string, signal?: Pick<AbortSignal, 'aborted'>): Promise<Analysis | undefined>;
	/** What can be said without the Go files; at once. `undefined` as for {@link complete}. */
	quick(uri: string): Promise<Analysis | undefined>;
	/** What {@link Analyser.analyse} is asked for a document. */
	request(document: OpenDocument): Promise<AnalysisRequest>;
	/** Ends what is being read for the document, whose text changed or is gone. */
	drop(uri: string): void;
	/** Ends everything: files or settings changed. */
	dropAll(): void;
}

interface Entry {
	readonly abort: AbortController;
	finished: boolean;
	readonly analysis: Promise<Analysis>;
}

const NEWER_TEXT = new Error('The text has changed, or is gone.');

export function createAnalyses(
	analyser: Analyser,
	documentOf: (uri: string) => OpenDocument | undefined,
	request: (document: OpenDocument) => Promise<AnalysisRequest>,
): Analyses {
	const entries = new Map<string, Entry>();

	function entryOf(document: OpenDocument): Entry {
		const known = entries.get(document.uri);
		if (known !== undefined) return known;
		const abort = new AbortController();
		const { signal } = abort;
		const analysis = request(document).then((options) => analyser.analyse({ ...options, signal }));
		const entry: Entry = { abort, analysis, finished: false };
		entries.set(document.uri, entry);
		const finish = () => {
			entry.finished = true;
		};
		// Whoever waits learns of the end by itself; nobody may be waiting.
		analysis.then(finish, finish);
		return entry;
	}

	function drop(uri: string): void {
		const entry = entries.get(uri);
		// To abort costs more than many an analysis, and a keystroke mostly finds the one before it finished.
		if (entry?.finished === false) entry.abort.abort(NEWER_TEXT);
		entries.delete(uri);
	}

	return {
		async complete(uri, signal) {
			for (;;) {
				const document = documentOf(uri);
				if (document === undefined || signal?.aborted) return undefined;
				const entry = entryOf(document);
				try {
					return await entry.analysis;
				} catch (error) {
					// A newer text took its place, and has an analysis of its own.
					if (!entry.abort.signal.aborted) throw error;
				}
			}
		},
		async quick(uri) {
			const document = documentOf(uri);
			return document === undefined ? undefined : analyser.analyse({ ...(await request(document)), quick: true });
		},
		request,
		drop,
		dropAll() {
			for (const uri of [...entries.keys()]) drop(uri);
		},
	};
}
