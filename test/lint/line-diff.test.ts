import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { unifiedDiff } from '../../server/cli/unified-diff.ts';
import { diffLines, minimalEdits } from '../../server/lint/line-diff.ts';
import { applyEdits } from '../../server/text/text.ts';

const text = fc
	.array(fc.constantFrom('a', 'b', 'c\n', '\n', '\r\n', 'FROM x\n', '😀', 'ü'), { maxLength: 40 })
	.map((parts) => parts.join(''));

describe('minimal edits', () => {
	it('make the one text of the other', () => {
		fc.assert(fc.property(text, text, (before, after) => assert.equal(applyEdits(before, minimalEdits(before, after)), after)));
	});

	it('leave alone what is equal', () => {
		const edits = minimalEdits('FROM a\nRUN x\nRUN y\nCMD /z\n', 'FROM a\nRUN x --flag\nRUN y\nUSER 1\nCMD /z\n');
		assert.deepEqual(edits, [
			{ range: { start: 12, end: 12 }, newText: ' --flag' },
			{ range: { start: 19, end: 19 }, newText: 'USER 1\n' },
		]);
	});

	it('do not part what belongs together', () => {
		for (const [before, after] of [
			['a\r\n', 'a\n'],
			['😀', '😁'],
		] as const) {
			for (const { range } of minimalEdits(before, after)) {
				for (const offset of [range.start, range.end]) {
					assert.doesNotMatch(before.slice(offset), /^[\uDC00-\uDFFF]/);
					assert.ok(!(before[offset] === '\n' && before[offset - 1] === '\r'));
				}
			}
		}
	});

	it('are the shortest', () => {
		const before = 'abcabba'.split('');
		const after = 'cbabac'.split('');
		const changed = diffLines(before, after).reduce((sum, hunk) => sum + hunk.oldEnd - hunk.oldStart + hunk.newEnd - hunk.newStart, 0);
		assert.equal(changed, 5);
	});

	it('take bounded time for texts that have nothing in common', () => {
		const before = Array.from({ length: 20_000 }, (_, index) => `a${index}\n`).join('');
		const after = Array.from({ length: 20_000 }, (_, index) => `b${index}\n`).join('');
		assert.equal(minimalEdits(before, after).length, 1);
	}).timeout(5000);
});

describe('unified diff', () => {
	it('shows changes with three lines around them', () => {
		const before = '1\n2\n3\n4\n5\n6\n7\n8\n9\n';
		assert.equal(
			unifiedDiff('Dockerfile', before, before.replace('5\n', 'five\n')),
			'diff --git a/Dockerfile b/Dockerfile\n--- a/Dockerfile\n+++ b/Dockerfile\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
		);
	});

	it('says where the last line has no ending', () => {
		assert.equal(
			unifiedDiff('D', 'a', 'a\nb\n'),
			'diff --git a/D b/D\n--- a/D\n+++ b/D\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n',
		);
	});

	it('ends a name with blanks with a tab, as Git does', () => {
		assert.match(unifiedDiff('a b/D', 'a\n', 'b\n'), /^diff --git a\/a b\/D b\/a b\/D\n--- a\/a b\/D\t\n\+\+\+ b\/a b\/D\t\n/);
	});

	it('is empty where nothing changed', () => {
		assert.equal(unifiedDiff('D', 'a\n', 'a\n'), '');
	});
});
