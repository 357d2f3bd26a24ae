import type { ReportedFinding } from '../lint/analyse.ts';
import { fingerprint } from '../text/fingerprint.ts';
import { textOfFinding } from './baseline.ts';
import type { CheckedFile } from './checked.ts';

/** The fingerprint of a finding in the file at that path of the repository. */
export type FingerprintOf = (file: CheckedFile, finding: ReportedFinding, path: string) => string;

/**
 * Fingerprints of the findings of a report: of the rule, the path and the text, so that they survive moved lines. Findings that are alike
 * in all three are told apart by their order.
 */
export function createFingerprints(): FingerprintOf {
	const counts = new Map<string, number>();
	return (file, finding, path) => {
		const text = `${finding.code}\0${path}\0${textOfFinding(file, finding)}`;
		const count = counts.get(text) ?? 0;
		counts.set(text, count + 1);
		return fingerprint(`${text}\0${count}`);
	};
}
