import type { NeedId } from '../knowledge/need-ids.ts';

/** What a linked program says of itself. `undefined` stands for a value that is not known. */

/** A program or a library in a file, as far as it can be read, or why it cannot be. */
export type LinkedFile = LinkedProgram | UnknownFile;

/** A file of which nothing is known that concerns an image. */
export interface UnknownFile {
	readonly kind: 'unknown';
	/**
	 * `no-program`: text, an archive, a file without content. `foreign`: a program for another system. `broken`: it begins as an ELF file,
	 * but the rest is cut off or contradicts the header.
	 */
	readonly why: 'no-program' | 'foreign' | 'broken';
	/** `Mach-O`, `PE`, `WebAssembly`, `ELF for freebsd`, `script`; for a broken file what is wrong with it. */
	readonly format: string | undefined;
}

/** An ELF file that a kernel or a loader takes. */
export interface LinkedProgram {
	readonly kind: 'program';
	/** The architecture in Go's words: `amd64`, `arm64`, `386`, `arm`, `riscv64`, `ppc64le`, `s390x` …; `undefined` for others. */
	readonly goarch: string | undefined;
	/** The version of 32-bit ARM that Go's build information names: `5`, `6`, `7`. */
	readonly goarm: string | undefined;
	/** Whether the kernel can start it: a library or an object file is not a program. */
	readonly executable: boolean;
	/** What else than the linker wrote it: a packed program says nothing of what it loads, needs and is. */
	readonly packedBy: 'UPX' | undefined;
	/** What it loads; `undefined` where the file does not say so, as a packed one. */
	readonly loading: Loading | undefined;
	/** What the Go linker wrote about the build; `undefined` where there is nothing, or where it is not a Go program. */
	readonly build: BuildInformation | undefined;
	/**
	 * Where the main package is a list of files, the Go files that no module version names, as the compiler was given them: `/build/main.go`,
	 * or `./main.go` where the build trimmed its paths. Otherwise none.
	 */
	readonly sources: readonly string[];
	/** What the names of its functions say; `undefined` where they cannot be read, or do not bound what it does. */
	readonly needs: LinkedNeeds | undefined;
	/** What of the file could not be read, for a person: `function names: the table ends at byte 120`. */
	readonly unread: readonly string[];
}

/** What the kernel and the loader do before the program starts. */
export interface Loading {
	/** The loader, `/lib64/ld-linux-x86-64.so.2`; `undefined` for a static program, which needs none. */
	readonly interpreter: string | undefined;
	/** The shared libraries (DT_NEEDED), in order: `libc.so.6`. */
	readonly libraries: readonly string[];
	/** Where libraries are looked for first (DT_RUNPATH, DT_RPATH), as written. */
	readonly runPaths: readonly string[];
	/** The versions that it requires of libraries. */
	readonly versions: readonly RequiredVersion[];
	/** The N of the newest GLIBC_2.N among them. */
	readonly glibc: number | undefined;
}

/** A version of a shared library's interface that the loader looks for, unless it is weak. */
export interface RequiredVersion {
	/** `libc.so.6` */
	readonly library: string;
	/** `GLIBC_2.34` */
	readonly name: string;
	/** Whether the program starts without it. */
	readonly weak: boolean;
}

/** What `go version -m` prints. */
export interface BuildInformation {
	/** `go1.26.8`, also `devel …` and `go1.26.8 X:boringcrypto`. */
	readonly goVersion: string;
	/** The import path of the main package; `command-line-arguments` for a list of files. */
	readonly mainPackage: string | undefined;
	readonly mainModule: BuiltModule | undefined;
	/** The modules that packages of the program are from. */
	readonly modules: readonly BuiltModule[];
	/** `CGO_ENABLED`, `GOOS`, `GOARCH`, `-tags`, `-ldflags`, `vcs.revision` … (Go 1.18 and newer). */
	readonly settings: ReadonlyMap<string, string>;
}

export interface BuiltModule {
	readonly path: string;
	/** `(devel)` where the module was built in its directory and nothing says of which version. */
	readonly version: string;
	/** What stands in its place, by `replace`. */
	readonly replacedBy: BuiltModule | undefined;
}

/**
 * What follows from the names that the linker kept. It drops what nothing can reach: a function that is absent is not called, and one
 * that is there may be.
 */
export interface LinkedNeeds {
	/** What the program may need, each with the functions that show it. */
	readonly may: ReadonlyMap<NeedId, readonly string[]>;
	/** What it surely does not need. A need in neither is unknown. */
	readonly without: ReadonlySet<NeedId>;
	/** What it brings along, so that the image need not. */
	readonly embedded: ReadonlySet<NeedId>;
	/** Whether code takes part that the names do not show: C code of other packages than the standard ones, code that is loaded later. */
	readonly foreign: boolean;
}

/** What a loader does not find for a linked program. */
export type Lacked =
	| { readonly kind: 'loader'; readonly path: string }
	/** `requiredBy`: the library that names it, where that is not the program itself. */
	| { readonly kind: 'library'; readonly name: string; readonly requiredBy: string | undefined; readonly isMusl: boolean }
	/** The N of both releases 2.N. */
	| { readonly kind: 'glibc'; readonly required: number; readonly there: number };
