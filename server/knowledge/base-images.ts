// Long because it is a table of base images.

import { fullRepository, parseImageReference } from '../dockerfile/image-reference.ts';
import type { Answer } from '../text/answer.ts';
import {
	ALPINE_FILES,
	BUSYBOX_FILES,
	DEBIAN_BUNDLE,
	DEBIAN_FILES,
	distrolessFiles,
	FILES_WITH_SHELL,
	golangFiles,
	type ImageFiles,
	STATIC_FILES,
	UBI_FILES,
	UNLISTED_FILES,
} from './base-files.ts';
import { glibcOfAmazon, glibcOfDebian, glibcOfRedhat, glibcOfUbuntu, suiteOfGolang } from './base-glibc.ts';
import { ALPINE_PROGRAMS, DEBIAN_PROGRAMS, DISTROLESS_PROGRAMS } from './base-programs.ts';
import { ALPINE_ACCOUNTS, BUSYBOX_ACCOUNTS, DEBIAN_ACCOUNTS, DISTROLESS_ACCOUNTS } from './base-users.ts';
import { NEWEST_GO_MINOR, SINCE_GO } from './go-releases.ts';
import type { Distribution } from './shared-libraries.ts';

/** What a base image holds, as far as the table knows it. */
export interface BaseImage {
	readonly reference: string;
	/** Whether there is nothing in it at all: `scratch`. */
	readonly empty: boolean;
	readonly files: ImageFiles;
	readonly shell: Answer;
	readonly libc: 'none' | 'glibc' | 'musl' | 'unknown';
	/** What kind of image it is, where that tells which libraries it lacks. */
	readonly distribution: Distribution | undefined;
	/** The N of its glibc 2.N, where that is known. */
	readonly glibc: number | undefined;
	readonly certificateRoots: Answer;
	readonly zoneData: Answer;
	readonly temporaryDirectory: Answer;
	/** Users by name; `undefined` where not known. */
	readonly users: ReadonlyMap<string, { readonly uid: number; readonly gid: number }> | undefined;
	readonly groups: ReadonlyMap<string, number> | undefined;
	/** The user that the image runs as, as its configuration names it. */
	readonly user: string | undefined;
	readonly workingDirectory: string | undefined;
	/** The variables that are set; `undefined` where the value is not known. */
	readonly environment: ReadonlyMap<string, string | undefined>;
	/** Whether `environment` is all that is set. */
	readonly environmentComplete: boolean;
	readonly command: readonly string[] | undefined;
	/** Whether `command` is certain, also where it says that there is none. */
	readonly commandKnown: boolean;
	/** The program that creates users, where it is certain that the image has it. */
	readonly addsUsersWith: 'adduser' | 'useradd' | undefined;
	/** Whether apt-get installs packages in it. */
	readonly hasApt: boolean;
	/** Names of programs on PATH, where the list is complete enough to say that another is absent. */
	readonly executables: ReadonlySet<string> | undefined;
	readonly cCompiler: Answer;
	/** For a Go toolchain image. */
	readonly go: GoOfImage | undefined;
	/** Whether the tag pins a version. */
	readonly pinned: Answer;
	readonly windows: boolean;
}

export interface GoOfImage {
	/** `undefined` where the tag names none. */
	readonly version: string | undefined;
	readonly minor: number | undefined;
	/** Whether tags read as those of docker-library/golang do: a Go version, then a variant. */
	readonly hasGolangTags: boolean;
}

/**
 * What the image that `reference` names (variables expanded, digest and registry allowed) holds.
 *
 * The rows say what the images held when the table was last read through, in November 2026, from: docker-library/golang (Dockerfile
 * templates and versions.json), alpinelinux/docker-alpine with aports, debuerreotype, GoogleContainerTools/distroless (common/,
 * base/, static/, cc/ with their tests), chainguard-images/images, the UBI documentation of Red Hat, docker.com's hardened image
 * catalogue. Where an image differs from version to version in what is asked, the answer is unknown.
 *
 * @returns `undefined` for an image that nobody has heard of: everything about it is unknown
 */
