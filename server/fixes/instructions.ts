import type { Dockerfile, Instruction, Stage } from '../dockerfile/syntax.ts';
import type { Range, TextEdit } from '../text/text.ts';

/** Edits of whole instructions, in the author's style: casing, indentation and line endings stay what they are. */

/** `keyword` in the casing that the Dockerfile uses: lower case where its first FROM is. */
export function keyword(dockerfile: Dockerfile, name: string): string {
	const first = dockerfile.instructions.find((instruction) => instruction.keyword !== 'UNKNOWN');
	if (first === undefined) return name;
	const written = dockerfile.text.slice(first.keywordRange.start, first.keywordRange.end);
	return written === written.toLowerCase() ? name.toLowerCase() : name;
}

/** Inserts `lines` below `instruction`, at its indentation. A line's own first word is taken to be a keyword in upper case. */
export function insertAfter(dockerfile: Dockerfile, instruction: Instruction, lines: readonly string[]): TextEdit {
	const at = endOfLine(dockerfile.text, instruction.range.end);
	const indentation = indentationOf(dockerfile.text, instruction.range.start);
	const separated = instruction.keyword !== 'FROM' && standsAlone(dockerfile, instruction) ? dockerfile.newline : '';
	return {
		range: { start: at, end: at },
		newText: separated + lines.map((line) => dockerfile.newline + indented(dockerfile, indentation, line)).join(''),
	};
}

/** Whether blank lines separate the instruction and its comment from what is above and below, as some write every instruction. */
function standsAlone(dockerfile: Dockerfile, instruction: Instruction): boolean {
	const { text } = dockerfile;
	const above = startOfLine(text, leadingCommentStart(dockerfile, instruction));
	const below = text.slice(endOfLine(text, instruction.range.end), endOfLine(text, instruction.range.end) + 1000);
	return blankLineBefore(text, above) < above && /^(?:\s*$|(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r))/.test(below);
}

/** Inserts `lines` directly above `instruction`, below any comment that stands over it. */
export function insertBefore(dockerfile: Dockerfile, instruction: Instruction, lines: readonly string[]): TextEdit {
	const at = startOfLine(dockerfile.text, instruction.range.start);
	const indentation = indentationOf(dockerfile.text, instruction.range.start);
	return {
		range: { start: at, end: at },
		newText: lines.map((line) => indented(dockerfile, indentation, line) + dockerfile.newline).join(''),
	};
}

function indented(dockerfile: Dockerfile, indentation: string, line: string): string {
	if (line === '') return '';
	return indentation + inCasing(dockerfile, line).replaceAll('\n', dockerfile.newline);
}

/** A line whose first word is a keyword in upper case, in the casing that the Dockerfile uses. */
export function inCasing(dockerfile: Dockerfile, line: string): string {
	return line.replace(/^[A-Z]+(?=\s)/, (name) => keyword(dockerfile, name));
}

/** Removes the instruction with its line; what stands above and below stays. */
export function removeInstruction(dockerfile: Dockerfile, instruction: Instruction): TextEdit {
	return { range: wholeLines(dockerfile.text, instruction.range), newText: '' };
}

/** Removes the instruction, the comment lines that stand directly above it, and one of the blank lines that would otherwise meet. */
export function removeWithComments(dockerfile: Dockerfile, instruction: Instruction): TextEdit {
	const { start, end } = wholeLines(dockerfile.text, { start: leadingCommentStart(dockerfile, instruction), end: instruction.range.end });
	return { range: { start: blankLineBefore(dockerfile.text, start), end }, newText: '' };
}

/** The comment lines directly above the instruction, as written, without indentation. */
export function leadingComments(dockerfile: Dockerfile, instruction: Instruction): string[] {
	const start = leadingCommentStart(dockerfile, instruction);
	return dockerfile.comments
		.filter((comment) => comment.range.start >= start && comment.range.end <= instruction.range.start)
		.map((comment) => dockerfile.text.slice(comment.range.start, comment.range.end));
}

/** The start of the comment block directly above `instruction`, or of the instruction itself. */
function leadingCommentStart(dockerfile: Dockerfile, instruction: Instruction): number {
	let start = instruction.range.start;
	for (let index = dockerfile.comments.length - 1; index >= 0; index--) {
		const comment = dockerfile.comments[index];
		if (comment === undefined || comment.range.start >= start) continue;
		// Only white space and one line ending may stand between: a blank line ends the block.
		if (!/^[ \t]*(?:\r\n|\n|\r)[ \t]*$/.test(dockerfile.text.slice(comment.range.end, start))) break;
		start = comment.range.start;
	}
	return start;
}

/** The offset of the line ending, or of the end of the text, behind `offset`. */
function endOfLine(text: string, offset: number): number {
	let at = offset;
	while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
	return at;
}

export function startOfLine(text: string, offset: number): number {
	let at = offset;
	while (at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\r') at--;
	return at;
}

function indentationOf(text: string, offset: number): string {
	return /^[ \t]*/.exec(text.slice(startOfLine(text, offset), offset))?.[0] ?? '';
}

function wholeLines(text: string, range: Range): Range {
	let end = endOfLine(text, range.end);
	if (text[end] === '\r') end++;
	if (text[end] === '\n') end++;
	return { start: startOfLine(text, range.start), end };
}

/** The start of the blank line above the line that starts at `start`, or `start` where there is none. */
export function blankLineBefore(text: string, start: number): number {
	const blank = /(?:^|\n|\r(?!\n))([ \t]*(?:\r\n|\n|\r))$/.exec(text.slice(Math.max(0, start - 1000), start));
	return blank?.[1] === undefined ? start : start - blank[1].length;
}

/** Whether the instruction changes what the stage's later RUN, COPY or WORKDIR find, so that USER belongs below it. */
const BUILDS_THE_STAGE = new Set(['FROM', 'RUN', 'COPY', 'ADD', 'WORKDIR', 'SHELL', 'ARG', 'ONBUILD', 'UNKNOWN']);

/** The last instruction of the stage that builds it: FROM itself where there is none. USER, ENTRYPOINT and the like go below it. */
export function lastBuildingInstruction(stage: Stage): Instruction {
	return stage.instructions.findLast((instruction) => BUILDS_THE_STAGE.has(instruction.keyword)) ?? stage.from;
}

/** The last COPY or ADD of the stage, or FROM: what is copied in besides goes below it. */
export function lastCopy(stage: Stage): Instruction {
	return stage.instructions.findLast((instruction) => instruction.keyword === 'COPY' || instruction.keyword === 'ADD') ?? stage.from;
}

/** The last instruction of the stage. */
export function lastInstruction(stage: Stage): Instruction {
	return stage.instructions.at(-1) ?? stage.from;
}

/** How `--from` names the stage: by its alias where it has one, else by its number. */
export function stageReference(stage: Stage): string {
	return stage.from.alias?.raw ?? String(stage.index);
}
