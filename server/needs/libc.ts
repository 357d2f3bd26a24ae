import type { GoBuild, StageState } from '../image/model.ts';
import { lastFlag } from '../image/shell/go-flags.ts';
import { SINCE_GO } from '../knowledge/go-releases.ts';
import { LOADERS } from '../knowledge/runtime-paths.ts';
import { sharedLibraryInFile } from '../knowledge/shared-libraries.ts';
import type { Lacked, Loading } from '../linked/model.ts';
import type { CgoPackage, Program } from '../program/model.ts';
import type { Answer } from '../text/answer.ts';
import { any } from '../text/answer.ts';
import { dirname, join } from '../workspace/paths.ts';
import { type CgoFlag, cgoFlags, mayUseBoringCrypto, usesBoringCrypto } from './cgo-flags.ts';
import { lacksLibrary } from './shared-libraries.ts';

/** The need of a dynamic binary: the C library that it is linked against, and the loader of that library. */

/** What makes a binary dynamic. */
export type Dynamic =
	/** A standard package with cgo files, such as net; disabling cgo makes the binary static. */
	| { readonly cause: 'standard-cgo'; readonly packages: readonly string[] }
	/** C code of the program or of a module. */
	| { readonly cause: 'cgo'; readonly packages: readonly CgoPackage[] }
	/** A flag that links the C library whatever the packages are: `-race`, `-linkmode=external`. */
	| { readonly cause: 'flag'; readonly flag: CgoFlag }
	/** `-buildmode=pie` requires a loader even without C code. */
	| { readonly cause: 'pie' };

/** The standard packages whose C files a build tag replaces with Go (go.dev/pkg/net, go.dev/pkg/os/user). */
const PURE_GO_TAGS: Readonly<Record<string, string>> = { net: 'netgo', 'os/user': 'osusergo' };

/**
 * Whether cgo is on for the build.
 *
 * Unless CGO_ENABLED is set, cgo is enabled for a native build: since Go 1.20 only if a C compiler is found, before that always
 * (go.dev/doc/go1.20#cgo). If CC is set, Go does not look for one. Cross-compiling disables cgo.
 */
export function cgoOn(build: GoBuild): Answer {
	if (build.cgoEnabled === '0') return 'no';
	if (build.cgoEnabled === '1') return 'yes';
	if (build.cgoEnabled === 'unknown') return 'unknown';
	if (build.crossCompiles !== 'no') return build.crossCompiles === 'yes' ? 'no' : 'unknown';
	if (build.cCompiler === 'yes') return 'yes';
	if (build.goMinor === undefined || build.cCompiler === 'unknown') return 'unknown';
	return build.goMinor < SINCE_GO.cgoNeedsCompiler || build.namedCompiler !== undefined ? 'yes' : 'no';
}

/** Packages whose C code the program requires. */
export function requiredCgo(program: Program): readonly CgoPackage[] {
	return program.cgoPackages.filter(isRequiredCgo);
}

/**
 * Packages whose C code the program may require: the required ones, and those of the workspace for which it is unknown. A program's own
 * C code is rarely optional; the C code of modules is mostly for speed.
 */
export function possiblyRequiredCgo(program: Program): readonly CgoPackage[] {
	return program.cgoPackages.filter((each) => isRequiredCgo(each) || (each.own && each.withoutCgo === 'unknown'));
}

/** Whether the program does not work without the C code of the package. */
export function isRequiredCgo({ withoutCgo }: CgoPackage): boolean {
	return withoutCgo === 'no' || withoutCgo === 'stub';
}

