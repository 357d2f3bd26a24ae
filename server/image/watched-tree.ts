import { ancestors, dirname, normalize } from '../workspace/paths.ts';
import type { Found, MutableTree } from './file-tree.ts';

/** A tree that notes what is asked of it. */
export interface WatchedTree {
	readonly tree: MutableTree;
	/** The paths at which something was looked up or changed, links followed. */
	readonly paths: ReadonlySet<string>;
	/** Directories of which everything below was looked at or changed, or may have been. */
	readonly directories: ReadonlySet<string>;
	/**
	 * What was done to the tree, to be done to another one: that single files and directories were made, changed or removed, or that nothing
	 * was done but to say that anything may have been written anywhere. `undefined` where it was more, or too much to be worth it.
	 */
	changes(): readonly Change[] | 'unknown' | undefined;
	/** Whether another tree was started from this one. */
	forked(): boolean;
}

export interface Change {
	/** The path that it made, changed or removed: with directories above it that were not there, the first of these. */
	readonly path: string;
	apply(tree: MutableTree): void;
}

/** Each change is held against each path; more of them than these are not typed by hand. */
const MOST_CHANGES = 32;

/** Watches `tree`, which goes on as it is. */
export function watchTree(tree: MutableTree): WatchedTree {
	const paths = new Set<string>();
	const directories = new Set<string>();
	let changes: Change[] | undefined = [];
	let unknown = false;
	let forked = false;

	/** @param whole whether all that lies below counts as well */
	function note(path: string, whole = false): Found {
		const found = tree.find(path);
		for (const each of [normalize(path), found.path]) {
			paths.add(each);
			if (whole) directories.add(each);
		}
		for (const passed of found.passed ?? []) paths.add(passed);
		return found;
	}

	/** A change of the one thing at the path, for which `note` found that. */
	function change(path: string, { path: target }: Found, make: (tree: MutableTree, path: string) => void): void {
		let changed = target;
		for (const above of ancestors(dirname(changed))) {
			if (above === '/' || tree.has(above) === 'yes') break;
			changed = above;
		}
		// Links on the way may lead elsewhere in another tree.
		changes?.push({ path: changed, apply: (other) => make(other, target) });
		if (changes?.length === MOST_CHANGES) changes = undefined;
		make(tree, path);
	}

	/** Any other change. */
	function changeAll(path: string): void {
		note(path, true);
		changes = undefined;
	}

	const watched: MutableTree = {
		clock: tree.clock,
		find(path) {
			const found = note(path);
			// Whoever has a directory may look at all that it holds.
			if (found.node?.kind === 'directory') directories.add(normalize(path)).add(found.path);
			return found;
		},
		has(path) {
			note(path);
			return tree.has(path);
		},
		get(path) {
			note(path);
			return tree.get(path);
		},
		children(path) {
			note(path, true);
			return tree.children(path);
		},
		builds() {
			note('/', true);
			return tree.builds();
		},
		copiedFiles() {
			note('/', true);
			return tree.copiedFiles();
		},
		candidate(path) {
			note(path);
			return tree.candidate(path);
		},
		makeDirectory: (path, details) => change(path, note(path), (other, at) => other.makeDirectory(at, details)),
		writeFile(path, file) {
			change(path, note(path, true), (other, at) => other.writeFile(at, file));
		},
		writePerhaps(path, candidate) {
			change(path, note(path, true), (other, at) => other.writePerhaps(at, candidate));
		},
		mayHold(directory, names) {
			changeAll(directory);
			tree.mayHold(directory, names);
		},
		link(path, target) {
			changeAll(path);
			tree.link(path, target);
		},
		remove(path) {
			const found = note(path, true);
			// A link goes itself, and not what it points to.
			if (found.path !== normalize(path)) changes = undefined;
			change(path, found, (other, at) => other.remove(at));
		},
		mount(path, mount) {
			changeAll(path);
			tree.mount(path, mount);
		},
		copy(path, found, details) {
			changeAll(path);
			tree.copy(path, found, details);
		},
		move(from, to) {
			changeAll(from);
			changeAll(to);
			tree.move(from, to);
		},
		makeUnknown(directory) {
			if (normalize(directory) === '/') {
				note(directory, true);
				unknown = true;
			} else changeAll(directory);
			tree.makeUnknown(directory);
		},
		open(directory) {
			changeAll(directory);
			tree.open(directory);
		},
		change: (path, to) => change(path, note(path), (other, at) => other.change(at, to)),
		changeBelow(path, to) {
			changeAll(path);
			tree.changeBelow(path, to);
		},
		detach(path) {
			changeAll(path);
			return tree.detach(path);
		},
		restore(path, node) {
			changeAll(path);
			tree.restore(path, node);
		},
		sourceOf(directory) {
			note(directory, true);
			return tree.sourceOf(directory);
		},
		fork() {
			forked = true;
			return tree.fork();
		},
	};
	return {
		tree: watched,
		paths,
		directories,
		changes: () => (!unknown ? changes : changes?.length === 0 ? 'unknown' : undefined),
		forked: () => forked,
	};
}

/** Whether it is the same whether the change is made before or after what was done to the watched tree. */
export function commutes({ path }: Change, { paths, directories }: WatchedTree): boolean {
	if (path === '/' || directories.has('/')) return false;
	for (const other of paths) if (other === path || other.startsWith(`${path}/`)) return false;
	for (const directory of directories) {
		if (directory === path || path.startsWith(`${directory}/`) || directory.startsWith(`${path}/`)) return false;
	}
	return true;
}
