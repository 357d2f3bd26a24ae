import { NEWEST_GO_MINOR } from '../knowledge/go-releases.ts';
import { join, relativeWithin } from '../workspace/paths.ts';
import { type BuildTarget, matchesConstraint, matchesFileName } from './constraints.ts';
import { parseGoWork } from './go-work.ts';
import type { GoModule, GoWork, GoWorkspace, MainPackage } from './model.ts';
import { readModule } from './modules.ts';
import { binaryNameOfPath } from './root-packages.ts';
import type { SourceCache, SourceDirectory } from './source-cache.ts';

/** How many entries of a workspace are looked at. */
const MAX_ENTRIES = 200_000;

/** How many directories are listed at once. */
const DIRECTORIES_AT_ONCE = 64;

/** Directories that hold no program of the workspace, however many files. */
const PASSED_OVER = new Set(['vendor', 'node_modules', 'testdata']);

/** Names of directories whose main packages a person seldom ships. */
const UNLIKELY = new Set(
	`example examples sample samples demo demos hack tool tools script scripts test tests testing testutil testutils e2e integration fixtures
	gen generate generator generators codegen bench benchmark benchmarks docs doc ci build-tools playground experimental contrib fuzz`.split(
		/\s+/,
	),
);

/** Main packages are those that some likely image can hold, so that either machine will do. */
const TARGETS: readonly BuildTarget[] = ['amd64', 'arm64'].map((goarch) => ({
	goos: 'linux',
	goarch,
	cgo: true,
	tags: new Set(),
	goMinor: NEWEST_GO_MINOR,
}));

/** Reads what is known of the Go of a workspace: its modules, its go.work files and its main packages. */
export async function readGoWorkspace(cache: SourceCache, root: string, signal?: AbortSignal): Promise<GoWorkspace> {
	const modules: GoModule[] = [];
	const works: GoWork[] = [];
	const mainPackages: MainPackage[] = [];
	let entries = 0;
	let level: Place[] = [{ directory: root, module: undefined, unlikely: false }];
	while (level.length > 0 && entries < MAX_ENTRIES) {
		const next: Place[] = [];
		for (let start = 0; start < level.length && entries < MAX_ENTRIES; start += DIRECTORIES_AT_ONCE) {
			signal?.throwIfAborted();
			const visits = await Promise.all(level.slice(start, start + DIRECTORIES_AT_ONCE).map((place) => visit(cache, root, place)));
			for (const found of visits) {
				entries += found.entries;
				next.push(...found.below);
				if (found.module !== undefined) modules.push(found.module);
				if (found.work !== undefined) works.push(found.work);
				if (found.mainPackage !== undefined) mainPackages.push(found.mainPackage);
			}
		}
		level = next;
	}
	mainPackages.sort((a, b) => (a.directory < b.directory ? -1 : 1));
	return { root, modules, works, mainPackages, complete: level.length === 0 };
}

interface Place {
	readonly directory: string;
	/** The module that the directory belongs to, unless it holds a go.mod itself. */
	readonly module: GoModule | undefined;
	readonly unlikely: boolean;
}

interface Visit {
	readonly entries: number;
	readonly below: readonly Place[];
	readonly module: GoModule | undefined;
	readonly work: GoWork | undefined;
	readonly mainPackage: MainPackage | undefined;
}

async function visit(cache: SourceCache, root: string, { directory, module: above, unlikely }: Place): Promise<Visit> {
	const content = await cache.directory(directory);
	if (content === undefined) return { entries: 1, below: [], module: undefined, work: undefined, mainPackage: undefined };
	const own = content.hasGoMod ? await readModule(cache, directory) : undefined;
	const module = own ?? above;
	const workFile = content.hasGoWork ? await cache.parsed(join(directory, 'go.work'), 'go.work', parseGoWork) : undefined;
	const work = workFile && { directory, file: workFile, hasGoWorkSum: content.hasGoWorkSum };
	const isMain = await isProgram(cache, directory, content);
	const below: Place[] = [];
	for (const name of content.directories) {
		if (PASSED_OVER.has(name) || name.startsWith('.') || name.startsWith('_')) continue;
		below.push({ directory: join(directory, name), module, unlikely: unlikely || UNLIKELY.has(name.toLowerCase()) });
	}
	return {
		entries: 1 + content.size,
		below,
		module: own,
		work,
		mainPackage: isMain ? mainPackageOf(root, directory, module, unlikely) : undefined,
	};
}

/** Whether a build makes a program of the directory: its package is `main`, and has a function of that name. */
async function isProgram(cache: SourceCache, directory: string, content: SourceDirectory): Promise<boolean> {
	for (const name of content.goFiles) {
		if (!TARGETS.some((target) => matchesFileName(target, name))) continue;
		const path = `${directory}/${name}`;
		const header = (await cache.file(path))?.header;
		if (header === undefined || header.package === 'documentation') continue;
		const { constraint } = header;
		if (constraint !== undefined && !TARGETS.some((target) => matchesConstraint(target, constraint))) continue;
		if (header.package !== 'main') return false;
		if ((await cache.parsed(path, 'main', hasMainFunction)) === true) return true;
	}
	return false;
}

/** In a comment or a text it would be taken for the function, which does no harm: such a package is hardly without one. */
function hasMainFunction(text: string): boolean {
	return /^func\s+main\s*\(/m.test(text);
}

function mainPackageOf(root: string, directory: string, module: GoModule | undefined, unlikely: boolean): MainPackage {
	const base = module?.directory ?? root;
	const rest = relativeWithin(base, directory) ?? '.';
	const path = module?.file.path ?? (module === undefined ? root.slice(root.lastIndexOf('/') + 1) : undefined) ?? 'command-line-arguments';
	const importPath = rest === '.' ? path : module === undefined ? rest : `${path}/${rest}`;
	return {
		directory,
		module,
		importPath,
		binaryName: binaryNameOfPath(importPath, module !== undefined),
		rank: unlikely ? 'unlikely' : 'shipped',
	};
}
