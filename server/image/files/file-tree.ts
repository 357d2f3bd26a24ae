// Long because reading and changing the tree both depend on how its nodes record doubt.

import type { Instruction } from '../../dockerfile/syntax.ts';
import type { Answer } from '../../text/answer.ts';
import { ancestors, dirname, isWithin, normalize } from '../../workspace/paths.ts';
import type { ContextView } from '../context/context-view.ts';
import type { FileEntry, FileTree, GoBuild } from '../model.ts';
import { UNKNOWN_PIECE } from '../shell/shell-words.ts';
import { copyOfNames, deleteName, entriesOf, type Names, newNames, setValue, valueAt } from './names.ts';

/**
 * The files of a stage as far as they are known.
 *
 * Three things are written down apart from plain files and directories: directories of the build context, which are looked into only
 * when somebody asks (a mount); that a directory may hold more than is known (it is open); and that a program of which nothing is
 * known may have written anything below a directory. The last is a moment: what was known before it, absence above all, holds no longer,
 * and what is written after it holds again. All stages of a run share one clock, so that files keep their moments when they are copied.
 */
export interface Clock {
	now: number;
	/** How many nodes may still be copied from stage to stage; what lies beyond is unknown, so that no Dockerfile takes for ever. */
	budget: number;
}

export interface Details {
	readonly instruction: Instruction | undefined;
	readonly mode: number | undefined;
	/** Whether the mode was changed to one that is not known; without it, a file of the build context has the mode that it has there. */
	readonly modeChanged?: boolean | undefined;
	readonly owner: number | undefined;
}

export interface FileNode extends Details {
	/** `something`: it is there, as a file or as a directory. */
	readonly kind: 'file' | 'something';
	readonly at: number;
	readonly source: string | undefined;
	/** Whether a COPY names the file itself and not a directory that holds it. */
	readonly named: boolean;
	readonly content: string | undefined;
	readonly build: GoBuild | undefined;
	/** Whether something may have changed it where it was copied from. */
	readonly mayDiffer?: boolean | undefined;
}

export interface DirectoryNode {
	readonly kind: 'directory';
	instruction: Instruction | undefined;
	mode: number | undefined;
	owner: number | undefined;
	/** The tree that may change this node; any other tree copies it first. */
	readonly holder: object;
	readonly own: Names<TreeNode>;
	/** Directories of the build context that show through where `own` has nothing, the last copied first. */
	mounts: readonly Mount[];
	/** The moment at which all that the directory holds was known; -1 where it never was. */
	closedAt: number;
	/** The moment of the last unknown program that may have written anything below. */
	wildAt: number;
}

/** Whether a name was left out of a copy. */
export type LeftOut = 'yes' | 'no' | 'perhaps';

export interface Mount extends Details {
	readonly view: ContextView;
	/** From the context's root. */
	readonly path: string;
	/** Whether a name below the mount was left out: all of them are there where this is `undefined`. */
	readonly lacks: ((path: string) => LeftOut) | undefined;
	/** Whether something may have changed the files where they were copied from. */
	readonly mayDiffer?: boolean;
}

export type TreeNode =
	| FileNode
	| DirectoryNode
	| { readonly kind: 'link'; readonly target: string }
	/** It may be there; `candidate` is what it then is. */
	| { readonly kind: 'uncertain'; readonly candidate: FileNode | undefined }
	| { readonly kind: 'absent'; readonly at: number }
	/** What may be left where a mount was: an empty directory or file, with nothing below it. */
	| { readonly kind: 'stub'; readonly at: number };

export interface Found {
	readonly answer: Answer;
	/** What is there, where it is known to be there. */
	readonly node: FileNode | DirectoryNode | undefined;
	/** The moment up to which what is known of the node is in doubt. */
	readonly wild: number;
	/** With all links followed. */
	readonly path: string;
}

