import type { Severity } from '../rules/rule.ts';
import { type CheckedFile, placeOf, shownPath } from './checked.ts';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' };

/**
 * The findings as workflow commands of GitHub Actions, which shows them beside the lines.
 *
 * @param base The directory that the paths start from: that of the checkout. Without one they start from the root of the file system.
 */
export function githubReport(files: readonly CheckedFile[], base: string | undefined): string {
	let text = '';
	for (const file of files) {
		for (const finding of file.findings) {
			const start = placeOf(file, finding.range.start);
			const end = placeOf(file, finding.range.end);
			const properties = [`file=${property(shownPath(file.path, base))}`, `line=${start.line + 1}`];
			// GitHub takes columns where the whole stands on one line only.
			if (start.line === end.line)
				properties.push(`endLine=${end.line + 1}`, `col=${start.character + 1}`, `endColumn=${end.character + 1}`);
			else properties.push(`endLine=${end.line + 1}`);
			properties.push(`title=${property(`go-scratch: ${finding.code}`)}`);
			text += `::${COMMANDS[finding.severity]} ${properties.join(',')}::${data(finding.message)}\n`;
		}
	}
	return text;
}

/** What ends a command, or starts an escape, is escaped. */
function data(text: string): string {
	return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** In a property, what separates properties is escaped too. */
function property(text: string): string {
	return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
