import type { Severity } from '../findings/finding.ts';
import { type CheckedFile, type ImageOfFile, placeOf, type Summary, shownPath } from './checked.ts';
import type { Colors } from './colors.ts';
import { type Failure, failuresText } from './failures.ts';
import { joined, type TerminalText, terminal } from './printable.ts';

/** One line for each finding: `file:line:col severity code message`. */
export function textReport(files: readonly CheckedFile[], colors: Colors): TerminalText {
	const paint: Readonly<Record<Severity, (text: string) => TerminalText>> = {
		error: colors.red,
		warning: colors.yellow,
		information: colors.blue,
		hint: colors.gray,
	};
	const lines: TerminalText[] = [];
	for (const file of files) {
		for (const finding of file.findings) {
			const { line, character } = placeOf(file, finding.range.start);
			const where = `${shownPath(file.path)}${file.image === undefined ? `:${line + 1}:${character + 1}` : titleOf(file.image)}`;
			const severity = paint[finding.severity](finding.severity);
			lines.push(terminal`${colors.bold(where)} ${severity} ${colors.cyan(finding.code)} ${oneLine(finding.message)}\n`);
		}
	}
	return joined(lines);
}

/**
 * The last lines: how much was found, and what could not be read.
 *
 * @param what was looked at
 */
export function summaryText(summary: Summary, failures: readonly Failure[], what = 'Dockerfile'): TerminalText {
	const counts = (['error', 'warning', 'information', 'hint'] as const)
		.filter((severity) => summary[severity] > 0)
		.map((severity) => (severity === 'information' ? `${summary[severity]} information` : plural(summary[severity], severity)));
	const noun = summary.known > 0 ? 'new finding' : 'finding';
	const found =
		summary.findings === 0 ? `No${summary.known > 0 ? ' new' : ''} findings` : `${plural(summary.findings, noun)} (${counts.join(', ')})`;
	const known = summary.known === 0 ? '' : `; ${summary.known} more in the baseline`;
	const failed = failures.length === 0 ? '' : `; ${failuresText(failures)}`;
	return terminal`${found} in ${plural(summary.files, what)}${known}${failed}.\n${unreadText(summary.unreadModules)}`;
}

function titleOf({ title }: ImageOfFile): string {
	return title === undefined ? ':' : ` (${title}):`;
}

function unreadText(modules: readonly string[]): TerminalText {
	if (modules.length === 0) return terminal``;
	const names = modules.slice(0, 3).join(', ') + (modules.length > 3 ? ', …' : '');
	return terminal`${plural(modules.length, 'module')} could not be read (${names}), so what ${modules.length === 1 ? 'it needs' : 'they need'} is unknown; run 'go mod download' or 'go mod vendor' to have ${modules.length === 1 ? 'it' : 'them'} read.\n`;
}

export function plural(count: number, noun: string, nouns = `${noun}s`): string {
	return `${count} ${count === 1 ? noun : nouns}`;
}

function oneLine(message: string): string {
	return message
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '')
		.join(' ');
}
