import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyBaseline, writeBaseline } from '../../server/cli/baseline.ts';
import type { CheckedFile } from '../../server/cli/checked.ts';
import type { ReportedFinding } from '../../server/lint/analyse.ts';
import { lineStarts } from '../../server/text/text.ts';

describe('baselines', () => {
	let directory: string;
	let baseline: string;

	beforeEach(() => {
		directory = realpathSync(mkdtempSync(join(tmpdir(), 'go-scratch-baseline-')));
		baseline = join(directory, 'ci', 'baseline.json');
		mkdirSync(join(directory, 'ci'));
	});

	afterEach(() => rmSync(directory, { recursive: true, force: true }));

	/** A Dockerfile with a finding of the code on each of the parts of its text. */
	function checked(name: string, text: string, ...found: readonly [code: string, part: string][]): CheckedFile {
		const path = join(directory, name);
		writeFileSync(path, text);
		let from = 0;
		const findings = found.map(([code, part]) => {
			const start = text.indexOf(part, from);
			assert.ok(start >= 0);
			from = start + 1;
			return { code, severity: 'error', message: '', range: { start, end: start + part.length } } as unknown as ReportedFinding;
		});
		const none = { fixable: new Set<ReportedFinding>(), known: [], suppressed: [], unread: [], ofGo: true };
		return { path: path.replaceAll('\\', '/'), text, lineStarts: lineStarts(text), findings, ...none };
	}

	const codes = (files: readonly CheckedFile[], which: 'findings' | 'known') =>
		files.flatMap((file) => file[which].map(({ code }) => code));

	it('know a finding again where it has moved, and where white space has changed', () => {
		assert.equal(writeBaseline(baseline, [checked('Dockerfile', 'FROM a\nRUN  b \\\n  c\n', ['x', 'RUN  b \\\n  c'])]), 1);
		const { files, gone } = applyBaseline(baseline, [checked('Dockerfile', '# new\nFROM a\n\nRUN b \\\n\tc\n', ['x', 'RUN b \\\n\tc'])]);
		assert.deepEqual([codes(files, 'findings'), codes(files, 'known'), gone], [[], ['x'], []]);
	});

	it('let new ones through: of another rule, on another text, in another file, or one more of the same', () => {
		writeBaseline(baseline, [checked('Dockerfile', 'FROM a\nFROM b\n', ['x', 'FROM a'])]);
		const now = [
			checked('Dockerfile', 'FROM a\nFROM b\nFROM a\n', ['x', 'FROM a'], ['y', 'ROM a'], ['x', 'FROM a']),
			checked('Other', 'FROM a\n', ['x', 'FROM a']),
		];
		const { files } = applyBaseline(baseline, now);
		assert.deepEqual([codes(files, 'findings'), codes(files, 'known')], [['y', 'x', 'x'], ['x']]);
	});

	it('say what is gone, of the files that were looked at and of those that are no more', () => {
		const two = checked('Dockerfile', 'FROM a\nFROM a\n', ['x', 'FROM a'], ['x', 'FROM a']);
		const removed = checked('Removed', 'FROM a\n', ['x', 'FROM a']);
		const elsewhere = checked('Elsewhere', 'FROM a\n', ['x', 'FROM a']);
		writeBaseline(baseline, [two, removed, elsewhere]);
		rmSync(join(directory, 'Removed'));
		const { gone } = applyBaseline(baseline, [checked('Dockerfile', 'FROM a\n', ['x', 'FROM a'])]);
		assert.deepEqual(
			gone.map(({ file, count }) => [file.split('/').pop(), count]),
			[
				['Dockerfile', 1],
				['Removed', 1],
			],
		);
	});

	it('are written the same for the same findings, with paths from their own directory, and keep what was not looked at', () => {
		const one = checked('Dockerfile', 'FROM a\nFROM a\n', ['x', 'FROM a'], ['x', 'FROM a']);
		const other = checked('Other', 'FROM a\n', ['x', 'FROM a']);
		writeBaseline(baseline, [other, one]);
		const written = readFileSync(baseline, 'utf8');
		assert.deepEqual(JSON.parse(written), {
			version: 1,
			findings: [
				{ file: '../Dockerfile', code: 'x', text: 'FROM a', count: 2 },
				{ file: '../Other', code: 'x', text: 'FROM a' },
			],
		});
		assert.equal(writeBaseline(baseline, [one]), 3);
		assert.equal(readFileSync(baseline, 'utf8'), written);
		assert.equal(writeBaseline(baseline, [{ ...other, findings: [] }]), 2);
	});

	it('that cannot be read are told, and never overwritten', () => {
		assert.throws(() => applyBaseline(baseline, []), /cannot be read; create it with go-scratch check --write-baseline .*\./);
		for (const [text, message] of [
			['{', /is not valid JSON/],
			['[]', /"version" is not 1/],
			['{"version": 2, "findings": []}', /"version" is not 1/],
			['{"version": 1}', /is invalid/],
			['{"version": 1, "findings": [{"file": "a", "code": "b"}]}', /is invalid/],
			['{"version": 1, "findings": [{"file": "a", "code": "b", "text": "c", "count": 0}]}', /is invalid/],
		] as const) {
			writeFileSync(baseline, text);
			assert.throws(() => applyBaseline(baseline, []), message);
			assert.throws(() => writeBaseline(baseline, []), message);
			assert.equal(readFileSync(baseline, 'utf8'), text);
		}
	});
});