export interface MutableTree extends FileTree {
	readonly clock: Clock;
	/** As `has`, `get` and the node itself in one. */
	find(path: string): Found;
	/** What may be at the path, where it is known what that would be. */
	candidate(path: string): FileNode | undefined;
	/** Puts a directory there, and those above it, where there is none. */
	makeDirectory(path: string, details: Details): void;
	writeFile(path: string, file: Partial<FileNode> & Details): void;
	/** Says that there may be something at the path, whatever was there before. */
	writePerhaps(path: string, candidate?: Partial<FileNode> & Details): void;
	/** {@link writePerhaps} for many names of one directory at once. */
	mayHold(directory: string, names: Iterable<string>): void;
	link(path: string, target: string): void;
	remove(path: string): void;
	/** Lays a directory of the build context over the directory at the path. */
	mount(path: string, mount: Mount): void;
	/** Copies what `found` is (of this tree or another) to the path; a directory's contents join those that are there. */
	copy(path: string, found: Found, details: Details): void;
	/** Takes what is at `from` to `to`; owner and mode stay. */
	move(from: string, to: string): void;
	/** Says that anything may have been written to the directory and below it. */
	makeUnknown(directory: string): void;
	/** Says that the directory itself may hold more names than are known. */
	open(directory: string): void;
	change(path: string, change: { readonly mode?: number | undefined; readonly owner?: number | undefined }): void;
	/** {@link change} for all that lies below the directory at the path. */
	changeBelow(path: string, change: { readonly mode?: number | undefined; readonly owner?: number | undefined }): void;
	/** Takes away what stands at the path, so that a mount can cover it, and gives what `restore` puts there afterwards. */
	detach(path: string): TreeNode;
	restore(path: string, node: TreeNode): void;
	/** The workspace directory that the directory at the path is a copy of. */
	sourceOf(directory: string): string | undefined;
	fork(): MutableTree;
}

const MAX_DEPTH = 200;
const MAX_LINKS = 40;

export function emptyDirectory(details: Partial<Details>, closedAt: number, holder: object = {}): DirectoryNode {
	return {
		kind: 'directory',
		instruction: details.instruction,
		mode: details.mode,
		owner: details.owner,
		holder,
		own: newNames(),
		mounts: [],
		closedAt,
		wildAt: 0,
	};
}

/**
 * A tree that starts as `start` and never changes it.
 *
 * Long because its functions share the nodes of one tree.
 */
