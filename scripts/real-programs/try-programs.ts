import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findDockerfiles } from '../../server/cli/dockerfiles.ts';
import { concernsGo } from '../../server/facts/build-facts.ts';
import type { Facts } from '../../server/facts/facts.ts';
import { type Candidate, findCandidates, generateFor } from '../../server/generate/generation.ts';
import type { ImageBuild, StageState } from '../../server/image/model.ts';
import { type Analyser, createAnalyser } from '../../server/lint/analyse.ts';
import { fixAll } from '../../server/lint/fix-all.ts';
import type { GoWorkspace } from '../../server/program/model.ts';
import { createNodeFiles, pathFromNative } from '../../server/workspace/node-files.ts';
import { findGoInstallation } from '../../server/workspace/node-go-installation.ts';
import { execute, watch } from '../../test/images/engine.ts';
import type { BaseImages, Stands } from './base-images.ts';
import { attempt, type Limits, takeProgram } from './images.ts';
import { readBack } from './read-back.ts';
import { copyOf, type Repository } from './repositories.ts';
import { type Attempt, type DockerfileResult, type ProgramResult, type RepositoryResult, started, type Verdict } from './result.ts';
import { makeTemporary, removeTemporary, TEMPORARY_PREFIX } from './temporary.ts';
import { fairly, judge, lastWords } from './verdict.ts';

export interface Options {
	readonly bases: BaseImages;
	readonly limits: Limits;
	/** So many main packages, and so many Dockerfiles, of each repository. */
	readonly mains: number;
	readonly dockerfiles: number;
	/** Whether each image is saved, read and compared with what is said of it. */
	readonly readBack: boolean;
	/** Told what is being done. */
	readonly log: (message: string) => void;
}

/** What fetches from a network that builds do not have. */
const FETCHERS = new Set(['apk', 'apt', 'apt-get', 'npm', 'npx', 'yarn', 'pnpm', 'pip', 'curl', 'wget', 'xx-apk', 'xx-apt']);

/** Tries the programs of a repository, and its Dockerfiles, in a copy. */
export async function tryRepository(repository: Repository, revision: string | undefined, options: Options): Promise<RepositoryResult> {
	const copy = copyOf(repository);
	try {
		const root = pathFromNative(copy);
		const files = createNodeFiles();
		const analyser = createAnalyser({ files, installation: findGoInstallation(process.env), log: options.log });
		const { mainPackages = [] } = await analyser.reader.readWorkspace(root, new AbortController().signal);
		const result = { repository: repository.name, revision, left: 0, programs: [], dockerfiles: [] };
		if (mainPackages.length === 0) return { ...result, note: 'There is no main package.' };
		if (mainPackages.every(({ module }) => module === undefined))
			return { ...result, note: 'It has no go.mod, so how it is built is not known.' };

		// As a person has them who works on it; go build tells where it fails.
		for (const directory of new Set(
			mainPackages.map(({ module }) => module).map((module) => (module?.vendored ? undefined : module?.directory)),
		)) {
			if (directory !== undefined) await execute('go', ['mod', 'download'], { seconds: options.limits.build, directory });
		}
		analyser.invalidate();
		const { workspace, candidates } = await findCandidates(analyser.reader, root, root, new AbortController().signal);
		const tried = candidates.filter(({ mainPackage }) => mainPackage.module !== undefined).slice(0, options.mains);
		const programs: ProgramResult[] = [];
		for (const candidate of tried) {
			options.log(`${repository.name}: ${candidate.mainPackage.importPath}`);
			programs.push(await tryProgram({ copy, workspace, analyser }, candidate, options));
		}
		const dockerfiles = await tryDockerfiles(repository.name, copy, options);
		return anonymous({ ...result, programs, left: candidates.length - tried.length, dockerfiles, note: undefined }, copy);
	} finally {
		removeTemporary(copy);
	}
}

