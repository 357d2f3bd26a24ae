import type { BaseImage } from '../../knowledge/base-images.ts';
import { LOADERS, ROOT_DIRECTORIES, ROOT_FILES, ZONE_DIRECTORIES } from '../../knowledge/runtime-paths.ts';
import { ancestors, dirname, join } from '../../workspace/paths.ts';
import { type Clock, createTree, type DirectoryNode, emptyDirectory, type MutableTree } from './file-tree.ts';

/** The files of a base image as a tree to start a stage from. An unknown image is a tree that may hold anything. */
export function baseTree(base: BaseImage | undefined): DirectoryNode {
	if (base === undefined) return emptyDirectory({ mode: 0o755, owner: 0 }, -1);
	let tree = trees.get(base);
	if (tree === undefined) {
		tree = build(base);
		trees.set(base, tree);
	}
	return tree;
}

const trees = new WeakMap<BaseImage, DirectoryNode>();

/** Files of a base image: nobody's instruction made them, and they are root's. */
const FILE = { instruction: undefined, mode: undefined, owner: 0 };
const DIRECTORY = { instruction: undefined, mode: 0o755, owner: 0 };

function build(base: BaseImage): DirectoryNode {
	const clock: Clock = { now: 0, budget: 0 };
	const tree = createTree(emptyDirectory({ mode: 0o755, owner: 0 }, base.empty || base.files.listed ? 1_000 : -1), clock);
	if (!base.empty) {
		if (base.files.listed) addDirectories(tree, base);
		if (base.temporaryDirectory === 'yes') tree.makeDirectory('/tmp', { ...DIRECTORY, mode: 0o1777 });
		for (const path of base.files.programs) tree.writeFile(path, { ...FILE, mode: 0o755 });
		if (base.shell === 'no' && base.executables !== undefined) tree.remove('/bin/sh');
		addRuntimeFiles(tree, base);
		addAccounts(tree, base);
	}
	return tree.find('/').node as DirectoryNode;
}

/** The directories that programs are looked for in. */
const PROGRAM_DIRECTORIES = ['/bin', '/usr/bin', '/sbin', '/usr/sbin'];

function addDirectories(tree: MutableTree, { files, executables }: BaseImage): void {
	for (const { path, mode, owner } of files.directories) tree.makeDirectory(path, { instruction: undefined, mode, owner });
	if (files.mergedUsr) {
		for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
			tree.makeDirectory(`/usr/${name}`, DIRECTORY);
			tree.link(`/${name}`, `usr/${name}`);
		}
	}
	for (const path of PROGRAM_DIRECTORIES) {
		tree.makeDirectory(path, DIRECTORY);
		if (executables === undefined) tree.open(path);
		for (const name of files.lacking) tree.remove(join(path, name));
	}
	for (const path of ['/lib', '/lib64']) {
		tree.makeDirectory(path, DIRECTORY);
		tree.open(path);
	}
	for (const path of files.open) tree.open(path);
	// Which of these directories a program lies in the list does not say.
	if (executables !== undefined) for (const path of PROGRAM_DIRECTORIES) tree.mayHold(path, executables);
}

function addRuntimeFiles(tree: MutableTree, { certificateRoots, zoneData, libc, files }: BaseImage): void {
	if (certificateRoots === 'yes') {
		tree.writeFile(files.bundle, FILE);
		if (files.listed) tree.open('/etc/ssl/certs');
	} else if (certificateRoots === 'no') {
		for (const path of ['/etc/ssl', '/etc/pki', ...ROOT_FILES, ...ROOT_DIRECTORIES]) leaveOut(tree, path);
	}
	if (zoneData === 'yes') {
		// A file of every tzdata, which shows that the directory is not empty.
		tree.writeFile('/usr/share/zoneinfo/Etc/UTC', FILE);
		for (const path of ['/usr/share/zoneinfo/Etc', '/usr/share/zoneinfo']) tree.open(path);
	} else if (zoneData === 'no') {
		for (const path of ZONE_DIRECTORIES) leaveOut(tree, path);
	}
	if (libc === 'unknown') return;
	// An image of one C library lacks the loader of the other, and one without a C library lacks both.
	for (const other of ['glibc', 'musl'] as const) {
		if (libc !== other) for (const path of LOADERS[other]) leaveOut(tree, path);
	}
}

function addAccounts(tree: MutableTree, { users, groups, shell }: BaseImage): void {
	const passwd = users && [...users].map(([name, { uid, gid }]) => `${name}:x:${uid}:${gid}::/:\n`);
	const group = groups && [...groups].map(([name, gid]) => `${name}:x:${gid}:\n`);
	for (const [path, lines] of [
		['/etc/passwd', passwd],
		['/etc/group', group],
	] as const) {
		if (lines !== undefined) tree.writeFile(path, { ...FILE, mode: 0o644, content: lines.join('') });
		else if (shell === 'yes') tree.writeFile(path, { ...FILE, mode: 0o644 });
	}
}

/** Notes that the image lacks the path, and so whatever directory above it the tree does not have either. */
function leaveOut(tree: MutableTree, path: string): void {
	let highest = path;
	for (const above of ancestors(dirname(path))) {
		if (above === '/' || tree.get(above) !== undefined) break;
		highest = above;
	}
	tree.remove(highest);
}