export function createTree(start: DirectoryNode, clock: Clock): MutableTree {
	let holder: object = {};
	let root = start;

	function find(path: string): Found {
		const normal = normalize(path);
		if (!normal.startsWith('/') || normal.length > 2 * MAX_DEPTH) return findThroughLinks(path);
		let node = root;
		let wild = root.wildAt;
		for (let start = 1; start < normal.length; ) {
			const end = endOfName(normal, start);
			const child = childOf(node, normal.slice(start, end), wild);
			if (child === undefined) return { answer: 'no', node: undefined, wild, path: normal };
			switch (child.kind) {
				case 'directory':
					node = child;
					wild = Math.max(wild, child.wildAt);
					break;
				case 'link':
					return findThroughLinks(normal);
				case 'file':
				case 'something':
					if (end === normal.length) return { answer: 'yes', node: child, wild, path: normal };
					if (child.kind === 'file') return { answer: 'no', node: undefined, wild, path: normal.slice(0, end) };
					return { answer: 'unknown', node: undefined, wild: 0, path: normal };
				case 'stub':
					return { answer: end === normal.length ? 'unknown' : 'no', node: undefined, wild, path: normal };
				default:
					return { answer: 'unknown', node: undefined, wild: 0, path: normal };
			}
			start = end + 1;
		}
		return { answer: 'yes', node, wild, path: normal };
	}

	/** {@link find} for any path; the other gives up where there is a link on its way, as on few. */
	function findThroughLinks(path: string): Found {
		const pending = namesOf(path).reverse();
		const trail: { name: string; node: DirectoryNode; wild: number }[] = [{ name: '', node: root, wild: root.wildAt }];
		let links = 0;
		const pathOf = (name: string) => `${trail.map((step) => step.name).join('/')}/${name}`;
		const unknown = (name: string): Found => ({ answer: 'unknown', node: undefined, wild: 0, path: pathOf(name) });
		if (pending.length > MAX_DEPTH) return unknown('');
		while (pending.length > 0) {
			const name = pending.pop() as string;
			if (name === '..') {
				if (trail.length > 1) trail.pop();
				continue;
			}
			const { node, wild } = trail.at(-1) as (typeof trail)[number];
			const child = childOf(node, name, wild);
			if (child === undefined) return { answer: 'no', node: undefined, wild, path: pathOf([name, ...pending.reverse()].join('/')) };
			if (child.kind === 'stub' && pending.length > 0)
				return { answer: 'no', node: undefined, wild, path: pathOf([name, ...pending.reverse()].join('/')) };
			if (child.kind === 'uncertain' || child.kind === 'absent' || child.kind === 'stub')
				return unknown([name, ...pending.reverse()].join('/'));
			if (child.kind === 'link') {
				if (++links > MAX_LINKS || pending.length > MAX_DEPTH) return unknown(name);
				if (child.target.startsWith('/')) trail.length = 1;
				pending.push(
					...child.target
						.split('/')
						.filter((part) => part !== '' && part !== '.')
						.reverse(),
				);
				continue;
			}
			if (child.kind === 'directory') {
				trail.push({ name, node: child, wild: Math.max(wild, child.wildAt) });
				continue;
			}
			if (pending.length > 0) {
				if (child.kind === 'something') return unknown([name, ...pending.reverse()].join('/'));
				return { answer: 'no', node: undefined, wild, path: pathOf(name) };
			}
			return { answer: 'yes', node: child, wild, path: pathOf(name) };
		}
		const last = trail.at(-1) as (typeof trail)[number];
		return { answer: 'yes', node: last.node, wild: last.wild, path: trail.map((step) => step.name).join('/') || '/' };
	}

	/** The node, where this tree may change it; else a copy that it may. */
	function held(node: DirectoryNode): DirectoryNode {
		return node.holder === holder ? node : { ...node, own: copyOfNames(node.own), holder };
	}

	/** The directory at the path, made where there is none, for this tree to change. `undefined` where the path is beyond all bounds. */
	function reach(path: string, details: Details, resolved = false): { node: DirectoryNode; wild: number } | undefined {
		let target = normalize(path);
		if (!target.startsWith('/') || target.length > 2 * MAX_DEPTH) {
			target = find(target).path;
			if (namesOf(target).length > MAX_DEPTH) return undefined;
		}
		root = held(root);
		let node = root;
		let wild = root.wildAt;
		for (let start = 1; start < target.length; ) {
			const end = endOfName(target, start);
			const name = target.slice(start, end);
			const child = childOf(node, name, wild);
			let next: DirectoryNode;
			if (child?.kind === 'link' && !resolved) return reach(findThroughLinks(target).path, details, true);
			if (child?.kind === 'directory') next = held(child);
			else if (child === undefined || child.kind === 'stub')
				next = emptyDirectory({ ...details, mode: details.mode ?? 0o755 }, clock.now, holder);
			else next = emptyDirectory({ instruction: details.instruction }, -1, holder);
			if (next !== child) setValue(node.own, name, next);
			node = next;
			wild = Math.max(wild, node.wildAt);
			// Nothing lies below a file.
			if (child?.kind === 'file') break;
			start = end + 1;
		}
		return { node, wild };
	}

	function parentFor(path: string, details: Details): { node: DirectoryNode; wild: number; name: string } | undefined {
		// A file goes where a link at its place points to, as the programs and COPY do it.
		const found = find(path);
		const target = found.answer === 'yes' ? found.path : normalize(path);
		const name = target.slice(target.lastIndexOf('/') + 1);
		if (name === '') return undefined;
		const parent = reach(target.slice(0, target.lastIndexOf('/')) || '/', { ...details, mode: undefined });
		return parent === undefined ? undefined : { ...parent, name };
	}

	function tick(): number {
		clock.now += 1;
		return clock.now;
	}

	/** Lays `node`, which belongs to this tree already, over `parent`'s entry of that name. */
	function put(parent: DirectoryNode, wild: number, name: string, node: TreeNode): void {
		const present = childOf(parent, name, wild);
		if (node.kind === 'directory' && present?.kind === 'directory') {
			const target = held(present);
			setValue(parent.own, name, target);
			merge(target, Math.max(wild, target.wildAt), node);
			target.mode = node.mode;
			target.owner = node.owner;
			target.instruction = node.instruction;
			return;
		}
		if (node.kind === 'directory' && present?.kind === 'uncertain') node.closedAt = -1;
		setValue(parent.own, name, node);
	}

	/** Adds all that `added` holds to `target`. */
	function merge(target: DirectoryNode, wild: number, added: DirectoryNode): void {
		if (added.closedAt < 0) {
			target.closedAt = -1;
			target.wildAt = clock.now;
		}
		for (const mount of [...added.mounts].reverse()) lay(target, wild, mount);
		for (const [name, child] of entriesOf(added.own)) {
			if (child.kind !== 'absent') put(target, wild, name, child);
		}
	}

	/** Lays one directory of the context over `target`, so that what `target` has of its own gives way where the context has it too. */
	function lay(target: DirectoryNode, wild: number, mount: Mount): void {
		for (const [name, child] of entriesOf(target.own)) {
			const below = mountedChild(mount, name);
			if (below === undefined) continue;
			if (below.kind !== 'directory') {
				if (child.kind === 'directory') continue;
				if (below.kind === 'file' || child.kind === 'stub') deleteName(target.own, name);
				else if (child.kind !== 'uncertain') setValue(target.own, name, { ...(child as FileNode), content: undefined });
			} else if (child.kind === 'directory') {
				const inner = held(child);
				setValue(target.own, name, inner);
				lay(inner, wild, { ...mount, path: joinContext(mount.path, name) });
			} else {
				deleteName(target.own, name);
			}
		}
		target.mounts = [
			mount,
			...target.mounts.filter(
				(other) => mount.lacks !== undefined || other.view !== mount.view || other.path !== mount.path || other.lacks !== undefined,
			),
		];
	}

	/** What is at the path, with only the links above it followed. */
	function nodeItself(path: string): TreeNode | undefined {
		const normal = normalize(path);
		const slash = normal.lastIndexOf('/');
		const parent = find(normal.slice(0, slash) || '/');
		return parent.node?.kind === 'directory' ? childOf(parent.node, normal.slice(slash + 1), parent.wild) : undefined;
	}

	const tree: MutableTree = {
		clock,
		find,
		has: (path) => find(path).answer,
		get(path) {
			const { node, wild } = find(path);
			return node === undefined ? undefined : entryOf(node, wild);
		},
		linkAt(path) {
			const node = nodeItself(path);
			return node?.kind === 'link' ? node.target : undefined;
		},
		children(path) {
			const { node, wild } = find(path);
			return node?.kind === 'directory' ? namesIn(node, wild) : undefined;
		},
		builds: () =>
			[...ownFiles(root)].flatMap(({ path, file }) =>
				file.build === undefined || path.includes(UNKNOWN_PIECE) ? [] : [{ path, build: file.build }],
			),
		copiedFiles: () =>
			[...ownFiles(root)].flatMap(({ path, file }) =>
				file.source !== undefined && file.named && file.build === undefined ? [{ path, source: file.source }] : [],
			),
		mayHaveWritten: (path) => tree.candidate(path) !== undefined,
		candidate(path) {
			const node = nodeItself(path);
			return node?.kind === 'uncertain' ? node.candidate : undefined;
		},
		makeDirectory(path, details) {
			tick();
			const present = find(path);
			if (present.node?.kind === 'directory') return;
			const node = reach(path, { ...details, mode: undefined })?.node;
			if (node !== undefined && present.answer === 'no') node.mode = details.mode ?? 0o755;
		},
		writeFile(path, file) {
			const at = tick();
			const parent = parentFor(path, file);
			if (parent !== undefined) setValue(parent.node.own, parent.name, fileNode(file, at));
		},
		writePerhaps(path, candidate) {
			const at = tick();
			const found = find(path);
			const details = candidate ?? { instruction: undefined, mode: undefined, owner: undefined };
			if (found.node?.kind === 'directory') return;
			const name = found.path.slice(found.path.lastIndexOf('/') + 1);
			const directory = found.path.slice(0, found.path.lastIndexOf('/')) || '/';
			if (name === '') return;
			const reached = reach(directory, details);
			if (reached === undefined) return;
			if (found.node !== undefined) {
				// It is there in any case; what it holds is in doubt.
				setValue(
					reached.node.own,
					name,
					fileNode({ ...found.node, content: undefined, source: undefined, build: candidate?.build ?? found.node.build }, at),
				);
			} else {
				setValue(reached.node.own, name, { kind: 'uncertain', candidate: candidate === undefined ? undefined : fileNode(candidate, at) });
			}
		},
		mayHold(directory, names) {
			tick();
			const own = reach(directory, NO_DETAILS)?.node.own;
			if (own !== undefined) for (const name of names) setValue(own, name, { kind: 'uncertain', candidate: undefined });
		},
		link(path, target) {
			tick();
			const normal = normalize(path);
			const name = normal.slice(normal.lastIndexOf('/') + 1);
			const parent = reach(normal.slice(0, normal.lastIndexOf('/')) || '/', NO_DETAILS);
			if (name !== '' && parent !== undefined) setValue(parent.node.own, name, { kind: 'link', target });
		},
		remove(path) {
			const at = tick();
			const normal = normalize(path);
			const name = normal.slice(normal.lastIndexOf('/') + 1);
			const directory = find(normal.slice(0, normal.lastIndexOf('/')) || '/');
			if (name === '' || directory.node?.kind !== 'directory') return;
			const reached = reach(directory.path, NO_DETAILS);
			if (reached !== undefined) setValue(reached.node.own, name, { kind: 'absent', at });
		},
		mount(path, mount) {
			tick();
			const reached = reach(path, { ...mount, mode: undefined });
			if (reached !== undefined) lay(reached.node, reached.wild, mount);
		},
		copy(path, found, details) {
			tick();
			if (found.node === undefined) return;
			const copied = copyNode(found.node, found.wild, details, clock, holder);
			if (copied.kind === 'directory') {
				const present = find(path);
				const reached = reach(path, { instruction: details.instruction, mode: undefined, owner: details.owner });
				if (reached === undefined) return;
				merge(reached.node, reached.wild, copied);
				if (present.answer === 'yes') return;
				// BuildKit makes the directory that it copies into before it copies: the source's own mode is lost.
				reached.node.mode = 0o755;
				reached.node.owner = details.owner;
				return;
			}
			const parent = parentFor(path, { instruction: details.instruction, mode: undefined, owner: 0 });
			if (parent !== undefined) setValue(parent.node.own, parent.name, copied);
		},
		move(from, to) {
			const { node, wild, path } = find(from);
			// Nothing is moved into itself: mv fails, and the tree would never end.
			if (isWithin(path, find(to).path)) return;
			tree.remove(from);
			if (node === undefined) return;
			// What was in doubt stays so, wherever it goes.
			if (node.kind === 'directory') tree.restore(to, { ...node, holder: {}, wildAt: Math.max(wild, node.wildAt) });
			else tree.restore(to, { ...node, at: tick(), content: node.at >= wild ? node.content : undefined });
		},
		makeUnknown(directory) {
			const at = tick();
			const found = find(directory);
			if (found.node?.kind === 'directory') {
				const reached = reach(directory, NO_DETAILS);
				if (reached !== undefined) reached.node.wildAt = at;
			} else if (found.answer !== 'yes') {
				// What is not there for certain does not make the directories above it certain.
				tree.writePerhaps(highestAbsent(tree, found.path));
			}
		},
		open(directory) {
			tick();
			const reached = reach(directory, NO_DETAILS);
			if (reached !== undefined) reached.node.closedAt = -1;
		},
		change(path, { mode, owner }) {
			const found = find(path);
			if (found.node?.kind === 'directory') {
				const node = reach(path, NO_DETAILS)?.node;
				if (node === undefined) return;
				if (mode !== undefined) node.mode = mode < 0 ? undefined : mode;
				if (owner !== undefined) node.owner = owner < 0 ? undefined : owner;
			} else if (found.node !== undefined) {
				const parent = parentFor(path, NO_DETAILS);
				if (parent === undefined) return;
				setValue(parent.node.own, parent.name, {
					...found.node,
					mode: mode === undefined ? found.node.mode : mode < 0 ? undefined : mode,
					modeChanged: mode === undefined ? found.node.modeChanged : mode < 0,
					owner: owner === undefined ? found.node.owner : owner < 0 ? undefined : owner,
				});
			}
		},
		changeBelow(path, { mode, owner }) {
			const { node } = find(path);
			if (node?.kind !== 'directory') return;
			const reached = reach(path, NO_DETAILS)?.node;
			if (reached === undefined) return;
			const apply = <T extends Details>(details: T): T => ({
				...details,
				mode: mode === undefined ? details.mode : mode < 0 ? undefined : mode,
				modeChanged: mode === undefined ? details.modeChanged : mode < 0,
				owner: owner === undefined ? details.owner : owner < 0 ? undefined : owner,
			});
			const pending = [reached];
			for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
				directory.mounts = directory.mounts.map(apply);
				for (const [name, child] of entriesOf(directory.own)) {
					clock.budget -= 1;
					if (clock.budget < 0) return;
					if (child.kind === 'directory') {
						const inner = apply(held(child));
						setValue(directory.own, name, inner);
						pending.push(inner);
					} else if (child.kind === 'file' || child.kind === 'something') {
						setValue(directory.own, name, apply(child));
					}
				}
			}
		},
		detach(path) {
			const { node, answer } = find(path);
			const candidate = tree.candidate(path);
			tree.remove(path);
			return node ?? (answer === 'no' ? { kind: 'stub', at: 0 } : { kind: 'uncertain', candidate });
		},
		restore(path, node) {
			const normal = normalize(path);
			const name = normal.slice(normal.lastIndexOf('/') + 1);
			if (name === '') {
				if (node.kind === 'directory') root = node;
				return;
			}
			const parent = reach(normal.slice(0, normal.lastIndexOf('/')) || '/', NO_DETAILS);
			if (parent !== undefined) setValue(parent.node.own, name, node.kind === 'stub' ? { ...node, at: tick() } : node);
		},
		sourceOf(directory) {
			const { node } = find(directory);
			return node?.kind === 'directory' ? sourceOf(node) : undefined;
		},
		fork() {
			holder = {};
			return createTree(root, clock);
		},
	};
	return tree;
}

