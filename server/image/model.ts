import type { ShellCommand, ShellWord } from '../dockerfile/shell-syntax.ts';
import type { CommandForm, CommandInstruction, Dockerfile, Flag, Instruction, Stage } from '../dockerfile/syntax.ts';
import type { BaseImage } from '../knowledge/base-images.ts';
import type { Answer } from '../text/answer.ts';
import type { Range } from '../text/text.ts';

/** What an abstract run of the Dockerfile knows. `undefined` stands for a value that is not known. */

/** A setting of a stage and the instruction that made it; no instruction means that the base image did. */
export interface Setting<T> {
	readonly value: T;
	readonly instruction: Instruction | undefined;
}

export interface Environment {
	/** The value, `undefined` where the variable is set to something unknown; no setting where it is not set. */
	get(name: string): Setting<string | undefined> | undefined;
	/** Whether variables that were never seen may be set: an unknown base image. */
	readonly complete: boolean;
}

/** What is known of one path of a stage. */
export interface FileEntry {
	readonly kind: 'file' | 'directory' | 'unknown';
	/** The instruction that put it there; `undefined` for what the base image holds. */
	readonly instruction: Instruction | undefined;
	/** The workspace path that it was copied from, where it comes from the build context unchanged. */
	readonly source: string | undefined;
	/** The text, where it is known: a passwd file made by echo, say. */
	readonly content: string | undefined;
	/** Whether nothing may have changed it, or the owner and mode of a directory, since it was put there. */
	readonly asCopied: boolean;
	/** The `go build` that wrote it. */
	readonly build: GoBuild | undefined;
	/** Permission bits where known. */
	readonly mode: number | undefined;
	/** Whether it has the permission bits of its source in the workspace, which the tree does not know. */
	readonly keepsMode?: boolean;
	/** The owner's uid where known. */
	readonly owner: number | undefined;
}

export interface FileTree {
	/** Whether something is at the absolute path, links followed. */
	has(path: string): Answer;
	/** What is at the path, where it is known to be there. */
	get(path: string): FileEntry | undefined;
	/** The target of the symbolic link that is known to be at the path itself, as written. */
	linkAt(path: string): string | undefined;
	/** Whether an instruction may have put a file at the path. */
	mayHaveWritten(path: string): boolean;
	/** The names known to be in the directory; `undefined` where the path is no known directory. `complete` is false where there may be more. */
	children(path: string): { readonly names: readonly string[]; readonly complete: boolean } | undefined;
	/** All paths of files that a `go build` wrote, wherever they were copied to. */
	builds(): readonly { readonly path: string; readonly build: GoBuild }[];
	/** All paths of files copied unchanged from the build context by name (not as part of a directory). */
	copiedFiles(): readonly { readonly path: string; readonly source: string }[];
}

/** A user as an instruction or a base image names it. */
export interface UserSetting {
	/** As written, expanded; `undefined` where not known. */
	readonly text: string | undefined;
	/** The user's part: a name or a number. */
	readonly user: string | undefined;
	/** The group's part, where there is one. */
	readonly group: string | undefined;
	/** The numeric uid where known, names looked up in the stage's passwd. */
	readonly uid: number | undefined;
	readonly gid: number | undefined;
}

/** The variables of Go (`GOPATH`, `GOFLAGS` …): the environment's values, and below them those that `go env -w` has set. */
export interface GoEnvironment {
	/** `undefined` where nothing sets the variable; an empty one counts as not set. Its value is `undefined` where that is not known. */
	get(name: string): { readonly value: string | undefined } | undefined;
	/** The first directory of GOPATH, `undefined` where it is not known. */
	path(): string | undefined;
	/** GOMODCACHE, the directory of downloaded modules; `undefined` where it is not known. */
	moduleCache(): string | undefined;
	/** GOCACHE, the directory of compiled packages; `undefined` where it is not known. */
	buildCache(): string | undefined;
	/** The Go 1.N that runs; `undefined` where GOTOOLCHAIN may choose another one than that of the image. */
	readonly minor: number | undefined;
}

