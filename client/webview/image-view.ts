import type { ImagePicture, PictureFlow, PictureNeed, PicturePlace, PictureStage } from '../../server/picture/model.ts';
import { MARKS, providedText, STATE_WORDS, symbolText, whereText } from '../../server/picture/words.ts';
import { element, linkTo } from './elements.ts';
import type { EmptyMessage, ShowMessage, ViewMessage } from './messages.ts';
import { type TreeState, treeGrid } from './tree.ts';

/** The script of the image view: it draws what the extension sends, and says where a person wants to go. */

declare function acquireVsCodeApi(): { postMessage(message: ViewMessage): void; setState(state: { readonly uri: string }): void };

const api = acquireVsCodeApi();
const root = document.getElementById('image') as HTMLElement;
const treeStates = new Map<string, TreeState>();
let shown: ShowMessage | undefined;

const go = (path: string | undefined, line: number, column: number) =>
	api.postMessage({ type: 'go', ...(path !== undefined && { path }), line, column });

window.addEventListener('message', ({ data }: MessageEvent<ShowMessage | EmptyMessage>) => {
	if (data.type === 'show' && data.pictures.length > 0) {
		shown = data;
		api.setState({ uri: data.dockerfile });
		draw(data);
	} else if (data.type === 'empty') {
		shown = undefined;
		root.replaceChildren(element('p', {}, data.text));
	}
});
api.postMessage({ type: 'ready' });

function draw({ name, pictures, target }: ShowMessage): void {
	const picture = pictures.find(({ title }) => title.stage === target) ?? (pictures.at(-1) as ImagePicture);
	const stage = picture.title.stage ?? '';
	const state = treeStates.get(stage) ?? { toggled: new Map(), active: undefined };
	treeStates.set(stage, state);
	const focused = document.activeElement?.closest('[data-path]') !== null && document.activeElement?.closest('[data-path]') !== undefined;
	const scroll = window.scrollY;
	root.replaceChildren(
		...heading(name, picture, pictures),
		section('Needs', needs(picture)),
		// Right below the needs, which may be more than those.
		...(picture.unknowns.length === 0 ? [] : [section('Not known', unknowns(picture))]),
		section(`Files (${picture.title.files}${picture.title.complete ? '' : ' known, there may be more'})`, files(picture, state)),
		section('Stages', stages(picture)),
	);
	window.scrollTo(0, scroll);
	if (focused) (root.querySelector('[role="treegrid"] [tabindex="0"]') as HTMLElement | null)?.focus();
}

function section(title: string, content: Node): HTMLElement {
	const id = `section-${title.split(' ')[0]?.toLowerCase()}`;
	return element('section', { 'aria-labelledby': id }, element('h2', { id }, title), content);
}

function heading(name: string, { title }: ImagePicture, pictures: readonly ImagePicture[]): HTMLElement[] {
	const { base, needs: counts, user, starts, platform } = title;
	const all = counts.met + counts.unmet + counts.unknown;
	const uid = user.text ?? user.uid?.toString();
	const facts: [string, string][] = [
		['Base', base ?? 'unknown'],
		['Needs met', all === 0 ? 'none known' : `${counts.met} of ${all}`],
		['Runs as', uid === undefined ? 'unknown' : `${uid}${user.text === undefined && user.uid === 0 ? ' (root)' : ''}`],
		['Starts', starts === undefined ? 'unknown' : `${starts.program}${starts.present === 'no' ? ' (not in the image)' : ''}`],
		...(platform === undefined ? [] : ([['Platform', platform]] as [string, string][])),
	];
	const list = element(
		'dl',
		{ class: 'facts' },
		...facts.map(([key, value]) => element('div', {}, element('dt', {}, key), element('dd', {}, value))),
	);
	const head = element('h1', {}, `Image of ${name}`);
	if (pictures.length < 2) return [head, list];
	const options = pictures.map((each) =>
		element('option', { value: each.title.stage, selected: each.title.stage === title.stage }, each.title.stage ?? ''),
	);
	const select = element('select', { id: 'target' }, ...options) as HTMLSelectElement;
	select.addEventListener('change', () => {
		if (shown === undefined) return;
		shown = { ...shown, target: select.value };
		api.postMessage({ type: 'target', target: select.value });
		draw(shown);
		document.getElementById('target')?.focus();
	});
	return [head, element('p', {}, element('label', { for: 'target' }, 'Target '), select), list];
}

