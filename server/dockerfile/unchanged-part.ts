import type { KnownOutline } from './outline.ts';
import type { Dockerfile, Instruction, Stage } from './syntax.ts';

/** What the syntax of a text keeps of that of the text before: all in front of the instruction in which the two begin to differ. */
export interface UnchangedPart {
	/** `undefined` where nothing is kept. */
	readonly outline: KnownOutline | undefined;
	readonly instructions: readonly Instruction[];
	/** Those that are kept as a whole. */
	readonly stages: readonly Stage[];
}

export const NOTHING_KEPT: UnchangedPart = { outline: undefined, instructions: [], stages: [] };

export function unchangedPart(text: string, before: Dockerfile): UnchangedPart {
	const same = commonLength(text, before.text);
	let count = before.instructions.length - 1;
	// An instruction ends where the next one begins, whatever stands between them.
	while (count > 0 && lineStartOf(before, count) > same) count--;
	const instructions = before.instructions.slice(0, Math.max(count, 0));
	if (instructions.length === 0 || instructions.some(looksAhead)) return NOTHING_KEPT;
	const end = lineStartOf(before, count);
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
	};
}

/** Whether a heredoc of the instruction has no content, perhaps because its end was looked for in vain, up to the end of the text. */
function looksAhead(instruction: Instruction): boolean {
	if (instruction.keyword === 'ONBUILD') return instruction.instruction !== undefined && looksAhead(instruction.instruction);
	return 'heredocs' in instruction && instruction.heredocs.some(({ range }) => range.start === range.end);
}

function lineStartOf({ text, instructions }: Dockerfile, index: number): number {
	return text.lastIndexOf('\n', (instructions[index] as Instruction).range.start) + 1;
}

/** Characters that are compared at once, which takes as long as comparing a few one by one. */
const STRIDE = 1024;

/** How many characters two texts begin with alike. */
function commonLength(a: string, b: string): number {
	const most = Math.min(a.length, b.length);
	let length = 0;
	while (length + STRIDE <= most && a.slice(length, length + STRIDE) === b.slice(length, length + STRIDE)) length += STRIDE;
	while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
	return length;
}
