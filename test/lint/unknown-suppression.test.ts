import assert from 'node:assert/strict';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../server/lint/settings.ts';
import { applyEdits } from '../../server/text/text.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const FILES = { '/w/go.mod': 'module example.com/app\n\ngo 1.26\n', '/w/main.go': 'package main\n\nfunc main() {}\n' };
const FROM = 'FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n';

/** What is said of comments in front of the final stage, with the text after the first fix. */
async function said(
	comments: string,
	{ more = {}, settings = DEFAULT_SETTINGS, top = '' }: { more?: Record<string, string>; settings?: Settings; top?: string } = {},
) {
	const start = `${top}FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\n\n`;
	const text = `${start}${comments}${FROM}`;
	const analyser = createAnalyser({ files: createMemoryFiles({ ...FILES, ...more }), log: (message) => assert.fail(message) });
	const { findings } = await analyser.analyse({ path: '/w/Dockerfile', text, root: '/w', settings });
	const own = findings.filter(({ code }) => code === 'unknown-suppression');
	const [fix] = (await own[0]?.fixes()) ?? [];
	return { messages: own.map(({ message }) => message), fixed: fix && applyEdits(text, fix.edits).slice(start.length, -FROM.length) };
}

describe('a comment that suppresses nothing', () => {
	it('is reported where the finding is not there, and removed', async () => {
		assert.deepEqual((await said('# go-scratch ignore=root-user\n')).messages, []);
		const { messages, fixed } = await said('# go-scratch ignore=missing-tmp\n');
		assert.deepEqual(messages, ['missing-tmp is not reported here, so this comment has no effect. Remove it.']);
		assert.equal(fixed, '');
	});

	it('keeps the codes that count', async () => {
		assert.equal((await said('# go-scratch ignore=missing-tmp, root-user why\n')).fixed, '# go-scratch ignore=root-user why\n');
		assert.equal((await said('# go-scratch ignore=root-user, missing-tmp why\n')).fixed, '# go-scratch ignore=root-user why\n');
	});

	it('is reported where an empty line parts it from the instruction', async () => {
		assert.equal((await said('# go-scratch ignore=root-user\n\n')).messages.length, 1);
	});

	it('is not reported where the rule is off, or not all could be read', async () => {
		const settings = { ...DEFAULT_SETTINGS, severities: new Map([['missing-tmp', 'off' as const]]) };
		assert.deepEqual((await said('# go-scratch ignore=missing-tmp\n', { settings })).messages, []);
		const more = {
			'/w/go.mod': 'module example.com/app\n\ngo 1.26\n\nrequire example.com/lib v1.0.0\n',
			'/w/main.go': 'package main\n\nimport _ "example.com/lib"\n\nfunc main() {}\n',
		};
		assert.deepEqual((await said('# go-scratch ignore=missing-tmp\n', { more })).messages, []);
	});

	it('can be suppressed itself, at the top of the file', async () => {
		const top = '# go-scratch ignore-file=unknown-suppression\n';
		assert.deepEqual((await said('# go-scratch ignore=missing-tmp\n', { top })).messages, []);
	});
});
