import type { NeedId } from '../knowledge/need-ids.ts';
import type { Answer } from '../text/answer.ts';

/** What the Go side of the product knows. Nothing here was learnt by running a tool. */

/** A line of go.mod or go.work whose value matters, with its place in that file. */
export interface ModuleLine {
	readonly value: string;
	/** The place of the value, from 0. */
	readonly line: number;
	readonly character: number;
	readonly length: number;
}

export interface Requirement {
	readonly path: string;
	readonly version: string;
	readonly indirect: boolean;
}

/** A version of a module that a requirement may not ask for. */
export interface Exclusion {
	readonly path: string;
	readonly version: string;
}

export interface Replacement {
	readonly path: string;
	/** Empty where every version is replaced. */
	readonly version: string;
	/** A module path, or a directory where it starts with `./`, `../` or `/`. */
	readonly target: string;
	/** Empty where the target is a directory. */
	readonly targetVersion: string;
}

/** A parsed go.mod; what could not be parsed is left out. */
export interface ModuleFile {
	readonly path: string | undefined;
	readonly go: ModuleLine | undefined;
	readonly toolchain: ModuleLine | undefined;
	readonly require: readonly Requirement[];
	readonly exclude: readonly Exclusion[];
	readonly replace: readonly Replacement[];
	readonly tool: readonly string[];
	/** Whether every line was understood; conflict markers, say, were not. */
	readonly complete: boolean;
}

/** A parsed go.work. */
export interface WorkFile {
	readonly go: ModuleLine | undefined;
	readonly toolchain: ModuleLine | undefined;
	/** Directories as written. */
	readonly use: readonly ModuleLine[];
	readonly replace: readonly Replacement[];
	readonly complete: boolean;
}

/** A Go module of the workspace. */
export interface GoModule {
	/** The directory that holds go.mod. */
	readonly directory: string;
	readonly file: ModuleFile;
	readonly hasGoSum: boolean;
	/** Whether `vendor/modules.txt` is there. */
	readonly vendored: boolean;
}

/** A go.work of the workspace. */
export interface GoWork {
	readonly directory: string;
	readonly file: WorkFile;
	readonly hasGoWorkSum: boolean;
}

/** A directory that holds a `package main` that a build for linux would take. */
export interface MainPackage {
	readonly directory: string;
	/** `undefined` in a tree without go.mod. */
	readonly module: GoModule | undefined;
	/** `github.com/o/r/cmd/api`, or the path below the root where there is no module. */
	readonly importPath: string;
	/** The name that `go build` gives the binary where there is no `-o`. */
	readonly binaryName: string;
	/** Examples and code generators are main packages too, and seldom what a person ships. */
	readonly rank: 'shipped' | 'unlikely';
}

/** What is known of the Go of a workspace without reading any program. */
export interface GoWorkspace {
	readonly root: string;
	readonly modules: readonly GoModule[];
	readonly works: readonly GoWork[];
	/** `undefined` while the Go files have not been read yet. */
	readonly mainPackages: readonly MainPackage[] | undefined;
	/** Whether the walk reached everything; a bound may have ended it. */
	readonly complete: boolean;
}

/** What a `go build` asks for. Two equal requests have the same answer as long as no file changes. */
export interface ProgramRequest {
	/** The workspace directory that the command runs in. */
	readonly directory: string;
	/** The packages or files as the command names them (`.`, `./cmd/api`, `main.go`); `['.']` where it names none. */
	readonly packages: readonly string[];
	readonly goos: string;
	/** `undefined`: what holds for both amd64 and arm64. */
	readonly goarch: string | undefined;
	/** Tags given by the command and GOFLAGS. */
	readonly tags: readonly string[];
	/** `undefined`: not known; files that import "C" are taken to be in. */
	readonly cgo: boolean | undefined;
	/** The minor version N of the Go 1.N that builds; `undefined` is the newest known. */
	readonly goMinor: number | undefined;
	/** `-mod`, where given. */
	readonly mod: string | undefined;
	/** Whether GOWORK=off leaves a go.work aside. */
	readonly withoutWork?: boolean;
}

