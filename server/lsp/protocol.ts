/**
 * What client and server say to each other beyond the Language Server Protocol: how a Dockerfile is generated. Types only, so
 * that either side may read them.
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
