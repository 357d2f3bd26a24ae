import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { fixableFindings } from '../../server/lint/fix-all.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import { SURVEY_SCRIPT, SURVEY_STYLE, surveyHtml } from '../../server/survey/html-form.ts';
import { rowsOf, type SurveyRow } from '../../server/survey/row.ts';
import { violationsOf } from '../../server/survey/violations.ts';
import { summaryOf, summaryText } from '../../server/survey/words.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const PROGRAM = {
	'/w/go.mod': 'module example.com/app\n\ngo 1.25\n',
	'/w/main.go': 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("https://example.com")\n}\n',
	'/w/.dockerignore': '.git\n',
};

const DOCKERFILE = `FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app

FROM scratch AS release
COPY --from=build /app /app
USER 65534:65534
ENTRYPOINT ["/app"]
`;

async function surveyOf(text: string, files: Record<string, string> = {}): Promise<SurveyRow[]> {
	const memory = createMemoryFiles({ ...PROGRAM, ...files, '/w/Dockerfile': text });
	const analyser = createAnalyser({ files: memory });
	const request = { path: '/w/Dockerfile', text, root: '/w' };
	const analysis = await analyser.analyse(request);
	assert.ok(analysis.facts);
	const fixable = await fixableFindings(analyser, request, analysis);
	return rowsOf(analysis.facts, { repository: 'w', dockerfile: 'Dockerfile', findings: analysis.findings, fixable });
}

describe('a row of a survey', () => {
	it('says of each image what it is made of, with the findings that are its own', async () => {
		const [release, ...others] = await surveyOf(DOCKERFILE);
		assert.ok(release && others.length === 0);
		assert.deepEqual(
			[release.target, release.base, release.user, release.goOfImage, release.goOfModule, release.outdated, release.cgo, release.static],
			['release', 'scratch', '65534:65534', '1.22', '1.25', 'yes', 'no', 'yes'],
		);
		assert.deepEqual(release.needs, { met: 0, unmet: ['CA certificates'], unknown: 0 });
		// The old Go, and the certificates.
		assert.equal(release.findings.error, 2);
		assert.ok(release.fixable >= 2);
		assert.deepEqual(await surveyOf('FROM node:24\nCMD ["node"]\n'), [], 'no image of a Go program');
	});

	it('leaves out what is not known', async () => {
		const [row] = await surveyOf('ARG BASE\nFROM golang AS build\nRUN make\nFROM ${BASE}\nCOPY --from=build /app /app\nCMD ["/app"]\n');
		assert.ok(row);
		assert.deepEqual([row.base, row.goOfImage, row.outdated, row.static], [undefined, undefined, 'unknown', 'unknown']);
	});

	it('says that a binary with cgo is not static', async () => {
		const [row] = await surveyOf(DOCKERFILE.replace('CGO_ENABLED=0', 'CGO_ENABLED=1'), { '/w/c.go': 'package main\n\nimport "C"\n' });
		assert.deepEqual([row?.cgo, row?.static], ['yes', 'no']);
	});
});

describe('the policy of a survey', () => {
	const violations = (policy: object, row: Partial<SurveyRow> = {}, off: string[] = [], ignored: string[] = []) =>
		violationsOf(
			{ base: 'scratch', goOfImage: '1.24', ...row },
			{ ...DEFAULT_SETTINGS, policy, severities: new Map(off.map((code) => [code, 'off'] as const)) },
			new Set(ignored),
		);

	it('names the images that a final stage may start from, by patterns', () => {
		const bases = ['scratch', 'gcr.io/distroless/*', 'alpine', 'registry.example.com/*/base:1.*'];
		for (const base of [
			'scratch',
			'gcr.io/distroless/static-debian12:nonroot',
			'gcr.io/distroless/cc@sha256:0123',
			'alpine:3.22',
			'docker.io/library/alpine',
			'registry.example.com/team/base:1.2',
		]) {
			assert.deepEqual(violations({ bases }, { base }), [], base);
		}
		for (const base of [
			'debian:12',
			'gcr.io/other/static',
			'evil/alpine',
			'alpine-evil',
			'registry.example.com/team/base:2.0',
			'xgcr.io/distroless/a',
		]) {
			assert.equal(violations({ bases }, { base })?.length, 1, base);
		}
		assert.deepEqual(violations({ bases }, { base: undefined }), ['the base image is unknown']);
		assert.deepEqual(violations({ bases: ['*'.repeat(200)] }, { base: 'a'.repeat(5000) }), []);
	});

	it('names the lowest Go, and rules that must be on', () => {
		assert.deepEqual(violations({ go: '1.24' }), []);
		assert.deepEqual(violations({ go: '1.25' }), ['Go 1.24 builds, and 1.25 is required']);
		assert.deepEqual(violations({ go: '1.25' }, { goOfImage: undefined }), ['the Go that builds is unknown, and 1.25 is required']);
		assert.deepEqual(violations({ rules: ['root-user', 'missing-tmp'] }, {}, ['root-user'], ['missing-tmp']), [
			'root-user is turned off',
			'missing-tmp is ignored by a comment',
		]);
		assert.deepEqual(violations({ rules: ['root-user'] }), []);
		assert.equal(violationsOf({}, DEFAULT_SETTINGS, new Set()), undefined);
	});
});

