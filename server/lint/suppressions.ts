import type { Instruction } from '../dockerfile/syntax.ts';
import { comment, type Written } from '../dockerfile/write.ts';
import { countWhile } from '../text/sorted.ts';
import { positionAt, type Range } from '../text/text.ts';

/** Which findings the comments of a Dockerfile suppress. */
export interface Suppressions {
	/** Whether a finding of `code` at `range` is suppressed. */
	covers(code: string, range: Range): boolean;
}

const COMMENT = /^\uFEFF?[ \t]*#[ \t]*go-scratch[ \t]+(ignore|ignore-file)[ \t]*=[ \t]*([A-Za-z0-9-]+(?:[ \t]*,[ \t]*[A-Za-z0-9-]+)*)/;

/** The comment that suppresses a rule for the instruction below it. */
export function ignoring(code: string): Written {
	return comment(`go-scratch ignore=${code}`);
}

const NONE: Suppressions = { covers: () => false };

/**
 * Reads `# go-scratch ignore=CODE[,CODE] [reason]` and `# go-scratch ignore-file=CODE[,CODE]`.
 *
 * The first suppresses findings in the instruction below it or, between continuation lines, on the line below it; other comment lines
 * may come between. The second suppresses findings in the whole file and counts only before the first FROM, where a reader expects
 * it. The lines are read as text, so a comment in a heredoc counts too.
 */
export function readSuppressions(text: string, starts: readonly number[], instructions: readonly Instruction[]): Suppressions {
	if (!text.includes('go-scratch')) return NONE;
	const firstFrom = instructions.find((instruction) => instruction.keyword === 'FROM')?.range.start ?? text.length;
	const everywhere = new Set<string>();
	/** By code, in the order of the text: the lines with suppressed findings, and the instructions that start on them. */
	const places = new Map<string, { readonly lines: number[]; readonly instructions: Range[] }>();
	let next = 0;
	let below = 0;
	for (const [line, start] of starts.entries()) {
		const match = COMMENT.exec(lineText(text, starts, line));
		if (match === null) continue;
		const codes = (match[2] as string).split(',').map((code) => code.trim().toLowerCase());
		if (match[1] === 'ignore-file') {
			if (start < firstFrom) for (const code of codes) everywhere.add(code);
			continue;
		}
		// Consecutive comments are about the same line.
		if (below <= line) below = lineBelow(text, starts, line);
		const offset = starts[below];
		if (offset === undefined) continue;
		while (next < instructions.length && (instructions[next] as Instruction).range.start < offset) next++;
		// The line's first instruction starts after its indentation.
		const instruction = instructions[next];
		const starting = instruction !== undefined && positionAt(starts, instruction.range.start).line === below;
		for (const code of codes) {
			const place = places.get(code) ?? { lines: [], instructions: [] };
			place.lines.push(below);
			if (starting) place.instructions.push(instruction.range);
			places.set(code, place);
		}
	}
	return {
		covers(code, range) {
			if (everywhere.has(code)) return true;
			const place = places.get(code);
			if (place === undefined) return false;
			const first = positionAt(starts, range.start).line;
			const last = positionAt(starts, Math.max(range.start, range.end - 1)).line;
			const line = place.lines[countWhile(place.lines, (each) => each <= last) - 1];
			if (line !== undefined && line >= first) return true;
			const instruction = place.instructions[countWhile(place.instructions, (each) => each.start <= range.start) - 1];
			return instruction !== undefined && range.start <= instruction.end;
		},
	};
}

/** The first line below `line` that is not a comment. An empty line ends the search: the comment is then about nothing. */
function lineBelow(text: string, starts: readonly number[], line: number): number {
	let below = line + 1;
	while (below < starts.length && /^[ \t]*#/.test(lineText(text, starts, below))) below++;
	return below;
}

function lineText(text: string, starts: readonly number[], line: number): string {
	return text.slice(starts[line], starts[line + 1] ?? text.length);
}
