import { pathToFileURL } from 'node:url';
import type { Location, Log, Notification, ReportingDescriptor, Result, Fix as SarifFix, Suppression } from 'sarif';
import { placeText } from '../built-image/places.ts';
import type { Fix, Severity } from '../findings/finding.ts';
import { documentationOf, PROJECT_PAGE } from '../knowledge/addresses.ts';
import type { ReportedFinding } from '../lint/analyse.ts';
import { plainText, rulePage } from '../lint/documentation.ts';
import type { Rule } from '../rules/rule.ts';
import { withoutLinks } from '../text/message.ts';
import { isAbsolute, relativeWithin } from '../workspace/paths.ts';
import { changesOf, type TextOf } from './changes.ts';
import { type CheckedFile, placeOf, relatedPlace } from './checked.ts';
import type { Failure } from './failures.ts';
import { createFingerprints, type FingerprintOf } from './fingerprints.ts';
import { json, type Printable } from './printable.ts';

export interface SarifRequest {
	readonly files: readonly CheckedFile[];
	/** Whether a baseline tells new findings from others. */
	readonly withBaseline: boolean;
	/** Whether the log holds what comments and the baseline silence: not every reader heeds how it marks them. */
	readonly withSuppressed: boolean;
	readonly rules: readonly Rule[];
	readonly version: string;
	/** The directory that the paths start from, normalized; without one they start from the root of the file system. */
	readonly base: string | undefined;
	readonly workingDirectory: string | undefined;
	/** What was warned of on the way. */
	readonly warnings: readonly string[];
	/** What could not be read or analysed; more may come while the fixes are made. */
	readonly failures: readonly Failure[];
	/** Called once all else is made. */
	readonly exitCode: () => number;
	readonly textOf: TextOf;
}

const LEVELS = { error: 'error', warning: 'warning', information: 'note', hint: 'note' } as const satisfies Record<Severity, string>;

/** What code scanning calls the severities of a rule that is not about security. */
const PROBLEMS: Readonly<Record<Severity, string>> = {
	error: 'error',
	warning: 'warning',
	information: 'recommendation',
	hint: 'recommendation',
};

/** The name for the directory that relative URIs start from, which a reader may put elsewhere. */
const BASE = '%SRCROOT%';

/** The findings in the Static Analysis Results Interchange Format, version 2.1.0. */
export async function sarifReport(request: SarifRequest): Promise<Printable> {
	const { files, rules, version, base, workingDirectory, warnings, failures, exitCode } = request;
	const results: Result[] = [];
	for (const file of files) {
		const fingerprintOf = createFingerprints();
		const add = async (findings: readonly ReportedFinding[], more: Partial<Result>) => {
			for (const finding of findings) results.push({ ...(await resultOf(request, file, finding, fingerprintOf)), ...more });
		};
		await add(file.findings, request.withBaseline ? { baselineState: 'new' } : {});
		if (!request.withSuppressed) continue;
		const inBaseline: Suppression = { kind: 'external', status: 'accepted', justification: 'Listed in the baseline.' };
		await add(file.known, { baselineState: 'unchanged', suppressions: [inBaseline] });
		await add(file.suppressed, { suppressions: [{ kind: 'inSource', status: 'accepted' }] });
	}
	const log: Log = {
		$schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
		version: '2.1.0',
		runs: [
			{
				tool: {
					driver: {
						name: 'go-scratch',
						semanticVersion: version,
						version,
						informationUri: PROJECT_PAGE,
						rules: rules.map(descriptorOf),
					},
				},
				automationDetails: { id: 'go-scratch/' },
				invocations: [
					{
						executionSuccessful: failures.length === 0,
						exitCode: exitCode(),
						...(workingDirectory === undefined ? {} : { workingDirectory: { uri: directoryUri(workingDirectory) } }),
						toolExecutionNotifications: [
							...warnings.map((text): Notification => ({ level: 'warning', message: messageOf(text) })),
							...failures.map((failure) => notificationOf(base, failure)),
						],
					},
				],
				...(base === undefined
					? {}
					: { originalUriBaseIds: { [BASE]: { uri: directoryUri(base), description: { text: 'The root of the repository.' } } } }),
				artifacts: files.map((file) => ({
					location: locationOf(base, file.path),
					roles: ['analysisTarget'],
					...(file.image === undefined && { sourceLanguage: 'dockerfile' }),
				})),
				columnKind: 'utf16CodeUnits',
				results,
			},
		],
	};
	return json(log);
}

