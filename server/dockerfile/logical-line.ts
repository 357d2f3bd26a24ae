import type { Range } from '../text/text.ts';

/**
 * An instruction's line as the builder reads it, continuation lines joined and the comments between them dropped, together
 * with the way back into the file.
 */
export interface LogicalLine {
	/** The joined text. */
	readonly text: string;
	/** The stretches of the file that were joined, in order; none is empty, but for a line without any text. */
	readonly pieces: readonly LinePiece[];
	/** The whole file. */
	readonly file: string;
}

/** A stretch of the file that stands in the joined text unchanged. */
export interface LinePiece {
	/** Where it starts in the joined text. */
	readonly at: number;
	/** Where it starts in the file. */
	readonly offset: number;
	readonly length: number;
}

/** A half-open span of a joined text, as {@link Range} is one of the file. */
export interface Span {
	readonly start: number;
	readonly end: number;
}

/** The range of the file that `span` was read from. What was dropped at either end is not part of it. */
export function rangeOf(line: LogicalLine, span: Span): Range {
	if (span.end <= span.start) {
		const offset = span.start === 0 ? offsetOf(line, 0) : offsetOf(line, span.start - 1) + 1;
		return { start: offset, end: offset };
	}
	return { start: offsetOf(line, span.start), end: offsetOf(line, span.end - 1) + 1 };
}

/** The text of `span`, as long as its range in the file: whatever the builder drops is blanked. */
export function blankedText(line: LogicalLine, span: Span): string {
	if (span.end <= span.start) return '';
	const range = rangeOf(line, span);
	let result = '';
	for (let index = pieceIndex(line, span.start); index < line.pieces.length; index++) {
		const piece = line.pieces[index] as LinePiece;
		if (piece.at >= span.end) break;
		const start = Math.max(piece.offset, range.start);
		result += ' '.repeat(start - range.start - result.length);
		result += line.file.slice(start, Math.min(piece.offset + piece.length, range.end));
	}
	return result;
}

function offsetOf(line: LogicalLine, index: number): number {
	const piece = line.pieces[pieceIndex(line, index)];
	return piece === undefined ? 0 : piece.offset + (index - piece.at);
}

/** The index of the piece that holds the character at `index` of the joined text. */
function pieceIndex(line: LogicalLine, index: number): number {
	let low = 0;
	let high = line.pieces.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((line.pieces[middle] as LinePiece).at <= index) low = middle;
		else high = middle - 1;
	}
	return low;
}
