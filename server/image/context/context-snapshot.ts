import type { DirectoryEntry } from '../../workspace/files.ts';
import { join } from '../../workspace/paths.ts';

/** What a directory tree held when it was walked, as `BuildContext` asks for it. */
export interface ContextSnapshot {
	kind(path: string): 'file' | 'directory' | 'absent' | 'unknown';
	children(path: string): readonly string[] | undefined;
}

/** What is beyond these is unknown; the walk goes level by level, so that what is near the root is known. */
const MAX_ENTRIES = 50_000;
const MAX_DEPTH = 60;
/** How many directories are listed at once. */
const AT_ONCE = 32;
/** Large, and no Go file of a program lies there: they are not walked into. */
const SKIPPED = new Set(['.git', 'node_modules']);

type Listing = ReadonlyMap<string, 'file' | 'directory'>;

/** Walks `directory`, not through links. */
export async function readSnapshot(
	list: (directory: string) => Promise<readonly DirectoryEntry[] | undefined>,
	directory: string,
): Promise<ContextSnapshot> {
	const listings = new Map<string, Listing>();
	let entries = 0;
	let level = ['.'];
	for (let depth = 0; level.length > 0 && depth < MAX_DEPTH && entries < MAX_ENTRIES; depth++) {
		const next: string[] = [];
		for (let at = 0; at < level.length && entries < MAX_ENTRIES; at += AT_ONCE) {
			const paths = level.slice(at, at + AT_ONCE);
			const listed = await Promise.all(paths.map((path) => list(join(directory, path))));
			for (const [index, path] of paths.entries()) {
				const found = listed[index];
				if (found === undefined) continue;
				entries += found.length;
				listings.set(path, new Map(found.map((entry) => [entry.name, entry.kind])));
				for (const entry of found) {
					if (entry.kind === 'directory' && !entry.link && !SKIPPED.has(entry.name))
						next.push(path === '.' ? entry.name : `${path}/${entry.name}`);
				}
			}
		}
		level = next;
	}

	return {
		kind(path) {
			if (path === '.') return 'directory';
			const slash = path.lastIndexOf('/');
			const parent = slash < 0 ? '.' : path.slice(0, slash);
			const listing = listings.get(parent);
			if (listing !== undefined) return listing.get(path.slice(slash + 1)) ?? (isToBeFilled(parent, listing) ? 'unknown' : 'absent');
			// Not listed: because it is no directory, or because the walk did not go there.
			return parentKind(parent);
		},
		children: (path) => {
			const listing = listings.get(path);
			return listing === undefined ? undefined : [...listing.keys()];
		},
	};

	/** Git keeps no empty directories: one below the root is a submodule that was not fetched, or waits for what is made before the build. */
	function isToBeFilled(path: string, listing: Listing): boolean {
		return path !== '.' && listing.size === 0;
	}

	function parentKind(path: string): 'absent' | 'unknown' {
		for (let at = path; at !== '.'; ) {
			const slash = at.lastIndexOf('/');
			const parent = slash < 0 ? '.' : at.slice(0, slash);
			const listing = listings.get(parent);
			if (listing !== undefined)
				return listing.get(at.slice(slash + 1)) === 'directory' || isToBeFilled(parent, listing) ? 'unknown' : 'absent';
			at = parent;
		}
		return 'unknown';
	}
}
