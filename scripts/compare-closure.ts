import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { readClosure } from '../server/program/closure.ts';
import type { BuildTarget } from '../server/program/constraints.ts';
import { readModuleSet } from '../server/program/modules.ts';
import type { GoPackage } from '../server/program/package.ts';
import { findRootPackages, type RootPackages } from '../server/program/root-packages.ts';
import { createSourceCache } from '../server/program/source-cache.ts';
import { createNodeFiles, pathFromNative } from '../server/workspace/node-files.ts';
import { findGoInstallation } from '../server/workspace/node-go-installation.ts';
import { basename } from '../server/workspace/paths.ts';

/**
 * Compares package closures, their files, imports and embed patterns with those of `go list -deps`, and the time that each takes.
 *
 *     npx tsx scripts/compare-closure.ts [--cgo 0|1] [--goos linux] [--goarch amd64] [--tags a,b] [--packages ./...] std DIRECTORY ...
 *
 * The standard library goes by the name `std`. It ends with status 1 where anything differs.
 */

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		cgo: { type: 'string', default: '1' },
		goos: { type: 'string', default: 'linux' },
		goarch: { type: 'string', default: 'amd64' },
		tags: { type: 'string', default: '' },
		packages: { type: 'string', default: './...' },
	},
});

interface ListedPackage {
	readonly ImportPath: string;
	readonly Dir?: string;
	readonly Standard?: boolean;
	readonly GoFiles?: readonly string[];
	readonly CgoFiles?: readonly string[];
	readonly Imports?: readonly string[];
	readonly EmbedPatterns?: readonly string[];
	readonly Error?: { readonly Err: string };
}

/** What both sides say of a package. */
interface Described {
	readonly files: readonly string[];
	readonly imports: readonly string[];
	readonly embeds: readonly string[];
}

const FIELDS = 'ImportPath,Dir,Standard,GoFiles,CgoFiles,Imports,EmbedPatterns,Error';

function listWithGo(
	directory: string,
	patterns: readonly string[],
): { readonly packages: readonly ListedPackage[]; readonly milliseconds: number } {
	const run = () =>
		execFileSync('go', ['list', '-e', '-deps', `-json=${FIELDS}`, `-tags=${values.tags}`, ...patterns], {
			cwd: directory,
			encoding: 'utf8',
			maxBuffer: 1 << 30,
			stdio: ['ignore', 'pipe', 'ignore'],
			env: { ...process.env, GOOS: values.goos, GOARCH: values.goarch, CGO_ENABLED: values.cgo, GOPROXY: 'off', GOFLAGS: '' },
		});
	// The first run fills the go command's own caches, so that the second is what a person sees every day.
	run();
	const start = performance.now();
	const output = run();
	const milliseconds = performance.now() - start;
	const packages = JSON.parse(`[${output.trim().replaceAll(/^\}\n\{/gm, '},\n{')}]`) as ListedPackage[];
	return { packages, milliseconds };
}

function targetOf(): BuildTarget {
	const version = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
	return {
		goos: values.goos,
		goarch: values.goarch,
		cgo: values.cgo === '1',
		tags: new Set(values.tags.split(',').filter((tag) => tag !== '')),
		goMinor: Number(/^go1\.(\d+)/.exec(version)?.[1]),
	};
}

async function readOurselves(
	directory: string,
	patterns: readonly string[],
	goroot: string | undefined,
	standardRoots: RootPackages | undefined,
) {
	const start = performance.now();
	const cache = createSourceCache(createNodeFiles());
	const modules = await readModuleSet(cache, installation, directory, undefined, directory);
	const { roots } = standardRoots ?? (await findRootPackages(cache, modules, directory, patterns));
	const closure = await readClosure(cache, { modules, roots, targets: [target], goroot });
	return { closure, milliseconds: performance.now() - start };
}

function describeOurs(found: GoPackage): Described {
	const imports = found.files.flatMap((file) => file.header.imports.map((spec) => spec.path));
	const embeds = found.files.flatMap((file) => file.header.embeds.map((embed) => embed.pattern));
	return sorted(
		found.files.map((file) => file.path.slice(file.path.lastIndexOf('/') + 1)),
		imports,
		embeds,
	);
}