/** The copy of a repository, and what is known of it. */
interface Checkout {
	readonly copy: string;
	readonly workspace: GoWorkspace;
	readonly analyser: Analyser;
}

async function tryProgram(checkout: Checkout, candidate: Candidate, options: Options): Promise<ProgramResult> {
	const { copy, workspace } = checkout;
	const { mainPackage } = candidate;
	const directory = mainPackage.module?.directory ?? copy;
	const base = { package: mainPackage.importPath, traits: traitsOf(workspace, candidate) };
	const output = makeTemporary();
	const linked = makeTemporary();
	try {
		const built = await execute('go', ['build', '-o', path.join(output, PROGRAM), '.'], {
			seconds: options.limits.build,
			directory: mainPackage.directory,
		});
		if (built.code !== 0) {
			const words = built.code === undefined ? `It was not built within ${options.limits.build} s.` : lastWords(built.output);
			return { ...base, outside: words, reference: undefined, generated: undefined };
		}
		const generated = await tryGenerated(checkout, candidate, options, linked);
		const reference = await runOutside(output, copy, directory, options);
		const compared = (attempt: Attempt) => ({ ...attempt, verdict: attempt.verdict && fairly(attempt.verdict, reference) });
		const alone = options.readBack ? compared(await tryAlone(output, checkout, candidate, options)) : undefined;
		const there =
			existsSync(path.join(linked, PROGRAM)) || (options.readBack && (await buildStatically(linked, mainPackage.directory, options)));
		const statically = there ? compared(await tryAlone(linked, checkout, candidate, options)) : undefined;
		return { ...base, outside: undefined, reference, generated: compared(generated), alone, statically };
	} finally {
		removeTemporary(output);
		removeTemporary(linked);
	}
}

/** The file name of a program of a build. */
const PROGRAM = 'program';

/** Builds the program again, without cgo, which starts in an image that holds nothing else. Whether it builds. */
async function buildStatically(output: string, directory: string, { limits }: Options): Promise<boolean> {
	const command = ['build', '-o', path.join(output, PROGRAM), '.'];
	const { code } = await execute('go', command, { seconds: limits.build, directory, environment: { CGO_ENABLED: '0' } });
	return code === 0;
}

/** Puts the program of a build into an image that holds nothing else, as a person would who tries it first. */
async function tryAlone(context: string, { copy, analyser }: Checkout, { mainPackage }: Candidate, options: Options): Promise<Attempt> {
	const dockerfile = path.join(context, 'Dockerfile');
	writeFileSync(dockerfile, 'FROM scratch\nCOPY program /program\nENTRYPOINT ["/program"]\n');
	const origin = { dockerfile, root: context, analyser, source: pathFromNative(copy), simulated: false };
	const stands = { images: new Map(), simulated: [], absent: [] };
	return attempt({ context }, stands, options.limits, inRepository(mainPackage.module?.directory ?? copy), (image) =>
		readBack(image, origin),
	);
}

function traitsOf(workspace: GoWorkspace, { mainPackage, program }: Candidate): string[] {
	const { module } = mainPackage;
	const go = module?.file.go?.value;
	return [
		...(go === undefined ? ['no go line'] : [`go ${go}`]),
		...(workspace.works.some(({ file, directory }) => file.use.some(({ value }) => path.join(directory, value) === module?.directory))
			? ['go.work']
			: []),
		...(module?.vendored ? ['vendored'] : []),
		...(program.cgoPackages.length > 0 ? ['C code'] : []),
		...(program.embeds.length > 0 ? ['embeds'] : []),
		...(module?.file.replace.some(({ targetVersion }) => targetVersion === '') ? ['local replace'] : []),
		...(program.evidence.some(({ need }) => need === 'runtime-file') ? ['files at run time'] : []),
		...(existsSync(path.join(module?.directory ?? '', 'Makefile')) ? ['Makefile'] : []),
	];
}

/**
 * Writes what Generate writes, builds and starts it, and takes it back.
 *
 * @param linked the directory for the program of the image, where images are read back and it was built without cgo
 */
