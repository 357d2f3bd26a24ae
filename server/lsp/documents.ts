import type { TextDocumentContentChangeEvent, TextDocumentItem } from 'vscode-languageserver-protocol';
import type { Range } from '../text/text.ts';
import { createPositionMap, type PositionEncoding, type PositionMap } from './positions.ts';
import { type Room, roomsAfter, withoutRooms, withRooms } from './room.ts';
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
	/** Where room is left for what is typed, and the text with it. */
	readonly rooms: readonly Room[];
	readonly roomyText: string;
}

export function openDocument({ uri, languageId, version, text }: TextDocumentItem, encoding: PositionEncoding): OpenDocument {
	return {
		uri,
		path: pathFromUri(uri),
		languageId,
		version,
		text,
		positions: createPositionMap(text, encoding),
		rooms: [],
		roomyText: text,
	};
}

/** The document after the client's changes, each of which counts from the text that the one before it left. */
export function changeDocument(
	document: OpenDocument,
	version: number,
	changes: readonly TextDocumentContentChangeEvent[],
	encoding: PositionEncoding,
): OpenDocument {
	let { text, positions, rooms } = document;
	for (const change of changes) {
		if ('range' in change) {
			const start = positions.offset(change.range.start);
			const end = Math.max(start, positions.offset(change.range.end));
			const removed = text.slice(start, end);
			text = text.slice(0, start) + change.text + text.slice(end);
			rooms = roomsAfter(rooms, text, start, removed, change.text);
		} else {
			text = change.text;
			rooms = [];
		}
		positions = createPositionMap(text, encoding);
	}
	return { ...document, version, text, positions, rooms, roomyText: withRooms(text, rooms) };
}

/** Where a range of the text with room is to the client. */
export function rangeInRoomy({ positions, rooms }: OpenDocument, { start, end }: Range): ReturnType<PositionMap['range']> {
	return positions.range({ start: withoutRooms(rooms, start), end: withoutRooms(rooms, end) });
}
