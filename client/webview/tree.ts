import type { ImagePicture, PictureEntry } from '../../server/picture/model.ts';
import { ownerText, remarkOf, sizeText } from '../../server/picture/words.ts';
import { element, linkTo } from './elements.ts';

type Go = (path: string | undefined, line: number, column: number) => void;

interface Row {
	readonly entry: PictureEntry;
	readonly name: string;
	readonly level: number;
	readonly parent: string | undefined;
	readonly hasChildren: boolean;
	readonly position: number;
	readonly siblings: number;
}

/** What a person opened, closed and stands on; it outlives a new picture. */
export interface TreeState {
	readonly toggled: Map<string, boolean>;
	active: string | undefined;
}

/** The files of an image as a tree grid: https://www.w3.org/WAI/ARIA/apg/patterns/treegrid/ */
export function treeGrid(picture: ImagePicture, state: TreeState, go: Go): HTMLElement {
	const rows = rowsOf(picture.tree);
	const parents = new Map(rows.map(({ entry, parent }) => [entry.path, parent]));
	const interesting = interestingDirectories(rows, parents);
	const isOpen = ({ entry }: Row) => state.toggled.get(entry.path) ?? interesting.has(entry.path);
	const body = element('tbody', { role: 'rowgroup' });
	const table = element(
		'table',
		{ role: 'treegrid', 'aria-label': 'Files of the image' },
		element(
			'thead',
			{ role: 'rowgroup' },
			element('tr', { role: 'row' }, ...HEADS.map((head) => element('th', { role: 'columnheader', scope: 'col' }, head))),
		),
		body,
	);

	function shown(): Row[] {
		const open = new Set<string | undefined>([undefined]);
		return rows.filter((row) => {
			if (!open.has(row.parent)) return false;
			if (row.hasChildren && isOpen(row)) open.add(row.entry.path);
			return true;
		});
	}

	function draw(focus: boolean): void {
		const visible = shown();
		if (!visible.some(({ entry }) => entry.path === state.active)) state.active = visible[0]?.entry.path;
		body.replaceChildren(
			...visible.map((row) => drawRow(row, row.hasChildren ? isOpen(row) : undefined, row.entry.path === state.active, go)),
		);
		if (focus) activeRow()?.focus();
	}

	const activeRow = () => [...body.children].find((row) => row.getAttribute('tabindex') === '0') as HTMLElement | undefined;

	function toggle(row: Row, open: boolean): void {
		if (!row.hasChildren || isOpen(row) === open) return;
		state.toggled.set(row.entry.path, open);
		state.active = row.entry.path;
		draw(true);
	}

	function makeActive(row: Row): void {
		state.active = row.entry.path;
		for (const each of body.children) each.setAttribute('tabindex', each.getAttribute('data-path') === row.entry.path ? '0' : '-1');
	}

	function moveTo(row: Row | undefined): void {
		if (row === undefined) return;
		makeActive(row);
		activeRow()?.focus();
	}

	const rowAt = (target: EventTarget | null) => {
		const path = (target as Element | null)?.closest('[data-path]')?.getAttribute('data-path');
		return rows.find(({ entry }) => entry.path === path);
	};

	// A screen reader moves the focus by itself.
	body.addEventListener('focusin', (event) => {
		const row = rowAt(event.target);
		if (row !== undefined) makeActive(row);
	});
	body.addEventListener('click', (event) => {
		const row = rowAt(event.target);
		if (row === undefined || (event.target as Element).closest('button') !== null) return;
		state.active = row.entry.path;
		toggle(row, !isOpen(row));
		moveTo(row);
	});
	body.addEventListener('keydown', (event) => {
		const row = rowAt(event.target);
		if (row === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
		const visible = shown();
		const at = visible.indexOf(row);
		const keys: Record<string, () => void> = {
			ArrowDown: () => moveTo(visible[at + 1]),
			ArrowUp: () => moveTo(visible[at - 1]),
			Home: () => moveTo(visible[0]),
			End: () => moveTo(visible.at(-1)),
			ArrowRight: () => (row.hasChildren && !isOpen(row) ? toggle(row, true) : moveTo(row.hasChildren ? visible[at + 1] : undefined)),
			ArrowLeft: () =>
				row.hasChildren && isOpen(row) ? toggle(row, false) : moveTo(visible.find(({ entry }) => entry.path === row.parent)),
			Enter: () => goToOrigin(row.entry, go),
		};
		const act = keys[event.key];
		if (act === undefined || ((event.target as Element).closest('button') !== null && event.key === 'Enter')) return;
		event.preventDefault();
		act();
	});
	draw(false);
	return table;
}

const HEADS = ['Name', 'Owner', 'Mode', 'Size', 'Put there by'];

/** The rows in the order of the tree, each with its place in it. */
function rowsOf(tree: readonly PictureEntry[]): Row[] {
	const paths = new Set(tree.map(({ path }) => path));
	const childrenOf = new Map<string | undefined, PictureEntry[]>();
	const parentOf = (path: string): string | undefined => {
		const parent = path.replace(/\/[^/]*$/, '');
		return parent === '' || path === '/' ? undefined : paths.has(parent) ? parent : parentOf(parent);
	};
	for (const entry of tree) {
		if (entry.path === '/') continue;
		const parent = parentOf(entry.path);
		childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), entry]);
	}
	const rows: Row[] = [];
	const add = (parent: string | undefined, level: number): void => {
		const siblings = childrenOf.get(parent) ?? [];
		for (const [index, entry] of siblings.entries()) {
			const name = parent === undefined ? entry.path : entry.path.slice(parent.length + 1);
			const hasChildren = childrenOf.has(entry.path);
			rows.push({ entry, name, level, parent, hasChildren, position: index + 1, siblings: siblings.length });
			if (hasChildren) add(entry.path, level + 1);
		}
	};
	add(undefined, 1);
	return rows;
}

