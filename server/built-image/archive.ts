import { platformOf, readConfiguration } from './configuration.ts';
import { type Json, list, parseJson, property, text, texts } from './json.ts';
import {
	type Budget,
	budgetOf,
	IMAGE_LIMITS,
	type ImageTools,
	pathOf,
	type ReadLayer,
	readContent,
	readEntry,
	readLayer,
	unpacked,
} from './layer.ts';
import { type BuiltImage, type ImageConfiguration, type LayerEntry, UnreadableImage } from './model.ts';
import { type Chunks, collect, hashed, peek } from './streams.ts';
import { tarEntries } from './tar.ts';
import { mergeLayers } from './tree.ts';

/** What was read of the images in an archive or a directory. */
export interface ReadImages {
	readonly images: readonly BuiltImage[];
	/** Platforms that an index names and that are not in the archive, and what else is left out, for a person. */
	readonly leftOut: readonly string[];
}

/** One file of an archive of images, as far as images are made of it. */
type Piece =
	| { readonly kind: 'text'; readonly text: string; readonly digest: string | undefined }
	| { readonly kind: 'layer'; readonly layer: ReadLayer; readonly digest: string | undefined }
	/** Why it cannot be read, which counts where an image is made of it. */
	| { readonly kind: 'damaged'; readonly why: string };

/** Finds pieces by their path in the archive. */
type Pieces = (path: string) => Promise<Piece | undefined>;

/** Manifests, configurations and indexes; those of real images have some kilobytes. */
const MAX_JSON = 4 * 1024 * 1024;

/** How deep indexes may lie in each other. */
const MAX_INDEXES = 4;

/** As many images as anybody saves at once. */
const MAX_IMAGES = 64;

/**
 * Reads a tar archive, packed or not, in one pass: what `docker save` writes, an OCI layout, or a root file system.
 *
 * @throws UnreadableImage where it is none of these, or is damaged.
 */
export async function readImageArchive(source: Chunks, tools: ImageTools, limits = IMAGE_LIMITS): Promise<ReadImages> {
	const budget = budgetOf(limits);
	const pieces = new Map<string, Piece>();
	const links = new Map<string, string>();
	const files: LayerEntry[] = [];
	const { chunks, packing } = await unpacked(source, tools);
	let bytes = 0;
	const archiveBytes = packing === 'none' ? undefined : { left: limits.image };
	async function* counted(): AsyncGenerator<Uint8Array> {
		for await (const chunk of chunks) {
			bytes += chunk.length;
			tools.progress?.(bytes);
			if (archiveBytes !== undefined) {
				archiveBytes.left -= chunk.length;
				if (archiveBytes.left < 0) throw new UnreadableImage('it is larger than go-scratch reads when it is unpacked');
			}
			yield chunk;
		}
	}
	let count = 0;
	for await (const entry of tarEntries(counted())) {
		count++;
		const path = pathOf(entry.header.name);
		const { type, linkname } = entry.header;
		if (mayBePiece(path) && (type === 'file' || type === 'contiguous-file')) {
			const { head, chunks: content } = await peek(entry.content, 4);
			const piece = await readPiece(path, head, content, tools, budget);
			if (piece !== undefined) pieces.set(path, piece);
			files.push(fileEntry(path, entry.header.mode ?? 0, entry.header.size ?? 0));
			await entry.skip();
			continue;
		}
		// A layer that several images have is saved once, and linked to.
		if (type === 'symlink' || type === 'link') links.set(path, type === 'link' ? pathOf(linkname ?? '') : relativeTo(path, linkname ?? ''));
		const read = await readEntry(entry, tools, budget);
		if (read !== undefined) files.push(read);
	}
	if (count === 0) throw new UnreadableImage('it is empty');
	const found = await readImages(async (path) => pieces.get(links.get(path) ?? path));
	if (found !== undefined) return found;
	return { images: [rootFileSystem(files)], leftOut: [] };
}

