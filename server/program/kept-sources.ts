import type { Archive } from '../workspace/archive.ts';
import { isWithin } from '../workspace/paths.ts';
import type { GoFileHeader } from './package.ts';
import type { SourceCache, SourceDirectory } from './source-cache.ts';

/** What was read of the directories and headers of downloaded modules, as an archive keeps it. */
export interface KeptSources {
	/** The directory of each module, with its version when it was read: a module that was downloaded anew is read anew. */
	readonly modules: readonly (readonly [directory: string, version: string])[];
	readonly directories: readonly (readonly [path: string, directory: SourceDirectory])[];
	/** Without a header where the file has no package clause. */
	readonly files: readonly (readonly [path: string, version: string, header: GoFileHeader | undefined])[];
}

const EMPTY: KeptSources = { modules: [], directories: [], files: [] };

/** Takes what an earlier process kept for the workspace; whether there was anything. */
export async function restoreSources(cache: SourceCache, archive: Archive, root: string, downloaded: Downloaded): Promise<boolean> {
	const content = archive.read(nameOf(root));
	if (content === undefined) return false;
	await cache.restore(decodeSources(content), downloaded);
	return true;
}

/** Keeps what was read of downloaded modules for the next process that opens the workspace. */
export async function keepSources(cache: SourceCache, archive: Archive, root: string, downloaded: Downloaded): Promise<void> {
	archive.write(nameOf(root), encodeSources(await cache.kept(downloaded)));
}

const nameOf = (root: string) => `sources:${root}`;

function encodeSources({ modules, directories, files }: KeptSources): Uint8Array {
	// JSON writes `undefined` in a list as `null`, which is not what it was.
	return new TextEncoder().encode(JSON.stringify({ modules, directories, files: files.map((file) => file.filter(Boolean)) }));
}

/** What {@link encodeSources} wrote; nothing where it is damaged. */
function decodeSources(content: Uint8Array): KeptSources {
	try {
		const { modules, directories, files } = JSON.parse(new TextDecoder().decode(content)) as KeptSources;
		return { modules, directories, files };
	} catch {
		return EMPTY;
	}
}

/** The directory of the downloaded module that a path lies in, whose files never change; `undefined` for any other path. */
export type Downloaded = (path: string) => string | undefined;

/** What lies in a directory `PATH@VERSION` of a module cache, unless that is the workspace itself, as where a person looks into a module. */
export function downloadedModules(moduleCaches: readonly string[], root: string): Downloaded {
	return (path) => {
		for (const cache of moduleCaches) {
			if (!isWithin(cache, path)) continue;
			const version = path.indexOf('@', cache.length);
			if (version < 0) continue;
			const end = path.indexOf('/', version);
			const directory = end < 0 ? path : path.slice(0, end);
			return isWithin(directory, root) ? undefined : directory;
		}
		return undefined;
	};
}
