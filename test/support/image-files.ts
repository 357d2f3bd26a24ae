import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { type ReadImages, readImageArchive } from '../../server/built-image/archive.ts';
import { IMAGE_LIMITS, type ImageLimits, type ImageTools } from '../../server/built-image/layer.ts';
import type { BuiltNode } from '../../server/built-image/model.ts';
import { type Chunks, collect } from '../../server/built-image/streams.ts';
import { walkTree } from '../../server/built-image/tree.ts';
import { bytesInMemory } from '../../server/linked/byte-source.ts';

/** Makes archives of images, so that each part of them can be said, and broken. */

/** An entry of a layer: a text, bytes, `undefined` for a directory, or a header of its own. */
export type Content = string | Uint8Array | undefined | (Partial<Header> & { readonly content?: string | Uint8Array });

/** A tar archive of the entries, in their order. A name that ends in a slash is a directory. */
export async function tar(entries: Readonly<Record<string, Content>> | readonly (readonly [string, Content])[]): Promise<Uint8Array> {
	const archive = pack();
	for (const [name, content] of Array.isArray(entries) ? entries : Object.entries(entries)) {
		const isPlain = typeof content === 'string' || content instanceof Uint8Array;
		const { content: inner, ...header } = isPlain || content === undefined ? { content: isPlain ? content : undefined } : content;
		const type = header.type ?? (name.endsWith('/') ? 'directory' : 'file');
		const whole = { name, mode: type === 'directory' ? 0o755 : 0o644, mtime: new Date(0), uid: 0, gid: 0, ...header, type };
		if (type === 'file') archive.entry(whole as Header, Buffer.from(inner ?? ''));
		else archive.entry(whole as Header);
	}
	archive.finalize();
	return (await collect(archive as AsyncIterable<Uint8Array>, 2 ** 30)) as Uint8Array;
}

export function digestOf(bytes: Uint8Array | string): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** A layer as it is stored, and what it is when it is unpacked. */
export interface Layer {
	readonly stored: Uint8Array;
	readonly unpacked: Uint8Array;
}

export async function layer(entries: Parameters<typeof tar>[0], packing: 'none' | 'gzip' | 'zstd' = 'none'): Promise<Layer> {
	const unpacked = await tar(entries);
	return { unpacked, stored: packing === 'gzip' ? gzipSync(unpacked) : packing === 'zstd' ? zstd(unpacked) : unpacked };
}

/** A Zstandard frame of blocks that are stored as they are (RFC 8878, section 3.1.1). */
export function zstd(bytes: Uint8Array, windowDescriptor = 0x38): Uint8Array {
	const blocks: Uint8Array[] = [new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0, windowDescriptor])];
	for (let at = 0; ; at += 65536) {
		const part = bytes.subarray(at, at + 65536);
		const isLast = at + 65536 >= bytes.length;
		const header = (part.length << 3) | (isLast ? 1 : 0);
		blocks.push(new Uint8Array([header & 0xff, (header >> 8) & 0xff, header >> 16]), part);
		if (isLast) return Buffer.concat(blocks);
	}
}

export interface ConfigurationOptions {
	readonly config?: object;
	readonly architecture?: string;
	readonly os?: string;
	readonly variant?: string;
	readonly history?: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[];
}

export function configuration(
	layers: readonly Layer[],
	{ config = {}, history, os = 'linux', architecture = 'amd64', variant }: ConfigurationOptions = {},
): string {
	return JSON.stringify({
		...{ os, architecture, variant, config, history },
		rootfs: { type: 'layers', diff_ids: layers.map(({ unpacked }) => `sha256:${digestOf(unpacked)}`) },
	});
}

/** What `docker save` has written since 25.0: blobs, and manifest.json at the end. */
export async function saved(layers: readonly Layer[], options: ConfigurationOptions = {}): Promise<Uint8Array> {
	const text = configuration(layers, options);
	const names = layers.map(({ stored }) => `blobs/sha256/${digestOf(stored)}`);
	const manifest = [{ Config: `blobs/sha256/${digestOf(text)}`, RepoTags: ['app:latest'], Layers: names }];
	return tar([
		...layers.map(({ stored }, index) => [names[index] as string, stored] as const),
		[`blobs/sha256/${digestOf(text)}`, text],
		['manifest.json', JSON.stringify(manifest)],
	]);
}

/** The bytes in pieces, as a stream brings them. */
export async function* inPieces(bytes: Uint8Array, size = 10_000): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What the reader of images is given, in memory. */
const TOOLS: ImageTools = {
	hash: (algorithm) => {
		const hash = createHash(algorithm);
		return { update: (bytes) => hash.update(bytes), digest: () => hash.digest('hex') };
	},
	async *gunzip(chunks: Chunks) {
		yield gunzipSync((await collect(chunks, 2 ** 30)) as Uint8Array);
	},
	async keep(chunks) {
		const bytes = await collect(chunks, 2 ** 30);
		return bytes && { ...bytesInMemory(bytes), release() {} };
	},
};

export function read(bytes: Uint8Array, limits: Partial<ImageLimits> = {}, pieces = 10_000): Promise<ReadImages> {
	return readImageArchive(inPieces(bytes, pieces), TOOLS, { ...IMAGE_LIMITS, ...limits });
}

/** The tree of the only image, each path with what is there: `f0644 0:0 5 @0`. */
export async function treeOf(bytes: Uint8Array): Promise<Record<string, string>> {
	const { images } = await read(bytes);
	const [image] = images;
	return Object.fromEntries([...walkTree(image?.tree ?? neverHappens())].map(({ path, node }) => [path, said(node)]));
}

function neverHappens(): never {
	throw new Error('there is an image');
}

function said(node: BuiltNode): string {
	const { mode, owner, group, layer } = node;
	const kind =
		node.kind === 'link' ? `-> ${node.target}` : node.kind === 'directory' ? 'd' : node.kind === 'file' ? `f${node.size}` : 'device';
	return `${kind} ${mode.toString(8)} ${owner}:${group} @${layer}`;
}