/** Why the binary needs a loader; `undefined` if it is static or that is unknown. */
export function dynamicBecause(build: GoBuild, program: Program): Dynamic | undefined {
	if (build.goos !== undefined && build.goos !== 'linux') return undefined;
	if (build.tags === undefined) return undefined;
	// Libraries and plugins are loaded by another program.
	if (!/^(?:default|exe|pie)$/.test(lastFlag(build.flags, 'buildmode')?.value ?? 'default')) return undefined;
	if (build.linking.pie && !build.linking.staticExternal) return { cause: 'pie' };
	if (cgoOn(build) !== 'yes') return undefined;
	const tags = build.tags;
	const withC = program.cgoPackages.filter(({ everywhere }) => everywhere);
	// C code outside the standard library forces external linking, so -extldflags=-static alone makes the binary static.
	if (build.linking.staticExternal && (build.linking.externalMode || withC.length > 0)) return undefined;
	if (withC.length > 0) return { cause: 'cgo', packages: withC };
	const flag = cgoFlags(build).find((each) => each.certain);
	if (flag !== undefined) return { cause: 'flag', flag };
	const standard = program.standardCgo.filter((name) => !tags.includes(PURE_GO_TAGS[name] ?? ''));
	if (usesBoringCrypto(build) && mayUseBoringCrypto(program)) standard.push('crypto/internal/boring');
	return standard.length > 0 ? { cause: 'standard-cgo', packages: standard } : undefined;
}

/** Whether the binary needs no loader; `undefined` is a build or program that is not known. */
export function isStatic(build: GoBuild | undefined, program: Program | undefined): Answer {
	if (build === undefined || program === undefined) return 'unknown';
	if (dynamicBecause(build, program) !== undefined) return 'no';
	if (!build.linking.known || build.linking.pie) return 'unknown';
	if (cgoOn(build) === 'no') return 'yes';
	// Whether cgo is on does not matter to a program without C code.
	const read = program.unread.length === 0 && program.missing.length === 0 && program.cgoPackages.length === 0;
	const known = build.tags !== undefined && (build.goos === undefined || build.goos === 'linux');
	return read && known && dynamicBecause({ ...build, cgoEnabled: '1' }, program) === undefined ? 'yes' : 'unknown';
}

/** Alpine packages with a loader for glibc binaries. */
const GLIBC_FOR_MUSL = /^(?:gcompat|libc6-compat|glibc)(?:[=~<>].*)?$/;

/** Whether the stage has the loader of the C library that `builder` links against. */
export function hasLibcOf(builder: StageState, stage: StageState): Answer {
	const wanted = builder.base?.libc;
	if (wanted === 'none') return stage.base?.libc === 'none' ? 'yes' : 'unknown';
	return wanted === undefined || wanted === 'unknown' ? 'unknown' : hasLibc(wanted, stage);
}

/** @param loader the one that a binary names, beside those that are known */
function hasLibc(wanted: 'glibc' | 'musl', stage: StageState, loader?: string): Answer {
	const there = stage.base?.libc;
	if (there === undefined || there === 'unknown') return 'unknown';
	if (wanted === there) return 'yes';
	// A loader may have been copied or installed.
	const loaders = loader === undefined ? LOADERS[wanted] : [...LOADERS[wanted], loader];
	if (any(loaders.map((path) => stage.files.has(path))) !== 'no') return 'unknown';
	for (let state: StageState | undefined = stage; state !== undefined; state = state.parent) {
		if (state.ran.some((command) => command.words.some((word) => word === undefined || GLIBC_FOR_MUSL.test(word)))) return 'unknown';
	}
	return 'no';
}

/** Symbols that every cgo program takes from glibc are of this release where it is linked against that or a newer one (2.34 moved pthread into libc). */
const GLIBC_FLOOR = 34;

/** A glibc that is too old for a binary: the N of both releases 2.N. */
export interface OlderGlibc {
	readonly required: number;
	readonly there: number;
}

/**
 * The glibc of the stage, where it is older than a dynamic binary requires that `builder` links. Only what every such binary requires is
 * known: it depends on the functions that are used whether it needs more.
 */