export function lookupBaseImage(reference: string): BaseImage | undefined {
	if (known.has(reference)) return known.get(reference);
	const image = describeImage(reference);
	if (known.size >= MAX_KNOWN) known.clear();
	known.set(reference, image);
	return image;
}

/** The same description for the same reference, for a tree of files is kept with it. */
const known = new Map<string, BaseImage | undefined>();
const MAX_KNOWN = 200;

function describeImage(reference: string): BaseImage | undefined {
	// `scratch` is a word of the builder's and no image; the builder takes it as written only.
	if (reference === 'scratch') return SCRATCH;
	const parsed = parseImageReference(reference);
	if (parsed === undefined) return undefined;
	const repository = withoutMirror(fullRepository(parsed));
	const tag = parsed.tag ?? (parsed.digest === undefined ? 'latest' : '');
	const pinned: Answer = parsed.digest !== undefined || /\d/.test(tag) ? 'yes' : 'no';
	for (const [pattern, describe] of IMAGES) {
		const match = pattern.exec(repository);
		if (match === null) continue;
		const described = describe(tag, match);
		return described === undefined ? undefined : { ...UNKNOWN, pinned, ...described, reference };
	}
	return undefined;
}

/** What stands behind the version in a golang tag: `alpine3.19` in `1.22-alpine3.19`, nothing in `1.22` and `latest`. */
export function goImageVariant(tag: string | undefined): string | undefined {
	if (tag === undefined || tag === 'latest') return undefined;
	const { version, variant } = splitGoTag(tag);
	return version === undefined && variant === 'rc' ? undefined : variant;
}

/**
 * The golang tag of a Go version (`1.22.3`, `1.22`) that keeps the variant of a tag (`alpine3.19`, `bookworm`), as far as such an
 * image was published: an Alpine release, and an old Debian, is left out where the Go version has none.
 */
export function goImageTag(version: string, variant: string | undefined): string {
	const minor = Number(/^1\.(\d+)/.exec(version)?.[1] ?? NEWEST_GO_MINOR);
	if (variant === undefined || variant === '') return version;
	if (/^alpine/.test(variant)) return `${version}-${isAlpineOf(version, minor, variant) ? variant : 'alpine'}`;
	const suite = /^(?:jessie|stretch|buster|bullseye|bookworm|trixie)$/.exec(variant)?.[0];
	if (suite === undefined) return `${version}-${variant}`;
	const [oldest, newest] = SUITES[suite] as readonly [number, number];
	return minor >= oldest && minor <= newest ? `${version}-${suite}` : version;
}

/**
 * Whether the Go version was published on the Alpine release: each Go 1.N started on 3.(N-3) and the release before, which later
 * patches leave behind. Newer releases join while a Go lives; they are left out, for nobody can tell from a tag when.
 */
function isAlpineOf(version: string, minor: number, variant: string): boolean {
	const release = Number(/^alpine3\.(\d+)$/.exec(variant)?.[1]);
	return minor >= 16 && (release === minor - 3 || (release === minor - 4 && !/^1\.\d+\.\d/.test(version)));
}

/** The Go minors for which docker-library/golang published each Debian suite; bounds in doubt are drawn narrow. */
const SUITES: Readonly<Record<string, readonly [number, number]>> = {
	jessie: [6, 8],
	stretch: [8, 17],
	buster: [13, 19],
	bullseye: [17, 24],
	bookworm: [20, NEWEST_GO_MINOR],
	trixie: [24, NEWEST_GO_MINOR],
};

/**
 * Registries and namespaces that carry Docker's official images under another name, the latter for one architecture
 * (https://github.com/docker-library/official-images#architectures-other-than-amd64).
 */