const NO_DETAILS: Details = { instruction: undefined, mode: undefined, owner: undefined };

/** The end of the name that starts at `start` of a normal path. */
function endOfName(path: string, start: number): number {
	const slash = path.indexOf('/', start);
	return slash < 0 ? path.length : slash;
}

/** The path, or the directory above it that is the first one not there. */
function highestAbsent(tree: FileTree, path: string): string {
	let highest = path;
	for (const above of ancestors(dirname(path))) {
		if (above === '/' || tree.has(above) === 'yes') break;
		highest = above;
	}
	return highest;
}

function namesOf(path: string): string[] {
	return normalize(path)
		.split('/')
		.filter((name) => name !== '' && name !== '.');
}

function fileNode(file: Partial<FileNode>, at = 0): FileNode {
	return {
		kind: file.kind ?? 'file',
		at,
		instruction: file.instruction,
		source: file.source,
		named: file.named ?? false,
		content: file.content,
		build: file.build,
		mode: file.mode,
		modeChanged: file.modeChanged,
		mayDiffer: file.mayDiffer,
		owner: file.owner,
	};
}

/** What the directory has under the name: `undefined` where it has nothing for certain, `absent` where that was certain once. */
function childOf(directory: DirectoryNode, name: string, wild: number): TreeNode | undefined {
	const own = valueAt(directory.own, name);
	if (own?.kind === 'absent') return own.at >= wild ? undefined : own;
	if (own?.kind === 'stub') return own.at >= wild ? own : { kind: 'uncertain', candidate: undefined };
	if (own !== undefined) return own;
	const open = wild > directory.closedAt;
	let merged: DirectoryNode | undefined;
	const mounts: Mount[] = [];
	for (const mount of directory.mounts) {
		const below = mountedChild(mount, name);
		if (below === undefined) continue;
		if (below.kind !== 'directory') {
			if (merged === undefined) return below;
			continue;
		}
		merged ??= { ...below, closedAt: open ? -1 : directory.closedAt };
		mounts.push(...below.mounts);
	}
	if (merged !== undefined) return { ...merged, mounts };
	return open ? { kind: 'uncertain', candidate: undefined } : undefined;
}

