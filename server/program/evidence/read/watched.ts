/** What the scanner is to note besides the names that a declaration uses. */
export interface Watched {
	/** By import path, the exported names whose uses are noted. */
	readonly packages: ReadonlyMap<string, ReadonlyMap<string, Watch>>;
	/** What is noted of a package that `packages` does not hold: known client libraries, by the beginning of their path. */
	packageOf(importPath: string): ReadonlyMap<string, Watch> | undefined;
	/** By method name, the packages of which a file must import one for a call `x.Method(…)` to be noted. */
	readonly methods: ReadonlyMap<string, ReadonlyMap<string, Watch>>;
}

export interface Watch {
	/** Whether what the program does when the call fails is read. */
	readonly failure: boolean;
}
