import type { BaseImage } from '../../knowledge/base-images.ts';
import { LOADERS } from '../../needs/libc.ts';
import { ROOT_DIRECTORIES, ROOT_FILES, ZONE_DIRECTORIES } from '../../needs/needs.ts';
import { ancestors, dirname } from '../../workspace/paths.ts';
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

/** Directories that every distribution has and that its image leaves empty. */
const EMPTY = ['/home', '/media', '/mnt', '/opt', '/srv', '/usr/local/bin', '/usr/local/sbin'];
const OPEN = ['/etc', '/root', '/run', '/sys', '/proc', '/dev', '/usr', '/usr/lib', '/usr/share', '/var', '/usr/local', '/boot'];

function build(base: BaseImage): DirectoryNode {
	const clock: Clock = { now: 0, budget: 0 };
	const closed = base.family === 'scratch';
	const listed = /^(?:scratch|alpine|busybox|debian|ubuntu|golang|distroless\/.*|chainguard\/static)$/.test(base.family) && !base.windows;
	const tree = createTree(emptyDirectory({ mode: 0o755, owner: 0 }, listed ? 1_000 : -1), clock);
	if (closed) return tree.find('/').node as DirectoryNode;
	const file = { instruction: undefined, mode: undefined, owner: 0 };
	const directory = { instruction: undefined, mode: 0o755, owner: 0 };
	const distribution = /^(?:alpine|debian|ubuntu|golang)$/.test(base.family);
	const golang = base.family === 'golang' && base.go !== undefined;
	const debianLike = base.libc === 'glibc' && distribution;
	if (listed) {
		for (const path of OPEN) tree.makeDirectory(path, directory);
		if (distribution) for (const path of EMPTY) tree.makeDirectory(path, directory);
		else for (const path of ['/home', '/usr/local/bin', '/usr/local/sbin']) tree.makeDirectory(path, directory);
		if (base.family === 'distroless/static' || base.family.startsWith('distroless/'))
			tree.makeDirectory('/home/nonroot', { ...directory, mode: 0o700, owner: 65532 });
		// Debian and Ubuntu merged /bin into /usr/bin; where an old release did not, a program is then found in one place too many.
		if (debianLike) {
			for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
				tree.makeDirectory(`/usr/${name}`, directory);
				tree.link(`/${name}`, `/usr/${name}`);
			}
		}
		for (const path of ['/bin', '/usr/bin', '/sbin', '/usr/sbin']) {
			tree.makeDirectory(path, directory);
			if (base.executables === undefined) tree.open(path);
		}
		for (const path of ['/lib', '/lib64']) {
			tree.makeDirectory(path, directory);
			tree.open(path);
		}
		if (golang) addGo(tree, base, debianLike);
		for (const path of OPEN) tree.open(path);
		if (golang) tree.open('/usr/local/go');
		// Which of these directories a program lies in the list does not say.
		if (base.executables !== undefined) for (const path of ['/bin', '/usr/bin', '/sbin', '/usr/sbin']) tree.mayHold(path, base.executables);
	}
	if (base.temporaryDirectory === 'yes') tree.makeDirectory('/tmp', { ...directory, mode: 0o1777 });
	if (base.shell === 'yes') {
		const shell = base.family.startsWith('distroless/') ? '/busybox/sh' : '/bin/sh';
		tree.writeFile(shell, { ...file, mode: 0o755 });
		if (shell === '/busybox/sh') tree.open('/busybox');
		if (debianLike || base.family.startsWith('ubi')) {
			tree.writeFile('/bin/bash', { ...file, mode: 0o755 });
			tree.writeFile('/usr/bin/bash', { ...file, mode: 0o755 });
		}
		if (distribution) tree.writeFile('/usr/bin/env', { ...file, mode: 0o755 });
	} else if (base.shell === 'no' && base.executables !== undefined) {
		tree.remove('/bin/sh');
	}
	if (base.certificateRoots === 'yes') {
		if (!base.family.startsWith('ubi')) tree.writeFile('/etc/ssl/certs/ca-certificates.crt', file);
		else tree.writeFile('/etc/pki/tls/certs/ca-bundle.crt', file);
		if (distribution || listed) tree.open('/etc/ssl/certs');
	} else if (base.certificateRoots === 'no') {
		for (const path of ['/etc/ssl', '/etc/pki', ...ROOT_FILES, ...ROOT_DIRECTORIES]) leaveOut(tree, path);
	}
	if (base.zoneData === 'yes') {
		tree.makeDirectory('/usr/share/zoneinfo', directory);
		tree.open('/usr/share/zoneinfo');
	} else if (base.zoneData === 'no') {
		for (const path of ZONE_DIRECTORIES) leaveOut(tree, path);
	}
	// A distribution of one C library has no loader of the other.
	if (base.libc === 'musl' || base.libc === 'glibc')
		for (const path of LOADERS[base.libc === 'musl' ? 'glibc' : 'musl']) leaveOut(tree, path);
	if (base.users !== undefined) {
		const lines = [...base.users].map(([name, { uid, gid }]) => `${name}:x:${uid}:${gid}::/:\n`);
		tree.writeFile('/etc/passwd', { ...file, mode: 0o644, content: lines.join('') });
	} else if (base.shell === 'yes') {
		tree.writeFile('/etc/passwd', { ...file, mode: 0o644 });
	}
	if (base.groups !== undefined) {
		const lines = [...base.groups].map(([name, gid]) => `${name}:x:${gid}:\n`);
		tree.writeFile('/etc/group', { ...file, mode: 0o644, content: lines.join('') });
	} else if (base.shell === 'yes') {
		tree.writeFile('/etc/group', { ...file, mode: 0o644 });
	}
	return tree.find('/').node as DirectoryNode;
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

/** What the golang images add: the toolchain, GOPATH and, on Debian, what buildpack-deps brings. */
function addGo(tree: MutableTree, base: BaseImage, debianLike: boolean): void {
	const directory = { instruction: undefined, mode: 0o755, owner: 0 };
	tree.makeDirectory('/usr/local/go/bin', directory);
	for (const name of ['go', 'gofmt']) tree.writeFile(`/usr/local/go/bin/${name}`, directory);
	for (const path of ['/go/bin', '/go/src']) tree.makeDirectory(path, { ...directory, mode: 0o1777 });
	tree.change('/go', { mode: 0o1777 });
	if (!debianLike) return;
	const programs = ['git', 'curl', 'wget', ...(base.cCompiler === 'yes' ? ['gcc', 'g++', 'cc', 'make'] : [])];
	for (const name of programs) tree.writeFile(`/usr/bin/${name}`, directory);
}
