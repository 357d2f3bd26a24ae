import type { RelatedPlace, Severity } from '../findings/finding.ts';
import type { ReportedFinding } from '../lint/analyse.ts';
import { gitLineStarts } from '../text/text.ts';
import type { TextOf } from './changes.ts';
import { type CheckedFile, type ImageOfFile, placeOf, relatedPlace, type Summary } from './checked.ts';
import type { Colors } from './colors.ts';
import { type Failure, failuresText } from './failures.ts';
import { isTerminal, type Stream, widthOf } from './output.ts';
import { joined, type TerminalText, terminal } from './printable.ts';
import { shownPath } from './shown-path.ts';
import { type Excerpt, excerptText } from './source-excerpt.ts';

/** The report that a stream gets if nobody says: with the source for a person, one line per finding for a program. */
export function usualFormat(stream: Stream): 'text' | 'compact' {
	return isTerminal(stream) ? 'text' : 'compact';
}

/** One line for each finding: `file:line:col severity code message`, with `[*]` at the end for what `fix` would fix. */
export function compactReport(files: readonly CheckedFile[], colors: Colors): TerminalText {
	const lines = files.flatMap((file) =>
		file.findings.map(
			(finding) => terminal`${headOf(file, finding, colors)} ${oneLine(finding.message)}${markOf(file, finding, colors)}\n`,
		),
	);
	return joined(lines);
}

/** So many Go lines are shown for a finding; a `json` report has all. */
const MOST_RELATED = 3;

/** Messages are no wider, in characters, however wide the terminal is. */
const WIDEST = 110;

/** Each finding with its source line, what is wrong in it underlined, and the Go lines that are the reason. */
export async function textReport(files: readonly CheckedFile[], textOf: TextOf, colors: Colors): Promise<TerminalText> {
	const width = Math.max(40, Math.min(WIDEST, isTerminal('stdout') ? widthOf('stdout') : WIDEST));
	const parts: TerminalText[] = [];
	for (const file of files) {
		for (const finding of file.findings) {
			// An image has no lines; its finding says of what in it it is.
			const own = file.image === undefined ? [excerptOf(file, finding)] : [];
			const excerpts = [...own, ...(await relatedExcerpts(file, finding, textOf))];
			const gutter = Math.max(0, ...excerpts.map(({ line }) => String(line + 1).length));
			const shown = excerpts.map((excerpt) => excerptText(excerpt, { gutter, width, colors, paint: paintOf(finding, colors) }));
			const message = wrapped(oneLine(finding.message), width - 2).map((line) => terminal`  ${line}\n`);
			parts.push(terminal`${headOf(file, finding, colors)}${markOf(file, finding, colors)}\n${joined(message)}${joined(shown)}\n`);
		}
	}
	return joined(parts);
}

function headOf(file: CheckedFile, finding: ReportedFinding, colors: Colors): TerminalText {
	return terminal`${colors.bold(whereOf(file, finding))} ${paintOf(finding, colors)(finding.severity)} ${colors.cyan(finding.code)}`;
}

/** `file:line:column`; of an image, which has no lines, the file and what it is called. */
export function whereOf(file: CheckedFile, { range }: ReportedFinding): string {
	if (file.image !== undefined) return `${shownPath(file.path)}${titleOf(file.image)}`;
	const { line, character } = placeOf(file, range.start);
	return `${shownPath(file.path)}:${line + 1}:${character + 1}`;
}

function paintOf({ severity }: ReportedFinding, colors: Colors): (text: string) => TerminalText {
	const paint: Readonly<Record<Severity, (text: string) => TerminalText>> = {
		error: colors.red,
		warning: colors.yellow,
		information: colors.blue,
		hint: colors.gray,
	};
	return paint[severity];
}

/** What stands for "`fix` would fix it". */
const MARK = '[*]';

function markOf(file: CheckedFile, finding: ReportedFinding, colors: Colors): TerminalText {
	return file.fixable.has(finding) ? terminal` ${colors.cyan(MARK)}` : terminal``;
}

function excerptOf(file: CheckedFile, { range }: ReportedFinding): Excerpt {
	const start = placeOf(file, range.start);
	const end = placeOf(file, range.end);
	const text = lineOf(file.text, file.lineStarts, start.line);
	return { line: start.line, text, start: start.character, end: end.line === start.line ? end.character : text.length };
}

