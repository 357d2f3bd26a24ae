import type { Dockerfile, Instruction } from '../dockerfile/syntax.ts';
import { lineEnding, type Written, type WrittenEdit, written } from '../dockerfile/write.ts';
import { blankLineBefore, insertBefore, leadingComments, startOfLine } from './instructions.ts';

/**
 * Inserts `lines` above `instruction` and above the comment that stands over it, which goes on speaking of that instruction. Where a
 * blank line separates the instruction from what is above it, one separates it from the new lines too.
 */
export function insertAbove(dockerfile: Dockerfile, instruction: Instruction, lines: readonly Written[]): WrittenEdit {
	const edit = insertOnto(dockerfile, instruction, lines);
	const separated = blankLineBefore(dockerfile.text, edit.range.start) < edit.range.start;
	return { range: edit.range, newText: separated ? written`${edit.newText}${lineEnding(dockerfile)}` : edit.newText };
}

/** The same without a blank line, for lines that serve the instruction alone. */
export function insertOnto(dockerfile: Dockerfile, instruction: Instruction, lines: readonly Written[]): WrittenEdit {
	const edit = insertBefore(dockerfile, instruction, lines);
	const count = leadingComments(dockerfile, instruction).length;
	const above = dockerfile.comments.filter((comment) => comment.range.end <= instruction.range.start);
	const first = count === 0 ? instruction : above[above.length - count];
	if (first === undefined) return edit;
	const at = startOfLine(dockerfile.text, first.range.start);
	return { range: { start: at, end: at }, newText: edit.newText };
}
