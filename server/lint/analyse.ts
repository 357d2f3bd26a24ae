import { createDeploymentReader, isYamlPath } from '../deployments/deployments.ts';
import { readersAgreeOnEdits } from '../dockerfile/second-reader.ts';
import type { Dockerfile } from '../dockerfile/syntax.ts';
import { concernsGo, createFactsReader, type FactsReader, type FactsRequest } from '../facts/build-facts.ts';
import type { Facts } from '../facts/facts.ts';
import { type Meter, NO_METER } from '../facts/meter.ts';
import type { Finding, Fix } from '../findings/finding.ts';
import type { ReadLinked } from '../linked/linked-files.ts';
import { type GoInstallation, NO_INSTALLATION } from '../program/installation.ts';
import { rules as allRules } from '../rules/index.ts';
import type { Reported, Rule } from '../rules/rule.ts';
import { LimitError } from '../text/limit-error.ts';
import { applyEdits, editsOverlap } from '../text/text.ts';
import type { Archive } from '../workspace/archive.ts';
import type { Files } from '../workspace/files.ts';
import { createDeploymentAnalysis } from './analyse-deployment.ts';
import { inDeployments } from './in-deployments.ts';
import { type Analysis, describeError, inOrder, type ReportedFinding, reportedFinding } from './reported.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { readSuppressions } from './suppressions.ts';
import { problemOf, type Verified } from './verify.ts';

export type { Analysis, ReportedFinding } from './reported.ts';

export interface AnalysisRequest {
	/** The path of the Dockerfile, which need not exist, or of a YAML file. */
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
	/** The files below a directory that start images of the workspace, by path. */
	deploymentsIn(root: string): Promise<readonly string[]>;
	/** What the analyses are made from, for whoever asks about a directory instead of a Dockerfile. */
	readonly reader: FactsReader;
}

export interface AnalyserOptions {
	readonly files: Files;
	readonly installation?: GoInstallation;
	/** Where what was read of Go is kept from one process to the next. */
	readonly archive?: Archive | undefined;
	/** Reads programs in the build context as they were linked; without it little is known of them. */
	readonly readLinked?: ReadLinked | undefined;
	readonly rules?: readonly Rule[];
	/** Told of what must not happen, such as a rule that throws, and of which Dockerfile findings may be missing for that. */
	readonly log?: (message: string, path: string) => void;
	/** Measures each reader and rule. */
	readonly meter?: Meter | undefined;
	/** Whether the deployments of the workspace are read, which is so unless it is `false`. */
	readonly deployments?: boolean;
}

/** In characters. No Dockerfile that a person writes comes near it, and one that is made to be slow takes about a second. */
const MAX_LENGTH = 256 * 1024;

/** Joins the readers and the rules: the text of a Dockerfile or of a deployment in, sorted findings out. */
export function createAnalyser({
	files,
	installation = NO_INSTALLATION,
	archive,
	readLinked,
	rules = allRules,
	log = () => {},
	meter = NO_METER,
	deployments: withDeployments = true,
}: AnalyserOptions): Analyser {
	const deployments = withDeployments ? createDeploymentReader(files) : undefined;
	const reader = createFactsReader(files, installation, { archive, meter, readLinked, deployments });
	/** What is found in a Dockerfile of which all that the request asks for is known. */
	function findingsOf(facts: Facts, request: FactsRequest, settings: Settings): Pick<Analysis, 'findings' | 'suppressed'> {
		const verify = createVerifier(facts, async (fix) => {
			const others = await textsAfter(files, fix);
			const text = applyEdits(request.text, fix.edits);
			const after = await reader.read({ ...request, text, signal: undefined, ...(others.size > 0 && { changed: others }) });
			return { facts: after, findings: checkIfGo(after, rules, settings, log) };
		});
		const suppressed: ReportedFinding[] = [];
		return { findings: checkIfGo(facts, rules, settings, log, suppressed, verify, meter), suppressed };
	}
	const analyseDeployment = createDeploymentAnalysis({ files, reader, deployments, rules, log, meter, findingsOf });
	return {
		rules,
		reader,
		invalidate: (path) => reader.invalidate(path),
		deploymentsIn: async (root) => (await deployments?.filesOf(root)) ?? [],
		async analyse({ path, text, root, settings = DEFAULT_SETTINGS, signal, quick = false }) {
			signal?.throwIfAborted();
			if (isYamlPath(path)) return analyseDeployment({ path, text, root, settings, signal, quick });
			let facts: Facts | undefined;
			try {
				if (text.length > MAX_LENGTH) throw new LimitError(`it is longer than ${MAX_LENGTH} characters`);
				facts = await reader.read({ path, text, root, quick, signal });
			} catch (error) {
				signal?.throwIfAborted();
				log(`${path} could not be analysed: ${describeError(error)}`, path);
			}
			signal?.throwIfAborted();
			if (facts === undefined) return { path, text, facts, findings: [], suppressed: [], complete: !quick };
			return { path, text, facts, ...findingsOf(facts, { path, text, root, quick }, settings), complete: !quick };
		},
	};
}