async function tryGenerated(
	{ copy, workspace, analyser }: Checkout,
	candidate: Candidate,
	options: Options,
	linked: string,
): Promise<Attempt> {
	const generated = await generateFor(createNodeFiles(), workspace, candidate, true);
	if (typeof generated === 'string') {
		return { built: false, why: generated, verdict: undefined, size: undefined, simulated: [] };
	}
	// As the command line does: the Dockerfile in place of one that is there, the .dockerignore only where there is none.
	const written = generated.files.filter((file, index) => index === 0 || !file.exists);
	const before = written.map(({ path: file }) => (existsSync(file) ? readFileSync(file) : undefined));
	for (const { path: file, content } of written) writeFileSync(file, content);
	try {
		const context = path.dirname(generated.files[0]?.path ?? copy);
		const references = [...(generated.files[0]?.content ?? '').matchAll(/^FROM (?:--\S+ )*(\S+)/gm)].map((match) => match[1] as string);
		const stands = await options.bases.standsFor(references.filter((reference) => reference !== 'scratch'));
		const fetcher = fetcherIn(generated.files[0]?.content ?? '');
		const notTried =
			stands.absent.length > 0
				? `the base image ${stands.absent[0]} is not here`
				: fetcher && `RUN calls ${fetcher}, which has no network here`;
		if (notTried !== undefined) return { built: false, why: undefined, notTried, verdict: undefined, size: undefined, simulated: [] };
		const dockerfile = generated.files[0]?.path ?? copy;
		const root = pathFromNative(copy);
		const origin = { dockerfile, root, analyser, source: root, simulated: stands.simulated.length > 0 };
		const withoutCgo = generated.files[0]?.content.includes('CGO_ENABLED=0') === true;
		const read = async (image: string) => {
			if (withoutCgo) await takeProgram(image, path.join(linked, PROGRAM));
			return readBack(image, origin);
		};
		const inModule = inRepository(candidate.mainPackage.module?.directory ?? copy);
		return await attempt({ context }, stands, options.limits, inModule, options.readBack ? read : undefined);
	} finally {
		written.forEach(({ path: file }, index) => {
			const content = before[index];
			if (content === undefined) rmSync(file, { force: true });
			else writeFileSync(file, content);
		});
	}
}

/** What of a Dockerfile that Generate wrote fetches from a network. */
function fetcherIn(dockerfile: string): string | undefined {
	const commands = [...dockerfile.matchAll(/^RUN (?:--\S+ \\?\s*)*(\S+)/gm)].map((match) => match[1] as string);
	return commands.find((command) => FETCHERS.has(command));
}

/** Starts the program of the plain build in its module's directory, in a container that has everything but a network. */
async function runOutside(binaries: string, copy: string, directory: string, { bases, limits }: Options): Promise<Verdict> {
	const options = [
		`--volume=${binaries}:/program:ro`,
		`--volume=${copy}:/repository`,
		`--workdir=/repository/${path.relative(copy, directory)}`,
	];
	return judge(
		await watch(bases.everything, limits.watch, [...options, '--memory=1g', '--pids-limit=512'], ['/program/program']),
		() => false,
	);
}

