import type { Analyser, Analysis, AnalysisRequest } from '../lint/analyse.ts';
import type { OpenDocument } from './documents.ts';

/** Keeps one analysis of each open Dockerfile, that of its newest text: diagnostics, actions, hovers and fix-all all answer from it. */
export interface Analyses {
	/**
	 * The complete analysis of the document as it is now, or as it will be once it stands still.
	 *
	 * @returns `undefined` where the document was closed meanwhile, or `signal` was aborted.
	 */
	complete(uri: string, signal?: Pick<AbortSignal, 'aborted'>): Promise<Analysis | undefined>;
	/** What can be said without the Go files; at once. `undefined` where the document was closed. */
	quick(uri: string): Promise<Analysis | undefined>;
	/** What {@link Analyser.analyse} is asked for a document. */
	request(document: OpenDocument): Promise<AnalysisRequest>;
	/** Ends the analysis of the document, whose text changed or is gone. */
	drop(uri: string): void;
	/** Ends everything: files or settings changed. */
	dropAll(): void;
}

interface Entry {
	readonly abort: AbortController;
	readonly analysis: Promise<Analysis>;
}

const NEWER_TEXT = new Error('The text has changed, or is gone.');

/** @param messagesRead Resolves once the messages that wait were read: of a burst of changes only the last one is analysed. */
export function createAnalyses(
	analyser: Analyser,
	documentOf: (uri: string) => OpenDocument | undefined,
	request: (document: OpenDocument) => Promise<AnalysisRequest>,
	messagesRead: () => Promise<void>,
): Analyses {
	/** By URI. */
	const entries = new Map<string, Entry>();

	function entryOf(document: OpenDocument): Entry {
		const known = entries.get(document.uri);
		if (known !== undefined) return known;
		const abort = new AbortController();
		const entry: Entry = { abort, analysis: analyse(document, abort.signal) };
		// Whoever waits learns of a failure by itself; nobody may be waiting.
		entry.analysis.catch(() => {});
		entries.set(document.uri, entry);
		return entry;
	}

	async function analyse(document: OpenDocument, signal: AbortSignal): Promise<Analysis> {
		await messagesRead();
		signal.throwIfAborted();
		return analyser.analyse({ ...(await request(document)), signal });
	}

	function drop(uri: string): void {
		entries.get(uri)?.abort.abort(NEWER_TEXT);
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
			return document && analyser.analyse({ ...(await request(document)), quick: true });
		},
		request,
		drop,
		dropAll() {
			for (const uri of [...entries.keys()]) drop(uri);
		},
	};
}
