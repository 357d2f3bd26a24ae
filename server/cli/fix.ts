import { isYamlPath } from '../deployments/deployments.ts';
import type { AnalysisRequest } from '../lint/analyse.ts';
import { type FixAllResult, fixAll } from '../lint/fix-all.ts';
import { MAX_TEXT_BYTES } from '../workspace/files.ts';
import { readBytes } from '../workspace/node-read.ts';
import { type CheckedFile, checkedFile, isAnalysed, summarize } from './checked.ts';
import { colorsFor } from './colors.ts';
import { directoriesAmong } from './directories.ts';
import { CLEAN, FINDINGS } from './exit-codes.ts';
import { failuresText } from './failures.ts';
import { fails, type Judging } from './judging.ts';
import { type Move, type Moved, moveImage } from './move.ts';
import { write } from './output.ts';
import { patchName, realPath, targetOutside } from './places.ts';
import { fileText, joined, type Printable, patch, terminal } from './printable.ts';
import { requestsFor, type Session } from './session.ts';
import { shownPath } from './shown-path.ts';
import { reasonOf } from './system-errors.ts';
import { compactReport, plural, summaryText, textReport, usualFormat } from './text-report.ts';
import { unifiedDiff } from './unified-diff.ts';
import { UsageError } from './usage-error.ts';
import { writeText } from './write-files.ts';

export interface FixRequest extends Judging {
	readonly diff: boolean;
	/** Moves the image instead of applying fixes. */
	readonly move: Move | undefined;
}

/**
 * Applies every fix that is certain to be right, or moves the image.
 *
 * @returns The exit code, where nothing failed.
 */
export async function fixDockerfiles(command: FixRequest, session: Session, print: (text: Printable) => void): Promise<number> {
	const { input, diff, failOn, move } = command;
	const stdin = 'stdinFilename' in input;
	const named = 'stdinFilename' in input ? [] : directoriesAmong(input.paths);
	const files: CheckedFile[] = [];
	/** Files that a patch changes: a link to one of them would change it a second time. */
	const patched = new Set<string>();
	let changed = 0;
	/** Whether a move loses something, or was not possible. */
	let isIncomplete = false;
	for await (const request of requestsFor(input, command.rules, session)) {
		const { path } = request;
		if (move !== undefined && isYamlPath(path)) continue;
		const fixed: FixAllResult & Partial<Moved> =
			move === undefined ? await fixAll(session.analyser, request) : await moveImage(session.analyser, request, move);
		if (tellOfMove(fixed, path, session)) isIncomplete = true;
		if (stdin && !diff) print(fileText(isAnalysed(fixed) ? fixed.text : request.text));
		// The session has said that it cannot be analysed.
		if (!isAnalysed(fixed)) continue;
		const { text, facts, deployment, remaining: findings } = fixed;
		const after = checkedFile({ path, text, facts, ...(deployment && { deployment }), findings, suppressed: [], complete: true });
		if (fixed.text === request.text) {
			files.push(after);
			continue;
		}
		session.progress.clear();
		if (!stdin && !mayChange(request, named, session)) {
			// Of what stays in the file is told what is wrong with it as it stands.
			files.push(checkedFile(await session.analyser.analyse(request)));
			continue;
		}
		if (diff) {
			const real = realPath(path);
			if (!patched.has(real)) print(await patchOf(request, fixed, session));
			patched.add(real);
		} else if (!stdin && !written(request, fixed, resultOf(fixed, move), session, print)) {
			files.push(checkedFile(await session.analyser.analyse(request)));
			continue;
		}
		changed++;
		files.push(after);
	}
	session.progress.clear();
	const failing = files.some(({ findings }) => findings.some(({ severity }) => fails(severity, failOn)));
	const summary = summarize(files, session.failures);
	if (diff) {
		const changes =
			changed === 0
				? 'No changes'
				: `${plural(changed, files.some(({ deployment }) => deployment) ? 'file' : 'Dockerfile')} would be changed`;
		const failed = session.failures.length === 0 ? '' : `; ${failuresText(session.failures)}`;
		write(
			'stderr',
			terminal`${changes}; ${plural(summary.findings, 'finding')} ${summary.findings === 1 ? 'needs a manual fix' : 'need manual fixes'}${failed}.\n`,
		);
		return changed > 0 || isIncomplete ? FINDINGS : CLEAN;
	}
	const stream = stdin ? 'stderr' : 'stdout';
	const colors = colorsFor(stream);
	const textOf = (path: string) => session.files.readText(path);
	const report = usualFormat(stream) === 'text' ? await textReport(files, textOf, colors) : compactReport(files, colors);
	write(stream, joined([report, summaryText(summary, session.failures)]));
	return failing || isIncomplete ? FINDINGS : CLEAN;
}

/** Says what a move loses, or why it is not made; answers whether there is any of it. */
function tellOfMove({ obstacle, losses = [] }: Partial<Moved>, path: string, { progress, warn }: Session): boolean {
	if (obstacle === undefined && losses.length === 0) return false;
	progress.clear();
	if (obstacle !== undefined) warn(`${shownPath(path)} cannot be moved: ${obstacle}.`);
	for (const loss of losses) warn(`${shownPath(path)}: check after the move: ${loss}.`);
	return true;
}

function resultOf({ applied }: FixAllResult, move: Move | undefined): string {
	return move === undefined ? `${plural(applied, 'fix', 'fixes')} applied` : `moved to ${move.destination}`;
}

/** Whether the file may be written; otherwise it is said why not. */
function mayChange({ path, root, text }: AnalysisRequest, named: readonly string[], session: Session): boolean {
	const shown = shownPath(path);
	const refuse = (reason: string) => {
		session.fail({ message: `${shown} cannot be written: ${reason}.`, of: { path, what: 'Dockerfile' }, not: 'written' });
		return false;
	};
	const outside = targetOutside(path, root, named);
	if (outside !== undefined) return refuse(`it is a link to ${outside}, outside the paths that were named`);
	let bytes: Buffer;
	try {
		bytes = readBytes(path, MAX_TEXT_BYTES);
	} catch (error) {
		return refuse(reasonOf(error));
	}
	if (bytes.toString() !== text) return refuse('it was changed in the meantime');
	if (bytes.equals(Buffer.from(text))) return true;
	// Bytes that are not UTF-8 were lost in reading; writing must not lose them too.
	session.warn(`${shown} is not valid UTF-8, so it is not changed.`);
	return false;
}

/** The change as a patch; where `git apply` has to be called elsewhere for it, that is said. */
async function patchOf({ path, text }: AnalysisRequest, fixed: FixAllResult, { files, warn }: Session): Promise<Printable> {
	const { name, directory, fromHere } = await patchName(path, files);
	if (!fromHere) warn(`git apply changes ${shownPath(path)} only if it is run in ${directory}.`);
	return patch(unifiedDiff(name, text, fixed.text), process.env);
}

/** Whether the new text was written; otherwise it is said why not, and the other files are fixed all the same. */
function written(
	{ path }: AnalysisRequest,
	{ text }: FixAllResult,
	result: string,
	session: Session,
	print: (text: Printable) => void,
): boolean {
	try {
		writeText(path, text);
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		session.fail({ message: error.message, of: { path, what: 'Dockerfile' }, not: 'written' });
		return false;
	}
	print(terminal`${shownPath(path)}: ${result}\n`);
	return true;
}
