import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
	cut,
	fileText,
	joined,
	json,
	linesOf,
	patch,
	replacedLine,
	styled,
	terminal,
	together,
	workflowCommands,
} from '../../server/cli/printable.ts';
import { unifiedDiff } from '../../server/cli/unified-diff.ts';
import { visible } from '../../server/text/visible.ts';
import { hostile } from '../support/hostile.ts';
import { commandsIn } from '../support/runner.ts';

/** What no reader sees as a character of its own. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

const STYLE = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

describe('what is printed', () => {
	it('is one line for a person, whatever stands in it, with nothing hidden and no command', () => {
		fc.assert(
			fc.property(hostile, hostile, hostile, (a, b, c) => {
				for (const text of [
					terminal`${a}${b}${c}`,
					terminal`  ${a}: ${b} (${c})`,
					joined([a, terminal`${b}`, c]),
					cut(terminal`${a}`, 20),
				]) {
					for (const shown of [terminal`${text}\n`.textFor(true), terminal`${text}\n`.textFor(false)]) {
						assert.equal(shown.indexOf('\n'), shown.length - 1);
						assert.doesNotMatch(shown.slice(0, -1), HIDDEN);
						assert.deepEqual(commandsIn(shown), []);
					}
				}
				assert.deepEqual(commandsIn(terminal`${styled(a, 1, 22)}${styled(b, 31, 39)}\n`.textFor(false).replace(STYLE, '')), []);
				assert.doesNotMatch(replacedLine(terminal`${a}`).textFor(true).slice('\r\u001B[2K'.length), HIDDEN);
				for (const line of linesOf(`${a}\n${b}`).textFor(true).split('\n')) assert.doesNotMatch(line, HIDDEN);
			}),
			{ numRuns: 2000 },
		);
	});

	it('shows what is hidden as Go writes it in a string', () => {
		assert.equal(
			terminal`${'a\u001B\u0007\r\n\tb\u007F\u009B\u202E\u200B\u2028\uD800\u{E0001}é\u{1F600}\\'}`.textFor(true),
			'a\\x1b\\x07\\r\\n\\tb\\x7f\\u009b\\u202e\\u200b\\u2028\\ud800\\U000e0001é\u{1F600}\\',
		);
	});

	it('holds the commands for a runner that are meant, and no other', () => {
		fc.assert(
			fc.property(hostile, hostile, hostile, (file, message, after) => {
				const command = { name: 'error', properties: { file, line: 1, col: undefined, title: `go-scratch: ${message}` }, message } as const;
				const output = together(terminal`${after}\n`, workflowCommands([command, command]), terminal`${after}\n`).textFor(false);
				const shown = shownIn(message);
				const [first, second, ...others] = commandsIn(output);
				assert.deepEqual(first, {
					name: 'error',
					properties: { file: shownIn(file), line: '1', title: `go-scratch: ${shown}` },
					data: shown,
				});
				assert.deepEqual([second, others], [first, []]);
			}),
			{ numRuns: 2000 },
		);
	});

	it('is the same value for a program, with nothing hidden in it', () => {
		fc.assert(
			fc.property(fc.dictionary(hostile, hostile, { noNullPrototype: true }), (value) => {
				const text = json(value).textFor(false);
				assert.deepEqual(JSON.parse(text), value);
				assert.doesNotMatch(text.replaceAll('\n', ''), HIDDEN);
				assert.deepEqual(commandsIn(text), []);
			}),
			{ numRuns: 1000 },
		);
	});

	it('is a file as it is for a program, and readable on a terminal', () => {
		fc.assert(
			fc.property(hostile, (text) => {
				assert.equal(fileText(text).textFor(false), text);
				assert.doesNotMatch(
					fileText(text)
						.textFor(true)
						.replace(/[\n\t]/g, ''),
					HIDDEN,
				);
			}),
			{ numRuns: 1000 },
		);
		assert.equal(fileText('a\r\n\tb\u001B\r\n').textFor(true), 'a\n\tb\\x1b\n');
	});

	it('is a patch that Git takes, and that no runner obeys', () => {
		const before = 'FROM a\n::set-output name=a::b\n##[error]c\n::stop-commands::d\nCMD /app\n';
		const after = before.replace('CMD /app', 'CMD ["/app"]');
		const diff = unifiedDiff('Dockerfile', before, after);
		assert.equal(patch(diff, {}).textFor(false), diff);
		const text = patch(diff, { GITHUB_ACTIONS: 'true' }).textFor(false);
		assert.deepEqual(
			commandsIn(`${text}::warning::after\n`).map(({ name }) => name),
			['stop-commands', 'warning'],
		);
		assert.equal(patch('', { GITHUB_ACTIONS: 'true' }).textFor(false), '');
		const directory = mkdtempSync(join(tmpdir(), 'go-scratch-patch-'));
		try {
			writeFileSync(join(directory, 'Dockerfile'), before);
			const { status, stderr } = spawnSync('git', ['apply', '-'], { cwd: directory, input: text, encoding: 'utf8' });
			assert.equal(status, 0, stderr);
			assert.equal(readFileSync(join(directory, 'Dockerfile'), 'utf8'), after);
		} finally {
			rmSync(directory, { recursive: true, force: true });
		}
	});
});

/** A path, in which line ends stay as they are encoded. */
function shownIn(text: string): string {
	return text
		.split(/([\r\n])/)
		.map((part) => (/^[\r\n]$/.test(part) ? part : visible(part).replace(/#(?=#\w*\[)/g, '\\x23')))
		.join('');
}
