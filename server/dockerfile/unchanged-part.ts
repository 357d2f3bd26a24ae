import { countWhile } from '../text/sorted.ts';
import { mayHoldHeredoc } from './heredoc.ts';
import type { KnownOutline } from './outline.ts';
import type { Dockerfile, Instruction, Stage } from './syntax.ts';

/**
 * What the syntax of a text keeps of that of the text before: all in front of the instruction in which the two begin to differ and, where
 * they are of one length, so that what stands behind the difference kept its place, all behind it.
 */
export interface UnchangedPart {
	readonly outline: KnownOutline;
	readonly instructions: readonly Instruction[];
	/** Those that are kept as a whole. */
	readonly stages: readonly Stage[];
	/** From here on the text is as it was; its length where nothing is kept there. */
	readonly behind: number;
	/** The starts of the lines, where none came or went. */
	readonly lineStarts: readonly number[] | undefined;
}

/** What is kept behind a place. */
export type KeptBehind = Pick<Dockerfile, 'instructions' | 'comments'>;

/** @returns `undefined` where nothing is kept */
export function unchangedPart(text: string, before: Dockerfile): UnchangedPart | undefined {
	const same = commonStart(text, before.text);
	// An instruction ends where the next one begins, whatever stands between them.
	let count = firstFrom(before, same + 1) - 1;
	while (count > 0 && lineStartOf(before, count) > same) count--;
	const instructions = before.instructions.slice(0, Math.max(count, 0));
	if (instructions.length === 0 || (mayHoldHeredoc(before.text) && instructions.some(looksAhead))) return undefined;
	const end = lineStartOf(before, count);
	const behind = unchangedBehind(text, before, same);
	return {
		outline: {
			directives: before.directives,
			escape: before.escape,
			comments: before.comments.filter(({ range }) => range.start < end),
			end,
		},
		instructions,
		// More may follow in the last one.
		stages: before.stages.slice(0, Math.max(instructions.filter(({ keyword }) => keyword === 'FROM').length - 1, 0)),
		behind,
		lineStarts:
			behind < text.length && !LINE_END.test(text.slice(same, behind) + before.text.slice(same, behind)) ? before.lineStarts : undefined,
	};
}

/** Behind a carriage return that was typed or deleted, a line feed no longer ends the same line. */
const LINE_END = /[\r\n]/;

/** Where the end begins that the texts share in the same place. */
function unchangedBehind(text: string, before: Dockerfile, same: number): number {
	// What a heredoc takes up may begin or end with what was typed.
	if (text.length !== before.text.length || mayHoldHeredoc(text)) return text.length;
	return text.length - commonEnd(text, before.text, text.length - same);
}

/** What `before` has from the line on that starts at the offset, if an instruction begins on that line. */
export function keptFrom(before: Dockerfile, offset: number): KeptBehind | undefined {
	const first = firstFrom(before, offset);
	if (first === before.instructions.length || lineStartOf(before, first) !== offset) return undefined;
	return {
		instructions: before.instructions.slice(first),
		comments: before.comments.filter(({ range }) => range.start >= offset),
	};
}

/** The index of the first instruction that begins at the offset or behind it. */
function firstFrom({ instructions }: Dockerfile, offset: number): number {
	return countWhile(instructions, ({ range }) => range.start < offset);
}

/** Whether a heredoc of the instruction has no content, perhaps because its end was looked for in vain, up to the end of the text. */
function looksAhead(instruction: Instruction): boolean {
	if (instruction.keyword === 'ONBUILD') return instruction.instruction !== undefined && looksAhead(instruction.instruction);
	return 'heredocs' in instruction && instruction.heredocs.some(({ range }) => range.start === range.end);
}

function lineStartOf({ text, instructions }: Dockerfile, index: number): number {
	return text.lastIndexOf('\n', (instructions[index] as Instruction).range.start) + 1;
}

/** Of so many characters each it is asked whether they are the same, from the most on: that takes as long as asking for one. */
const STRIDES = [1024, 64, 1];

/** How many characters two texts begin with alike. */
function commonStart(a: string, b: string): number {
	const most = Math.min(a.length, b.length);
	let length = 0;
	for (const stride of STRIDES) {
		while (length + stride <= most && a.slice(length, length + stride) === b.slice(length, length + stride)) length += stride;
	}
	return length;
}

/** How many characters two texts of one length end with alike, `most` at the most. */
function commonEnd(a: string, b: string, most: number): number {
	let length = 0;
	for (const stride of STRIDES) {
		while (length + stride <= most) {
			const start = a.length - length - stride;
			if (a.slice(start, start + stride) !== b.slice(start, start + stride)) break;
			length += stride;
		}
	}
	return length;
}
