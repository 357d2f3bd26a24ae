import { resolveCommandPath } from '../image/command-path.ts';
import type { BuildContext, StageState } from '../image/model.ts';
import { copiesOf } from '../image/stage-chain.ts';
import { mayHoldRecipe } from '../knowledge/files-that-matter.ts';
import type { GoWorkspace, MainPackage } from '../program/model.ts';
import { remembered } from '../text/remembered.ts';
import type { Files } from '../workspace/files.ts';
import { basename, join, normalize } from '../workspace/paths.ts';

/**
 * Binaries whose build is not to be seen, for it happened outside the Dockerfile or in make, and which their name gives away: that
 * of exactly one main package. Of such a program only what it needs is judged, never how it was built.
 */
export interface NamedBinary {
	/** The path in the image. */
	readonly path: string;
	readonly mainPackage: MainPackage;
}

/** The named binaries of a target: files that are copied in by name, and what ENTRYPOINT or CMD starts. */
export async function namedBinaries(
	state: StageState,
	context: BuildContext | undefined,
	go: GoWorkspace | undefined,
	files: Files,
): Promise<NamedBinary[]> {
	const byName = mainPackagesByName(go?.mainPackages ?? NO_PACKAGES);
	const found = new Map<string, MainPackage | undefined>();
	for (const { from, source, destination } of copiesOf(state)) {
		if (source === undefined || destination === undefined || (from.kind !== 'context' && from.kind !== 'stage')) continue;
		const path = [join(destination, basename(source)), destination].find((each) => state.files.has(each) === 'yes');
		const mainPackage = byName.get(basename(source)) ?? byName.get(basename(destination));
		if (path === undefined || mainPackage === undefined || !mayBeBinary(state, path)) continue;
		const isText = from.kind === 'context' && context !== undefined && !(await isAbsentOrBinary(context, files, source));
		found.set(path, isText ? undefined : mainPackage);
	}
	const started = resolveCommandPath(state)?.path ?? bareCommand(state);
	const startedPackage = started === undefined ? undefined : byName.get(basename(started));
	if (
		started !== undefined &&
		startedPackage !== undefined &&
		!found.has(started) &&
		mayBeBinary(state, started) &&
		state.files.has(started) !== 'no'
	) {
		found.set(started, startedPackage);
	}
	return [...found].flatMap(([path, mainPackage]) => (mainPackage === undefined ? [] : [{ path, mainPackage }]));
}

/** A command that is a bare name, in an image in which it may lie anywhere on PATH: what make installed. */
function bareCommand({ entrypoint, command }: StageState): string | undefined {
	const started = entrypoint?.value ?? command?.value;
	const name = started?.form === 'exec' ? started.items[0]?.value : undefined;
	return name === undefined || name.includes('/') ? undefined : name;
}

/** The names that people give a program's binary: the default one, and that behind the module's; a name of two packages says nothing. */
const mainPackagesByName = remembered((mainPackages: readonly MainPackage[]): ReadonlyMap<string, MainPackage> => {
	const names = new Map<string, MainPackage | undefined>();
	for (const mainPackage of mainPackages) {
		const module = basename((mainPackage.module?.file.path ?? '').replace(/\/v\d+$/, ''));
		for (const name of new Set([mainPackage.binaryName, `${module}-${mainPackage.binaryName}`])) {
			names.set(name, names.has(name) ? undefined : mainPackage);
		}
	}
	return new Map([...names].filter((entry): entry is [string, MainPackage] => entry[1] !== undefined));
});

const NO_PACKAGES: readonly MainPackage[] = [];

/** What the base image holds, as `go` and `watch`, is no program of the workspace. */
function mayBeBinary(state: StageState, path: string): boolean {
	const entry = state.files.get(path);
	if (entry === undefined) return true;
	return entry.instruction !== undefined && entry.build === undefined && entry.content === undefined && entry.kind !== 'directory';
}

/** Whether the context holds no such file yet, or one that is no text: a script of that name is not the program. */
async function isAbsentOrBinary(context: BuildContext, files: Files, source: string): Promise<boolean> {
	const path = normalize(source.replace(/^\/+/, ''));
	return context.kind(path) !== 'directory' && (await files.readText(join(context.directory, path))) === undefined;
}

/** Whether a build that is not to be seen may give the tag that embeds the zone data: a line of a build file at the context's root says so, not of a test. */
export async function mayEmbedZoneData(context: BuildContext | undefined, files: Files): Promise<boolean> {
	for (const name of context?.children('.') ?? []) {
		if (context === undefined || !mayHoldRecipe(name)) continue;
		const text = await files.readText(join(context.directory, name));
		if (text?.split('\n').some((line) => /\btimetzdata\b/.test(line) && !/\btest\b/.test(line))) return true;
	}
	return false;
}
