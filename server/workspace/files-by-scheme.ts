import type { Files } from './files.ts';
import { schemeOf } from './paths.ts';

/** The files of this machine as `local` reads them, and those of every other scheme as `other` does. */
export function createFilesByScheme(local: Files, other: Files): Files {
	const filesOf = (path: string) => (schemeOf(path) === 'file' ? local : other);
	return {
		readText: (path) => filesOf(path).readText(path),
		readHead: (path, whole) => filesOf(path).readHead?.(path, whole),
		list: (directory) => filesOf(directory).list(directory),
		status: (path) => filesOf(path).status(path),
		withBytes: async (path, read) => filesOf(path).withBytes?.(path, read),
		...(local.pause && { pause: local.pause }),
	};
}
