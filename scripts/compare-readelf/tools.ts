import { BinaryReader } from '../../server/linked/binary-reader.ts';
import { readElf } from '../../server/linked/elf.ts';
import { findNames, textsOf } from '../../server/linked/function-names.ts';
import type { BuildInformation, BuiltModule, LinkedFile } from '../../server/linked/model.ts';
import { readLinkedFile } from '../../server/linked/read.ts';
import { withBytesOf } from '../../server/workspace/node-read.ts';
import { findCommand } from '../chromium.ts';
import { run } from '../processes.ts';

/** Compares what we read of a binary with what `readelf`, `go version -m` and `go tool nm` print. */

const ENGLISH = { env: { ...process.env, LC_ALL: 'C' } };

/** The architecture as readelf names it. */
const MACHINES: Readonly<Record<string, string>> = {
	amd64: 'Advanced Micro Devices X86-64',
	arm64: 'AArch64',
	'386': 'Intel 80386',
	arm: 'ARM',
	riscv64: 'RISC-V',
	ppc64le: 'PowerPC64',
	s390x: 'IBM S/390',
};

export async function readBinary(path: string): Promise<LinkedFile> {
	return withBytesOf(path, readLinkedFile);
}

/** All names of functions that the reader sees; `undefined` where there is no table. */
export async function namesIn(path: string): Promise<ReadonlySet<string> | undefined> {
	return withBytesOf(path, async (source) => {
		const elf = await readElf(new BinaryReader(source));
		const table = typeof elf === 'string' ? undefined : await findNames(elf);
		if (typeof elf === 'string' || table === undefined || typeof table === 'string') return undefined;
		const names = new Set<string>();
		// Go 1.17 writes a middle dot, of two bytes, where nm prints a dot.
		for await (const some of textsOf(elf, table.functions)) for (const name of some) names.add(name.replaceAll('\u00c2\u00b7', '.'));
		return names;
	});
}

/** What differs from the tools, one line each. */
export async function differences(path: string): Promise<readonly string[]> {
	const found = await readBinary(path);
	if (found.kind === 'unknown') return [`it is not read: ${found.why}, ${found.format}`];
	return [
		...found.unread.filter((each) => each !== 'function names: there is no table'),
		...(await differencesFromReadelf(path, found)),
		...(await differencesFromVersion(path, found.build)),
		...(await differencesFromSymbols(path)),
	];
}

type LinkedProgram = Extract<LinkedFile, { kind: 'program' }>;

function compared(what: string, ours: readonly string[], theirs: readonly string[]): string[] {
	const [one, other] = [ours.join('\n'), theirs.join('\n')];
	return one === other ? [] : [`${what}: ${JSON.stringify(ours)}, not ${JSON.stringify(theirs)}`];
}

async function differencesFromReadelf(path: string, { goarch, loading }: LinkedProgram): Promise<string[]> {
	const readelf = findCommand('readelf');
	if (readelf === undefined || loading === undefined) return readelf === undefined ? [] : ['what it loads is not read'];
	const { output } = await run(readelf, ['-W', '-h', '-l', '-d', '-V', path], ENGLISH);
	const all = (pattern: RegExp) => [...output.matchAll(pattern)].map((match) => match[1] ?? '');
	const needs = /Version needs section[\s\S]*?(?:\n\n|$)/.exec(output)?.[0] ?? '';
	const versions: string[] = [];
	let library = '';
	for (const line of needs.split('\n')) {
		library = /Version: 1 {2}File: (\S+)/.exec(line)?.[1] ?? library;
		const version = /Name: (\S+) {2}Flags: (\S+)/.exec(line);
		if (version !== null) versions.push(`${library} ${version[1]}${version[2]?.includes('WEAK') ? ' weak' : ''}`);
	}
	return [
		...compared('machine', [MACHINES[goarch ?? ''] ?? ''], all(/^ *Machine: +(.+)$/gm)),
		...compared('interpreter', loading.interpreter === undefined ? [] : [loading.interpreter], all(/interpreter: (.+)\]/g)),
		...compared('libraries', loading.libraries, all(/\(NEEDED\) +Shared library: \[(.*)\]/g)),
		...compared(
			'run paths',
			loading.runPaths,
			all(/\((?:RUNPATH|RPATH)\) +Library r(?:un)?path: \[(.*)\]/g).flatMap((each) => each.split(':')),
		),
		...compared(
			'versions',
			loading.versions.map(({ library: name, name: version, weak }) => `${name} ${version}${weak ? ' weak' : ''}`),
			versions,
		),
	];
}