function describeTheirs(found: ListedPackage): Described {
	const files = [...(found.GoFiles ?? []), ...(found.CgoFiles ?? [])];
	// The standard library's vendored packages are listed by the name they go by, and imported by the one that is written.
	const imports = (found.Imports ?? []).map((path) => (found.Standard ? path.replace(/^vendor\//, '') : path));
	return sorted(files, imports, found.EmbedPatterns ?? []);
}

function sorted(files: readonly string[], imports: readonly string[], embeds: readonly string[]): Described {
	const unique = (list: readonly string[]) => [...new Set(list)].sort();
	return { files: unique(files), imports: unique(imports), embeds: unique(embeds) };
}

function compareSets(name: string, ours: readonly string[], theirs: readonly string[]): readonly string[] {
	const differences: string[] = [];
	for (const item of ours) if (!theirs.includes(item)) differences.push(`${name} only here: ${item}`);
	for (const item of theirs) if (!ours.includes(item)) differences.push(`${name} only in go list: ${item}`);
	return differences;
}

const installation = findGoInstallation();
const target = targetOf();
let total = 0;
for (const argument of positionals) {
	const standard = argument === 'std';
	const directory = standard ? `${installation.goroot}/src` : pathFromNative(argument);
	const patterns = standard ? ['std'] : values.packages.split(' ');
	let listed: ReturnType<typeof listWithGo>;
	try {
		listed = listWithGo(directory, patterns);
	} catch {
		console.log(`${directory}: go list fails`);
		continue;
	}
	const goroot = standard ? installation.goroot : undefined;
	const standardRoots = standard
		? {
				roots: listed.packages.map((found) => ({
					importPath: found.ImportPath,
					directory: pathFromNative(found.Dir ?? ''),
					files: undefined,
				})),
				missing: [],
			}
		: undefined;
	const { closure, milliseconds } = await readOurselves(directory, patterns, goroot, standardRoots);

	const differences: string[] = [];
	let compared = 0;
	let files = 0;
	let broken = 0;
	const theirs = new Map<string, ListedPackage>();
	for (const found of listed.packages) {
		// Where go list found no package, it says so in an error; that belongs to whoever imports it and was read here as absent.
		if (found.Dir === undefined || ((found.GoFiles ?? []).length === 0 && (found.CgoFiles ?? []).length === 0)) {
			if (found.Error !== undefined) broken++;
			continue;
		}
		theirs.set(found.ImportPath, found);
	}
	for (const [path, found] of theirs) {
		if (!standard && found.Standard) {
			// The table of the standard library is that of linux.
			const hidden = values.goos !== 'linux' || path.startsWith('vendor/') || path.split('/').includes('internal');
			if (!hidden && !closure.standard.has(path)) differences.push(`standard package only in go list: ${path}`);
			continue;
		}
		const here = closure.packages.get(path);
		if (here === undefined || here.files.length === 0) {
			differences.push(`package only in go list: ${path}`);
			continue;
		}
		compared++;
		files += here.files.length;
		if (here.directory !== pathFromNative(found.Dir ?? ''))
			differences.push(`${path}: directory ${here.directory} here, ${found.Dir} in go list`);
		const [our, their] = [describeOurs(here), describeTheirs(found)];
		for (const key of ['files', 'imports', 'embeds'] as const) {
			for (const difference of compareSets(key, our[key], their[key])) differences.push(`${path}: ${difference}`);
		}
	}
	for (const [path, found] of closure.packages) {
		if (found.files.length > 0 && !theirs.has(path)) differences.push(`package only here: ${path}`);
	}
	if (!standard && values.goos === 'linux') {
		for (const path of closure.standard) if (!theirs.has(path)) differences.push(`standard package only here: ${path}`);
	}
	total += differences.length;
	const ratio = (listed.milliseconds / milliseconds).toFixed(1);
	const name = standard ? 'std' : basename(directory);
	console.log(
		`${name}: ${compared} packages, ${files} files, ${differences.length} differences, ${broken} not loadable; ` +
			`${milliseconds.toFixed(0)} ms, go list ${listed.milliseconds.toFixed(0)} ms, ${ratio} times as fast`,
	);
	for (const difference of differences.slice(0, 20)) console.log(`  ${difference}`);
}
process.exitCode = total === 0 ? 0 : 1;