export function olderGlibc(builder: StageState, stage: StageState, build: GoBuild, program: Program): OlderGlibc | undefined {
	const linked = builder.base?.glibc;
	const there = stage.base?.glibc;
	if (linked === undefined || there === undefined || linked < GLIBC_FLOOR || there >= GLIBC_FLOOR) return undefined;
	if (!linksGlibc(builder, build, program) || bringsLibc(stage)) return undefined;
	return { required: GLIBC_FLOOR, there };
}

/** Whether the binary takes symbols from the glibc of the image that it is built in. */
function linksGlibc(builder: StageState, build: GoBuild, program: Program): boolean {
	if (cgoOn(build) !== 'yes') return false;
	const without = build.flags.filter(({ name, value }) => name !== 'buildmode' || value !== 'pie');
	const because = dynamicBecause({ ...build, flags: without, linking: { ...build.linking, pie: false } }, program);
	if (because === undefined) return false;
	if (because.cause === 'cgo' || build.linking.externalMode) return true;
	// Up to Go 1.19 the standard packages came compiled, against an old glibc.
	return builder.base?.go !== undefined && (build.goMinor === undefined || build.goMinor >= SINCE_GO.cgoNeedsCompiler);
}

/**
 * What a program loads, as its binary says, that the stage does not have, the first of it; `undefined` where it has all, or that is not
 * known.
 *
 * @param path of the program in the stage
 */
export function lackedBy({ interpreter, libraries, runPaths, glibc }: Loading, stage: StageState, path: string): Lacked | undefined {
	const wanted = libcOfLoader(interpreter ?? '');
	if (interpreter === undefined || wanted === undefined) return undefined;
	const there = hasLibc(wanted, stage, interpreter);
	if (there === 'no') return { kind: 'loader', path: interpreter };
	if (there === 'unknown') return undefined;
	const has = stage.base?.glibc;
	if (glibc !== undefined && has !== undefined && has < glibc && !bringsLibc(stage)) return { kind: 'glibc', required: glibc, there: has };
	const missing = libraries.find((name) => {
		const library = sharedLibraryInFile(name);
		return library !== undefined && lacksLibrary(stage, library) && !runPaths.some((each) => mayHold(stage, each, path, name));
	});
	return missing === undefined ? undefined : { kind: 'library', name: missing, requiredBy: undefined, isMusl: wanted === 'musl' };
}

/** Whether the library may be in a directory that the program names, where `$ORIGIN` is that of the program (ld.so(8)). */
function mayHold({ files }: StageState, runPath: string, path: string, library: string): boolean {
	// A link to the program lies elsewhere than the program.
	const origin = files.linkAt(path) === undefined ? dirname(path) : '$ORIGIN';
	const directory = runPath.replace(/^\$(?:ORIGIN|\{ORIGIN\})(?=\/|$)/, () => origin);
	return !directory.startsWith('/') || directory.includes('$') || files.has(join(directory, library)) !== 'no';
}

/** The C library whose loader has the name (glibc's abilist, musl's reference manual); `undefined` for another one. */
function libcOfLoader(interpreter: string): 'glibc' | 'musl' | undefined {
	if (/^\/lib\/ld-musl-[\w-]+\.so\.1$/.test(interpreter)) return 'musl';
	return /^\/lib(?:32|64|x32)?\/ld(?:-linux(?:-[\w-]+)?|64)?\.so\.\d$/.test(interpreter) ? 'glibc' : undefined;
}

/** Whether another C library may have been put into the stage. */
function bringsLibc(stage: StageState): boolean {
	for (let state: StageState | undefined = stage; state !== undefined; state = state.parent) {
		if (state.copies.some(({ destination }) => destination === undefined || /^\/(?:usr\/)?lib/.test(destination))) return true;
		if (state.ran.some(({ words }) => words.some((word) => /libc6|glibc|dist-upgrade|full-upgrade/.test(word ?? '')))) return true;
	}
	return false;
}
