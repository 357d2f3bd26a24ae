import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import type { GoInstallation } from '../program/installation.ts';
import { pathFromNative } from './node-files.ts';
import { readBytes } from './node-read.ts';
import { join } from './paths.ts';

/** Where installers put Go, when nothing in the environment says where it is. */
const COMMON_GOROOTS: readonly string[] =
	process.platform === 'win32'
		? ['c:/Program Files/Go', 'c:/Go']
		: ['/usr/local/go', '/usr/lib/go', '/usr/lib/golang', '/opt/homebrew/opt/go/libexec', '/usr/local/opt/go/libexec', '/snap/go/current'];

/** The file that `go env -w` writes holds a line for each setting. */
const MAX_BYTES = 1024 * 1024;

/**
 * Finds out where this machine keeps Go's modules and its standard library, from the environment, from what `go env -w` wrote and
 * from the defaults of the go command, which is not run.
 */
export function findGoInstallation(environment: Readonly<Record<string, string | undefined>> = process.env): GoInstallation {
	const written = readGoEnv(environment);
	const setting = (name: string) => environment[name] || written.get(name) || undefined;
	const separator = process.platform === 'win32' ? ';' : ':';
	const home = pathFromNative(environment.HOME ?? environment.USERPROFILE ?? homedir());
	const gopath = (setting('GOPATH') ?? join(home, 'go'))
		.split(separator)
		.filter((path) => path !== '')
		.map(pathFromNative);
	const first = gopath[0];
	const caches = [setting('GOMODCACHE'), first && join(first, 'pkg/mod'), join(home, 'go/pkg/mod'), '/go/pkg/mod'];
	const moduleCaches = [...new Set(caches.filter((path) => path !== undefined).map(pathFromNative))].filter(isDirectory);
	const onPath = (environment.PATH ?? '').split(separator).map((path) => join(pathFromNative(path), '..'));
	const goroot = [setting('GOROOT'), ...onPath, ...COMMON_GOROOTS]
		.filter((path) => path !== undefined)
		.map(pathFromNative)
		.find((path) => isDirectory(join(path, 'src/runtime')));
	return { moduleCaches, goroot, gopath };
}

/** The settings that `go env -w` keeps, in the file that GOENV names or in the user's configuration directory. */
function readGoEnv(environment: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
	const settings = new Map<string, string>();
	const path = environment.GOENV ?? defaultGoEnv(environment);
	if (path === 'off') return settings;
	try {
		for (const line of readBytes(path, MAX_BYTES).toString().split(/\r?\n/)) {
			const equals = line.indexOf('=');
			if (equals > 0 && !line.startsWith('#')) settings.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
		}
	} catch {
		// Most machines have no such file.
	}
	return settings;
}

function defaultGoEnv(environment: Readonly<Record<string, string | undefined>>): string {
	const home = environment.HOME ?? homedir();
	if (process.platform === 'win32') return `${environment.AppData ?? environment.APPDATA ?? home}/go/env`;
	if (process.platform === 'darwin') return `${home}/Library/Application Support/go/env`;
	return `${environment.XDG_CONFIG_HOME || `${home}/.config`}/go/env`;
}

function isDirectory(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}
