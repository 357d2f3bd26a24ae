import { asciiText, Piece } from './binary-reader.ts';
import { type ElfFile, loadedPieces } from './elf.ts';

/**
 * The names of the functions of a Go program, and of its source files: the table that the runtime prints stack traces from
 * (runtime/symtab.go, `pcHeader`). It is there in every program, stripped or not, and names inlined functions too.
 */

/** How the table begins, by the Go that wrote it first: its magic number, and how many words are before the offset of the names. */
const VERSIONS = [
	// Since Go 1.20.
	{ magic: 0xfffffff1, words: 3 },
	// Go 1.18 and 1.19.
	{ magic: 0xfffffff0, words: 3 },
	// Go 1.16 and 1.17, without the address of the code.
	{ magic: 0xfffffffa, words: 2 },
] as const;

/** Up to Go 1.15 the names were not in one piece. */
const OLD_MAGIC = 0xfffffffb;

const SECTIONS = new Set(['.gopclntab', '.data.rel.ro.gopclntab']);

/** The code of a program may have the same bytes some times. */
const MOST_CANDIDATES = 10_000;

/** The names of a program of 120 MB have 8 MB. */
const MOST_NAMES_BYTES = 32 * 1024 * 1024;

/** A longer name is cut here: types of generics and closures within closures stay below. */
const MOST_NAME_BYTES = 64 * 1024;

/** A part of the file that holds texts, each of which ends in a zero byte. */
interface Texts {
	readonly offset: number;
	readonly length: number;
}

export interface NameTable {
	readonly functions: Texts;
	/** The source files: absolute, or `MODULE@VERSION/FILE` and `./FILE` where the build trimmed its paths. */
	readonly files: Texts;
}

/** Where the names are. `undefined` where there is no such table; a text says why it cannot be read. */
export async function findNames(elf: ElfFile): Promise<NameTable | string | undefined> {
	const section = elf.sections.find(({ name, inFile }) => SECTIONS.has(name) && inFile);
	if (section !== undefined) return (await tableAt(elf, section.offset)) ?? 'the table is not of a version that is known';
	const found: NameTable[] = [];
	let tried = 0;
	for (const { magic, words } of VERSIONS) {
		for await (const offset of occurrencesOf(elf, magic)) {
			if (++tried > MOST_CANDIDATES) return 'too much looks like their table';
			const table = await tableOfVersion(elf, offset, words);
			if (table !== undefined && typeof table !== 'string') found.push(table);
			// One of them is that of a program that this one has in its data.
			if (found.length > 1) return 'there are several tables';
		}
	}
	return found[0];
}

async function* occurrencesOf(elf: ElfFile, magic: number): AsyncGenerator<number> {
	const start = new Uint8Array(6);
	new DataView(start.buffer).setUint32(0, magic, elf.format.littleEndian);
	for (const { offset, length } of loadedPieces(elf, false)) yield* elf.reader.occurrences(start, offset, length);
}

async function tableAt(elf: ElfFile, offset: number): Promise<NameTable | string | undefined> {
	const magic = new Piece(await elf.reader.bytes(offset, 4), elf.format).u32(0);
	if (magic === OLD_MAGIC) return 'the table is of Go 1.15 or older';
	const version = VERSIONS.find((each) => each.magic === magic);
	return version === undefined ? undefined : tableOfVersion(elf, offset, version.words);
}

async function tableOfVersion(elf: ElfFile, offset: number, words: number): Promise<NameTable | string | undefined> {
	const size = elf.format.wordBytes;
	const header = new Piece(await elf.reader.bytes(offset, 8 + (words + 4) * size), elf.format);
	const quantum = header.u8(6);
	if (header.u16(4) !== 0 || header.u8(7) !== size || (quantum !== 1 && quantum !== 2 && quantum !== 4)) return undefined;
	const at = (word: number) => header.word(8 + word * size);
	const functions = at(0);
	// After the names of functions come the tables of compilation units, of files and of program counters.
	const [names, units, files, counters] = [at(words), at(words + 1), at(words + 2), at(words + 3)];
	if (names === undefined || units === undefined || files === undefined || counters === undefined) return 'its header is broken';
	if (functions === undefined || names < header.bytes.length || units < names) return 'its header is broken';
	if (units - names > MOST_NAMES_BYTES || functions === 0) return 'its header is broken';
	if (offset + units > elf.reader.size) return 'the table is cut off';
	const isBroken = files < units || counters < files || counters - files > MOST_NAMES_BYTES || offset + counters > elf.reader.size;
	return {
		functions: { offset: offset + names, length: units - names },
		files: { offset: offset + files, length: isBroken ? 0 : counters - files },
	};
}

/** The names, as many at once as one part of the file has. Some Go versions write `[...]` for type arguments of functions. */
export async function* textsOf(elf: ElfFile, { offset, length }: Texts): AsyncGenerator<readonly string[]> {
	let rest = '';
	for await (const { bytes } of elf.reader.parts(offset, length)) {
		const names = (rest + asciiText(bytes)).split('\0');
		rest = (names.pop() ?? '').slice(0, MOST_NAME_BYTES);
		yield names;
	}
	if (rest !== '') yield [rest];
}