/** A place in Go source, with the way to it. */
export interface SourcePlace {
	/** The Go file; `undefined` where a module that is not on disk is known to have what is shown. */
	readonly path: string | undefined;
	/** The place of the identifier, from 0; line 0 where there is no path. */
	readonly line: number;
	readonly character: number;
	readonly length: number;
	/** What stands there, as a person would say it: `http.Get`, `time.LoadLocation("Europe/Berlin")`. */
	readonly symbol: string;
	/** Whether a flag, an argument or the environment decides, without which the program does not need it. */
	readonly given: boolean;
	/** The words of the sub-commands without one of which the program does not come here; left out where it may. */
	readonly commands?: readonly string[] | undefined;
	/** The import path of the package that holds the place. */
	readonly package: string;
	/** Whether that package belongs to the main module or another module of the workspace. */
	readonly own: boolean;
	/** The import chain from the main package to that package, both included, as import paths. */
	readonly chain: readonly string[];
}

/** A place that shows a need. */
export interface Evidence extends SourcePlace {
	readonly need: NeedId;
	/** The executable's name, the zone, the file (as written), the directory or the address, where constant. */
	readonly detail: string | undefined;
	/** The flag of which the detail is, or is made from, the default. */
	readonly flag?: string | undefined;
	/** Whether a file or the environment may name something else in place of the detail. */
	readonly changeable?: boolean | undefined;
	/** Whether the program makes a directory and does not look whether that succeeds. */
	readonly ignored?: boolean | undefined;
}

/**
 * What is done to something whose name the source does not say, or whose name no need describes.
 *
 * - `program`: it is started; one that a dependency starts has its name in `detail`.
 * - `file`: it is opened, read, listed or served; `detail` is how its path begins, the whole of it where that is absolute.
 * - `created-file`: it is made or written; `detail` as above.
 * - `changed-file`: its content, mode or owner is changed, or it is removed; `detail` as above.
 * - `plugin`: it is loaded, which takes cgo and the same C library.
 * - `source-path`: files are sought beside the source, as it lay where it was compiled.
 * - `user`: a user or group is looked up by name; `detail` is the name.
 * - `working-directory`: relative names count from another directory than that in which the program is started.
 */
export type UnknownKind = 'program' | 'file' | 'created-file' | 'changed-file' | 'plugin' | 'source-path' | 'user' | 'working-directory';

/** A place in Go source that leaves open what the program needs. */
export interface Unknown {
	readonly kind: UnknownKind;
	readonly path: string;
	/** The place of the identifier, from 0. */
	readonly line: number;
	readonly character: number;
	readonly length: number;
	/** What stands there, as a person would say it: `exec.Command`. */
	readonly symbol: string;
	/** As far as the name is known. */
	readonly detail: string | undefined;
	/** As in a {@link SourcePlace}. */
	readonly commands?: readonly string[] | undefined;
	/** The import path of the package that holds it. */
	readonly package: string;
	readonly own: boolean;
	/** The import chain from the main package to that package, both included, as import paths. */
	readonly chain: readonly string[];
}

/** Who uses what listens: those whom the program serves; a person with a profiler; a person who comes back from a log-in. */
export type ListenerPurpose = 'service' | 'profiler' | 'log-in';

/** A place where the program listens on a port. */
export interface Listener extends SourcePlace {
	/** As far as it is constant: `127.0.0.1:8080`, `localhost:…`; `undefined` where it is not known. */
	readonly address: string | undefined;
	readonly purpose: ListenerPurpose;
}

/** A package whose C code the program wants: a non-standard one, or `plugin`, without which the others of the standard library do. */
export interface CgoPackage {
	readonly importPath: string;
	readonly chain: readonly string[];
	/** The Go line that imports "C", or the import of a module that is not on disk but is known to want cgo. */
	readonly path: string | undefined;
	readonly line: number;
	/** Whether it belongs to the main module or another module of the workspace. */
	readonly own: boolean;
	/** Whether it has C code on every machine that may be built for, and not on some of them only. */
	readonly everywhere: boolean;
	/**
	 * Whether the package builds without cgo: `no` (no file is left, or those left miss what the others declare), `stub` (builds and fails
	 * at run time), `yes` (has a real fallback, or is missed by nothing).
	 */
	readonly withoutCgo: 'no' | 'stub' | 'yes' | 'unknown';
	/** What the build without cgo fails with, or the program where it builds; `undefined` where that is not known. */
	readonly failure: string | undefined;
	/** The shared libraries that its `#cgo` lines link; empty where they are not known. */
	readonly libraries: readonly CgoLibrary[];
	/** A pure-Go package that serves instead, where the curated table names one. */
	readonly alternative: string | undefined;
}

