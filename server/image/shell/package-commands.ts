import { operands } from './shell-effects.ts';
import type { Call } from './shell-run.ts';

/**
 * `apk add`, `apt-get install` and their like. Packages that matter to a Go image are listed with the files that matter of them; on
 * Alpine, a few bring nothing else. Any other package may bring anything below the directories that packages write to.
 */
export function installPackages(call: Call): undefined {
	const { run, instruction } = call.shell;
	const { plain, options } = operands(
		call.words,
		'-t --virtual --repository -X --root -p --arch --keys-dir -o -c --releasever --installroot',
	);
	const subcommand = plain.shift()?.value;
	if (
		subcommand === undefined ||
		!/^(?:add|install|localinstall|reinstall|groupinstall|upgrade|dist-upgrade|full-upgrade|build-dep|in)$/.test(subcommand)
	) {
		if (subcommand === undefined || /^(?:del|remove|purge|erase|autoremove)$/.test(subcommand)) forgetPrograms(call);
		return undefined;
	}
	const root = options.get('--root') ?? options.get('-p') ?? options.get('--installroot');
	if (root !== undefined) {
		run.tree.makeUnknown(call.path(root) ?? '/');
		return undefined;
	}
	const apk = call.name === 'apk';
	const packages = plain.map((word) => (word.value === undefined || word.pattern ? undefined : word.value.replace(/[=~<>@:].*$/, '')));
	if (!apk || subcommand !== 'add' || packages.some((name) => name === undefined || !ALONE.has(name))) {
		const withoutRoots =
			/^apt/.test(call.name) && call.words.some(({ value }) => value === '--no-install-recommends') && packages.every(isWithoutRoots);
		forgetPrograms(call, !withoutRoots);
	}
	for (const name of packages) {
		if (name === undefined) continue;
		const details = { instruction, mode: 0o755, owner: 0 };
		for (const path of filesOf(name, call)) {
			if (!path.endsWith('/')) {
				if (call.shell.certain) run.tree.writeFile(path, details);
				else run.tree.writePerhaps(path, details);
				continue;
			}
			if (!call.shell.certain) {
				if (run.tree.has(path) !== 'yes') run.tree.writePerhaps(path.slice(0, -1));
				continue;
			}
			run.tree.makeDirectory(path, details);
			run.tree.open(path);
		}
	}
	return undefined;
}

/** Whatever is installed or removed, these are the places where it shows. */
function forgetPrograms(call: Call, mayBringRoots = true): void {
	const { tree } = call.shell.run;
	for (const directory of ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/var', '/opt']) tree.makeUnknown(directory);
	tree.open('/etc');
	if (mayBringRoots) tree.makeUnknown('/etc/ssl');
	// What a package's scripts add to the accounts is not known, but no package takes a user away.
	if (call.words.some((word) => SERVICES.test(word.text))) {
		for (const path of ['/etc/passwd', '/etc/group'])
			tree.writePerhaps(path, { instruction: call.shell.instruction, mode: 0o644, owner: 0 });
	}
}

/**
 * Debian packages that recommend ca-certificates at the most, and so bring no certificates where recommendations are left out
 * (packages.debian.org, bookworm and trixie).
 */
const RECOMMEND_ROOTS_AT_MOST = new Set(
	`bash bzip2 coreutils curl dnsutils dumb-init file git gosu gzip iproute2 iputils-ping jq less libc6 libcap2-bin libgcc-s1 libpcap0.8
	libsqlite3-0 libstdc++6 libtool lsof nano net-tools netbase netcat-openbsd openssl procps rsync sqlite3 tar tini tzdata unzip vim wget xz-utils
	zip zlib1g`.split(/\s+/),
);

function isWithoutRoots(name: string | undefined): boolean {
	return name !== undefined && RECOMMEND_ROOTS_AT_MOST.has(name);
}

/** Packages that come with a user of their own. */
const SERVICES =
	/^(?:nginx|postgresql|redis|mysql|mariadb|openssh-server|dbus|apache2|haproxy|memcached|tor|squid|bind9?|systemd|chrony|rabbitmq-server|docker.*)(?:[=~<>@].*)?$/;

/** On Alpine, packages that bring no compiler and, but for helpers of their own, no program beside those of {@link filesOf}. */
const ALONE = new Set(
	`ca-certificates ca-certificates-bundle tzdata su-exec tini tini-static dumb-init mailcap libc6-compat gcompat musl-dev libc-dev linux-headers
	curl jq git bash make upx openssl wget unzip zip file openssh-client openssh-client-default openssh libcap libcap-utils tar gzip xz sqlite
	coreutils findutils grep sed gawk patch rsync procps iputils bind-tools protobuf protobuf-dev git-lfs gnupg busybox-extras less`.split(
		/\s+/,
	),
);

function filesOf(name: string, call: Call): readonly string[] {
	const alpine = call.name === 'apk';
	switch (name) {
		case 'ca-certificates':
		case 'ca-certificates-bundle':
			if (/dnf|yum/.test(call.name)) return ['/etc/pki/tls/certs/ca-bundle.crt', '/usr/bin/update-ca-trust'];
			return [
				'/etc/ssl/certs/',
				'/etc/ssl/certs/ca-certificates.crt',
				...(name === 'ca-certificates' ? ['/usr/sbin/update-ca-certificates'] : []),
			];
		case 'tzdata':
			return ['/usr/share/zoneinfo/'];
		case 'gcc':
			return ['/usr/bin/gcc', ...(alpine ? [] : ['/usr/bin/cc'])];
		case 'build-base':
		case 'build-essential':
		case 'alpine-sdk':
			return ['/usr/bin/gcc', '/usr/bin/g++', '/usr/bin/cc', '/usr/bin/make'];
		case 'g++':
		case 'gcc-c++':
			return ['/usr/bin/gcc', '/usr/bin/g++'];
		case 'clang':
			return ['/usr/bin/clang'];
		case 'golang':
		case 'golang-go':
		case 'go':
			return ['/usr/bin/go'];
		case 'bash':
			return ['/bin/bash'];
		case 'tini':
			return [alpine ? '/sbin/tini' : '/usr/bin/tini'];
		case 'tini-static':
			return ['/sbin/tini-static'];
		case 'su-exec':
			return ['/sbin/su-exec'];
		case 'gosu':
			return ['/usr/sbin/gosu'];
		case 'openssh-client':
		case 'openssh':
		case 'openssh-clients':
			return ['/usr/bin/ssh'];
		case 'libcap':
		case 'libcap-utils':
		case 'libcap2-bin':
			return ['/usr/sbin/setcap'];
		case 'mailcap':
			return ['/etc/mime.types'];
		case 'sqlite':
		case 'sqlite3':
			return ['/usr/bin/sqlite3'];
		case 'iputils':
		case 'iputils-ping':
			return ['/bin/ping'];
		case 'procps':
			return ['/bin/ps'];
		case 'protobuf':
			return ['/usr/bin/protoc'];
		case 'bind-tools':
			return ['/usr/bin/dig', '/usr/bin/nslookup', '/usr/bin/host'];
		case 'xz':
			return ['/usr/bin/xz'];
		case 'gnupg':
			return ['/usr/bin/gpg'];
		case 'git':
		case 'curl':
		case 'wget':
		case 'make':
		case 'upx':
		case 'jq':
		case 'dumb-init':
		case 'openssl':
		case 'unzip':
		case 'zip':
		case 'ffmpeg':
		case 'file':
		case 'rsync':
		case 'patch':
		case 'python3':
			return [`/usr/bin/${name}`];
		default:
			return [];
	}
}
