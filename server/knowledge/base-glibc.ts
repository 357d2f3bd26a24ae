/** The releases of glibc that distributions have. Each number is the N of a glibc 2.N. */

/** packages.debian.org, snapshot.debian.org: libc6 of each suite. */
const DEBIAN: readonly (readonly [names: RegExp, glibc: number])[] = [
	[/^(?:stretch|9)(?:[.-]|$)/, 24],
	[/^(?:buster|10)(?:[.-]|$)/, 28],
	[/^(?:bullseye|11)(?:[.-]|$)/, 31],
	[/^(?:bookworm|12)(?:[.-]|$)/, 36],
	[/^(?:trixie|13)(?:[.-]|$)/, 41],
];

/** packages.ubuntu.com: libc6 of each release with long-term support. */
const UBUNTU: readonly (readonly [names: RegExp, glibc: number])[] = [
	[/^(?:xenial|16\.04)(?:[.-]|$)/, 23],
	[/^(?:bionic|18\.04)(?:[.-]|$)/, 27],
	[/^(?:focal|20\.04)(?:[.-]|$)/, 31],
	[/^(?:jammy|22\.04)(?:[.-]|$)/, 35],
	[/^(?:noble|24\.04)(?:[.-]|$)/, 39],
];

/** Red Hat Enterprise Linux, and what is rebuilt from it, by major release. */
const REDHAT: ReadonlyMap<string, number> = new Map([
	['7', 17],
	['8', 28],
	['9', 34],
	['10', 39],
]);

/** By the release of Amazon Linux. */
const AMAZON: ReadonlyMap<string, number> = new Map([
	['2', 26],
	['2023', 34],
]);

/** @param tag a tag of the image debian, or one that starts as such a tag does */
export function glibcOfDebian(tag: string): number | undefined {
	return DEBIAN.find(([names]) => names.test(tag))?.[1];
}

export function glibcOfUbuntu(tag: string): number | undefined {
	return UBUNTU.find(([names]) => names.test(tag))?.[1];
}

export function glibcOfRedhat(tag: string): number | undefined {
	return REDHAT.get(/^\d+/.exec(tag)?.[0] ?? '');
}

export function glibcOfAmazon(tag: string): number | undefined {
	return AMAZON.get(/^\d+/.exec(tag)?.[0] ?? '');
}

/**
 * The Debian suite of a golang tag that names none; `undefined` where that is not surely known. Such tags moved to bookworm in June 2023
 * and to trixie in August 2025 (docker-library/golang, Makefile and versions.json), with the patches that lived then.
 *
 * @param version as the tag has it, `undefined` for `latest`
 */
export function suiteOfGolang(version: string | undefined): string | undefined {
	if (version === undefined) return 'trixie';
	const match = /^1(?:\.(\d+)(?:\.(\d+))?)?$/.exec(version);
	if (match === null) return undefined;
	// A tag without a patch goes with the newest one.
	const minor = Number(match[1] ?? Number.POSITIVE_INFINITY);
	const patch = Number(match[2] ?? Number.POSITIVE_INFINITY);
	if (minor >= 25 || (minor === 24 && patch > 6)) return 'trixie';
	if (minor === 24 && patch === 6) return undefined;
	if (minor >= 21 || (minor === 20 && patch >= 5) || (minor === 19 && patch >= 10)) return 'bookworm';
	return undefined;
}