/** A directory with what an archive of images holds. */
export interface ImageDirectory {
	/** The bytes of a file, by its path below the directory; `undefined` where there is no such file. */
	open(path: string): Chunks | undefined;
	/** Everything below the directory, as a layer; the content of files is read by `open`. */
	entries(): AsyncIterable<Omit<LayerEntry, 'content'>>;
}

/**
 * Reads an OCI layout, an unpacked `docker save`, or a root file system.
 *
 * @throws UnreadableImage as {@link readImageArchive}
 */
export async function readImageDirectory(directory: ImageDirectory, tools: ImageTools, limits = IMAGE_LIMITS): Promise<ReadImages> {
	const budget = budgetOf(limits);
	const known = new Map<string, Piece | undefined>();
	const found = await readImages(async (path) => {
		if (known.has(path)) return known.get(path);
		const source = directory.open(path);
		if (source === undefined) return undefined;
		const { head, chunks } = await peek(source, 4);
		const piece = await readPiece(path, head, chunks, tools, budget);
		known.set(path, piece);
		return piece;
	});
	if (found !== undefined) return found;
	const files: LayerEntry[] = [];
	for await (const entry of directory.entries()) {
		budget.entries.left -= 1;
		if (budget.entries.left < 0) throw new UnreadableImage(`it holds more than ${limits.entries.toLocaleString('en')} files`);
		const chunks = entry.kind === 'file' ? directory.open(entry.path) : undefined;
		files.push({ ...entry, content: chunks === undefined ? {} : await readContent(chunks, entry, tools, budget) });
	}
	return { images: [rootFileSystem(files)], leftOut: [] };
}

function fileEntry(path: string, mode: number, size: number): LayerEntry {
	return { path, kind: 'file', mode: mode & 0o7777, owner: 0, group: 0, size, target: undefined, content: {} };
}

/** A root file system: it says nothing of what is started, and as whom. */
function rootFileSystem(files: readonly LayerEntry[]): BuiltImage {
	const tree = mergeLayers([files]);
	const holds = (name: string) => tree.children.has(name);
	if (!['bin', 'etc', 'usr', 'lib', 'dev', 'proc', 'app', 'home', 'var', 'root', 'tmp', 'sbin', 'opt'].some(holds)) {
		const programs = [...tree.children.values()].some((node) => node.kind === 'file' && node.linked?.kind === 'program');
		if (!programs)
			throw new UnreadableImage(
				'it is neither what docker save writes, nor an OCI layout, nor a root file system: it has no manifest.json, no index.json, and none of the directories of a system',
			);
	}
	return { name: undefined, configuration: undefined, layers: [{ digest: undefined, createdBy: undefined }], tree };
}

function relativeTo(path: string, target: string): string {
	const directory = path.slice(0, path.lastIndexOf('/') + 1);
	try {
		return pathOf(target.startsWith('/') ? target : directory + target);
	} catch {
		return path;
	}
}

/** Names that archives of images have for manifests, configurations and layers. Files of a root file system may have them too. */
function mayBePiece(path: string): boolean {
	return (
		/^(?:manifest\.json|index\.json|oci-layout|repositories)$/.test(path) ||
		/^blobs\/[a-z0-9]+\/[0-9a-f]+$/.test(path) ||
		/^(?:[^/]+\/)?[^/]+\.(?:tar|tar\.gz|tgz|tar\.zst)$/.test(path) ||
		/^(?:sha256:)?[0-9a-f]{64}(?:\.json)?$/.test(path)
	);
}

/** The piece that a file is, `undefined` where no image is made of it. */
async function readPiece(path: string, head: Uint8Array, chunks: Chunks, tools: ImageTools, budget: Budget): Promise<Piece | undefined> {
	const stored = /^blobs\/(sha256|sha512)\//.exec(path)?.[1] as 'sha256' | 'sha512' | undefined;
	const hash = stored && tools.hash(stored);
	const all = hash === undefined ? chunks : hashed(chunks, hash);
	const digest = () => hash && `${stored}:${hash.digest()}`;
	const isJson = head[0] === 0x7b || head[0] === 0x5b;
	if (isJson) {
		const bytes = await collect(all, MAX_JSON);
		if (bytes === undefined) return { kind: 'damaged', why: `is larger than ${MAX_JSON / 2 ** 20} MB` };
		return { kind: 'text', text: new TextDecoder().decode(bytes), digest: digest() };
	}
	try {
		// One pass over the bytes says which they are: the name of a blob, or what the configuration says of a layer when it is unpacked.
		const layer = await readLayer(all, hash === undefined, tools, budget);
		for await (const _ of all) {
			// What comes after the end of the archive counts for the digest.
		}
		return { kind: 'layer', layer, digest: digest() };
	} catch (error) {
		if (!(error instanceof UnreadableImage)) throw error;
		return { kind: 'damaged', why: error.message };
	}
}

