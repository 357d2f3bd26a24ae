import { commandWords } from '../dockerfile/shell.ts';
import type { CommandForm, Dockerfile, Instruction, Stage } from '../dockerfile/syntax.ts';
import {
	asItStands,
	execForm,
	inStyle,
	joined,
	lineEnding,
	number,
	plainWord,
	type Written,
	type WrittenEdit,
	written,
} from '../dockerfile/write.ts';
import type { Range } from '../text/text.ts';

/** Edits of whole instructions, in the author's style: casing, indentation and line endings stay what they are. */

/** `line`, which starts with a keyword in upper case, in the style of the Dockerfile: in lower case where its first keyword is. */
export function styled(dockerfile: Dockerfile, line: Written): Written {
	const first = dockerfile.instructions.find((instruction) => instruction.keyword !== 'UNKNOWN');
	const keyword = first === undefined ? '' : asItStands(dockerfile, first.keywordRange);
	return inStyle(line, dockerfile, keyword !== '' && keyword === keyword.toLowerCase());
}

/** Inserts `lines` below `instruction`, at its indentation. A line's own first word is taken to be a keyword in upper case. */
export function insertAfter(dockerfile: Dockerfile, instruction: Instruction, lines: readonly Written[]): WrittenEdit {
	const at = placeAfter(dockerfile, instruction);
	const separated = instruction.keyword !== 'FROM' && standsAlone(dockerfile, instruction);
	const added = [...(separated ? [written``] : []), ...lines];
	const newText = added.map((line) => written`${lineEnding(dockerfile)}${indented(dockerfile, instruction, line)}`);
	return { range: { start: at, end: at }, newText: joined(newText, written``) };
}

/** Whether blank lines separate the instruction and its comment from what is above and below, as some write every instruction. */
function standsAlone(dockerfile: Dockerfile, instruction: Instruction): boolean {
	const { text } = dockerfile;
	const above = startOfLine(text, leadingCommentStart(dockerfile, instruction));
	const below = text.slice(endOfLine(text, instruction.range.end), endOfLine(text, instruction.range.end) + 1000);
	return blankLineBefore(text, above) < above && /^(?:\s*$|(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r))/.test(below);
}

/** Inserts `lines` directly above `instruction`, below any comment that stands over it. */
export function insertBefore(dockerfile: Dockerfile, instruction: Instruction, lines: readonly Written[]): WrittenEdit {
	const at = startOfLine(dockerfile.text, instruction.range.start);
	const newText = lines.map((line) => written`${indented(dockerfile, instruction, line)}${lineEnding(dockerfile)}`);
	return { range: { start: at, end: at }, newText: joined(newText, written``) };
}

/** A line in the style of the Dockerfile, as far from the margin as `instruction` is. */
function indented(dockerfile: Dockerfile, instruction: Instruction, line: Written): Written {
	return line === '' ? line : written`${indentationOf(dockerfile, instruction.range.start)}${styled(dockerfile, line)}`;
}

/** A command as an array of its words; `undefined` where only a shell understands them, or where it is one. */
export function inExecForm(command: CommandForm | undefined): WrittenEdit | undefined {
	if (command === undefined || command.form === 'exec') return undefined;
	const words = commandWords(command);
	const newText = words === undefined || words.length === 0 ? undefined : execForm(words);
	return newText && { range: command.range, newText };
}

/** Removes the instruction with its line; what stands above and below stays. */
export function removeInstruction(dockerfile: Dockerfile, instruction: Instruction): WrittenEdit {
	return { range: wholeLines(dockerfile.text, instruction.range), newText: written`` };
}

/** Removes the instruction, the comment lines that stand directly above it, and one of the blank lines that would otherwise meet. */
export function removeWithComments(dockerfile: Dockerfile, instruction: Instruction): WrittenEdit {
	const { start, end } = wholeLines(dockerfile.text, { start: leadingCommentStart(dockerfile, instruction), end: instruction.range.end });
	return { range: { start: blankLineBefore(dockerfile.text, start), end }, newText: written`` };
}

/** The comment lines directly above the instruction, as written, without indentation. */
export function leadingComments(dockerfile: Dockerfile, instruction: Instruction): Written[] {
	const start = leadingCommentStart(dockerfile, instruction);
	return dockerfile.comments
		.filter((comment) => comment.range.start >= start && comment.range.end <= instruction.range.start)
		.map((comment) => asItStands(dockerfile, comment.range));
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

/**
 * Where lines go that stand below the instruction: in front of the ending of its last line. An escape character that is the last thing
 * in the file, but for comments, would continue the instruction with them; it then comes to stand behind them.
 */
function placeAfter(dockerfile: Dockerfile, { range }: Instruction): number {
	const end = endOfLine(dockerfile.text, range.end);
	return dockerfile.text.slice(range.end, end).trimStart().startsWith(dockerfile.escape) ? range.end : end;
}

/** The offset of the line ending, or of the end of the text, behind `offset`. */
function endOfLine(text: string, offset: number): number {
	let at = offset;
	while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
	return at;
}

/** Where the line starts that holds `offset`, behind the byte order mark where it is the first. */
export function startOfLine(text: string, offset: number): number {
	const first = text.startsWith('\uFEFF') ? 1 : 0;
	let at = offset;
	while (at > first && text[at - 1] !== '\n' && text[at - 1] !== '\r') at--;
	return at;
}

function indentationOf(dockerfile: Dockerfile, offset: number): Written {
	const start = startOfLine(dockerfile.text, offset);
	const blanks = /^[ \t]*/.exec(dockerfile.text.slice(start, offset))?.[0] ?? '';
	return asItStands(dockerfile, { start, end: start + blanks.length });
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

/** How `--from` names the stage: by its alias where it has one that Docker takes, else by its number. */
export function stageReference({ from, index }: Stage): Written {
	const alias = /^[a-z][a-z0-9._-]*$/i.test(from.alias?.raw ?? '') ? plainWord(from.alias?.raw ?? '') : undefined;
	return alias ?? number(index);
}
