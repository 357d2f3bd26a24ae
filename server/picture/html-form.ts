import { type Html, html } from '../text/html.ts';
import { pageOf } from '../text/page.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from './html-assets.ts';
import type { ImagePicture, PictureEntry, PictureInstruction, PictureNeed, PicturePlace, PictureStage, PictureUnknown } from './model.ts';
import { titleText } from './title.ts';
import {
	depthOf,
	flowText,
	MARKS,
	nameOf,
	ownerText,
	providedText,
	remarkOf,
	STATE_WORDS,
	sizeText,
	symbolText,
	whereText,
} from './words.ts';

/**
 * The picture as the content of a page: headings, lists, a tree that is a table (`treegrid`), and links to the instructions. It has no
 * script and no style of its own. What can be opened bears where it is: `data-start` and `data-end` of the Dockerfile, `data-path` and
 * `data-line` of a Go file.
 */
export function pictureBody(picture: ImagePicture): Html {
	const { title, needs, tree, cut, unknowns, stages } = picture;
	const starts = title.starts;
	return html`<main>
<h1>${titleText(title)}</h1>
<p class="of">${title.of}${title.stage === undefined ? '' : html`, stage <b>${title.stage}</b>`}${
		starts === undefined ? '' : html`, starts <code>${starts.program}</code>${starts.present === 'no' ? ', which is not in the image' : ''}`
	}</p>
<section aria-labelledby="needs"><h2 id="needs">Needs</h2>
${needs.length === 0 ? html`<p>None that are known.</p>` : html`<ul class="needs">${needs.map(needItem)}</ul>`}
</section>
<section aria-labelledby="files"><h2 id="files">Files</h2>
${treeGrid(tree)}
${cut === 0 ? '' : html`<p>${cut} more files and directories are not shown.</p>`}
</section>
${
	stages.length === 0
		? ''
		: html`<section aria-labelledby="stages"><h2 id="stages">Stages</h2>
<div class="stages">${stages.map((stage) => stageColumn(stage, picture))}</div>
</section>`
}
${
	unknowns.length === 0
		? ''
		: html`<section aria-labelledby="unknown"><h2 id="unknown">Unknown</h2>
<ul>${unknowns.map(unknownItem)}</ul>
</section>`
}
</main>`;
}

/** The picture as a page in one file. */
export function pictureHtml(picture: ImagePicture): string {
	return pageOf({ title: titleText(picture.title), style: PAGE_STYLE, body: pictureBody(picture), script: PAGE_SCRIPT });
}

function needItem(need: PictureNeed): Html {
	const { state, title, code, given, places } = need;
	const provided = providedText(need);
	return html`<li class="${state}"><span class="mark" aria-hidden="true">${MARKS[state]}</span> <b>${title}</b> <span class="state">${STATE_WORDS[state]}</span>${
		code === undefined ? '' : html` <code>${code}</code>`
	}${given ? ' (only if it is told to)' : ''}${provided === undefined ? '' : html`<br><span class="by">${provided}</span>`}${
		places.length === 0 ? '' : html`<ul>${places.map((place) => html`<li>${placeLink(place)}</li>`)}</ul>`
	}</li>
`;
}

function placeLink(place: PicturePlace): Html {
	const where = whereText(place);
	const shown = html`<code>${symbolText(place)}</code>`;
	if (where === undefined) return shown;
	return html`${shown} at <span class="go" data-path="${place.path}" data-line="${place.line}" data-column="${place.column}">${where}</span>`;
}

function treeGrid(tree: readonly PictureEntry[]): Html {
	const positions = positionsOf(tree);
	return html`<table role="treegrid" aria-labelledby="files">
<thead><tr role="row"><th role="columnheader" scope="col">Name</th><th role="columnheader" scope="col">Mode</th><th role="columnheader" scope="col">Owner</th><th role="columnheader" scope="col">Size</th><th role="columnheader" scope="col">From</th></tr></thead>
<tbody>
${tree.map((entry, index) => treeRow(entry, positions[index] as Position, index === 0))}</tbody>
</table>`;
}

interface Position {
	/** Among the entries of its directory, from 1. */
	readonly at: number;
	readonly of: number;
	readonly hasChildren: boolean;
}