describe('the page of a survey', () => {
	const row: SurveyRow = {
		...{ repository: 'b', dockerfile: 'Dockerfile', target: '1', base: 'scratch', user: '65534', goOfImage: '1.9', goOfModule: '1.8' },
		...{ outdated: 'no', cgo: 'no', static: 'yes', needs: { met: 1, unmet: [], unknown: 0 } },
		...{ findings: { error: 0, warning: 2, information: 0, hint: 0 }, fixable: 0, unknown: 0 },
	};
	const rows: SurveyRow[] = [
		row,
		{ ...row, repository: 'a10', user: 'root', findings: { ...row.findings, error: 1, warning: 0 }, goOfImage: '1.25' },
		{ ...row, repository: 'a9', base: '<img src=x onerror=alert(1)>"', policy: ['base is not allowed'] },
	];
	const summary = summaryOf(rows, 3, 1);
	const page = surveyHtml(rows, summary, ['</script><b>x</b> cannot be read.']);

	it('lets its own style and script run, and nothing else', () => {
		for (const { markup, hash } of [SURVEY_STYLE, SURVEY_SCRIPT]) {
			assert.equal(hash, `sha256-${createHash('sha256').update(markup.markup).digest('base64')}`, 'write the hash anew');
		}
		assert.match(page, /http-equiv="Content-Security-Policy" content="default-src 'none';/);
		assert.doesNotMatch(page, /https?:|<img|<b>x|<link|@import|url\(/);
	});

	it('is a plain table without a script', () => {
		const plain = page.replace(/<script>[\s\S]*?<\/script>/, '');
		assert.equal(plain.match(/<tr>/g)?.length, rows.length + 1);
		assert.match(plain, /<td>1\.25<\/td>/);
		assert.match(plain, /<th scope="col">policy<\/th>/);
		assert.doesNotMatch(surveyHtml([row], summary, []), /policy<\/th>/);
		assert.match(page, /3 images in 3 repositories: 1 with errors, 2 on scratch, 1 as root, 1 against the policy\. 1 could not be read/);
		assert.equal(summaryText(summaryOf([row], 1, 0)), '1 image in 1 repository: 0 with errors, 1 on scratch, 0 as root.');
	});

	it('sorts and filters in a browser, which asks for nothing', async function () {
		this.timeout(60_000);
		const executablePath = findChromium();
		if (executablePath === undefined) return void this.skip();
		const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
		try {
			const tab = await browser.newPage();
			const problems: string[] = [];
			tab.on('request', (request) => void (request.url().startsWith('data:') || problems.push(request.url())));
			tab.on('console', (message) => void problems.push(message.text()));
			tab.on('pageerror', (error) => void problems.push(error.message));
			await tab.goto(`data:text/html;charset=utf-8;base64,${Buffer.from(page).toString('base64')}`);
			const names = () => tab.locator('tbody tr:visible td:first-child').allTextContents();
			assert.deepEqual(await names(), ['b', 'a10', 'a9']);
			await tab.getByRole('button', { name: 'repository' }).click();
			assert.deepEqual(await names(), ['a9', 'a10', 'b'], 'numbers in names count as such');
			await tab.getByRole('button', { name: 'findings' }).click();
			await tab.getByRole('button', { name: 'findings' }).click();
			assert.deepEqual(
				await names(),
				['a10', 'a9', 'b'].sort((a) => (a === 'a10' ? -1 : 1)),
				'an error is worse than two warnings',
			);
			await tab.getByRole('button', { name: 'Go', exact: true }).click();
			assert.equal((await names()).at(-1), 'a10');
			await tab.getByRole('searchbox').fill('root 1.25');
			assert.deepEqual(await names(), ['a10']);
			assert.equal(await tab.locator('caption').textContent(), '1 of 3 images');
			assert.deepEqual(problems, []);
		} finally {
			await browser.close();
		}
	});
});
