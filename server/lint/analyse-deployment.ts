import type { DeploymentReader, Running } from '../deployments/deployments.ts';
import { MAX_YAML_LENGTH } from '../deployments/yaml-tree.ts';
import { concernsGo, type FactsReader } from '../facts/build-facts.ts';
import type { Facts } from '../facts/facts.ts';
import type { Meter } from '../facts/meter.ts';
import type { Finding, Fix } from '../findings/finding.ts';
import type { Deployed, DeploymentFinding, Rule } from '../rules/rule.ts';
import { applyEdits, editsOverlap, lineStarts } from '../text/text.ts';
import type { Files } from '../workspace/files.ts';
import { readsAlike } from './reads-alike.ts';
import { type Analysis, describeError, inOrder, type ReportedFinding, reportedFinding } from './reported.ts';
import type { Settings } from './settings.ts';
import { readSuppressionsOfYaml } from './suppressions.ts';
import { problemOf } from './verify.ts';

/** What the analysis of deployments is made from. */
export interface DeploymentAnalysisOptions {
	readonly files: Files;
	readonly reader: FactsReader;
	/** `undefined` where deployments are left out. */
	readonly deployments: DeploymentReader | undefined;
	readonly rules: readonly Rule[];
	readonly log: (message: string, path: string) => void;
	readonly meter: Meter;
}

interface Request {
	readonly path: string;
	readonly text: string;
	readonly root: string;
	readonly settings: Settings;
	readonly signal: AbortSignal | undefined;
	readonly quick: boolean;
}

/** A finding of a rule, in the file that is analysed. */
interface Found {
	readonly rule: Rule;
	readonly finding: Finding;
}

/**
 * Makes the analysis of a YAML file: each of its services that starts an image of the workspace is compared with what is known of that
 * image. Nothing is reported of a file that concerns no image of the workspace.
 *
 * Long because its functions share what they are made from.
 */
export function createDeploymentAnalysis(options: DeploymentAnalysisOptions): (request: Request) => Promise<Analysis> {
	const { files, reader, deployments, rules, log, meter } = options;
	const ruleset = rules.filter(({ checkService }) => checkService !== undefined);

	/** What the rules find in the file, where it has the text: what holds in all ways in which the file may be used. */
	async function findingsOf({ path, text, root, settings, signal }: Request): Promise<Found[]> {
		const readings = (await deployments?.readingsOf(path, root, text)) ?? [];
		const found: Found[][] = [];
		for (const running of readings) {
			// A service that starts no image of the workspace in this way may do so in another.
			if (running.length === 0) continue;
			found.push(await findingsOfReading(running, { path, text, root, settings, signal, quick: false }));
		}
		const [first = [], ...others] = found;
		const keyOf = ({ rule, finding: { range } }: Found) => `${rule.code} ${range.start}-${range.end}`;
		const common = first.filter((each) => others.every((other) => other.some((another) => keyOf(another) === keyOf(each))));
		// Services that share settings by an anchor share their findings.
		return [...new Map(common.map((each) => [`${keyOf(each)} ${each.finding.message}`, each])).values()];
	}

	async function findingsOfReading(running: readonly Running[], request: Request): Promise<Found[]> {
		const { path, settings, signal } = request;
		const found: Found[] = [];
		const byDockerfile = new Map<string, Running[]>();
		for (const each of running) {
			const key = each.runs.inline === undefined ? each.runs.dockerfile : `${each.runs.dockerfile}\n${each.runs.inline}`;
			byDockerfile.set(key, [...(byDockerfile.get(key) ?? []), each]);
		}
		for (const services of byDockerfile.values()) {
			const facts = await factsOf(services, request);
			signal?.throwIfAborted();
			if (facts === undefined || !concernsGo(facts)) continue;
			for (const deployed of facts.deployed) {
				found.push(...checkService({ ...deployed, facts }, path, settings));
			}
		}
		return found;
	}

	async function factsOf(running: readonly Running[], { root, signal }: Request): Promise<Facts | undefined> {
		const [{ runs } = { runs: undefined }] = running;
		if (runs === undefined) return undefined;
		const text = runs.inline ?? (await files.readText(runs.dockerfile));
		return text === undefined ? undefined : reader.read({ path: runs.dockerfile, text, root, quick: false, running, signal });
	}

	function* checkService(deployed: Deployed, path: string, settings: Settings): Iterable<Found> {
		for (const rule of ruleset) {
			if (settings.severities.get(rule.code) === 'off') continue;
			const done = meter.start(`rule ${rule.code}`);
			try {
				for (const { at, ...finding } of rule.checkService?.(deployed) ?? ([] as readonly DeploymentFinding[])) {
					if (at.path === path) yield { rule, finding: { ...finding, range: at.range } };
				}
			} catch (error) {
				log(`The rule ${rule.code} failed on ${path}: ${describeError(error)}`, path);
			}
			done();
		}
	}

	return async (request) => {
		const { path, text, settings, signal, quick } = request;
		const nothing = { path, text, facts: undefined, deployment: true, findings: [], suppressed: [], complete: !quick };
		if (quick || deployments === undefined || text.length > MAX_YAML_LENGTH) return nothing;
		let found: Found[] = [];
		try {
			found = await findingsOf(request);
		} catch (error) {
			signal?.throwIfAborted();
			log(`${path} could not be analysed: ${describeError(error)}`, path);
			return { ...nothing, deployment: false };
		}
		if (found.length === 0) return nothing;
		const severityOf = ({ rule, finding }: Found) => settings.severities.get(rule.code) ?? finding.severity ?? rule.severity;
		const before = found.map((each) => ({
			code: each.rule.code,
			severity: severityOf(each) as Exclude<ReturnType<typeof severityOf>, 'off'>,
			...each.finding,
		}));
		const suppressions = readSuppressionsOfYaml(text, lineStarts(text));
		const findings: ReportedFinding[] = [];
		const suppressed: ReportedFinding[] = [];
		for (const [index, { rule, finding }] of found.entries()) {
			const { severity } = before[index] as (typeof before)[number];
			const failed = (error: unknown) => log(`The rule ${rule.code} failed on ${path}: ${describeError(error)}`, path);
			const shown = reportedFinding(finding, rule, severity, {
				make: () => soundFixes(text, finding, failed),
				async verify(_, fix) {
					const changed = applyEdits(text, fix.edits);
					if (!(await readsAlike(path, text, changed))) return false;
					const after = (await findingsOf({ ...request, text: changed })).map((each) => ({
						code: each.rule.code,
						severity: each.finding.severity ?? each.rule.severity,
						...each.finding,
					}));
					const fixed = before.slice(index, index + 1);
					const of = { facts: undefined, deployment: true };
					const change = { before: { ...of, findings: before }, after: { ...of, findings: after } };
					return problemOf({ ...change, fixed, edits: fix.edits, aspects: new Set() }) === undefined;
				},
				failed,
			});
			(suppressions.covers(rule.code, finding.range) ? suppressed : findings).push(shown);
		}
		return { ...nothing, findings: findings.sort(inOrder), suppressed };
	};
}

/** The finding's fixes that change the text, each without edits that overlap. A fix that throws is a defect; the finding then has none. */
function soundFixes(text: string, { fixes }: Finding, failed: (error: unknown) => void): readonly Fix[] {
	try {
		return (fixes?.() ?? [])
			.filter((fix) => fix !== undefined)
			.filter(({ edits }) => {
				const changes = edits.some(({ range, newText }) => text.slice(range.start, range.end) !== newText);
				return changes && !editsOverlap(edits);
			});
	} catch (error) {
		failed(error);
		return [];
	}
}
