import { isYamlPath } from '../deployments/deployments.ts';
import { createAnalyser } from '../lint/analyse.ts';
import { fixableFindings } from '../lint/fix-all.ts';
import type { Policy } from '../lint/policy.ts';
import { DEFAULT_SETTINGS, readSettingsFile } from '../lint/settings.ts';
import { surveyHtml } from '../survey/html-form.ts';
import { rowsOf, type SurveyRow } from '../survey/row.ts';
import { violationsOf } from '../survey/violations.ts';
import { COLUMNS, type SurveySummary, summaryOf, summaryText } from '../survey/words.ts';
import { bold, markdown, joined as markdownJoined } from '../text/markdown.ts';
import { createNodeFiles, pathFromNative } from '../workspace/node-files.ts';
import { findGoInstallation } from '../workspace/node-go-installation.ts';
import { relativeWithin } from '../workspace/paths.ts';
import { type Colors, colorsFor } from './colors.ts';
import { CLEAN, FINDINGS } from './exit-codes.ts';
import { countOf } from './failures.ts';
import { fileText, joined, json, markdownText, type Printable, type TerminalText, terminal } from './printable.ts';
import { repositoriesIn } from './repositories.ts';
import { requestsFor, type Session } from './session.ts';
import { shownPath } from './shown-path.ts';
import { UsageError } from './usage-error.ts';
import { absolutePath } from './working-directory.ts';
import { writeText } from './write-files.ts';

export const SURVEY_FORMATS = ['table', 'markdown', 'html', 'json'] as const;

export interface SurveyRequest {
	readonly directories: readonly string[];
	readonly format: (typeof SURVEY_FORMATS)[number];
	readonly output: string | undefined;
	/** A settings file whose policy holds for all repositories. */
	readonly policy: string | undefined;
	readonly verbose: boolean;
}

/**
 * Says of each image of many repositories what it is made of. Only the rows are kept: what was read of a repository is freed before the next
 * one is read.
 *
 * @returns The exit code, if nothing failed: whether an image is against the policy.
 */
export async function surveyRepositories(request: SurveyRequest, session: Session, print: (text: Printable) => void): Promise<number> {
	const policy = request.policy === undefined ? undefined : await policyIn(request.policy, session);
	const named = request.directories.map(absolutePath);
	session.progress.tell(terminal`Searching for repositories …`);
	const repositories = [...new Set(named.flatMap((directory) => repositoriesIn(directory, session.fail)))];
	const rows: SurveyRow[] = [];
	for (const [index, repository] of repositories.entries()) {
		session.progress.tell(terminal`${index + 1} of ${repositories.length} repositories: ${shownPath(pathFromNative(repository))}`);
		rows.push(...(await rowsOfRepository(repository, policy, session)));
	}
	session.progress.clear();
	const summary = summaryOf(rows, repositories.length, countOf(session.failures));
	const report = reportOf(request, rows, summary, session);
	if (request.output === undefined) print(report);
	else {
		writeText(absolutePath(request.output), report.textFor(false));
		print(terminal`${summaryText(summary)}\n`);
	}
	return summary.againstPolicy > 0 ? FINDINGS : CLEAN;
}

/** @throws UsageError if the file cannot be read, or has no policy. */
async function policyIn(path: string, { files, analyser, warn }: Session): Promise<Policy> {
	const text = await files.readText(pathFromNative(absolutePath(path)));
	if (text === undefined) throw new UsageError(`${path} cannot be read.`);
	const codes = analyser.rules.map(({ code }) => code);
	const { settings, problems } = readSettingsFile(text, codes);
	for (const { line, message, fatal, ofPolicy } of problems) {
		if (fatal || ofPolicy) throw new UsageError(`${path}:${line + 1}: ${message}`);
		warn(`${path}:${line + 1}: ${message}`);
	}
	if (settings.policy === undefined) throw new UsageError(`${path} has no "policy".`);
	return settings.policy;
}

