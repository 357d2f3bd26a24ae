import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import type { FileEntry } from '../image/model.ts';
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
	const { files } = target.state;
	const binaries = new Map(target.binaries.map((binary) => [binary.path, binary]));
	const paths = nearestPaths(target, MOST_COUNTED);
	const kept = new Set(paths.slice(0, MOST_ENTRIES));
	const cut = cutBelow(paths.slice(MOST_ENTRIES));
	const entries: PictureEntry[] = [];
	const pending = ['/'];
	for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
		if (!kept.has(path)) continue;
		const link = files.linkAt(path);
		if (link !== undefined) {
			entries.push({ path, kind: 'link', target: link });
			continue;
		}
		const entry = files.get(path);
		if (entry === undefined) continue;
		const children = entry.kind === 'directory' ? files.children(path) : undefined;
		entries.push(describe(facts, path, entry, { complete: children?.complete, cut: cut.get(path) }, binaries.get(path)));
		for (const name of [...(children?.names ?? [])].reverse()) pending.push(below(path, name));
	}
	return { entries, cut: paths.length - entries.length };
}

/** The paths level by level, so that a tree that is cut keeps those near its root. */
function nearestPaths({ state: { files } }: Target, most: number): string[] {
	const paths = ['/'];
	for (let at = 0; at < paths.length && paths.length < most; at++) {
		const path = paths[at] as string;
		if (files.linkAt(path) !== undefined || files.get(path)?.kind !== 'directory') continue;
		for (const name of files.children(path)?.names ?? []) paths.push(below(path, name));
	}
	return paths;
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
const ACCOUNT = /^[^:\n]*:x:\d*:/m;

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
