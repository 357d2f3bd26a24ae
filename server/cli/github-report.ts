import type { Severity } from '../findings/finding.ts';
import { type CheckedFile, placeOf } from './checked.ts';
import { pathFrom } from './places.ts';
import { type Printable, type WorkflowCommand, workflowCommands } from './printable.ts';

const COMMANDS: Readonly<Record<Severity, WorkflowCommand['name']>> = {
	error: 'error',
	warning: 'warning',
	information: 'notice',
	hint: 'notice',
};

/**
 * The findings as workflow commands of GitHub Actions, which shows them beside the lines.
 *
 * @param base The directory that the paths start from: that of the checkout. Without one they start from the root of the file system.
 */
export function githubReport(files: readonly CheckedFile[], base: string | undefined): Printable {
	const commands: WorkflowCommand[] = [];
	for (const file of files) {
		for (const { range, severity, code, message } of file.findings) {
			const start = placeOf(file, range.start);
			const end = placeOf(file, range.end);
			// GitHub takes columns where the whole stands on one line only.
			const columns = start.line === end.line ? { col: start.character + 1, endColumn: end.character + 1 } : undefined;
			const lines = { line: start.line + 1, endLine: end.line + 1 };
			const properties = {
				file: base === undefined ? file.path : pathFrom(base, file.path),
				...lines,
				...columns,
				title: `go-scratch: ${code}`,
			};
			commands.push({ name: COMMANDS[severity], properties, message });
		}
	}
	return workflowCommands(commands);
}
