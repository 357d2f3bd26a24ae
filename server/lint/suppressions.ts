import { readDirectives } from '../dockerfile/directives.ts';
import { comment, type Written } from '../dockerfile/write.ts';
import { countWhile } from '../text/sorted.ts';
import { positionAt, type Range } from '../text/text.ts';

/** Which findings the comments of a Dockerfile suppress. */
export interface Suppressions {
	/** Whether a finding of `code` at `range` is suppressed. */
	covers(code: string, range: Range): boolean;
	/** Whether the comment on the line, from 0, suppresses findings at `range`. */
	isFor(line: number, range: Range): boolean;
}

/** The comment that suppresses a rule for the instruction below it. */
export function ignoring(code: string): Written {
	return comment(`go-scratch ignore=${code}`);
}

/** The comment that suppresses a rule for the whole file; it is before the first FROM. */
export function ignoringInFile(code: string): Written {
	return comment(`go-scratch ignore-file=${code}`);
}

/** Lines that belong together: an instruction, or a key of YAML with its value. */
interface Block {
	readonly keyword?: string;
	readonly range: Range;
}

const NONE: Suppressions = { covers: () => false, isFor: () => false };

/**
 * Reads `# go-scratch ignore=CODE[,CODE] [reason]` and `# go-scratch ignore-file=CODE[,CODE]`.
 *
 * The first suppresses findings in the instruction below it or, between continuation lines, on the line below it; other comment lines
 * may come between, and findings in them are suppressed too. The second suppresses findings in the whole file and counts only before the first FROM, where a reader expects
 * it. The lines are read as text, so a comment in a heredoc counts too.
 */
export function readSuppressions(text: string, starts: readonly number[], instructions: readonly Block[]): Suppressions {
	const directives = readDirectives(text, starts).filter(({ name, wellFormed }) => wellFormed && /^ignore(?:-file)?$/.test(name));
	if (directives.length === 0) return NONE;
	const firstFrom = instructions.find((instruction) => instruction.keyword === 'FROM')?.range.start ?? text.length;
	const everywhere = new Set<string>();
	const wholeFile = new Set<number>();
	/** By code, in the order of the text: the lines of the comments, those with suppressed findings, and the instructions that start on them. */
	const places = new Map<string, { readonly comments: number[]; readonly lines: number[]; readonly instructions: Range[] }>();
	let next = 0;
	let below = 0;
	/** By the line of the comment: the line that it is for, and the instruction that starts there. */
	const placeOf = new Map<number, { readonly line: number; readonly instruction: Range | undefined }>();
	for (const { name, line, range, values } of directives) {
		const codes = values.map((value) => value.text.toLowerCase());
		if (name === 'ignore-file') {
			if (range.start >= firstFrom) continue;
			for (const code of codes) everywhere.add(code);
			wholeFile.add(line);
			continue;
		}
		// Consecutive comments are about the same line.
		if (below <= line) below = lineBelow(text, starts, line);
		const offset = starts[below];
		if (offset === undefined) continue;
		while (next < instructions.length && (instructions[next] as Block).range.start < offset) next++;
		// The line's first instruction starts after its indentation.
		const instruction = instructions[next];
		const starting = instruction !== undefined && positionAt(starts, instruction.range.start).line === below;
		placeOf.set(line, { line: below, instruction: starting ? instruction.range : undefined });
		for (const code of codes) {
			const place = places.get(code) ?? { comments: [], lines: [], instructions: [] };
			place.comments.push(line);
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
			const above = countWhile(place.comments, (each) => each < first) - 1;
			if (above >= 0 && last < (place.lines[above] as number)) return true;
			const instruction = place.instructions[countWhile(place.instructions, (each) => each.start <= range.start) - 1];
			return instruction !== undefined && range.start <= instruction.end;
		},
		isFor(line, range) {
			if (wholeFile.has(line)) return true;
			const place = placeOf.get(line);
			if (place === undefined) return false;
			const first = positionAt(starts, range.start).line;
			const last = positionAt(starts, Math.max(range.start, range.end - 1)).line;
			if (place.line >= first && place.line <= last) return true;
			if (line < first && last < place.line) return true;
			return place.instruction !== undefined && place.instruction.start <= range.start && range.start <= place.instruction.end;
		},
	};
}

/** The same for YAML, where a comment is for the key or the item below it, with all that is indented further. */
export function readSuppressionsOfYaml(text: string, starts: readonly number[]): Suppressions {
	const lines = new Set(readDirectives(text, starts).map(({ line }) => lineBelow(text, starts, line)));
	const blocks = [...lines].filter((line) => line < starts.length).map((line) => ({ range: yamlBlockAt(text, starts, line) }));
	return readSuppressions(
		text,
		starts,
		blocks.sort((a, b) => a.range.start - b.range.start),
	);
}

function yamlBlockAt(text: string, starts: readonly number[], line: number): Range {
	const first = lineText(text, starts, line);
	const indentation = first.search(/\S/);
	const isKey = !/^\s*-/.test(first);
	let end = line + 1;
	for (; end < starts.length; end++) {
		const next = lineText(text, starts, end);
		const depth = next.search(/\S/);
		// The items of a list may stand as far to the left as its key.
		if (depth >= 0 && (depth < indentation || (depth === indentation && !(isKey && /^\s*-/.test(next))))) break;
	}
	return { start: (starts[line] as number) + Math.max(indentation, 0), end: starts[end] ?? text.length };
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
