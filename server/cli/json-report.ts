import type { Severity } from '../findings/finding.ts';
import { documentationOf } from '../knowledge/addresses.ts';
import type { ReportedFinding } from '../lint/analyse.ts';
import { fixForAll } from '../lint/fix-all.ts';
import type { GoneFinding } from './baseline.ts';
import { type Change, changesOf, type TextOf } from './changes.ts';
import { type CheckedFile, type ImageOfFile, placeOf, relatedPlace, type Summary, summarize } from './checked.ts';
import type { Failure } from './failures.ts';
import { json, type Printable } from './printable.ts';
import { shownPath } from './shown-path.ts';

/**
 * The shape of `--format json`, which schemas/report.schema.json describes. A change that breaks its readers raises `version`; new
 * properties may come without. Lines and columns count from 1, lines as Git counts
 * them, columns in UTF-16 code units; an end is the place behind the last
 * character.
 */
export interface JsonReport {
	readonly version: 1;
	readonly findings: readonly JsonFinding[];
	/** What the baseline holds and is gone; absent where there is no baseline. */
	readonly gone?: readonly GoneFinding[];
	/** What could not be read or analysed; findings may be missing. */
	readonly failures: readonly { readonly file: string; readonly message: string }[];
	readonly summary: Summary;
}

export interface JsonFinding {
	readonly file: string;
	readonly line: number;
	readonly column: number;
	readonly endLine: number;
	readonly endColumn: number;
	readonly severity: Severity;
	readonly code: string;
	readonly message: string;
	readonly url: string;
	/** The places in Go source that are the reason. */
	readonly related: readonly { readonly file: string; readonly line: number; readonly column: number; readonly message: string }[];
	readonly fixes: readonly JsonFix[];
	/** For a built image: which one of the file, and what of it; then lines and columns are 1. */
	readonly image?: JsonImage;
}

export interface JsonImage {
	readonly name?: string;
	readonly platform?: string;
	/** The layer that holds it, from 1, with its digest and the instruction that made it, as far as they are known. */
	readonly layer?: { readonly number: number; readonly digest?: string; readonly instruction?: string };
	/** The setting, as a Dockerfile has it. */
	readonly setting?: string;
}

export interface JsonFix {
	readonly title: string;
	readonly preferred: boolean;
	/** Whether `go-scratch fix` takes it by itself. */
	readonly byFix: boolean;
	readonly changes: readonly Change[];
}

/** What the report says. */
export interface JsonRequest {
	readonly files: readonly CheckedFile[];
	readonly gone: readonly GoneFinding[] | undefined;
	readonly failures: readonly Failure[];
	readonly textOf: TextOf;
}

export async function jsonReport({ files, gone, failures, textOf }: JsonRequest): Promise<Printable> {
	const findings: JsonFinding[] = [];
	for (const file of files) for (const finding of file.findings) findings.push(await jsonFinding(file, finding, textOf));
	const report: JsonReport = {
		version: 1,
		findings,
		...(gone === undefined ? {} : { gone }),
		failures: failures.map(({ message, of }) => ({ file: shownPath(of.path), message })),
		summary: summarize(files, failures),
	};
	return json(report);
}

async function jsonFinding(file: CheckedFile, finding: ReportedFinding, textOf: TextOf): Promise<JsonFinding> {
	const start = placeOf(file, finding.range.start);
	const end = placeOf(file, finding.range.end);
	const fixes: JsonFix[] = [];
	const byFix = await fixForAll(finding);
	for (const fix of await finding.fixes()) {
		const changes = await changesOf(file, fix, textOf);
		fixes.push({
			title: fix.title,
			preferred: fix.preferred,
			byFix: fix === byFix,
			changes: changes.map((change) => ({ ...change, file: shownPath(change.file) })),
		});
	}
	return {
		file: shownPath(file.path),
		line: start.line + 1,
		column: start.character + 1,
		endLine: end.line + 1,
		endColumn: end.character + 1,
		severity: finding.severity,
		code: finding.code,
		message: finding.message,
		url: documentationOf(finding.code),
		related: (finding.related ?? []).map((place) => {
			const { line, character } = relatedPlace(file, place);
			return { file: shownPath(place.path), line: line + 1, column: character + 1, message: place.message };
		}),
		fixes,
		...(file.image !== undefined && { image: jsonImage(file.image, finding) }),
	};
}

function jsonImage({ name, platform, placeOf }: ImageOfFile, { range }: ReportedFinding): JsonImage {
	const place = placeOf(range);
	return {
		...(name !== undefined && { name }),
		...(platform !== undefined && { platform }),
		...(place.kind === 'setting' && { setting: place.text }),
		...(place.kind === 'layer' && {
			layer: {
				number: place.index + 1,
				...(place.digest !== undefined && { digest: place.digest }),
				...(place.createdBy !== undefined && { instruction: place.createdBy }),
			},
		}),
	};
}
