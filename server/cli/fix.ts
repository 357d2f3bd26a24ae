import { fixAll } from '../lint/fix-all.ts';
import { MAX_TEXT_BYTES } from '../workspace/files.ts';
import { readBytes } from '../workspace/node-read.ts';
import { type FixCommand, UsageError } from './arguments.ts';
import { fails } from './check.ts';
import { type CheckedFile, checkedFile, shownPath, summarize } from './checked.ts';
import { colorsFor } from './colors.ts';
import { CLEAN, FINDINGS } from './exit-codes.ts';
import { write } from './output.ts';
import { requestsFor, type Session } from './session.ts';
import { plural, summaryText, textReport } from './text-report.ts';
import { unifiedDiff } from './unified-diff.ts';
import { writeText } from './write-files.ts';

/**
 * Applies every fix that is certain to be right.
 *
 * @returns The exit code.
 */
export async function fixCommand(command: FixCommand, session: Session, print: (text: string) => void): Promise<number> {
	const { input, diff, failOn } = command;
	const stdin = 'stdinFilename' in input;
	const files: CheckedFile[] = [];
	let changed = 0;
	for await (const request of requestsFor(input, command.rules, session)) {
		const fixed = await fixAll(session.analyser, request);
		const { path } = request;
		const after = checkedFile({ path, text: fixed.text, facts: fixed.facts, findings: fixed.remaining, suppressed: [], complete: true });
		if (stdin && !diff) print(fixed.text);
		if (fixed.text === request.text) {
			files.push(after);
			continue;
		}
		const shown = shownPath(path);
		// Bytes that are no UTF-8 were lost in reading; writing must not lose them too.
		if (!stdin && !Buffer.from(request.text).equals(readBytes(path, MAX_TEXT_BYTES))) {
			session.warn(`${shown} is not UTF-8 throughout, so it is left as it is.`);
			files.push(checkedFile(await session.analyser.analyse(request)));
			continue;
		}
		session.progress.clear();
		if (diff) print(unifiedDiff(shown, request.text, fixed.text));
		else if (!stdin) {
			try {
				writeText(path, fixed.text);
			} catch (error) {
				if (!(error instanceof UsageError)) throw error;
				// The others are fixed all the same, and of this one is told what is wrong with it as it stands.
				session.fail(error.message);
				files.push(checkedFile(await session.analyser.analyse(request)));
				continue;
			}
			print(`${shown}: ${plural(fixed.applied, 'fix', 'fixes')} applied\n`);
		}
		changed++;
		files.push(after);
	}
	session.progress.clear();
	const failing = files.some(({ findings }) => findings.some(({ severity }) => fails(severity, failOn)));
	const summary = summarize(files);
	if (diff) {
		const changes = changed === 0 ? 'Nothing would be changed' : `${changed} would be changed`;
		write('stderr', `${changes}; findings left for a person: ${summary.findings}.\n`);
		return changed > 0 ? FINDINGS : CLEAN;
	}
	const stream = stdin ? 'stderr' : 'stdout';
	write(stream, textReport(files, colorsFor(stream)) + summaryText(summary));
	return failing ? FINDINGS : CLEAN;
}