/** The images that the pieces make; `undefined` where they are no archive of images. */
async function readImages(pieces: Pieces): Promise<ReadImages | undefined> {
	const index = parseJson(textOf(await pieces('index.json')) ?? '');
	if (list(property(index, 'manifests')) !== undefined) return fromIndex(index, pieces);
	const saved = list(parseJson(textOf(await pieces('manifest.json')) ?? ''));
	if (saved?.every((each) => texts(property(each, 'Layers')) !== undefined) !== true || saved.length === 0) return undefined;
	const images: BuiltImage[] = [];
	for (const each of saved.slice(0, MAX_IMAGES)) images.push(await fromSaved(each, pieces));
	return { images, leftOut: [] };
}

function textOf(piece: Piece | undefined): string | undefined {
	return piece?.kind === 'text' ? piece.text : undefined;
}

/** An image of manifest.json, which `docker save` has written since 1.10. */
async function fromSaved(manifest: Json, pieces: Pieces): Promise<BuiltImage> {
	const path = pathOf(text(property(manifest, 'Config')) ?? '');
	const configuration = await configurationAt(path, undefined, pieces);
	const layers: { readonly layer: ReadLayer; readonly digest: string | undefined }[] = [];
	for (const layer of texts(property(manifest, 'Layers')) ?? []) layers.push(await layerAt(pathOf(layer), undefined, pieces));
	return imageOf(texts(property(manifest, 'RepoTags'))?.[0], configuration, layers);
}

/** The images that an index of an OCI layout leads to. */
async function fromIndex(index: Json, pieces: Pieces): Promise<ReadImages> {
	const images: BuiltImage[] = [];
	const leftOut: string[] = [];
	const visit = async (at: Json, name: string | undefined, depth: number) => {
		for (const descriptor of asList(property(at, 'manifests'))) {
			if (images.length >= MAX_IMAGES) return;
			const annotations = property(descriptor, 'annotations');
			// What a builder says of how it built: docs.docker.com/build/metadata/attestations/attestation-storage.
			if (property(annotations, 'vnd.docker.reference.type') !== undefined) continue;
			const platform = platformOf(property(descriptor, 'platform'));
			if (platform === 'unknown/unknown') continue;
			const digest = text(property(descriptor, 'digest')) ?? '';
			const called =
				text(property(annotations, 'io.containerd.image.name')) ?? text(property(annotations, 'org.opencontainers.image.ref.name')) ?? name;
			const piece = await pieces(blobPath(digest));
			if (piece === undefined) {
				leftOut.push(`${platform ?? digest} is not in the archive`);
				continue;
			}
			const manifest = parseJson(checked(piece, digest, 'a manifest'));
			if (property(manifest, 'manifests') !== undefined) {
				if (depth >= MAX_INDEXES) throw new UnreadableImage('its indexes lie in each other without an end');
				await visit(manifest, called, depth + 1);
				continue;
			}
			// An artifact that is no image, such as a signature.
			const layers = asList(property(manifest, 'layers'));
			const configDigest = text(property(property(manifest, 'config'), 'digest'));
			if (configDigest === undefined || !/image|container/.test(text(property(property(manifest, 'config'), 'mediaType')) ?? 'image'))
				continue;
			const configuration = await configurationAt(blobPath(configDigest), configDigest, pieces);
			const read: { readonly layer: ReadLayer; readonly digest: string | undefined }[] = [];
			for (const layer of layers) {
				const own = text(property(layer, 'digest')) ?? '';
				read.push(await layerAt(blobPath(own), own, pieces));
			}
			images.push(imageOf(called, configuration, read));
		}
	};
	await visit(index, undefined, 0);
	if (images.length === 0) {
		throw new UnreadableImage(leftOut.length === 0 ? 'its index names no image' : `its index names no image that is there: ${leftOut[0]}`);
	}
	return { images, leftOut };
}

