/** What a build takes of one package directory. */
export interface GoPackage {
	readonly importPath: string;
	/** The name in the package clause. */
	readonly name: string;
	readonly directory: string;
	readonly standard: boolean;
	/** Whether it belongs to a module of the workspace. */
	readonly own: boolean;
	/** The files that the build constraints let in, tests not. */
	readonly files: readonly GoSourceFile[];
	/** The import paths of `files`, resolved (a vendored or replaced package keeps the path it is imported by). */
	readonly imports: ReadonlySet<string>;
}

export interface GoSourceFile {
	readonly path: string;
	/** That of `FileStatus`: what is cached of the file is kept under it. */
	readonly version: string;
	readonly header: GoFileHeader;
}

/** What stands in a Go file up to the end of its imports, and its directives. */
export interface GoFileHeader {
	readonly package: string;
	readonly imports: readonly GoImport[];
	/** The `//go:build` expression, or that of the `// +build` lines; `undefined` where there is none. */
	readonly constraint: string | undefined;
	readonly embeds: readonly { readonly pattern: string; readonly line: number }[];
}

export interface GoImport {
	readonly path: string;
	/** The alias, `_` or `.`, where there is one. */
	readonly name: string | undefined;
	/** From 0. */
	readonly line: number;
}

/** The packages that go into the binaries of one command. */
export interface Closure {
	/** By import path; standard packages are there where a GOROOT could be read. */
	readonly packages: ReadonlyMap<string, GoPackage>;
	/** The import paths of the packages that the command names. */
	readonly roots: readonly string[];
	/** Import paths for which no directory is on disk, with the module they belong to where go.mod tells. */
	readonly unread: ReadonlyMap<string, string | undefined>;
	/** Names of standard packages, whether read or known from the table only. */
	readonly standard: ReadonlySet<string>;
}
