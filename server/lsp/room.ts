import { mayHoldHeredoc } from '../dockerfile/heredoc.ts';

/**
 * Room at the end of a line: blanks that mean nothing to Docker, and that give way to what is typed in the line. A text is analysed with
 * them, so that what stands below keeps its place, and all that is known of it holds for the next keystroke too.
 */
export interface Room {
	/** The end of the line, in the text without any room. */
	readonly at: number;
	/** How many blanks stand there. */
	readonly length: number;
}

/** So much is typed in a line before everything below it moves once. */
const LENGTH = 64;

/** In so many lines somebody types by turns. */
const MOST = 8;

/**
 * The rooms in the text after a change.
 *
 * @param rooms Those in the text before, in order.
 * @param text The text after the change.
 * @param start Where `removed` stood, and `typed` stands now.
 */
export function roomsAfter(rooms: readonly Room[], text: string, start: number, removed: string, typed: string): readonly Room[] {
	// Between the lines of a heredoc blanks are not nothing.
	if (mayHoldHeredoc(text)) return [];
	const end = lineEnd(text, start + typed.length);
	const grown = typed.length - removed.length;
	const newLine: Room = { at: end, length: LENGTH };
	if (/[\r\n]/.test(removed + typed)) return [newLine];
	const left = rooms.find(({ at }) => at + grown === end);
	const length = left === undefined ? -1 : left.length - grown;
	const above = rooms.filter(({ at }) => at < start);
	const below = rooms.filter(({ at }) => at + grown > end).map((room) => ({ at: room.at + grown, length: room.length }));
	const line = length < 0 ? newLine : { at: end, length };
	return above.length + below.length < MOST ? [...above, line, ...below] : [line];
}

/** The end of the line at the offset, in front of what ends it. */
function lineEnd(text: string, offset: number): number {
	const feed = text.indexOf('\n', offset);
	let end = feed < 0 ? text.length : feed;
	while (end > offset && text.charCodeAt(end - 1) === 13) end--;
	return end;
}

/** The text with its rooms. */
export function withRooms(text: string, rooms: readonly Room[]): string {
	let result = '';
	let from = 0;
	for (const { at, length } of rooms) {
		result += text.slice(from, at) + ' '.repeat(length);
		from = at;
	}
	return result + text.slice(from);
}

/** Where an offset of the text with its rooms is in the text without them. */
export function withoutRooms(rooms: readonly Room[], offset: number): number {
	let before = 0;
	for (const { at, length } of rooms) {
		if (offset <= at + before) break;
		before = Math.min(before + length, offset - at);
	}
	return offset - before;
}
