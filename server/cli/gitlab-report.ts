import type { Severity } from '../findings/finding.ts';
import { type CheckedFile, placeOf } from './checked.ts';
import { createFingerprints } from './fingerprints.ts';
import { pathFrom } from './places.ts';
import { json, type Printable } from './printable.ts';
import { oneLine } from './text-report.ts';

/** `blocker` stays free: GitLab shows it for what must not be merged, which a project decides. */
const SEVERITIES: Readonly<Record<Severity, 'info' | 'minor' | 'major' | 'critical'>> = {
	error: 'critical',
	warning: 'major',
	information: 'minor',
	hint: 'info',
};

/**
 * The findings for the Code Quality widget of GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. It
 * compares the fingerprints of two branches, so these must not depend on lines, and must differ within a report.
 *
 * @param base The directory that the paths start from: that of the checkout.
 */
export function gitlabReport(files: readonly CheckedFile[], base: string | undefined): Printable {
	const fingerprintOf = createFingerprints();
	return json(
		files.flatMap((file) => {
			const path = base === undefined ? file.path : pathFrom(base, file.path);
			return file.findings.map((finding) => ({
				description: oneLine(finding.message),
				check_name: finding.code,
				fingerprint: fingerprintOf(file, finding, path),
				severity: SEVERITIES[finding.severity],
				location: {
					path,
					lines: { begin: placeOf(file, finding.range.start).line + 1, end: placeOf(file, finding.range.end).line + 1 },
				},
			}));
		}),
	);
}