/** A program started by a RUN. */
export interface RanCommand {
	readonly instruction: CommandInstruction;
	readonly node: ShellCommand;
	/** The words, variables expanded; `undefined` for a word that is not known. */
	readonly words: readonly (string | undefined)[];
	readonly wordNodes: readonly ShellWord[];
	/** The directory in the image that it runs in. */
	readonly workingDirectory: string | undefined;
	/** The variables that it sees: those of the stage, those that the text exports, those in front of the command. */
	readonly environment: Environment;
	/** The variables of Go as the go command sees them. */
	readonly goEnvironment: GoEnvironment;
	/** The files of the stage, mounts included, as they are when it starts. */
	readonly files: FileTree;
	/** Whether it runs whenever the RUN does: not behind `||`, nor in a branch. */
	readonly certain: boolean;
	/** Whether it runs whenever the RUN does, and the RUN ends where it fails: no `||`, no condition, no word of another command. */
	readonly ends: boolean;
	/** Whether its text is another command's argument (`sh -c "…"`), so that nothing can be written into it as into shell text. */
	readonly quoted: boolean;
}

/** One `go build` or `go install` of a RUN. */
export interface GoBuild {
	readonly stage: Pick<Stage, 'index'>;
	readonly instruction: CommandInstruction;
	readonly subcommand: 'build' | 'install';
	/** The command, from its assignments to its last word. */
	readonly range: Range;
	/** The words `go build`. */
	readonly commandRange: Range;
	readonly command: RanCommand;
	/** Flags in order; the last of a name wins. Includes those of GOFLAGS, which have no range. */
	readonly flags: readonly GoFlag[];
	/** The packages or files named, absolute paths as seen from `directory`; empty where there are none. An `undefined` is one that is not known. */
	readonly packages: readonly (string | undefined)[];
	/** The image directory that it builds in, `-C` and `cd` applied. */
	readonly directory: string | undefined;
	/** The workspace directory that this is a copy of. */
	readonly sourceDirectory: string | undefined;
	/** Where the binaries land in the stage, when known. One entry per main package. */
	readonly outputs: readonly string[];
	/** Whether `-o` names a directory that exists then, so that the binary lands inside it. */
	readonly outputIsDirectory: boolean;
	/** Settings that decide the binary; `undefined` not known. */
	readonly goos: string | undefined;
	readonly goarch: string | undefined;
	readonly tags: readonly string[] | undefined;
	/** CGO_ENABLED as set by command, ENV or ARG; `undefined` where nobody sets it, `'unknown'` where it is set to something not known. */
	readonly cgoEnabled: '0' | '1' | 'unknown' | undefined;
	/** Whether the command cross-compiles: GOARCH or GOOS set to something that is not the build platform, or may be. */
	readonly crossCompiles: Answer;
	readonly cCompiler: Answer;
	/** The program that CC names where it is set and known: then Go does not turn cgo off for want of a compiler. */
	readonly namedCompiler: string | undefined;
	/** The minor N of the Go 1.N that builds. */
	readonly goMinor: number | undefined;
	/** The full version where the tag names one: `1.22.3`. */
	readonly goVersion: string | undefined;
	/**
	 * The final static linking, as the flags ask for it: `-static` among the -extldflags, `-linkmode external`, `-buildmode=pie`.
	 * `known` is false where a flag that would decide may hide in a variable of unknown value.
	 */
	readonly linking: { readonly staticExternal: boolean; readonly externalMode: boolean; readonly pie: boolean; readonly known: boolean };
	/** Where a module is read from as Go sees it: `mod`, `vendor` … as `-mod` says. */
	readonly mod: string | undefined;
	/** Whether GOWORK=off leaves a go.work aside. */
	readonly withoutWork: boolean;
}

export interface GoFlag {
	/** Without dashes. */
	readonly name: string;
	/** `undefined` where not known; `'true'` for a flag without a value. */
	readonly value: string | undefined;
	/** The value as far as it is known, with U+FFFC for every piece that is not: `-s -w -X main.version=\uFFFC`. */
	readonly text: string | undefined;
	/** The whole flag, its value included; `undefined` where GOFLAGS brings it. */
	readonly range: Range | undefined;
	readonly valueRange: Range | undefined;
}

