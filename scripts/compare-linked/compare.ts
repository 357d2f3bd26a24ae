import { type Comparison, compareLinked, functionsFor, readSilences } from './linked.ts';
import { PROGRAMS } from './programs.ts';

/**
 * Compares the findings of released programs with what the linker keeps of them:
 *
 *     npx tsx scripts/compare-linked/compare.ts [TEXT]
 *
 * TEXT is part of the names of those that are compared. It ends with status 1 where a finding is one that the binary cannot have, or where
 * nothing is reported of what it may have and `silent.txt` does not say why.
 */

const silences = readSilences();
let isFailed = false;
const chosen = PROGRAMS.filter((each) => each.name.includes(process.argv[2] ?? ''));
// The small ones first, which say most in the shortest time.
for (const { name } of chosen.sort((one, other) => Number(other.isSmall) - Number(one.isSmall))) {
	const compared = await compareLinked(name).catch((error: unknown): Comparison => ({ skipped: String(error) }));
	if ('skipped' in compared) {
		console.log(`${name}: skipped: ${compared.skipped.split('\n').slice(0, 3).join(' ')}`);
		continue;
	}
	const unread = compared.silent.filter((code) => !silences.has(`${name} ${code}`));
	isFailed ||= compared.invented.length + unread.length > 0;
	const parts = [
		...compared.invented.map((code) => `${code} is reported, but the binary cannot have it`),
		...unread.map((code) => `${code} is not reported, but the binary may have it (${functionsFor(code, compared).join(', ')})`),
		...compared.silent.filter((code) => !unread.includes(code)).map((code) => `${code}: ${silences.get(`${name} ${code}`)}`),
	];
	console.log(`${name}: ${parts.length === 0 ? 'agrees' : parts.join('; ')}`);
}
process.exitCode = isFailed ? 1 : 0;
