import { asciiText, BinaryReader } from './binary-reader.ts';
import { readBuildInformation } from './build-information.ts';
import type { ByteSource } from './byte-source.ts';
import { type ElfFile, ET_DYN, ET_EXEC, isElf, PT_LOAD, readElf } from './elf.ts';
import { findNames, textsOf } from './function-names.ts';
import { readLoading } from './loading.ts';
import type { BuildInformation, LinkedFile, LinkedNeeds, Loading, UnknownFile } from './model.ts';
import { NamesOfFunctions } from './needs-of-names.ts';

/**
 * What a file says that a linker wrote. It reads pieces of the file, a few hundred KB of a large one, and ends for any bytes.
 *
 * @param source what cannot be read of it is treated as cut off
 */
export async function readLinkedFile(source: ByteSource): Promise<LinkedFile> {
	const reader = new BinaryReader(source);
	const start = await reader.bytes(0, 64);
	if (!isElf(start)) return otherFile(start);
	const system = SYSTEMS.get(start[7] ?? 0);
	if (system !== undefined) return { kind: 'unknown', why: 'foreign', format: `ELF for ${system}` };
	const elf = await readElf(reader);
	if (typeof elf === 'string') return { kind: 'unknown', why: 'broken', format: elf };
	const end = Math.max(0, ...elf.segments.filter(({ type }) => type === PT_LOAD).map(({ offset, fileBytes }) => offset + fileBytes));
	if (end > reader.size) return { kind: 'unknown', why: 'broken', format: `it ends at byte ${reader.size} of ${end}` };
	return readProgram(elf, start[4] === 1);
}

async function readProgram(elf: ElfFile, is32Bit: boolean): Promise<LinkedFile> {
	const isPacked = await isPackedByUpx(elf);
	const { loading, isPie, unread } = await readLoading(elf);
	const goarch = architectureOf(elf, is32Bit);
	const executable = elf.type === ET_EXEC || (elf.type === ET_DYN && (isPie || loading?.interpreter !== undefined));
	const known = { kind: 'program', goarch, executable } as const;
	if (isPacked) {
		return { ...known, goarm: undefined, packedBy: 'UPX', loading: undefined, build: undefined, sources: [], needs: undefined, unread: [] };
	}
	const information = await readBuildInformation(elf);
	const build = typeof information === 'string' ? undefined : information;
	const goos = build?.settings.get('GOOS') ?? 'linux';
	if (goos !== 'linux') return { kind: 'unknown', why: 'foreign', format: `ELF for ${goos}` };
	const needs = build === undefined ? undefined : await readNeeds(elf, build, loading);
	return {
		...known,
		goarm: build?.settings.get('GOARM'),
		packedBy: undefined,
		loading,
		build,
		sources: build?.mainPackage === 'command-line-arguments' ? await readSources(elf) : [],
		needs: typeof needs === 'string' ? undefined : needs,
		unread: [
			...(unread === undefined ? [] : [unread]),
			...(typeof information === 'string' ? [`build information: ${information}`] : []),
			...(typeof needs === 'string' ? [`function names: ${needs}`] : []),
		],
	};
}

/** A program has some thousand files. */
const MOST_SOURCES = 100_000;

/** The Go files that no module version names; those of the toolchain are among them. */
async function readSources(elf: ElfFile): Promise<string[]> {
	const table = await findNames(elf);
	const found: string[] = [];
	if (table === undefined || typeof table === 'string') return found;
	for await (const some of textsOf(elf, table.files)) {
		for (const file of some) if (file.endsWith('.go') && !file.includes('@') && found.length < MOST_SOURCES) found.push(file);
	}
	return found;
}

/** A version that a released or a development toolchain has; tools that hide where a program is from write something else. */
const GO_VERSION = /^(?:go1\.|devel )/;

/** The needs, or why the names do not show them. */
async function readNeeds(elf: ElfFile, build: BuildInformation, loading: Loading | undefined): Promise<LinkedNeeds | string> {
	if (!GO_VERSION.test(build.goVersion)) return 'they may have been changed';
	if (loading === undefined || loading.libraries.some((name) => name.startsWith('libstd.so'))) return 'they are not all in this file';
	const table = await findNames(elf);
	if (table === undefined) return 'there is no table';
	if (typeof table === 'string') return table;
	const names = new NamesOfFunctions();
	for await (const some of textsOf(elf, table.functions)) names.add(some);
	return names.needs() ?? 'they have been changed';
}

/** The systems that EI_OSABI names whose programs Linux does not start (elf(5)); 0 and 3 are those of Linux. */
const SYSTEMS: ReadonlyMap<number, string> = new Map([
	[2, 'netbsd'],
	[6, 'solaris'],
	[9, 'freebsd'],
	[12, 'openbsd'],
]);

/** By e_machine (elf.h): the GOARCH of 32-bit and of 64-bit files, the little-endian one first. */
const ARCHITECTURES: ReadonlyMap<number, { readonly 32?: readonly string[]; readonly 64?: readonly string[] }> = new Map([
	[3, { 32: ['386'] }],
	[8, { 32: ['mipsle', 'mips'], 64: ['mips64le', 'mips64'] }],
	[21, { 64: ['ppc64le', 'ppc64'] }],
	[22, { 64: ['', 's390x'] }],
	[40, { 32: ['arm'] }],
	[62, { 64: ['amd64'] }],
	[183, { 64: ['arm64'] }],
	[243, { 64: ['riscv64'] }],
	[258, { 64: ['loong64'] }],
]);

function architectureOf(elf: ElfFile, is32Bit: boolean): string | undefined {
	const names = ARCHITECTURES.get(elf.machine)?.[is32Bit ? 32 : 64];
	return names?.[elf.format.littleEndian ? 0 : 1] || undefined;
}

/** UPX writes its name after the program headers (upx, `linfo`). */
async function isPackedByUpx(elf: ElfFile): Promise<boolean> {
	return asciiText(await elf.reader.bytes(elf.headersEnd, 256)).includes('UPX!');
}

/** By the first bytes: what else may lie where a program is expected. */
const OTHER_FORMATS: readonly (readonly [start: RegExp, format: string, why: UnknownFile['why']])[] = [
	[/^#!/, 'script', 'no-program'],
	[/^MZ/, 'PE', 'foreign'],
	// A class file of Java begins as a Mach-O file for several processors, but its version is 45 or more.
	[/^(?:\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba[\xbe\xbf]\0\0\0[^\x2d-\xff])/, 'Mach-O', 'foreign'],
	[/^\0asm/, 'WebAssembly', 'foreign'],
];

function otherFile(start: Uint8Array): UnknownFile {
	const text = asciiText(start);
	const other = OTHER_FORMATS.find(([pattern]) => pattern.test(text));
	return { kind: 'unknown', why: other?.[2] ?? 'no-program', format: other?.[1] };
}
