import type { Instruction } from '../dockerfile/syntax.ts';
import { createTree, type DirectoryNode, emptyDirectory, type FileNode, type TreeNode } from '../image/files/file-tree.ts';
import { setValue } from '../image/files/names.ts';
import type { FileTree } from '../image/model.ts';
import { type BuiltDirectory, type BuiltFile, type BuiltNode, type LayerEntry, UnreadableImage } from './model.ts';

/** Lays the layers over each other as an engine does (OCI image specification, layer.md), the lowest first. */
export function mergeLayers(layers: Iterable<readonly LayerEntry[]>): BuiltDirectory {
	const root = directoryOf({ mode: 0o755, owner: 0, group: 0 }, 0);
	const tree = { root };
	let number = 0;
	for (const entries of layers) {
		// A whiteout hides what lower layers hold, wherever in its own layer it stands.
		for (const { path } of entries) takeAway(tree.root, path);
		for (const entry of entries) add(tree, entry, number);
		number++;
	}
	return tree.root;
}

type Details = Pick<LayerEntry, 'mode' | 'owner' | 'group'>;

function directoryOf({ mode, owner, group }: Details, layer: number, children = new Map<string, BuiltNode>()): BuiltDirectory {
	return { kind: 'directory', mode, owner, group, layer, children };
}

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

function isWhiteout(path: string): boolean {
	return path.startsWith(WHITEOUT, path.lastIndexOf('/') + 1);
}

/** Does what a whiteout says; other entries say nothing of the kind. */
function takeAway(root: BuiltDirectory, path: string): void {
	if (!isWhiteout(path)) return;
	const slash = path.lastIndexOf('/');
	const name = path.slice(slash + 1);
	const parent = follow(root, slash < 0 ? '' : path.slice(0, slash), undefined);
	if (parent === undefined) return;
	if (name === OPAQUE) parent.children.clear();
	else parent.children.delete(name.slice(WHITEOUT.length));
}

function add(tree: { root: BuiltDirectory }, entry: LayerEntry, layer: number): void {
	const { path } = entry;
	if (isWhiteout(path)) return;
	if (path === '') {
		if (entry.kind === 'directory') tree.root = directoryOf(entry, layer, tree.root.children);
		return;
	}
	const slash = path.lastIndexOf('/');
	const parent = follow(tree.root, slash < 0 ? '' : path.slice(0, slash), layer);
	if (parent === undefined) return;
	const name = path.slice(slash + 1);
	const node = nodeOf(tree.root, entry, parent.children.get(name), layer);
	if (node !== undefined) parent.children.set(name, node);
}

function nodeOf(root: BuiltDirectory, entry: LayerEntry, present: BuiltNode | undefined, layer: number): BuiltNode | undefined {
	const { kind, mode, owner, group, size, target = '', content } = entry;
	switch (kind) {
		case 'directory':
			return directoryOf(entry, layer, present?.kind === 'directory' ? present.children : undefined);
		case 'link':
			return { kind, mode, owner, group, layer, target };
		case 'hard-link': {
			const linked = nodeAt(root, target);
			if (linked?.kind === 'directory') return undefined;
			return { ...(linked ?? { kind: 'file', mode, owner, group, size: 0 }), layer };
		}
		default:
			return { kind, mode, owner, group, layer, size, ...content };
	}
}

/** What an entry of the path names itself: only the links above it are followed. */
function nodeAt(root: BuiltDirectory, path: string): BuiltNode | undefined {
	const slash = path.lastIndexOf('/');
	return follow(root, slash < 0 ? '' : path.slice(0, slash), undefined)?.children.get(path.slice(slash + 1));
}

/** As many as the kernel follows. */
const MAX_LINKS = 40;

/**
 * The directory at the path, links followed within the image.
 *
 * @param make the layer that the directories belong to which are made where there are none; `undefined` where none are to be made
 */