/** The reasons that stand in Go or elsewhere; a place in a file that cannot be read is shown without its line. */
async function relatedExcerpts(file: CheckedFile, { related = [] }: ReportedFinding, textOf: TextOf): Promise<Excerpt[]> {
	const excerpts: Excerpt[] = [];
	for (const place of related.slice(0, MOST_RELATED)) {
		const text = place.path === file.path ? file.text : await textOf(place.path);
		excerpts.push(relatedExcerpt(file, place, text));
	}
	return excerpts;
}

function relatedExcerpt(file: CheckedFile, place: RelatedPlace, text: string | undefined): Excerpt {
	const { line, character } = relatedPlace(file, place);
	const about = { where: `${shownPath(place.path)}:${line + 1}:${character + 1}`, message: oneLine(place.message) };
	const shown = text === undefined ? '' : lineOf(text, gitLineStarts(text), line);
	return { line, text: shown, start: character, end: Math.min(shown.length, character + place.length), about };
}

function lineOf(text: string, starts: readonly number[], line: number): string {
	return text.slice(starts[line] ?? text.length, starts[line + 1] ?? text.length).replace(/\r?\n$/, '');
}

/**
 * The last lines: how much was found, what `fix` would fix of it, and what could not be read.
 *
 * @param what was looked at
 */
export function summaryText(summary: Summary, failures: readonly Failure[], what = 'Dockerfile'): TerminalText {
	const known = summary.known === 0 ? '' : `; ${summary.known} more in the baseline`;
	const failed = failures.length === 0 ? '' : `; ${failuresText(failures)}`;
	const fixable = summary.fixable === 0 ? '' : terminal`${MARK} ${summary.fixable} fixable with \`go-scratch fix\`.\n`;
	return terminal`${countsText(summary, what)}${known}${failed}.\n${fixable}${unreadText(summary.unreadModules)}`;
}

/** `3 findings (1 error, 2 hints) in 2 Dockerfiles`. */
export function countsText(summary: Summary, what = 'Dockerfile'): string {
	const counts = (['error', 'warning', 'information', 'hint'] as const)
		.filter((severity) => summary[severity] > 0)
		.map((severity) => (severity === 'information' ? `${summary[severity]} information` : plural(summary[severity], severity)));
	const noun = summary.known > 0 ? 'new finding' : 'finding';
	const found =
		summary.findings === 0 ? `No${summary.known > 0 ? ' new' : ''} findings` : `${plural(summary.findings, noun)} (${counts.join(', ')})`;
	const deployments = summary.deployments === 0 ? [] : [plural(summary.deployments, 'deployment file')];
	const files = summary.files === 0 && deployments.length > 0 ? [] : [`${plural(summary.files, what)}${othersText(summary)}`];
	return `${found} in ${[...files, ...deployments].join(' and ')}`;
}

function titleOf({ title }: ImageOfFile): string {
	return title === undefined ? ':' : ` (${title}):`;
}

/** Of a Dockerfile without Go nothing is reported, which is not the same as nothing being wrong. */
function othersText({ files, filesOfGo }: Summary): string {
	const others = files - filesOfGo;
	if (others === 0) return '';
	return files === 1 ? ', which does not build or ship a Go program' : ` (${others} without a Go program)`;
}

function unreadText(modules: readonly string[]): TerminalText {
	if (modules.length === 0) return terminal``;
	const names = modules.slice(0, 3).join(', ') + (modules.length > 3 ? ', …' : '');
	return terminal`${plural(modules.length, 'module')} could not be read (${names}), so what ${modules.length === 1 ? 'it needs' : 'they need'} is unknown; run 'go mod download' or 'go mod vendor' to have ${modules.length === 1 ? 'it' : 'them'} read.\n`;
}

export function plural(count: number, noun: string, nouns = `${noun}s`): string {
	return `${count} ${count === 1 ? noun : nouns}`;
}

export function oneLine(message: string): string {
	return message
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '')
		.join(' ');
}

/** The line in lines that are no wider than that; a word that is wider stays whole. */
function wrapped(line: string, width: number): string[] {
	const lines = [''];
	for (const word of line.split(' ')) {
		const last = lines.at(-1) as string;
		if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
		else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
	}
	return lines;
}
