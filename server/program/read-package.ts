import { all, type Eventually, then } from '../text/eventually.ts';
import { type BuildTarget, matchesConstraint, matchesFileName } from './constraints.ts';
import type { GoSourceFile } from './package.ts';
import type { SourceCache, SourceDirectory, TextStore } from './source-cache.ts';

/** What one build takes of a directory, and what it would take with cgo turned the other way. */
export interface PackageFiles {
	readonly name: string;
	/** The files that the build takes. */
	readonly files: readonly GoSourceFile[];
	/** Import paths as written, without "C". */
	readonly imports: ReadonlySet<string>;
	/** The files that a build with cgo takes, on one of the machines at least that may be built for, and that import "C". */
	readonly cgoFiles: readonly GoSourceFile[];
	/** Whether each of these machines has such a file. */
	readonly cgoEverywhere: boolean;
	/** The files that a build without cgo takes. */
	readonly filesWithoutCgo: readonly GoSourceFile[];
	/** Those that it takes on one of these machines at least. */
	readonly anyWithoutCgo: readonly GoSourceFile[];
	/** The files that a build with cgo takes and one without does not, on one of these machines at least. */
	readonly filesLost: readonly GoSourceFile[];
	/** Whether the build takes a file that imports "C". */
	readonly usesCgo: boolean;
}

/**
 * Reads what a build takes of a directory.
 *
 * @param targets one, or several where it is not known which of them is built for: what holds for all of them is the answer
 * @param named the files that the command names, which are taken whatever their constraints say
 * @param texts where the texts of files go that are read for it
 * @returns `undefined` where the directory is absent; a package without files where the constraints leave none
 */
export function readPackageFiles(
	cache: SourceCache,
	directory: string,
	targets: readonly BuildTarget[],
	named?: readonly string[],
	texts?: TextStore,
): Eventually<PackageFiles | undefined> {
	return then(
		cache.directory(directory),
		(found) =>
			found &&
			then(readSources(cache, directory, found, targets, named, texts), (sources) => chooseForAll(sources, targets, named !== undefined)),
	);
}

function chooseForAll(sources: readonly GoSourceFile[], targets: readonly BuildTarget[], all: boolean): PackageFiles | undefined {
	const perTarget = targets.map((target) => choose(sources, target, all));
	const [first] = perTarget;
	if (first === undefined || perTarget.length === 1) return first;
	const inAll = (list: (files: PackageFiles) => readonly GoSourceFile[]) =>
		list(first).filter((file) => perTarget.every((files) => list(files).includes(file)));
	return {
		name: perTarget.find((files) => files.name !== '')?.name ?? '',
		files: inAll((files) => files.files),
		// A package that each target imports from a file of its own is imported whichever is built.
		imports: new Set([...first.imports].filter((path) => perTarget.every((files) => files.imports.has(path)))),
		cgoFiles: sources.filter((file) => perTarget.some((files) => files.cgoFiles.includes(file))),
		cgoEverywhere: perTarget.every((files) => files.cgoFiles.length > 0),
		filesWithoutCgo: inAll((files) => files.filesWithoutCgo),
		anyWithoutCgo: sources.filter((file) => perTarget.some((files) => files.filesWithoutCgo.includes(file))),
		filesLost: sources.filter((file) => perTarget.some((files) => files.filesLost.includes(file))),
		usesCgo: perTarget.every((files) => files.usesCgo),
	};
}

function readSources(
	cache: SourceCache,
	directory: string,
	found: SourceDirectory,
	targets: readonly BuildTarget[],
	named: readonly string[] | undefined,
	texts: TextStore | undefined,
): Eventually<readonly GoSourceFile[]> {
	const names = named ?? found.goFiles.filter((name) => targets.some((target) => matchesFileName(target, name)));
	const files = all(names.map((name) => cache.file(`${directory}/${name}`, texts)));
	return then(files, (found) => found.filter((file) => file !== undefined));
}

function choose(sources: readonly GoSourceFile[], target: BuildTarget, all: boolean): PackageFiles {
	const targets = { cgo: { ...target, cgo: true }, pure: { ...target, cgo: false } };
	const withCgo: GoSourceFile[] = [];
	const withoutCgo: GoSourceFile[] = [];
	for (const file of sources) {
		// Files of the package `documentation` are for godoc alone, and the go command ignores them.
		if (!all && (file.header.package === 'documentation' || !matchesFileName(target, nameOf(file)))) continue;
		const constraint = all ? undefined : file.header.constraint;
		if (constraint === undefined || matchesConstraint(targets.cgo, constraint)) withCgo.push(file);
		if (importsC(file)) continue;
		if (constraint === undefined || matchesConstraint(targets.pure, constraint)) withoutCgo.push(file);
	}
	const files = target.cgo ? withCgo : withoutCgo;
	const cgoFiles = withCgo.filter(importsC);
	const imports = new Set(files.flatMap((file) => file.header.imports.map((spec) => spec.path)));
	imports.delete('C');
	return {
		name: files[0]?.header.package ?? '',
		files,
		imports,
		cgoFiles,
		cgoEverywhere: cgoFiles.length > 0,
		filesWithoutCgo: withoutCgo,
		anyWithoutCgo: withoutCgo,
		filesLost: withCgo.filter((file) => !withoutCgo.includes(file)),
		usesCgo: target.cgo && cgoFiles.length > 0,
	};
}

function nameOf(file: GoSourceFile): string {
	return file.path.slice(file.path.lastIndexOf('/') + 1);
}

/** Whether the file has C code, or calls it. */
function importsC(file: GoSourceFile): boolean {
	return file.header.imports.some((spec) => spec.path === 'C');
}
