import type { ShippedBinary } from '../facts/facts.ts';
import type { FileTree } from '../image/model.ts';
import type { LinkedFile, Loading } from '../linked/model.ts';
import { basename } from '../workspace/paths.ts';
import { C_LIBRARY } from './layer.ts';
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
	/** The N of its newest glibc 2.N; `undefined` where there is none, or one does not say. */
	readonly glibc: number | undefined;
	readonly hasMusl: boolean;
}

function librariesOf(root: BuiltDirectory): Libraries {
	const names = new Set<string>();
	const releases: (number | undefined)[] = [];
	let hasMusl = false;
	for (const { path, node } of walkTree(root)) {
		const name = basename(path);
		if (!/\.so(?:\.|$)/.test(name)) continue;
		if (fileThrough(root, path) !== undefined) names.add(name);
		if (name.startsWith('ld-musl-')) hasMusl = true;
		if (node.kind === 'file' && C_LIBRARY.test(path)) releases.push(node.glibc);
	}
	const said = releases.filter((release) => release !== undefined);
	return { names, glibc: said.length > 0 && said.length === releases.length ? Math.max(...said) : undefined, hasMusl };
}

/**
 * Whether the library is one of the driver, which the NVIDIA Container Toolkit mounts when a container starts (libnvidia-container,
 * nvc_info.c).
 */
export function isMountedByEngine(library: string): boolean {
	return /^lib(?:cuda|cudadebugger|nvcuvid|nvoptix|nvidia-[\w-]+|\w+_nvidia)\.so(?:\.|$)/.test(library);
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
		(name) =>
			!name.includes('/') && !names.has(name) && !(isMusl && MUSL_ITSELF.test(name)) && !/^ld-/.test(name) && !isMountedByEngine(name),
	);
	if (missing !== undefined) return { kind: 'library', name: missing, isMusl };
	const required = loading.glibc;
	if (required === undefined || glibc === undefined || isMusl || required <= glibc) return undefined;
	return { kind: 'glibc', required, there: glibc };
}
