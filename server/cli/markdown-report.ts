import { documentationOf } from '../knowledge/addresses.ts';
import type { ReportedFinding } from '../lint/analyse.ts';
import { bold, code, joined, link, type Markdown, markdown } from '../text/markdown.ts';
import { type CheckedFile, nounOf, summarize } from './checked.ts';
import type { Failure } from './failures.ts';
import { markdownText, type Printable } from './printable.ts';
import { countsText, oneLine, whereOf } from './text-report.ts';

interface MarkdownRequest {
	readonly files: readonly CheckedFile[];
	readonly failures: readonly Failure[];
}

/** In characters: GitHub takes a comment of 65,536, and what stands around the table needs room too. */
const MOST = 60_000;

/** The findings as a table for a comment on a pull request. */
export function markdownReport({ files, failures }: MarkdownRequest): Printable {
	const summary = summarize(files, failures);
	const rows = files.flatMap((file) => file.findings.map((finding) => rowOf(file, finding)));
	const shown: Markdown[] = [];
	let length = 0;
	for (const row of rows) {
		length += row.markdown.length;
		if (length > MOST) break;
		shown.push(row);
	}
	const parts: Markdown[] = [markdown`### go-scratch: ${countsText(summary, nounOf(files))}`];
	if (shown.length > 0) parts.push(joined([markdown`| severity | place | rule | finding |\n|---|---|---|---|`, ...shown], '\n'));
	if (shown.length < rows.length) parts.push(markdown`… and ${rows.length - shown.length} more.`);
	if (summary.fixable > 0) parts.push(markdown`${bold(String(summary.fixable))} fixable with ${code('go-scratch fix')} (marked 🔧).`);
	if (failures.length > 0) {
		parts.push(
			joined(
				[markdown`Not everything could be checked:\n`, ...failures.slice(0, 20).map(({ message }) => markdown`- ${oneLine(message)}`)],
				'\n',
			),
		);
	}
	if (summary.unreadModules.length > 0) {
		parts.push(markdown`${summary.unreadModules.length} modules could not be read, so what they need is unknown.`);
	}
	return markdownText(markdown`${joined(parts, '\n\n')}\n`);
}

function rowOf(file: CheckedFile, finding: ReportedFinding): Markdown {
	const place = whereOf(file, finding);
	const rule = link(code(finding.code), documentationOf(finding.code));
	const fix = file.fixable.has(finding) ? ' 🔧' : '';
	// In a table a bar ends a cell, also within code.
	const where = place.includes('|') ? place : code(place);
	return markdown`| ${finding.severity} | ${where} | ${rule} | ${oneLine(finding.message)}${fix} |`;
}
