import type { ReadClosure } from './closure.ts';
import type { CgoPackage } from './model.ts';
import { importsC, type PackageFiles } from './read-package.ts';

/** What is known of a package with C code beyond what its files show. */
interface KnownCgoPackage {
	/** The import path, of the package itself or of one above it. */
	readonly path: string;
	readonly withoutCgo: CgoPackage['withoutCgo'];
	readonly alternative: string | undefined;
}

/**
 * Packages that are nothing without C. `stub`: they compile and then fail when called; `no`: what is left does not compile. Their
 * own documentation or `!cgo` files say so. Longer paths come before shorter ones that they begin with.
 */
const KNOWN: readonly KnownCgoPackage[] = [
	{ path: 'github.com/mattn/go-sqlite3', withoutCgo: 'stub', alternative: 'modernc.org/sqlite' },
	{ path: 'gorm.io/driver/sqlite', withoutCgo: 'stub', alternative: 'github.com/glebarez/sqlite' },
	{ path: 'crawshaw.io/sqlite', withoutCgo: 'no', alternative: 'zombiezen.com/go/sqlite' },
	{ path: 'github.com/confluentinc/confluent-kafka-go', withoutCgo: 'no', alternative: 'github.com/twmb/franz-go' },
	{ path: 'github.com/DataDog/zstd', withoutCgo: 'no', alternative: 'github.com/klauspost/compress/zstd' },
	{ path: 'github.com/valyala/gozstd', withoutCgo: 'no', alternative: 'github.com/klauspost/compress/zstd' },
	{ path: 'github.com/godror/godror', withoutCgo: 'no', alternative: 'github.com/sijms/go-ora/v2' },
	{ path: 'github.com/libgit2/git2go', withoutCgo: 'no', alternative: 'github.com/go-git/go-git/v5' },
	{ path: 'github.com/pebbe/zmq4', withoutCgo: 'no', alternative: 'github.com/go-zeromq/zmq4' },
	{ path: 'github.com/marcboeker/go-duckdb', withoutCgo: 'no', alternative: undefined },
	{ path: 'github.com/google/gopacket/pcap', withoutCgo: 'no', alternative: undefined },
	{ path: 'github.com/gopacket/gopacket/pcap', withoutCgo: 'no', alternative: undefined },
	{ path: 'github.com/miekg/pkcs11', withoutCgo: 'no', alternative: undefined },
	{ path: 'github.com/h2non/bimg', withoutCgo: 'no', alternative: undefined },
	{ path: 'github.com/davidbyttow/govips', withoutCgo: 'no', alternative: undefined },
	{ path: 'github.com/linxGnu/grocksdb', withoutCgo: 'no', alternative: undefined },
	{ path: 'gopkg.in/gographics/imagick.v3', withoutCgo: 'no', alternative: undefined },
	{ path: 'gocv.io/x/gocv', withoutCgo: 'no', alternative: undefined },
];

/** The packages of the closure that want a C compiler, whether or not the build has cgo on, those not on disk included where known. */
export function findCgoPackages(closure: ReadClosure, chainOf: (importPath: string) => readonly string[]): CgoPackage[] {
	const found: CgoPackage[] = [];
	for (const [importPath, files] of closure.packageFiles) {
		const [first] = files.cgoFiles;
		if (first === undefined) continue;
		const known = knownPackage(importPath);
		found.push({
			importPath,
			chain: chainOf(importPath),
			path: first.path,
			line: first.header.imports.find((spec) => spec.path === 'C')?.line ?? 0,
			withoutCgo: withoutCgo(files, known),
			alternative: known?.alternative,
		});
	}
	for (const importPath of closure.unread.keys()) {
		const known = knownPackage(importPath);
		if (known === undefined) continue;
		found.push({
			importPath,
			chain: chainOf(importPath),
			path: undefined,
			line: 0,
			withoutCgo: known.withoutCgo,
			alternative: known.alternative,
		});
	}
	return found;
}

function knownPackage(importPath: string): KnownCgoPackage | undefined {
	return KNOWN.find(({ path }) => importPath === path || importPath.startsWith(`${path}/`));
}

/**
 * Whether the package builds without cgo. Files that are there for builds without cgo alone show that its author provided for
 * them; what remains by chance may not even compile, and that is not known.
 */
function withoutCgo(files: PackageFiles, known: KnownCgoPackage | undefined): CgoPackage['withoutCgo'] {
	if (files.filesWithoutCgo.length === 0) return 'no';
	if (known !== undefined) return known.withoutCgo;
	const fallback = files.filesWithoutCgo.some((file) => /!\s*cgo\b/.test(file.header.constraint ?? ''));
	return fallback && files.cgoFiles.every(importsC) ? 'yes' : 'unknown';
}