/** What a directory of the context has under the name, .dockerignore applied. */
function mountedChild(mount: Mount, name: string): FileNode | DirectoryNode | { kind: 'uncertain'; candidate: undefined } | undefined {
	const path = joinContext(mount.path, name);
	const kind = mount.view.kind(path);
	const leftOut = mount.lacks?.(path) ?? 'no';
	if (kind === 'absent' || leftOut === 'yes') return undefined;
	if (kind === 'unknown' || leftOut === 'perhaps') return { kind: 'uncertain', candidate: undefined };
	const source = mount.view.workspacePath(path);
	// What the context's files may be changed to on their way is their owner and, with --chmod, their mode.
	if (kind === 'file') {
		const { instruction, mode, modeChanged, mayDiffer, owner } = mount;
		return fileNode({ instruction, mode, modeChanged, mayDiffer, owner, source });
	}
	return { ...emptyDirectory(mount, 0), mounts: [{ ...mount, path }] };
}

function joinContext(directory: string, name: string): string {
	return directory === '.' ? name : `${directory}/${name}`;
}

function entryOf(node: FileNode | DirectoryNode, wild: number): FileEntry {
	if (node.kind === 'directory') {
		return {
			kind: 'directory',
			instruction: node.instruction,
			source: sourceOf(node),
			content: undefined,
			asCopied: wild === 0 || wild <= node.closedAt,
			build: undefined,
			mode: node.mode,
			owner: node.owner,
		};
	}
	return {
		kind: node.kind === 'file' ? 'file' : 'unknown',
		instruction: node.instruction,
		source: node.source,
		content: node.at >= wild ? node.content : undefined,
		asCopied: node.at >= wild && node.mayDiffer !== true,
		build: node.build,
		mode: node.mode,
		keepsMode: node.source !== undefined && node.mode === undefined && node.modeChanged !== true,
		owner: node.owner,
	};
}

