import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gzipSync, inflateRawSync } from 'node:zlib';
import { readImageArchive } from '../../../server/built-image/archive.ts';
import { factsOfImage } from '../../../server/built-image/facts.ts';
import type { ImageTools } from '../../../server/built-image/layer.ts';
import { UnreadableImage } from '../../../server/built-image/model.ts';
import { pictureOfImage } from '../../../server/built-image/picture.ts';
import { placeAt } from '../../../server/built-image/places.ts';
import { collect } from '../../../server/built-image/streams.ts';
import { walkTree } from '../../../server/built-image/tree.ts';
import { bytesInMemory } from '../../../server/linked/byte-source.ts';
import { judgeImage } from '../../../server/lint/judge-image.ts';
import { DEFAULT_SETTINGS } from '../../../server/lint/settings.ts';
import { rules } from '../../../server/rules/index.ts';
import { elfFile } from '../../../test/support/elf.ts';
import { mutateText } from '../mutate.ts';
import type { Random } from '../random.ts';
import type { Input, Target } from '../target.ts';

/** A small tar archive, whose every header can be changed. */
interface Entry {
	readonly name: string;
	readonly type?: string;
	readonly link?: string;
	readonly content?: string;
	readonly mode?: number;
}

const BLOCK = 512;

function tarText(entries: readonly Entry[]): string {
	const blocks = entries.map(({ name, type = '0', link = '', content = '', mode = 0o755 }) => {
		const header = Buffer.alloc(BLOCK);
		header.write(name, 0, 100, 'latin1');
		header.write(`${mode.toString(8).padStart(7, '0')}\0${'0'.repeat(7)}\0${'0'.repeat(7)}\0`, 100);
		header.write(`${content.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124);
		header.write(type, 156);
		header.write(link, 157, 100, 'latin1');
		header.write('ustar\0' + '00', 257, 'latin1');
		return Buffer.concat([header, Buffer.from(content, 'latin1'), Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
	});
	return withChecksums(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])).toString('latin1');
}

/** Makes each header right again, so that what was changed in it is read. */
function withChecksums(bytes: Buffer): Buffer {
	for (let at = 0; at + BLOCK <= bytes.length; at += BLOCK) {
		const header = bytes.subarray(at, at + BLOCK);
		if (header.toString('latin1', 257, 262) !== 'ustar') continue;
		header.fill(' ', 148, 156);
		const sum = header.reduce((total, byte) => total + byte, 0);
		header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
	}
	return bytes;
}

const GO = Buffer.from(
	elfFile({
		goVersion: 'go1.26.0',
		lines: ['path\tx', 'build\tGOARCH=arm64'],
		interpreter: '/lib/ld-musl-x86_64.so.1',
		libraries: ['libz.so.1'],
	}),
).toString('latin1');

const LAYERS: readonly (readonly Entry[])[] = [
	[
		{ name: 'etc/', type: '5' },
		{ name: 'etc/passwd', content: 'root:x:0:0::/:\nnobody:x:65534:65534::/:\n' },
		{ name: 'bin', type: '2', link: 'usr/bin' },
		{ name: 'app', content: GO },
	],
	[
		{ name: 'etc/.wh.passwd' },
		{ name: 'usr/.wh..wh..opq' },
		{ name: 'bin/sh', type: '1', link: 'app' },
		{ name: 'run.sh', content: '#!/bin/sh\nexec /app\n' },
		{ name: '././@PaxHeader', type: 'x', content: '22 path=a/long/name\n\n24 linkpath=../../etc\n' },
		{ name: 'x', type: '2', link: 'x' },
		{ name: '././@LongLink', type: 'L', content: `${'long/'.repeat(50)}\0` },
		{ name: 'y', content: 'y' },
	],
];

const CONFIGURATIONS = [
	{ Entrypoint: ['/app'], User: 'nobody', Env: ['PATH=/bin', 'TZ=Europe/Berlin'], WorkingDir: '/w' },
	{
		Cmd: ['/bin/sh', '-c', '/run.sh $X'],
		Healthcheck: { Test: ['CMD-SHELL', 'curl x || exit 1'] },
		Volumes: { '/data': {} },
		StopSignal: '9',
	},
	{ Entrypoint: ['run.sh'], Shell: ['/bin/bash', '-c'], ExposedPorts: { '80/tcp': {} }, User: '1:2' },
];

const HISTORY = [
	'COPY app /app # buildkit',
	'/bin/sh -c #(nop) ADD file:abc in / ',
	'RUN |1 A=b /bin/sh -c cat <<EOF # buildkit',
	'\\',
	'FROM x\nRUN y',
];

function seeds(): Input[] {
	return CONFIGURATIONS.flatMap((config, index): Input[] => [
		{
			first: tarText(LAYERS[0] as readonly Entry[]),
			second: tarText(LAYERS[1] as readonly Entry[]),
			configuration: JSON.stringify({
				os: 'linux',
				architecture: 'amd64',
				config,
				history: HISTORY.slice(index, index + 2).map((created_by) => ({ created_by })),
			}),
			manifest: JSON.stringify({ platform: { os: 'linux', architecture: 'amd64' } }),
		},
		{ archive: tarText([...(LAYERS[index % 2] as readonly Entry[]), { name: 'manifest.json', content: '[]' }]) },
	]);
}

/** The archive of an input: its layers, under digests that are right, in one of the layouts. */
function archiveOf({ first, second, configuration = '', manifest = '', archive }: Input): Buffer {
	if (archive !== undefined) return Buffer.from(archive, 'latin1');
	const layers = [first ?? '', second ?? ''].map((text) => Buffer.from(text, 'latin1'));
	const stored = [layers[0] as Buffer, manifest.length % 2 === 0 ? gzipSync(layers[1] as Buffer) : (layers[1] as Buffer)];
	const config = configuration.replace(/\}$/, `,"rootfs":{"diff_ids":[${layers.map((layer) => `"sha256:${digestOf(layer)}"`).join()}]}}`);
	const blobs = [...stored, Buffer.from(config, 'utf8')];
	const entries = blobs.map((blob) => ({ name: `blobs/sha256/${digestOf(blob)}`, content: blob.toString('latin1') }));
	const [one, two, three] = entries.map(({ name }) => `sha256:${name.slice(13)}`);
	const inner = JSON.stringify({ config: { digest: three }, layers: [{ digest: one }, { digest: two }] });
	const index = manifest.replace(/\}$/, `,"manifests":[{"digest":"sha256:${digestOf(Buffer.from(inner))}"}]}`);
	const saved = JSON.stringify([{ Config: entries[2]?.name, Layers: entries.slice(0, 2).map(({ name }) => name) }]);
	const names = manifest.includes('schemaVersion')
		? [{ name: 'manifest.json', content: saved }]
		: [
				{ name: `blobs/sha256/${digestOf(Buffer.from(inner))}`, content: inner },
				{ name: 'index.json', content: Buffer.from(index, 'utf8').toString('latin1') },
			];
	return Buffer.from(tarText([...entries, ...names]), 'latin1');
}

function digestOf(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}

const TOOLS: ImageTools = {
	hash: (algorithm) => {
		const hash = createHash(algorithm);
		return { update: (bytes) => hash.update(bytes), digest: () => hash.digest('hex') };
	},
	async *gunzip(chunks) {
		const bytes = (await collect(chunks, 2 ** 20)) ?? new Uint8Array(0);
		try {
			yield inflateRawSync(bytes.subarray(10), { maxOutputLength: 2 ** 22 });
		} catch {
			throw new UnreadableImage('its gzip data is damaged');
		}
	},
	async keep(chunks) {
		const bytes = await collect(chunks, 2 ** 20);
		return bytes && { ...bytesInMemory(bytes), release() {} };
	},
};

/** Archives of images, of which every layer, header and setting may be anything. */
export const images: Target = {
	name: 'images',
	weight: 10,
	seeds,
	words: [
		'.wh.',
		'.wh..wh..opq',
		'../',
		'ustar\0',
		'"Entrypoint"',
		'"digest"',
		'manifest.json',
		'layer.tar',
		'sha256:',
		'\u001f\u008b',
		'(\u00b5/\u00fd',
	],
	mutate,
	async check(input) {
		const bytes = archiveOf(input);
		const limits = { layer: 2 ** 22, image: 2 ** 23, entries: 10_000 };
		try {
			const { images } = await readImageArchive(inPieces(bytes), TOOLS, limits);
			for (const image of images) await checkImage(image);
		} catch (error) {
			if (!(error instanceof UnreadableImage)) throw error;
			assert.ok(error.message.length < 6000, 'a message can be shown');
		}
	},
};

async function checkImage(image: Parameters<typeof factsOfImage>[0]): Promise<void> {
	for (const { path } of walkTree(image.tree)) assert.ok(!path.split('/').includes('..'), 'no path leaves the image');
	const facts = await factsOfImage(image, '/image.tar', undefined);
	assert.equal(facts.text.dockerfile.instructions.length, facts.text.places.length, 'each line is one instruction');
	const findings = judgeImage(facts.facts, rules, DEFAULT_SETTINGS, (message) => assert.fail(message));
	for (const { range } of findings) assert.ok(placeAt(facts.text, range), 'a finding has a place');
	pictureOfImage(image, facts, findings);
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
	const size = 1 + (bytes.length % 3000);
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Where the fields of a header are. */
const FIELDS = [0, 100, 108, 116, 124, 136, 156, 157, 257, 345];

function mutate(input: Input, other: Input, random: Random): Input {
	const names = Object.keys(input);
	const name = random.pick(names);
	const text = input[name] ?? '';
	if (name === 'configuration' || name === 'manifest') {
		return { ...input, [name]: mutateText(text, images.words, other[name] ?? '', random) };
	}
	const bytes = Buffer.from(text, 'latin1');
	for (let count = 1 + random.integer(4); count > 0 && bytes.length >= BLOCK; count--) {
		const block = BLOCK * random.integer(Math.floor(bytes.length / BLOCK));
		const at = block + random.pick(FIELDS) + random.integer(4);
		const written = random.pick([
			'../',
			'/',
			'\0',
			'.wh.',
			'7777777',
			'\x80\0\0\0\xff',
			'1',
			'2',
			'5',
			'x',
			'g',
			'L',
			'K',
			'S',
			'app',
			'bin/',
			'a'.repeat(90),
		]);
		bytes.write(written, at, Math.min(written.length, bytes.length - at), 'latin1');
	}
	let changed = (random.oneIn(8) ? bytes : withChecksums(bytes)).toString('latin1');
	if (random.oneIn(15)) changed = changed.slice(0, random.integer(changed.length));
	if (random.oneIn(15)) changed = changed.slice(0, BLOCK * random.integer(8)) + (other[name] ?? other.archive ?? '');
	return { ...input, [name]: changed };
}
