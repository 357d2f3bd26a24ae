import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { UnreadableImage } from '../../server/built-image/model.ts';
import { collect } from '../../server/built-image/streams.ts';
import { tarEntries } from '../../server/built-image/tar.ts';
import { configuration, digestOf, inPieces, type Layer, layer, read, saved, tar, treeOf, zstd } from '../support/image-files.ts';

interface OfPlatform {
	readonly layers: readonly Layer[];
	readonly architecture: string;
	readonly variant?: string;
}

/** The blobs of an OCI layout with an image for each platform, and its index. */
function layout(images: readonly OfPlatform[]) {
	const blobs = new Map<string, Uint8Array | string>();
	const put = (content: Uint8Array | string) => {
		blobs.set(`blobs/sha256/${digestOf(content)}`, content);
		return `sha256:${digestOf(content)}`;
	};
	const manifests = images.map(({ layers, ...platform }) => {
		const config = put(configuration(layers, platform));
		const manifest = {
			schemaVersion: 2,
			config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config },
			layers: layers.map(({ stored }) => ({ digest: put(stored) })),
		};
		return { digest: put(JSON.stringify(manifest)), platform: { os: 'linux', ...platform } };
	});
	return { blobs, manifests, put };
}

function refused(bytes: Uint8Array, message: RegExp, limits = {}): Promise<void> {
	return assert.rejects(read(bytes, limits), (error) => {
		assert.ok(error instanceof UnreadableImage, String(error));
		assert.match(error.message, message);
		return true;
	});
}

const hello = (name = 'app') => layer({ [name]: 'hello' });

/** The files of a tar archive. */
async function entriesOf(bytes: Uint8Array): Promise<(readonly [string, Uint8Array])[]> {
	const found: (readonly [string, Uint8Array])[] = [];
	for await (const { header, content } of tarEntries(inPieces(bytes))) {
		found.push([header.name, (await collect(content, 1e9)) as Uint8Array]);
	}
	return found;
}

describe('an archive of images', () => {
	it('is what docker save writes, however the layers are packed and the bytes come', async () => {
		for (const packing of ['none', 'gzip', 'zstd'] as const) {
			const bytes = await saved([await layer({ app: 'hello'.repeat(50_000) }, packing)], { config: { User: '65534' } });
			for (const pieces of [61, 511, 1_000_000]) {
				const { images } = await read(bytes, {}, pieces);
				assert.equal(images.length, 1);
				assert.equal(images[0]?.name, 'app:latest');
				assert.equal(images[0]?.configuration?.platform, 'linux/amd64');
				assert.equal(images[0]?.configuration?.user, '65534');
				assert.ok(images[0]?.tree.children.has('app'), packing);
			}
		}
	});

	it('may be packed itself', async () => {
		const bytes = await saved([await hello()]);
		for (const packed of [gzipSync(bytes), zstd(bytes)]) assert.ok((await treeOf(packed))['/app']);
	});

	it('may have the layout of older engines, in which images share a layer by a link', async () => {
		const [first, second] = [await hello('one'), await hello('two')];
		const text = configuration([first, second, first]);
		const name = `${digestOf(text)}.json`;
		const bytes = await tar([
			['1/layer.tar', first.unpacked],
			['1/VERSION', '1.0'],
			['2/layer.tar', second.unpacked],
			['3/layer.tar', { type: 'symlink', linkname: '../1/layer.tar' }],
			[name, text],
			['manifest.json', JSON.stringify([{ Config: name, RepoTags: null, Layers: ['1/layer.tar', '2/layer.tar', '3/layer.tar'] }])],
		]);
		assert.deepEqual(Object.keys(await treeOf(bytes)), ['/one', '/two']);
		assert.equal((await read(bytes)).images[0]?.name, undefined);
	});

	it('may hold several images', async () => {
		const layers = [await hello('one'), await hello('two')];
		const texts = layers.map((each) => configuration([each]));
		const manifest = layers.map(({ stored }, index) => ({
			Config: `${digestOf(texts[index] as string)}.json`,
			RepoTags: [`app:${index}`],
			Layers: [`${digestOf(stored)}.tar`],
		}));
		const bytes = await tar([
			...layers.map(({ stored }) => [`${digestOf(stored)}.tar`, stored] as const),
			...texts.map((text) => [`${digestOf(text)}.json`, text] as const),
			['manifest.json', JSON.stringify(manifest)],
		]);
		assert.deepEqual(
			(await read(bytes)).images.map(({ name, tree }) => [name, ...tree.children.keys()]),
			[
				['app:0', 'one'],
				['app:1', 'two'],
			],
		);
	});

	it('is an OCI layout, with an image for each platform, and without what a builder attests', async () => {
		const { blobs, manifests, put } = layout([
			{ layers: [await hello('amd')], architecture: 'amd64' },
			{ layers: [await layer({ arm: 'x' }, 'gzip')], architecture: 'arm', variant: 'v7' },
		]);
		const attested = {
			digest: put('{}'),
			annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
			platform: { os: 'unknown', architecture: 'unknown' },
		};
		const absent = { digest: `sha256:${'0'.repeat(64)}`, platform: { os: 'linux', architecture: 's390x' } };
		const nested = put(JSON.stringify({ manifests: [...manifests, attested, absent] }));
		const annotations = { 'io.containerd.image.name': 'docker.io/library/app:1' };
		const index = JSON.stringify({ manifests: [{ digest: nested, annotations }] });
		const { images, leftOut } = await read(await tar([['oci-layout', '{}'], ...blobs, ['index.json', index]]));
		assert.deepEqual(
			images.map(({ name, configuration: { platform } = {}, tree }) => [name, platform, ...tree.children.keys()]),
			[
				['docker.io/library/app:1', 'linux/amd64', 'amd'],
				['docker.io/library/app:1', 'linux/arm/v7', 'arm'],
			],
		);
		assert.deepEqual(leftOut, ['linux/s390x is not in the archive']);
	});

	it('has a line of the history for each layer, if the history has as many', async () => {
		const layers = [await hello('one'), await hello('two')];
		const linesOf = async (history: { created_by: string; empty_layer?: boolean }[]) =>
			(await read(await saved(layers, { history }))).images[0]?.layers.map(({ createdBy }) => createdBy);
		const first = { created_by: 'FIRST' };
		assert.deepEqual(await linesOf([first, { created_by: 'ENV A=b', empty_layer: true }, { created_by: 'SECOND' }]), ['FIRST', 'SECOND']);
		assert.deepEqual(await linesOf([first]), [undefined, undefined]);
	});

	it('is a root file system where it is no archive of images', async () => {
		const bytes = await tar({ 'etc/': undefined, 'etc/passwd': 'root', 'backup.tar': 'not an archive', 'manifest.json': '{}' });
		const { images } = await read(bytes);
		assert.equal(images[0]?.configuration, undefined);
		assert.deepEqual([...(images[0]?.tree.children.keys() ?? [])].sort(), ['backup.tar', 'etc', 'manifest.json']);
	});
});

