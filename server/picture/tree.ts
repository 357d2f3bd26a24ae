import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import type { FileEntry, FileTree } from '../image/model.ts';
import { pictureInstruction } from './instructions.ts';
import type { PictureEntry } from './model.ts';
import { programOfBinary } from './programs.ts';

/** A tree has at most so many entries; what is beyond is counted, and a few levels of any larger tree are there. */
const MOST_ENTRIES = 10_000;

/** What is counted of entries beyond these is counted no further, so that no tree takes for ever. */
const MOST_COUNTED = 200_000;

/** The entries of a tree, and how many more there are. */
export interface PictureTree {
	readonly entries: readonly PictureEntry[];
	readonly cut: number;
}

/** What is known to be in the target, with what put it there. */
export function treeOf(facts: Facts, target: Target): PictureTree {
	const binaries = new Map(target.binaries.map((binary) => [binary.path, binary]));
	const { paths, nodes } = nearestNodes(target, MOST_COUNTED);
	const cut = cutBelow(paths.slice(MOST_ENTRIES));
	const entries: PictureEntry[] = [];
	const pending = ['/'];
	for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
		const node = nodes.get(path);
		if (node?.link !== undefined) entries.push({ path, kind: 'link', target: node.link });
		if (node?.entry === undefined) continue;
		const { entry, children } = node;
		entries.push(describe(facts, path, entry, { complete: children?.complete, cut: cut.get(path) }, binaries.get(path)));
		for (const name of [...(children?.names ?? [])].reverse()) pending.push(below(path, name));
	}
	return { entries, cut: paths.length - entries.length };
}

/** What is at a path: a link, or something else. */
interface Node {
	readonly link: string | undefined;
	readonly entry: FileEntry | undefined;
	readonly children: ReturnType<FileTree['children']>;
}

/** The paths level by level, so that a tree that is cut keeps those near its root, and what is at the first {@link MOST_ENTRIES}. */
function nearestNodes({ state: { files } }: Target, most: number): { paths: string[]; nodes: ReadonlyMap<string, Node> } {
	const paths = ['/'];
	const nodes = new Map<string, Node>();
	for (let at = 0; at < paths.length && paths.length < most; at++) {
		const path = paths[at] as string;
		const link = files.linkAt(path);
		const entry = link === undefined ? files.get(path) : undefined;
		const children = entry?.kind === 'directory' ? files.children(path) : undefined;
		if (at < MOST_ENTRIES) nodes.set(path, { link, entry, children });
		for (const name of children?.names ?? []) paths.push(below(path, name));
	}
	return { paths, nodes };
}

/** By directory: how many of `paths` lie below it. */
function cutBelow(paths: readonly string[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const path of paths) {
		for (let at = path; at !== '/'; ) {
			at = at.slice(0, at.lastIndexOf('/')) || '/';
			counts.set(at, (counts.get(at) ?? 0) + 1);
		}
	}
	return counts;
}

function below(directory: string, name: string): string {
	return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

interface OfDirectory {
	readonly complete: boolean | undefined;
	readonly cut: number | undefined;
}

function describe(
	facts: Facts,
	path: string,
	entry: FileEntry,
	{ complete, cut }: OfDirectory,
	binary: ShippedBinary | undefined,
): PictureEntry {
	const { kind, instruction, asCopied } = entry;
	const program = binary === undefined ? [] : programOfBinary(binary);
	const size = sizeOf(entry);
	const isRoot = path === '/';
	return {
		path,
		kind,
		// Of a base image it is known that a file is there, and not whether it is a link to another.
		...(asCopied && entry.mode !== undefined && !(kind === 'file' && instruction === undefined) && { mode: octal(entry.mode) }),
		...(asCopied && entry.owner !== undefined && { owner: entry.owner }),
		...(size !== undefined && { size }),
		...(complete !== undefined && { complete }),
		...(cut !== undefined && { cut }),
		...(!isRoot && { from: instruction === undefined ? 'base' : pictureInstruction(facts.dockerfile, instruction) }),
		...(kind === 'file' && asCopied && entry.source !== undefined && { source: entry.source }),
		...(kind === 'file' && asCopied && entry.keepsMode && { keepsMode: true as const }),
		...(program.length > 0 && { program }),
	};
}

/** Four octal digits. */
export function octal(mode: number): string {
	return mode.toString(8).padStart(4, '0');
}

/** A line of passwd or group: those of base images come from a table, and are shorter than in the image. */
const ACCOUNT = /^[^:\r\n\u2028\u2029]*:x:\d*:/m;

/** In bytes, of a file whose text is known as it is. */
function sizeOf({ kind, content, asCopied }: FileEntry): number | undefined {
	if (kind !== 'file' || content === undefined || !asCopied || ACCOUNT.test(content)) return undefined;
	let bytes = 0;
	for (const character of content) {
		const code = character.codePointAt(0) as number;
		bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	}
	return bytes;
}