async function differencesFromVersion(path: string, build: BuildInformation | undefined): Promise<string[]> {
	const go = findCommand('go');
	if (go === undefined) return [];
	const { output } = await run(go, ['version', '-m', path]);
	const [first = '', ...lines] = output.trimEnd().split('\n');
	const theirs = first.startsWith(`${path}: `) && !first.includes('not a Go executable') ? [first.slice(path.length + 2)] : [];
	// Sums are not kept, and settings that are quoted are compared as they are printed.
	theirs.push(...lines.map((line) => line.slice(1).replace(/^((?:mod|dep|=>)\t[^\t]*\t[^\t]*).*/, '$1')));
	const module = (word: string, { path: name, version, replacedBy }: BuiltModule): string[] => [
		`${word}\t${name}\t${version}`,
		...(replacedBy === undefined ? [] : module('=>', replacedBy)),
	];
	const ours =
		build === undefined
			? []
			: [
					build.goVersion,
					...(build.mainPackage === undefined ? [] : [`path\t${build.mainPackage}`]),
					...(build.mainModule === undefined ? [] : module('mod', build.mainModule)),
					...build.modules.flatMap((each) => module('dep', each)),
					...[...build.settings].map(([key, value]) => `build\t${key}=${/[ \t\r\n"`]/.test(value) ? JSON.stringify(value) : value}`),
				];
	return compared('build information', ours, theirs);
}

/** Symbols that only mark places, and the stubs that the linker puts between what is far away. */
const MARKS =
	/^(?:runtime\.e?text|go[:.](?:buildid|link\..*)|type[:.].*|_.*|\$.*|.*(?:-tramp\d+|\+[0-9a-f]+-tramp.*)|go[:.]func\.\*|.*\(\.text[.\w]*\))$/;

/** What a C compiler makes of parts of a function, and what glibc has from it. */
const OF_C = /^\w+(?:\.(?:cold|part|isra|constprop|lto_priv)(?:\.\d+)?)+$|^(?:_?[a-z]\w*)\.\d+$/;

/** Every function of Go that has a symbol has a name; Go 1.18 to 1.20 write `[...]` for type arguments there. */
async function differencesFromSymbols(path: string): Promise<string[]> {
	const go = findCommand('go');
	const names = await namesIn(path);
	if (go === undefined || names === undefined) return [];
	const { output } = await run(go, ['tool', 'nm', '-type', path]);
	const symbols = output
		.split('\n')
		.map((line) => /^ *[0-9a-f]+ [Tt] (.+)$/.exec(line)?.[1])
		.filter((name) => name !== undefined && !MARKS.test(name) && !OF_C.test(name) && /[./]/.test(name)) as string[];
	const hasName = (symbol: string) => names.has(symbol) || names.has(shortened(symbol));
	const missing = symbols.filter((symbol) => !hasName(symbol) && !hasName(symbol.replace(/\.abi(?:0|internal)$/, '')));
	return missing.length === 0 ? [] : [`${missing.length} of ${symbols.length} symbols have no name: ${missing.slice(0, 5).join(', ')}`];
}

function shortened(name: string): string {
	const start = name.indexOf('[');
	const end = name.lastIndexOf(']');
	return start < 0 || end < start ? name : `${name.slice(0, start + 1)}...${name.slice(end)}`;
}
