import type { WrittenEdit } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import type { Finding, Fix, Severity } from '../findings/finding.ts';
import type { Rule } from '../rules/rule.ts';
import { LimitError } from '../text/limit-error.ts';

/** A finding as it is shown: with its code, and with the severity that the settings give it. */
export interface ReportedFinding extends Omit<Finding, 'fixes'> {
	readonly code: string;
	readonly severity: Severity;
	readonly rule: Rule;
	/**
	 * The changes that are offered. Made when they are first asked for; then the text after each preferred one is analysed too, and one
	 * that breaks something is not preferred.
	 */
	fixes(): Promise<readonly Fix[]>;
	/** The same without that analysis, for who analyses the text after several of them. */
	proposals(): readonly Fix[];
	/** Adds the comment that suppresses it, where that is not simply the line above it. */
	ignore?(): WrittenEdit | undefined;
}

/** What is said of one text of a Dockerfile, or of a file that deploys images. */
export interface Analysis {
	readonly path: string;
	readonly text: string;
	/** `undefined` where the text could not be read at all, and for a deployment, which has the facts of each of its Dockerfiles. */
	readonly facts: Facts | undefined;
	/** Whether it is of a file that deploys images, and was read. */
	readonly deployment?: boolean;
	/** What is known of the Dockerfiles that stand in the file, in its order. */
	readonly inline?: readonly Facts[];
	/** In the order of the text. */
	readonly findings: readonly ReportedFinding[];
	/** What comments in the text silence. */
	readonly suppressed: readonly ReportedFinding[];
	/** Whether the Go files were read; without them some findings are missing. */
	readonly complete: boolean;
}

/** How the fixes of a finding are made and verified. */
export interface FixSource {
	/** Those that are made for the finding, without one that breaks the file. */
	make(): readonly Fix[];
	/** Whether the text after a preferred fix was found to be right. */
	verify(shown: ReportedFinding, fix: Fix): Promise<boolean>;
	failed(error: unknown): void;
}

/** The finding as it is shown. */
export function reportedFinding(finding: Finding, rule: Rule, severity: Severity, { make, verify, failed }: FixSource): ReportedFinding {
	const proposals = once(make);
	const fixes = once(() => verified(proposals(), (fix) => verify(shown, fix), failed));
	const shown: ReportedFinding = { ...finding, code: rule.code, severity, rule, proposals, fixes };
	return shown;
}

/** The fixes, of which those stay preferred that are verified; each is verified once. */
async function verified(
	fixes: readonly Fix[],
	verify: (fix: Fix) => Promise<boolean>,
	failed: (error: unknown) => void,
): Promise<readonly Fix[]> {
	const result: Fix[] = [];
	for (const fix of fixes) {
		let sound = true;
		try {
			sound = !fix.preferred || (await verify(fix));
		} catch (error) {
			failed(error);
			sound = false;
		}
		result.push(sound ? fix : { ...fix, preferred: false });
	}
	return result;
}

/** `make`, called once, when its value is first asked for. */
function once<T>(make: () => T): () => T {
	let made: { readonly value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}

const SEVERITY_ORDER: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

export function inOrder(a: ReportedFinding, b: ReportedFinding): number {
	return (
		a.range.start - b.range.start ||
		SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity) ||
		a.range.end - b.range.end ||
		(a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
	);
}

export function describeError(error: unknown): string {
	if (error instanceof LimitError) return error.message;
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
