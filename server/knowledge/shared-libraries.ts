/** Shared libraries that C code of Go programs is linked against, the packages that hold them, and the base images that lack them. */

/** A distribution, by what its base images hold. */
export type Distribution = 'alpine' | 'debian' | 'ubuntu' | 'redhat' | 'distroless-base' | 'distroless-cc';

export interface SharedLibrary {
	/** What the linker (`-lz`) and pkg-config call it. */
	readonly names: ReadonlySet<string>;
	/** The name that a binary asks for (DT_NEEDED). */
	readonly file: string;
	/** The package of Debian with what a build needs, headers and the link for the linker; `undefined` if none is known or needed. */
	readonly debianToBuild: string | undefined;
	/** The package of Debian, by the suites in which it is surely called so. */
	readonly debian: Readonly<Record<string, string>>;
	readonly alpine: string | undefined;
	/** Distributions whose base images hold it, or may. */
	readonly heldBy: readonly Distribution[];
}

/** What no base image of Alpine, Debian, Ubuntu or distroless has; those of Red Hat bring more. */
const ADDED: readonly Distribution[] = ['redhat'];

/**
 * Looked up in the package lists of Debian bookworm (a name for trixie stands where it is known to differ or to be the same) and of Alpine
 * 3.20 to 3.22. The standard C library is not among them, nor what nobody knows to be absent.
 */
const ROWS: readonly (readonly [
	names: string,
	file: string,
	bookworm: string,
	trixie: string,
	alpine: string,
	heldBy?: readonly Distribution[],
])[] = [
	['z zlib', 'libz.so.1', 'zlib1g', 'zlib1g', 'zlib', ['alpine', 'debian', 'ubuntu', 'redhat']],
	['stdc++', 'libstdc++.so.6', 'libstdc++6', 'libstdc++6', 'libstdc++', ['debian', 'ubuntu', 'redhat', 'distroless-cc']],
	['sqlite3', 'libsqlite3.so.0', 'libsqlite3-0', 'libsqlite3-0', 'sqlite-libs', ADDED],
	['vips', 'libvips.so.42', 'libvips42', 'libvips42t64', 'vips', ADDED],
	['pcap libpcap', 'libpcap.so.0.8', 'libpcap0.8', 'libpcap0.8t64', 'libpcap', ADDED],
	['zmq libzmq', 'libzmq.so.5', 'libzmq5', 'libzmq5', 'libzmq', ADDED],
	['git2 libgit2', 'libgit2.so', 'libgit2-1.5', '', 'libgit2', ADDED],
	['rdkafka', 'librdkafka.so.1', 'librdkafka1', 'librdkafka1', 'librdkafka', ADDED],
	['xml2 libxml-2.0', 'libxml2.so.2', 'libxml2', 'libxml2', 'libxml2', ADDED],
	['xslt libxslt', 'libxslt.so.1', 'libxslt1.1', 'libxslt1.1', 'libxslt', ADDED],
	['curl libcurl', 'libcurl.so.4', 'libcurl4', 'libcurl4t64', 'libcurl', ADDED],
	['pq libpq', 'libpq.so.5', 'libpq5', 'libpq5', 'libpq', ADDED],
	['mariadb libmariadb', 'libmariadb.so.3', 'libmariadb3', 'libmariadb3', 'mariadb-connector-c', ADDED],
	['odbc', 'libodbc.so.2', 'libodbc2', 'libodbc2', 'unixodbc', ADDED],
	['usb-1.0 libusb-1.0', 'libusb-1.0.so.0', 'libusb-1.0-0', 'libusb-1.0-0', 'libusb', ADDED],
	['asound alsa', 'libasound.so.2', 'libasound2', 'libasound2t64', 'alsa-lib', ADDED],
	['portaudio portaudio-2.0', 'libportaudio.so.2', 'libportaudio2', 'libportaudio2', 'portaudio', ADDED],
	['snappy', 'libsnappy.so.1', 'libsnappy1v5', 'libsnappy1v5', 'snappy', ADDED],
	['gpgme', 'libgpgme.so.11', 'libgpgme11', 'libgpgme11t64', 'gpgme', ADDED],
	['webp libwebp', 'libwebp.so.7', 'libwebp7', 'libwebp7', 'libwebp', ADDED],
	['jpeg libjpeg', 'libjpeg.so.62', 'libjpeg62-turbo', 'libjpeg62-turbo', 'libjpeg-turbo', ADDED],
	['png png16 libpng libpng16', 'libpng16.so.16', 'libpng16-16', 'libpng16-16t64', 'libpng', ADDED],
	['freetype freetype2', 'libfreetype.so.6', 'libfreetype6', 'libfreetype6', 'freetype', ADDED],
	['cairo', 'libcairo.so.2', 'libcairo2', 'libcairo2', 'cairo', ADDED],
	['glib-2.0', 'libglib-2.0.so.0', 'libglib2.0-0', 'libglib2.0-0t64', 'glib', ADDED],
	['sodium libsodium', 'libsodium.so.23', 'libsodium23', 'libsodium23', 'libsodium', ADDED],
	['opus', 'libopus.so.0', 'libopus0', 'libopus0', 'opus', ADDED],
	['opusfile', 'libopusfile.so.0', 'libopusfile0', 'libopusfile0', 'opusfile', ADDED],
	['magic libmagic', 'libmagic.so.1', 'libmagic1', 'libmagic1t64', 'libmagic', ADDED],
	['tesseract', 'libtesseract.so.5', 'libtesseract5', 'libtesseract5', '', ADDED],
	['MagickWand MagickWand-6.Q16', 'libMagickWand-6.Q16.so.6', 'libmagickwand-6.q16-6', '', '', ADDED],
	['avcodec libavcodec', 'libavcodec.so', 'libavcodec59', 'libavcodec61', 'ffmpeg-libs', ADDED],
	['avformat libavformat', 'libavformat.so', 'libavformat59', 'libavformat61', 'ffmpeg-libs', ADDED],
	['avutil libavutil', 'libavutil.so', 'libavutil57', 'libavutil59', 'ffmpeg-libs', ADDED],
	['swscale libswscale', 'libswscale.so', 'libswscale6', 'libswscale8', 'ffmpeg-libs', ADDED],
	['rocksdb', 'librocksdb.so', 'librocksdb7.8', '', 'rocksdb', ADDED],
	['leveldb', 'libleveldb.so.1d', 'libleveldb1d', '', 'leveldb', ADDED],
	['opencv4', 'libopencv_core.so', '', '', '', ADDED],
];

