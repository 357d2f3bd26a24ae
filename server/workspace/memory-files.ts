import { bytesInMemory } from '../linked/byte-source.ts';
import { type DirectoryEntry, type Files, MAX_TEXT_BYTES } from './files.ts';
import { dirname, normalize } from './paths.ts';

/** Files that exist in memory only, for tests and for what a browser was handed. */
export interface MemoryFiles extends Files {
	/** Creates or changes a file, with the directories above it. */
	write(path: string, content: string | Uint8Array): void;
	/** Removes a file, or a directory with all it holds. */
	remove(path: string): void;
}

/** Files with the content of `record`, by absolute path; a path with a slash at its end is an empty directory. */
export function createMemoryFiles(record: Readonly<Record<string, string | Uint8Array>> = {}): MemoryFiles {
	const files = new Map<string, { content: string | Uint8Array; version: number }>();
	const directories = new Map<string, Map<string, 'file' | 'directory'>>();
	let version = 0;

	function addDirectory(path: string): Map<string, 'file' | 'directory'> {
		let entries = directories.get(path);
		if (entries === undefined) {
			entries = new Map();
			directories.set(path, entries);
			const parent = dirname(path);
			if (parent !== path) addDirectory(parent).set(nameIn(parent, path), 'directory');
		}
		return entries;
	}

	function write(path: string, content: string | Uint8Array): void {
		const normal = normalize(path);
		const parent = dirname(normal);
		addDirectory(parent).set(nameIn(parent, normal), 'file');
		files.set(normal, { content, version: ++version });
	}

	function remove(path: string): void {
		const normal = normalize(path);
		const parent = dirname(normal);
		directories.get(parent)?.delete(nameIn(parent, normal));
		files.delete(normal);
		for (const [name] of directories.get(normal) ?? []) remove(`${normal}/${name}`);
		directories.delete(normal);
	}

	for (const [path, content] of Object.entries(record)) {
		if (path.endsWith('/')) addDirectory(normalize(path));
		else write(path, content);
	}

	return {
		write,
		remove,
		async readText(path) {
			const content = files.get(normalize(path))?.content;
			const text = content instanceof Uint8Array ? new TextDecoder().decode(content) : content;
			return text === undefined || text.includes('\0') || text.length > MAX_TEXT_BYTES ? undefined : text;
		},
		async withBytes(path, read) {
			const content = files.get(normalize(path))?.content;
			return content === undefined ? undefined : read(bytesInMemory(bytesOf(content)));
		},
		async list(directory) {
			const entries = directories.get(normalize(directory));
			if (entries === undefined) return undefined;
			return [...entries].map(([name, kind]): DirectoryEntry => ({ name, kind, link: false })).sort((a, b) => (a.name < b.name ? -1 : 1));
		},
		async status(path) {
			const normal = normalize(path);
			const file = files.get(normal);
			if (file !== undefined) return { kind: 'file', size: bytesOf(file.content).length, version: String(file.version) };
			return directories.has(normal) ? { kind: 'directory', size: 0, version: '' } : undefined;
		},
	};
}

function bytesOf(content: string | Uint8Array): Uint8Array {
	return content instanceof Uint8Array ? content : new TextEncoder().encode(content);
}

function nameIn(parent: string, path: string): string {
	return path.slice(parent.endsWith('/') ? parent.length : parent.length + 1);
}
