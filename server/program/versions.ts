/**
 * Compares two module versions as the go command orders them: by their numbers, a pre-release before its release. Negative where
 * `a` is the older; what is no version is older than any.
 */
export function compareVersions(a: string, b: string): number {
	const left = parse(a);
	const right = parse(b);
	if (left === undefined || right === undefined) return (left === undefined ? 0 : 1) - (right === undefined ? 0 : 1);
	for (let index = 0; index < 3; index++) {
		const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0);
		if (difference !== 0) return difference;
	}
	if (left.prerelease === right.prerelease) return 0;
	if (left.prerelease === '') return 1;
	if (right.prerelease === '') return -1;
	return comparePrereleases(left.prerelease.split('.'), right.prerelease.split('.'));
}

function parse(version: string): { readonly numbers: readonly number[]; readonly prerelease: string } | undefined {
	const match = /^v(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(version);
	if (match === null) return undefined;
	return { numbers: [match[1], match[2], match[3]].map((number) => Number(number ?? 0)), prerelease: match[4] ?? '' };
}

function comparePrereleases(left: readonly string[], right: readonly string[]): number {
	for (let index = 0; index < Math.min(left.length, right.length); index++) {
		const a = left[index] as string;
		const b = right[index] as string;
		if (a === b) continue;
		const numbers = [a, b].map((part) => /^\d+$/.test(part));
		if (numbers[0] && numbers[1]) return a.length - b.length || (a < b ? -1 : 1);
		if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1;
		return a < b ? -1 : 1;
	}
	return left.length - right.length;
}