/** The packages of Debian that a build needs and that are not called `libNAME-dev` by the first name (packages.debian.org, bookworm). */
const TO_BUILD = new Map<string, string | undefined>([
	// It comes with the compiler.
	['stdc++', undefined],
	...`z zlib1g-dev, zmq libzmq3-dev, xslt libxslt1-dev, curl libcurl4-openssl-dev, odbc unixodbc-dev,
	usb-1.0 libusb-1.0-0-dev, asound libasound2-dev, portaudio portaudio19-dev, jpeg libjpeg62-turbo-dev,
	cairo libcairo2-dev, glib-2.0 libglib2.0-dev, MagickWand libmagickwand-dev, opencv4 libopencv-dev`
		.split(/,\s+/)
		.map((row) => row.split(' ') as [name: string, built: string]),
]);

function packageToBuild(name: string): string | undefined {
	return TO_BUILD.has(name) ? TO_BUILD.get(name) : `lib${name}-dev`;
}

const LIBRARIES: readonly SharedLibrary[] = ROWS.map(([names, file, bookworm, trixie, alpine, heldBy = ADDED]) => ({
	names: new Set(names.split(' ')),
	file,
	debianToBuild: packageToBuild(names.split(' ')[0] as string),
	debian: { ...(bookworm !== '' && { bookworm }), ...(trixie !== '' && { trixie }) },
	alpine: alpine === '' ? undefined : alpine,
	heldBy,
}));

/** The library that `-lNAME`, or pkg-config, calls by the name; `undefined` where the table does not know it. */
export function sharedLibrary(name: string): SharedLibrary | undefined {
	return LIBRARIES.find(({ names }) => names.has(name));
}

/** @param file as a binary names it (DT_NEEDED) */
export function sharedLibraryInFile(file: string): SharedLibrary | undefined {
	return LIBRARIES.find((library) => library.file === file);
}

/**
 * Whether the library is one of the driver, which the NVIDIA Container Toolkit mounts when a container starts (libnvidia-container,
 * nvc_info.c).
 */
export function isMountedByEngine(file: string): boolean {
	return /^lib(?:cuda|cudadebugger|nvcuvid|nvoptix|nvidia-[\w-]+|\w+_nvidia)\.so(?:\.|$)/.test(file);
}

/** Packages of which none brings a library of the table along (packages.debian.org, pkgs.alpinelinux.org). */
export const BRINGS_NO_LIBRARY: ReadonlySet<string> = new Set(
	'ca-certificates ca-certificates-bundle tzdata netbase tini dumb-init su-exec gosu adduser passwd'.split(' '),
);
