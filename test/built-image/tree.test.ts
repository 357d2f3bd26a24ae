import assert from 'node:assert/strict';
import { fileTreeOf } from '../../server/built-image/tree.ts';
import { layer, read, saved, treeOf } from '../support/image-files.ts';

describe('the tree of a built image', () => {
	it('has what each layer puts there, with its owner, its mode and the layer', async () => {
		const first = await layer({ 'etc/': undefined, 'etc/passwd': { content: 'root:x:0:0::/:\n', mode: 0o600, uid: 1, gid: 2 } });
		const second = await layer({ app: { content: 'x', mode: 0o4755 }, 'etc/group': 'y' });
		assert.deepEqual(await treeOf(await saved([first, second])), {
			'/app': 'f1 4755 0:0 @1',
			'/etc': 'd 755 0:0 @0',
			'/etc/group': 'f1 644 0:0 @1',
			'/etc/passwd': 'f15 600 1:2 @0',
		});
	});

	it('makes the directories that no entry names', async () => {
		assert.deepEqual(await treeOf(await saved([await layer({ 'a/b/c': 'x' })])), {
			'/a': 'd 755 0:0 @0',
			'/a/b': 'd 755 0:0 @0',
			'/a/b/c': 'f1 644 0:0 @0',
		});
	});

	it('takes away what a whiteout hides, and not what its own layer has, wherever the whiteout stands', async () => {
		const first = await layer({ 'a/one': '1', 'a/two': '2', 'b/three': '3' });
		const second = await layer([
			['a/one', 'new'],
			['a/.wh.one', ''],
			['.wh.b', ''],
		]);
		assert.deepEqual(await treeOf(await saved([first, second])), {
			'/a': 'd 755 0:0 @0',
			'/a/one': 'f3 644 0:0 @1',
			'/a/two': 'f1 644 0:0 @0',
		});
	});

	it('empties an opaque directory of what lower layers have, wherever that is said', async () => {
		const first = await layer({ 'a/one': '1', 'a/b/two': '2' });
		const second = await layer([
			['a/new', 'n'],
			['a/.wh..wh..opq', ''],
		]);
		assert.deepEqual(await treeOf(await saved([first, second])), { '/a': 'd 755 0:0 @0', '/a/new': 'f1 644 0:0 @1' });
	});

	it('ignores whiteouts of what is not there, and the files that AUFS keeps', async () => {
		const only = await layer({ '.wh.nothing': '', 'x/.wh.y': '', '.wh..wh.plnk': '', app: 'x' });
		const tree = await treeOf(await saved([only]));
		assert.equal(tree['/app'], 'f1 644 0:0 @0');
		assert.ok(Object.keys(tree).every((path) => !path.includes('.wh.')));
	});

	it('has a hard link as the file that it is a name of', async () => {
		const first = await layer({ 'bin/busybox': { content: 'binary', mode: 0o755 } });
		const second = await layer({ 'bin/sh': { type: 'link', linkname: 'bin/busybox' }, 'bin/none': { type: 'link', linkname: 'absent' } });
		const tree = await treeOf(await saved([first, second]));
		assert.equal(tree['/bin/sh'], 'f6 755 0:0 @1');
		assert.match(tree['/bin/none'] ?? '', /^f0 /);
	});

	it('writes through a link to a directory, and replaces a link that an entry names', async () => {
		const link = (linkname: string) => ({ type: 'symlink', linkname, mode: 0o777 }) as const;
		const first = await layer({ 'usr/lib/': undefined, lib: link('usr/lib'), bin: link('/usr') });
		const second = await layer({ 'lib/libc.so': 'c', 'bin/': undefined });
		const tree = await treeOf(await saved([first, second]));
		assert.equal(tree['/usr/lib/libc.so'], 'f1 644 0:0 @1');
		assert.equal(tree['/lib'], '-> usr/lib 777 0:0 @0');
		assert.equal(tree['/bin'], 'd 755 0:0 @1');
	});

	it('lets no link lead out of the image', async () => {
		const first = await layer({ out: { type: 'symlink', linkname: '../../../../etc' }, 'etc/': undefined });
		const second = await layer({ 'out/passwd': 'x' });
		assert.equal((await treeOf(await saved([first, second])))['/etc/passwd'], 'f1 644 0:0 @1');
	});

	it('replaces a directory by a file, and a file by a directory', async () => {
		const first = await layer({ 'a/b': 'x', c: 'y' });
		const second = await layer({ a: 'file', 'c/d': 'z' });
		assert.deepEqual(await treeOf(await saved([first, second])), {
			'/a': 'f4 644 0:0 @1',
			'/c': 'd 755 0:0 @1',
			'/c/d': 'f1 644 0:0 @1',
		});
	});

	it('keeps what is in a directory that a later layer names again, with the owner of the later', async () => {
		const first = await layer({ 'data/': undefined, 'data/x': 'x' });
		const second = await layer({ 'data/': { mode: 0o700, uid: 65534 } });
		assert.deepEqual(await treeOf(await saved([first, second])), { '/data': 'd 700 65534:0 @1', '/data/x': 'f1 644 0:0 @0' });
	});

	it('has the numbers and the names of pax', async () => {
		const long = `${'directory/'.repeat(30)}file`;
		const only = await layer({ [long]: 'x', app: { content: 'y', pax: { uid: '1000000', gid: '2000000' } } });
		const tree = await treeOf(await saved([only]));
		assert.equal(tree[`/${long}`], 'f1 644 0:0 @0');
		assert.equal(tree['/app'], 'f1 644 1000000:2000000 @0');
	});

	it('answers as the tree of a simulation does, with everything known', async () => {
		const only = await layer({
			'etc/passwd': 'root:x:0:0::/:\n',
			app: { content: 'x', mode: 0o755, uid: 3 },
			sh: { type: 'symlink', linkname: 'app' },
			gone: { type: 'symlink', linkname: 'nothing' },
			null: { type: 'character-device' },
		});
		const { images } = await read(await saved([only]));
		const files = fileTreeOf(images[0]?.tree ?? assert.fail(), () => undefined);
		assert.deepEqual(
			['/etc', '/app', '/sh', '/gone', '/nothing', '/etc/passwd/x', '/null'].map((path) => files.has(path)),
			['yes', 'yes', 'yes', 'no', 'no', 'no', 'yes'],
		);
		assert.equal(files.get('/etc/passwd')?.content, 'root:x:0:0::/:\n');
		assert.deepEqual([files.get('/sh')?.mode, files.get('/sh')?.owner], [0o755, 3]);
		assert.deepEqual(files.children('/etc'), { names: ['passwd'], complete: true });
	});
});