function needs({ needs: all }: ImagePicture): HTMLElement {
	if (all.length === 0) return element('p', {}, 'No need is known.');
	return element('ul', { class: 'needs' }, ...all.map(need));
}

function need(each: PictureNeed): HTMLElement {
	const { title, state, given, places, code } = each;
	const provided = providedText(each);
	const notes = [
		...(given ? ['only with a flag, an argument or the environment'] : []),
		...(provided === undefined ? [] : [provided]),
		...(code === undefined ? [] : [code]),
	];
	const shownPlaces = places.slice(0, 3).flatMap((one) => [' ', place(one)]);
	return element(
		'li',
		{ class: state },
		element('span', { class: 'mark', 'aria-hidden': 'true' }, MARKS[state]),
		element('span', { class: 'hidden' }, `${STATE_WORDS[state]}: `),
		element('strong', {}, title),
		...(notes.length === 0 ? [] : [element('span', { class: 'note' }, notes.join(' · '))]),
		...shownPlaces,
		...(places.length > 3 ? [element('span', { class: 'note' }, `and ${places.length - 3} more`)] : []),
	);
}

/** `http.Get` at main.go:9, as a link where the file is there. */
function place(each: PicturePlace): HTMLElement {
	const { path, line, column } = each;
	const where = whereText(each);
	if (path === undefined || line === undefined) return element('span', { class: 'note' }, symbolText(each));
	// The way from main may be long, and is in the tooltip.
	const title = each.way === undefined ? 'Go to this line' : `Go to this line, used by ${each.way}`;
	return linkTo(where === undefined ? symbolText(each) : `${each.symbol} at ${where}`, title, () => go(path, line, column ?? 1));
}

function files(picture: ImagePicture, state: TreeState): HTMLElement {
	if (picture.tree.length === 0) return element('p', {}, 'No file is known.');
	const grid = treeGrid(picture, state, go);
	return picture.cut === 0
		? element('div', { class: 'wide' }, grid)
		: element('div', { class: 'wide' }, grid, element('p', {}, `${picture.cut} more entries are not shown.`));
}

function stages({ stages: all, flows }: ImagePicture): HTMLElement {
	return element('div', { class: 'stages' }, ...all.map((stage) => column(stage, all, flows)));
}

function column(stage: PictureStage, all: readonly PictureStage[], flows: readonly PictureFlow[]): HTMLElement {
	const nameOf = (index: number) => all.find((each) => each.index === index)?.name ?? `stage ${index}`;
	const name = stage.name ?? `stage ${stage.index}`;
	const incoming = flows.filter(({ to, extends: builds }) => to === stage.index && !builds);
	const parent = flows.find(({ to, extends: builds }) => to === stage.index && builds)?.from;
	const base = stage.base ?? (parent !== undefined && 'stage' in parent ? nameOf(parent.stage) : 'unknown image');
	const items = incoming.map((flow) => {
		const from = 'stage' in flow.from ? nameOf(flow.from.stage) : 'image' in flow.from ? flow.from.image : 'build context';
		const what = `${flow.source ?? '?'} → ${flow.destination ?? '?'}`;
		const { line, column: at, text } = flow.instruction;
		return element(
			'li',
			{},
			element('span', { class: 'from' }, `from ${from}: `),
			linkTo(what, text, () => go(undefined, line, at)),
		);
	});
	return element(
		'article',
		{ class: `stage${stage.target ? ' target' : ''}${stage.used || stage.target ? '' : ' unused'}`, 'aria-label': `Stage ${name}` },
		element(
			'h3',
			{},
			linkTo(name, `Go to line ${stage.from.line}`, () => go(undefined, stage.from.line, stage.from.column)),
		),
		element('p', { class: 'note' }, `${base}${stage.target ? ' · target' : stage.used ? '' : ' · not used by the target'}`),
		items.length === 0 ? element('p', { class: 'note' }, 'Nothing is copied.') : element('ul', {}, ...items),
	);
}

function unknowns({ unknowns: all }: ImagePicture): HTMLElement {
	const items = all.map(({ text, place: at, instruction }) =>
		element(
			'li',
			{},
			`${text} `,
			...(at === undefined ? [] : [place(at)]),
			...(instruction === undefined
				? []
				: [linkTo(`line ${instruction.line}`, instruction.text, () => go(undefined, instruction.line, instruction.column))]),
		),
	);
	return element('ul', {}, ...items);
}