function positionsOf(tree: readonly PictureEntry[]): Position[] {
	const parentOf = (path: string) => (path === '/' ? '' : path.slice(0, path.lastIndexOf('/')) || '/');
	const sizes = new Map<string, number>();
	const places = tree.map(({ path }) => {
		const count = (sizes.get(parentOf(path)) ?? 0) + 1;
		sizes.set(parentOf(path), count);
		return count;
	});
	return tree.map(({ path }, index) => ({
		at: places[index] as number,
		of: sizes.get(parentOf(path)) as number,
		hasChildren: (sizes.get(path) ?? 0) > 0,
	}));
}

function treeRow(entry: PictureEntry, { at, of, hasChildren }: Position, first: boolean): Html {
	const { path, kind, mode, size, from } = entry;
	const remark = remarkOf(entry);
	const depth = depthOf(entry);
	return html`<tr role="row" class="${kind} depth-${Math.min(depth, 12)}" aria-level="${depth + 1}" aria-posinset="${at}" aria-setsize="${of}"${
		hasChildren ? html` aria-expanded="true"` : ''
	} tabindex="${first ? 0 : -1}" data-entry="${path}"><td role="gridcell">${nameOf(entry)}${remark === '' ? '' : html` <i>${remark}</i>`}</td><td role="gridcell">${mode}</td><td role="gridcell">${ownerText(entry)}</td><td role="gridcell">${
		size === undefined ? '' : html`<span title="${size} bytes">${sizeText(size)}</span>`
	}</td><td role="gridcell">${from === undefined ? '' : from === 'base' ? 'base image' : instructionLink(from)}</td></tr>
`;
}

function instructionLink({ keyword, line, start, end }: PictureInstruction): Html {
	return html`<a href="#line-${line}" data-start="${start}" data-end="${end}">${keyword} in line ${line}</a>`;
}

function stageColumn(stage: PictureStage, picture: ImagePicture): Html {
	const { index, name, base, from, target, used } = stage;
	const shown = name ?? `stage ${index}`;
	const role = target ? ', the image' : used ? '' : ', not part of this image';
	return html`<section class="stage${target ? ' target' : ''}" aria-labelledby="stage-${index}"><h3 id="stage-${index}">${shown}${role}</h3>
<p id="line-${from.line}"><a class="instruction" href="#line-${from.line}" data-start="${from.start}" data-end="${from.end}">${from.text}</a>${
		base === undefined || from.text.includes(base) ? '' : html` (${base})`
	}</p>
<ol>${itemsOf(stage, picture).map(stageItem)}</ol></section>
`;
}

/** What an instruction of a stage does to its files. */
interface StageItem {
	readonly instruction: PictureInstruction;
	/** A line for each source of a copy; empty for other instructions. */
	readonly flows: readonly string[];
}

/** The instructions of the stage that copy something, and those that put something into the tree, in their order. */
function itemsOf({ index }: PictureStage, { flows, stages, tree }: ImagePicture): StageItem[] {
	const items = new Map<number, { instruction: PictureInstruction; flows: string[] }>();
	const itemOf = (instruction: PictureInstruction) => {
		const item = items.get(instruction.start) ?? { instruction, flows: [] };
		items.set(instruction.start, item);
		return item;
	};
	for (const flow of flows) if (flow.to === index && !flow.extends) itemOf(flow.instruction).flows.push(flowText(flow, stages));
	for (const { from } of tree) if (typeof from === 'object' && from.stage === index) itemOf(from);
	return [...items.values()].sort((a, b) => a.instruction.start - b.instruction.start);
}

function stageItem({ instruction, flows }: StageItem): Html {
	const { line, text } = instruction;
	const shown = flows.length === 0 ? html`${text}` : html`${flows.map((flow, index) => html`${index === 0 ? '' : html`<br>`}${flow}`)}`;
	return html`<li id="line-${line}">${shown} <a class="line" href="#line-${line}" data-start="${instruction.start}" data-end="${instruction.end}">line ${line}</a></li>`;
}

function unknownItem({ text, place, instruction }: PictureUnknown): Html {
	return html`<li>${text}${place === undefined ? '' : html` ${placeLink(place)}`}${instruction === undefined ? '' : html` ${instructionLink(instruction)}`}</li>
`;
}
