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
	/** {@link complete} for the text with room for what is typed. */
	completeRoomy(uri: string, signal?: Pick<AbortSignal, 'aborted'>): Promise<Analysis | undefined>;
	/** What can be said of the text with room without the Go files; at once. `undefined` as for {@link complete}. */
	quickRoomy(uri: string): Promise<Analysis | undefined>;
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
	/** By URI; where there is room in a text, what is said of it with room stands apart. */
	const plain = new Map<string, Entry>();
	const roomy = new Map<string, Entry>();

	function entryOf(document: OpenDocument, withRoom: boolean): Entry {
		const hasRoom = withRoom && document.rooms.length > 0;
		const entries = hasRoom ? roomy : plain;
		const known = entries.get(document.uri);
		if (known !== undefined) return known;
		const abort = new AbortController();
		const { signal } = abort;
		const analysis = request(document).then((options) =>
			analyser.analyse({ ...(hasRoom ? roomyRequest(document, options) : options), signal }),
		);
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
		for (const entries of [plain, roomy]) {
			const entry = entries.get(uri);
			// To abort costs more than many an analysis, and a keystroke mostly finds the one before it finished.
			if (entry?.finished === false) entry.abort.abort(NEWER_TEXT);
			entries.delete(uri);
		}
	}

	async function complete(uri: string, withRoom: boolean, signal: Pick<AbortSignal, 'aborted'> | undefined) {
		for (;;) {
			const document = documentOf(uri);
			if (document === undefined || signal?.aborted) return undefined;
			const entry = entryOf(document, withRoom);
			try {
				return await entry.analysis;
			} catch (error) {
				// A newer text took its place, and has an analysis of its own.
				if (!entry.abort.signal.aborted) throw error;
			}
		}
	}

	return {
		complete: (uri, signal) => complete(uri, false, signal),
		completeRoomy: (uri, signal) => complete(uri, true, signal),
		async quickRoomy(uri) {
			const document = documentOf(uri);
			if (document === undefined) return undefined;
			return analyser.analyse({ ...roomyRequest(document, await request(document)), quick: true });
		},
		request,
		drop,
		dropAll() {
			for (const uri of [...plain.keys(), ...roomy.keys()]) drop(uri);
		},
	};
}

function roomyRequest(document: OpenDocument, request: AnalysisRequest): AnalysisRequest {
	return { ...request, text: document.roomyText, series: document.rooms.length > 0 ? 'with room' : undefined };
}