/** What a stage is at its end. */
export interface StageState {
	readonly stage: Stage;
	/** The base image where FROM names one; that of the stage it builds on, followed to the end. */
	readonly base: BaseImage | undefined;
	/** The image reference, expanded; `undefined` where not known or where FROM names a stage. */
	readonly imageReference: string | undefined;
	/** The stage that FROM names. */
	readonly parent: StageState | undefined;
	readonly platform: string | undefined;
	/** Whether the stage is a Windows one, which is left alone. */
	readonly windows: boolean;
	readonly environment: Environment;
	readonly workingDirectory: string | undefined;
	/** The working directory in front of each of the stage's own instructions; `undefined` where it is not known. */
	readonly directories: ReadonlyMap<Instruction, string | undefined>;
	readonly user: Setting<UserSetting>;
	/** Whether `/bin/sh` (or what SHELL names) is there. */
	readonly shell: Answer;
	readonly files: FileTree;
	/** Whether nothing can be written at the path whatever its rights are, in a container that is deployed so; left out for an image by itself. */
	readonly isReadOnly?: (path: string) => Answer;
	/** `undefined` where neither the stage nor, as far as is known, its base sets one. */
	readonly entrypoint: Setting<CommandForm | undefined> | undefined;
	readonly command: Setting<CommandForm | undefined> | undefined;
	/** Whether the base image may bring a command that is not known. */
	readonly commandKnown: boolean;
	/** All programs started by the stage's own RUN instructions, in order. */
	readonly ran: readonly RanCommand[];
	/** Those of which it is not known what they did: scripts, `make`, programs that nobody has heard of. */
	readonly unfollowed: ReadonlySet<RanCommand>;
	readonly builds: readonly GoBuild[];
	/** All copies into the stage. */
	readonly copies: readonly CopiedSource[];
}

/** One source of a COPY or ADD. */
export interface CopiedSource {
	readonly instruction: Instruction & { readonly keyword: 'COPY' | 'ADD' };
	readonly flags: readonly Flag[];
	/** The source as written, expanded; `undefined` where not known. */
	readonly source: string | undefined;
	readonly sourceRange: Range;
	/** Where it comes from. */
	readonly from:
		| { readonly kind: 'context' }
		| { readonly kind: 'stage'; readonly state: StageState }
		| { readonly kind: 'image'; readonly reference: string; readonly base: BaseImage | undefined }
		| { readonly kind: 'missing-stage'; readonly name: string }
		| { readonly kind: 'unknown' };
	/** Whether the source is there, wildcards matched. For a context: whether it survives .dockerignore. */
	readonly present: Answer;
	/** Absolute paths that the source stands for where it comes from. */
	readonly matches: readonly string[];
	/** The files of the stage before the copy. */
	readonly files: FileTree;
	/** The absolute path in this stage that it is written to, where known. */
	readonly destination: string | undefined;
}

export interface ImageBuild {
	readonly dockerfile: Dockerfile;
	/** In the order of the stages. */
	readonly stages: readonly StageState[];
	/** The stages that ship, as RULES says under *Stages judged*; Windows stages are left out. */
	readonly targets: readonly StageState[];
}

/** A command that a compose file has for the image. */
export interface StartedElsewhere {
	/** `command` stands for CMD, so that ENTRYPOINT of the image still counts. */
	readonly key: 'command' | 'entrypoint' | 'healthcheck';
	/** The program. */
	readonly program: string;
}

/** The directory that `docker build` sends, as .dockerignore lets it through. */
export interface BuildContext {
	readonly directory: string;
	/** What made it the context: a file that declares it, or the COPY sources. */
	readonly declaredBy: string | undefined;
	/** The stage that ships, where the declaring file names one. */
	readonly target: string | undefined;
	/** The values of ARG that every declared build sets, by name; `undefined` for one that is not known. */
	readonly arguments: ReadonlyMap<string, string | undefined>;
	/** What declared builds start in the image by themselves. */
	readonly starts: readonly StartedElsewhere[];
	/** The paths in the container at which declared builds mount something. */
	readonly mounts: readonly string[];
	/** Literal sources that the directory does not have, from its root, although nothing speaks for another directory. */
	readonly missing: readonly string[];
	/** The ignore file in force and its text. */
	readonly ignoreFile: { readonly path: string; readonly text: string } | undefined;
	/** What is at the path (slash-separated, from the context's root, `.` for the root), before .dockerignore. */
	kind(path: string): 'file' | 'directory' | 'absent' | 'unknown';
	/** The names in a directory, before .dockerignore; `undefined` where not known. */
	children(path: string): readonly string[] | undefined;
	/** Whether .dockerignore leaves the path out. */
	ignored(path: string): boolean;
}
