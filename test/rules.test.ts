import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createAnalyser, type ReportedFinding } from '../server/lint/analyse.ts';
import { rules } from '../server/rules/index.ts';
import { applyEdits, lineStarts, positionAt } from '../server/text/text.ts';
import { deploymentOf, dockerfileOf, filesOf, goldenTests, inputsOf, ROOT, wantsCrlf, withoutCrlf } from './support/goldens.ts';

/**
 * What a rule reports and fixes, as data. An archive is in the folder of its rule, and only that rule runs. In its Dockerfile, or in the
 * compose file or manifest of a rule for deployments, a line of
 * carets is under the first line of each finding, with severity and message; after the inputs comes the Dockerfile after each fix.
 */

const MARKER = /^[ \t]*\^+ (?:error|warning|information|hint): .*\n?/gm;

describe('rules', () => {
	goldenTests('rules', async (archive, file) => {
		const code = file.split('/')[0];
		const rule = rules.find((each) => each.code === code);
		assert.ok(rule, `${code} is a rule`);
		const dockerfile = rule.judges === 'deployment' ? deploymentOf(archive) : dockerfileOf(archive);
		const plain = dockerfile.text.replace(MARKER, '');
		const crlf = wantsCrlf(archive);
		const text = crlf ? plain.replaceAll('\n', '\r\n') : plain;
		const files = filesOf({ ...archive, files: archive.files.map((each) => (each === dockerfile ? { ...each, text } : each)) });
		const problems: string[] = [];
		const analyser = createAnalyser({ files, rules: [rule], log: (message) => problems.push(message) });
		const { findings } = await analyser.analyse({ path: `${ROOT}/${dockerfile.name}`, text, root: ROOT });
		assert.deepEqual(problems, []);

		const fixed = new Map<string, string>();
		for (const fix of (await Promise.all(findings.map((finding) => finding.fixes()))).flat()) {
			const name = `fixed: ${fix.title}`;
			if (fixed.has(name)) continue;
			const result = applyEdits(text, fix.edits);
			if (fix.edits.length > 0) fixed.set(name, crlf ? withoutCrlf(result) : result);
			for (const [path, content] of fix.create ?? []) fixed.set(`${name}: ${path.slice(ROOT.length + 1)}`, content);
			for (const [path, edits] of fix.otherEdits ?? []) {
				fixed.set(`${name}: ${path.slice(ROOT.length + 1)}`, applyEdits((await files.readText(path)) ?? '', edits));
			}
		}
		return {
			comment: archive.comment,
			files: [
				...inputsOf(archive).map((each) => (each === dockerfile ? { name: each.name, text: marked(plain, text, findings) } : each)),
				...[...fixed].map(([name, text]) => ({ name, text })),
			],
		};
	});

	for (const { code, fixAll, documentation } of rules) {
		it(`${code} has a case that is reported, one that is not, one for its fixes, and a page`, () => {
			const directory = fileURLToPath(new URL(`./fixtures/rules/${code}`, import.meta.url));
			assert.ok(existsSync(directory), `test/fixtures/rules/${code} does not exist`);
			const cases = readdirSync(directory).map((name) => readFileSync(`${directory}/${name}`, 'utf8'));
			const isReported = (text: string) => text.search(MARKER) >= 0;
			assert.ok(cases.some(isReported), `no case in test/fixtures/rules/${code} is reported`);
			assert.ok(!cases.every(isReported), `every case in test/fixtures/rules/${code} is reported`);
			if (fixAll)
				assert.ok(
					cases.some((text) => text.includes('\n-- fixed: ')),
					`no case in test/fixtures/rules/${code} is fixed`,
				);
			for (const [part, text] of Object.entries(documentation)) assert.ok(text.length > 10, `documentation.${part} is too short`);
		});
	}
});

/** `plain` with a marker line under the first line of each finding in `text`, which differs from it in line endings alone. */
function marked(plain: string, text: string, findings: readonly ReportedFinding[]): string {
	const starts = lineStarts(text);
	const lines = plain.split('\n');
	const result: string[] = [];
	lines.forEach((line, number) => {
		result.push(line);
		for (const { range, severity, message } of findings) {
			const start = positionAt(starts, range.start);
			if (start.line !== number) continue;
			const end = positionAt(starts, range.end);
			const length = Math.max(1, (end.line === start.line ? end.character : line.length) - start.character);
			result.push(
				`${line.slice(0, start.character).replace(/[^\t]/g, ' ')}${'^'.repeat(length)} ${severity}: ${message.replaceAll('\n', ' ')}`,
			);
		}
	});
	return result.join('\n');
}
