import { asciiText, type BinaryReader, type NumberFormat, Piece } from './binary-reader.ts';

/** The parts of an ELF file that say where something is (gabi.xinuos.com, elf(5)). */

/** A piece of the file that is loaded to an address. */
export interface Segment {
	readonly type: number;
	readonly writable: boolean;
	readonly offset: number;
	readonly address: number;
	/** How many bytes of the file it has. */
	readonly fileBytes: number;
}

export interface Section {
	readonly name: string;
	readonly offset: number;
	readonly address: number;
	readonly size: number;
	/** Whether the file has its bytes. */
	readonly inFile: boolean;
}

export interface ElfFile {
	readonly reader: BinaryReader;
	readonly format: NumberFormat;
	readonly type: number;
	readonly machine: number;
	readonly segments: readonly Segment[];
	/** Empty where they are stripped or broken: nothing that decides needs them. */
	readonly sections: readonly Section[];
	/** Where the program headers end. */
	readonly headersEnd: number;
}

export const ET_EXEC = 2;
export const ET_DYN = 3;
export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;

const SHT_NOBITS = 8;
const PF_W = 2;

/** More than any linker writes. */
const MOST_SEGMENTS = 1024;
const MOST_SECTIONS = 20_000;
const MOST_NAME_BYTES = 1024 * 1024;

/** The offsets of the fields in 32-bit and 64-bit files. */
const LAYOUTS = {
	4: { header: 52, phoff: 28, shoff: 32, counts: 42, ph: { flags: 24, offset: 4, address: 8, fileBytes: 16, size: 32 }, shSize: 40 },
	8: { header: 64, phoff: 32, shoff: 40, counts: 54, ph: { flags: 4, offset: 8, address: 16, fileBytes: 32, size: 56 }, shSize: 64 },
} as const;

const MAGIC = '\x7fELF';

export function isElf(start: Uint8Array): boolean {
	return asciiText(start.subarray(0, MAGIC.length)) === MAGIC;
}

/** @returns the file, or what is wrong with its headers. */
export async function readElf(reader: BinaryReader): Promise<ElfFile | string> {
	const start = await reader.bytes(0, LAYOUTS[8].header);
	const wordBytes = start[4] === 1 ? 4 : start[4] === 2 ? 8 : undefined;
	const order = start[5];
	if (wordBytes === undefined || (order !== 1 && order !== 2)) return 'the header names no class or byte order';
	const format: NumberFormat = { littleEndian: order === 1, wordBytes };
	const layout = LAYOUTS[wordBytes];
	const header = new Piece(start, format);
	const type = header.u16(16);
	const machine = header.u16(18);
	const count = header.u16(layout.counts + 2);
	const offset = header.word(layout.phoff);
	if (start.length < layout.header || type === undefined || machine === undefined) return 'the header is cut off';
	if (count === undefined || offset === undefined || header.u16(layout.counts) !== layout.ph.size || count > MOST_SEGMENTS) {
		return count === 0 ? { reader, format, type, machine, segments: [], sections: [], headersEnd: 0 } : 'the program headers are broken';
	}
	const headersEnd = offset + count * layout.ph.size;
	const headers = new Piece(await reader.bytes(offset, count * layout.ph.size), format);
	if (headers.bytes.length < count * layout.ph.size) return 'the program headers are cut off';
	const segments = Array.from({ length: count }, (_, index) => segmentAt(headers, index * layout.ph.size, layout.ph));
	if (!segments.every((each) => each !== undefined)) return 'a program header is broken';
	return { reader, format, type, machine, segments, sections: await readSections(reader, format, header), headersEnd };
}

function segmentAt(headers: Piece, at: number, layout: (typeof LAYOUTS)[4 | 8]['ph']): Segment | undefined {
	const type = headers.u32(at);
	const flags = headers.u32(at + layout.flags);
	const offset = headers.word(at + layout.offset);
	const address = headers.word(at + layout.address);
	const fileBytes = headers.word(at + layout.fileBytes);
	if (type === undefined || flags === undefined || offset === undefined || fileBytes === undefined) return undefined;
	// An address that is no number of ours is one that nothing refers to.
	return { type, writable: (flags & PF_W) !== 0, offset, address: address ?? -1, fileBytes };
}

async function readSections(reader: BinaryReader, format: NumberFormat, header: Piece): Promise<readonly Section[]> {
	const { shoff, counts, shSize } = LAYOUTS[format.wordBytes];
	const offset = header.word(shoff);
	const count = header.u16(counts + 6) ?? 0;
	const namesIndex = header.u16(counts + 8) ?? 0;
	if (!offset || header.u16(counts + 4) !== shSize || count > MOST_SECTIONS || namesIndex >= count) return [];
	const headers = new Piece(await reader.bytes(offset, count * shSize), format);
	if (headers.bytes.length < count * shSize) return [];
	const word = format.wordBytes;
	const found = Array.from({ length: count }, (_, index) => {
		const at = index * shSize;
		return {
			name: headers.u32(at) ?? -1,
			inFile: headers.u32(at + 4) !== SHT_NOBITS,
			address: headers.word(at + 8 + word) ?? -1,
			offset: headers.word(at + 8 + 2 * word) ?? -1,
			size: headers.word(at + 8 + 3 * word) ?? -1,
		};
	});
	const names = found[namesIndex];
	if (names === undefined || names.size > MOST_NAME_BYTES) return [];
	const texts = asciiText(await reader.bytes(names.offset, names.size));
	if (texts.length < names.size) return [];
	return found.map((each) => ({ ...each, name: nameAt(texts, each.name) }));
}

function nameAt(texts: string, at: number): string {
	const end = at < 0 ? -1 : texts.indexOf('\0', at);
	return end < 0 ? '' : texts.slice(at, end);
}

/** Where the bytes of an address are in the file, and how many follow in its segment; `undefined` where the file does not have them. */
function placeOf(elf: ElfFile, address: number): { readonly offset: number; readonly length: number } | undefined {
	for (const segment of elf.segments) {
		if (segment.type !== PT_LOAD || segment.address < 0) continue;
		const into = address - segment.address;
		if (into >= 0 && into < segment.fileBytes) return { offset: segment.offset + into, length: segment.fileBytes - into };
	}
	return undefined;
}

/** The pieces of the file that are loaded, and can be written if `writable` says so: each byte is in one of them at most. */
export function loadedPieces({ segments }: ElfFile, writable: boolean): readonly { readonly offset: number; readonly length: number }[] {
	const loaded = segments.filter((each) => each.type === PT_LOAD && (each.writable || !writable));
	const pieces: { offset: number; length: number }[] = [];
	let end = 0;
	for (const { offset, fileBytes } of loaded.toSorted((one, other) => one.offset - other.offset)) {
		const start = Math.max(offset, end);
		end = Math.max(end, offset + fileBytes);
		if (end > start) pieces.push({ offset: start, length: end - start });
	}
	return pieces;
}

/** At most `length` bytes that are loaded to an address. */
export async function bytesAt(elf: ElfFile, address: number, length: number): Promise<Uint8Array> {
	const place = placeOf(elf, address);
	return place === undefined ? new Uint8Array(0) : elf.reader.bytes(place.offset, Math.min(length, place.length));
}