/** The directories above what the Dockerfile itself put there: these are open at first. */
function interestingDirectories(rows: readonly Row[], parents: ReadonlyMap<string, string | undefined>): Set<string> {
	const found = new Set<string>();
	for (const { entry, parent } of rows) {
		if (typeof entry.from !== 'object') continue;
		for (let at = parent; at !== undefined && !found.has(at); at = parents.get(at)) found.add(at);
	}
	return found;
}

function drawRow(row: Row, open: boolean | undefined, active: boolean, go: Go): HTMLElement {
	const { entry, name, level } = row;
	const mark = open === undefined ? '' : open ? '▾' : '▸';
	const notes = remarkOf(entry);
	return element(
		'tr',
		{
			role: 'row',
			'aria-level': level,
			'aria-posinset': row.position,
			'aria-setsize': row.siblings,
			'aria-expanded': open === undefined ? undefined : String(open),
			tabindex: active ? 0 : -1,
			'data-path': entry.path,
		},
		element(
			'th',
			{ role: 'rowheader', scope: 'row', class: `level-${Math.min(level, 12)}` },
			element('span', { class: 'twistie', 'aria-hidden': 'true' }, mark),
			element('span', { class: `name ${entry.kind}` }, entry.kind === 'directory' ? `${name}/` : name),
			...(notes === '' ? [] : [element('span', { class: 'note', title: notes }, notes)]),
		),
		element('td', { role: 'gridcell' }, ownerText(entry)),
		element('td', { role: 'gridcell' }, entry.mode ?? ''),
		element('td', { role: 'gridcell', class: 'size' }, entry.size === undefined ? '' : sizeText(entry.size)),
		element('td', { role: 'gridcell' }, origin(entry, go)),
	);
}

function origin({ from }: PictureEntry, go: Go): Node | string {
	if (from === undefined) return '';
	if (from === 'base') return 'base image';
	return linkTo(`${from.line}: ${from.text}`, `Go to line ${from.line}: ${from.text}`, () => go(undefined, from.line, from.column));
}

function goToOrigin({ from }: PictureEntry, go: Go): void {
	if (typeof from === 'object') go(undefined, from.line, from.column);
}
