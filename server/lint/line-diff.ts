import { lineStarts, type TextEdit } from '../text/text.ts';

/** Lines `oldStart` to `oldEnd` (from 0, the end not included) of the one text gave way to lines `newStart` to `newEnd` of the other. */
export interface Hunk {
	readonly oldStart: number;
	readonly oldEnd: number;
	readonly newStart: number;
	readonly newEnd: number;
}

/** Beyond so many changed lines the texts are taken to differ as a whole: the search takes the square of it. */
const MAX_DISTANCE = 1000;

/** The lines of `text`, each with its line ending; no empty one behind the last line ending. */
export function splitLines(text: string): string[] {
	const starts = lineStarts(text);
	const lines = starts.map((start, index) => text.slice(start, starts[index + 1] ?? text.length));
	if (lines.at(-1) === '') lines.pop();
	return lines;
}

/** The shortest list of hunks that turns `before` into `after`, by Myers's greedy algorithm. */
export function diffLines(before: readonly string[], after: readonly string[]): Hunk[] {
	let head = 0;
	while (head < before.length && head < after.length && before[head] === after[head]) head++;
	let tail = 0;
	while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
	const a = before.slice(head, before.length - tail);
	const b = after.slice(head, after.length - tail);
	if (a.length === 0 && b.length === 0) return [];
	const whole = { oldStart: head, oldEnd: head + a.length, newStart: head, newEnd: head + b.length };
	if (a.length === 0 || b.length === 0) return [whole];

	const furthest: Map<number, number>[] = [];
	let reached = new Map<number, number>([[1, 0]]);
	for (let distance = 0; distance <= Math.min(a.length + b.length, MAX_DISTANCE); distance++) {
		furthest.push(new Map(reached));
		for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
			const down = diagonal === -distance || (diagonal !== distance && at(reached, diagonal - 1) < at(reached, diagonal + 1));
			let x = down ? at(reached, diagonal + 1) : at(reached, diagonal - 1) + 1;
			while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
			reached.set(diagonal, x);
			if (x >= a.length && x - diagonal >= b.length) return hunksOf(furthest, distance, a.length, b.length, head);
		}
		reached = new Map([...reached].filter(([diagonal]) => Math.abs(diagonal) <= distance));
	}
	return [whole];
}

function at(reached: ReadonlyMap<number, number>, diagonal: number): number {
	return reached.get(diagonal) ?? -1;
}

/** Follows the search back from the end and joins neighbouring insertions and deletions. */
function hunksOf(
	furthest: readonly ReadonlyMap<number, number>[],
	distance: number,
	oldLength: number,
	newLength: number,
	head: number,
): Hunk[] {
	const hunks: Hunk[] = [];
	let x = oldLength;
	let y = newLength;
	for (let step = distance; step > 0; step--) {
		const reached = furthest[step] as ReadonlyMap<number, number>;
		const diagonal = x - y;
		const down = diagonal === -step || (diagonal !== step && at(reached, diagonal - 1) < at(reached, diagonal + 1));
		const previous = down ? diagonal + 1 : diagonal - 1;
		const fromX = at(reached, previous);
		const fromY = fromX - previous;
		const changed = {
			oldStart: head + fromX,
			oldEnd: head + fromX + (down ? 0 : 1),
			newStart: head + fromY,
			newEnd: head + fromY + (down ? 1 : 0),
		};
		const last = hunks.at(-1);
		if (last !== undefined && last.oldStart === changed.oldEnd && last.newStart === changed.newEnd) {
			hunks[hunks.length - 1] = { ...last, oldStart: changed.oldStart, newStart: changed.newStart };
		} else hunks.push(changed);
		x = fromX;
		y = fromY;
	}
	return hunks.reverse();
}

/** Edits that turn `before` into `after` and leave alone what is equal, so that cursors, folds and breakpoints survive. */
export function minimalEdits(before: string, after: string): TextEdit[] {
	const oldLines = splitLines(before);
	const newLines = splitLines(after);
	const oldStarts = offsetsOf(oldLines);
	const newStarts = offsetsOf(newLines);
	return diffLines(oldLines, newLines).map((hunk) => {
		let start = oldStarts[hunk.oldStart] as number;
		let end = oldStarts[hunk.oldEnd] as number;
		let newStart = newStarts[hunk.newStart] as number;
		let newEnd = newStarts[hunk.newEnd] as number;
		while (start < end && newStart < newEnd && before.charCodeAt(start) === after.charCodeAt(newStart)) {
			start++;
			newStart++;
		}
		while (start < end && newStart < newEnd && before.charCodeAt(end - 1) === after.charCodeAt(newEnd - 1)) {
			end--;
			newEnd--;
		}
		// An edit must not part the halves of a surrogate pair, nor \r from \n.
		while (start > 0 && joined(before, start)) {
			start--;
			newStart--;
		}
		while (end < before.length && joined(before, end)) {
			end++;
			newEnd++;
		}
		return { range: { start, end }, newText: after.slice(newStart, newEnd) };
	});
}

function joined(text: string, offset: number): boolean {
	const code = text.charCodeAt(offset);
	return (code >= 0xdc00 && code <= 0xdfff) || (code === 10 && text.charCodeAt(offset - 1) === 13);
}

/** Where each line starts, and where the last one ends. */
function offsetsOf(lines: readonly string[]): number[] {
	const offsets = [0];
	for (const line of lines) offsets.push((offsets.at(-1) as number) + line.length);
	return offsets;
}
