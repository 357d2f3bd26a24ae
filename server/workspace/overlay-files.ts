import { all, type Eventually, then } from '../text/eventually.ts';
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
	const { readHead, withBytes, pause } = base;

	/**
	 * The entries with the open files that are not among them. Where there are none, because the directory cannot be read, nothing is known
	 * of what it holds, and the open files are not all of it.
	 */
	function withOpen(directory: string, entries: readonly DirectoryEntry[] | undefined): Eventually<readonly DirectoryEntry[] | undefined> {
		if (entries === undefined) return undefined;
		const normal = normalize(directory);
		const added: Eventually<readonly DirectoryEntry[]>[] = [];
		for (const path of open.keys()) {
			if (dirname(path) !== normal) continue;
			const name = path.slice(normal.endsWith('/') ? normal.length : normal.length + 1);
			if (entries.some((entry) => entry.name === name)) continue;
			// An open file that was deleted on disk, or never written, is there for as long as it is open.
			const entry: DirectoryEntry[] = [{ name, kind: 'file', link: false }];
			const folded = name.toLowerCase();
			// Where the file system finds it all the same, case does not count to it, and the file is there by its own name.
			const otherCase = entries.some((each) => each.name.toLowerCase() === folded);
			added.push(otherCase ? then(base.status(path), (found) => (found === undefined ? entry : [])) : entry);
		}
		if (added.length === 0) return entries;
		return then(all(added), (lists) => [...entries, ...lists.flat()].sort((a, b) => (a.name < b.name ? -1 : 1)));
	}

	return {
		...(readHead && {
			readHead(path: string, whole?: boolean) {
				const text = open.get(normalize(path));
				return text === undefined ? readHead(path, whole) : { text: text.text, complete: true, version: editorVersion(text.version) };
			},
		}),
		// No editor holds a program as text that somebody is about to save.
		...(withBytes && { withBytes }),
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

/** Keeps an editor's version apart from any that the disk may give. */
const EDITOR = 'editor:';

function editorVersion(version: number): string {
	return EDITOR + version;
}

/** Whether a version is that of a text which an editor holds. Another process may give the same one to another text. */
export function isUnsaved(version: string | null): boolean {
	return version?.startsWith(EDITOR) === true;
}
