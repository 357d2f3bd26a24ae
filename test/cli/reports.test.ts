import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import { marked } from 'marked';
import type { Log } from 'sarif';
import { SaxesParser } from 'saxes';
import { type CheckedFile, checkedFile } from '../../server/cli/checked.ts';
import type { Failure } from '../../server/cli/failures.ts';
import { githubReport } from '../../server/cli/github-report.ts';
import { gitlabReport } from '../../server/cli/gitlab-report.ts';
import { jsonReport } from '../../server/cli/json-report.ts';
import { fails } from '../../server/cli/judging.ts';
import { junitReport } from '../../server/cli/junit-report.ts';
import { markdownReport } from '../../server/cli/markdown-report.ts';
import { type SarifRequest, sarifReport } from '../../server/cli/sarif-report.ts';
import { createAnalyser, type ReportedFinding } from '../../server/lint/analyse.ts';
import { fixableFindings } from '../../server/lint/fix-all.ts';
import { rules } from '../../server/rules/index.ts';
import { applyEdits, lineStarts } from '../../server/text/text.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const PROGRAM = {
	'/w/go.mod': 'module example.com/app\n\ngo 1.26\n',
	'/w/main.go': 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("https://example.com")\n}\n',
};

/** Findings with fixes that edit the Dockerfile, edit another file and create one; one is silenced. */
const DOCKERFILE = `FROM golang AS build
WORKDIR /src
COPY . .
COPY assets /assets
RUN CGO_ENABLED=0 go build -o /app

# go-scratch ignore=root-user it binds a raw socket
FROM scratch
COPY --from=build /app /app
CMD /app
`;

const STRANGE = '/w/deploy %,:#ä/api server.dockerfile';

async function filesWith(record: Readonly<Record<string, string>>): Promise<{ checked: CheckedFile[]; textOf: SarifRequest['textOf'] }> {
	const files = createMemoryFiles({ ...PROGRAM, ...record });
	const analyser = createAnalyser({ files });
	const checked: CheckedFile[] = [];
	for (const [path, text] of Object.entries(record)) {
		if (!/dockerfile$/i.test(path)) continue;
		const analysis = await analyser.analyse({ path, text, root: '/w' });
		checked.push(checkedFile(analysis, await fixableFindings(analyser, { path, text, root: '/w' }, analysis)));
	}
	return { checked, textOf: (path) => files.readText(path) };
}

async function sarifOf(request: Partial<SarifRequest>): Promise<Log> {
	const whole = { version: '1.2.3', base: '/w', workingDirectory: '/w', rules, warnings: [], failures: [], exitCode: () => 1 };
	const without = { withBaseline: false, withSuppressed: false };
	return JSON.parse((await sarifReport({ ...whole, ...without, files: [], textOf: async () => undefined, ...request })).textFor(false));
}

/** Fails where the value is not as the schema has it. */
function assertValid(validate: ValidateFunction, value: unknown): void {
	assert.ok(validate(value), JSON.stringify(validate.errors?.slice(0, 5), undefined, 2));
}

