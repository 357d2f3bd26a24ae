import { type Html, html } from '../text/html.ts';
import type { ImagePicture, PictureFlow, PictureStage } from './model.ts';
import { titleText } from './title.ts';
import { depthOf, flowText, MARKS, nameOf, providedText, remarkOf, STATE_WORDS, sizeText, whereText } from './words.ts';

/** In user units; a character of the monospaced font is about so wide at the size of the text. */
const WIDTH = 960;
const MARGIN = 20;
const LINE = 18;
const CHARACTER = 7.3;
const GAP = 24;

/** A picture has so many lines of files, of needs, and of copies in a stage at most; what is left out is counted. */
const MOST_FILES = 40;
const MOST_NEEDS = 20;
const MOST_FLOWS = 8;

/** Lines of text, with the height that they take. */
interface Block {
	readonly markup: readonly Html[];
	readonly height: number;
}

/** The picture as one SVG file for a page that loads nothing else, such as a pull request. */
export function pictureSvg(picture: ImagePicture): string {
	const { title } = picture;
	const top = MARGIN + 2 * LINE + 10;
	const stages = stageBoxes(picture, top);
	const below = top + stages.height + (stages.height > 0 ? GAP : 0);
	const half = (WIDTH - 2 * MARGIN - GAP) / 2;
	const needs = needLines(picture, MARGIN, below, half);
	const files = fileLines(picture, MARGIN + half + GAP, below, half);
	const height = below + Math.max(needs.height, files.height) + MARGIN;
	return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${titleText(title)}</title>
<desc id="description">${descriptionOf(picture)}</desc>
<style>
svg { background: #fff; } text { font: 12px ui-monospace, monospace; fill: #1f2328; white-space: pre; } .head { font-weight: bold; font-size: 15px; } .bold { font-weight: bold; }
.soft { fill: #57606a; } .met { fill: #116329; } .unmet { fill: #a40e26; } .unknown { fill: #7d4e00; } rect { fill: none; stroke: #8c959f; } .target { stroke: #1f2328; stroke-width: 2; } path { fill: none; stroke: #57606a; stroke-width: 1.5; }
@media (prefers-color-scheme: dark) { svg { background: #0d1117; } text { fill: #e6edf3; } .soft { fill: #9da7b3; } .met { fill: #56d364; } .unmet { fill: #ff7b72; } .unknown { fill: #e3b341; } rect { stroke: #6e7681; } .target { stroke: #e6edf3; } path { stroke: #9da7b3; } }
</style>
${textAt(MARGIN, MARGIN + 14, titleText(title), 'head', WIDTH - 2 * MARGIN - 120)}
${textAt(MARGIN, MARGIN + 14 + LINE, `${title.of}${title.stage === undefined ? '' : `, stage ${title.stage}`}`, 'soft', WIDTH - 2 * MARGIN)}
${stages.markup}
${needs.markup}
${files.markup}
</svg>
`.markup;
}

/** What the picture shows, for who does not see it. */
function descriptionOf({ needs, stages, flows, title }: ImagePicture): string {
	const said = needs.map((need) => `${need.title}: ${STATE_WORDS[need.state]}`);
	const target = stages.find((stage) => stage.target);
	const copied = flows.filter(({ to, extends: isBase }) => !isBase && to === target?.index).map((flow) => flowText(flow, stages));
	return [
		`The image of ${title.of}.`,
		...(said.length === 0 ? [] : [`Needs: ${said.join('; ')}.`]),
		...(copied.length === 0 ? [] : [`Copied into it: ${copied.join('; ')}.`]),
	].join(' ');
}

/** A line of text that is cut where it is wider than `width`. */
function textAt(x: number, y: number, text: string, style: string, width: number): Html {
	const most = Math.max(4, Math.floor(width / CHARACTER));
	const characters = [...text];
	const shown = characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
	return html`<text x="${Math.round(x)}" y="${Math.round(y)}" class="${style}">${shown}</text>
`;
}

interface Line {
	readonly text: string;
	readonly style: string;
}

function linesAt(x: number, y: number, width: number, lines: readonly Line[]): Block {
	return {
		markup: lines.map(({ text, style }, index) => textAt(x, y + 14 + index * LINE, text, style, width)),
		height: lines.length * LINE,
	};
}

function needLines({ needs }: ImagePicture, x: number, y: number, width: number): Block {
	const shown = needs.slice(0, MOST_NEEDS).flatMap((need): Line[] => {
		const [place] = need.places;
		const where = place === undefined ? undefined : whereText(place);
		const provided = need.state === 'met' ? providedText(need) : undefined;
		return [
			{ text: `${MARKS[need.state]} ${need.title}${provided === undefined ? '' : `: ${provided}`}`, style: need.state },
			...(place === undefined ? [] : [{ text: `    ${place.symbol}${where === undefined ? '' : ` at ${where}`}`, style: 'soft' }]),
		];
	});
	const rest = needs.length - MOST_NEEDS;
	return linesAt(x, y, width, [
		{ text: 'Needs', style: 'bold' },
		...(needs.length === 0 ? [{ text: 'none that are known', style: 'soft' }] : shown),
		...(rest > 0 ? [{ text: `and ${rest} more`, style: 'soft' }] : []),
	]);
}

function fileLines({ tree, cut }: ImagePicture, x: number, y: number, width: number): Block {
	const shown = tree.slice(0, MOST_FILES).map((entry): Line => {
		const { mode, size } = entry;
		const facts = [...(mode === undefined ? [] : [mode]), ...(size === undefined ? [] : [sizeText(size)])].join(' ');
		const remark = remarkOf(entry);
		const name = `${'  '.repeat(Math.min(depthOf(entry), 12))}${nameOf(entry)}`;
		return { text: [name, facts, remark].filter((part) => part !== '').join('  '), style: entry.kind === 'directory' ? 'soft' : '' };
	});
	const rest = tree.length - shown.length + cut;
	return linesAt(x, y, width, [
		{ text: 'Files', style: 'bold' },
		...shown,
		...(rest > 0 ? [{ text: `and ${rest} more`, style: 'soft' }] : []),
	]);
}

/** The stages that the image is made of, as boxes from left to right, with an arrow from each that something is copied from. */
function stageBoxes({ stages, flows }: ImagePicture, y: number): Block {
	const used = stages.filter((stage) => stage.used).slice(-4);
	if (used.length === 0) return { markup: [], height: 0 };
	const width = (WIDTH - 2 * MARGIN - GAP * (used.length - 1)) / used.length;
	const contents = used.map((stage) => linesOfStage(stage, flows, stages));
	const height = 16 + Math.max(...contents.map((lines) => lines.length)) * LINE;
	const left = (index: number) => Math.round(MARGIN + index * (width + GAP));
	const boxes = used.map((stage, index) => {
		const { markup } = linesAt(left(index) + 10, y + 6, width - 20, contents[index] as Line[]);
		return html`<rect x="${left(index)}" y="${y}" width="${Math.round(width)}" height="${height}" rx="6" class="${stage.target ? 'target' : ''}"/>
${markup}`;
	});
	return { markup: [...boxes, ...arrowsBetween(used, flows, (index) => left(index) + width / 2, y)], height };
}

function linesOfStage(stage: PictureStage, flows: readonly PictureFlow[], stages: readonly PictureStage[]): Line[] {
	const { index, name, base } = stage;
	const into = flows.filter(({ to, extends: isBase }) => to === index && !isBase);
	const rest = into.length - MOST_FLOWS;
	return [
		{ text: name ?? `stage ${index}`, style: 'bold' },
		...(base === undefined ? [] : [{ text: base, style: 'soft' }]),
		...into.slice(0, MOST_FLOWS).map((flow) => ({ text: flowText(flow, stages), style: '' })),
		...(rest > 0 ? [{ text: `and ${rest} more`, style: 'soft' }] : []),
	];
}

/** Arrows above the boxes. */
function arrowsBetween(used: readonly PictureStage[], flows: readonly PictureFlow[], middle: (index: number) => number, y: number): Html[] {
	const pairs = new Set<string>();
	return flows.flatMap(({ from, to }) => {
		const start = 'stage' in from ? used.findIndex(({ index }) => index === from.stage) : -1;
		const end = used.findIndex(({ index }) => index === to);
		if (start < 0 || end < 0 || pairs.has(`${start} ${end}`)) return [];
		pairs.add(`${start} ${end}`);
		const [x1, x2] = [Math.round(middle(start)), Math.round(middle(end)) - 12 * (end - start)];
		return [
			html`<path d="M${x1} ${y} C${x1} ${y - 18} ${x2} ${y - 18} ${x2} ${y} m-4 -6 l4 6 l4 -6"/>
`,
		];
	});
}
