import { isReadFor } from '../../knowledge/files-that-matter.ts';
import { basename, dirname, join } from '../../workspace/paths.ts';
import type { YamlValue } from '../yaml-tree.ts';

/** Whether a YAML file may be a compose file: by its name, or because it has services and builds one of them. */
export function mayBeCompose(path: string, text: string): boolean {
	if (!/^["']?services["']?[ \t]*:/m.test(text)) return /^include[ \t]*:/m.test(text) && isReadFor('compose', path);
	return isReadFor('compose', path) || /^[ \t]+build[ \t]*:/m.test(text);
}

/** The names that compose looks for, in its order. */
export const BASES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
/** Those of what it puts over them. */
const OVERRIDES = ['compose.override.yml', 'compose.override.yaml', 'docker-compose.override.yml', 'docker-compose.override.yaml'];

/**
 * The ways in which a compose file may be used, each as the files that `docker compose -f` would name: the file that compose finds by
 * itself with its override; any other one alone, or over that file where both have a service of the same name.
 *
 * @param paths the compose files of the workspace
 */
export async function readingsOf(
	path: string,
	paths: readonly string[],
	documentsOf: (path: string) => Promise<readonly YamlValue[] | undefined>,
): Promise<string[][]> {
	const directory = dirname(path);
	const name = basename(path);
	const first = (names: readonly string[]) => names.map((each) => join(directory, each)).find((each) => paths.includes(each));
	const base = first(BASES);
	const override = first(OVERRIDES);
	if (path === base) return [override === undefined ? [path] : [path, override]];
	if (path === override) return [base === undefined ? [path] : [base, path]];
	if (base === undefined || BASES.includes(name) || OVERRIDES.includes(name)) return [[path]];
	const names = async (file: string) =>
		new Set((await documentsOf(file))?.flatMap((value) => [...(value.get('services')?.entries.keys() ?? [])]));
	const [own, those] = [await names(path), await names(base)];
	return [...own].some((each) => those.has(each)) ? [[path], [base, path]] : [[path]];
}
