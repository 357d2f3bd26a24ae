import { version } from '../../package.json';
import { fixableFindings } from '../lint/fix-all.ts';
import { findRoot } from '../lint/root.ts';
import { pathFromNative } from '../workspace/node-files.ts';
import { applyBaseline, type GoneFinding, writeBaseline } from './baseline.ts';
import { type CheckedFile, checkedFile, isAnalysed, nounOf, summarize } from './checked.ts';
import { colorsFor } from './colors.ts';
import type { Given } from './command.ts';
import { CLEAN, FAILURE, FINDINGS } from './exit-codes.ts';
import { type Failure, failuresText } from './failures.ts';
import { githubReport } from './github-report.ts';
import { gitlabReport } from './gitlab-report.ts';
import { jsonReport } from './json-report.ts';
import { type FailOn, fails, type Judging } from './judging.ts';
import { junitReport } from './junit-report.ts';
import { markdownReport } from './markdown-report.ts';
import { joined, type Printable, type TerminalText, terminal, together } from './printable.ts';
import { sarifReport } from './sarif-report.ts';
import { requestsFor, type Session } from './session.ts';
import { compactReport, plural, summaryText, textReport, usualFormat } from './text-report.ts';
import { absolutePath, workingDirectory } from './working-directory.ts';
import { writeText } from './write-files.ts';

export const REPORT_FORMATS = ['text', 'compact', 'json', 'sarif', 'github', 'gitlab', 'junit', 'markdown'] as const;

/** One report: in which shape, and into which file, or `undefined` for the standard output. */
export interface ReportRequest {
	/** `undefined` for the usual one: text on a terminal, and compact for who reads lines. */
	readonly format: (typeof REPORT_FORMATS)[number] | undefined;
	readonly file: string | undefined;
}

/** @throws UsageError */
export function readReports(given: Given<'format'>): readonly ReportRequest[] {
	const reports = given.values('format').map((word): ReportRequest => {
		const equals = word.indexOf('=');
		const format = given.word('--format', equals < 0 ? word : word.slice(0, equals), REPORT_FORMATS);
		if (equals === word.length - 1) throw given.wrong(`--format ${word} requires a file name after the =`);
		return { format, file: equals < 0 ? undefined : word.slice(equals + 1) };
	});
	if (reports.filter(({ file }) => file === undefined).length > 1) {
		throw given.wrong('only one --format can go to standard output; write the others to files, such as --format sarif=FILE');
	}
	return reports.length > 0 ? reports : [{ format: undefined, file: undefined }];
}

export interface CheckRequest extends Judging {
	readonly reports: readonly ReportRequest[];
	readonly baseline: string | undefined;
	readonly writeBaseline: string | undefined;
	/** Whether reports that can tell them apart hold what comments and the baseline silence. */
	readonly showSuppressed: boolean;
}

/**
 * Says what is wrong in the Dockerfiles.
 *
 * @returns The exit code, where nothing failed.
 */
export async function checkDockerfiles(command: CheckRequest, session: Session, print: (text: Printable) => void): Promise<number> {
	let files: CheckedFile[] = [];
	let gone: GoneFinding[] | undefined;
	for await (const request of requestsFor(command.input, command.rules, session)) {
		const analysis = await session.analyser.analyse(request);
		if (!isAnalysed(analysis)) continue;
		files.push(checkedFile(analysis, await fixableFindings(session.analyser, request, analysis)));
	}
	session.progress.clear();
	if (command.writeBaseline !== undefined) {
		const count = writeBaseline(command.writeBaseline, files, session.failures);
		const failed = session.failures.length === 0 ? '' : `; ${failuresText(session.failures)}`;
		print(terminal`${command.writeBaseline} holds ${plural(count, 'finding')}${failed}.\n`);
		return CLEAN;
	}
	if (command.baseline !== undefined) {
		({ files, gone } = applyBaseline(command.baseline, files, session.failures));
	}
	const found = files.some(({ findings }) => findings.some(({ severity }) => fails(severity, command.failOn))) ? FINDINGS : CLEAN;
	await printReports(command.reports, { files, gone, found, ...command }, session, print);
	return found;
}

/** Prints the reports, or writes them into their files. */
export async function printReports(
	reports: readonly ReportRequest[],
	outcome: Outcome,
	session: Session,
	print: (text: Printable) => void,
): Promise<void> {
	for (const request of reports) {
		const report = await reportOf(request, outcome, session);
		if (request.file === undefined) print(report);
		else writeText(absolutePath(request.file), report.textFor(false));
	}
	// What goes into files only leaves the standard output to the person who waits for it.
	if (reports.every(({ file }) => file !== undefined)) print(endOf(outcome, session.failures));
}

interface Outcome extends Partial<Pick<CheckRequest, 'baseline' | 'showSuppressed'>> {
	readonly files: readonly CheckedFile[];
	readonly gone: readonly GoneFinding[] | undefined;
	readonly failOn: FailOn;
	/** The exit code, unless something failed. */
	readonly found: number;
}

async function reportOf(
	{ format, file }: ReportRequest,
	outcome: Outcome,
	{ files: source, analyser, warnings, failures }: Session,
): Promise<Printable> {
	const { files, gone, found } = outcome;
	const textOf = (path: string) => source.readText(path);
	const colors = () => colorsFor(file === undefined ? 'stdout' : undefined);
	switch (format ?? usualFormat('stdout')) {
		case 'text':
			return together(await textReport(files, textOf, colors()), endOf(outcome, failures));
		case 'compact':
			return together(compactReport(files, colors()), endOf(outcome, failures));
		case 'json':
			return jsonReport({ files, gone, failures, textOf });
		case 'github':
			return together(githubReport(files, process.env.GITHUB_WORKSPACE || workingDirectory()), endOf(outcome, failures));
		case 'gitlab':
			return gitlabReport(files, process.env.CI_PROJECT_DIR || (await repositoryOf(source)));
		case 'junit':
			return junitReport({ files, failures, failOn: outcome.failOn });
		case 'markdown':
			return markdownReport({ files, failures });
		case 'sarif': {
			const here = workingDirectory();
			const base = await repositoryOf(source);
			return sarifReport({
				...{ files, rules: analyser.rules, version, base, warnings, failures, textOf, workingDirectory: here },
				exitCode: () => (failures.length > 0 ? FAILURE : found),
				withSuppressed: outcome.showSuppressed === true,
				withBaseline: gone !== undefined,
			});
		}
	}
}

/** The root of the repository that the current directory is in, or that directory; `undefined` if it was removed. */
async function repositoryOf(source: Session['files']): Promise<string | undefined> {
	const here = workingDirectory();
	return here === undefined ? undefined : findRoot(source, pathFromNative(here), pathFromNative(here));
}

/** How much was found, and what of the baseline is gone. */
function endOf({ files, gone = [], baseline = '' }: Outcome, failures: readonly Failure[]): TerminalText {
	const summary = summaryText(summarize(files, failures), failures, nounOf(files));
	if (gone.length === 0) return summary;
	const lines = gone.map(({ file, code, text, count }) => terminal`  ${file} ${code}: ${text}${count === 1 ? '' : ` (${count} times)`}\n`);
	const count = gone.reduce((sum, each) => sum + each.count, 0);
	return terminal`${summary}${plural(count, 'finding')} in the baseline no longer ${count === 1 ? 'occurs' : 'occur'}; --write-baseline ${baseline} removes ${count === 1 ? 'it' : 'them'}:\n${joined(lines)}`;
}