function namesIn(directory: DirectoryNode, wild: number): { names: string[]; complete: boolean } {
	const names = new Set<string>();
	let complete = wild <= directory.closedAt;
	const consider = (name: string) => {
		const child = childOf(directory, name, wild);
		if (child?.kind === 'uncertain' || child?.kind === 'absent' || child?.kind === 'stub') complete = false;
		else if (child !== undefined) names.add(name);
	};
	for (const [name] of entriesOf(directory.own)) consider(name);
	for (const mount of directory.mounts) {
		const listed = mount.view.children(mount.path);
		if (listed === undefined) complete = false;
		else for (const name of listed) consider(name);
	}
	return { names: [...names].sort(), complete };
}

/** All files that the tree itself holds; those of the context, which show through, are not among them. */
function* ownFiles(root: DirectoryNode): Generator<{ path: string; file: FileNode }> {
	const pending: { path: string; node: DirectoryNode }[] = [{ path: '', node: root }];
	for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
		for (const [name, child] of entriesOf(next.node.own)) {
			const path = `${next.path}/${name}`;
			if (child.kind === 'directory') pending.push({ path, node: child });
			else if (child.kind === 'file' || child.kind === 'something') yield { path, file: child };
			else if (child.kind === 'uncertain' && child.candidate !== undefined) yield { path, file: child.candidate };
		}
	}
}