/** The rows of one repository. What goes wrong with it is a failure, and the others go on. */
async function rowsOfRepository(repository: string, policy: Policy | undefined, session: Session): Promise<SurveyRow[]> {
	const rows: SurveyRow[] = [];
	const files = createNodeFiles();
	const path = pathFromNative(repository);
	// Nothing is kept for a next process: so many programs would drive out those of the user's own workspaces.
	const analyser = createAnalyser({ files, installation: findGoInstallation(process.env), log: session.log });
	const quiet: Session = {
		...{ ...session, files, analyser, warn: () => {} },
		// An image that is compared with a part of a policy would pass for one that keeps all of it.
		warnOfSettings: (message, { ofPolicy }) => ofPolicy && session.fail({ message, of: { path, what: 'path' }, not: 'read' }),
	};
	try {
		for await (const request of requestsFor({ paths: [repository] }, {}, quiet)) {
			// A row is of a Dockerfile; the compose files and manifests count in its findings.
			if (isYamlPath(request.path)) continue;
			const analysis = await analyser.analyse(request);
			if (analysis.facts === undefined) continue;
			const fixable = await fixableFindings(analyser, request, analysis);
			const dockerfile = relativeWithin(path, request.path) ?? request.path;
			const settings = { ...(request.settings ?? DEFAULT_SETTINGS), ...(policy && { policy }) };
			const ignored = new Set(analysis.suppressed.map(({ code }) => code));
			for (const row of rowsOf(analysis.facts, { repository: shownPath(path), dockerfile, findings: analysis.findings, fixable })) {
				const violations = violationsOf(row, settings, ignored);
				rows.push(violations === undefined ? row : { ...row, policy: violations });
			}
		}
	} catch (error) {
		if (error instanceof UsageError) session.fail({ message: error.message, of: { path, what: 'path' }, not: 'read' });
		else session.log(`${shownPath(path)} could not be analysed: ${error instanceof Error ? error.stack : error}`, path);
	}
	return rows;
}

function reportOf({ format, output }: SurveyRequest, rows: readonly SurveyRow[], summary: SurveySummary, { failures }: Session): Printable {
	const messages = failures.map(({ message }) => message);
	switch (format) {
		case 'json':
			return json({ version: 1, images: rows, failures: messages, summary });
		case 'html':
			return fileText(surveyHtml(rows, summary, messages));
		case 'markdown':
			return surveyMarkdown(rows, summary);
		case 'table':
			return surveyTable(rows, summary, colorsFor(output === undefined ? 'stdout' : undefined));
	}
}

function surveyMarkdown(rows: readonly SurveyRow[], summary: SurveySummary): Printable {
	const line = (cells: readonly Parameters<typeof bold>[0][]) => markdown`| ${markdownJoined(cells, ' | ')} |`;
	const head = [
		line(COLUMNS.map(({ title }) => title)),
		markdown`|${markdownJoined(
			COLUMNS.map(() => markdown`---`),
			'|',
		)}|`,
	];
	const table = markdownJoined([...head, ...rows.map((row) => line(COLUMNS.map(({ text }) => text(row))))], '\n');
	return markdownText(markdown`${bold(summaryText(summary))}\n\n${table}\n`);
}

/** A column of the table is so wide at most; what is longer is shown whole, and moves what follows. */
const WIDEST = 40;

function surveyTable(rows: readonly SurveyRow[], summary: SurveySummary, colors: Colors): TerminalText {
	const shown = COLUMNS.filter((column) => rows.some((row) => column.text(row) !== ''));
	const widthOf = ({ title, text }: (typeof COLUMNS)[number]) =>
		Math.min(WIDEST, Math.max(title.length, ...rows.map((row) => text(row).length)));
	const widths = shown.map(widthOf);
	const padded = (texts: readonly string[]) => texts.map((text, index) => text.padEnd(widths[index] ?? 0));
	const head = padded(shown.map(({ title }) => title)).map((text) => colors.bold(text));
	const lines = rows.map(
		(row) =>
			terminal`${padded(shown.map(({ text }) => text(row)))
				.join('  ')
				.trimEnd()}\n`,
	);
	const table = rows.length === 0 ? terminal`` : terminal`${joined(head, '  ')}\n${joined(lines)}\n`;
	return terminal`${table}${summaryText(summary)}\n`;
}
