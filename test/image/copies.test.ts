import assert from 'node:assert/strict';
import { build, workspace } from './build.ts';
import { assertFiles, type ExpectedFiles } from './expected-files.ts';

/** What COPY and ADD put where, as the reference of Dockerfiles has it: https://docs.docker.com/reference/dockerfile/#copy */

interface Case extends ExpectedFiles {
	readonly text: string;
	/** The build context; not known unless told. */
	readonly files?: Readonly<Record<string, string>>;
	/** The sources of the last stage in their order: whether each is there, and where it goes. */
	readonly copies?: readonly (readonly [present: string, destination: string | undefined])[];
	/** The main packages of the workspace. */
	readonly mains?: readonly string[];
}

const ONE = { 'a.txt': '', 'd/b.txt': '', 'd/e/c.txt': '' };

const cases: Readonly<Record<string, readonly Case[]>> = {
	'files and directories of the context': [
		{
			text: 'COPY a.txt /x',
			files: ONE,
			yes: '/x',
			source: { '/x': '/w/a.txt' },
			copies: [['yes', '/x']],
			mode: { '/x': undefined },
			owner: { '/x': 0 },
		},
		{ text: 'COPY a.txt /x/', files: ONE, yes: '/x/a.txt', copies: [['yes', '/x/a.txt']], mode: { '/x': '755' } },
		{ text: 'COPY ./a.txt /x/', files: ONE, yes: '/x/a.txt' },
		{ text: 'COPY /a.txt /x/', files: ONE, yes: '/x/a.txt' },
		{ text: 'COPY ../a.txt /x/', files: ONE, yes: '/x/a.txt' },
		{ text: 'COPY d /x', files: ONE, yes: '/x/b.txt /x/e/c.txt', no: '/x/d', copies: [['yes', '/x']] },
		{ text: 'COPY d/ /x/', files: ONE, yes: '/x/b.txt', no: '/x/d' },
		{
			text: 'COPY a.txt d /x/',
			files: ONE,
			yes: '/x/a.txt /x/b.txt',
			copies: [
				['yes', '/x/a.txt'],
				['yes', '/x'],
			],
		},
		{ text: 'COPY . /x', files: ONE, yes: '/x/a.txt /x/d/e/c.txt', no: '/x/f /a.txt' },
		{ text: 'WORKDIR /w\nCOPY a.txt .', files: ONE, yes: '/w/a.txt' },
		{ text: 'WORKDIR /w\nCOPY a.txt b.txt', files: ONE, yes: '/w/b.txt' },
		{ text: 'COPY nowhere /x', files: ONE, copies: [['unknown', '/x']] },
		{ text: 'COPY ["a.txt", "/x y"]', files: ONE, yes: ['/x y'] },
		{ text: 'COPY --chmod=600 a.txt /x', files: ONE, mode: { '/x': '600' } },
		{ text: 'COPY --chmod=0755 a.txt /x', files: ONE, mode: { '/x': '755' } },
		{ text: 'COPY --chown=5:6 a.txt /x', files: ONE, owner: { '/x': 5 } },
		{ text: 'COPY --chown=5 a.txt /x', files: ONE, owner: { '/x': 5 } },
	],
	wildcards: [
		{ text: 'COPY *.txt /x/', files: ONE, yes: '/x/a.txt', no: '/x/b.txt', copies: [['yes', '/x/a.txt']] },
		{ text: 'COPY d/*.txt /x/', files: ONE, yes: '/x/b.txt', no: '/x/a.txt /x/c.txt' },
		{ text: 'COPY d/* /x/', files: ONE, yes: '/x/b.txt /x/c.txt', no: '/x/e', copies: [['yes', '/x']] },
		{ text: 'COPY */*.txt /x/', files: ONE, yes: '/x/b.txt', no: '/x/a.txt' },
		{ text: 'COPY ?.txt /x/', files: ONE, yes: '/x/a.txt' },
		{ text: 'COPY ??.txt /x/', files: ONE, copies: [['no', '/x']] },
		{ text: 'COPY [a-c].txt /x/', files: ONE, yes: '/x/a.txt' },
		{ text: 'COPY [^a].txt /x/', files: ONE, copies: [['no', '/x']] },
		{ text: 'COPY a.txt/* /x/', files: ONE, copies: [['no', '/x']] },
		{ text: 'COPY *.go /x/', files: ONE, copies: [['no', '/x']] },
	],
	'where the context is not known': [
		{ text: 'COPY a.txt /x', yes: '/x', copies: [['unknown', '/x']] },
		{ text: 'COPY a.txt /x/', yes: '/x/a.txt', no: '/y' },
		{ text: 'COPY thing /x/', yes: '/x', unknown: '/x/thing /x/y', no: '/y' },
		{ text: 'COPY thing /x', unknown: '/x/y', yes: '/x', no: '/y' },
		{ text: 'COPY . /x', yes: '/x', unknown: '/x/a', no: '/y', mode: { '/x': '755' } },
		{ text: 'COPY thing.d /x/', unknown: '/x/y' },
		{ text: 'COPY app /x/\nCMD ["/x/app"]', yes: '/x/app', no: '/x/y' },
		{ text: 'COPY app /x/\nENTRYPOINT /x/app', yes: '/x/app', no: '/x/y' },
		{ text: 'WORKDIR /x\nCOPY app .\nCMD ["./app"]', yes: '/x/app' },
		{ text: 'COPY app /bin/\nCMD ["app"]', yes: '/bin/app' },
		{ text: 'COPY app /x/\nCMD ["other", "app"]', unknown: '/x/app' },
		{ text: 'COPY app /x/\nCMD ["/y/app"]', unknown: '/x/app' },
	],
	'a source that is not known in full': [
		{ text: 'ARG V\nCOPY app-$V /x/', files: ONE, unknown: '/x/y', yes: '/x', copies: [['unknown', undefined]] },
		{ text: 'ARG V\nCOPY dist/$V/app.txt /x/', files: ONE, yes: '/x/app.txt', copies: [['unknown', undefined]] },
		{ text: 'ARG V=d\nCOPY $V/b.txt /x/', files: ONE, yes: '/x/b.txt', copies: [['yes', '/x/b.txt']] },
		{ text: 'ARG V\nCOPY a.txt /x/$V/', files: ONE, copies: [['yes', undefined]] },
	],
	'main packages of the workspace': [
		{ text: 'ARG V\nCOPY $V/server /x/', files: ONE, mains: ['cmd/server'], yes: '/x/server' },
		{ text: 'ARG V\nCOPY $V/server /x/', files: ONE, mains: ['cmd/client'], unknown: '/x/server' },
	],
	'--parents': [
		{ text: 'COPY --parents d/e/c.txt /x/', files: ONE, yes: '/x/d/e/c.txt', no: '/x/c.txt' },
		{ text: 'COPY --parents ./d/e/c.txt /x/', files: ONE, yes: '/x/d/e/c.txt' },
		{ text: 'COPY --parents d/./e/c.txt /x/', files: ONE, yes: '/x/e/c.txt', no: '/x/d' },
		{ text: 'COPY --parents /d/./e/c.txt /x/', files: ONE, yes: '/x/e/c.txt', no: '/x/d' },
		{ text: 'COPY --parents d/*.txt /x/', files: ONE, yes: '/x/d/b.txt' },
		{ text: 'COPY --parents d/e /x/', files: ONE, yes: '/x/d/e/c.txt' },
	],
	'--exclude': [
		{ text: 'COPY --exclude=*.txt . /x/', files: { 'a.txt': '', 'b.go': '' }, yes: '/x/b.go', no: '/x/a.txt' },
		{ text: 'COPY --exclude=d . /x/', files: ONE, yes: '/x/a.txt', no: '/x/d/b.txt /x/d' },
		{ text: 'COPY --exclude=d --exclude=!d/b.txt . /x/', files: ONE, unknown: '/x/d/b.txt' },
		{ text: 'COPY . /x/\nCOPY --exclude=d . /x/', files: ONE, yes: '/x/d/b.txt' },
		{ text: 'COPY --exclude=**/c.txt . /x/', files: ONE, yes: '/x/d/e /x/d/b.txt', no: '/x/d/e/c.txt' },
		{ text: 'COPY --exclude=d/e/ . /x/', files: ONE, yes: '/x/d/b.txt', no: '/x/d/e/c.txt' },
		{ text: 'COPY --exclude=e d /x/', files: ONE, yes: '/x/b.txt', unknown: '/x/e/c.txt' },
		{ text: 'COPY --exclude=a.txt a.txt /x/', files: ONE, unknown: '/x/a.txt' },
		{ text: 'ARG P\nCOPY --exclude=$P . /x/', files: ONE, unknown: '/x/a.txt' },
		{ text: 'COPY --exclude=z . /x/', files: ONE, yes: '/x/a.txt /x/d/e/c.txt' },
	],
	ADD: [
		{ text: 'ADD a.txt /x', files: ONE, yes: '/x' },
		{ text: 'ADD a.tar /x/', files: { 'a.tar': '' }, unknown: '/x/y', yes: '/x', copies: [['yes', undefined]] },
		{ text: 'ADD a.tgz /x/', files: { 'a.tgz': '' }, unknown: '/x/y' },
		{ text: 'ADD a.tar.xz /x/', files: { 'a.tar.xz': '' }, unknown: '/x/y' },
		{ text: 'ADD a.zip /x/', files: { 'a.zip': '' }, yes: '/x/a.zip', no: '/x/y' },
		{ text: 'COPY a.tar /x/', files: { 'a.tar': '' }, yes: '/x/a.tar', no: '/x/y' },
		{ text: 'ADD https://x.example/d/tool /x', yes: '/x', mode: { '/x': '600' }, copies: [['unknown', '/x']] },
		{ text: 'ADD https://x.example/d/tool /x/', yes: '/x/tool' },
		{ text: 'ADD https://x.example/d/tool?v=1 /x/', yes: '/x/tool', no: '/x/tool?v=1' },
		{ text: 'ADD HTTPS://x.example/d/tool /x/', yes: '/x/tool' },
		{ text: 'ADD --chmod=755 https://x.example/tool /x', mode: { '/x': '755' } },
		{ text: 'ADD https://x.example/r.git /x', yes: '/x', unknown: '/x/y', no: '/z' },
		{ text: 'ADD https://x.example/r.git#main /x', yes: '/x', unknown: '/x/y' },
		{ text: 'ADD https://github.com/o/r#v1 /x', unknown: '/x/y' },
		{ text: 'ADD git@x.example:o/r.git /x', unknown: '/x/y' },
		{ text: 'COPY https://x.example/d/tool /x', files: ONE, copies: [['no', '/x']] },
	],
	heredocs: [
		{ text: 'COPY <<a <<b /x/\nA\na\nB\nb', yes: '/x/a /x/b', no: '/x/c' },
		{ text: 'COPY --chmod=600 --chown=5 <<a /x\nA\na', yes: '/x', mode: { '/x': '600' }, owner: { '/x': 5 } },
	],
	'--from': [
		{ text: 'COPY --from=b /f /x', yes: '/x', copies: [['yes', '/x']] },
		{ text: 'COPY --from=B /f /x', yes: '/x' },
		{ text: 'COPY --from="b" /f /x', yes: '/x' },
		{ text: "COPY --from='b' /f /x", yes: '/x' },
		{ text: 'COPY --from=0 /f /x', yes: '/x' },
		{ text: 'COPY --from=b f /x/', yes: '/x/f' },
		{ text: 'COPY --from=b /d /x', yes: '/x/g', no: '/x/d', copies: [['yes', '/x']] },
		{ text: 'COPY --from=b /d/g* /x/', yes: '/x/g', copies: [['yes', '/x/g']] },
		{ text: 'COPY --from=b /d/h* /x/', copies: [['no', '/x']] },
		{ text: 'COPY --from=b --parents /d/g /x/', yes: '/x/d/g', no: '/x/g' },
		{ text: 'COPY --from=b --exclude=g /d /x/', unknown: '/x/g', yes: '/x' },
		{ text: 'COPY --from=b /nowhere /x', copies: [['no', '/x']] },
		{ text: 'COPY --from=b --chown=nobody /f /x', owner: { '/x': 0 } },
		{ text: 'COPY --from=b /f /x', mode: { '/x': '640' }, owner: { '/x': 0 } },
		{ text: 'COPY --from=b --chmod=755 /f /x', mode: { '/x': '755' } },
		{ text: 'COPY --from=2 /f /x', copies: [['unknown', '/x']] },
		{ text: 'COPY --from=1 /f /x', copies: [['unknown', '/x']] },
		{ text: 'COPY --from=bb /f /x', copies: [['unknown', '/x']] },
		{ text: 'ARG S\nCOPY --from=$S /f.txt /x/', copies: [['unknown', undefined]], yes: '/x/f.txt' },
		{ text: 'COPY --from= /f.txt /x/', copies: [['unknown', undefined]], yes: '/x/f.txt' },
		{ text: 'COPY --from=alpine:3.20 /etc/passwd /x', yes: '/x', copies: [['yes', '/x']] },
		{ text: 'COPY --from=alpine:3.20 /no/such /x', copies: [['no', '/x']] },
		{ text: 'COPY --from=corp.example/x:1 /f /x', copies: [['unknown', '/x']] },
	],
};

