import { join } from '../workspace/paths.ts';
import type { StageRun } from './stage-run.ts';

/** What the words of a COPY tell of a source or destination that cannot be looked at. */

/** Whether a name is a file's for certain enough: it has an ending, is a main package's binary, or is what the stage starts. */
export function isFileName(run: StageRun, name: string, path: string): boolean {
	if (/^[^.].*\.[A-Za-z0-9]+$/.test(name) && !name.endsWith('.d')) return true;
	if (run.build.go?.mainPackages?.some((main) => main.binaryName === name) === true) return true;
	return commandsOf(run).some((words) =>
		words.some((word) => word === path || word === `./${name}` || (word === name && words[0] === word)),
	);
}

/** The words of each ENTRYPOINT and CMD of the stage. */
function commandsOf({ stage }: StageRun): string[][] {
	return stage.instructions.flatMap((instruction) => {
		if (instruction.keyword !== 'ENTRYPOINT' && instruction.keyword !== 'CMD') return [];
		const { command } = instruction;
		if (command === undefined) return [];
		return [command.form === 'exec' ? command.items.map((item) => item.value) : command.text.trim().split(/\s+/)];
	});
}

/** The directories that the images of all distributions have (https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html). */
const DIRECTORIES_OF_DISTRIBUTIONS =
	/^\/(?:bin|boot|dev|etc|home|lib|media|mnt|opt|root|run|sbin|srv|tmp|usr|var|usr\/(?:bin|lib|local|sbin|share|src)|usr\/local\/(?:bin|etc|lib|sbin|share|src)|var\/(?:cache|lib|log|run|spool|tmp))$/;

/**
 * Whether a destination that an unknown base image, or a program of which nothing is known, may have made is a directory: one that all
 * distributions have, or one that the stage starts what is copied in.
 */
export function isDirectoryOfBase(run: StageRun, path: string, name: string | undefined): boolean {
	if (run.tree.has(path) !== 'unknown') return false;
	return DIRECTORIES_OF_DISTRIBUTIONS.test(path) || (name !== undefined && commandsOf(run).flat().includes(join(path, name)));
}
