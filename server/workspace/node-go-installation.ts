import { readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { GoInstallation } from '../program/installation.ts';
import { pathFromNative } from './node-files.ts';

/** Where Go is put when nobody says otherwise. */
const USUAL_ROOTS = ['/usr/local/go', '/usr/lib/go', '/usr/lib/golang', '/opt/homebrew/opt/go/libexec', 'C:\\Program Files\\Go'];

/**
 * Where this machine keeps Go, as the environment, Go's own settings file and custom say. Nothing is run to learn it, and a
 * few look-ups are made at once, so that a server listens from its first moment on.
 *
 * @param environment The variables of the process.
 */
export function findGoInstallation(environment: NodeJS.ProcessEnv): GoInstallation {
	const settings = { ...readGoSettings(environment), ...definedOf(environment) };
	const gopath = (settings.GOPATH ?? join(homedir(), 'go')).split(delimiter).filter((path) => path !== '');
	const moduleCaches = [settings.GOMODCACHE, ...gopath.map((path) => join(path, 'pkg', 'mod'))];
	return {
		moduleCaches: unique(moduleCaches),
		goroot: findRoot(settings),
		gopath: unique(gopath),
	};
}

type Variables = Readonly<Record<string, string | undefined>>;

/** What `go env -w` wrote: lines of NAME=value. */
function readGoSettings(environment: NodeJS.ProcessEnv): Variables {
	if (environment.GOENV === 'off') return {};
	const { platform } = process;
	const configuration =
		platform === 'win32'
			? environment.AppData
			: platform === 'darwin'
				? join(homedir(), 'Library', 'Application Support')
				: (environment.XDG_CONFIG_HOME ?? join(homedir(), '.config'));
	const path = environment.GOENV || (configuration === undefined ? undefined : join(configuration, 'go', 'env'));
	try {
		const text = path === undefined ? '' : readFileSync(path, 'utf8');
		return Object.fromEntries([...text.matchAll(/^(GO[A-Z]+)=(.+?)\r?$/gm)].map((match) => [match[1], match[2]]));
	} catch {
		return {};
	}
}

/** An empty variable counts as not set, for Go as for us. */
function definedOf(environment: NodeJS.ProcessEnv): Variables {
	return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

function findRoot(settings: Variables): string | undefined {
	const candidates = [settings.GOROOT];
	for (const directory of (settings.PATH ?? '').split(delimiter)) {
		if (directory === '') continue;
		for (const name of ['go', 'go.exe']) {
			// The program on PATH is often a link into the installation.
			const found = linkTarget(join(directory, name));
			if (found !== undefined) candidates.push(dirname(dirname(found)));
		}
	}
	for (const candidate of [...candidates, ...USUAL_ROOTS]) {
		if (candidate !== undefined && isDirectory(join(candidate, 'src', 'fmt'))) return pathFromNative(candidate);
	}
	return undefined;
}

function linkTarget(path: string): string | undefined {
	try {
		return realpathSync(path);
	} catch {
		return undefined;
	}
}

function isDirectory(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}

function unique(paths: readonly (string | undefined)[]): string[] {
	return [...new Set(paths.filter((path) => path !== undefined).map(pathFromNative))];
}
