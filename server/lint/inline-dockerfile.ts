import type { Running } from '../deployments/deployments.ts';
import type { Field, Service } from '../deployments/model.ts';
import { type WrittenEdit, withEdits, yamlLiteral } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import type { Fix, RelatedPlace } from '../findings/finding.ts';
import { insertBefore } from '../fixes/instructions.ts';
import type { GivenContext } from '../image/context/context.ts';
import type { StartedElsewhere } from '../image/model.ts';
import { lineStarts, positionAt, type Range } from '../text/text.ts';
import { diffLines } from './line-diff.ts';
import type { ReportedFinding } from './reported.ts';
import { ignoring } from './suppressions.ts';

/** A Dockerfile that stands in a compose file: what is known of it, and where its lines are. */
export interface InlineDockerfile {
	readonly facts: Facts;
	/** The Dockerfile with its variables expanded, as compose hands it to the builder, and its place in the compose file. */
	readonly field: Field<string>;
	/** The compose file. */
	readonly text: string;
}

/** What compose builds a Dockerfile with that stands in it, and what its services start in the image by themselves. */
export function givenContext(running: readonly Running[]): GivenContext | undefined {
	const build = running.find(({ service }) => service.build?.inline !== undefined)?.service.build;
	const directory = build?.context.value;
	if (build === undefined || directory === undefined) return undefined;
	const { target, at } = build;
	return {
		directory,
		declaredBy: at.path,
		target: target?.value,
		arguments: [...build.arguments].map(([name, { value }]) => [name, value] as const),
		starts: running.flatMap(({ service }) => startsOf(service)),
		mounts: running.flatMap(({ service }) => service.mounts.all.flatMap(({ path }) => path ?? [])),
	};
}

function startsOf({ command, entrypoint, checks }: Service): StartedElsewhere[] {
	const first = (key: StartedElsewhere['key'], words: readonly Field<string>[] | undefined): StartedElsewhere[] => {
		const program = words?.[0]?.value;
		return program === undefined ? [] : [{ key, program }];
	};
	const ofChecks = checks.flatMap(({ kind, action }) => {
		if (kind !== 'health') return [];
		return action.kind === 'exec' ? first('healthcheck', action.words) : action.kind === 'shell' ? [SHELL] : [];
	});
	return [...first('entrypoint', entrypoint?.value?.words), ...first('command', command?.value?.words), ...ofChecks];
}

const SHELL: StartedElsewhere = { key: 'healthcheck', program: '/bin/sh' };

/** Where a line of a Dockerfile stands in the compose file. */
interface Line {
	/** Of the whole line, its indentation included. */
	readonly start: number;
	/** Where its text begins, and ends. */
	readonly first: number;
	readonly end: number;
	/** Whether it stands there as the builder gets it. */
	readonly exact: boolean;
	/** Whether all that differs is that compose wants each `$` twice. */
	readonly escaped: boolean;
}

interface Block {
	readonly lines: readonly Line[];
	readonly indentation: number;
	/** Where the text begins that follows the block. */
	readonly end: number;
}

/**
 * A finding of the Dockerfile as one of the compose file: on the line of a literal block (`|`), else, because folded and quoted text does
 * not stand there as the builder gets it, on the key. Its fixes are those that edit lines of such a block and no other file.
 */
export function inCompose(finding: ReportedFinding, inline: InlineDockerfile): ReportedFinding {
	const block = literalBlock(inline);
	const { dockerfile, path } = inline.facts;
	const rangeOf = (range: Range) => (block === undefined ? (inline.field.key ?? inline.field.at).range : rangeIn(block, inline, range));
	const fixOf = (fix: Fix): readonly Fix[] => {
		if (block === undefined || fix.create?.size || fix.otherEdits?.size) return [];
		const edits = editsIn(block, inline, fix.edits);
		return edits === undefined ? [] : [{ ...fix, edits }];
	};
	const relatedIn = (place: RelatedPlace): RelatedPlace => {
		if (place.path !== path) return place;
		const start = (dockerfile.lineStarts[place.line] ?? 0) + place.character;
		const range = rangeOf({ start, end: start + place.length });
		return { ...place, path: inline.field.at.path, length: range.end - range.start, ...positionAt(lineStarts(inline.text), range.start) };
	};
	const { related } = finding;
	return {
		...finding,
		range: rangeOf(finding.range),
		...(related && { related: related.map(relatedIn) }),
		proposals: () => finding.proposals().flatMap(fixOf),
		fixes: async () => (await finding.fixes()).flatMap(fixOf),
		ignore() {
			const instruction = dockerfile.instructions.find(
				({ range: { start, end } }) => start <= finding.range.start && finding.range.start <= end,
			);
			return block && instruction && editsIn(block, inline, [insertBefore(dockerfile, instruction, [ignoring(finding.code)])])?.[0];
		},
	};
}