function asList(value: Json): readonly Json[] {
	return list(value) ?? [];
}

function blobPath(digest: string): string {
	if (!/^[a-z0-9]+:[0-9a-f]+$/.test(digest)) throw new UnreadableImage(`it has an invalid digest, ${digest}`);
	return `blobs/${digest.replace(':', '/')}`;
}

/** The text of a piece whose digest is what was said of it. */
function checked(piece: Piece, digest: string | undefined, what: string): string {
	if (piece.kind === 'damaged') throw new UnreadableImage(`${what} cannot be read: it ${piece.why}`);
	if (piece.kind !== 'text') throw new UnreadableImage(`${what} is not JSON`);
	if (digest !== undefined) checkDigest(piece.digest, digest, what);
	return piece.text;
}

function checkDigest(is: string | undefined, expected: string, what: string): void {
	if (is !== undefined && is !== expected) throw new UnreadableImage(`${what} is not what its digest says: it is ${is}, not ${expected}`);
}

async function configurationAt(path: string, digest: string | undefined, pieces: Pieces): Promise<ImageConfiguration> {
	const piece = await pieces(path);
	if (piece === undefined) throw new UnreadableImage(`the configuration of the image, ${path}, is missing`);
	const named = digest ?? digestOfName(path);
	const configuration = readConfiguration(checked(piece, named, 'the configuration of the image'));
	if (configuration === undefined) throw new UnreadableImage(`${path} is not the configuration of an image`);
	return configuration;
}

/** The digest that a path of an OCI layout says. */
function digestOfName(path: string): string | undefined {
	const match = /^blobs\/([a-z0-9]+)\/([0-9a-f]+)$/.exec(path);
	return match === null ? undefined : `${match[1]}:${match[2]}`;
}

async function layerAt(
	path: string,
	digest: string | undefined,
	pieces: Pieces,
): Promise<{ readonly layer: ReadLayer; readonly digest: string | undefined }> {
	const piece = await pieces(path);
	if (piece === undefined) throw new UnreadableImage(`the layer ${path} is missing`);
	if (piece.kind === 'damaged') throw new UnreadableImage(`the layer ${path} cannot be read: ${piece.why}`);
	if (piece.kind !== 'layer') throw new UnreadableImage(`${path} is not a layer`);
	const named = digest ?? digestOfName(path);
	if (named !== undefined) checkDigest(piece.digest, named, `the layer ${path}`);
	return { layer: piece.layer, digest: piece.digest ?? piece.layer.diffId };
}

/** Lays the layers of an image over each other, each with its line of the history. */
function imageOf(
	name: string | undefined,
	configuration: ImageConfiguration,
	layers: readonly { readonly layer: ReadLayer; readonly digest: string | undefined }[],
): BuiltImage {
	const { diffIds, history } = configuration;
	if (diffIds.length !== layers.length)
		throw new UnreadableImage(`its configuration names ${diffIds.length} layers, and its manifest ${layers.length}`);
	for (const [index, { layer }] of layers.entries())
		if (layer.diffId !== undefined) checkDigest(layer.diffId, diffIds[index] as string, `layer ${index + 1}`);
	const steps = history.filter(({ emptyLayer }) => !emptyLayer);
	// A history that says less than there are layers says nothing of which they are.
	const isWhole = steps.length === layers.length;
	return {
		name,
		configuration,
		layers: layers.map(({ digest }, index) => ({ digest, createdBy: isWhole ? steps[index]?.createdBy : undefined })),
		tree: mergeLayers(layers.map(({ layer }) => layer.entries)),
	};
}
