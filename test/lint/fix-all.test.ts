import assert from 'node:assert/strict';
import type { Written } from '../../server/dockerfile/write.ts';
import { createFactsReader } from '../../server/facts/build-facts.ts';
import type { Fix } from '../../server/findings/finding.ts';
import { type Analyser, check, createAnalyser } from '../../server/lint/analyse.ts';
import { fixAll, fixableFindings, MAX_PASSES } from '../../server/lint/fix-all.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import { NO_INSTALLATION } from '../../server/program/installation.ts';
import type { Rule } from '../../server/rules/rule.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const documentation = { summary: '', why: '', example: '', instead: '', notes: '' };

/** A rule that hints at every match of `pattern` and replaces it. */
function replacing(code: string, pattern: RegExp, text: string, more: Partial<Rule> & Partial<Fix> = {}): Rule {
	const newText = text as Written;
	return {
		code,
		severity: 'hint',
		fixAll: more.fixAll ?? true,
		judges: 'build',
		documentation,
		*check({ dockerfile }) {
			for (const match of dockerfile.text.matchAll(pattern)) {
				const range = { start: match.index, end: match.index + match[0].length };
				const message = `${code} at ${match.index}`;
				yield { range, message, fixes: () => [{ title: code, preferred: true, ...more, edits: [{ range, newText }] }] };
			}
		},
	};
}

/** A rule that inserts `text` in front of every match of `pattern`. */
function inserting(code: string, pattern: RegExp, text: string): Rule {
	const newText = text as Written;
	return {
		...replacing(code, pattern, text),
		*check({ dockerfile }) {
			for (const { index } of dockerfile.text.matchAll(pattern)) {
				const range = { start: index, end: index };
				yield { range, message: code, fixes: () => [{ title: code, preferred: true, edits: [{ range, newText }] }] };
			}
		},
	};
}

const reader = createFactsReader(createMemoryFiles({}), NO_INSTALLATION);

function analyserOf(rules: readonly Rule[]): Pick<Analyser, 'analyse'> & { passes: number } {
	return {
		passes: 0,
		async analyse({ path, text, root }) {
			this.passes++;
			const facts = await reader.read({ path, text, root, quick: true });
			const findings = check(facts, rules, DEFAULT_SETTINGS, (message) => assert.fail(message));
			return { path, text, facts, complete: true, findings, suppressed: [] };
		},
	};
}

async function fixed(text: string, rules: readonly Rule[], code?: string): Promise<string> {
	return (await fixAll(analyserOf(rules), { path: '/Dockerfile', text, root: '/' }, { code })).text;
}

