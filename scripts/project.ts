import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Where scripts keep what can be fetched or made again. */
export const CACHE = path.join(ROOT, '.cache');

/** The path of a file of the project. */
export function inProject(...names: string[]): string {
	return path.join(ROOT, ...names);
}
