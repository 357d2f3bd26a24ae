import type { StageState } from '../image/model.ts';
import type { ReadLinked } from '../linked/linked-files.ts';
import type { LinkedFile } from '../linked/model.ts';
import type { GoWorkspace, MainPackage } from '../program/model.ts';
import { COMMAND_LINE_ARGUMENTS } from '../program/root-packages.ts';
import { mainPackageOf } from './linked-programs.ts';

/** Go programs that lie in the build context, and are copied into an image as they are. */
export interface ContextBinary {
	/** In the image. */
	readonly path: string;
	/** In the workspace. */
	readonly source: string;
	readonly linked: LinkedFile;
}

/** So many files that a Dockerfile copies by name are looked at. */
const MOST_FILES = 100;

/**
 * The files of a target that come from the build context and say of themselves what they are: programs of Go, and programs for another
 * system.
 *
 * @param started the path of what the container starts
 */
export async function contextBinaries(state: StageState, started: string | undefined, readLinked: ReadLinked): Promise<ContextBinary[]> {
	const sources = new Map<string, string>();
	// What a command may have written over is no longer the file of the context.
	for (const { path, source } of state.files.copiedFiles()) if (state.files.get(path)?.asCopied !== false) sources.set(path, source);
	const command = started === undefined ? undefined : state.files.get(started);
	if (started !== undefined && command?.source !== undefined && command.asCopied) sources.set(started, command.source);
	const found: ContextBinary[] = [];
	for (const [path, source] of [...sources].slice(-MOST_FILES)) {
		const linked = await readLinked(source);
		if (linked !== undefined && isProgram(linked)) found.push({ path, source, linked });
	}
	return found;
}

function isProgram(linked: LinkedFile): boolean {
	if (linked.kind === 'unknown') return linked.why === 'foreign';
	return linked.executable && linked.build !== undefined;
}

/**
 * The main package that a binary is of: that which its build information names.
 *
 * @param named the main package that has the name of the file, which counts where the binary does not say
 * @returns `undefined` where it is of another repository
 */
export function mainPackageOfBinary(
	linked: LinkedFile,
	named: MainPackage | undefined,
	go: GoWorkspace | undefined,
): MainPackage | undefined {
	const path = linked.kind === 'program' ? linked.build?.mainPackage : undefined;
	if (path === undefined || path === COMMAND_LINE_ARGUMENTS) return named;
	return go === undefined ? undefined : mainPackageOf({ linked }, go);
}
