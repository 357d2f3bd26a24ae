/** The name among `names` that a person most likely meant by `written`, or `undefined` where none comes near. */
export function nearestName(written: string, names: Iterable<string>): string | undefined {
	const wanted = written.toLowerCase().slice(0, 100);
	let best = wanted.length >= 3 ? [...names].find((name) => name.startsWith(wanted)) : undefined;
	if (best !== undefined) return best;
	let bestDistance = Math.max(2, Math.floor(wanted.length / 3)) + 1;
	for (const name of names) {
		const distance = editDistance(wanted, name.toLowerCase());
		if (distance < bestDistance) {
			best = name;
			bestDistance = distance;
		}
	}
	return best;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
		}
		row = next;
	}
	return row[b.length] as number;
}