function withoutMirror(repository: string): string {
	return repository
		.replace(
			/^(?:public\.ecr\.aws\/docker|mirror\.gcr\.io|registry\.hub\.docker\.com|registry-1\.docker\.io|registry\.docker\.io)\/library\//,
			'docker.io/library/',
		)
		.replace(/^mirror\.gcr\.io\//, 'docker.io/')
		.replace(/^docker\.io\/(?:amd64|arm32v[567]|arm64v8|i386|mips64le|ppc64le|riscv64|s390x)\//, 'docker.io/library/');
}

type Description = Partial<BaseImage>;

const UNKNOWN: Omit<BaseImage, 'reference' | 'pinned'> = {
	empty: false,
	files: UNLISTED_FILES,
	shell: 'unknown',
	libc: 'unknown',
	distribution: undefined,
	glibc: undefined,
	certificateRoots: 'unknown',
	zoneData: 'unknown',
	temporaryDirectory: 'unknown',
	users: undefined,
	groups: undefined,
	user: undefined,
	workingDirectory: undefined,
	environment: new Map(),
	environmentComplete: false,
	command: undefined,
	commandKnown: false,
	addsUsersWith: undefined,
	hasApt: false,
	executables: undefined,
	cCompiler: 'unknown',
	go: undefined,
	windows: false,
};

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function environment(values: Readonly<Record<string, string | undefined>>): Pick<BaseImage, 'environment' | 'environmentComplete'> {
	return { environment: new Map(Object.entries(values)), environmentComplete: true };
}

const AS_ROOT = { user: 'root', workingDirectory: '/' } as const;

const SCRATCH: BaseImage = {
	...UNKNOWN,
	...AS_ROOT,
	// The engine gives a container a PATH where its image sets none.
	...environment({ PATH: DEFAULT_PATH }),
	reference: 'scratch',
	empty: true,
	commandKnown: true,
	shell: 'no',
	libc: 'none',
	certificateRoots: 'no',
	zoneData: 'no',
	temporaryDirectory: 'no',
	users: new Map(),
	groups: new Map(),
	executables: new Set(),
	cCompiler: 'no',
	pinned: 'yes',
};

const IMAGES: readonly (readonly [RegExp, (tag: string, match: RegExpExecArray) => Description | undefined])[] = [
	[/^docker\.io\/library\/golang$/, golang],
	[/^mcr\.microsoft\.com\/(?:oss\/go\/microsoft\/golang|oss\/go\/microsoft\/fips\/golang)$/, microsoftGo],
	[/^docker\.io\/library\/alpine$/, alpine],
	[/^docker\.io\/library\/busybox$/, busybox],
	// https://github.com/prometheus/busybox: busybox with CA certificates, and in newer ones zone data.
	[/^(?:docker\.io\/prom|quay\.io\/prometheus)\/busybox/, () => ({ ...busybox(''), certificateRoots: 'yes', zoneData: 'unknown' })],
	[/^docker\.io\/library\/debian$/, debian],
	[/^docker\.io\/library\/ubuntu$/, ubuntu],
	[
		/^docker\.io\/library\/buildpack-deps$/,
		(tag) => ({
			...debian(tag),
			distribution: undefined,
			files: FILES_WITH_SHELL,
			executables: undefined,
			certificateRoots: 'yes',
			cCompiler: /curl|scm/.test(tag) ? 'no' : 'yes',
		}),
	],
	[/^gcr\.io\/distroless\/(static|base-nossl|base|cc)(?:-(debian\d+))?$/, distroless],
	[/^(?:cgr\.dev\/chainguard|docker\.io\/chainguard)\/(static|glibc-dynamic|wolfi-base|go)$/, chainguard],
	[/^(?:registry\.access\.redhat\.com|registry\.redhat\.io)\/ubi(\d+)\/go-toolset$/, goToolset],
	[
		/^(?:registry\.access\.redhat\.com|registry\.redhat\.io)\/ubi(\d+)(?:\/ubi(-minimal|-micro|-init)?|(-minimal|-micro|-init)?)(?:\/.*)?$/,
		ubi,
	],
	[
		/^(?:docker\.io\/(?:library|rockylinux)|quay\.io\/(?:centos|rockylinux|almalinuxorg)|public\.ecr\.aws\/amazonlinux)\/(centos|rockylinux|almalinux|oraclelinux|amazonlinux)$/,
		redhatLike,
	],
	[/^dhi\.io\/(static|golang)$/, hardened],
	[
		/^mcr\.microsoft\.com\/(?:windows(?:\/.*)?|dotnet\/framework\/.*|powershell)$/,
		(tag, [repository]) => (/\/powershell$/.test(repository) && !/nanoserver|windowsservercore/.test(tag) ? undefined : { windows: true }),
	],
];

/** https://github.com/docker-library/golang: the templates set PATH, GOPATH, WORKDIR, and GOTOOLCHAIN=local from Go 1.21 on. */
function golang(tag: string): Description {
	const { version, variant } = splitGoTag(tag);
	if (variant !== undefined && /windowsservercore|nanoserver/.test(variant)) return { ...WINDOWS_GOLANG, go: golangVersion(version) };
	const go = golangVersion(version);
	const isAlpine = /^alpine/.test(variant ?? '') || variant?.endsWith('-alpine') === true;
	const settings: Record<string, string | undefined> = { PATH: `/go/bin:/usr/local/go/bin:${DEFAULT_PATH}`, GOPATH: '/go' };
	// An untagged image is a recent one.
	if (go.minor === undefined ? !/^1\.\d/.test(version ?? '') : go.minor >= SINCE_GO.toolchains) settings.GOTOOLCHAIN = 'local';
	// The tag tells it only where it names a whole version.
	settings.GOLANG_VERSION = /^1\.\d+(?:\.\d+|rc\d+|beta\d+)$/.test(go.version ?? '') ? go.version : undefined;
	return {
		...(isAlpine ? alpine('latest') : { ...debian(variant ?? ''), glibc: glibcOfDebian(variant ?? suiteOfGolang(version) ?? '') }),
		distribution: undefined,
		...environment(settings),
		files: isAlpine ? golangFiles(ALPINE_FILES, []) : golangFiles(DEBIAN_FILES, [...DOWNLOADERS, ...C_COMPILERS], NOT_IN_GOLANG),
		certificateRoots: 'yes',
		// Alpine's list stays complete but for what Go adds; Debian's golang builds on buildpack-deps, which brings very much more.
		executables: isAlpine ? GOLANG_ALPINE_PROGRAMS : undefined,
		cCompiler: isAlpine ? 'no' : 'yes',
		workingDirectory: '/go',
		go,
		pinned: go.minor === undefined ? 'no' : 'yes',
	};
}

/** What buildpack-deps brings that a build calls. */
const DOWNLOADERS = ['git', 'curl', 'wget'];
const C_COMPILERS = ['gcc', 'g++', 'cc', 'make'];

/** What builds call and neither Debian's base, nor buildpack-deps:scm, nor docker-library/golang installs. */
const NOT_IN_GOLANG = ['clang', 'cmake', 'jq', 'node', 'npm', 'pnpm', 'protoc', 'rsync', 'sudo', 'unzip', 'upx', 'yarn', 'zip'];

const WINDOWS_GOLANG = { windows: true, commandKnown: true, environment: new Map([['GOLANG_VERSION', undefined]]) } as const;

const GOLANG_ALPINE_PROGRAMS: ReadonlySet<string> = new Set([...ALPINE_PROGRAMS, 'go', 'gofmt', 'update-ca-certificates', 'c_rehash']);

/** Microsoft's build of Go, on Debian, Azure Linux and CBL-Mariner: as golang where the tag names a Debian suite. */
function microsoftGo(tag: string, [repository]: RegExpExecArray): Description {
	const { version, variant } = splitGoTag(tag);
	if (/windowsservercore|nanoserver/.test(tag)) return { ...WINDOWS_GOLANG, go: golangVersion(version) };
	const cCompiler = /fips|azurelinux|mariner/.test(variant ?? '') ? 'unknown' : 'yes';
	// Debian's images start bash; what those of other distributions start is not known.
	const startsBash = /^(?:bullseye|bookworm|trixie)/.test(variant ?? '');
	return {
		files: golangFiles(DEBIAN_FILES, [...DOWNLOADERS, ...(cCompiler === 'yes' ? C_COMPILERS : [])]),
		...(startsBash && { command: ['bash'] }),
		commandKnown: startsBash,
		shell: 'yes',
		libc: 'glibc',
		glibc: glibcOfDebian(variant ?? ''),
		user: 'root',
		temporaryDirectory: 'yes',
		environment: new Map([
			['GOPATH', '/go'],
			['PATH', `/go/bin:/usr/local/go/bin:${DEFAULT_PATH}`],
			['GOLANG_VERSION', undefined],
			// The images for FIPS set it to the experiment of their release.
			...(/fips/.test(repository) || /fips/.test(tag) ? ([['GOEXPERIMENT', undefined]] as const) : []),
		]),
		workingDirectory: '/go',
		go: golangVersion(version),
		pinned: version === undefined ? 'no' : 'yes',
		cCompiler,
	};
}

function splitGoTag(tag: string): { version: string | undefined; variant: string | undefined } {
	const match = /^(\d+(?:\.\d+){0,2}(?:(?:rc|beta)\d+)?)(?:-(.+))?$/.exec(tag);
	if (match !== null) return { version: match[1], variant: match[2] };
	return { version: undefined, variant: tag === 'latest' || tag === '' ? undefined : tag };
}

function goVersion(version: string | undefined): GoOfImage {
	const minor = /^1\.(\d+)/.exec(version ?? '')?.[1];
	return minor === undefined
		? { version: undefined, minor: undefined, hasGolangTags: false }
		: { version, minor: Number(minor), hasGolangTags: false };
}

function golangVersion(version: string | undefined): GoOfImage {
	return { ...goVersion(version), hasGolangTags: true };
}

/** https://github.com/alpinelinux/docker-alpine; ca-certificates-bundle is part of the base since Alpine 3.12. */
function alpine(tag: string): Description {
	const minor = Number(/^3\.(\d+)/.exec(tag)?.[1] ?? 99);
	return {
		...AS_ROOT,
		...environment({ PATH: DEFAULT_PATH }),
		...ALPINE_ACCOUNTS,
		files: ALPINE_FILES,
		commandKnown: true,
		addsUsersWith: 'adduser',
		shell: 'yes',
		libc: 'musl',
		distribution: 'alpine',
		certificateRoots: minor >= 12 ? 'yes' : 'unknown',
		zoneData: 'no',
		temporaryDirectory: 'yes',
		command: ['/bin/sh'],
		executables: ALPINE_PROGRAMS,
		cCompiler: 'no',
	};
}

/** https://github.com/docker-library/busybox: the variants differ in the libc that they are linked with; plain tags are glibc's since 1.36. */
function busybox(tag: string): Description {
	return {
		...AS_ROOT,
		...environment({ PATH: DEFAULT_PATH }),
		...BUSYBOX_ACCOUNTS,
		files: BUSYBOX_FILES,
		commandKnown: true,
		addsUsersWith: 'adduser',
		shell: 'yes',
		// The musl and uclibc variants are static; glibc's brings the loader and libc, and nothing tells an untagged one apart for ever.
		libc: /musl|uclibc/.test(tag) ? 'none' : /glibc/.test(tag) ? 'glibc' : 'unknown',
		certificateRoots: 'no',
		zoneData: 'no',
		temporaryDirectory: 'yes',
		command: ['sh'],
		cCompiler: 'no',
	};
}

/** https://github.com/debuerreotype/docker-debian-artifacts: tzdata is part of the base up to Debian 12. */
function debian(tag: string): Description {
	return {
		...AS_ROOT,
		...environment({ PATH: DEFAULT_PATH }),
		...DEBIAN_ACCOUNTS,
		files: DEBIAN_FILES,
		commandKnown: true,
		addsUsersWith: 'useradd',
		hasApt: true,
		shell: 'yes',
		libc: 'glibc',
		distribution: 'debian',
		glibc: glibcOfDebian(tag),
		certificateRoots: 'no',
		zoneData: /^(?:oldstable|oldoldstable|buster|bullseye|bookworm|1[012])(?:[.-]|$)/.test(tag) ? 'yes' : 'unknown',
		temporaryDirectory: 'yes',
		command: ['bash'],
		executables: DEBIAN_PROGRAMS,
		cCompiler: 'no',
	};
}

/** https://hub.docker.com/_/ubuntu: without tzdata since 18.04. */
function ubuntu(tag: string): Description {
	const older = /^(?:18|20|22)\.\d\d|^(?:bionic|focal|jammy)/.test(tag);
	return {
		...debian(''),
		distribution: 'ubuntu',
		glibc: glibcOfUbuntu(tag),
		// A user "ubuntu" came with 23.04.
		...(older
			? {}
			: {
					users: new Map([...DEBIAN_ACCOUNTS.users, ['ubuntu', { uid: 1000, gid: 1000 }]]),
					groups: new Map([...DEBIAN_ACCOUNTS.groups, ['ubuntu', 1000]]),
				}),
		zoneData: /^(?:18|20|22|24)\.\d\d|^(?:bionic|focal|jammy|noble)/.test(tag) ? 'no' : 'unknown',
		command: ['/bin/bash'],
	};
}

/** https://github.com/GoogleContainerTools/distroless: static is ca-certificates, tzdata, netbase and the users; base adds glibc, cc libgcc and libstdc++. */
function distroless(tag: string, [, kind = 'static', suite = '']: RegExpExecArray): Description {
	const debug = /^debug/.test(tag);
	const nonroot = /nonroot/.test(tag);
	return {
		...DISTROLESS_ACCOUNTS,
		...environment({ PATH: debug ? `${DEFAULT_PATH}:/busybox` : DEFAULT_PATH, SSL_CERT_FILE: DEBIAN_BUNDLE }),
		files: distrolessFiles(debug),
		commandKnown: true,
		shell: debug ? 'yes' : 'no',
		libc: kind === 'static' ? 'none' : 'glibc',
		// From Debian 13 on OpenSSL brings other libraries along.
		distribution: kind === 'static' || !/^debian1[12]$/.test(suite) ? undefined : kind === 'cc' ? 'distroless-cc' : 'distroless-base',
		glibc: kind === 'static' ? undefined : glibcOfDebian(suite.replace('debian', '')),
		certificateRoots: 'yes',
		zoneData: 'yes',
		temporaryDirectory: 'yes',
		user: nonroot ? '65532' : '0',
		workingDirectory: nonroot ? '/home/nonroot' : '/',
		command: debug ? ['/busybox/sh'] : undefined,
		executables: debug ? undefined : kind === 'static' ? new Set<string>() : DISTROLESS_PROGRAMS,
		cCompiler: 'no',
	};
}

/** https://github.com/chainguard-images/images: distroless as a rule, run as nonroot (65532); wolfi-base has busybox and apk, go a C compiler. */
function chainguard(tag: string, [, kind = 'static']: RegExpExecArray): Description {
	const common = {
		certificateRoots: 'yes',
		temporaryDirectory: 'yes',
		environment: new Map([
			['PATH', DEFAULT_PATH],
			['SSL_CERT_FILE', DEBIAN_BUNDLE],
		]),
		environmentComplete: true,
	} as const;
	if (kind === 'go') {
		return {
			files: FILES_WITH_SHELL,
			shell: 'yes',
			libc: 'glibc',
			certificateRoots: 'yes',
			temporaryDirectory: 'yes',
			cCompiler: 'yes',
			go: goVersion(splitGoTag(tag).version),
		};
	}
	if (kind === 'wolfi-base') return { ...common, files: FILES_WITH_SHELL, shell: 'yes', libc: 'glibc', cCompiler: 'no' };
	const minimal = { ...common, shell: 'no', zoneData: 'yes', user: '65532', executables: new Set<string>(), cCompiler: 'no' } as const;
	if (kind === 'static') return { ...minimal, files: STATIC_FILES, commandKnown: true, libc: 'none', workingDirectory: '/' };
	return { ...minimal, libc: 'glibc', executables: undefined };
}

/** What all images of Red Hat Enterprise Linux and its rebuilds have in common: all have bash. */
const REDHAT = {
	files: UBI_FILES,
	commandKnown: true,
	shell: 'yes',
	libc: 'glibc',
	temporaryDirectory: 'yes',
	user: 'root',
	workingDirectory: '/',
	environment: new Map([['PATH', DEFAULT_PATH]]),
	command: ['/bin/bash'],
	cCompiler: 'no',
} as const;

/** https://catalog.redhat.com/software/base-images: all have bash; micro has neither a package manager nor, for certain, roots. */
function ubi(_tag: string, match: RegExpExecArray): Description {
	const variant = match[2] ?? match[3] ?? '';
	const micro = variant === '-micro';
	return {
		...REDHAT,
		distribution: 'redhat',
		glibc: glibcOfRedhat(match[1] ?? ''),
		certificateRoots: micro ? 'unknown' : 'yes',
		zoneData: variant === '' ? 'yes' : 'unknown',
	};
}

/** Rebuilds of Red Hat Enterprise Linux, and Amazon Linux: all have bash. */
function redhatLike(tag: string, [, name]: RegExpExecArray): Description {
	return {
		...REDHAT,
		glibc: name === 'amazonlinux' ? glibcOfAmazon(tag) : glibcOfRedhat(tag.replace(/^stream/, '')),
		certificateRoots: name === 'oraclelinux' ? 'unknown' : 'yes',
	};
}

/** Red Hat's Go builder: it runs as uid 1001 below /opt/app-root/src. */
function goToolset(tag: string, [, release = '']: RegExpExecArray): Description {
	const go = goVersion(splitGoTag(tag.replace(/-\d{9,}$/, '')).version);
	return {
		files: FILES_WITH_SHELL,
		shell: 'yes',
		libc: 'glibc',
		glibc: glibcOfRedhat(release),
		certificateRoots: 'yes',
		temporaryDirectory: 'yes',
		user: '1001',
		workingDirectory: '/opt/app-root/src',
		cCompiler: 'yes',
		go,
		pinned: go.minor === undefined ? 'no' : 'yes',
	};
}

/** https://docs.docker.com/dhi: run-time images have no shell and run as nonroot (65532); `-dev` variants have both and root. */
function hardened(tag: string, [, kind]: RegExpExecArray): Description | undefined {
	const dev = /-dev\b/.test(tag);
	if (kind === 'static') return { shell: dev ? 'unknown' : 'no', libc: 'none', certificateRoots: 'yes', user: dev ? undefined : '65532' };
	const { version, variant } = splitGoTag(tag);
	const isAlpine = /alpine/.test(variant ?? '');
	return {
		files: dev ? FILES_WITH_SHELL : UNLISTED_FILES,
		shell: dev ? 'yes' : 'unknown',
		libc: isAlpine ? 'musl' : 'glibc',
		certificateRoots: 'yes',
		go: goVersion(version),
		pinned: version === undefined ? 'no' : 'yes',
		environment: new Map([['GOPATH', '/go']]),
	};
}
