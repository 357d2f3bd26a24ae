import assert from 'node:assert/strict';
import type { Colors } from '../../server/cli/colors.ts';
import { type Printable, terminal } from '../../server/cli/printable.ts';
import { explainText, rulesText } from '../../server/cli/rules.ts';
import { UsageError } from '../../server/cli/usage-error.ts';
import { plainText } from '../../server/lint/documentation.ts';
import { rules } from '../../server/rules/index.ts';

const same = (text: string) => terminal`${text}`;
const shown = (text: Printable) => text.textFor(false);
const PLAIN: Colors = { on: false, bold: same, red: same, yellow: same, green: same, blue: same, cyan: same, gray: same };
const MARKED: Colors = { ...PLAIN, on: true, bold: (text) => terminal`<b>${text}</b>`, cyan: (text) => terminal`<c>${text}</c>` };

describe('the rules on the command line', () => {
	it('are listed, each on a line', () => {
		const lines = shown(rulesText(rules, 'text', PLAIN))
			.trimEnd()
			.split('\n');
		assert.equal(lines.length, rules.length);
		assert.match(lines.find((line) => line.startsWith('root-user')) ?? '', /^root-user +warning {6}fix {2}The container runs as root, and/);
		const columns = rules.map(({ documentation }, index) => lines[index]?.indexOf(plainText(documentation.summary)));
		assert.equal(new Set(columns).size, 1);
		assert.ok((columns[0] ?? -1) > 0);
	});

	it('are given to programs', () => {
		const { version, rules: listed } = JSON.parse(shown(rulesText(rules, 'json', PLAIN)));
		assert.equal(version, 1);
		assert.deepEqual(
			listed.map(({ code }: { code: string }) => code),
			rules.map(({ code }) => code),
		);
		assert.deepEqual(Object.keys(listed[0]), ['code', 'severity', 'fixAll', 'summary', 'url']);
	});

	it('are explained with all that their pages say, in lines of a readable width', () => {
		for (const { code, documentation } of rules) {
			const text = shown(explainText(rules, code, PLAIN));
			assert.ok(text.startsWith(`${code}\n`));
			const flat = text.replace(/\s+/g, ' ');
			for (const part of [documentation.summary, documentation.why, documentation.notes]) {
				for (const sentence of part.split(/\n+/)) assert.ok(flat.includes(sentence.replace(/\s+/g, ' ').trim()), `${code}: ${sentence}`);
			}
			for (const line of [...documentation.example.split('\n'), ...documentation.instead.trimEnd().split('\n')]) {
				assert.ok(text.includes(`    ${line}`), `${code}: ${line}`);
			}
			assert.doesNotMatch(text, /```|^#/m);
			for (const line of text.split('\n'))
				assert.ok(line.length <= 100 || !/^\S+ .* \S+$/.test(line.replace(/`[^`]*`/g, '_')) || line.startsWith('    '), line);
		}
	});

	it('stand out on a terminal', () => {
		const text = shown(explainText(rules, 'missing-tmp', MARKED));
		assert.match(text, /^<b>missing-tmp<\/b>\n/);
		assert.match(text, /<c>open \/tmp\/x123: no such file or directory<\/c>/);
		assert.doesNotMatch(text, /`/);
	});

	it('that do not exist are told with the one that was meant', () => {
		assert.throws(
			() => explainText(rules, 'missing-tpm', PLAIN),
			(error) => error instanceof UsageError && /^Unknown rule missing-tpm \(did you mean missing-tmp\?\)\./.test(error.message),
		);
	});
});