describe('an archive that cannot be believed', () => {
	it('is refused where a blob is not what its digest says', async () => {
		const one = await hello();
		const other = await hello('other');
		const entries = await entriesOf(await saved([one]));
		const exchanged = entries.map(([name, content]) => [name, name.endsWith(digestOf(one.stored)) ? other.stored : content] as const);
		assert.notDeepEqual(exchanged, entries);
		await refused(await tar(exchanged), /is not what its digest says/);
		// What older engines write names layers by their content in the configuration alone.
		const name = `${'a'.repeat(64)}.json`;
		const older = await tar([
			['1/layer.tar', one.stored],
			[name, configuration([other])],
			['manifest.json', JSON.stringify([{ Config: name, Layers: ['1/layer.tar'] }])],
		]);
		await refused(older, /layer 1 is not what its digest says/);
	});

	it('is refused where a part is missing, or is something else', async () => {
		const text = configuration([await hello()]);
		const name = `${digestOf(text)}.json`;
		const archive = (entries: readonly (readonly [string, string])[], layers: readonly string[]) =>
			tar([...entries, ['manifest.json', JSON.stringify([{ Config: name, Layers: layers }])]]);
		await refused(await archive([], []), /the configuration of the image, .*, is missing/);
		await refused(await archive([[name, text]], ['1/layer.tar']), /the layer 1\/layer.tar is missing/);
		await refused(
			await archive(
				[
					[name, text],
					['1/layer.tar', text],
				],
				['1/layer.tar'],
			),
			/is not a layer/,
		);
		await refused(await archive([[name, '{}']], []), /is not the configuration/);
		await refused(await archive([[name, text]], []), /names 1 layers, and its manifest 0/);
		await refused(await tar({ x: 'y' }), /neither what docker save writes/);
		await refused(new Uint8Array(0), /it is empty/);
	});

	it('is refused where it is cut off, at whichever byte', async () => {
		const bytes = await saved([await layer({ app: 'hello'.repeat(1000), 'etc/passwd': 'x' }, 'gzip')]);
		const end = bytes.length - 1024;
		for (let length = 1; length < end; length += 97) {
			await assert.rejects(read(bytes.subarray(0, length)), UnreadableImage, `${length} of ${bytes.length}`);
		}
	});

	it('is refused where it is something else', async () => {
		await refused(new TextEncoder().encode('hello\n'.repeat(1000)), /not a tar archive/);
		await refused(new Uint8Array([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), /packed with xz/);
		await refused(new TextEncoder().encode('BZh91AY'), /packed with bzip2/);
		await refused(zstd(await saved([await hello()])).subarray(0, 2000), /cut off/);
		await refused(await saved([{ ...(await hello()), stored: new TextEncoder().encode('BZh91AY') }]), /packed with bzip2/);
	});

	it('ends where a directory says that it has a size', async () => {
		const sized = Buffer.from(await tar({ 'etc/': undefined, 'etc/passwd': 'x' }));
		sized.write('00000001000\0', 124, 'latin1');
		sized.fill(' ', 148, 156);
		const sum = sized.subarray(0, 512).reduce((total, byte) => total + byte, 0);
		sized.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
		assert.deepEqual(Object.keys(await treeOf(sized)), ['/etc', '/etc/passwd']);
	});

	it('is refused where a name leaves the image', async () => {
		for (const name of ['../etc/passwd', 'a/../../b', '..']) {
			await refused(await saved([await layer({ [name]: 'x' })]), /leaves the image/);
		}
		const tree = await treeOf(await saved([await layer({ '/etc/./passwd': 'x', 'a/../b': 'y' })]));
		assert.deepEqual(Object.keys(tree), ['/b', '/etc', '/etc/passwd']);
	});

	it('is refused where links lead to each other', async () => {
		const first = await layer({ a: { type: 'symlink', linkname: 'b' }, b: { type: 'symlink', linkname: 'a' } });
		await refused(await saved([first, await layer({ 'a/x': 'y' })]), /links that lead to each other/);
	});

	it('is refused where it unpacks to more than is read, as a layer or in total', async () => {
		const bomb = await layer({ zeros: '\0'.repeat(5_000_000) }, 'gzip');
		assert.ok(bomb.stored.length < 20_000);
		await refused(await saved([bomb]), /larger than go-scratch reads/, { layer: 1_000_000 });
		const another = await layer({ more: '\0'.repeat(5_000_000) }, 'gzip');
		await refused(await saved([bomb, another]), /larger than go-scratch reads/, { image: 6_000_000 });
		await refused(gzipSync(await saved([bomb])), /larger than go-scratch reads/, { image: 10_000 });
	});

	it('is refused where it has more entries than are read', async () => {
		const many = await layer(Array.from({ length: 200 }, (_, index) => [`f${index}`, ''] as const));
		await refused(await saved([many]), /more than 100 files/, { entries: 100 });
	});

	it('is refused where a header is larger than anybody writes', async () => {
		const huge = await layer({ app: { content: 'x', pax: { comment: 'x'.repeat(5 * 1024 * 1024) } } });
		await refused(await saved([huge]), /damaged/);
	});

	it('is refused where a name is longer or deeper than any system has it', async () => {
		await refused(await saved([await layer({ [`${'a/'.repeat(300)}b`]: 'x' })]), /more than 200 directories/);
		await refused(await saved([await layer({ ['a'.repeat(5000)]: 'x' })]), /more than 4096 characters/);
	});

	it('is refused where a Zstandard frame requires more memory than is given, the first or a later one', async () => {
		const huge = zstd(await tar({ app: 'x' }), 0xa0);
		await refused(huge, /too much memory/);
		await refused(Buffer.concat([zstd(await saved([await hello()])), huge]), /too much memory/);
	});

	it('is refused where indexes lie in each other without an end', async () => {
		const { blobs, manifests, put } = layout([{ layers: [await hello()], architecture: 'amd64' }]);
		let nested = JSON.stringify({ manifests });
		for (let depth = 0; depth < 10; depth++) nested = JSON.stringify({ manifests: [{ digest: put(nested) }] });
		await refused(await tar([...blobs, ['index.json', nested]]), /lie in each other/);
		await refused(await tar([['index.json', JSON.stringify({ manifests: [{ digest: '../../etc' }] })]]), /invalid digest/);
	});

	it('says nothing of a damaged file that no image is made of', async () => {
		const good = await entriesOf(await saved([await hello()]));
		const bytes = await tar([['other.tar', 'not a tar'], [`blobs/sha256/${'1'.repeat(64)}`, 'BZh'], ...good]);
		assert.ok((await treeOf(bytes))['/app']);
	});
});
