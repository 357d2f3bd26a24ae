/** Packages of Alpine, Debian and Red Hat that matter to an image of a Go program. */

/** apk; apt-get and apt; dnf, microdnf and yum. */
export type PackageManager = 'apk' | 'apt' | 'dnf';

/** The files that matter of a package; a path that ends with a slash is a directory of which more is not known. */
type PackageFiles = readonly string[];

const EVERYWHERE: readonly PackageManager[] = ['apk', 'apt', 'dnf'];
const BUNDLE: PackageFiles = ['/etc/ssl/certs/', '/etc/ssl/certs/ca-certificates.crt'];
const REDHAT_BUNDLE: PackageFiles = ['/etc/pki/tls/certs/ca-bundle.crt', '/usr/bin/update-ca-trust'];

/** By the names of packages, the managers that have them so, and their files. A later row never says otherwise than an earlier one. */
const PACKAGES: readonly (readonly [names: string, managers: readonly PackageManager[], files: PackageFiles])[] = [
	['ca-certificates', ['apk', 'apt'], [...BUNDLE, '/usr/sbin/update-ca-certificates']],
	['ca-certificates-bundle', ['apk', 'apt'], BUNDLE],
	['ca-certificates ca-certificates-bundle', ['dnf'], REDHAT_BUNDLE],
	['tzdata', EVERYWHERE, ['/usr/share/zoneinfo/']],
	['gcc', ['apk'], ['/usr/bin/gcc']],
	['gcc', ['apt', 'dnf'], ['/usr/bin/gcc', '/usr/bin/cc']],
	['build-base build-essential alpine-sdk', EVERYWHERE, ['/usr/bin/gcc', '/usr/bin/g++', '/usr/bin/cc', '/usr/bin/make']],
	['g++ gcc-c++', EVERYWHERE, ['/usr/bin/gcc', '/usr/bin/g++']],
	['clang', EVERYWHERE, ['/usr/bin/clang']],
	['golang golang-go go', EVERYWHERE, ['/usr/bin/go']],
	['bash', EVERYWHERE, ['/bin/bash']],
	['tini', ['apk'], ['/sbin/tini']],
	['tini', ['apt', 'dnf'], ['/usr/bin/tini']],
	['tini-static', EVERYWHERE, ['/sbin/tini-static']],
	['su-exec', EVERYWHERE, ['/sbin/su-exec']],
	['gosu', EVERYWHERE, ['/usr/sbin/gosu']],
	['openssh-client openssh openssh-clients', EVERYWHERE, ['/usr/bin/ssh']],
	['libcap libcap-utils libcap2-bin', EVERYWHERE, ['/usr/sbin/setcap']],
	['mailcap', EVERYWHERE, ['/etc/mime.types']],
	['sqlite sqlite3', EVERYWHERE, ['/usr/bin/sqlite3']],
	['iputils iputils-ping', EVERYWHERE, ['/bin/ping']],
	['procps', EVERYWHERE, ['/bin/ps']],
	['protobuf', EVERYWHERE, ['/usr/bin/protoc']],
	['bind-tools', EVERYWHERE, ['/usr/bin/dig', '/usr/bin/nslookup', '/usr/bin/host']],
	['xz', EVERYWHERE, ['/usr/bin/xz']],
	['gnupg', EVERYWHERE, ['/usr/bin/gpg']],
	// Packages of one program, which has their name.
	...'git curl wget make upx jq dumb-init openssl unzip zip ffmpeg file rsync patch python3'
		.split(' ')
		.map((name) => [name, EVERYWHERE, [`/usr/bin/${name}`]] as const),
];

const FILES = new Map(
	PACKAGES.flatMap(([names, managers, files]) =>
		names.split(' ').flatMap((name) => managers.map((manager) => [`${manager} ${name}`, files] as const)),
	),
);

