/** The files of base images, as far as they are known: data for `server/image/files/base-tree.ts`. */

/** Where the distributions keep the bundle of CA certificates. */
export const DEBIAN_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const REDHAT_BUNDLE = '/etc/pki/tls/certs/ca-bundle.crt';

export interface ImageDirectory {
	readonly path: string;
	readonly mode: number;
	/** The uid of its owner. */
	readonly owner: number;
}

/** What is there beside what other fields of the image tell: certificates, zones, accounts and /tmp. */
export interface ImageFiles {
	/**
	 * Whether the directories are listed: a path that lies neither in one of them nor below one that is open is absent. Where they are
	 * not, anything may lie anywhere.
	 */
	readonly listed: boolean;
	readonly directories: readonly ImageDirectory[];
	/** Those of the directories that hold more than is listed. */
	readonly open: readonly string[];
	/** Whether /bin, /sbin, /lib and /lib64 are links to the directories of /usr. */
	readonly mergedUsr: boolean;
	/** Absolute paths of programs that are surely there. */
	readonly programs: readonly string[];
	/** Names of programs that are known not to be there, in an image of which not all are known. */
	readonly lacking: readonly string[];
	/** The file of the CA certificates, where the image has them. */
	readonly bundle: string;
}

function directories(mode: number, owner: number, ...paths: readonly string[]): ImageDirectory[] {
	return paths.map((path) => ({ path, mode, owner }));
}

/** Directories that hold more than is known. */
const OPEN = ['/etc', '/run', '/sys', '/proc', '/dev', '/usr', '/usr/lib', '/usr/share', '/var', '/usr/local', '/boot'];

/** The home of root, which is closed to others. */
const ROOTS_HOME = directories(0o700, 0, '/root');

/** Directories that every distribution has and that its image leaves empty. */
const EMPTY = ['/home', '/media', '/mnt', '/opt', '/srv', '/usr/local/bin', '/usr/local/sbin'];

const SHELL = '/bin/sh';
const BASH = ['/bin/bash', '/usr/bin/bash'];
const ENV = '/usr/bin/env';

/** An image of which it is known that it has what its other fields say, and nothing else. */
export const UNLISTED_FILES: ImageFiles = {
	listed: false,
	directories: [],
	open: [],
	mergedUsr: false,
	programs: [],
	lacking: [],
	bundle: DEBIAN_BUNDLE,
};

/** The same with a shell. */
export const FILES_WITH_SHELL: ImageFiles = { ...UNLISTED_FILES, programs: [SHELL] };

/** The smallest images: no more of the usual directories is empty than these. */
export const STATIC_FILES: ImageFiles = {
	...UNLISTED_FILES,
	listed: true,
	directories: [...directories(0o755, 0, ...OPEN, '/home', '/usr/local/bin', '/usr/local/sbin'), ...ROOTS_HOME],
	open: [...OPEN, '/root'],
};

export const BUSYBOX_FILES: ImageFiles = { ...STATIC_FILES, programs: [SHELL] };

/** `debug` variants bring a busybox of their own. */
export function distrolessFiles(debug: boolean): ImageFiles {
	return {
		...STATIC_FILES,
		directories: [
			...STATIC_FILES.directories,
			...directories(0o700, 65532, '/home/nonroot'),
			...(debug ? directories(0o755, 0, '/busybox') : []),
		],
		open: debug ? [...STATIC_FILES.open, '/busybox'] : STATIC_FILES.open,
		programs: debug ? ['/busybox/sh'] : [],
	};
}

export const ALPINE_FILES: ImageFiles = {
	...UNLISTED_FILES,
	listed: true,
	directories: [...directories(0o755, 0, ...OPEN, ...EMPTY), ...ROOTS_HOME],
	open: [...OPEN, '/root'],
	programs: [SHELL, ENV],
};

/** Debian and Ubuntu merged /bin into /usr/bin; where an old release did not, a program is then found in one place too many. */
export const DEBIAN_FILES: ImageFiles = { ...ALPINE_FILES, mergedUsr: true, programs: [SHELL, ...BASH, ENV] };

/** All of them have bash. */
export const UBI_FILES: ImageFiles = { ...FILES_WITH_SHELL, programs: [SHELL, ...BASH], bundle: REDHAT_BUNDLE };

/**
 * What the golang images add to a distribution's files: the toolchain and GOPATH.
 *
 * @param programs names of programs in /usr/bin
 * @param lacking names of programs that are in no directory of PATH
 */
export function golangFiles(distribution: ImageFiles, programs: readonly string[], lacking: readonly string[] = []): ImageFiles {
	return {
		...distribution,
		lacking,
		directories: [
			...distribution.directories,
			...directories(0o755, 0, '/usr/local/go', '/usr/local/go/bin'),
			...directories(0o1777, 0, '/go', '/go/bin', '/go/src'),
		],
		open: [...distribution.open, '/usr/local/go'],
		programs: [
			...distribution.programs,
			...['go', 'gofmt'].map((name) => `/usr/local/go/bin/${name}`),
			...programs.map((name) => `/usr/bin/${name}`),
		],
	};
}
