import type { Diagnostic, WorkspaceEdit } from 'vscode-languageserver';
import type { ImagePicture } from '../picture/model.ts';

/**
 * What client and server say to each other beyond the Language Server Protocol: how a Dockerfile is generated, what is known of one,
 * and how the server reads files that only the client can reach. Names and types only, so that either side may read them.
 */

/**
 * The experimental client capability `goScratchEditor: true`: the client shows the notification {@link STATUS}, and has the commands
 * {@link OPEN_RULE}, {@link APPLY_FIX} and {@link RULE_ACTIONS}, which the server may put into code actions.
 */
export const EDITOR_CAPABILITY = 'goScratchEditor';

/** The command of the client that shows the page of a rule; its argument is the code. */
export const OPEN_RULE = 'go-scratch.openRule';

/** The command of the client that applies a fix once a person has seen what may be lost by it; its argument is a {@link LossyFix}. */
export const APPLY_FIX = 'go-scratch.applyFix';

export interface LossyFix {
	/** In the imperative, without the losses. */
	readonly title: string;
	readonly losses: readonly string[];
	readonly edit: WorkspaceEdit;
}

/** The command of the client that lets a person pick one of several actions on rules; its argument is the list of {@link RuleAction}. */
export const RULE_ACTIONS = 'go-scratch.ruleActions';

export interface RuleAction {
	readonly code: string;
	readonly title: string;
	/** Without it, the action shows the page of the rule. */
	readonly edit?: WorkspaceEdit;
}

/** Notification `goScratch/status`: what is known of an open Dockerfile, whenever that was found out again. */
export const STATUS = 'goScratch/status';

export interface DockerfileStatus {
	readonly uri: string;
	/** The version of the document. */
	readonly version: number;
	/** `reading`: the Go files are being read; `other`: not a Dockerfile of a Go program; `failed`: it could not be analysed. */
	readonly state: 'reading' | 'known' | 'other' | 'failed';
	/** The modules that are not on disk, so that what they need is unknown. */
	readonly missingModules: readonly string[];
	/** The directory in which `go mod download` gets them. */
	readonly moduleDirectory?: string;
	/** The build context: its path below the workspace folder, and the file that names it. Absent where it is not known. */
	readonly context?: { readonly path: string; readonly declaredBy?: string };
	/** The stages that are judged, in the order of the file. */
	readonly targets: readonly TargetStatus[];
	/** Whether a comment, or the file that names the context, names the target. */
	readonly targetDeclared: boolean;
	/** Mistakes in the settings. */
	readonly settingsProblems: readonly string[];
}

export interface TargetStatus {
	/** The name of the stage, or its number. */
	readonly name: string;
	/** The line of its FROM, from 0. */
	readonly line: number;
	/** What is known of its image, on one line. */
	readonly summary: string;
}

/** Request `goScratch/image`: what the image of each target of a Dockerfile holds and needs. */
export const IMAGE = 'goScratch/image';

export interface ImageResult {
	/** The version of the document; 0 where it is not open. */
	readonly version: number;
	/** One for each target; none where the file is not the Dockerfile of a Go program. */
	readonly pictures: readonly ImagePicture[];
	/** The URIs of the files of the workspace that the pictures name, by path. */
	readonly uris: Readonly<Record<string, string>>;
}

/** Request `goScratch/explain`: what a message of an engine, the go command, a program or the kubelet means. */
export const EXPLAIN = 'goScratch/explain';

export interface ExplainParams {
	/** A message, or a whole log. */
	readonly text: string;
	/** The Dockerfile that it is about, where it is known. */
	readonly uri?: string;
}

export interface ExplainResult {
	readonly explanations: readonly {
		/** The line of the text. */
		readonly line: string;
		readonly meaning: string;
		readonly causes: readonly ExplainedCauseItem[];
	}[];
}

export interface ExplainedCauseItem {
	readonly text: string;
	/** The rule that reports it, if there is one. */
	readonly code?: string;
	/** Whether it is true of the Dockerfile. */
	readonly here: 'yes' | 'no' | 'unknown';
	/** What the rule reports there, and where. */
	readonly finding?: string;
	readonly position?: { readonly line: number; readonly character: number };
}

/** Request `goScratch/facts`: all that is known of a Dockerfile, for a language model. `null` if there is no such file. */
export const FACTS = 'goScratch/facts';

