import type { TextDocumentContentChangeEvent, TextDocumentItem } from 'vscode-languageserver';
import { createPositionMap, type PositionEncoding, type PositionMap } from './positions.ts';
import { pathFromUri } from './uris.ts';

/** A document that the client has open, at one version. A change makes a new value. */
export interface OpenDocument {
	/** As the client spells it. */
	readonly uri: string;
	readonly path: string;
	readonly languageId: string;
	/** The client's number. */
	readonly version: number;
	readonly text: string;
	readonly positions: PositionMap;
}

export function openDocument({ uri, languageId, version, text }: TextDocumentItem, encoding: PositionEncoding): OpenDocument {
	return {
		uri,
		path: pathFromUri(uri),
		languageId,
		version,
		text,
		positions: createPositionMap(text, encoding),
	};
}

/** The document after the client's changes, each of which counts from the text that the one before it left. */
export function changeDocument(
	document: OpenDocument,
	version: number,
	changes: readonly TextDocumentContentChangeEvent[],
	encoding: PositionEncoding,
): OpenDocument {
	let { text, positions } = document;
	for (const change of changes) {
		if ('range' in change) {
			const start = positions.offset(change.range.start);
			const end = Math.max(start, positions.offset(change.range.end));
			text = text.slice(0, start) + change.text + text.slice(end);
		} else text = change.text;
		positions = createPositionMap(text, encoding);
	}
	return { ...document, version, text, positions };
}