describe('fix-all', () => {
	it('goes on until nothing is left', async () => {
		assert.equal(await fixed('a a\n', [replacing('one', /a/g, 'b'), replacing('two', /b/g, 'c'), replacing('three', /c/g, 'd')]), 'd d\n');
	});

	it('counts what it applied and says what remains', async () => {
		const result = await fixAll(analyserOf([replacing('one', /a/g, 'b'), replacing('left', /b/g, 'c', { preferred: false })]), {
			path: '/Dockerfile',
			text: 'a a\n',
			root: '/',
		});
		assert.equal(result.applied, 2);
		assert.deepEqual(
			result.remaining.map((finding) => finding.code),
			['left', 'left'],
		);
	});

	it('leaves alone what no rule is certain of, and what a person must decide', async () => {
		const left = [
			replacing('not-preferred', /a/g, 'b', { preferred: false }),
			replacing('not-for-all', /a/g, 'b', { fixAll: false }),
			replacing('creates', /a/g, 'b', { create: new Map([['/x', '']]) }),
			replacing('elsewhere', /a/g, 'b', { otherEdits: new Map([['/x', []]]) }),
		];
		assert.equal(await fixed('a\n', left), 'a\n');
	});

	it('takes the fixes of one code alone, of whatever rule a person names', async () => {
		const rules = [replacing('one', /a/g, 'b', { fixAll: false }), replacing('two', /x/g, 'y')];
		assert.equal(await fixed('a x a\n', rules, 'one'), 'b x b\n');
	});

	it('takes one of two fixes that overlap, and looks again', async () => {
		assert.equal(await fixed('ab\n', [replacing('one', /ab/g, 'x'), replacing('two', /b/g, 'y')]), 'x\n');
	});

	it('never inserts the same thing twice at one place', async () => {
		const once = /(?<!USER 1\n)(?=CMD)/g;
		assert.equal(
			await fixed('FROM x\nCMD y\n', [inserting('one', once, 'USER 1\n'), inserting('two', once, 'USER 1\n')]),
			'FROM x\nUSER 1\nCMD y\n',
		);
	});

	it('takes an insertion beside a replacement in a pass of its own', async () => {
		const rules = [replacing('one', /a/g, 'b'), inserting('two', /(?<=^.)$/gm, '!')];
		assert.equal(await fixed('a', rules), 'b!');
	});

	it('ends where a text comes back', async () => {
		const analyser = analyserOf([replacing('one', /a/g, 'b'), replacing('two', /b/g, 'a')]);
		const { text } = await fixAll(analyser, { path: '/Dockerfile', text: 'a\n', root: '/' });
		assert.equal(text, 'b\n');
		assert.equal(analyser.passes, 2);
	});

	it('ends after ten passes where nothing comes to rest', async () => {
		assert.equal(await fixed('a', [replacing('one', /a$/g, 'aa')]), 'a'.repeat(MAX_PASSES + 1));
	});

	it('makes no text that dockerfile-ast does not read as our reader does', async () => {
		// Each is harmless alone; together they make a heredoc, which dockerfile-ast misses.
		const rules = [inserting('one', /(?<=FROM a\n)(?=RUN b\n)/g, 'RUN cat 3<<X\n'), inserting('two', /(?<=RUN b\n)(?=RUN c)/g, 'X\n')];
		assert.equal(await fixed('FROM a\nRUN b\nRUN c\n', rules), 'FROM a\nRUN cat 3<<X\nRUN b\nRUN c\n');
		assert.equal(await fixed('FROM a\nRUN b\nRUN c\n', rules.slice(1)), 'FROM a\nRUN b\nX\nRUN c\n');
	});

	it('leaves out a fix whose own edits overlap', async () => {
		const broken: Rule = {
			...replacing('broken', /a/g, ''),
			*check() {
				const edits = [
					{ range: { start: 0, end: 2 }, newText: '' as Written },
					{ range: { start: 1, end: 3 }, newText: '' as Written },
				];
				yield { range: { start: 0, end: 1 }, message: '', fixes: () => [{ title: '', preferred: true, edits }] };
			},
		};
		assert.equal(await fixed('abcd', [broken, replacing('one', /d/g, 'e')]), 'abce');
	});

	it('is quick for a text with a fix on each of ten thousand lines', async () => {
		assert.equal(await fixed('a\n'.repeat(10_000), [replacing('one', /a/g, 'b')]), 'b\n'.repeat(10_000));
	});
});

describe('fix-all of a deployment', () => {
	const path = '/w/compose.yaml';
	const text = 'services:\n  app:\n    build: .\n    image: app\n    init: true\n';
	const files = createMemoryFiles({
		'/w/Dockerfile': 'FROM golang:1.26 AS build\nCOPY . .\nRUN go build -o /app .\n\nFROM scratch\nCOPY --from=build /app /app\n',
		'/w/go.mod': 'module example.com/app\n\ngo 1.26\n',
		'/w/main.go': 'package main\n\nfunc main() {}\n',
		[path]: text,
	});

	/** Replaces the name of a service's image, as long as that is `app`. */
	function renaming(to: string): Rule {
		return {
			code: 'renaming',
			severity: 'warning',
			fixAll: true,
			judges: 'deployment',
			documentation,
			*checkService({ service: { image } }) {
				if (image?.value !== 'app') return;
				const edits = [{ range: image.at.range, newText: to as Written }];
				yield { at: image.at, message: 'renaming', fixes: () => [{ title: 'renaming', preferred: true, edits }] };
			},
		};
	}

	for (const [what, to, done] of [
		['takes a fix', 'other', true],
		['takes none that is an error in YAML', '"other', false],
		['takes none that brings a key twice', 'other\n    init: true', false],
	] as const) {
		it(what, async () => {
			const analyser = createAnalyser({ files, rules: [renaming(to)] });
			const request = { path, text, root: '/w' };
			assert.equal((await fixAll(analyser, request)).text, done ? text.replace('image: app', `image: ${to}`) : text);
			const analysis = await analyser.analyse(request);
			assert.equal(analysis.findings.length, 1);
			assert.equal((await fixableFindings(analyser, request, analysis)).size, done ? 1 : 0);
		});
	}
});
