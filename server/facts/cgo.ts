import type { RelatedPlace } from '../findings/finding.ts';
import type { GoBuild } from '../image/model.ts';
import { type CgoFlag, cgoFlags, usesBoringCrypto } from '../needs/cgo-flags.ts';
import { isRequiredCgo, type OlderGlibc } from '../needs/libc.ts';
import type { CgoPackage } from '../program/model.ts';
import type { Facts } from './facts.ts';

/** Why a build needs cgo, and how C code in a program is said and shown. */

/** Why a build needs cgo, or may need it. */
export interface CgoNeed {
	readonly cause: 'flag' | 'experiment' | 'code';
	/** As a person would say it: `-race`, `GOEXPERIMENT=boringcrypto`, `github.com/mattn/go-sqlite3, imported by …`. */
	readonly said: string;
	/** Whether it is known that the build, or the program, loses something without cgo. */
	readonly certain: boolean;
	/** What the go command says without cgo; `undefined` where the build passes, or where that is not known. */
	readonly failure: string | undefined;
	readonly flag: CgoFlag | undefined;
	readonly package: CgoPackage | undefined;
}

/**
 * All reasons for which turning cgo off may break the build or the program: flags (those of GOFLAGS included), GOEXPERIMENT, the
 * import of `plugin`, and C code, on any of the machines that may be built for. Where the list is empty, `CGO_ENABLED=0` is safe as
 * far as the program is known.
 */
export function cgoNeededFor(facts: Facts, build: GoBuild): readonly CgoNeed[] {
	return [
		...cgoFlags(build).map(
			(flag): CgoNeed => ({ cause: 'flag', said: flag.text, certain: flag.certain, failure: flag.failure, flag, package: undefined }),
		),
		...experimentNeeds(build),
		...toolchainNeeds(facts, build),
		...(facts.programOf(build)?.cgoPackages ?? []).flatMap(codeNeed),
	];
}

/**
 * C code that the program does without has no part in it. Where that is not known, code of the workspace counts, and what is there on
 * some machines only; what modules bring on all of them is mostly for speed.
 */
function codeNeed(each: CgoPackage): CgoNeed[] {
	const certain = isRequiredCgo(each);
	if (!certain && !(each.withoutCgo === 'unknown' && (each.own || !each.everywhere || each.importPath === 'plugin'))) return [];
	return [{ cause: 'code', said: saidOfCgo(each), certain, failure: each.failure, flag: undefined, package: each }];
}

/**
 * Experiments of other builds of Go that may bring cryptography by C code: systemcrypto and opensslcrypto (github.com/microsoft/go),
 * strictfipsruntime (Red Hat). Of Go's own only boringcrypto does (internal/goexperiment).
 */
const MAY_NEED_C = /crypto|fips/;

/** BoringCrypto, or another experiment that may need C, as GOEXPERIMENT in force names it. */
function experimentNeeds(build: GoBuild): CgoNeed[] {
	const setting = build.command.goEnvironment.get('GOEXPERIMENT');
	if (setting === undefined) return [];
	const need = (value: string | undefined, certain: boolean): CgoNeed[] => [
		{
			cause: 'experiment',
			said: value === undefined ? 'GOEXPERIMENT' : `GOEXPERIMENT=${value}`,
			certain,
			failure: undefined,
			flag: undefined,
			package: undefined,
		},
	];
	if (setting.value === undefined) return need(undefined, false);
	if (usesBoringCrypto(build)) return need('boringcrypto', true);
	const other = setting.value.split(',').find((name) => MAY_NEED_C.test(name) && !/^no|^boringcrypto$/.test(name));
	return other === undefined ? [] : need(other, false);
}

/** Red Hat's Go does its cryptography by OpenSSL where the machine runs in FIPS mode, and only with cgo (developers.redhat.com, go-toolset). */
function toolchainNeeds(facts: Facts, build: GoBuild): CgoNeed[] {
	const reference = facts.image.stages[build.stage.index]?.base?.reference ?? '';
	if (!/\/go-toolset(?:[:@]|$)/.test(reference)) return [];
	return [
		{ cause: 'experiment', said: 'the FIPS mode of go-toolset', certain: false, failure: undefined, flag: undefined, package: undefined },
	];
}

/** The package, and the import that brings it in. */
export function saidOfCgo(each: CgoPackage): string {
	return each.chain.length > 1 ? `${each.importPath}, imported by ${each.chain.at(-2)}` : each.importPath;
}

/** The Go lines that import "C", or that import what is known to. */
export function cgoPlaces(packages: readonly CgoPackage[]): RelatedPlace[] {
	return packages.flatMap(({ path, line, importPath }) =>
		path === undefined
			? []
			: [
					{
						path,
						line,
						character: 0,
						length: 0,
						message: importPath === 'plugin' ? 'package plugin needs cgo' : `${importPath} has C code`,
					},
				],
	);
}

/** What the loader says where its C library is too old. */
export function saidOfOlderGlibc(image: string, { required, there }: OlderGlibc): string {
	return `it needs glibc 2.${required} or newer, but ${image} has 2.${there}: the container fails with 'version \`GLIBC_2.${required}' not found'.`;
}
