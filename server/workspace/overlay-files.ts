import { then } from '../text/eventually.ts';
import type { DirectoryEntry, Files } from './files.ts';
import { dirname, normalize } from './paths.ts';

/** Files as an editor sees them: the unsaved text of an open file stands for what is on disk. */
export interface OverlayFiles extends Files {
	/** Puts `text` in the place of the file; `version` is the editor's. */
	open(path: string, text: string, version: number): void;
	/** Lets the file on disk show again. */
	close(path: string): void;
}

/** `base` with the texts laid over it that {@link OverlayFiles.open} was given. */
export function createOverlayFiles(base: Files): OverlayFiles {
	const open = new Map<string, { text: string; version: number }>();
	const { readHead, pause } = base;
	function withOpen(directory: string, entries: readonly DirectoryEntry[] | undefined): readonly DirectoryEntry[] | undefined {
		const normal = normalize(directory);
		const added: DirectoryEntry[] = [];
		for (const path of open.keys()) {
			if (dirname(path) !== normal) continue;
			const name = path.slice(normal.endsWith('/') ? normal.length : normal.length + 1);
			// An open file that was deleted on disk, or never written, is there for as long as it is open.
			if (!entries?.some((entry) => entry.name === name)) added.push({ name, kind: 'file', link: false });
		}
		if (added.length === 0) return entries;
		return [...(entries ?? []), ...added].sort((a, b) => (a.name < b.name ? -1 : 1));
	}

	return {
		...(readHead && {
			readHead(path: string, whole?: boolean) {
				const text = open.get(normalize(path));
				return text === undefined ? readHead(path, whole) : { text: text.text, complete: true, version: editorVersion(text.version) };
			},
		}),
		...(pause && { pause }),
		open: (path, text, version) => void open.set(normalize(path), { text, version }),
		close: (path) => void open.delete(normalize(path)),
		readText(path) {
			return open.get(normalize(path))?.text ?? base.readText(path);
		},
		list(directory) {
			const listed = base.list(directory);
			return open.size === 0 ? listed : then(listed, (entries) => withOpen(directory, entries));
		},
		status(path) {
			const text = open.get(normalize(path));
			if (text === undefined) return base.status(path);
			return { kind: 'file', size: new TextEncoder().encode(text.text).length, version: editorVersion(text.version) };
		},
	};
}

/** The prefix keeps an editor's version apart from any that the disk may give. */
function editorVersion(version: number): string {
	return `editor:${version}`;
}
