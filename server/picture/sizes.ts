import type { Files } from '../workspace/files.ts';
import type { ImagePicture, PictureEntry } from './model.ts';
import { octal } from './tree.ts';

/** So many files are looked at together. */
const AT_ONCE = 64;

/** The picture with the sizes and modes of what is copied from the workspace. */
export async function withSizes(picture: ImagePicture, files: Files, signal?: AbortSignal): Promise<ImagePicture> {
	const tree: PictureEntry[] = [];
	for (let at = 0; at < picture.tree.length; at += AT_ONCE) {
		signal?.throwIfAborted();
		tree.push(...(await Promise.all(picture.tree.slice(at, at + AT_ONCE).map((entry) => withSize(entry, files)))));
	}
	return { ...picture, tree };
}

async function withSize(entry: PictureEntry, files: Files): Promise<PictureEntry> {
	if (entry.kind !== 'file' || entry.source === undefined) return entry;
	const status = await files.status(entry.source);
	if (status === undefined || status.kind !== 'file') return entry;
	const { keepsMode, ...rest } = entry;
	return { ...rest, ...(keepsMode && status.mode !== undefined && { mode: octal(status.mode) }), size: status.size };
}
