import assert from 'node:assert/strict';
import { DockerfileParser } from 'dockerfile-ast';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import type { Fix } from '../../server/findings/finding.ts';
import { type Analyser, type Analysis, createAnalyser, type ReportedFinding } from '../../server/lint/analyse.ts';
import { fixAll, fixForAll } from '../../server/lint/fix-all.ts';
import { applyEdits, lineStarts, movedBy, positionAt, type Range, type TextEdit } from '../../server/text/text.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { ROOT } from './workspaces.ts';

/** What holds for every fix of every finding, whatever the Dockerfile. Every check throws where it does not. */

export interface Case {
	readonly files: Readonly<Record<string, string>>;
	readonly path: string;
	readonly text: string;
}

function analyserFor(files: Readonly<Record<string, string>>): Analyser {
	return createAnalyser({ files: createMemoryFiles(files), log: (message) => assert.fail(message) });
}

/** The analysers of workspaces whose files nothing changes, so that Go programs are read once. */
const analysers = new WeakMap<object, Analyser>();

function analyse({ files, path, text }: Case): Promise<Analysis> {
	let analyser = analysers.get(files);
	if (analyser === undefined) {
		analyser = analyserFor(files);
		analysers.set(files, analyser);
	}
	return analyser.analyse({ path, text, root: ROOT });
}

/** The case after the fix, with the other files that it changes or creates. */
function fixed(before: Case, fix: Fix): Case {
	const text = applyEdits(before.text, fix.edits);
	if (!fix.create?.size && !fix.otherEdits?.size) return { ...before, text };
	const files: Record<string, string> = { ...before.files };
	for (const [path, content] of fix.create ?? []) {
		assert.equal(files[path], undefined, `${path} is created and exists`);
		files[path] = content;
	}
	for (const [path, edits] of fix.otherEdits ?? []) {
		const old = files[path];
		assert.ok(old !== undefined, `${path} is edited and does not exist`);
		checkEdits(old, edits);
		files[path] = applyEdits(old, edits);
	}
	return { files, path: before.path, text };
}

export function checkEdits(text: string, edits: readonly TextEdit[]): void {
	const sorted = [...edits].sort((a, b) => a.range.start - b.range.start);
	for (const [index, { range, newText }] of sorted.entries()) {
		assert.ok(0 <= range.start && range.start <= range.end && range.end <= text.length, 'edits are in range');
		assert.ok(range.start >= (sorted[index - 1]?.range.end ?? 0), 'edits do not overlap');
		assert.ok(text.slice(range.start, range.end) !== newText, 'an edit changes something');
		for (const at of [range.start, range.end]) {
			assert.ok(!(text[at - 1] === '\r' && text[at] === '\n'), 'no edit parts a line ending');
		}
	}
}

const touches = ({ start, end }: Range, edit: Range) =>
	edit.start === edit.end ? start < edit.start && edit.start < end : edit.start < end && start < edit.end;

/** Every instruction that no edit reaches into is the same instruction afterwards, at its place. */
function checkUntouched(before: string, edits: readonly TextEdit[], after: string): void {
	const instructions = new Map(parseDockerfile(after).instructions.map((instruction) => [instruction.range.start, instruction]));
	for (const { range, keyword } of parseDockerfile(before).instructions) {
		if (
			edits.some(
				(edit) =>
					touches(range, edit.range) ||
					(edit.range.start === edit.range.end && edit.range.start === range.end && !/^\r?\n/.test(edit.newText)),
			)
		)
			continue;
		const found = instructions.get(movedBy(edits, range.start, true));
		assert.ok(found, `${keyword} is an instruction still`);
		assert.equal(after.slice(found.range.start, found.range.end), before.slice(range.start, range.end), `${keyword} is what it was`);
	}
}

/** The number of instructions as dockerfile-ast counts them. */
function countIndependently(text: string): number {
	return DockerfileParser.parse(text.replace(/^\uFEFF/, '')).getInstructions().length;
}

/** Whether a heredoc has no end, which fails the build: what follows is then an instruction to one and not to the other. */
function hasOpenHeredoc(text: string): boolean {
	return parseDockerfile(text).instructions.some(
		(instruction) => 'heredocs' in instruction && instruction.heredocs.some(({ range }) => range.start === range.end),
	);
}