function validatorOf(schema: object): ValidateFunction {
	const isUri = (text: string) => URL.canParse(text);
	const isReference = (text: string) => /^(?:[\w\-.~!$&'()*+,;=:@/?#]|%[0-9A-Fa-f]{2})*$/.test(text);
	return new Ajv({
		strict: false,
		allErrors: true,
		// SARIF's schema has a pattern that is none with the flag `u`.
		unicodeRegExp: false,
		formats: { uri: isUri, 'uri-reference': isReference, 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) },
	}).compile(schema);
}

describe('reports', () => {
	describe('SARIF', () => {
		// Draft 4 of JSON Schema differs from later ones in words that this schema does not use, but for its own name.
		const { $schema: _, id: __, ...schema } = createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
		const validate = validatorOf(schema);

		it('are valid against the official schema, with every kind of finding, fix and place', async () => {
			const { checked, textOf } = await filesWith({ '/w/Dockerfile': DOCKERFILE, '/w/.dockerignore': 'assets\n', '/w/assets/a': '' });
			const other = await filesWith({ [STRANGE]: DOCKERFILE });
			const [first] = checked[0]?.findings ?? [];
			const known = { ...(checked[0] as CheckedFile), findings: checked[0]?.findings.slice(1) ?? [], known: [first as ReportedFinding] };
			const warnings = ['Something could not be read.'];
			for (const request of [
				{},
				{ files: checked, textOf },
				{ files: [known], textOf, withBaseline: true, withSuppressed: true, warnings },
				{ files: other.checked, base: '/elsewhere' },
			]) {
				assertValid(validate, await sarifOf(request));
			}
			assert.equal(
				validate({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [{ level: 'fatal', message: {} }] }] }),
				false,
			);
		});

		it('describe the rules, so that a finding can be understood without a network', async () => {
			const driver = (await sarifOf({})).runs[0]?.tool.driver;
			assert.deepEqual(
				driver?.rules?.map(({ id }) => id),
				rules.map(({ code }) => code),
			);
			const rule = driver?.rules?.find(({ id }) => id === 'missing-tmp');
			assert.equal(rule?.name, 'MissingTmp');
			assert.match(rule?.help?.markdown ?? '', /^# missing-tmp\n[\s\S]*```dockerfile/);
			assert.doesNotMatch(rule?.help?.text ?? '', /`|^#/m);
			assert.equal(rule?.helpUri, 'https://github.com/go-scratch/go-scratch/blob/main/docs/rules/missing-tmp.md');
			assert.deepEqual(rule?.defaultConfiguration, { enabled: true, level: 'error' });
		});

		it('point at the code by lines and columns of UTF-16, from the root of the repository', async () => {
			const { checked, textOf } = await filesWith({ [STRANGE]: DOCKERFILE.replace('COPY assets /assets', 'ENV A=𝒢') });
			const run = (await sarifOf({ files: checked, textOf })).runs[0];
			assert.equal(run?.columnKind, 'utf16CodeUnits');
			assert.deepEqual(run?.originalUriBaseIds?.['%SRCROOT%']?.uri, 'file:///w/');
			const result = run?.results?.find(({ ruleId }) => ruleId === 'missing-ca-certificates');
			const place = result?.locations?.[0]?.physicalLocation;
			assert.deepEqual(place?.artifactLocation, { uri: 'deploy%20%25%2C%3A%23%C3%A4/api%20server.dockerfile', uriBaseId: '%SRCROOT%' });
			assert.deepEqual(place?.region, { startLine: 8, startColumn: 1, endLine: 8, endColumn: 13 });
			const [related] = result?.relatedLocations ?? [];
			assert.deepEqual(related?.physicalLocation?.artifactLocation, { uri: 'main.go', uriBaseId: '%SRCROOT%' });
			assert.deepEqual(related?.physicalLocation?.region, { startLine: 6, startColumn: 7, endLine: 6, endColumn: 10 });
			assert.equal(run?.tool.driver.rules?.[result?.ruleIndex ?? -1]?.id, 'missing-ca-certificates');
		});

		it('carry fixes that give what the fixes of the editor give', async () => {
			const { checked, textOf } = await filesWith({ '/w/Dockerfile': DOCKERFILE, '/w/.dockerignore': 'assets\n', '/w/assets/a': '' });
			const results = (await sarifOf({ files: checked, textOf })).runs[0]?.results ?? [];
			let kinds = '';
			for (const [index, finding] of (checked[0]?.findings ?? []).entries()) {
				for (const [which, fix] of (await finding.fixes()).entries()) {
					for (const { artifactLocation, replacements } of results[index]?.fixes?.[which]?.artifactChanges ?? []) {
						const path = `/w/${artifactLocation.uri}`;
						const created = fix.create?.get(path);
						const before = created === undefined ? ((await textOf(path)) ?? '') : '';
						const starts = lineStarts(before);
						const offset = (line = 1, column = 1) => (starts[line - 1] ?? 0) + column - 1;
						const edits = replacements.map(({ deletedRegion, insertedContent }) => ({
							range: {
								start: offset(deletedRegion.startLine, deletedRegion.startColumn),
								end: offset(deletedRegion.endLine, deletedRegion.endColumn),
							},
							newText: insertedContent?.text ?? '',
						}));
						const wanted = created ?? applyEdits(before, fix.otherEdits?.get(path) ?? fix.edits);
						assert.equal(applyEdits(before, edits), wanted);
						kinds += created !== undefined ? 'c' : fix.otherEdits?.has(path) ? 'o' : 'e';
					}
				}
			}
			assert.match(kinds, /e.*o|o.*e/);
		});

		it('make no link of text of the repository in a message', async () => {
			const [first] = (await filesWith({ '/w/Dockerfile': DOCKERFILE })).checked as [CheckedFile];
			const message = 'a [b](https://evil.example) \u202Ec';
			const related = [{ path: '/w/main.go', line: 0, character: 0, length: 1, message }];
			const finding = { ...(first.findings[0] as ReportedFinding), message, related };
			const log = await sarifOf({ files: [{ ...first, findings: [finding] }], warnings: [message] });
			assert.equal(JSON.stringify(log).split('a [b] (https://evil.example) \\\\u202ec').length, 4);
			assert.doesNotMatch(JSON.stringify(log.runs[0]?.results), /\]\(/);
		});

		it('tell findings apart by what they stand on, and not by the line', async () => {
			const fingerprints = async (text: string) => {
				const { checked } = await filesWith({ '/w/Dockerfile': text });
				return ((await sarifOf({ files: checked })).runs[0]?.results ?? []).map(
					({ partialFingerprints }) => partialFingerprints?.['goScratchFinding/v1'],
				);
			};
			const before = await fingerprints(DOCKERFILE);
			assert.equal(new Set(before).size, before.length);
			assert.deepEqual(await fingerprints(`# a line\n\n${DOCKERFILE}`), before);
		});

		it('leave out what is silenced, or mark it where it is asked for', async () => {
			const { checked } = await filesWith({ '/w/Dockerfile': DOCKERFILE });
			const suppressionsOf = async (withSuppressed: boolean) =>
				(await sarifOf({ files: checked, withSuppressed })).runs[0]?.results?.find(({ ruleId }) => ruleId === 'root-user')?.suppressions;
			assert.equal(await suppressionsOf(false), undefined);
			assert.deepEqual(await suppressionsOf(true), [{ kind: 'inSource', status: 'accepted' }]);
		});
	});

	it('in JSON are as the published schema says', async () => {
		const schema = JSON.parse(readFileSync(new URL('../../schemas/report.schema.json', import.meta.url), 'utf8'));
		const validate = validatorOf(schema);
		const { checked, textOf } = await filesWith({ '/w/Dockerfile': DOCKERFILE, '/w/.dockerignore': 'assets\n', '/w/assets/a': '' });
		const gone = [{ file: 'Dockerfile', code: 'root-user', text: 'FROM scratch', count: 1 }];
		const failure: Failure = { message: 'x cannot be read: it is closed.', of: { path: '/w/x', what: 'directory' }, not: 'read' };
		const request = { files: checked, gone, failures: [failure], textOf };
		for (const report of [await jsonReport({ files: [], gone: undefined, failures: [], textOf }), await jsonReport(request)]) {
			assertValid(validate, JSON.parse(report.textFor(false)));
		}
		const whole = JSON.parse((await jsonReport(request)).textFor(false));
		assertNamed(schema, schema, whole, '');
		delete whole.findings[0].line;
		assert.equal(validate(whole), false);
	});

	it('as workflow commands escape what would end them', () => {
		const text = 'FROM scratch\nRUN a \\\n  b\n';
		const finding = { code: 'x-y', severity: 'error', message: '100%\r\nof a: b, c', rule: rules[0] };
		const file = {
			...{ path: '/w/a,b:c%.dockerfile', text, lineStarts: lineStarts(text), known: [], suppressed: [], unread: [], ofGo: true },
			fixable: new Set<ReportedFinding>(),
			findings: [
				{ ...finding, range: { start: 5, end: 12 } },
				{ ...finding, severity: 'hint', range: { start: 13, end: text.length - 1 } },
			] as unknown as ReportedFinding[],
		};
		assert.equal(
			githubReport([file], '/w').textFor(false),
			'::error file=a%2Cb%3Ac%25.dockerfile,line=1,endLine=1,col=6,endColumn=13,title=go-scratch%3A x-y::100%25%0D%0Aof a: b, c\n' +
				'::notice file=a%2Cb%3Ac%25.dockerfile,line=2,endLine=3,title=go-scratch%3A x-y::100%25%0D%0Aof a: b, c\n',
		);
	});
});

/** What GitLab requires of a Code Quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
const CODE_QUALITY = {
	type: 'array',
	items: {
		type: 'object',
		required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
		additionalProperties: false,
		properties: {
			description: { type: 'string', pattern: '^[^\\n]+$' },
			check_name: { type: 'string', pattern: '^[a-z0-9-]+$' },
			fingerprint: { type: 'string', pattern: '^[0-9a-f]{16}$' },
			severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
			location: {
				type: 'object',
				required: ['path', 'lines'],
				properties: {
					path: { type: 'string', pattern: '^[^./]' },
					lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } },
				},
			},
		},
	},
};

describe('the Code Quality report for GitLab', () => {
	const fingerprintsOf = async (text: string) => {
		const { checked } = await filesWith({ '/w/Dockerfile': text, [STRANGE]: text });
		const report = JSON.parse(gitlabReport(checked, '/w').textFor(false)) as { fingerprint: string }[];
		assertValid(validatorOf(CODE_QUALITY), report);
		assert.ok(report.length >= 8, String(report.length));
		return report.map(({ fingerprint }) => fingerprint);
	};

	it('has the shape that GitLab reads, with fingerprints that differ', async () => {
		const found = await fingerprintsOf(DOCKERFILE);
		assert.equal(new Set(found).size, found.length);
	});

	it('keeps the fingerprints where lines move', async () => {
		assert.deepEqual(await fingerprintsOf(`# moved\n\n${DOCKERFILE}`), await fingerprintsOf(DOCKERFILE));
	});
});

describe('the report in the XML of JUnit', () => {
	const failure: Failure = { message: 'a\u001B[2K]]>"&<b> cannot be read.', of: { path: '/w/a', what: 'directory' }, not: 'read' };

	it('is well-formed, and counts what it holds', async () => {
		const { checked } = await filesWith({
			'/w/Dockerfile': DOCKERFILE,
			[STRANGE]: DOCKERFILE.replace('/app\n', '/app\u0001<&">]]>\uFFFF\n'),
		});
		const clean = { ...(checked[0] as CheckedFile), findings: [] };
		const root = elementsOf(junitReport({ files: [...checked, clean], failures: [failure], failOn: 'error' }).textFor(false));
		assert.equal(root.name, 'testsuites');
		const suites = root.children;
		assert.deepEqual(
			suites.map(({ attributes }) => attributes.name),
			[...checked, clean].map(({ path }) => path).concat('go-scratch'),
		);
		let total = 0;
		for (const { name, attributes, children } of suites) {
			assert.equal(name, 'testsuite');
			assert.equal(Number(attributes.tests), children.length);
			const having = (what: string) => children.filter((each) => each.children.some((inner) => inner.name === what)).length;
			assert.deepEqual([Number(attributes.failures), Number(attributes.errors)], [having('failure'), having('error')]);
			for (const each of children) assert.ok(each.name === 'testcase' && each.attributes.name !== '' && each.attributes.classname !== '');
			total += children.length;
		}
		assert.equal(Number(root.attributes.tests), total);
		assert.equal(Number(root.attributes.errors), 1);
	});

	it('fails the tests that the exit code counts, and tells of the others', async () => {
		const { checked } = await filesWith({ '/w/Dockerfile': DOCKERFILE });
		const findings = checked[0]?.findings ?? [];
		for (const failOn of ['error', 'warning', 'hint', 'never'] as const) {
			const [suite] = elementsOf(junitReport({ files: checked, failures: [], failOn }).textFor(false)).children;
			const outcomes = suite?.children.map(({ children }) => children[0]?.name);
			assert.deepEqual(
				outcomes,
				findings.map(({ severity }) => (fails(severity, failOn) ? 'failure' : 'system-out')),
			);
		}
		assert.ok(new Set(findings.map(({ severity }) => severity)).size >= 3, 'several severities are there');
	});
});

interface Element {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string>>;
	readonly children: Element[];
}

/** The root of a document of XML 1.0; fails where it is not well-formed. */
function elementsOf(text: string): Element {
	const root: Element = { name: '', attributes: {}, children: [] };
	const open = [root];
	const parser = new SaxesParser();
	parser.on('error', (error) => {
		throw error;
	});
	parser.on('opentag', ({ name, attributes }) => {
		const element = { name, attributes: attributes as Record<string, string>, children: [] };
		open.at(-1)?.children.push(element);
		open.push(element);
	});
	parser.on('closetag', () => void open.pop());
	parser.write(text).close();
	return root.children[0] as Element;
}

describe('the report in Markdown', () => {
	it('is a table of the findings, which names nobody and holds no markup of the repository', async () => {
		const hostile = '/w/@team|#12 <b>`x`</b> ![](http://e.x)/api.dockerfile';
		const { checked } = await filesWith({
			'/w/Dockerfile': DOCKERFILE.replace('/app /app', '/app /@someone/<img>#1'),
			[hostile]: DOCKERFILE,
		});
		const failures: Failure[] = [{ message: '@team/x cannot be read.', of: { path: '/w/@team', what: 'directory' }, not: 'read' }];
		const text = markdownReport({ files: checked, failures }).textFor(false);
		const html = await marked(text);
		const findings = checked.reduce((sum, file) => sum + file.findings.length, 0);
		assert.equal(html.match(/<tr>/g)?.length, findings + 1);
		for (const row of html.split('<tr>').slice(2)) assert.equal(row.match(/<td>/g)?.length, 4, row);
		assert.doesNotMatch(html, /<(?:img|b)\b/);
		const outside = html.replace(/<code>[^<]*<\/code>/g, '').replace(/<a href="[^"]*">/g, '');
		assert.doesNotMatch(outside, /@\w|(?<!&)#\w/);
		assert.match(text, /^### go-scratch/);
		assert.match(html, /fixable with <code>go-scratch fix<\/code>/);
	});

	it('fits a comment, and says how much it leaves out', async () => {
		const { checked } = await filesWith({ '/w/Dockerfile': DOCKERFILE });
		const [file] = checked as [CheckedFile];
		const many = { ...file, findings: Array.from({ length: 2000 }, () => file.findings[0] as ReportedFinding) };
		const text = markdownReport({ files: [many], failures: [] }).textFor(false);
		assert.ok(text.length < 65_536);
		const rows = text.match(/^\| (?:error|warning|information|hint) /gm)?.length ?? 0;
		assert.match(text, new RegExp(`^… and ${2000 - rows} more`, 'm'));
	});
});

interface Schema {
	readonly $ref?: string;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly items?: Schema;
	readonly definitions?: Readonly<Record<string, Schema>>;
}

/** Fails for a property that the schema does not name: a reader shall find all of them there. */
function assertNamed(root: Schema, schema: Schema, value: unknown, place: string): void {
	const { properties, items } = root.definitions?.[schema.$ref?.split('/').pop() ?? ''] ?? schema;
	if (Array.isArray(value)) for (const each of value) assertNamed(root, items as Schema, each, `${place}[]`);
	else if (typeof value === 'object' && value !== null) {
		for (const [name, each] of Object.entries(value)) {
			const named = properties?.[name];
			assert.ok(named, `${place}.${name} is not in the schema`);
			assertNamed(root, named, each, `${place}.${name}`);
		}
	}
}
