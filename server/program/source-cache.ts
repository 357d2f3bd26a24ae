import { type Eventually, then } from '../text/eventually.ts';
import type { DirectoryEntry, Files } from '../workspace/files.ts';
import { isUnsaved } from '../workspace/overlay-files.ts';
import { ancestors, dirname, isWithin } from '../workspace/paths.ts';
import { isGoFileName } from './constraints.ts';
import type { Downloaded } from './downloaded.ts';
import { scanHead, scanHeader } from './header.ts';
import type { GoSourceFile } from './package.ts';

/** What a directory holds that a build may take. */
export interface SourceDirectory {
	/** The Go files of builds without tests, by name. */
	readonly goFiles: readonly string[];
	/** Whether any Go file is there, tests and hidden ones included: the go command then takes the directory for a package. */
	readonly hasGoFiles: boolean;
	readonly hasGoMod: boolean;
	readonly hasGoSum: boolean;
	readonly hasGoWork: boolean;
	readonly hasGoWorkSum: boolean;
	/** The directories in it that are no symbolic links, by name. */
	readonly directories: readonly string[];
	/** How many entries it has, of whatever kind. */
	readonly size: number;
}

/** The texts of files that were read whole for their headers, for whoever wants them next. */
export interface TextStore {
	/** How many more UTF-16 units it takes. */
	room: number;
	readonly texts: Map<string, string>;
}

/** Everything that was looked at, as it was then: where it is so still, whatever was made of it is the same. */
export interface SourceInputs {
	/** The directory of each downloaded module, with its version; what is in it never changes. */
	readonly modules: readonly (readonly [directory: string, version: string | null])[];
	/** What matters of directories elsewhere; `null` for one that was not there. */
	readonly directories: readonly (readonly [path: string, directory: Partial<SourceDirectory> | null])[];
	/** Files elsewhere; `null` for one that was not there. */
	readonly files: readonly (readonly [path: string, version: string | null])[];
}

/** Of more than so many directories and files it is not worth it to ask whether each is as it was. */
const MAX_INPUTS = 20_000;

/** Directories and the headers of Go files, each read once until {@link SourceCache.invalidate} is told that it changed. */
export interface SourceCache {
	directory(path: string): Eventually<SourceDirectory | undefined>;
	/** The file, or `undefined` where it is unreadable or has no package clause. */
	file(path: string, texts?: TextStore): Eventually<GoSourceFile | undefined>;
	/** What `parse` makes of the file's text; `name` tells one parser's results from another's. */
	parsed<T>(path: string, name: string, parse: (text: string) => T): Eventually<T | undefined>;
	/** What `make` derives from a directory's own files, kept until one of them, or the set of them, changes. */
	derived<T>(directory: string, name: string, make: () => Eventually<T>): Eventually<T>;
	/** As that of {@link Files}. */
	readonly pause: Files['pause'];
	/** Forgets the file, or the directory with everything below it. */
	invalidate(path: string): void;
	/** Forgets every file whose version is another now, and every directory whose entries may have changed. */
	refresh(signal?: AbortSignal): Promise<void>;
	/**
	 * What was looked at up to now for a workspace, and what `earlier` holds beside. `undefined` where that is too much, or what an editor
	 * has not saved is among it.
	 */
	inputs(root: string, downloaded: Downloaded, earlier?: SourceInputs): Promise<SourceInputs | undefined>;
	/** Whether everything is as {@link SourceCache.inputs} found it. */
	isAsBefore(inputs: SourceInputs): Promise<boolean>;
	/** Grows with every change that was heard of. */
	readonly generation: number;
}

interface CachedFile<T> {
	readonly version: string | undefined;
	readonly value: T;
}

function sourceDirectory(entries: readonly DirectoryEntry[]): SourceDirectory {
	const goFiles: string[] = [];
	const names: string[] = [];
	let hasGoFiles = false;
	const other = { 'go.mod': false, 'go.sum': false, 'go.work': false, 'go.work.sum': false };
	for (const { name, kind, link } of entries) {
		if (kind === 'directory') {
			if (!link) names.push(name);
		} else if (name.endsWith('.go')) {
			hasGoFiles = true;
			if (isGoFileName(name)) goFiles.push(name);
		} else if (Object.hasOwn(other, name)) other[name as keyof typeof other] = true;
	}
	return {
		goFiles,
		hasGoFiles,
		hasGoMod: other['go.mod'],
		hasGoSum: other['go.sum'],
		hasGoWork: other['go.work'],
		hasGoWorkSum: other['go.work.sum'],
		directories: names,
		size: entries.length,
	};
}

