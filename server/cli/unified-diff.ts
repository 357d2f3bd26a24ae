import { diffLines, splitLines } from '../lint/line-diff.ts';

/** So many equal lines are shown around a change. */
const CONTEXT = 3;

/** The change from `before` to `after` as `diff -u` and `git apply` have it; empty where there is none. */
export function unifiedDiff(path: string, before: string, after: string): string {
	const oldLines = splitLines(before);
	const newLines = splitLines(after);
	const hunks = diffLines(oldLines, newLines);
	if (hunks.length === 0) return '';
	const groups: (typeof hunks)[] = [];
	for (const hunk of hunks) {
		const group = groups.at(-1);
		const last = group?.at(-1);
		if (group !== undefined && last !== undefined && hunk.oldStart - last.oldEnd <= 2 * CONTEXT) group.push(hunk);
		else groups.push([hunk]);
	}
	let text = `--- a/${path}\n+++ b/${path}\n`;
	for (const group of groups) {
		const first = group[0] as (typeof hunks)[number];
		const last = group.at(-1) as (typeof hunks)[number];
		const lead = Math.min(CONTEXT, first.oldStart);
		const trail = Math.min(CONTEXT, oldLines.length - last.oldEnd);
		const oldRange = rangeText(first.oldStart - lead, last.oldEnd + trail);
		const newRange = rangeText(first.newStart - lead, last.newEnd + trail);
		text += `@@ -${oldRange} +${newRange} @@\n`;
		let at = first.oldStart - lead;
		for (const hunk of group) {
			text += linesOf(' ', oldLines.slice(at, hunk.oldStart));
			text += linesOf('-', oldLines.slice(hunk.oldStart, hunk.oldEnd));
			text += linesOf('+', newLines.slice(hunk.newStart, hunk.newEnd));
			at = hunk.oldEnd;
		}
		text += linesOf(' ', oldLines.slice(at, last.oldEnd + trail));
	}
	return text;
}

/** Lines count from 1; an empty range names the line before it. */
function rangeText(start: number, end: number): string {
	const count = end - start;
	return count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;
}

function linesOf(mark: string, lines: readonly string[]): string {
	return lines.map((line) => mark + (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`)).join('');
}
