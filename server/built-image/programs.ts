import type { ShippedBinary } from '../facts/facts.ts';
import type { FileTree } from '../image/model.ts';
import type { LinkedFile, LinkedProgram, Loading } from '../linked/model.ts';
import type { GoWorkspace, MainPackage, Program, ProgramRequest } from '../program/model.ts';
import { basename } from '../workspace/paths.ts';
import type { BuiltDirectory } from './model.ts';
import { fileThrough, walkTree } from './tree.ts';

/** The programs of an image, and what each says of itself. */

/** What the toolchain brings is not what an image is made for. */
const TOOLCHAIN = /^\/usr\/local\/go\//;

/** The program that the image starts, if it is one that a linker wrote, and all other Go programs. */
export function programsOf(root: BuiltDirectory, files: FileTree, startedPath: string | undefined): ShippedBinary[] {
	const started = startedPath === undefined ? undefined : fileThrough(root, startedPath)?.path;
	const libraries = librariesOf(root);
	const found: ShippedBinary[] = [];
	for (const { path, node } of walkTree(root)) {
		if (node.kind !== 'file' || node.linked === undefined) continue;
		const isStarted = path === started;
		if (!isStarted && (!isGoProgram(node.linked) || TOOLCHAIN.test(path))) continue;
		const shown = isStarted ? (startedPath as string) : path;
		const lacks = node.linked.kind === 'program' ? lackedBy(node.linked.loading, files, libraries) : undefined;
		found.push({
			path: shown,
			build: undefined,
			mainPackage: undefined,
			program: undefined,
			started: isStarted,
			linked: node.linked,
			lacks,
		});
	}
	return found;
}

function isGoProgram(linked: LinkedFile): boolean {
	return linked.kind === 'program' && linked.executable && linked.build !== undefined;
}

/** What shared libraries an image holds, wherever they lie. */
interface Libraries {
	readonly names: ReadonlySet<string>;
	/** The N of its glibc 2.N; `undefined` where there is none, or it does not say. */
	readonly glibc: number | undefined;
	readonly hasMusl: boolean;
}

function librariesOf(root: BuiltDirectory): Libraries {
	const names = new Set<string>();
	let glibc: number | undefined;
	let hasMusl = false;
	for (const { path, node } of walkTree(root)) {
		const name = basename(path);
		if (!/\.so(?:\.|$)/.test(name)) continue;
		if (fileThrough(root, path) !== undefined) names.add(name);
		if (name.startsWith('ld-musl-')) hasMusl = true;
		if (node.kind === 'file' && node.glibc !== undefined) glibc = Math.max(glibc ?? 0, node.glibc);
	}
	return { names, glibc, hasMusl };
}

/** The names under which musl's loader finds itself (ldso/dynlink.c, load_library). */
const MUSL_ITSELF = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./;

/** What a program loads and the image does not have, in any directory; `undefined` where it has all, or that is not known. */
function lackedBy(loading: Loading | undefined, files: FileTree, { names, glibc, hasMusl }: Libraries): ShippedBinary['lacks'] {
	if (loading === undefined) return undefined;
	const { interpreter } = loading;
	if (interpreter === undefined) return undefined;
	if (files.has(interpreter) === 'no') return { kind: 'loader', path: interpreter };
	const isMusl = hasMusl || /ld-musl/.test(interpreter);
	const [missing] = loading.libraries.filter(
		(name) => !name.includes('/') && !names.has(name) && !(isMusl && MUSL_ITSELF.test(name)) && !/^ld-/.test(name),
	);
	if (missing !== undefined) return { kind: 'library', name: missing, isMusl };
	const required = loading.versions.flatMap(({ name, weak }) => (weak ? [] : Number(/^GLIBC_2\.(\d+)$/.exec(name)?.[1] ?? 0)));
	const newest = Math.max(0, ...required);
	return glibc !== undefined && !isMusl && newest > glibc ? { kind: 'glibc', required: newest, there: glibc } : undefined;
}

/** The main package of a workspace that the program says it was built from. */
export function mainPackageOf({ linked }: ShippedBinary, { mainPackages }: GoWorkspace): MainPackage | undefined {
	const path = linked?.kind === 'program' ? linked.build?.mainPackage : undefined;
	return path === undefined ? undefined : mainPackages?.find(({ importPath }) => importPath === path);
}

/** The build that made the program, as its build information tells it. */
export function requestOf({ build, goarch }: LinkedProgram, { directory }: MainPackage): ProgramRequest {
	const settings = build?.settings ?? new Map<string, string>();
	const cgo = settings.get('CGO_ENABLED');
	const minor = /^go1\.(\d+)/.exec(build?.goVersion ?? '')?.[1];
	return {
		directory,
		packages: ['.'],
		goos: 'linux',
		goarch,
		tags: (settings.get('-tags') ?? '').split(',').filter((tag) => tag !== ''),
		cgo: cgo === undefined ? undefined : cgo === '1',
		goMinor: minor === undefined ? undefined : Number(minor),
		mod: undefined,
	};
}

/** The program as its source shows it, without what the linker has dropped and with what it kept. */
export function confirmed(program: Program, { needs }: LinkedProgram): Program {
	if (needs === undefined) return program;
	const embedded = new Set(program.embedded);
	for (const need of ['certificate-roots', 'zone-data'] as const) if (needs.embedded.has(need)) embedded.add(need);
	return { ...program, embedded, evidence: program.evidence.filter(({ need }) => !needs.without.has(need)) };
}

/** In what the program is not what the source makes, one sentence for each. */
export function differences({ path, linked }: ShippedBinary, { module }: MainPackage, go: GoWorkspace): string[] {
	const build = linked?.kind === 'program' ? linked.build : undefined;
	if (build === undefined || module === undefined) return [];
	const found: string[] = [];
	const builtWith = /^go1\.(\d+)/.exec(build.goVersion)?.[1];
	const wanted = /^1\.(\d+)/.exec(module.file.go?.value ?? '')?.[1];
	if (builtWith !== undefined && wanted !== undefined && Number(builtWith) < Number(wanted)) {
		found.push(`${path} was built with ${build.goVersion}, but go.mod requires Go ${module.file.go?.value}.`);
	}
	// A go.work may select other versions than each go.mod.
	if (go.works.length > 0) return found;
	const replaced = new Set(module.file.replace.map((each) => each.path));
	const required = new Map(module.file.require.map((each) => [each.path, each.version]));
	for (const { path: name, version, replacedBy } of build.modules) {
		const expected = required.get(name);
		if (expected === undefined || replacedBy !== undefined || replaced.has(name) || expected === version) continue;
		found.push(`${path} was built with ${name} ${version}, but go.mod requires ${expected}.`);
	}
	return found;
}
