/** A half-open span of a text, in UTF-16 code units from its start. */
export interface Range {
	readonly start: number;
	readonly end: number;
}

/** A place in a text as editors count it: both numbers from 0, the character in UTF-16 code units. */
export interface Position {
	readonly line: number;
	readonly character: number;
}

/** Replaces the text of `range` by `newText`; an insertion has an empty range. */
export interface TextEdit {
	readonly range: Range;
	readonly newText: string;
}

/** The offsets at which the lines of `text` start. A line ends with `\n`, `\r\n` or a lone `\r`. */
export function lineStarts(text: string): number[] {
	if (!text.includes('\r')) {
		return gitLineStarts(text);
	}
	const starts = [0];
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
	}
	return starts;
}

/** The offsets at which the lines of `text` start as Git, Go and GitHub count them: a line feed ends one, a lone `\r` does not. */
export function gitLineStarts(text: string): number[] {
	const starts = [0];
	for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) {
		starts.push(feed + 1);
	}
	return starts;
}

/** The position of `offset` in the text whose lines start at `starts`. */
export function positionAt(starts: readonly number[], offset: number): Position {
	let low = 0;
	let high = starts.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((starts[middle] as number) <= offset) low = middle;
		else high = middle - 1;
	}
	return { line: low, character: offset - (starts[low] as number) };
}

/** Whether two of the edits overlap, or one has an impossible range. */
export function editsOverlap(edits: readonly TextEdit[]): boolean {
	const ranges = edits.map((edit) => edit.range).sort((a, b) => a.start - b.start);
	return ranges.some((range, index) => range.start > range.end || range.start < (ranges[index - 1]?.end ?? 0));
}

/**
 * `text` with all of `edits` made. Insertions at the same offset keep the order in which they are given.
 * @throws RangeError where two edits overlap: such a set is a defect of whoever made it.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
	const sorted = edits.map((edit, index) => ({ edit, index })).sort((a, b) => a.edit.range.start - b.edit.range.start || a.index - b.index);
	let result = '';
	let at = 0;
	for (const { edit } of sorted) {
		if (edit.range.start < at) throw new RangeError(`edits overlap at offset ${edit.range.start}`);
		result += text.slice(at, edit.range.start) + edit.newText;
		at = edit.range.end;
	}
	return result + text.slice(at);
}

/** Where `offset` is once the edits are made; `after` for a place after what is inserted there. */
export function movedBy(edits: readonly TextEdit[], offset: number, after: boolean): number {
	let shift = 0;
	for (const { range, newText } of edits) {
		if (range.end < offset || (range.end === offset && (after || range.start < range.end)))
			shift += newText.length - (range.end - range.start);
	}
	return offset + shift;
}
