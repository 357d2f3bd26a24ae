import { isLocalSettings } from '../knowledge/secrets.ts';
import type { MainPackage, Program } from '../program/model.ts';
import type { Files } from '../workspace/files.ts';
import { join, relativeWithin } from '../workspace/paths.ts';
import { defaultPaths, planFor, runtimePaths } from './plan.ts';

/**
 * The files and directories that the program opens by relative path, defaults of settings included, if they exist in the module's
 * directory or in that of the main package, from where a program is usually started.
 *
 * @returns By the path that the program uses, the path relative to the module's directory.
 */
export async function findRuntimeFiles(
	files: Files,
	{ module, directory }: MainPackage,
	program: Program | undefined,
): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	if (module === undefined) return found;
	const plan = planFor([program]);
	const opened = new Set(runtimePaths(plan));
	// Different spellings of a path are one file.
	const names = new Map([...runtimePaths(plan), ...defaultPaths(plan)].map((name) => [join('/', name), name]));
	for (const name of names.values()) {
		for (const started of [module.directory, directory]) {
			const path = join(started, name);
			const source = relativeWithin(module.directory, path);
			if (source === undefined || source === '.' || (await files.status(path)) === undefined) continue;
			// Settings of the machine at hand, which a program can do without, are given to the container.
			if (!opened.has(name) && isLocalSettings(name)) continue;
			// Rather the name of a package than that of a directory with files.
			if (!opened.has(name) && ((await files.list(path)) ?? []).some((entry) => entry.name.endsWith('.go'))) continue;
			found.set(name, source);
			break;
		}
	}
	return found;
}