/** Tries the Dockerfiles of a repository that are about Go, after fix-all. */
async function tryDockerfiles(name: string, copy: string, options: Options): Promise<DockerfileResult[]> {
	const files = createNodeFiles();
	const analyser = createAnalyser({ files, installation: findGoInstallation(process.env), log: options.log });
	const results: DockerfileResult[] = [];
	for (const { path: file, root } of await findDockerfiles([copy], files, ({ failure }) => options.log(failure.message))) {
		const text = await files.readText(file);
		if (text === undefined || results.length >= options.dockerfiles) continue;
		const fixed = await fixAll(analyser, { path: file, text, root });
		if (fixed.facts === undefined || !concernsGo(fixed.facts)) continue;
		const shown = path.relative(copy, file);
		options.log(`${name}: ${shown}`);
		const base = { path: shown, fixes: fixed.applied, notTried: undefined, fixed: undefined, original: undefined };
		const reached = stagesReached(fixed.facts);
		const context = fixed.facts.context?.directory;
		const stands = await options.bases.standsFor(referencesOf(reached));
		const notTried = whyNotTried(fixed.facts.image, reached, context, stands.absent);
		if (notTried !== undefined || context === undefined) {
			results.push({ ...base, notTried });
			continue;
		}
		const tryText = async (content: string, stands: Stands) => {
			mkdirSync(path.dirname(file), { recursive: true });
			writeFileSync(file, content.replace(/^#\s*(?:syntax|check)\s*=.*$/gim, '#').replace(/@sha256:[0-9a-f]{64}/g, ''));
			const origin = { dockerfile: file, root, analyser, source: pathFromNative(copy), simulated: stands.simulated.length > 0 };
			return attempt(
				{ context, dockerfile: path.relative(context, file) },
				stands,
				options.limits,
				inRepository(context),
				options.readBack ? (image) => readBack(image, origin) : undefined,
			);
		};
		try {
			const after = await tryText(fixed.text, stands);
			if (after.notTried !== undefined) {
				results.push({ ...base, notTried: after.notTried });
				continue;
			}
			const tryBefore = async () => {
				// A fix may have named another release of a base image.
				const { facts } = await analyser.analyse({ path: file, text, root });
				return tryText(text, await options.bases.standsFor(referencesOf(facts === undefined ? [] : stagesReached(facts))));
			};
			results.push({ ...base, fixed: after, original: started(after) ? undefined : fixed.applied === 0 ? after : await tryBefore() });
		} finally {
			writeFileSync(file, text);
		}
	}
	return results;
}

function whyNotTried(
	{ stages }: ImageBuild,
	reached: ReadonlySet<StageState>,
	context: string | undefined,
	absent: readonly string[],
): string | undefined {
	if (context === undefined) return 'which directory is its context is not known';
	if (stages.length === 0) return 'it has no stage';
	if (absent.length > 0) return `the base image ${absent[0]} is not here`;
	for (const state of reached) {
		if (state.parent === undefined && state.imageReference === undefined) return 'a base image depends on a build argument';
		for (const { words } of state.ran) {
			if (words[0] !== undefined && FETCHERS.has(path.basename(words[0]))) return `RUN calls ${words[0]}, which has no network here`;
		}
	}
	return undefined;
}

/** The stages that are built for the last target. */
function stagesReached({ image }: Facts): Set<StageState> {
	const reached = new Set<StageState>();
	const queue = image.targets.slice(-1);
	for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
		if (reached.has(state)) continue;
		reached.add(state);
		if (state.parent !== undefined) queue.push(state.parent);
		for (const { from } of state.copies) if (from.kind === 'stage') queue.push(from.state);
	}
	return reached;
}

function referencesOf(states: Iterable<StageState>): string[] {
	return [...states]
		.flatMap((state) => [
			...(state.parent === undefined && state.imageReference !== undefined ? [state.imageReference] : []),
			...state.copies.flatMap(({ from }) => (from.kind === 'image' ? [from.reference] : [])),
		])
		.filter((reference) => reference !== 'scratch')
		.map((reference) => reference.replace(/@sha256:[0-9a-f]{64}$/, ''));
}

function inRepository(directory: string): (file: string) => boolean {
	return (file) => existsSync(path.join(directory, file));
}

/** Without the paths of this machine. */
function anonymous<T>(result: T, copy: string): T {
	const temporary = new RegExp(`${tmpdir()}/(?:${TEMPORARY_PREFIX}|go-build)\\w+/?`, 'g');
	return JSON.parse(JSON.stringify(result).replaceAll(`${copy}/`, '').replaceAll(copy, '.').replace(temporary, ''));
}