function checkParses(before: string, after: string): void {
	const now = parseDockerfile(after);
	const then = parseDockerfile(before);
	// Where the two disagree on what a person wrote, they may disagree on what a fix made of it.
	if (countIndependently(before) === then.instructions.length && !hasOpenHeredoc(before)) {
		assert.equal(countIndependently(after), now.instructions.length, 'both parsers see the same instructions');
	}
	const unknown = (instructions: typeof now.instructions) => instructions.filter(({ keyword }) => keyword === 'UNKNOWN').length;
	assert.ok(unknown(now.instructions) <= unknown(then.instructions), 'a fix writes known instructions');
	// A COPY whose array is none would copy a file whose name starts with a bracket.
	const broken = (instructions: typeof now.instructions) =>
		instructions.filter((each) => 'json' in each && !each.json && each.sources[0]?.raw.startsWith('[')).length;
	assert.ok(broken(now.instructions) <= broken(then.instructions), 'an array stays one');
	if (/^[^\n]*\r\n/.test(before) && !/(?<!\r)\n/.test(before)) assert.doesNotMatch(after, /(?<!\r)\n/, 'CRLF stays CRLF');
	if (!before.includes('\r')) assert.ok(!after.includes('\r'), 'LF stays LF');
	assert.equal(after.startsWith('\uFEFF'), before.startsWith('\uFEFF'), 'the mark at the start stays where it is');
}

const isSerious = ({ severity }: ReportedFinding) => severity === 'error' || severity === 'warning';

