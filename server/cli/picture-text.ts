import type { ImagePicture, PictureEntry, PictureInstruction, PictureNeed, PictureUnknown } from '../picture/model.ts';
import { titleText } from '../picture/title.ts';
import {
	depthOf,
	flowText,
	MARKS,
	nameOf,
	ownerText,
	providedText,
	remarkOf,
	sizeText,
	stageText,
	symbolText,
	whereText,
} from '../picture/words.ts';
import type { Colors } from './colors.ts';
import { joined, type TerminalText, terminal } from './printable.ts';
import { shownPath } from './shown-path.ts';

/**
 * The picture for a terminal: the title, the needs, the tree, the stages, and what could not be known.
 *
 * @param others the names of other targets
 */
export function pictureText(picture: ImagePicture, colors: Colors, others: readonly string[] = []): TerminalText {
	const { title, needs, unknowns } = picture;
	const of = `${shownPath(title.of)}${title.stage === undefined ? '' : ` (stage ${title.stage})`}`;
	const starts =
		title.starts === undefined ? '' : ` · starts ${title.starts.program}${title.starts.present === 'no' ? ', which is not there' : ''}`;
	return joined([
		terminal`${colors.bold(of)}\n${titleText(title)}${starts}\n`,
		section('Needs', needs.length === 0 ? [terminal`none that are known`] : needs.flatMap((need) => needLines(need, colors)), colors),
		section('Files', treeLines(picture, colors), colors),
		section('Stages', stageLines(picture, colors), colors),
		section(
			'Unknown',
			unknowns.map((unknown) => unknownLine(unknown, colors)),
			colors,
		),
		others.length === 0 ? terminal`` : terminal`\nOther targets: ${others.join(', ')} (--target NAME)\n`,
	]);
}

/** A heading and its lines; nothing where there are none. */
export function section(heading: string, lines: readonly TerminalText[], colors: Colors): TerminalText {
	if (lines.length === 0) return terminal``;
	return terminal`\n${colors.bold(heading)}\n${joined(lines.map((line) => terminal`  ${line}\n`))}`;
}

/** So many places of a need are shown; all of them are in the JSON. */
const MOST_PLACES = 3;

/** The need with what provides it, and the Go lines that show it. */
export function needLines(need: PictureNeed, colors: Colors, most = MOST_PLACES): TerminalText[] {
	const paint = { met: colors.green, unmet: colors.red, unknown: colors.yellow }[need.state];
	const provided = providedText(need);
	const by = provided === undefined ? '' : need.state === 'met' ? `: ${provided}` : '';
	const remarks = [
		...(need.code === undefined ? [] : [colors.cyan(need.code)]),
		...(need.given ? [colors.gray('(only if it is told to)')] : []),
	];
	const first = joined([terminal`${paint(MARKS[need.state])} ${need.title}${by}`, ...remarks], '  ');
	const places = need.places.slice(0, most).map((place) => {
		const where = whereText(place);
		return terminal`    ${symbolText(place)}${where === undefined ? '' : terminal` at ${colors.gray(where)}`}`;
	});
	const more = need.places.length - places.length;
	return [
		first,
		...places,
		...(more > 0 ? [terminal`    ${colors.gray(`and ${more} more`)}`] : []),
		...(need.state !== 'met' && provided !== undefined ? [terminal`    ${colors.gray(provided)}`] : []),
	];
}

export function unknownLine({ text, place, instruction }: PictureUnknown, colors: Colors): TerminalText {
	const where = place === undefined ? (instruction === undefined ? undefined : `line ${instruction.line}`) : whereText(place);
	return terminal`? ${text}${where === undefined ? '' : terminal` ${colors.gray(where)}`}`;
}

interface Row {
	readonly name: string;
	readonly entry: PictureEntry;
}

function treeLines({ tree: whole, cut }: ImagePicture, colors: Colors): TerminalText[] {
	const tree = withoutBase(whole);
	const rows: Row[] = [];
	/** By depth: whether the entries of that depth go on below. */
	const last = lastOfTheirDirectory(tree);
	const open: boolean[] = [];
	for (const [index, entry] of tree.entries()) {
		const depth = depthOf(entry);
		const lead = open.slice(1, depth).map((more) => (more ? '│   ' : '    '));
		const branch = depth === 0 ? '' : last.has(index) ? '└── ' : '├── ';
		open[depth] = !last.has(index);
		rows.push({ name: `${lead.join('')}${branch}${nameOf(entry)}`, entry });
	}
	const width = Math.min(48, Math.max(...rows.map(({ name }) => name.length)));
	const owners = Math.max(...tree.map((entry) => ownerText(entry).length), 0);
	const lines = rows.map(({ name, entry }) => rowText(name.padEnd(width), owners, entry, colors));
	const hidden = whole.length - tree.length;
	return [
		...lines,
		...(hidden === 0 ? [] : [terminal`${colors.gray(`and ${hidden} more of the base image, which --format json lists`)}`]),
		...(cut === 0 ? [] : [terminal`${colors.gray(`and ${cut} more`)}`]),
	];
}

/** Without what the base image has below its top directories, unless an instruction put something into it. */
function withoutBase(tree: readonly PictureEntry[]): readonly PictureEntry[] {
	const changed = new Set<string>();
	for (const { path, from } of tree) {
		if (from === 'base') continue;
		for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) changed.add(path.slice(0, at));
	}
	return tree.filter((entry) => entry.from !== 'base' || depthOf(entry) < 2 || changed.has(entry.path));
}

/** The indices of the entries after which their directory has no other. */
function lastOfTheirDirectory(tree: readonly PictureEntry[]): Set<number> {
	const last = new Map<string, number>();
	for (const [index, { path }] of tree.entries()) if (path !== '/') last.set(path.slice(0, path.lastIndexOf('/')), index);
	return new Set(last.values());
}

function rowText(name: string, owners: number, entry: PictureEntry, colors: Colors): TerminalText {
	const columns: readonly (readonly [text: string, width: number, paint?: (text: string) => TerminalText])[] = [
		[name, name.length, entry.kind === 'directory' ? colors.blue : undefined],
		[entry.mode ?? '', 4],
		[ownerText(entry), owners],
		[entry.size === undefined ? '' : sizeText(entry.size).padStart(7), 7],
		[fromText(entry), fromText(entry).length, colors.gray],
		[remarkOf(entry), 0],
	];
	const last = columns.findLastIndex(([text]) => text !== '');
	const shown = columns.slice(0, last + 1).map(([text, width, paint], index) => {
		const padded = index === last ? text.trimEnd() : text.padEnd(width);
		return paint === undefined ? terminal`${padded}` : paint(padded);
	});
	return joined(shown, '  ');
}

function fromText({ from, layer }: PictureEntry): string {
	if (layer !== undefined) return `layer ${layer + 1}`;
	return from === undefined ? '' : from === 'base' ? 'base image' : instructionText(from);
}

export function instructionText({ keyword, line }: PictureInstruction): string {
	return `${keyword} in line ${line}`;
}

function stageLines({ stages, flows }: ImagePicture, colors: Colors): TerminalText[] {
	return stages.flatMap((stage) => {
		const heading = terminal`${stage.target ? colors.bold(stageText(stage)) : stageText(stage)}${stage.used ? '' : colors.gray(' (not part of this image)')}`;
		const into = flows.filter(({ to, extends: isBase }) => to === stage.index && !isBase);
		return [heading, ...into.map((flow) => terminal`    ${flowText(flow, stages)} ${colors.gray(`line ${flow.instruction.line}`)}`)];
	});
}