const STAGE = 'FROM alpine:3.20 AS b\nRUN mkdir /d && touch /d/g /f && chmod 640 /f\n';

describe('what COPY and ADD bring', () => {
	for (const [about, rows] of Object.entries(cases)) {
		describe(about, () => {
			for (const { text, files, copies, mains, ...expected } of rows) {
				it(`${JSON.stringify(text)}${files === undefined ? '' : ` with ${Object.keys(files)}`}`, async () => {
					const before = about === '--from' ? STAGE : '';
					const go = mains === undefined ? undefined : workspace('example.com/app', ...mains);
					const stage = (await build(`${before}FROM scratch\n${text}\n`, files, go)).stages.at(-1);
					assert.ok(stage);
					assertFiles(stage.files, expected);
					if (copies !== undefined) {
						assert.deepEqual(
							stage.copies.map(({ present, destination }) => [present, destination]),
							copies,
						);
					}
				});
			}
		});
	}
});

describe('what --from names', () => {
	for (const [name, kind] of [
		['builder', 'stage'],
		['Builder', 'stage'],
		['0', 'stage'],
		['00', 'stage'],
		['1', 'missing-stage'],
		['7', 'missing-stage'],
		['later', 'missing-stage'],
		['buildr', 'missing-stage'],
		['bulider', 'missing-stage'],
		['build-er', 'missing-stage'],
		['biulder2', 'image'],
		['alpine', 'image'],
		['nginx', 'image'],
		['corp/builder', 'image'],
		['builder:1', 'image'],
		['registry.example:5000/buildr', 'image'],
		['abcdefg', 'image'],
		['bu', 'image'],
		['buildersandmore', 'image'],
		['$NAME', 'unknown'],
	] as const) {
		it(`${name} is ${kind}`, async () => {
			const { stages } = await build(`FROM golang AS builder\nFROM scratch AS last\nCOPY --from=${name} /a /a\nFROM scratch AS later\n`);
			assert.equal(stages[1]?.copies[0]?.from.kind, kind);
		});
	}
});
