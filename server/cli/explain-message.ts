import { type ExplainedCause, type Explanation, explain } from '../explain/explain.ts';
import type { Analysis, ReportedFinding } from '../lint/analyse.ts';
import { findRoot } from '../lint/root.ts';
import { lineStarts, positionAt } from '../text/text.ts';
import { pathFromNative } from '../workspace/node-files.ts';
import { readStandardInput } from '../workspace/node-read.ts';
import { dirname } from '../workspace/paths.ts';
import { type Colors, colorsFor } from './colors.ts';
import { CLEAN, FINDINGS } from './exit-codes.ts';
import { analysesOf } from './one-dockerfile.ts';
import { joined, json, type Printable, type TerminalText, terminal } from './printable.ts';
import { requestsFor, type Session } from './session.ts';
import { shownPath } from './shown-path.ts';
import { reasonOf } from './system-errors.ts';
import { UsageError } from './usage-error.ts';
import { absolutePath } from './working-directory.ts';

export interface MessageRequest {
	/** `-` for the standard input. */
	readonly message: string;
	/** The Dockerfile, or a directory with some; where it is not given, those of the current directory. */
	readonly dockerfile: string | undefined;
	readonly format: 'text' | 'json';
}

/** In bytes: a log may be long, and its end is what counts. */
const LONGEST_LOG = 64 * 1024 * 1024;

/** A finding with where it is, for people. */
type Located = ReportedFinding & { readonly file: string; readonly line: number };

/** Says what the messages mean; the exit code is 1 where none of them is known. */
export async function explainMessage(request: MessageRequest, session: Session, print: (text: Printable) => void): Promise<number> {
	const text = request.message === '-' ? standardInput() : request.message;
	const findings = await findingsFor(request.dockerfile, session);
	const explanations = explain(text, findings?.list);
	const colors = colorsFor('stdout');
	print(
		request.format === 'json'
			? json({ version: 1, files: findings?.files ?? [], messages: explanations.map(forJson) })
			: explanations.length === 0
				? terminal`go-scratch does not know this message. The reason is often in the lines before it: try them, or a whole log with go-scratch explain -.\n`
				: joined([...explanations.map((each) => messageText(each, findings?.files ?? [], colors))], '\n'),
	);
	return explanations.length === 0 ? FINDINGS : CLEAN;
}

function standardInput(): string {
	try {
		return readStandardInput(LONGEST_LOG).toString();
	} catch (error) {
		throw new UsageError(`Standard input cannot be read: ${reasonOf(error)}.`);
	}
}

/** The findings of the Dockerfiles; `undefined` where there is no Dockerfile. */
async function findingsFor(
	dockerfile: string | undefined,
	session: Session,
): Promise<{ readonly list: readonly Located[]; readonly files: readonly string[] } | undefined> {
	if (dockerfile === undefined && !(await hasDockerfile(session))) return undefined;
	const analyses = await analysesOf(dockerfile ?? 'Dockerfile', session);
	analyses.push(...(await deploymentsOf(analyses, session)));
	const list = analyses.flatMap(({ path, text, findings }) => {
		const starts = lineStarts(text);
		return findings.map((finding) => ({ ...finding, file: shownPath(path), line: positionAt(starts, finding.range.start).line + 1 }));
	});
	return { list, files: analyses.map(({ path }) => shownPath(path)) };
}

/** So many compose files and manifests are looked at, of the workspaces of the Dockerfiles. */
const MOST_DEPLOYMENTS = 20;

/** What starts the images: a message of the kubelet may be about a manifest. */
async function deploymentsOf(analyses: readonly Analysis[], session: Session): Promise<Analysis[]> {
	const roots = new Set<string>();
	for (const { path } of analyses) roots.add(await findRoot(session.files, dirname(path)));
	const paths = (await Promise.all([...roots].map((root) => session.analyser.deploymentsIn(root)))).flat().slice(0, MOST_DEPLOYMENTS);
	const found: Analysis[] = [];
	if (paths.length > 0) {
		for await (const request of requestsFor({ paths }, {}, session)) found.push(await session.analyser.analyse(request));
	}
	session.progress.clear();
	return found;
}

async function hasDockerfile({ files }: Session): Promise<boolean> {
	return (await files.status(pathFromNative(absolutePath('Dockerfile'))))?.kind === 'file';
}

function messageText({ line, meaning, causes }: Explanation<Located>, files: readonly string[], colors: Colors): TerminalText {
	const here = causes.filter((cause) => cause.here === 'yes');
	const others = causes.filter((cause) => cause.here !== 'yes');
	return joined([
		terminal`${colors.bold(line)}\n  ${meaning}\n`,
		...(here.length === 0 ? [] : [terminal`  ${colors.red('Here:')}\n`, ...here.flatMap((cause) => hereLines(cause, colors))]),
		...(others.length === 0
			? []
			: [terminal`  ${here.length > 0 ? 'Other causes' : causesHeading(files)}:\n`, ...others.map((cause) => causeLine(cause, colors))]),
	]);
}

function causesHeading(files: readonly string[]): string {
	return files.length === 0 ? 'Causes' : `Causes (none of these is reported in ${files.length < 4 ? files.join(', ') : 'these files'})`;
}

function hereLines({ text, findings }: ExplainedCause<Located>, colors: Colors): TerminalText[] {
	return [
		terminal`    ${text}\n`,
		...findings.map(({ file, line, code, message }) => terminal`      ${colors.bold(`${file}:${line}`)} ${colors.cyan(code)} ${message}\n`),
	];
}

function causeLine({ text, code }: ExplainedCause<Located>, colors: Colors): TerminalText {
	return terminal`    - ${text}${code === undefined ? '' : terminal` ${colors.cyan(code)}`}\n`;
}

function forJson({ causes, ...explanation }: Explanation<Located>) {
	return {
		...explanation,
		causes: causes.map(({ findings, ...cause }) => ({
			...cause,
			findings: findings.map(({ file, line, code, severity, message }) => ({ file, line, code, severity, message })),
		})),
	};
}
