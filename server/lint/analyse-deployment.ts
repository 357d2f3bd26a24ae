import type { DeploymentReader, Running } from '../deployments/deployments.ts';
import { MAX_YAML_LENGTH } from '../deployments/yaml-tree.ts';
import { concernsGo, type FactsReader, type FactsRequest } from '../facts/build-facts.ts';
import type { Facts } from '../facts/facts.ts';
import type { Meter } from '../facts/meter.ts';
import type { Finding, Fix } from '../findings/finding.ts';
import type { Deployed, DeploymentFinding, Rule } from '../rules/rule.ts';
import { applyEdits, editsOverlap, lineStarts } from '../text/text.ts';
import type { Files } from '../workspace/files.ts';
import { givenContext, type InlineDockerfile, inCompose } from './inline-dockerfile.ts';
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
	/** What is found in a Dockerfile, here in one that stands in a deployment. */
	findingsOf(facts: Facts, request: FactsRequest, settings: Settings): Pick<Analysis, 'findings' | 'suppressed'>;
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

/** What is found in one way in which the file may be used. */
interface Reading {
	readonly found: readonly Found[];
	readonly inline: readonly Inline[];
}

/** A Dockerfile that stands in the file that is analysed, with its findings in that file. */
interface Inline extends InlineDockerfile, Pick<Analysis, 'findings' | 'suppressed'> {}

/**
 * Makes the analysis of a YAML file: each of its services that starts an image of the workspace is compared with what is known of that
 * image, and a Dockerfile that stands in the file is checked like any other. Nothing is reported of a file that concerns no image of the
 * workspace.
 *
 * Long because its functions share what they are made from.
 */
export function createDeploymentAnalysis(options: DeploymentAnalysisOptions): (request: Request) => Promise<Analysis> {
	const { files, reader, deployments, rules, log, meter, findingsOf } = options;
	const ruleset = rules.filter(({ checkService }) => checkService !== undefined);

	/** What is found in the file, where it has the text: what holds in all ways in which the file may be used. */
	async function readAllWays(request: Request): Promise<Reading> {
		const readings = (await deployments?.readingsOf(request.path, request.root, request.text)) ?? [];
		const ways: Reading[] = [];
		for (const running of readings) {
			// A service that starts no image of the workspace in this way may do so in another.
			if (running.length > 0) ways.push(await readWay(running, request));
		}
		const [first, ...others] = ways;
		if (first === undefined) return { found: [], inline: [] };
		const found = inAll(
			first.found,
			others.map((way) => way.found),
			({ rule, finding: { range } }) => `${rule.code} ${range.start}-${range.end}`,
			({ finding }) => finding.message,
		);
		const inline = first.inline.map((each) => {
			const its = (findings: 'findings' | 'suppressed') =>
				inAll(
					each[findings],
					others.map((way) => way.inline.flatMap((other) => other[findings])),
					({ code, range }) => `${code} ${range.start}-${range.end}`,
					({ message }) => message,
				);
			return { ...each, findings: its('findings'), suppressed: its('suppressed') };
		});
		return { found, inline };
	}

	async function readWay(running: readonly Running[], request: Request): Promise<Reading> {
		const { path, text, settings, signal } = request;
		const found: Found[] = [];
		const inline: Inline[] = [];
		const byDockerfile = new Map<string, Running[]>();
		for (const each of running) {
			const key = each.runs.inline === undefined ? each.runs.dockerfile : `${each.runs.dockerfile}\n${each.runs.inline}`;
			byDockerfile.set(key, [...(byDockerfile.get(key) ?? []), each]);
		}
		for (const services of byDockerfile.values()) {
			const asked = await requestFor(services, request);
			const facts = asked && (await reader.read({ ...asked, signal }));
			signal?.throwIfAborted();
			if (asked === undefined || facts === undefined || !concernsGo(facts)) continue;
			for (const deployed of facts.deployed) {
				found.push(...checkService({ ...deployed, facts }, path, settings));
			}
			const field = services.find(({ service }) => service.build?.inline !== undefined)?.service.build?.inline;
			if (field?.at.path !== path) continue;
			const dockerfile = { facts, field, text };
			const { findings, suppressed } = findingsOf(facts, asked, settings);
			const shown = (each: ReportedFinding) => inCompose(each, dockerfile);
			inline.push({ ...dockerfile, findings: findings.map(shown), suppressed: suppressed.map(shown) });
		}
		return { found, inline };
	}

	async function requestFor(running: readonly Running[], { root }: Request): Promise<FactsRequest | undefined> {
		const [{ runs } = { runs: undefined }] = running;
		if (runs === undefined) return undefined;
		const text = runs.inline ?? (await files.readText(runs.dockerfile));
		const context = runs.inline === undefined ? undefined : givenContext(running);
		return text === undefined ? undefined : { path: runs.dockerfile, text, root, quick: false, running, ...(context && { context }) };
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
		let reading: Reading;
		try {
			reading = await readAllWays(request);
		} catch (error) {
			signal?.throwIfAborted();
			log(`${path} could not be analysed: ${describeError(error)}`, path);
			return { ...nothing, deployment: false };
		}
		const { found, inline } = reading;
		if (found.length === 0 && inline.length === 0) return nothing;
		const severityOf = ({ rule, finding }: Found) => settings.severities.get(rule.code) ?? finding.severity ?? rule.severity;
		const before = found.map((each) => ({
			code: each.rule.code,
			severity: severityOf(each) as Exclude<ReturnType<typeof severityOf>, 'off'>,
			...each.finding,
		}));
		const suppressions = readSuppressionsOfYaml(withoutComments(text, inline), lineStarts(text));
		const isSuppressed = ({ code, range }: ReportedFinding) => suppressions.covers(code, range);
		const findings = inline.flatMap((each) => each.findings.filter((finding) => !isSuppressed(finding)));
		const suppressed = inline.flatMap((each) => [...each.suppressed, ...each.findings.filter(isSuppressed)]);
		for (const [index, { rule, finding }] of found.entries()) {
			const { severity } = before[index] as (typeof before)[number];
			const failed = (error: unknown) => log(`The rule ${rule.code} failed on ${path}: ${describeError(error)}`, path);
			const shown = reportedFinding(finding, rule, severity, {
				make: () => soundFixes(text, finding, failed),
				async verify(_, fix) {
					const changed = applyEdits(text, fix.edits);
					if (!(await readsAlike(path, text, changed))) return false;
					const after = (await readAllWays({ ...request, text: changed, signal: undefined })).found.map((each) => ({
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
			(isSuppressed(shown) ? suppressed : findings).push(shown);
		}
		return { ...nothing, inline: inline.map(({ facts }) => facts), findings: findings.sort(inOrder), suppressed };
	};
}

/**
 * What is found in all ways, each message once: services that share settings by an anchor share their findings.
 *
 * @param placeOf the rule and the place
 */
function inAll<Item>(
	first: readonly Item[],
	others: readonly (readonly Item[])[],
	placeOf: (item: Item) => string,
	messageOf: (item: Item) => string,
): Item[] {
	const common = first.filter((each) => others.every((other) => other.some((another) => placeOf(another) === placeOf(each))));
	return [...new Map(common.map((each) => [`${placeOf(each)} ${messageOf(each)}`, each])).values()];
}

/** The text without the comments of the Dockerfiles that stand in it, which are about these alone. */
function withoutComments(text: string, inline: readonly Inline[]): string {
	let result = text;
	for (const { field } of inline) {
		const { start, end } = field.at.range;
		result = result.slice(0, start) + result.slice(start, end).replaceAll('#', ' ') + result.slice(end);
	}
	return result;
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
