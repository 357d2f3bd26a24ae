import { plainWord, type Written, written } from '../dockerfile/write.ts';
import type { MainPackage } from '../program/model.ts';
import { basename, isWithin } from '../workspace/paths.ts';
import type { FinalStage } from './final-stage.ts';

/** Names of directories that an image may have. */
const TAKEN_NAMES = new Set([
	'bin',
	'dev',
	'etc',
	'lib',
	'lib64',
	'proc',
	'root',
	'run',
	'sys',
	'tmp',
	'usr',
	'var',
	'home',
	'opt',
	'sbin',
	'data',
	'srv',
]);

/** Directories that many repositories keep their program in. */
const PLACES = new Set(['cmd', 'src', 'app', 'main']);

/** The name of the binary in the image; `app` if a directory may have the name. */
export function binaryName(mainPackage: MainPackage): Written {
	const module = mainPackage.module?.file.path?.replace(/\/v\d+$/, '');
	// The name of such a directory says where the program lies, not what it is.
	const isPlace = PLACES.has(mainPackage.binaryName) && module !== undefined && mainPackage.importPath !== module;
	// BuildKit refuses a source of COPY that ends in .git, even with --from: "source can't be a git ref for COPY".
	const name = (isPlace ? basename(module) : mainPackage.binaryName).replace(/[^A-Za-z0-9._-]/g, '-').replace(/(?<!\.git)(?:\.git)+$/, '');
	return TAKEN_NAMES.has(name) || /^\.*$/.test(name) ? written`app` : (plainWord(name) ?? written`app`);
}

/** Where the program lies in the image: at its root, or where something else of that name is there among the programs. */
export function programPath(name: Written, { directories, files }: FinalStage): Written {
	return [...directories, ...files].some((path) => isWithin(`/${name}`, path)) ? written`/usr/local/bin/${name}` : written`/${name}`;
}
