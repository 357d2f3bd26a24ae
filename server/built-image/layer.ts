import { type ByteSource, bytesInMemory } from '../linked/byte-source.ts';
import type { LinkedFile, Loading } from '../linked/model.ts';
import { readLinkedFile } from '../linked/read.ts';
import { type FileContent, type LayerEntry, UnreadableImage } from './model.ts';
import { type Allowance, bounded, type Chunks, collect, type Hash, hashed, peek } from './streams.ts';
import { type TarEntry, tarEntries } from './tar.ts';
import { unzstd } from './zstd.ts';

/** What the reader of images is given of the machine it runs on. */
export interface ImageTools {
	hash(algorithm: 'sha256' | 'sha512'): Hash;
	gunzip(chunks: Chunks): Chunks;
	/** A program whose bytes come once, as bytes that can be asked for; `undefined` where there is no room for it. */
	keep(chunks: Chunks): Promise<KeptBytes | undefined>;
	/** Told how many bytes were read so far. */
	readonly progress?: (bytes: number) => void;
}

export interface KeptBytes extends ByteSource {
	/** Gives the room back. */
	release(): void;
}

/** How much is read of what comes from outside; tests take less. */
export interface ImageLimits {
	/** Bytes of a layer when it is unpacked. */
	readonly layer: number;
	/** Bytes of all layers when they are unpacked. */
	readonly image: number;
	/** Entries of all layers. */
	readonly entries: number;
}

export const IMAGE_LIMITS: ImageLimits = { layer: 8 * 2 ** 30, image: 16 * 2 ** 30, entries: 1_000_000 };

/** What may still be read of one image. */
export interface Budget {
	readonly limits: ImageLimits;
	readonly bytes: Allowance;
	readonly entries: Allowance;
	/** Of texts that are kept, in characters. */
	readonly texts: Allowance;
}

export function budgetOf(limits: ImageLimits): Budget {
	return { limits, bytes: { left: limits.image }, entries: { left: limits.entries }, texts: { left: MAX_TEXTS } };
}

const MAX_TEXTS = 16 * 1024 * 1024;

/** A file that is larger says nothing that is asked for. */
const MAX_TEXT = 64 * 1024;
const MAX_ACCOUNTS = 1024 * 1024;

/** What is kept whatever its rights are. */
const KEPT = /^(?:etc\/(?:passwd|group|os-release|nsswitch\.conf)|usr\/lib\/os-release|usr\/local\/go\/VERSION)$/;

/** A C library says of which version it is: `GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.` */
export const C_LIBRARY = /(?:^|\/)libc(?:\.so\.6|-2\.\d+\.so)$/;

/** The name of a shared library: `libz.so`, `libz.so.1.3`. Those of a Go toolchain or of Python modules are read like others. */
const LIBRARY = /\.so(?:\.[\d.]+)?$/;

const MAX_PATH = 4096;
const MAX_DEPTH = 200;

/** How bytes are packed, by how they begin. */
type Packing = 'gzip' | 'zstd' | 'none';

function packingOf(head: Uint8Array): Packing {
	const [first = 0, second = 0, third = 0, fourth = 0] = head;
	if (first === 0x1f && second === 0x8b) return 'gzip';
	if (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) return 'zstd';
	if ((first & 0xf0) === 0x50 && second === 0x2a && third === 0x4d && fourth === 0x18) return 'zstd';
	if (first === 0xfd && second === 0x37 && third === 0x7a)
		throw new UnreadableImage('it is packed with xz, which go-scratch does not read');
	if (first === 0x42 && second === 0x5a && third === 0x68)
		throw new UnreadableImage('it is packed with bzip2, which go-scratch does not read');
	return 'none';
}

/** The bytes without the packing that they begin with, if any. */
export async function unpacked(
	chunks: Chunks,
	{ gunzip }: Pick<ImageTools, 'gunzip'>,
): Promise<{ readonly packing: Packing; readonly chunks: Chunks }> {
	const { head, chunks: all } = await peek(chunks, 4);
	const packing = packingOf(head);
	return { packing, chunks: packing === 'gzip' ? gunzip(all) : packing === 'zstd' ? unzstd(all) : all };
}

/** A layer as it is read. */
export interface ReadLayer {
	readonly entries: readonly LayerEntry[];
	/** The digest of the layer when it is unpacked; `undefined` where nobody asked. */
	readonly diffId: string | undefined;
}

/** Reads a layer, or a root file system, as it is stored. */
export async function readLayer(stored: Chunks, withDiffId: boolean, tools: ImageTools, budget: Budget): Promise<ReadLayer> {
	const { chunks } = await unpacked(stored, tools);
	const hash = withDiffId ? tools.hash('sha256') : undefined;
	const allowances = [budget.bytes, { left: budget.limits.layer }];
	const counted = bounded(chunks, allowances, 'a layer');
	const all = hash === undefined ? counted : hashed(counted, hash);
	const entries: LayerEntry[] = [];
	for await (const entry of tarEntries(all)) {
		const read = await readEntry(entry, tools, budget);
		if (read !== undefined) entries.push(read);
	}
	return { entries, diffId: hash && `sha256:${hash.digest()}` };
}

