import fs, { type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { shownPath } from './shown-path.ts';
import { reasonOf } from './system-errors.ts';
import { UsageError } from './usage-error.ts';

/**
 * The one place that writes files of the user. At any moment, even after a kill or on a full disk, a file holds its old text or its
 * new text, whole.
 *
 * A text is written beside its file, flushed and renamed over it, with the mode and the owner of the file. A link stays a link: the
 * file that it leads to is written. A rename would part a file from its other hard links, and cannot keep the owner of a file of
 * somebody else; such files are written in place, see {@link writeInPlace}.
 */

/** A text, and the file that gets it. */
export interface TextToWrite {
	readonly path: string;
	readonly text: string;
	/** Whether the text replaces what is there; otherwise nothing may be there, not even a link. */
	readonly overwrites: boolean;
	/** Whether to create the directories above it that do not exist. */
	readonly createsDirectories?: boolean;
}

/** The calls of the file system that the writer makes; a test puts faults between them. */
export type FileSystem = Pick<
	typeof fs,
	| 'accessSync'
	| 'closeSync'
	| 'fchmodSync'
	| 'fchownSync'
	| 'fstatSync'
	| 'fsyncSync'
	| 'ftruncateSync'
	| 'linkSync'
	| 'lstatSync'
	| 'mkdirSync'
	| 'openSync'
	| 'readFileSync'
	| 'readlinkSync'
	| 'realpathSync'
	| 'renameSync'
	| 'rmdirSync'
	| 'statSync'
	| 'unlinkSync'
	| 'writeFileSync'
	| 'writeSync'
>;

/** Which files are temporary ones of ours. */
export const TEMPORARY_NAME = /^\.go-scratch-[0-9a-f]{12}\.tmp$/;

/** A file that can be put into place at once. */
interface Prepared {
	/** The directory in which {@link place} gives it its name, where it does that. */
	readonly directory: string | undefined;
	place(): void;
	/** Takes back what {@link place} did; files that are overwritten come last and need none. */
	undo(): void;
	/** Removes what lies beside the file. */
	clean(): void;
}

/**
 * Writes the text into the file, and replaces what is there.
 *
 * @throws UsageError where that cannot be done, with the reason.
 */
export function writeText(path: string, text: string, system: FileSystem = fs): void {
	writeTexts([{ path, text, overwrites: true }], system);
}

/**
 * Writes all of the texts or none: first each is written whole beside its file, then all are put into place.
 *
 * @param texts At most one of them overwrites.
 * @throws UsageError where one of them cannot be written, with the reason.
 */
export function writeTexts(texts: readonly TextToWrite[], system: FileSystem = fs): void {
	const prepared: { path: string; file: Prepared }[] = [];
	const placed: Prepared[] = [];
	const directories: string[] = [];
	// What is new can be taken away again, so it comes first.
	const inOrder = [...texts].sort((a, b) => Number(a.overwrites) - Number(b.overwrites));
	try {
		for (const each of inOrder) {
			attempt(each.path, () => {
				if (each.createsDirectories === true) createDirectories(dirname(each.path), directories, system);
				prepared.push({ path: each.path, file: prepare(each, system) });
			});
		}
		// Nothing that takes long stands between the files: a kill there would leave some of them.
		for (const { path, file } of prepared) {
			attempt(path, () => file.place());
			placed.push(file);
		}
	} catch (error) {
		for (const file of placed.reverse()) file.undo();
		for (const { file } of prepared) file.clean();
		for (const directory of directories.reverse()) quietly(() => system.rmdirSync(directory));
		throw error;
	}
	for (const directory of new Set(placed.map((file) => file.directory))) {
		if (directory !== undefined) flushDirectory(directory, system);
	}
	for (const { file } of prepared) file.clean();
}

/** @throws UsageError in place of what the system says of a file that is to be written. */
function attempt(path: string, write: () => void): void {
	try {
		write();
	} catch (error) {
		if (error instanceof UsageError) throw error;
		// Of a file that is to be created, it is the directory that does not exist.
		const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'its directory does not exist' : reasonOf(error);
		throw new UsageError(`${shownPath(path)} cannot be written: ${reason}.`);
	}
}

/** @param created Gets the directories that did not exist, the upper ones first. */
function createDirectories(directory: string, created: string[], system: FileSystem): void {
	if (system.statSync(directory, { throwIfNoEntry: false }) !== undefined) return;
	if (dirname(directory) !== directory) createDirectories(dirname(directory), created, system);
	system.mkdirSync(directory);
	created.push(directory);
}

function prepare({ path, text, overwrites }: TextToWrite, system: FileSystem): Prepared {
	const bytes = Buffer.from(text);
	if (!overwrites) {
		if (system.lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw existing();
		return prepareNew(path, bytes, false, system);
	}
	const found = system.statSync(path, { throwIfNoEntry: false });
	if (found === undefined) return prepareNew(targetOfDangling(path, system), bytes, true, system);
	if (found.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
	// A pipe, a device, or what the caller has open: nothing of it is kept, and nothing can take its place.
	if (!found.isFile() || /^\/(?:proc|dev)\//.test(path)) return prepareStream(path, bytes, system);
	const target = system.realpathSync(path);
	system.accessSync(target, fs.constants.W_OK);
	return prepareReplacement(target, bytes, found, system);
}

/** @param overwrites Whether the text replaces what appears there in the meantime. */
function prepareNew(path: string, bytes: Buffer, overwrites: boolean, system: FileSystem): Prepared {
	const temporary = writeBeside(path, bytes, undefined, system);
	return {
		directory: dirname(path),
		place() {
			if (overwrites) system.renameSync(temporary, path);
			else placeNew(temporary, path, system);
		},
		undo: () => quietly(() => system.unlinkSync(path)),
		clean: () => quietly(() => system.unlinkSync(temporary)),
	};
}

/** Gives a file its name, unless something has that name; a rename would replace it. */
function placeNew(temporary: string, path: string, system: FileSystem): void {
	try {
		system.linkSync(temporary, path);
	} catch (error) {
		if (!/^(?:EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS|EMLINK|EINVAL)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
		// A file system without hard links.
		if (system.lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw existing();
		system.renameSync(temporary, path);
	}
}

function prepareStream(path: string, bytes: Buffer, system: FileSystem): Prepared {
	return { directory: undefined, place: () => system.writeFileSync(path, bytes), undo: () => {}, clean: () => {} };
}

/** @param target A regular file, named without links. */
function prepareReplacement(target: string, bytes: Buffer, found: Stats, system: FileSystem): Prepared {
	// The old text is kept beside a file that is written in place, for the case that the disk fails both ways.
	const inPlace = found.nlink > 1;
	let beside: string | undefined;
	try {
		beside = writeBeside(target, inPlace ? system.readFileSync(target) : bytes, found, system);
	} catch (error) {
		// The directory is closed, or the file belongs to somebody else: the file itself can be written all the same.
		if (!isRefusal(error)) throw error;
	}
	return {
		directory: dirname(target),
		place() {
			if (beside !== undefined && !inPlace && renamed(beside, target, system)) return;
			const restored = writeInPlace(target, bytes, system);
			if (restored === true) return;
			if (restored.stands || beside === undefined || !inPlace) throw restored.error;
			const kept = shownPath(beside);
			beside = undefined;
			throw new UsageError(`${shownPath(target)} cannot be written: ${reasonOf(restored.error)}. Its previous content is in ${kept}.`);
		},
		undo: () => {},
		clean: () => quietly(() => beside !== undefined && system.unlinkSync(beside)),
	};
}

/** Whether the one file has taken the place of the other. Something mounted on the other one prevents that. */
function renamed(from: string, to: string, system: FileSystem): boolean {
	try {
		system.renameSync(from, to);
		return true;
	} catch (error) {
		if (isRefusal(error)) return false;
		throw error;
	}
}

function isRefusal(error: unknown): boolean {
	return /^(?:EACCES|EPERM|EBUSY|EROFS|EXDEV)$/.test((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}

/**
 * Writes a file beside `path`, flushed to the disk.
 *
 * @param like Whose mode and owner it gets; otherwise it gets those of any new file.
 * @returns Its name.
 * @throws What the system says; then there is no such file.
 */
function writeBeside(path: string, bytes: Buffer, like: Stats | undefined, system: FileSystem): string {
	// A name that somebody else could guess does no harm: the file is created or refused. Node's cryptography takes 3 ms to load.
	const random = Math.floor(Math.random() * 2 ** 48);
	const name = join(dirname(path), `.go-scratch-${random.toString(16).padStart(12, '0')}.tmp`);
	const file = system.openSync(name, 'wx', like === undefined ? 0o666 : 0o600);
	let open = true;
	try {
		if (like !== undefined) {
			const { uid, gid } = system.fstatSync(file);
			if (uid !== like.uid || gid !== like.gid) system.fchownSync(file, like.uid, like.gid);
			// After the owner: to change that takes away special bits.
			system.fchmodSync(file, like.mode & 0o7777);
		}
		writeAll(file, bytes, system);
		system.fsyncSync(file);
		open = false;
		system.closeSync(file);
		return name;
	} catch (error) {
		if (open) quietly(() => system.closeSync(file));
		quietly(() => system.unlinkSync(name));
		throw error;
	}
}

/**
 * Writes over the text of a file without a moment at which it holds a part of it. One call writes the new text, with line feeds up to
 * the length of the old one, so that nothing of that is left; the next one cuts these off.
 *
 * @returns `true`, or why it cannot be written and whether the old text stands again.
 */
function writeInPlace(path: string, bytes: Buffer, system: FileSystem): true | { error: unknown; stands: boolean } {
	let file: number | undefined;
	let old: Buffer | undefined;
	try {
		file = system.openSync(path, 'r+');
		old = system.readFileSync(file);
		const filled = old.length > bytes.length ? Buffer.concat([bytes, Buffer.alloc(old.length - bytes.length, '\n')]) : bytes;
		writeAll(file, filled, system);
		if (filled.length > bytes.length) system.ftruncateSync(file, bytes.length);
		system.fsyncSync(file);
		return true;
	} catch (error) {
		return { error, stands: file === undefined || old === undefined || restores(file, old, system) };
	} finally {
		const opened = file;
		if (opened !== undefined) quietly(() => system.closeSync(opened));
	}
}

function restores(file: number, old: Buffer, system: FileSystem): boolean {
	try {
		writeAll(file, old, system);
		system.ftruncateSync(file, old.length);
		system.fsyncSync(file);
		return true;
	} catch {
		return false;
	}
}

/** Writes from the start of the file. */
function writeAll(file: number, bytes: Buffer, system: FileSystem): void {
	let written = 0;
	while (written < bytes.length) written += system.writeSync(file, bytes, written, bytes.length - written, written);
}

/** A name is on the disk once its directory is. Not every system can do that, and the text is whole either way. */
function flushDirectory(directory: string, system: FileSystem): void {
	quietly(() => {
		const opened = system.openSync(directory, 'r');
		try {
			system.fsyncSync(opened);
		} finally {
			system.closeSync(opened);
		}
	});
}

/** The file that a link to nothing names, or the path itself where it is no link. */
function targetOfDangling(path: string, system: FileSystem): string {
	let target = path;
	// A link that leads back to itself is told by the stat before.
	while (system.lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
		target = resolve(system.realpathSync(dirname(target)), system.readlinkSync(target));
	}
	return target;
}

function existing(): Error {
	return Object.assign(new Error(), { code: 'EEXIST' });
}

/** For what is done after the outcome is certain. Tried again once, since a signal or a scanner of viruses may be in the way. */
function quietly(clean: () => void): void {
	for (let attempts = 0; attempts < 2; attempts++) {
		try {
			clean();
			return;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
		}
	}
}
