import assert from 'node:assert/strict';
import { findCandidates, generateFor } from '../../server/generate/generation.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const ROOT = '/workspace';

const PROGRAM = {
	'go.mod': 'module example.com/app\n\ngo 1.26\n',
	'main.go': 'package main\n\nimport _ "embed"\n\n//go:embed page.html\nvar page string\n\nfunc main() { print(page) }\n',
	'page.html': '<p>hello</p>\n',
};

/** What is generated for the program with these files besides. */
async function generated(others: Readonly<Record<string, string>>) {
	const files = createMemoryFiles(
		Object.fromEntries(Object.entries({ ...PROGRAM, ...others }).map(([name, text]) => [`${ROOT}/${name}`, text])),
	);
	const { reader } = createAnalyser({ files, log: assert.fail });
	const { workspace, candidates } = await findCandidates(reader, ROOT, ROOT, new AbortController().signal);
	const [candidate] = candidates;
	assert.ok(candidate);
	const result = await generateFor(files, workspace, candidate, true);
	assert.ok(typeof result !== 'string');
	return { names: result.files.map(({ path }) => path.slice(ROOT.length + 1)), summary: result.summary, exists: result.files[1]?.exists };
}

describe('the files that are generated', () => {
	it('have a .dockerignore', async () => {
		const { names, exists } = await generated({});
		assert.deepEqual(names, ['Dockerfile', '.dockerignore']);
		assert.equal(exists, false);
	});

	it('leave a .dockerignore that serves as it is', async () => {
		const { names, exists } = await generated({ '.dockerignore': '.git\ndocs\n' });
		assert.deepEqual(names, ['Dockerfile', '.dockerignore']);
		assert.equal(exists, true);
	});

	for (const [text, leftOut] of [
		['*\n!release\n', 'go.mod'],
		['*.html\n', 'page.html'],
		['*.go\n', 'main.go'],
	] as const) {
		it(`have an ignore file of their own where .dockerignore leaves out ${leftOut}`, async () => {
			const { names, exists, summary } = await generated({ '.dockerignore': text });
			assert.deepEqual(names, ['Dockerfile', 'Dockerfile.dockerignore']);
			assert.equal(exists, false);
			assert.ok(summary.includes(`.dockerignore excludes ${leftOut}`), summary);
		});
	}

	it('have an ignore file of their own where .dockerignore leaves out a package of the program', async () => {
		const { names, summary } = await generated({
			'.dockerignore': '*\n!go.mod\n!*.go\n!page.html\n',
			'pkg/b.go': 'package pkg\n',
			'more.go': 'package main\n\nimport _ "example.com/app/pkg"\n',
		});
		assert.deepEqual(names, ['Dockerfile', 'Dockerfile.dockerignore']);
		assert.ok(summary.includes('.dockerignore excludes pkg/b.go'), summary);
	});
});