export interface FactsResult {
	readonly images: readonly ImagePicture[];
	readonly findings: readonly FindingFacts[];
}

/** Lines and columns count from 1. */
export interface PlaceInFile {
	readonly line: number;
	readonly column: number;
	readonly endLine: number;
	readonly endColumn: number;
}

export interface FindingFacts extends PlaceInFile {
	readonly code: string;
	readonly severity: string;
	readonly message: string;
	/** The lines of other files that show it. */
	readonly reasons: readonly { readonly path: string; readonly line: number; readonly message: string }[];
	/** The fixes; a preferred one is safe. */
	readonly fixes: readonly {
		readonly title: string;
		readonly preferred: boolean;
		readonly edits: readonly (PlaceInFile & { readonly newText: string })[];
	}[];
}

/** Request `goScratch/check`: the findings in a Dockerfile, open or not. */
export const CHECK = 'goScratch/check';

export interface CheckResult {
	/** Whether it is a Dockerfile of a Go program; nothing is reported of others. */
	readonly concernsGo: boolean;
	readonly diagnostics: readonly Diagnostic[];
}

/** Request `goScratch/mainPackages`: the main packages in a directory and below it. */
export const MAIN_PACKAGES = 'goScratch/mainPackages';

export interface MainPackagesParams {
	/** A directory, a go.mod, or any file of the directory that is meant. */
	readonly uri: string;
}

export interface MainPackagesResult {
	readonly mainPackages: readonly MainPackageItem[];
	/** Where there are none: what was looked for, and where. */
	readonly message?: string;
}

export interface MainPackageItem {
	/** The directory of the package. */
	readonly uri: string;
	readonly importPath: string;
	/** The path of the module that it belongs to. */
	readonly module: string;
	/** What the program needs of its image, to be shown to a person: `CA certificates, zone data`; empty where it needs nothing. */
	readonly needs: string;
	/** Where its Dockerfile goes. */
	readonly dockerfile: string;
}

/** Request `goScratch/generate`: a Dockerfile for a main package, and a .dockerignore where there is none. Writes nothing. */
export const GENERATE = 'goScratch/generate';

export interface GenerateParams {
	/** The directory of the main package. */
	readonly uri: string;
	/** Whether the Dockerfile explains itself in comments. */
	readonly comments: boolean;
	/** Where the Dockerfile goes; in the build context where that is left out. */
	readonly dockerfile?: string;
}

export interface GenerateResult {
	/** The files to write, the Dockerfile first. */
	readonly files: readonly GeneratedFile[];
	/** The command that builds the image, run in the root of the workspace; left out where there are no files. */
	readonly command?: string;
	/** What was found in the program and what was put in for it, as a sentence. */
	readonly summary: string;
}

export interface GeneratedFile {
	readonly uri: string;
	readonly content: string;
	/** Whether a file of that name is there already. */
	readonly exists: boolean;
}

/**
 * The experimental client capability `goScratchFiles: true`: the client answers the three requests below. The server sends them for
 * files of every scheme that it cannot read itself; in a browser that is all of them.
 */
export const FILES_CAPABILITY = 'goScratchFiles';

/** What each of the requests names: a file or a directory. Where it is absent or unreadable the answer is `null`. */
export interface FileParams {
	readonly uri: string;
}

/** Request `goScratch/readFile`: the text of a file. */
export const READ_FILE = 'goScratch/readFile';

export interface ReadFileResult {
	/** Decoded as UTF-8, with its byte order mark; its beginning, where the file is larger than what the server takes. */
	readonly text: string;
	/** Whether `text` is the whole file. */
	readonly complete: boolean;
	/** Differs whenever the content does. */
	readonly version: string;
}

/** Request `goScratch/readDirectory`: what a directory holds. */
export const READ_DIRECTORY = 'goScratch/readDirectory';

export interface ReadDirectoryResult {
	/** Symbolic links followed, and those to nothing left out; in no order. */
	readonly entries: readonly { readonly name: string; readonly kind: 'file' | 'directory'; readonly link: boolean }[];
}

/** Request `goScratch/stat`: what is at a place, symbolic links followed. */
export const STAT = 'goScratch/stat';

export interface StatResult {
	readonly kind: 'file' | 'directory';
	/** In bytes. */
	readonly size: number;
	/** As in {@link ReadFileResult}. */
	readonly version: string;
}