/**
 * A copy whose doubts are settled as of now: what was in doubt where it comes from is unknown where it goes to.
 * @param depth how far below the node that is copied it is; directories that are moved into each other may be too deep for the stack
 */
function copyNode(
	node: FileNode | DirectoryNode,
	wild: number,
	details: Details,
	clock: Clock,
	holder: object,
	depth = 0,
): FileNode | DirectoryNode {
	const owner = details.owner;
	if (node.kind !== 'directory') {
		return {
			kind: node.kind,
			at: clock.now,
			instruction: details.instruction,
			source: node.source,
			named: node.named,
			content: node.at >= wild ? node.content : undefined,
			build: node.build,
			mode: details.mode ?? node.mode,
			modeChanged: details.mode === undefined && (details.modeChanged === true || node.modeChanged === true),
			mayDiffer: node.mayDiffer === true || node.at < wild,
			owner,
		};
	}
	const deepest = Math.max(wild, node.wildAt);
	const known = deepest <= node.closedAt;
	const copy = emptyDirectory({ instruction: details.instruction, mode: details.mode ?? node.mode, owner }, known ? clock.now : -1, holder);
	copy.mounts = node.mounts.map((mount) => ({
		...{ ...mount, instruction: details.instruction, owner, mode: details.mode ?? mount.mode },
		modeChanged: details.mode === undefined && (details.modeChanged === true || mount.modeChanged === true),
		mayDiffer: mount.mayDiffer === true || deepest > 0,
	}));
	for (const [name, child] of entriesOf(node.own)) {
		clock.budget -= 1;
		if (clock.budget < 0 || depth > MAX_DEPTH) {
			copy.closedAt = -1;
			break;
		}
		if (child.kind === 'directory' || child.kind === 'file' || child.kind === 'something') {
			setValue(copy.own, name, copyNode(child, deepest, details, clock, holder, depth + 1));
		} else if (child.kind === 'uncertain' && child.candidate !== undefined) {
			setValue(copy.own, name, { kind: 'uncertain', candidate: copyNode(child.candidate, deepest, details, clock, holder) as FileNode });
		} else if (child.kind !== 'absent' && child.kind !== 'stub') {
			setValue(copy.own, name, child);
		} else if (known && child.at >= deepest) {
			setValue(copy.own, name, { kind: child.kind, at: clock.now });
		} else {
			setValue(copy.own, name, { kind: 'uncertain', candidate: undefined });
		}
	}
	return copy;
}

/** Where the directory's contents come from: a directory of the context, or that of the files copied into it one by one. */
function sourceOf(directory: DirectoryNode): string | undefined {
	const mount = directory.mounts[0];
	if (mount !== undefined) {
		// A module whose go.mod was copied by name takes in the contents of another directory.
		const goMod = valueAt(directory.own, 'go.mod');
		const isOfModule = goMod?.kind === 'file' && goMod.source?.endsWith('/go.mod') === true;
		const isOther = isOfModule && mount.view.kind(joinContext(mount.path, 'go.mod')) === 'absent';
		return isOther ? goMod.source?.slice(0, -'/go.mod'.length) : mount.view.workspacePath(mount.path);
	}
	let below: string | undefined;
	for (const [name, child] of entriesOf(directory.own)) {
		if (child.kind === 'file' && child.source?.endsWith(`/${name}`)) return child.source.slice(0, -name.length - 1);
		const inner = child.kind === 'directory' ? child.mounts[0] : undefined;
		const source = inner?.view.workspacePath(inner.path);
		if (source?.endsWith(`/${name}`)) below ??= source.slice(0, -name.length - 1);
	}
	return below;
}
