import { SINCE_GO } from '../knowledge/go-releases.ts';
import type { BuildInformation, LinkedProgram } from '../linked/model.ts';
import { goMinorOf } from '../program/go-mod.ts';
import type { Evidence, GoModule, GoWorkspace, MainPackage, Program, ProgramRequest } from '../program/model.ts';
import { dirname, relativeWithin } from '../workspace/paths.ts';
import type { ShippedBinary } from './facts.ts';

/** Programs that were read as a linker wrote them, and the source that they are from. */

/** The main package of a workspace that the program says it was built from, by its import path. */
export function mainPackageOf({ linked }: Pick<ShippedBinary, 'linked'>, { mainPackages }: GoWorkspace): MainPackage | undefined {
	const path = linked?.kind === 'program' ? linked.build?.mainPackage : undefined;
	return path === undefined ? undefined : mainPackages?.find(({ importPath }) => importPath === path);
}

/** The main package of a program whose files were named one by one. */
export function mainPackageOfFiles({ build, sources }: LinkedProgram, { mainPackages = [] }: GoWorkspace): MainPackage | undefined {
	// Since Go 1.18 the main module is one of the others there, if a package of it takes part.
	const own = [
		build?.mainModule,
		...(build?.modules ?? []).filter(({ version, replacedBy }) => version === '(devel)' && replacedBy === undefined),
	];
	const ofModule = mainPackages.filter(({ module }) => module !== undefined && own.some((each) => each?.path === module.file.path));
	// No other package imports one that is called main, so that of a directory with one only the program has files.
	const directories = new Set(sources.map(dirname));
	const built = ofModule.filter(({ directory, module }) => {
		const below = relativeWithin(module?.directory ?? directory, directory);
		return below !== undefined && below !== '' && below !== '.' && [...directories].some((each) => each.endsWith(`/${below}`));
	});
	if (built.length > 0) return built.length === 1 ? built[0] : undefined;
	// Else the only program of its module, if there is one; if only the package of those files is of it, of one that requires all the others.
	const shipped = mainPackages.filter(
		({ module, rank }) =>
			rank === 'shipped' && (build?.mainModule === undefined ? requiresAll(module, build) : module?.file.path === build.mainModule.path),
	);
	return shipped.length === 1 ? shipped[0] : undefined;
}

/** Whether the program is made of what go.mod requires: of no other module, or of all where go.mod names only those of the workspace's code. */
function requiresAll(module: GoModule | undefined, build: BuildInformation | undefined): boolean {
	const built = new Set(build?.modules.map(({ path }) => path));
	if (module === undefined || built.size === 0) return false;
	const { go, require } = module.file;
	if (goMinorOf(go) >= SINCE_GO.indirectRequirements) return [...built].every((each) => require.some(({ path }) => path === each));
	const direct = require.filter(({ indirect }) => !indirect);
	return direct.length > 0 && direct.every(({ path }) => built.has(path));
}

/** The build that made the program, as its build information tells it. */
export function linkedRequest({ build, goarch }: LinkedProgram, { directory }: MainPackage): ProgramRequest {
	const settings = build?.settings ?? new Map<string, string>();
	const cgo = settings.get('CGO_ENABLED');
	const minor = /^go1\.(\d+)/.exec(build?.goVersion ?? '')?.[1];
	return {
		directory,
		packages: ['.'],
		goos: 'linux',
		goarch,
		tags: (settings.get('-tags') ?? '').split(',').filter((tag) => tag !== ''),
		cgo: cgo === undefined ? undefined : cgo === '1',
		goMinor: minor === undefined ? undefined : Number(minor),
		mod: undefined,
	};
}

/** The program as its source shows it, without what the linker has dropped and with what it kept. */
export function confirmed(program: Program, { needs }: LinkedProgram): Program {
	if (needs === undefined) return program;
	const embedded = new Set(program.embedded);
	for (const need of ['certificate-roots', 'zone-data'] as const) if (needs.embedded.has(need)) embedded.add(need);
	// A server has what verifies certificates too, but not what requests anything.
	const requests = needs.may.has('certificate-roots');
	const isDropped = ({ need, symbol }: Evidence) =>
		needs.without.has(need) || (need === 'certificate-roots' && !requests && symbol.startsWith('http.'));
	return { ...program, embedded, evidence: program.evidence.filter((each) => !isDropped(each)) };
}

/** In what the program is not what the source makes, one sentence for each. */
export function differences({ path, linked }: Pick<ShippedBinary, 'path' | 'linked'>, { module }: MainPackage, go: GoWorkspace): string[] {
	const build = linked?.kind === 'program' ? linked.build : undefined;
	if (build === undefined || module === undefined) return [];
	const found: string[] = [];
	const builtWith = /^go1\.(\d+)/.exec(build.goVersion)?.[1];
	const wanted = /^1\.(\d+)/.exec(module.file.go?.value ?? '')?.[1];
	if (builtWith !== undefined && wanted !== undefined && Number(builtWith) < Number(wanted)) {
		found.push(`${path} was built with ${build.goVersion}, but go.mod requires Go ${module.file.go?.value}.`);
	}
	// A go.work may select other versions than each go.mod.
	if (go.works.length > 0) return found;
	const replaced = new Set(module.file.replace.map((each) => each.path));
	const required = new Map(module.file.require.map((each) => [each.path, each.version]));
	for (const { path: name, version, replacedBy } of build.modules) {
		const expected = required.get(name);
		if (expected === undefined || replacedBy !== undefined || replaced.has(name) || expected === version) continue;
		found.push(`${path} was built with ${name} ${version}, but go.mod requires ${expected}.`);
	}
	return found;
}