/** A library that a `#cgo` line names. */
export interface CgoLibrary {
	/** `z` of `-lz`, or the name that pkg-config has. */
	readonly name: string;
	/** The Go file. */
	readonly path: string;
	/** From 0. */
	readonly line: number;
}

export interface ProgramPackage {
	readonly importPath: string;
	readonly directory: string;
	/** `main` for a command. */
	readonly name: string;
	readonly binaryName: string;
}

export interface EmbedPattern {
	/** The pattern as written, `all:` included. */
	readonly pattern: string;
	/** The Go file that holds it. */
	readonly path: string;
	readonly line: number;
}

/** A package of the workspace that a build needs. */
export interface OwnPackage {
	readonly importPath: string;
	readonly directory: string;
	/** The names of the Go files that the build takes. */
	readonly files: readonly string[];
	/** The Go line that imports it; `undefined` for a package that the command names. */
	readonly importedIn: { readonly path: string; readonly line: number } | undefined;
}

/** A place where the program waits for a signal: `signal.Notify(c, os.Interrupt)`. */
export interface HandledSignal extends SourcePlace {
	/** The name of the C header: `SIGINT`. */
	readonly signal: string;
}

/** What goes into the binary or binaries of one `go build`. */
export interface Program {
	readonly request: ProgramRequest;
	/** The module that the command builds in. */
	readonly module: GoModule | undefined;
	/** The packages that the command names, main or not. */
	readonly roots: readonly ProgramPackage[];
	/** Package arguments for which no directory or no Go file was found where one must be. */
	readonly missing: readonly string[];
	/** How many packages the closure holds, standard ones not counted. */
	readonly packageCount: number;
	/** All standard packages that the closure imports, directly or through other standard packages. */
	readonly standardPackages: ReadonlySet<string>;
	/** Whether the closure reaches any module outside the workspace: whether there is something to download. */
	readonly needsModules: Answer;
	readonly evidence: readonly Evidence[];
	/** Where the reached code listens, the workspace's own first. */
	readonly listeners: readonly Listener[];
	/** Whether code that was not followed may listen too. */
	readonly mayListenElsewhere: boolean;
	/** The signals that the workspace's own reached code waits for, by constants. */
	readonly handledSignals: readonly HandledSignal[];
	/** Whether it may wait for others: those of a variable, all of them, or in code that was not followed. */
	readonly mayHandleOtherSignals: boolean;
	/** Needs that the program itself takes back: embedded roots, embedded zone data. */
	readonly embedded: ReadonlySet<'certificate-roots' | 'zone-data'>;
	readonly cgoPackages: readonly CgoPackage[];
	/** Whether a standard package with cgo files (net, os/user, plugin …) is in the closure, with its name. */
	readonly standardCgo: readonly string[];
	readonly embeds: readonly EmbedPattern[];
	/** The packages of the closure that lie in the workspace, vendored ones not counted. */
	readonly ownPackages: readonly OwnPackage[];
	/** Packages of the workspace's own modules that the closure imports and that are not there: a generator may make them. */
	readonly missingPackages: readonly string[];
	/** Modules (or, where no module is known, packages) that the closure needs and that are not on disk; missing packages among them. */
	readonly unread: readonly string[];
	/**
	 * Relative paths that the workspace's own code hands to libraries of which no table says what they do with them. They are files that the
	 * program opens if the workspace has them.
	 */
	readonly namedFiles: readonly Evidence[];
	/** What the program does that no need describes, because the source does not say with what; the workspace's own code first. */
	readonly unknowns: readonly Unknown[];
	/** Whether the program keeps files: the workspace's own code creates some, or a database or log of a module does. */
	readonly keepsFiles: boolean;
}
