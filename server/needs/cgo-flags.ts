import type { GoBuild, GoFlag } from '../image/model.ts';
import { lastFlag } from '../image/shell/go-flags.ts';
import { SINCE_GO } from '../knowledge/go-releases.ts';
import type { Program } from '../program/model.ts';

/** A flag of a `go build` that requires cgo, or may require it. */
export interface CgoFlag {
	/** The flag as the go command names it: `-race`, `-buildmode=plugin`. */
	readonly text: string;
	readonly flag: GoFlag | undefined;
	/** Whether it is known that the flag requires cgo. */
	readonly certain: boolean;
	/** What the go command says without cgo; `undefined` where it is not known to fail. */
	readonly failure: string | undefined;
}

/** Instrumentation that links the C library (cmd/go/internal/work/init.go, instrumentInit). */
const INSTRUMENTATION = ['race', 'msan', 'asan'];

/** Build modes that the C linker finishes (cmd/go/internal/load/pkg.go, externalLinkingReason). */
const EXTERNAL_MODES = new Set(['plugin', 'c-shared', 'shared']);

/** Build modes that need C on some platforms or releases: position-independent code, and archives that only C code calls. */
const PERHAPS_EXTERNAL_MODES = new Set(['pie', 'c-archive']);

/** The flags of the build, those of GOFLAGS included, that require cgo, in the order in which the go command checks them. */
export function cgoFlags(build: GoBuild): CgoFlag[] {
	const found: CgoFlag[] = [];
	for (const name of INSTRUMENTATION) {
		const flag = lastFlag(build.flags, name);
		if (flag === undefined || isOff(flag)) continue;
		const certain = isOn(flag);
		found.push({ text: `-${name}`, flag, certain, failure: certain ? `-${name} requires cgo` : undefined });
	}
	const mode = lastFlag(build.flags, 'buildmode');
	if (mode !== undefined && (mode.value === undefined || EXTERNAL_MODES.has(mode.value) || PERHAPS_EXTERNAL_MODES.has(mode.value))) {
		found.push(
			external(
				build,
				mode.value === undefined ? 'a -buildmode that is not known' : `-buildmode=${mode.value}`,
				mode,
				EXTERNAL_MODES.has(mode.value ?? ''),
			),
		);
	}
	const shared = lastFlag(build.flags, 'linkshared');
	if (shared !== undefined && !isOff(shared)) found.push(external(build, '-linkshared', shared, isOn(shared)));
	if (build.linking.externalMode) found.push(external(build, '-linkmode=external', lastFlag(build.flags, 'ldflags'), true));
	else if (!build.linking.known) {
		found.push(external(build, 'flags whose value is not known', lastFlag(build.flags, 'ldflags'), false));
	}
	return found;
}

/** A flag that has the C linker finish the binary. Older releases of Go build it without cgo and warn. */
function external(build: GoBuild, text: string, flag: GoFlag | undefined, certain: boolean): CgoFlag {
	const checked = certain && build.goMinor !== undefined && build.goMinor >= SINCE_GO.checksExternalLinking;
	return { text, flag, certain, failure: checked ? `${text} requires external (cgo) linking, but cgo is not enabled` : undefined };
}

/** As the package flag of Go's library reads booleans (strconv.ParseBool). */
function isOn({ value }: GoFlag): boolean {
	return value !== undefined && /^(?:1|t|T|TRUE|true|True)$/.test(value);
}

function isOff({ value }: GoFlag): boolean {
	return value !== undefined && /^(?:0|f|F|FALSE|false|False)$/.test(value);
}

/** Whether GOEXPERIMENT in force switches BoringCrypto on; the last word about it counts (internal/buildcfg/exp.go). */
export function usesBoringCrypto(build: GoBuild): boolean {
	const names = build.command.goEnvironment.get('GOEXPERIMENT')?.value?.split(',') ?? [];
	return names.findLast((name) => /^(?:none|(?:no)?boringcrypto)$/.test(name)) === 'boringcrypto';
}

/** The public packages of Go that import crypto/internal/boring (src/crypto of Go 1.26). */
const BORING = /^crypto\/(?:aes|boring|ecdh|ecdsa|hmac|rand|rsa|sha1|sha256|sha512|tls)$/;

/** Whether the program has a part of Go's library for which BoringCrypto is there. */
export function mayUseBoringCrypto({ standardPackages }: Program): boolean {
	return [...standardPackages].some((path) => BORING.test(path));
}