function follow(root: BuiltDirectory, path: string, make: number | undefined): BuiltDirectory | undefined {
	if (path === '') return root;
	const pending = path.split('/').reverse();
	const trail = [root];
	let links = 0;
	for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
		if (name === '' || name === '.') continue;
		if (name === '..') {
			if (trail.length > 1) trail.pop();
			continue;
		}
		const directory = trail.at(-1) as BuiltDirectory;
		const child = directory.children.get(name);
		if (child?.kind === 'directory') {
			trail.push(child);
		} else if (child?.kind === 'link') {
			if (++links > MAX_LINKS) throw new UnreadableImage(`it has links that lead to each other, at /${path}`);
			if (child.target.startsWith('/')) trail.length = 1;
			pending.push(...child.target.split('/').reverse());
		} else {
			if (make === undefined) return undefined;
			const made = directoryOf({ mode: 0o755, owner: 0, group: 0 }, make);
			directory.children.set(name, made);
			trail.push(made);
		}
	}
	return trail.at(-1);
}

/** The file at the path, all links followed within the image, with where it lies; `undefined` where there is none. */
export function fileThrough(root: BuiltDirectory, path: string): { readonly path: string; readonly node: BuiltFile } | undefined {
	let names = path.split('/');
	for (let links = 0; links <= MAX_LINKS; links++) {
		const found: { name: string; directory: BuiltDirectory }[] = [];
		let directory = root;
		let restart: string[] | undefined;
		for (const [index, name] of names.entries()) {
			if (name === '' || name === '.') continue;
			if (name === '..') {
				found.pop();
				directory = found.at(-1)?.directory ?? root;
				continue;
			}
			const node = directory.children.get(name);
			if (node === undefined) return undefined;
			const above = found.map((each) => each.name);
			const rest = names.slice(index + 1);
			if (node.kind === 'link') {
				restart = [...(node.target.startsWith('/') ? [] : above), ...node.target.split('/'), ...rest];
				break;
			}
			if (node.kind !== 'directory')
				return node.kind === 'file' && rest.length === 0 ? { path: `/${[...above, name].join('/')}`, node } : undefined;
			found.push({ name, directory: node });
			directory = node;
		}
		if (restart === undefined) return undefined;
		names = restart;
	}
	return undefined;
}

/** All paths below the directory with what is there, a directory before what it holds, names in order. */
export function* walkTree(root: BuiltDirectory): Generator<{ readonly path: string; readonly node: BuiltNode }> {
	const pending: { path: string; node: BuiltNode }[] = [{ path: '', node: root }];
	for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
		if (next.path !== '') yield next;
		if (next.node.kind !== 'directory') continue;
		const names = [...next.node.children.keys()].sort().reverse();
		for (const name of names) pending.push({ path: `${next.path}/${name}`, node: next.node.children.get(name) as BuiltNode });
	}
}

/**
 * The tree as the simulation of a Dockerfile has it, with everything known.
 *
 * @param instructionOf the instruction that stands for a layer
 */
export function fileTreeOf(root: BuiltDirectory, instructionOf: (layer: number) => Instruction | undefined): FileTree {
	return createTree(convert(root, instructionOf), { now: KNOWN_AT, budget: 0 });
}

/** Everything was known at this moment, and nothing happens after it. */
const KNOWN_AT = 1;

function convert(root: BuiltDirectory, instructionOf: (layer: number) => Instruction | undefined): DirectoryNode {
	const directory = (node: BuiltDirectory) =>
		emptyDirectory({ instruction: instructionOf(node.layer), mode: node.mode, owner: node.owner }, KNOWN_AT);
	const converted = directory(root);
	const pending = [{ from: root, to: converted }];
	for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
		for (const [name, node] of next.from.children) {
			let made: TreeNode;
			if (node.kind === 'directory') {
				const inner = directory(node);
				pending.push({ from: node, to: inner });
				made = inner;
			} else if (node.kind === 'link') {
				made = { kind: 'link', target: node.target };
			} else {
				made = fileOf(node.text, node.mode, node.owner, instructionOf(node.layer));
			}
			setValue(next.to.own, name, made);
		}
	}
	return converted;
}

function fileOf(content: string | undefined, mode: number, owner: number | undefined, instruction: Instruction | undefined): FileNode {
	return { kind: 'file', at: KNOWN_AT, instruction, source: undefined, named: false, content, build: undefined, mode, owner };
}