const KINDS: Readonly<Record<string, LayerEntry['kind']>> = {
	file: 'file',
	'contiguous-file': 'file',
	directory: 'directory',
	symlink: 'link',
	link: 'hard-link',
	'character-device': 'device',
	'block-device': 'device',
	fifo: 'device',
};

/** What the tree needs to know of an entry; `undefined` for one of a kind that no engine unpacks. */
export async function readEntry(entry: TarEntry, tools: ImageTools, budget: Budget): Promise<LayerEntry | undefined> {
	const { header } = entry;
	budget.entries.left -= 1;
	if (budget.entries.left < 0) throw new UnreadableImage(`it holds more than ${budget.limits.entries.toLocaleString('en')} files`);
	const kind = KINDS[header.type ?? ''];
	if (kind === undefined) {
		await entry.skip();
		return undefined;
	}
	const path = pathOf(header.name);
	const pax = header.pax as Readonly<Record<string, string>> | null | undefined;
	const details = {
		path,
		kind,
		mode: (header.mode ?? 0) & 0o7777,
		owner: idOf(pax?.uid, header.uid),
		group: idOf(pax?.gid, header.gid),
		size: kind === 'file' ? (header.size ?? 0) : 0,
		target: kind === 'hard-link' ? pathOf(header.linkname ?? '') : kind === 'link' ? (header.linkname ?? '') : undefined,
	};
	const content = kind === 'file' ? await readContent(entry.content, details, tools, budget) : {};
	await entry.skip();
	return { ...details, content };
}

function idOf(pax: string | undefined, header: number | undefined): number {
	const id = pax === undefined ? (header ?? 0) : Number(pax);
	return Number.isSafeInteger(id) && id >= 0 ? id : 0;
}

/**
 * The path from the root of the image.
 *
 * @throws UnreadableImage for a name that leaves the image, which no engine unpacks, and for one that is beyond all bounds.
 */
export function pathOf(name: string): string {
	if (name.length > MAX_PATH) throw new UnreadableImage(`it has a name of more than ${MAX_PATH} characters`);
	const names: string[] = [];
	for (const part of name.split('/')) {
		if (part === '' || part === '.') continue;
		if (part !== '..') names.push(part);
		else if (names.pop() === undefined) throw new UnreadableImage(`it has a name that leaves the image, ${name}`);
	}
	if (names.length > MAX_DEPTH) throw new UnreadableImage(`it has a name of more than ${MAX_DEPTH} directories`);
	return names.join('/');
}

/** What is kept of a file: what a program says of itself, and the text of accounts and of scripts. */
export async function readContent(
	chunks: Chunks,
	{ path, mode, size }: Pick<LayerEntry, 'path' | 'mode' | 'size'>,
	tools: ImageTools,
	budget: Budget,
): Promise<FileContent> {
	const isKept = KEPT.test(path);
	const isExecutable = (mode & 0o111) !== 0;
	const isLibrary = LIBRARY.test(path);
	if (size === 0) return isKept ? { text: '' } : {};
	if (!isKept && !isExecutable && !isLibrary) return {};
	const { head, chunks: all } = await peek(chunks, 64);
	const isElf = head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
	if (isElf && C_LIBRARY.test(path)) return { glibc: await glibcOf(all) };
	if (isElf && isLibrary) return { library: loadingOf(await readProgram(all, tools)) };
	if (isElf && isExecutable && !path.endsWith('.ko')) return { linked: await readProgram(all, tools) };
	if (!isKept && head.subarray(0, 64).includes(0)) return { linked: await readLinkedFile(bytesInMemory(head.slice(0, 64))) };
	if (size > (isKept ? MAX_ACCOUNTS : MAX_TEXT) || size > budget.texts.left) return {};
	const bytes = await collect(all, size);
	if (bytes === undefined || bytes.includes(0)) return {};
	budget.texts.left -= bytes.length;
	return { text: DECODER.decode(bytes) };
}

const DECODER = new TextDecoder();

async function readProgram(chunks: Chunks, tools: ImageTools): Promise<LinkedFile | undefined> {
	const kept = await tools.keep(chunks);
	if (kept === undefined) return undefined;
	try {
		return await readLinkedFile(kept);
	} finally {
		kept.release();
	}
}

function loadingOf(linked: LinkedFile | undefined): Loading | undefined {
	return linked?.kind === 'program' ? linked.loading : undefined;
}

/** The N that the C library says, which stands somewhere among its texts. */
async function glibcOf(chunks: Chunks): Promise<number | undefined> {
	const decoder = new TextDecoder('latin1');
	let text = '';
	let found: number | undefined;
	for await (const chunk of chunks) {
		if (found !== undefined) continue;
		text = text.slice(-OVERLAP) + decoder.decode(chunk);
		const version = /GNU C Library [^\0]{0,80}release version 2\.(\d+)/.exec(text)?.[1];
		if (version !== undefined) found = Number(version);
	}
	return found;
}

/** A sentence may lie across two pieces. */
const OVERLAP = 200;