/** The manager behind a command: `apt-get`, `microdnf`. */
export function managerOf(command: string): PackageManager {
	return command === 'apk' ? 'apk' : /dnf|yum/.test(command) ? 'dnf' : 'apt';
}

/** The files that matter of a package; none of one that is not listed. */
export function packageFiles(name: string, manager: PackageManager): PackageFiles {
	return FILES.get(`${manager} ${name}`) ?? [];
}

/**
 * Debian packages that recommend ca-certificates at the most, and so bring no certificates where recommendations are left out
 * (packages.debian.org, bookworm and trixie).
 */
export const RECOMMEND_ROOTS_AT_MOST = new Set(
	`bash bzip2 coreutils curl dnsutils dumb-init file git gosu gzip iproute2 iputils-ping jq less libc6 libcap2-bin libgcc-s1 libpcap0.8
	libsqlite3-0 libstdc++6 libtool lsof nano net-tools netbase netcat-openbsd openssl procps rsync sqlite3 tar tini tzdata unzip vim wget xz-utils
	zip zlib1g`.split(/\s+/),
);

/** Packages that come with a user of their own. */
export const BRINGS_USER =
	/^(?:nginx|postgresql|redis|mysql|mariadb|openssh-server|dbus|apache2|haproxy|memcached|tor|squid|bind9?|systemd|chrony|rabbitmq-server|docker[^=~<>@]*)(?:[=~<>@].*)?$/;

/** On Alpine, packages that bring no compiler and, but for helpers of their own, no program beside those of {@link packageFiles}. */
export const ALPINE_ALONE = new Set(
	`ca-certificates ca-certificates-bundle tzdata su-exec tini tini-static dumb-init mailcap libc6-compat gcompat musl-dev libc-dev linux-headers
	curl jq git bash make upx openssl wget unzip zip file openssh-client openssh-client-default openssh libcap libcap-utils tar gzip xz sqlite
	coreutils findutils grep sed gawk patch rsync procps iputils bind-tools protobuf protobuf-dev git-lfs gnupg busybox-extras less`.split(
		/\s+/,
	),
);

/**
 * Programs that Go programs start: by name, the package of Alpine where it has another, and that of Debian where it is yet another
 * (pkgs.alpinelinux.org, packages.debian.org); `-` for none.
 */
const PROGRAM_PACKAGES = new Map(
	`git, curl, wget, bash, ffmpeg, pandoc, chromium, yt-dlp, openssl, rsync, jq, tar, zip, unzip, zstd, iptables, file, patch,
	make, python3, npm, perl, gosu, git-lfs, ffprobe ffmpeg, convert imagemagick, magick imagemagick, gs ghostscript,
	pdftotext poppler-utils, pdftoppm poppler-utils, exiftool exiftool libimage-exiftool-perl, tesseract tesseract-ocr,
	ssh openssh-client, ssh-keygen openssh-keygen openssh-client, scp openssh-client, sftp openssh-client, xz xz xz-utils,
	7z 7zip p7zip-full, gpg gnupg, sqlite3 sqlite sqlite3, psql postgresql-client, pg_dump postgresql-client,
	pg_restore postgresql-client, mysql mysql-client default-mysql-client, mysqldump mysql-client default-mysql-client,
	redis-cli redis redis-tools, dig bind-tools dnsutils, ping iputils iputils-ping, ps procps, ip iproute2, diff diffutils,
	node nodejs, docker docker-cli, su-exec su-exec -, go go golang-go`
		.split(',')
		.map((row) => row.trim().split(' ') as [name: string, apk?: string, apt?: string])
		.map(([name, apk = name, apt = apk]) => [name, { apk, apt }] as const),
);

/** The package that brings a program, as far as the table knows. */
export function packageOfProgram(program: string, manager: 'apk' | 'apt'): string | undefined {
	const name = PROGRAM_PACKAGES.get(program)?.[manager];
	return name === '-' ? undefined : name;
}
