import { existsSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { ReportedFinding } from '../lint/analyse.ts';
import { readBytes } from '../workspace/node-read.ts';
import type { CheckedFile } from './checked.ts';
import type { Failure } from './failures.ts';
import { json } from './printable.ts';
import { shownPath, withSlashes } from './shown-path.ts';
import { isAbsence, reasonOf } from './system-errors.ts';
import { UsageError } from './usage-error.ts';
import { absolutePath } from './working-directory.ts';
import { writeText } from './write-files.ts';

/**
 * The findings that an old repository starts with, so that only new ones count.
 *
 * A finding is known again by its rule, its Dockerfile and the text it stands on, white space apart, and not by its line: it
 * survives whatever moves it. Several that have all three in common are counted. The messages do not belong to it, so that a newer
 * version may word them better.
 */
interface BaselineFile {
	readonly version: 1;
	readonly findings: readonly BaselineEntry[];
}

interface BaselineEntry {
	/** The Dockerfile, from the directory of the baseline. */
	readonly file: string;
	readonly code: string;
	/** The text that is wrong, in one line. */
	readonly text: string;
	/** How many such findings there are; left out where there is one. */
	readonly count?: number;
}

/** A finding that a baseline holds and that is gone. */
export interface GoneFinding {
	/** As a person at the command line would write it. */
	readonly file: string;
	readonly code: string;
	readonly text: string;
	readonly count: number;
}

/** Some 200,000 findings; a larger file is no baseline. */
const MAX_BYTES = 64 * 1024 * 1024;

/** So much of a text tells it from others. */
const MAX_TEXT = 200;

/** The text that a finding stands on, in one line: what stays when lines move or are indented anew. */
export function textOfFinding(file: CheckedFile, { range }: ReportedFinding): string {
	return file.text.slice(range.start, range.end).replace(/\s+/g, ' ').trim().slice(0, MAX_TEXT);
}

/**
 * Takes out of the findings what the baseline holds.
 *
 * @param failures Of the Dockerfiles among them nothing is known to be gone.
 * @returns The files without it, and what is gone: what the baseline says of the Dockerfiles that were looked at, or that are no more.
 * @throws UsageError where the baseline cannot be read.
 */
export function applyBaseline(
	path: string,
	files: readonly CheckedFile[],
	failures: readonly Failure[] = [],
): { files: CheckedFile[]; gone: GoneFinding[] } {
	const directory = dirname(absolutePath(path));
	const entries = readBaseline(path);
	const left = new Map<string, number>();
	for (const entry of entries) left.set(keyOf(entry), (left.get(keyOf(entry)) ?? 0) + (entry.count ?? 1));
	const checked = files.map((file): CheckedFile => {
		const findings: ReportedFinding[] = [];
		const known: ReportedFinding[] = [];
		for (const finding of file.findings) {
			const key = keyOf(entryOf(file, finding, directory));
			const count = left.get(key) ?? 0;
			if (count > 0) left.set(key, count - 1);
			(count > 0 ? known : findings).push(finding);
		}
		return { ...file, findings, known };
	});
	const seen = seenIn(directory, files, failures);
	const gone: GoneFinding[] = [];
	for (const { file, code, text } of entries) {
		const key = keyOf({ file, code, text });
		const count = left.get(key) ?? 0;
		left.delete(key);
		const native = resolve(directory, file);
		if (count > 0 && (seen.has(file) || isAbsent(native))) gone.push({ file: shownPath(native), code, text, count });
	}
	return { files: checked, gone };
}

/**
 * Writes the findings as the baseline. What an earlier one says of Dockerfiles that were not looked at in full, and are still there,
 * stays.
 *
 * @returns How many findings it holds now.
 * @throws UsageError where it cannot be written, or where what is there is no baseline.
 */
export function writeBaseline(path: string, files: readonly CheckedFile[], failures: readonly Failure[] = []): number {
	const directory = dirname(absolutePath(path));
	const seen = seenIn(directory, files, failures);
	const whole = files.filter(({ path }) => seen.has(fromDirectory(directory, path)));
	const earlier = existsSync(path) ? readBaseline(path) : [];
	const entries = [
		...earlier.filter(({ file }) => !seen.has(file) && !isAbsent(resolve(directory, file))),
		...whole.flatMap((file) => file.findings.map((finding) => entryOf(file, finding, directory))),
	];
	const byKey = new Map<string, Required<BaselineEntry>>();
	for (const entry of entries) {
		const { count } = byKey.get(keyOf(entry)) ?? { count: 0 };
		byKey.set(keyOf(entry), { ...entry, count: count + (entry.count ?? 1) });
	}
	const sorted = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
	const content: BaselineFile = {
		version: 1,
		findings: sorted.map(({ file, code, text, count }) => ({ file, code, text, ...(count === 1 ? {} : { count }) })),
	};
	writeText(absolutePath(path), json(content).textFor(false));
	return sorted.reduce((sum, { count }) => sum + count, 0);
}

function entryOf(file: CheckedFile, finding: ReportedFinding, directory: string): BaselineEntry {
	return { file: fromDirectory(directory, file.path), code: finding.code, text: textOfFinding(file, finding) };
}

function fromDirectory(directory: string, path: string): string {
	return withSlashes(relative(directory, path));
}

/** The Dockerfiles, from the directory of the baseline, of which all findings are known. */
function seenIn(directory: string, files: readonly CheckedFile[], failures: readonly Failure[]): ReadonlySet<string> {
	const failed = new Set(failures.map(({ of }) => of.path));
	return new Set(files.filter(({ path }) => !failed.has(path)).map(({ path }) => fromDirectory(directory, path)));
}

/** Whether there is no such file. One that cannot be looked at, such as in a closed directory, may be there. */
function isAbsent(path: string): boolean {
	try {
		statSync(path);
		return false;
	} catch (error) {
		return isAbsence(error);
	}
}

function keyOf({ file, code, text }: BaselineEntry): string {
	return `${file}\0${code}\0${text}`;
}

function readBaseline(path: string): readonly BaselineEntry[] {
	let text: string;
	try {
		text = readBytes(path, MAX_BYTES).toString();
	} catch (error) {
		if (existsSync(path)) throw new UsageError(`The baseline ${path} cannot be read: ${reasonOf(error)}.`);
		throw new UsageError(`The baseline ${path} cannot be read; create it with go-scratch check --write-baseline ${path}.`);
	}
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new UsageError(`The baseline ${path} is not valid JSON: ${error instanceof Error ? error.message : error}.`);
	}
	const { version, findings } = (value ?? {}) as Partial<Record<keyof BaselineFile, unknown>>;
	if (version !== 1) throw new UsageError(`${path} is not a baseline of this version: "version" is not 1.`);
	if (!Array.isArray(findings) || !findings.every(isEntry)) {
		throw new UsageError(`The baseline ${path} is invalid: "findings" must be a list of { "file", "code", "text", "count" }.`);
	}
	return findings;
}

function isEntry(value: unknown): value is BaselineEntry {
	const { file, code, text, count } = (value ?? {}) as Partial<Record<keyof BaselineEntry, unknown>>;
	return (
		typeof file === 'string' &&
		typeof code === 'string' &&
		typeof text === 'string' &&
		(count === undefined || (Number.isInteger(count) && (count as number) > 0))
	);
}
