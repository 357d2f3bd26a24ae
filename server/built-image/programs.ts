import type { ShippedBinary } from '../facts/facts.ts';
import type { FileTree } from '../image/model.ts';
import { isMountedByEngine } from '../knowledge/shared-libraries.ts';
import type { LinkedFile, Loading } from '../linked/model.ts';
import { basename } from '../workspace/paths.ts';
import { C_LIBRARY } from './layer.ts';
import type { BuiltDirectory, BuiltFile } from './model.ts';
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
	/** By name, the files that have it, in different directories. */
	readonly files: ReadonlyMap<string, readonly BuiltFile[]>;
	/** The N of its newest glibc 2.N; `undefined` where there is none, or one does not say. */
	readonly glibc: number | undefined;
	readonly hasMusl: boolean;
}

function librariesOf(root: BuiltDirectory): Libraries {
	const files = new Map<string, BuiltFile[]>();
	const releases: (number | undefined)[] = [];
	let hasMusl = false;
	for (const { path, node } of walkTree(root)) {
		const name = basename(path);
		if (!/\.so(?:\.|$)/.test(name)) continue;
		const file = fileThrough(root, path)?.node;
		if (file !== undefined) files.set(name, [...(files.get(name) ?? []), file]);
		if (name.startsWith('ld-musl-')) hasMusl = true;
		if (node.kind === 'file' && C_LIBRARY.test(path)) releases.push(node.glibc);
	}
	const said = releases.filter((release) => release !== undefined);
	return { files, glibc: said.length > 0 && said.length === releases.length ? Math.max(...said) : undefined, hasMusl };
}

/** The names under which musl's loader finds itself (ldso/dynlink.c, load_library). */
const MUSL_ITSELF = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./;

/** What a program loads and the image does not have, in any directory; `undefined` where it has all, or that is not known. */
function lackedBy(loading: Loading | undefined, tree: FileTree, { files, glibc, hasMusl }: Libraries): ShippedBinary['lacks'] {
	if (loading === undefined) return undefined;
	const { interpreter } = loading;
	if (interpreter === undefined) return undefined;
	if (tree.has(interpreter) === 'no') return { kind: 'loader', path: interpreter };
	const isMusl = hasMusl || /ld-musl/.test(interpreter);
	const isElsewhere = (name: string) =>
		name.includes('/') || (isMusl && MUSL_ITSELF.test(name)) || /^ld-/.test(name) || isMountedByEngine(name);
	/** By library, what names it first. The loader goes through them in this order. */
	const loaded = new Map<string, string | undefined>(loading.libraries.map((name) => [name, undefined]));
	for (const [name, requiredBy] of loaded) {
		if (isElsewhere(name)) continue;
		const found = files.get(name);
		if (found === undefined) return { kind: 'library', name, requiredBy, isMusl };
		for (const each of requiredByAll(found)) if (!loaded.has(each)) loaded.set(each, name);
	}
	const required = loading.glibc;
	if (required === undefined || glibc === undefined || isMusl || required <= glibc) return undefined;
	return { kind: 'glibc', required, there: glibc };
}

/** What a library requires, whichever of the files with its name the loader takes. */
function requiredByAll(files: readonly BuiltFile[]): readonly string[] {
	const [first = [], ...others] = files.map(({ library }) => library?.libraries ?? []);
	return first.filter((name) => others.every((names) => names.includes(name)));
}
