import type { Dockerfile, Instruction } from '../dockerfile/syntax.ts';
import { positionAt } from '../text/text.ts';
import type { PictureInstruction } from './model.ts';

/** The instruction as a picture names it. */
export function pictureInstruction({ text, lineStarts }: Dockerfile, { keyword, range, stage }: Instruction): PictureInstruction {
	const { line, character } = positionAt(lineStarts, range.start);
	return {
		keyword,
		text: (text.slice(range.start, range.end).split(/\r\n|\n|\r/, 1)[0] ?? '').trimEnd(),
		line: line + 1,
		column: character + 1,
		start: range.start,
		end: range.end,
		stage,
	};
}
