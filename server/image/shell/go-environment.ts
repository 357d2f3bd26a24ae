import { SINCE_GO } from '../../knowledge/go-releases.ts';
import { isWithin, join, normalize } from '../../workspace/paths.ts';
import type { Environment, GoEnvironment, RanCommand } from '../model.ts';

/**
 * What the variables of Go are to a command.
 *
 * @param environment the variables that the command sees
 * @param written what `go env -w` has set so far
 * @param isRoot whether the command runs as root
 * @param imageMinor the Go 1.N of the image
 */
export function goEnvironmentOf(
	environment: Environment,
	written: ReadonlyMap<string, string | undefined>,
	isRoot: boolean,
	imageMinor: number | undefined,
): GoEnvironment {
	const settings = new Map(written);
	function get(name: string): { readonly value: string | undefined } | undefined {
		const setting = environment.get(name);
		if (setting !== undefined && setting.value !== '') return { value: setting.value };
		return settings.has(name) ? { value: settings.get(name) } : undefined;
	}
	function path(): string | undefined {
		const setting = get('GOPATH');
		if (setting !== undefined) return setting.value === undefined ? undefined : normalize(setting.value.split(':')[0] ?? '');
		const home = environment.get('HOME');
		if (home !== undefined) return home.value === undefined ? undefined : join(home.value, 'go');
		return environment.complete && isRoot ? '/root/go' : undefined;
	}
	const toolchain = get('GOTOOLCHAIN');
	return {
		get,
		minor: toolchain === undefined || toolchain.value === 'local' ? imageMinor : undefined,
		path,
		moduleCache() {
			const setting = get('GOMODCACHE');
			if (setting !== undefined) return setting.value;
			const first = path();
			return first === undefined ? undefined : join(first, 'pkg/mod');
		},
		buildCache() {
			const setting = get('GOCACHE');
			if (setting !== undefined) return setting.value;
			// os.UserCacheDir, which the go command asks.
			const [caches, home] = [environment.get('XDG_CACHE_HOME'), environment.get('HOME')];
			if (caches !== undefined && caches.value !== '') return caches.value && join(caches.value, 'go-build');
			if (home !== undefined) return home.value && join(home.value, '.cache/go-build');
			return environment.complete && isRoot ? '/root/.cache/go-build' : undefined;
		},
	};
}

/** Whether the go command reads go.mod in a directory of the image (go.dev/ref/mod#mod-commands); false where that is not known. */
export function readsGoMod({ get, path, minor }: GoEnvironment, directory: string): boolean {
	if (minor !== undefined && minor < SINCE_GO.modules) return false;
	const setting = get('GO111MODULE');
	if (setting !== undefined && setting.value !== 'auto') return setting.value === 'on';
	if (minor === undefined || minor >= SINCE_GO.modulesInGopath) return true;
	const first = path();
	return first !== undefined && !isWithin(join(first, 'src'), directory);
}

/** The value of a flag of the go command that the words of a command set, or else GOFLAGS. */
export function flagOf(command: RanCommand, name: string): string | undefined {
	const flags = [...(command.goEnvironment.get('GOFLAGS')?.value?.split(/\s+/) ?? []), ...command.words];
	let value: string | undefined;
	flags.forEach((flag, index) => {
		const match = /^--?(\w+)(?:=(.*))?$/.exec(flag ?? '');
		if (match?.[1] === name) value = match[2] ?? flags[index + 1];
	});
	return value;
}