/** Whether the text after a preferred fix of `finding` was found to be right. `findings` are all of the text before. */
type Verify = (finding: ReportedFinding, fix: Fix, findings: readonly ReportedFinding[]) => Promise<boolean>;

/** In instructions: so many are analysed to verify the fixes of one text. A text as people write them has a few dozen. */
const MOST_VERIFIED = 20_000;

/** @param analyseAfter analyses the text after the fix */
function createVerifier(facts: Facts, analyseAfter: (fix: Fix) => Promise<Verified>): Verify {
	let left = MOST_VERIFIED;
	return async (finding, fix, findings) => {
		left -= facts.dockerfile.instructions.length;
		if (left < 0) return false;
		const after = await analyseAfter(fix);
		const aspects = new Set(fix.changes);
		return problemOf({ before: { facts, findings }, after, fixed: [finding], edits: fix.edits, aspects }) === undefined;
	};
}

/** The texts of the other files that the fix changes or creates, by path. */
async function textsAfter(files: Files, { create, otherEdits }: Fix): Promise<ReadonlyMap<string, string>> {
	const texts = new Map(create);
	for (const [path, edits] of otherEdits ?? []) texts.set(path, applyEdits((await files.readText(path)) ?? '', edits));
	return texts;
}

function checkIfGo(facts: Facts, ...parameters: Tail<Parameters<typeof check>>): ReportedFinding[] {
	return concernsGo(facts) ? check(facts, ...parameters) : [];
}

type Tail<List> = List extends readonly [unknown, ...infer Rest] ? Rest : never;

/**
 * Asks every rule that is on. A rule that throws is a defect; it must not take the others' findings along.
 *
 * @param suppressed Takes what comments silence.
 * @param verify Asked of each preferred fix.
 */
export function check(
	facts: Facts,
	rules: readonly Rule[],
	settings: Settings,
	log: (message: string, path: string) => void,
	suppressed: ReportedFinding[] = [],
	verify: Verify = async () => true,
	meter: Meter = NO_METER,
): ReportedFinding[] {
	const { text, lineStarts, instructions } = facts.dockerfile;
	const suppressions = readSuppressions(text, lineStarts, instructions);
	const findings: ReportedFinding[] = [];
	const fail = (rule: Rule, error: unknown) => log(`The rule ${rule.code} failed on ${facts.path}: ${describeError(error)}`, facts.path);
	const asked = new Set<string>();
	const reported: Reported = {
		codes: allRules.map(({ code }) => code),
		suppresses: (line, code) =>
			asked.has(code) ? suppressed.some((finding) => finding.code === code && suppressions.isFor(line, finding.range)) : undefined,
	};
	for (const rule of [...rules.filter(({ last }) => !last), ...rules.filter(({ last }) => last)]) {
		const setting = settings.severities.get(rule.code);
		if (setting === 'off') continue;
		const done = meter.start(`rule ${rule.code}`);
		try {
			for (const finding of inDeployments(rule, facts, rule.check?.(facts, reported) ?? [], reported)) {
				const severity = setting ?? finding.severity ?? rule.severity;
				const silenced = suppressions.covers(rule.code, finding.range);
				const failed = (error: unknown) => fail(rule, error);
				const shown = reportedFinding(finding, rule, severity, {
					make: () => soundFixes(facts.dockerfile, finding, failed),
					verify: (finding, fix) => verify(finding, fix, findings),
					failed,
				});
				(silenced ? suppressed : findings).push(shown);
			}
		} catch (error) {
			fail(rule, error);
		}
		asked.add(rule.code);
		done();
	}
	return findings.sort(inOrder);
}

/** The finding's fixes that {@link isSound}. A fix that throws is a defect; the finding then has none. */
function soundFixes(dockerfile: Dockerfile, { fixes }: Finding, failed: (error: unknown) => void): readonly Fix[] {
	try {
		return (fixes?.() ?? []).filter((fix) => fix !== undefined).filter((fix) => isSound(dockerfile, fix));
	} catch (error) {
		failed(error);
		return [];
	}
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
