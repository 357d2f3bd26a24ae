/**
 * What client and server say to each other beyond the Language Server Protocol: how a Dockerfile is generated, and how the server
 * reads files that only the client can reach. Names and types only, so that either side may read them.
 */

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
}

/** Request `goScratch/generate`: a Dockerfile for a main package, and a .dockerignore where there is none. Writes nothing. */
export const GENERATE = 'goScratch/generate';

export interface GenerateParams {
	/** The directory of the main package. */
	readonly uri: string;
	/** Whether the Dockerfile explains itself in comments. */
	readonly comments: boolean;
}

export interface GenerateResult {
	/** The files to write, the Dockerfile first. */
	readonly files: readonly GeneratedFile[];
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