/** The lines of the Dockerfile in a literal block; `undefined` where it is none, or its lines are not the Dockerfile's. */
function literalBlock({ facts, field, text }: InlineDockerfile): Block | undefined {
	const { start, end } = field.at.range;
	if (text[start] !== '|') return undefined;
	const starts = lineStarts(text);
	const header = positionAt(starts, start).line;
	const source = (index: number) => text.slice(starts[header + 1 + index], starts[header + 2 + index]).replace(/\r?\n$/, '');
	const lines = facts.dockerfile.text.split('\n');
	// What follows the last line feed is no line.
	if (lines.at(-1) === '') lines.pop();
	const known = lines.findIndex(
		(line, index) => line !== '' && /^ *$/.test(source(index).slice(0, -line.length)) && source(index).endsWith(line),
	);
	if (known < 0) return undefined;
	const indentation = source(known).length - (lines[known] as string).length;
	const found: Line[] = [];
	for (const [index, line] of lines.entries()) {
		const whole = source(index);
		const own = whole.slice(indentation);
		const offset = starts[header + 1 + index];
		// A variable may stand for anything; all else has to be there.
		if (offset === undefined || offset > end || (own !== line && !own.includes('$'))) return undefined;
		const first = offset + Math.min(own === line ? indentation : whole.length - whole.trimStart().length, whole.length);
		found.push({ start: offset, first, end: offset + whole.length, exact: own === line, escaped: line.replaceAll('$', '$$$$') === own });
	}
	return { lines: found, indentation, end: starts[header + 1 + lines.length] ?? text.length };
}

/** Where the range is in the block; the whole of a line in which variables are expanded. */
function rangeIn({ lines }: Block, { facts: { dockerfile } }: InlineDockerfile, { start, end }: Range): Range {
	const at = (offset: number, isEnd: boolean): number => {
		const position = positionAt(dockerfile.lineStarts, offset);
		const line = lines[position.line] ?? (lines.at(-1) as Line);
		if (line !== lines[position.line]) return line.end;
		return line.exact ? Math.min(line.first + position.character, line.end) : isEnd ? line.end : line.first;
	};
	return { start: at(start, false), end: at(end, true) };
}

/**
 * The edits as edits of whole lines in the block.
 *
 * @returns `undefined` where a line that changes holds a variable of compose, or a line cannot be written there
 */
function editsIn(
	block: Block,
	{ facts: { dockerfile }, text }: InlineDockerfile,
	edits: readonly WrittenEdit[],
): WrittenEdit[] | undefined {
	const { lines, indentation, end } = block;
	const after = withEdits(dockerfile, { start: 0, end: dockerfile.text.length }, edits);
	if (after === undefined || text[end - 1] !== '\n') return undefined;
	const newLines = after.replace(/\n$/, '').split('\n');
	// The first line tells how far the block is indented.
	if (/^\s/.test(newLines.find((line) => line !== '') ?? ' ')) return undefined;
	const before = dockerfile.text.replace(/\n$/, '').split('\n');
	const startOf = (index: number) => lines[index]?.start ?? end;
	const found: WrittenEdit[] = [];
	for (const { oldStart, oldEnd, newStart, newEnd } of diffLines(before, newLines)) {
		if (!lines.slice(oldStart, oldEnd).every(({ escaped }) => escaped)) return undefined;
		const newText = yamlLiteral(newLines.slice(newStart, newEnd), indentation, text.includes('\r\n') ? '\r\n' : '\n');
		if (newText === undefined) return undefined;
		found.push({ range: { start: startOf(oldStart), end: startOf(oldEnd) }, newText });
	}
	return found;
}
