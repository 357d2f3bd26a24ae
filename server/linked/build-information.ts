import { type BinaryReader, Piece, utf8Text } from './binary-reader.ts';
import { bytesAt, type ElfFile, loadedPieces } from './elf.ts';
import type { BuildInformation, BuiltModule } from './model.ts';

/** What the Go linker writes about a build, in both forms that it has had (debug/buildinfo). */

const MAGIC = Uint8Array.from('\xff Go buildinf:', (character) => character.charCodeAt(0));
const HEADER_BYTES = 32;
const ALIGNMENT = 16;

const BIG_ENDIAN = 1;
const INLINE = 2;

/** A program of Kubernetes has 200 modules in 20 KB. */
const MOST_TEXT_BYTES = 1024 * 1024;

/** `undefined` where there is none; a text says why it cannot be read. */
export async function readBuildInformation(elf: ElfFile): Promise<BuildInformation | string | undefined> {
	const offset = await findHeader(elf);
	if (offset === undefined) return undefined;
	const header = await elf.reader.bytes(offset, HEADER_BYTES);
	if (header.length < HEADER_BYTES) return 'its header is cut off';
	const flags = header[15] ?? 0;
	const texts = (flags & INLINE) !== 0 ? await inlineTexts(elf.reader, offset + HEADER_BYTES) : await textsByPointer(elf, header, flags);
	if (texts === undefined) return 'its texts are cut off';
	// What `go build` writes is framed by 16 bytes on each side, by which it is found in memory.
	const framed = texts.modules.length >= 33 && texts.modules.at(-17) === 10;
	const lines = framed ? utf8Text(texts.modules.subarray(16, -16)).split('\n') : [];
	const goVersion = utf8Text(texts.version);
	return goVersion === '' ? undefined : { goVersion, ...parsedLines(lines) };
}

/** The offset of the header: in a section of its own, or among the data that can be written. */
async function findHeader(elf: ElfFile): Promise<number | undefined> {
	const section = elf.sections.find(({ name, inFile }) => name === '.go.buildinfo' && inFile);
	const pieces = section === undefined ? loadedPieces(elf, true) : [{ offset: section.offset, length: section.size }];
	for (const { offset, length } of pieces) {
		// Addresses are as far from a page's start as offsets are.
		for await (const at of elf.reader.occurrences(MAGIC, offset, length)) if (at % ALIGNMENT === 0) return at;
	}
	return undefined;
}

interface Texts {
	readonly version: Uint8Array;
	readonly modules: Uint8Array;
}

/** Since Go 1.18 the texts follow, each after its length. */
async function inlineTexts(reader: BinaryReader, offset: number): Promise<Texts | undefined> {
	const version = await textAfterLength(reader, offset);
	const modules = version === undefined ? undefined : await textAfterLength(reader, version.end);
	return version === undefined || modules === undefined ? undefined : { version: version.bytes, modules: modules.bytes };
}

async function textAfterLength(reader: BinaryReader, offset: number): Promise<{ bytes: Uint8Array; end: number } | undefined> {
	const start = await reader.bytes(offset, 5);
	let length = 0;
	let digits = 0;
	// Seven bits a byte, the lowest first.
	for (const byte of start) {
		length += (byte & 0x7f) * 2 ** (7 * digits);
		digits++;
		if (byte < 0x80) break;
	}
	if (digits === 0 || (start[digits - 1] ?? 0x80) >= 0x80 || length > MOST_TEXT_BYTES) return undefined;
	const bytes = await reader.bytes(offset + digits, length);
	return bytes.length < length ? undefined : { bytes, end: offset + digits + length };
}

/** Before Go 1.18 the header has the addresses of two Go strings. */
async function textsByPointer(elf: ElfFile, header: Uint8Array, flags: number): Promise<Texts | undefined> {
	const wordBytes = header[14];
	if (wordBytes !== 4 && wordBytes !== 8) return undefined;
	const format = { littleEndian: (flags & BIG_ENDIAN) === 0, wordBytes } as const;
	const text = async (address: number | undefined): Promise<Uint8Array> => {
		const nothing = new Uint8Array(0);
		if (address === undefined) return nothing;
		const string = new Piece(await bytesAt(elf, address, 2 * wordBytes), format);
		const [data, length] = [string.word(0), string.word(wordBytes)];
		if (data === undefined || length === undefined || length > MOST_TEXT_BYTES) return nothing;
		const bytes = await bytesAt(elf, data, length);
		return bytes.length < length ? nothing : bytes;
	};
	const pointers = new Piece(header, format);
	return { version: await text(pointers.word(16)), modules: await text(pointers.word(16 + wordBytes)) };
}

interface ChangingModule {
	readonly path: string;
	readonly version: string;
	replacedBy: BuiltModule | undefined;
}

/** The lines are those of `debug.BuildInfo.String`. What is no such line is left out. */
function parsedLines(lines: readonly string[]): Omit<BuildInformation, 'goVersion'> {
	let mainPackage: string | undefined;
	let mainModule: ChangingModule | undefined;
	let last: ChangingModule | undefined;
	const modules: ChangingModule[] = [];
	const settings = new Map<string, string>();
	for (const line of lines) {
		const [word = '', ...columns] = line.split('\t');
		const [path = '', version = ''] = columns;
		const module = { path, version, replacedBy: undefined };
		if (word === 'path') mainPackage = path;
		else if (word === 'mod') mainModule = module;
		else if (word === 'dep') modules.push(module);
		else if (word === '=>' && last !== undefined) last.replacedBy = module;
		else if (word === 'build') addSetting(settings, columns.join('\t'));
		if (word === 'mod' || word === 'dep') last = module;
	}
	return { mainPackage, mainModule, modules, settings };
}

/** `KEY=VALUE`, either of which is quoted as Go does where it has to be. */
function addSetting(settings: Map<string, string>, text: string): void {
	const match = /^("(?:\\.|[^"\\])*"|`[^`]*`|[^=]+)=(.*)$/s.exec(text);
	if (match !== null) settings.set(unquoted(match[1] ?? ''), unquoted(match[2] ?? ''));
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function unquoted(text: string): string {
	if (/^`[^`]*`$/.test(text)) return text.slice(1, -1);
	if (!/^"(?:\\.|[^"\\])*"$/s.test(text)) return text;
	return text.slice(1, -1).replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{3})|(.))/gis, (_, x, u, U, octal, other) => {
		const code = octal === undefined ? Number.parseInt(x ?? u ?? U ?? '', 16) : Number.parseInt(octal, 8);
		if (other !== undefined) return ESCAPES[other] ?? other;
		return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
	});
}
