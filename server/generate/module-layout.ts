import { isDirectoryTarget } from '../program/go-mod.ts';
import type { GoModule, GoWork, GoWorkspace, Program } from '../program/model.ts';
import { ancestors, isWithin, join, relativeWithin } from '../workspace/paths.ts';

/** Where the modules that a build needs are in the build context. */
export interface ModuleLayout {
	/** The build context: the module's directory, or one that also contains its go.work and locally replaced modules. */
	readonly context: string;
	/** The directory of the module, relative to the context. */
	readonly module: string;
	/** The go.work in force; it is in the context. */
	readonly work: GoWork | undefined;
	/** The files that `go mod download` reads, by directory relative to the context. */
	readonly files: readonly { readonly directory: string; readonly names: readonly string[] }[];
	/** Whether the modules are vendored, so nothing is downloaded. */
	readonly vendored: boolean;
	/** Whether the module requires others, so there is something to download. */
	readonly downloads: boolean;
	/**
	 * Whether `go mod download` works before the source is copied. With a go.work it downloads the versions that the modules require of
	 * each other, published or not, while `go build` uses the directories (Go 1.26).
	 */
	readonly downloadsAlone: boolean;
	/** Local modules outside the workspace, which no build context can contain. */
	readonly outside: readonly string[];
}

/**
 * The layout for building in `module`.
 *
 * @param program Tells whether go uses an existing vendor directory, which go.work and an old go line prevent.
 */
export function moduleLayout(workspace: GoWorkspace, module: GoModule, program: Program | undefined): ModuleLayout {
	const work = workOf(workspace, module);
	const local = localModules(workspace, module, work);
	const outside = local.missing.filter((directory) => !isWithin(workspace.root, directory));
	const modules = [module, ...local.found];
	const context = modules.reduce((directory, each) => commonDirectory(directory, each.directory), work?.directory ?? module.directory);
	const seen = (directory: string) => relativeWithin(context, directory) ?? '.';
	const files = modules.map((each) => ({ directory: seen(each.directory), names: each.hasGoSum ? ['go.mod', 'go.sum'] : ['go.mod'] }));
	if (work !== undefined) addFiles(files, seen(work.directory), work.hasGoWorkSum ? ['go.work', 'go.work.sum'] : ['go.work']);
	files.sort((a, b) =>
		a.directory === b.directory ? 0 : a.directory === '.' ? -1 : b.directory === '.' ? 1 : a.directory < b.directory ? -1 : 1,
	);
	return {
		context,
		module: seen(module.directory),
		work,
		files,
		vendored: module.vendored && (program === undefined || program.needsModules === 'no'),
		downloads: modules.some((each) => each.file.require.some((requirement) => !isReplacedLocally(modules, requirement.path))),
		downloadsAlone:
			work === undefined || !modules.some((each) => each.file.require.some(({ path }) => modules.some(({ file }) => file.path === path))),
		outside,
	};
}

/** The nearest go.work above the module that uses it. */
function workOf(workspace: GoWorkspace, module: GoModule): GoWork | undefined {
	return workspace.works
		.filter((work) => isWithin(work.directory, module.directory) && usedBy(work).includes(module.directory))
		.sort((a, b) => b.directory.length - a.directory.length)[0];
}

function usedBy(work: GoWork): string[] {
	return work.file.use.map((line) => join(work.directory, line.value));
}

/** The modules that go.work uses and that replace directives name by directory, transitively. */
function localModules(workspace: GoWorkspace, module: GoModule, work: GoWork | undefined): { found: GoModule[]; missing: string[] } {
	const byDirectory = new Map(workspace.modules.map((each) => [each.directory, each]));
	const found = new Map<string, GoModule>();
	const missing = new Set<string>();
	const queue = [
		...(work === undefined ? [] : [...usedBy(work), ...replacedBy(work.directory, work.file.replace)]),
		...replacedBy(module.directory, module.file.replace),
	];
	for (let directory = queue.shift(); directory !== undefined; directory = queue.shift()) {
		if (directory === module.directory || found.has(directory)) continue;
		const each = byDirectory.get(directory);
		if (each === undefined) missing.add(directory);
		else {
			found.set(directory, each);
			// Only the main module's replace directives count, and with go.work those of every module it uses.
			if (work !== undefined && usedBy(work).includes(directory)) queue.push(...replacedBy(each.directory, each.file.replace));
		}
	}
	return { found: [...found.values()], missing: [...missing] };
}

function replacedBy(directory: string, replace: GoModule['file']['replace']): string[] {
	return replace.filter((each) => isDirectoryTarget(each.target)).map((each) => join(directory, each.target));
}

function isReplacedLocally(modules: readonly GoModule[], path: string): boolean {
	return modules.some(
		(each) =>
			each.file.path === path ||
			each.file.replace.some((replacement) => replacement.path === path && isDirectoryTarget(replacement.target)),
	);
}

function commonDirectory(a: string, b: string): string {
	return [...ancestors(a)].find((directory) => isWithin(directory, b)) ?? a;
}

function addFiles(files: { directory: string; names: string[] }[], directory: string, names: readonly string[]): void {
	const there = files.find((each) => each.directory === directory);
	if (there === undefined) files.push({ directory, names: [...names] });
	else there.names.unshift(...names);
}
