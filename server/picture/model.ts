/**
 * The image that a Dockerfile, or an engine, makes: what it holds, what its programs need of it, and how it comes about. A plain value that
 * JSON keeps as it is: it holds no function and no `undefined` in a list, and what is not known is left out. The forms (text, HTML, SVG),
 * the editor and tools read it.
 *
 * A change that breaks its readers raises `version`; new properties may come without. Lines and columns count from 1, columns in UTF-16
 * code units; offsets are UTF-16 code units from the start of the file.
 */
export interface ImagePicture {
	readonly version: 1;
	readonly title: PictureTitle;
	/** Every path that is known to be there, a directory before what it holds, names in the order of their code units. */
	readonly tree: readonly PictureEntry[];
	/** How many entries more there are than `tree` has room for; 0 where it has all that are known. */
	readonly cut: number;
	/** Those that the image does not meet come first, then the unknown ones. */
	readonly needs: readonly PictureNeed[];
	/** What could not be known, in plain words. */
	readonly unknowns: readonly PictureUnknown[];
	/** The stages of the Dockerfile, the target among them; empty for an image without a Dockerfile. */
	readonly stages: readonly PictureStage[];
	/** What goes from where to where. */
	readonly flows: readonly PictureFlow[];
}

export interface PictureTitle {
	/** The Dockerfile's path, or the image's name. */
	readonly of: string;
	/** The target stage, by name or number; left out where there is none. */
	readonly stage?: string;
	/** The image at the start: `scratch`; left out where it is not known. */
	readonly base?: string;
	/** How many files the image is known to hold, directories not counted. */
	readonly files: number;
	/** Whether these are all its files. */
	readonly complete: boolean;
	readonly needs: { readonly met: number; readonly unmet: number; readonly unknown: number };
	/** The user that the program runs as; each part left out where it is not known. */
	readonly user: { readonly text?: string; readonly uid?: number; readonly gid?: number };
	/** The program that a container starts; left out where it is not known. */
	readonly starts?: { readonly program: string; readonly path?: string; readonly present: PictureAnswer };
	readonly platform?: string;
}

/** `yes`, `no` or `unknown`. */
export type PictureAnswer = 'yes' | 'no' | 'unknown';

export interface PictureEntry {
	/** Absolute. */
	readonly path: string;
	/** `unknown`: it is there, as a file or as a directory. A `file` of a base image may be a link to one. */
	readonly kind: 'file' | 'directory' | 'link' | 'unknown';
	/** The permission bits in octal, four digits: `0755`, `1777`. */
	readonly mode?: string;
	/** Whether the permission bits are those of `source`, which are not looked up yet. */
	readonly keepsMode?: true;
	/** The owner's uid and gid. */
	readonly owner?: number;
	readonly group?: number;
	/** In bytes, of a file. */
	readonly size?: number;
	/** Where a link points to, as written. */
	readonly target?: string;
	/** Of a directory: false where it may hold more than is listed. */
	readonly complete?: boolean;
	/** Of a directory: how many of its entries, and of those below, are cut. */
	readonly cut?: number;
	/** What put it there: an instruction of the Dockerfile, or the base image. Left out where that is not known. */
	readonly from?: PictureInstruction | 'base';
	/** The layer of a built image that holds it, from 0. */
	readonly layer?: number;
	/** The path of the workspace's file that it is a copy of. */
	readonly source?: string;
	/** The import paths of the Go program that the file is. */
	readonly program?: readonly string[];
}

/** An instruction of the Dockerfile. */
export interface PictureInstruction {
	readonly keyword: string;
	/** Its first line, as written. */
	readonly text: string;
	readonly line: number;
	readonly column: number;
	readonly start: number;
	readonly end: number;
	/** The index of its stage. */
	readonly stage: number;
}

export interface PictureNeed {
	/** Unique in the picture: `certificate-roots`, `executable:git`. */
	readonly id: string;
	/** What is needed: `CA certificates`, `executable git`. */
	readonly title: string;
	readonly state: 'met' | 'unmet' | 'unknown';
	/** Whether only a flag, an argument or the environment makes the program need it. */
	readonly given?: true;
	/** The paths in the image that provide it. */
	readonly providedBy: readonly string[];
	/** Whether the program brings it itself. */
	readonly embedded?: true;
	/** What would provide it, where the image does not. */
	readonly supply?: string;
	/** The paths of the programs of the image that need it. */
	readonly programs: readonly string[];
	/** Where the programs show it, those of the workspace's own code first. */
	readonly places: readonly PicturePlace[];
	/** The code of the finding that reports it. */
	readonly code?: string;
}

/** A place in a Go file. */
export interface PicturePlace {
	/** The path of the file; left out for a module that is not on disk. */
	readonly path?: string;
	/** The same as a person would say it: below the workspace, or the package and the file's name. */
	readonly name?: string;
	readonly line?: number;
	readonly column?: number;
	/** What stands there: `http.Get`. */
	readonly symbol: string;
	/** The package. */
	readonly package: string;
	/** Whether the package is the workspace's own. */
	readonly own: boolean;
	/** The import paths from the main package to the package, both included. */
	readonly chain: readonly string[];
	/** The same as a person would say it: `main → internal/app`; left out where the main package itself is the place. */
	readonly way?: string;
}

export interface PictureUnknown {
	/** `module`: a module is not on disk. `package`: a package is missing. `binary`: it is not known which program a binary is. `build`: how a program is built is not known. `command`: what a RUN does. All others as the reader of Go names them. */
	readonly kind: string;
	/** One sentence. */
	readonly text: string;
	readonly place?: PicturePlace;
	readonly instruction?: PictureInstruction;
}

export interface PictureStage {
	readonly index: number;
	readonly name?: string;
	/** The image that FROM names; left out for a stage that builds on another, and where it is not known. */
	readonly base?: string;
	readonly from: PictureInstruction;
	/** Whether it is the stage that the picture is of. */
	readonly target: boolean;
	/** Whether the target is made of it. */
	readonly used: boolean;
}

export interface PictureFlow {
	/** The index of a stage, or what else the files come from. */
	readonly from: { readonly stage: number } | { readonly image: string } | { readonly context: true };
	/** The index of the stage. */
	readonly to: number;
	/** Whether the stage builds on the other one: FROM names it. */
	readonly extends: boolean;
	/** What is copied, as written; left out where that is not known. */
	readonly source?: string;
	/** Where to; left out where that is not known. */
	readonly destination?: string;
	readonly instruction: PictureInstruction;
}
