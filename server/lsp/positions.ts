import type { Range as ProtocolRange } from 'vscode-languageserver';
import { lineStarts, type Position, positionAt, type Range } from '../text/text.ts';

/** How a client counts the characters of a line: in UTF-16 code units, in bytes of UTF-8, or in code points. */
export type PositionEncoding = 'utf-16' | 'utf-8' | 'utf-32';

/** Between the core's offsets and a client's positions in one text. */
export interface PositionMap {
	position(offset: number): Position;
	/** The offset of a position, which may lie outside of the text. */
	offset(position: Position): number;
	range(range: Range): ProtocolRange;
	/** A line and a character counted in UTF-16 code units, as the client counts it. */
	fromUtf16(position: Position): Position;
}

export function createPositionMap(text: string, encoding: PositionEncoding): PositionMap {
	const starts = lineStarts(text);

	function position(offset: number): Position {
		const { line, character } = positionAt(starts, offset);
		return { line, character: encoding === 'utf-16' ? character : unitsIn(text, offset - character, offset, encoding) };
	}

	function offset({ line, character }: Position): number {
		const start = starts[line];
		if (start === undefined) return line < 0 ? 0 : text.length;
		const end = lineEnd(text, starts, line);
		if (encoding === 'utf-16') return Math.min(start + Math.max(character, 0), end);
		let at = start;
		for (let units = 0; at < end && units < character; ) {
			const point = text.codePointAt(at) as number;
			units += encoding === 'utf-32' ? 1 : bytesOf(point);
			at += point > 0xffff ? 2 : 1;
		}
		return at;
	}

	return {
		position,
		offset,
		range: ({ start, end }) => ({ start: position(start), end: position(end) }),
		fromUtf16({ line, character }) {
			const start = starts[line];
			return start === undefined ? { line, character } : position(Math.min(start + character, lineEnd(text, starts, line)));
		},
	};
}

/** The end of a line without its line ending, behind which the protocol knows no position. */
function lineEnd(text: string, starts: readonly number[], line: number): number {
	let end = starts[line + 1];
	if (end === undefined) return text.length;
	end--;
	return text.charCodeAt(end) === 10 && text.charCodeAt(end - 1) === 13 && end > (starts[line] as number) ? end - 1 : end;
}

function unitsIn(text: string, start: number, end: number, encoding: 'utf-8' | 'utf-32'): number {
	let units = 0;
	for (let at = start; at < end; ) {
		const point = text.codePointAt(at) as number;
		units += encoding === 'utf-32' ? 1 : bytesOf(point);
		at += point > 0xffff ? 2 : 1;
	}
	return units;
}

/** How many bytes UTF-8 takes for a code point; a lone half of a surrogate pair becomes the replacement character. */
function bytesOf(point: number): number {
	return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}