function count(findings: readonly ReportedFinding[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
	return counts;
}

const describeFindings = (findings: readonly ReportedFinding[]) =>
	findings.map(({ severity, code, message }) => `  ${severity} ${code}: ${message}`).join('\n');

/** @param mended the codes of the findings that were mended */
function checkNothingNew(before: Analysis, after: Analysis, mended: Iterable<string>, because: string): void {
	const known = count(before.findings);
	for (const [code, number] of count(after.findings.filter(isSerious))) {
		assert.ok(
			number <= (known.get(code) ?? 0) || isHidden(code, mended),
			`${because} brings ${code}:\n${after.text}\n${describeFindings(after.findings.filter((finding) => finding.code === code))}`,
		);
	}
}

/** What is said of a program once it is known what ships and how it was built. */
const OF_THE_PROGRAM = [
	'cgo-code-without-cgo',
	'cgo-without-libc',
	'dynamic-binary',
	'file-ignored',
	'local-module-not-copied',
	'loopback-listener',
	'missing-c-compiler',
	'missing-ca-certificates',
	'missing-executable',
	'missing-go-sum',
	'missing-runtime-file',
	'missing-timezone-data',
	'missing-tmp',
	'missing-user-database',
	'root-user',
	'toolchain-in-image',
	'uncached-modules',
	'unreproducible-modules',
	'unwritable-directory',
	'wrong-platform',
];

/** What is said of a link between the source and the command that is started. */
const OF_THE_CHAIN = [
	'copy-of-missing-file',
	'entrypoint-not-in-image',
	'missing-entrypoint',
	'missing-main-package',
	'output-into-directory',
];

/**
 * By code, the findings that its fix may bring to light. They were true before: the rule was silent, for it did not know then which
 * program ships, where it lies, as whom it runs, or which Go builds it.
 */
const HIDDEN_BEHIND: Readonly<Record<string, readonly string[]>> = {
	'shell-form-command': [...OF_THE_PROGRAM, ...OF_THE_CHAIN],
	'malformed-exec-form': [...OF_THE_PROGRAM, ...OF_THE_CHAIN],
	'entrypoint-not-in-image': [...OF_THE_PROGRAM, ...OF_THE_CHAIN],
	'missing-entrypoint': OF_THE_PROGRAM,
	// A COPY that fails brings nothing: what is built after it, and so what ships, is not known.
	'missing-go-sum': ['missing-entrypoint'],
	'copy-of-missing-file': [...OF_THE_PROGRAM, ...OF_THE_CHAIN],
	'missing-main-package': [...OF_THE_PROGRAM, ...OF_THE_CHAIN],
	'output-into-directory': [...OF_THE_PROGRAM, ...OF_THE_CHAIN],
	'module-in-gopath': [...OF_THE_PROGRAM, ...OF_THE_CHAIN],
	// What `go mod tidy` and its like may have written is unknown.
	'unreproducible-modules': [...OF_THE_PROGRAM, ...OF_THE_CHAIN],
	// Offered, not preferred, for a program that starts others: which image holds those is left to a person, who is told. The other is
	// said of a program that is started, which it was not where the stage had no command.
	'toolchain-in-image': ['missing-executable', 'loopback-listener'],
	'unknown-user': ['unwritable-directory', 'missing-tmp'],
	// Git that is there fails without the history.
	'run-without-shell': ['missing-vcs'],
	// The user's number is known from then on, if it was a name.
	'missing-user-database': ['unwritable-directory', 'missing-tmp'],
	// Offered, not preferred: with cgo the binary is dynamic, and the base image is left to a person.
	'boringcrypto-without-cgo': ['cgo-without-libc', 'dynamic-binary', 'missing-c-compiler'],
	'unpinned-go-image': ['missing-c-compiler', 'dynamic-binary', 'module-in-gopath'],
};

function isHidden(code: string, behind: Iterable<string>): boolean {
	// A fix that copies from a stage that nothing used before makes that stage count.
	if (code === 'unreproducible-modules' || code === 'uncached-modules') return true;
	// A comment that is put right may name another target, or suppress less.
	for (const other of behind) if (other === 'unknown-suppression') return true;
	for (const other of behind) if (HIDDEN_BEHIND[other]?.includes(code)) return true;
	return false;
}

export async function checkFixes(before: Case): Promise<void> {
	const analysis = await analyse(before);
	for (const finding of analysis.findings) {
		assert.ok(
			0 <= finding.range.start && finding.range.start <= finding.range.end && finding.range.end <= before.text.length,
			'a finding is in range',
		);
		for (const fix of await finding.fixes()) {
			const because = `"${fix.title}" for ${finding.code}`;
			try {
				checkEdits(before.text, fix.edits);
				const after = fixed(before, fix);
				checkUntouched(before.text, fix.edits, after.text);
				checkParses(before.text, after.text);
				const again = await analyse(after);
				const left = again.findings.filter(
					({ code, message }) => code === finding.code && (message === finding.message || !isHidden(code, [code])),
				);
				assert.ok(
					left.length < (count(analysis.findings).get(finding.code) ?? 0),
					`the finding is still there:\n${after.text}\n${describeFindings(left)}`,
				);
				// A title says with a colon what the fix may lose; whoever takes it all the same is told of it by a finding.
				if (fix.preferred || !fix.title.includes(': ')) checkNothingNew(analysis, again, [finding.code], because);
			} catch (error) {
				throw new Error(`${because} (${finding.message})\n${before.path}:\n${before.text}`, { cause: error });
			}
		}
	}
}

export async function checkFixAll(before: Case): Promise<void> {
	const analyser = analysers.get(before.files) ?? analyserFor(before.files);
	const request = { path: before.path, text: before.text, root: ROOT };
	const first = await analyser.analyse(request);
	const { text, remaining, facts } = await fixAll(analyser, request);
	const again = await fixAll(analyser, { ...request, text });
	assert.equal(again.text, text, 'a second fix-all changes nothing');
	assert.equal(again.applied, 0, 'a second fix-all applies nothing');
	checkParses(before.text, text);
	const codes = new Set<string>();
	for (const finding of first.findings) if ((await fixForAll(finding)) !== undefined) codes.add(finding.code);
	checkNothingNew(first, { ...first, text, facts, findings: remaining }, codes, 'fix-all');
}

/** A comment above the line of a finding silences it, and whatever else of its code stands there, and nothing more. */
export async function checkSuppressions(before: Case): Promise<void> {
	const analysis = await analyse(before);
	const starts = lineStarts(before.text);
	const newline = parseDockerfile(before.text).newline;
	for (const finding of analysis.findings) {
		const line = positionAt(starts, finding.range.start).line;
		const at = line === 0 && before.text.startsWith('\uFEFF') ? 1 : (starts[line] as number);
		const edit = { range: { start: at, end: at }, newText: `# go-scratch ignore=${finding.code} it is known${newline}` };
		const after = await analyse({ ...before, text: applyEdits(before.text, [edit]) });
		const key = ({ code, range }: ReportedFinding, text: string) =>
			`${code} ${text.slice(range.start, range.end).replace(edit.newText, '')}`;
		const others = analysis.findings.filter(({ code }) => code !== finding.code).map((each) => key(each, analysis.text));
		assert.deepEqual(
			after.findings.filter(({ code }) => code !== finding.code).map((each) => key(each, after.text)),
			others,
			`silencing ${finding.code} leaves the others:\n${after.text}`,
		);
		const place = movedBy([edit], finding.range.start, true);
		assert.ok(
			!after.findings.some(({ code, range }) => code === finding.code && range.start === place),
			`${finding.code} is silenced:\n${after.text}`,
		);
	}
}
