import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { fixAll } from '../../server/lint/fix-all.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { checkEdits } from './checks.ts';
import { dockerfiles } from './dockerfiles.ts';
import { ROOT, WORKSPACES } from './workspaces.ts';

/** Any text at all in any of the files that are read: nothing throws, no rule fails, and no edit lies outside the text. */

const CHARACTERS = [...'\\`"\'<>[]{}()$#=,-:;&|!*?/.@ \t\n\r\0a0\uFEFFé\u2028\u{1F600}'];
const WORDS = [
	'go ',
	'module ',
	'require ',
	'replace ',
	'=> ',
	'use ',
	'package main\n',
	'import "C"\n',
	'func main() {',
	'services:\n',
	'!',
	'**',
];

/** Any characters, and any of these words. */
const anyText = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 200 }),
	fc.array(fc.oneof(fc.constantFrom(...CHARACTERS), fc.constantFrom(...WORDS)), { maxLength: 60 }).map((pieces) => pieces.join('')),
);

/** `text` with pieces of it replaced. */
const changed = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
	fc
		.tuple(
			text,
			fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.oneof(fc.constantFrom(...CHARACTERS), fc.constantFrom(...WORDS))), { maxLength: 5 }),
		)
		.map(([start, changes]) => {
			let result = start;
			for (const [place, length, insert] of changes) {
				const at = place % (result.length + 1);
				result = result.slice(0, at) + insert + result.slice(at + length);
			}
			return result;
		});

const COMPOSE = 'services:\n  app:\n    build:\n      context: .\n      dockerfile: Dockerfile\n      target: build\n';
const WORK = 'go 1.22\n\nuse (\n\t.\n\t./lib\n)\n\nreplace example.com/lib => ./lib\n';
const IGNORE = '# comment\n*\n!go.mod\n!**/*.go\n';

const cases = fc.constantFrom(...Object.values(WORKSPACES)).chain((workspace) => {
	const names = ['Dockerfile', '.dockerignore', 'compose.yaml', 'go.work', ...Object.keys(workspace)];
	const texts: Readonly<Record<string, string>> = { 'compose.yaml': COMPOSE, 'go.work': WORK, '.dockerignore': IGNORE, ...workspace };
	return fc.record({
		workspace: fc.constant(workspace),
		/** The files whose text is anything. */
		anything: fc.dictionary(fc.constantFrom(...names), fc.oneof(anyText, changed(fc.constantFrom(...Object.values(texts)))), {
			maxKeys: 3,
		}),
		dockerfile: fc.oneof({ arbitrary: changed(dockerfiles), weight: 4 }, { arbitrary: anyText, weight: 1 }),
	});
});

describe('whatever the files hold', function () {
	// A loaded machine is no failure.
	this.timeout(120_000);

	it('no rule fails, and every finding and edit lies in its text', async () => {
		await fc.assert(
			fc.asyncProperty(cases, async ({ workspace, anything, dockerfile }) => {
				const texts = { ...workspace, Dockerfile: dockerfile, ...anything };
				const files = createMemoryFiles({
					[`${ROOT}/`]: '',
					...Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${ROOT}/${name}`, text])),
				});
				const analyser = createAnalyser({ files, log: (message) => assert.fail(message) });
				const request = { path: `${ROOT}/Dockerfile`, text: texts.Dockerfile, root: ROOT };
				const { findings, text } = await analyser.analyse(request);
				for (const { range, proposals } of findings) {
					assert.ok(0 <= range.start && range.start <= range.end && range.end <= text.length, 'a finding is in range');
					for (const fix of proposals()) {
						checkEdits(text, fix.edits);
						for (const [path, edits] of fix.otherEdits ?? []) checkEdits((await files.readText(path)) ?? '', edits);
					}
				}
				await fixAll(analyser, request);
			}),
			{ numRuns: 250 },
		);
	});
});
