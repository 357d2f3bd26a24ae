import { resolveCommandPath } from '../image/command-path.ts';
import type { CopiedSource, GoBuild, StageState } from '../image/model.ts';
import { lastFlag } from '../image/shell/go-flags.ts';
import { basename, dirname, isAbsolute, join, normalize } from '../workspace/paths.ts';
import type { Facts, Target } from './facts.ts';

/** A directory that `go build -o` names and that a target takes for the binary. */
export interface StartedDirectory {
	readonly build: GoBuild;
	/** The directory in the stage that builds. */
	readonly directory: string;
	/** The path that the target starts. */
	readonly started: string;
	/** What copies the directory; `undefined` in a single stage. */
	readonly copy: CopiedSource | undefined;
}

/** The path that `-o` names, from the image's root. */
export function outputPath(build: GoBuild): string | undefined {
	const value = lastFlag(build.flags, 'o')?.value;
	if (value === undefined || value === '' || build.directory === undefined) return undefined;
	return isAbsolute(value) ? normalize(value) : join(build.directory, value);
}

/**
 * The builds into a directory that the target's command starts as if it were the binary: the directory itself stands at the path that
 * is started, or what it holds was copied beside that path.
 */
export function startedDirectories(facts: Facts, { state }: Target): StartedDirectory[] {
	const started = resolveCommandPath(state)?.path;
	if (started === undefined) return [];
	const found: StartedDirectory[] = [];
	for (const builder of facts.image.stages) {
		for (const build of builder.builds) {
			const directory = build.outputIsDirectory ? outputPath(build) : undefined;
			if (directory === undefined || basename(directory) !== basename(started)) continue;
			const copy = copyOf(state, builder, directory);
			if (builder !== state && copy === undefined) continue;
			const destination = copy === undefined ? directory : copy.destination === undefined ? undefined : normalize(copy.destination);
			const isStarted = destination === started && state.files.get(started)?.kind === 'directory';
			const isBeside = copy !== undefined && destination === dirname(started) && state.files.has(started) === 'no';
			if (isStarted || isBeside) found.push({ build, directory, started, copy });
		}
	}
	return found;
}

function copyOf(state: StageState, builder: StageState, directory: string): CopiedSource | undefined {
	return state.copies.find(
		({ from, source }) => from.kind === 'stage' && from.state === builder && source !== undefined && join('/', source) === directory,
	);
}
