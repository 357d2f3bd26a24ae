import { readersAgreeOnEdits } from '../dockerfile/second-reader.ts';
import type { Dockerfile } from '../dockerfile/syntax.ts';
import { concernsGo, createFactsReader, type FactsReader } from '../facts/build-facts.ts';
import type { Facts } from '../facts/facts.ts';
import { type GoInstallation, NO_INSTALLATION } from '../program/installation.ts';
import { rules as allRules } from '../rules/index.ts';
import type { Finding, Fix, Rule, Severity } from '../rules/rule.ts';
import { LimitError } from '../text/limit-error.ts';
import { editsOverlap } from '../text/text.ts';
import type { Archive } from '../workspace/archive.ts';
import type { Files } from '../workspace/files.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { readSuppressions } from './suppressions.ts';

/** A finding as it is shown: with its code, and with the severity that the settings give it. */
export interface ReportedFinding extends Omit<Finding, 'fixes'> {
	readonly code: string;
	readonly severity: Severity;
	readonly rule: Rule;
	/** The changes that are offered; made when they are first asked for. */
	fixes(): readonly Fix[];
}

/** What is said of one text of a Dockerfile. */
export interface Analysis {
	readonly path: string;
	readonly text: string;
	/** `undefined` where the text could not be read at all. */
	readonly facts: Facts | undefined;
	/** In the order of the text. */
	readonly findings: readonly ReportedFinding[];
	/** What comments in the text silence. */
	readonly suppressed: readonly ReportedFinding[];
	/** Whether the Go files were read; without them some findings are missing. */
	readonly complete: boolean;
}

export interface AnalysisRequest {
	/** The path of the Dockerfile; it need not exist. */
	readonly path: string;
	readonly text: string;
	/** The workspace directory; nothing outside it is read but modules and the Go installation. */
	readonly root: string;
	readonly settings?: Settings;
	readonly signal?: AbortSignal;
	/** Whether to leave the Go files unread, so that an answer is there at once. */
	readonly quick?: boolean;
}

export interface Analyser {
	/**
	 * @throws The signal's reason once it is aborted, and nothing else.
	 */
	analyse(request: AnalysisRequest): Promise<Analysis>;
	/** Forgets what was read of the file, or of all files. */
	invalidate(path?: string): void;
	readonly rules: readonly Rule[];
	/** What the analyses are made from, for whoever asks about a directory instead of a Dockerfile. */
	readonly reader: FactsReader;
}

export interface AnalyserOptions {
	readonly files: Files;
	readonly installation?: GoInstallation;
	/** Where what was read of Go is kept from one process to the next. */
	readonly archive?: Archive | undefined;
	readonly rules?: readonly Rule[];
	/** Told of what must not happen, such as a rule that throws, and of which Dockerfile findings may be missing for that. */
	readonly log?: (message: string, path: string) => void;
}

/** In characters. No Dockerfile that a person writes comes near it, and one that is made to be slow takes about a second. */
const MAX_LENGTH = 256 * 1024;

/** Joins the readers and the rules: a Dockerfile's text in, sorted findings out. */
export function createAnalyser({
	files,
	installation = NO_INSTALLATION,
	archive,
	rules = allRules,
	log = () => {},
}: AnalyserOptions): Analyser {
	const reader = createFactsReader(files, installation, archive);
	return {
		rules,
		reader,
		invalidate: (path) => reader.invalidate(path),
		async analyse({ path, text, root, settings = DEFAULT_SETTINGS, signal, quick = false }) {
			signal?.throwIfAborted();
			let facts: Facts | undefined;
			try {
				if (text.length > MAX_LENGTH) throw new LimitError(`it is longer than ${MAX_LENGTH} characters`);
				facts = await reader.read({ path, text, root, quick, signal });
			} catch (error) {
				signal?.throwIfAborted();
				log(`${path} could not be analysed: ${describeError(error)}`, path);
			}
			signal?.throwIfAborted();
			const suppressed: ReportedFinding[] = [];
			const findings = facts === undefined || !concernsGo(facts) ? [] : check(facts, rules, settings, log, suppressed);
			return { path, text, facts, findings, suppressed, complete: !quick };
		},
	};
}

/**
 * Asks every rule that is on. A rule that throws is a defect; it must not take the others' findings along.
 *
 * @param suppressed Takes what comments silence.
 */
export function check(
	facts: Facts,
	rules: readonly Rule[],
	settings: Settings,
	log: (message: string, path: string) => void,
	suppressed: ReportedFinding[] = [],
): ReportedFinding[] {
	const { text, lineStarts, instructions } = facts.dockerfile;
	const suppressions = readSuppressions(text, lineStarts, instructions);
	const findings: ReportedFinding[] = [];
	const fail = (rule: Rule, error: unknown) => log(`The rule ${rule.code} failed on ${facts.path}: ${describeError(error)}`, facts.path);
	for (const rule of rules) {
		const setting = settings.severities.get(rule.code);
		if (setting === 'off') continue;
		try {
			for (const finding of rule.check(facts)) {
				const severity = setting ?? finding.severity ?? rule.severity;
				const silenced = suppressions.covers(rule.code, finding.range);
				const fixes = fixesOnce(facts.dockerfile, finding, (error) => fail(rule, error));
				(silenced ? suppressed : findings).push({ ...finding, code: rule.code, severity, rule, fixes });
			}
		} catch (error) {
			fail(rule, error);
		}
	}
	return findings.sort(inOrder);
}

/** The finding's fixes that {@link isSound}, made once. A fix that throws is a defect; the finding then has none. */
function fixesOnce(dockerfile: Dockerfile, { fixes }: Finding, failed: (error: unknown) => void): () => readonly Fix[] {
	let made: readonly Fix[] | undefined;
	return () => {
		try {
			made ??= (fixes?.() ?? []).filter((fix) => fix !== undefined).filter((fix) => isSound(dockerfile, fix));
		} catch (error) {
			failed(error);
			made = [];
		}
		return made;
	};
}

/**
 * Whether the fix does something and does not break the file: its edits do not overlap, they change the text, and the two readers of
 * Dockerfiles still agree.
 */
function isSound(dockerfile: Dockerfile, { edits }: Fix): boolean {
	if (edits.length === 0) {
		// It creates or edits other files.
		return true;
	}
	const changes = edits.some(({ range, newText }) => dockerfile.text.slice(range.start, range.end) !== newText);
	return changes && !editsOverlap(edits) && readersAgreeOnEdits(dockerfile, edits);
}

const SEVERITY_ORDER: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

function inOrder(a: ReportedFinding, b: ReportedFinding): number {
	return (
		a.range.start - b.range.start ||
		SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity) ||
		a.range.end - b.range.end ||
		(a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
	);
}

function describeError(error: unknown): string {
	if (error instanceof LimitError) return error.message;
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
