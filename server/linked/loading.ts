import { Piece, utf8Text } from './binary-reader.ts';
import { bytesAt, type ElfFile, PT_DYNAMIC, PT_INTERP } from './elf.ts';
import type { Loading, RequiredVersion } from './model.ts';

/** What the kernel and the loader read of a program: its interpreter and its dynamic section. Section headers may be stripped. */

const DT_NULL = 0;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_RPATH = 15;
const DT_RUNPATH = 29;
const DT_FLAGS_1 = 0x6ffffffb;
const DT_VERNEED = 0x6ffffffe;
const DT_VERNEEDNUM = 0x6fffffff;
const DF_1_PIE = 0x08000000;
const VER_FLG_WEAK = 2;

/** More than any linker writes. */
const MOST_DYNAMIC_BYTES = 256 * 1024;
const MOST_ENTRIES = 2000;
const MOST_VERSIONS = 5000;
/** PATH_MAX of Linux. */
const MOST_NAME_BYTES = 4096;

export interface ReadLoading {
	readonly loading: Loading | undefined;
	/** Whether the linker says that it is a position-independent executable. */
	readonly isPie: boolean;
	/** Why `loading` is not known. */
	readonly unread: string | undefined;
}

export async function readLoading(elf: ElfFile): Promise<ReadLoading> {
	const interpreter = await readInterpreter(elf);
	if (interpreter === null) return { loading: undefined, isPie: false, unread: 'interpreter: its name is cut off' };
	const entries = await readDynamic(elf);
	if (typeof entries === 'string') return { loading: undefined, isPie: false, unread: `dynamic section: ${entries}` };
	const values = (tag: number) => entries.filter((entry) => entry.tag === tag).map(({ value }) => value);
	const isPie = values(DT_FLAGS_1).some((flags) => (flags & DF_1_PIE) !== 0);
	const [table] = values(DT_STRTAB);
	const text = async (offset: number) => (table === undefined ? undefined : stringAt(elf, table + offset));
	const libraries = await Promise.all(values(DT_NEEDED).map(text));
	const runPaths = await Promise.all([...values(DT_RUNPATH), ...values(DT_RPATH)].map(text));
	const versions = await readVersions(elf, values(DT_VERNEED)[0], values(DT_VERNEEDNUM)[0], text);
	if (!libraries.every((name) => name !== undefined) || !runPaths.every((path) => path !== undefined) || versions === undefined) {
		return { loading: undefined, isPie, unread: 'dynamic section: a name or a version is cut off' };
	}
	const paths = runPaths.flatMap((path) => path.split(':')).filter((path) => path !== '');
	return { loading: { interpreter, libraries, runPaths: paths, versions, glibc: newestGlibc(versions) }, isPie, unread: undefined };
}

/** `null` where the file is cut off there. */
async function readInterpreter(elf: ElfFile): Promise<string | undefined | null> {
	const segment = elf.segments.find(({ type }) => type === PT_INTERP);
	if (segment === undefined) return undefined;
	const bytes = await elf.reader.bytes(segment.offset, Math.min(segment.fileBytes, MOST_NAME_BYTES));
	const end = bytes.indexOf(0);
	return end <= 0 ? null : utf8Text(bytes.subarray(0, end));
}

/** The entries, or what is wrong with them. */
async function readDynamic(elf: ElfFile): Promise<readonly { readonly tag: number; readonly value: number }[] | string> {
	const segment = elf.segments.find(({ type }) => type === PT_DYNAMIC);
	if (segment === undefined) return [];
	if (segment.fileBytes > MOST_DYNAMIC_BYTES) return 'it is longer than any linker writes';
	const piece = new Piece(await elf.reader.bytes(segment.offset, segment.fileBytes), elf.format);
	if (piece.bytes.length < segment.fileBytes) return 'it is cut off';
	const size = elf.format.wordBytes;
	const entries: { tag: number; value: number }[] = [];
	for (let at = 0; at + 2 * size <= piece.bytes.length; at += 2 * size) {
		const tag = piece.word(at);
		if (tag === DT_NULL) break;
		const value = piece.word(at + size);
		// Tags and values beyond 2^53 are those of processors and of addresses that concern nobody here.
		if (tag !== undefined && value !== undefined) entries.push({ tag, value });
		if (entries.length > MOST_ENTRIES) return 'it has more entries than any linker writes';
	}
	return entries;
}

async function stringAt(elf: ElfFile, address: number): Promise<string | undefined> {
	const bytes = await bytesAt(elf, address, MOST_NAME_BYTES);
	const end = bytes.indexOf(0);
	return end < 0 ? undefined : utf8Text(bytes.subarray(0, end));
}

/** The chain of libraries, and for each the chain of its versions (Linux Standard Base, *Symbol Versioning*). */
async function readVersions(
	elf: ElfFile,
	start: number | undefined,
	count: number | undefined,
	text: (offset: number) => Promise<string | undefined>,
): Promise<readonly RequiredVersion[] | undefined> {
	if (start === undefined) return [];
	if (count === undefined || count > MOST_ENTRIES) return undefined;
	const versions: RequiredVersion[] = [];
	let address = start;
	for (let index = 0; index < count; index++) {
		const need = new Piece(await bytesAt(elf, address, 16), elf.format);
		const [names, library, first, next] = [need.u16(2), need.u32(4), need.u32(8), need.u32(12)];
		if (names === undefined || library === undefined || first === undefined || next === undefined) return undefined;
		const libraryName = await text(library);
		if (libraryName === undefined || versions.length + names > MOST_VERSIONS) return undefined;
		let at = address + first;
		for (let each = 0; each < names; each++) {
			const version = new Piece(await bytesAt(elf, at, 16), elf.format);
			const [flags, name, further] = [version.u16(4), version.u32(8), version.u32(12)];
			if (flags === undefined || name === undefined || further === undefined) return undefined;
			const versionName = await text(name);
			if (versionName === undefined) return undefined;
			versions.push({ library: libraryName, name: versionName, weak: (flags & VER_FLG_WEAK) !== 0 });
			if (further === 0) break;
			at += further;
		}
		if (next === 0) break;
		address += next;
	}
	return versions;
}

function newestGlibc(versions: readonly RequiredVersion[]): number | undefined {
	const required = versions.filter(({ weak }) => !weak);
	const numbers = required.flatMap(({ name }) => /^GLIBC_2\.(\d{1,3})(?:\.\d+)?$/.exec(name)?.[1] ?? []);
	return numbers.length === 0 ? undefined : Math.max(...numbers.map(Number));
}