function notificationOf(base: string | undefined, { message, of }: Failure): Notification {
	const notification: Notification = { level: 'error', message: messageOf(message) };
	// A path that starts from a directory that was removed is nowhere.
	if (!isAbsolute(of.path)) return notification;
	return { ...notification, locations: [{ physicalLocation: { artifactLocation: locationOf(base, of.path) } }] };
}

/** What is said of a rule, so that a reader needs no network to show it. */
function descriptorOf(rule: Rule): ReportingDescriptor {
	const { code, severity, documentation } = rule;
	const markdown = rulePage(rule);
	return {
		id: code,
		name: code.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase()),
		shortDescription: { text: plainText(documentation.summary) },
		fullDescription: { text: plainText(documentation.why), markdown: documentation.why },
		help: { text: plainText(markdown), markdown },
		helpUri: documentationOf(code),
		defaultConfiguration: { enabled: true, level: LEVELS[severity] },
		properties: { tags: ['dockerfile', 'go'], precision: 'high', 'problem.severity': PROBLEMS[severity], severity, fixAll: rule.fixAll },
	};
}

async function resultOf(
	{ rules, base, textOf }: SarifRequest,
	file: CheckedFile,
	finding: ReportedFinding,
	fingerprintOf: FingerprintOf,
): Promise<Result> {
	const { code, severity, message, range, related = [] } = finding;
	const start = placeOf(file, range.start);
	const end = placeOf(file, range.end);
	const location = locationOf(base, file.path);
	return {
		ruleId: code,
		ruleIndex: rules.findIndex((rule) => rule.code === code),
		kind: 'fail',
		level: LEVELS[severity],
		message: messageOf(message),
		locations: [
			{
				physicalLocation: {
					artifactLocation: location,
					// Some readers require a line, which an image does not have.
					region: { startLine: start.line + 1, startColumn: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 },
				},
				...logicalLocations(file, finding),
			},
		],
		relatedLocations: related.map((place, index): Location => {
			const { line, character } = relatedPlace(file, place);
			return {
				id: index + 1,
				message: messageOf(place.message),
				physicalLocation: {
					artifactLocation: locationOf(base, place.path),
					region: { startLine: line + 1, startColumn: character + 1, endLine: line + 1, endColumn: character + place.length + 1 },
				},
			};
		}),
		partialFingerprints: { 'goScratchFinding/v1': fingerprintOf(file, finding, location.uri) },
		fixes: (await Promise.all((await finding.fixes()).map((fix) => fixOf(base, file, fix, textOf)))).filter(
			(fix) => fix.artifactChanges.length > 0,
		),
		properties: { severity },
	};
}

/** What of an image it is. */
function logicalLocations({ image }: CheckedFile, { range }: ReportedFinding): Pick<Location, 'logicalLocations'> {
	const name = image === undefined ? '' : placeText(image.placeOf(range));
	return name === '' ? {} : { logicalLocations: [{ fullyQualifiedName: name, kind: 'resource' }] };
}

async function fixOf(base: string | undefined, file: CheckedFile, fix: Fix, textOf: TextOf): Promise<SarifFix> {
	const changes = await changesOf(file, fix, textOf);
	return {
		description: messageOf(fix.title),
		artifactChanges: changes.map((change) => ({
			artifactLocation: locationOf(base, change.file),
			replacements: change.edits.map(({ line, column, endLine, endColumn, newText }) => ({
				deletedRegion: { startLine: line, startColumn: column, endLine, endColumn },
				insertedContent: { text: newText },
			})),
		})),
		properties: { preferred: fix.preferred },
	};
}

/** A message that holds text of the repository; readers make links of some texts. */
function messageOf(text: string): { text: string } {
	return { text: withoutLinks(text) };
}

/** Where a file is: from the base where it lies below it, by its whole name elsewhere. */
function locationOf(base: string | undefined, path: string): { uri: string; uriBaseId?: string } {
	const relative = base === undefined ? undefined : relativeWithin(base, path);
	if (relative === undefined) return { uri: pathToFileURL(path).href };
	return { uri: relative.split('/').map(encodeURIComponent).join('/'), uriBaseId: BASE };
}

function directoryUri(path: string): string {
	return pathToFileURL(path.endsWith('/') ? path : `${path}/`).href;
}