/** Above the workspace and its module, directories that have nothing to do with Go come and go. Nowhere does it matter how many entries there are. */
function whatMatters(directory: SourceDirectory | undefined, path: string, root: string): Partial<SourceDirectory> | null {
	if (directory === undefined) return null;
	const { size: _, directories, ...others } = directory;
	const isForeign = path !== root && isWithin(path, root) && !directory.hasGoMod && !directory.hasGoFiles;
	return isForeign ? others : { directories, ...others };
}

/** Long because its functions share the entries of one cache. */
export function createSourceCache(files: Files): SourceCache {
	const directories = new Map<string, Eventually<SourceDirectory | undefined>>();
	const sources = new Map<string, Eventually<CachedFile<GoSourceFile | undefined>>>();
	const others = new Map<string, Map<string, Eventually<CachedFile<unknown>>>>();
	/** The directories that something is kept of, or of anything below, be it that nothing is there. */
	const holders = new Set<string>();
	let generation = 0;

	function noteHolders(path: string): void {
		for (const above of ancestors(path)) {
			if (holders.has(above)) return;
			holders.add(above);
		}
	}

	/** Keeps a promise until it is settled and its value from then on, unless the entry was forgotten meanwhile. */
	function keep<T>(map: Map<string, Eventually<T>>, key: string, read: () => Eventually<T>): Eventually<T> {
		const known = map.get(key);
		if (known !== undefined || map.has(key)) return known as Eventually<T>;
		const found = read();
		map.set(key, found);
		if (found instanceof Promise) {
			found.then(
				(value) => {
					if (map.get(key) === found) map.set(key, value);
				},
				() => {
					if (map.get(key) === found) map.delete(key);
				},
			);
		}
		return found;
	}

	function readDirectory(path: string): Eventually<SourceDirectory | undefined> {
		noteHolders(path);
		return then(files.list(path), (entries) => entries && sourceDirectory(entries));
	}

	function readSource(path: string, store: TextStore | undefined): Eventually<CachedFile<GoSourceFile | undefined>> {
		noteHolders(dirname(path));
		if (files.readHead === undefined) return readWholeSource(path, undefined);
		return then(files.readHead(path, store !== undefined && store.room > 0), (head) => {
			if (head === undefined) return { version: undefined, value: undefined };
			if (head.complete && store !== undefined && head.text.length <= store.room) {
				store.room -= head.text.length;
				store.texts.set(path, head.text);
			}
			const header = head.complete ? scanHeader(head.text) : scanHead(head.text);
			if (header === 'more') return readWholeSource(path, head.text);
			return { version: head.version, value: header && { path, version: head.version, header } };
		});
	}

	/** @param head what is known of its beginning: of a file that is too large to be read whole, that is better than nothing */
	async function readWholeSource(path: string, head: string | undefined): Promise<CachedFile<GoSourceFile | undefined>> {
		const [status, text] = await Promise.all([files.status(path), files.readText(path)]);
		const readable = text ?? head;
		const header = readable === undefined ? undefined : scanHeader(readable);
		const version = status?.version;
		return { version, value: header && { path, version: version ?? '', header } };
	}

	const derived = new Map<string, Map<string, Eventually<unknown>>>();

	function forgetFile(path: string): void {
		sources.delete(path);
		others.delete(path);
		derived.delete(dirname(path));
	}

	/** Forgets what the directory lists; those above it may have got or lost the directory itself. */
	function forgetListing(path: string): void {
		for (const above of ancestors(path)) {
			directories.delete(above);
			derived.delete(above);
		}
	}

	function inner<T>(map: Map<string, Map<string, Eventually<T>>>, key: string): Map<string, Eventually<T>> {
		let found = map.get(key);
		if (found === undefined) {
			found = new Map();
			map.set(key, found);
		}
		return found;
	}

	/** Notes the version of a downloaded module, `null` where it is gone, and answers it; `undefined` where there is no module. */
	async function noteModule(versions: Map<string, string | null>, module: string | undefined): Promise<string | null | undefined> {
		if (module === undefined) return undefined;
		let version = versions.get(module);
		if (version === undefined) {
			version = (await files.status(module))?.version ?? null;
			versions.set(module, version);
		}
		return version;
	}

	return {
		get generation() {
			return generation;
		},
		directory: (path) => keep(directories, path, () => readDirectory(path)),
		file: (path, store) =>
			then(
				keep(sources, path, () => readSource(path, store)),
				(file) => file.value,
			),
		parsed<T>(path: string, name: string, parse: (text: string) => T) {
			const read = async (): Promise<CachedFile<unknown>> => {
				noteHolders(dirname(path));
				const [status, text] = await Promise.all([files.status(path), files.readText(path)]);
				return { version: status?.version, value: text === undefined ? undefined : parse(text) };
			};
			return then(keep(inner(others, path), name, read), (file) => file.value as T | undefined);
		},
		derived: (directory, name, make) =>
			keep(inner(derived, directory) as Map<string, Eventually<never>>, name, make as () => Eventually<never>),
		pause: files.pause,
		async inputs(root, downloaded, earlier) {
			const modules = new Map(earlier?.modules);
			const listings = new Map(earlier?.directories);
			const versions = new Map(earlier?.files);
			const isElsewhere = async (path: string): Promise<boolean> => (await noteModule(modules, downloaded(path))) === undefined;
			for (const [path, directory] of directories)
				if (await isElsewhere(path)) listings.set(path, whatMatters(await directory, path, root));
			const read: [string, Eventually<CachedFile<unknown>>][] = [...sources];
			for (const [path, byName] of others) for (const file of byName.values()) read.push([path, file]);
			for (const [path, file] of read) {
				if (!(await isElsewhere(path))) continue;
				const version = (await file).version ?? null;
				if (isUnsaved(version)) return undefined;
				versions.set(path, version);
			}
			if (listings.size + versions.size > MAX_INPUTS) return undefined;
			return { modules: [...modules], directories: [...listings], files: [...versions] };
		},
		async isAsBefore(inputs) {
			for (const [path, version] of [...inputs.modules, ...inputs.files]) {
				if (((await files.status(path))?.version ?? null) !== version) return false;
			}
			for (const [path, listing] of inputs.directories) {
				const now = await keep(directories, path, () => readDirectory(path));
				if ((now === undefined) !== (listing === null)) return false;
				for (const name of Object.keys(listing ?? {}) as (keyof SourceDirectory)[]) {
					if (JSON.stringify(now?.[name]) !== JSON.stringify(listing?.[name])) return false;
				}
			}
			return true;
		},
		invalidate(path) {
			generation++;
			forgetFile(path);
			// A change may be the creation or deletion of what the directory lists.
			forgetListing(path);
			// It may be a directory, of which something is kept although it was not there when it was last looked at.
			if (!holders.has(path)) return;
			for (const map of [directories, sources, others, derived]) {
				for (const key of map.keys()) if (isWithin(path, key)) map.delete(key);
			}
		},
		async refresh(signal) {
			generation++;
			const stale: string[] = [];
			const check = async (path: string, cached: Eventually<CachedFile<unknown>>) => {
				const version = (await cached).version;
				if ((await files.status(path))?.version !== version) stale.push(path);
			};
			const compare = async (path: string, cached: Eventually<SourceDirectory | undefined>) => {
				const [before, now] = [await cached, await readDirectory(path)];
				if (JSON.stringify(before) !== JSON.stringify(now)) {
					directories.delete(path);
					derived.delete(path);
				}
			};
			const checks = [...sources].map(([path, cached]) => check(path, cached));
			for (const [path, byName] of others) for (const cached of byName.values()) checks.push(check(path, cached));
			for (const [path, cached] of directories) checks.push(compare(path, cached));
			await Promise.all(checks);
			signal?.throwIfAborted();
			for (const path of stale) forgetFile(path);
		},
	};
}
