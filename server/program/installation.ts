/** What of Go there is on the machine, as data: where downloaded modules, the standard library and GOPATH trees lie. */
export interface GoInstallation {
	/** Module caches (`GOMODCACHE`), the likeliest first. */
	readonly moduleCaches: readonly string[];
	readonly goroot: string | undefined;
	/** The directories of GOPATH. */
	readonly gopath: readonly string[];
}

/** For a browser, and wherever nothing is known. */
export const NO_INSTALLATION: GoInstallation = { moduleCaches: [], goroot: undefined, gopath: [] };
