import assert from 'node:assert/strict';
import type { Written } from '../../server/dockerfile/write.ts';
import { type Analysis, createAnalyser, type ReportedFinding } from '../../server/lint/analyse.ts';
import { fixAll } from '../../server/lint/fix-all.ts';
import { rules as allRules } from '../../server/rules/index.ts';
import type { Rule } from '../../server/rules/rule.ts';
import { applyEdits } from '../../server/text/text.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const GO = {
	'/w/go.mod': 'module example.com/app\n\ngo 1.26\n',
	'/w/main.go': 'package main\n\nimport "os"\n\nfunc main() {\n\tos.CreateTemp("", "x")\n}\n',
	'/w/.dockerignore': '.git\n',
};

/** A compose file with the Dockerfile in a block, and lines after it. */
function composeOf(lines: readonly string[], after = '', header = '|'): string {
	const block = lines.map((line) => (line === '' ? '' : `        ${line}`)).join('\n');
	return `services:\n  app:\n    build:\n      context: .\n      dockerfile_inline: ${header}\n${block}\n${after}`;
}

const BUILD = ['FROM golang:1.26 AS build', 'WORKDIR /src', 'COPY . .', 'RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app'];
const FINAL = ['', 'FROM scratch', 'COPY --from=build /app /app', 'USER 65534:65534', 'ENTRYPOINT /app'];

async function analyse(text: string, others: Readonly<Record<string, string>> = {}, rules: readonly Rule[] = allRules) {
	const path = '/w/compose.yaml';
	const files = createMemoryFiles({ ...GO, ...others, [path]: text });
	const analyser = createAnalyser({ files, rules, log: (message) => assert.fail(message) });
	const request = { path, text, root: '/w' };
	return { analyser, request, analysis: await analyser.analyse(request) };
}

/** The findings, each with what stands at its place. */
const shown = ({ text }: Analysis, findings: readonly ReportedFinding[]) =>
	findings.map(({ code, range }) => `${code}: ${text.slice(range.start, range.end)}`);

describe('a Dockerfile in a compose file', () => {
	it('has its findings on the lines of the block', async () => {
		for (const newline of ['\n', '\r\n']) {
			for (const header of ['| # the image', '|-', '&image |']) {
				const text = composeOf([...BUILD, ...FINAL], '    ports: ["80:80"]\n', header).replaceAll('\n', newline);
				const { analysis } = await analyse(text);
				assert.deepEqual(shown(analysis, analysis.findings), ['missing-tmp: FROM scratch', 'shell-form-command: ENTRYPOINT /app'], header);
			}
		}
	});

	it('is fixed in the block, with its indentation and line endings', async () => {
		for (const newline of ['\n', '\r\n']) {
			const text = composeOf([...BUILD, ...FINAL], '    read_only: true # hardened\n').replaceAll('\n', newline);
			const { analyser, request } = await analyse(text);
			const { text: fixed, applied } = await fixAll(analyser, request);
			const final = [
				'',
				'FROM scratch',
				'COPY --from=build /app /app',
				'COPY --from=build /rootfs/ /',
				'USER 65534:65534',
				'ENTRYPOINT ["/app"]',
			];
			const expected = composeOf(
				[...BUILD, 'RUN mkdir -p /rootfs && mkdir -m 1777 /rootfs/tmp', ...final],
				'    read_only: true # hardened\n    tmpfs:\n      - /tmp\n',
			);
			assert.equal(fixed, expected.replaceAll('\n', newline));
			assert.equal(applied, 3);
		}
	});

	it('counts lines where the block tells its own indentation, and where it begins with empty lines', async () => {
		const text = `services:\n  app:\n    build:\n      context: .\n      dockerfile_inline: |2\n\n        ${[...BUILD, ...FINAL].join('\n        ')}\n`;
		const { analysis } = await analyse(text);
		assert.deepEqual(shown(analysis, analysis.findings), ['missing-tmp: FROM scratch', 'shell-form-command: ENTRYPOINT /app']);
	});

	it('takes the whole line where compose expands a variable, and leaves that line as it is', async () => {
		const final = ['', 'ARG DEBUG=$$DEBUG', 'FROM ${BASE:-scratch}', ...FINAL.slice(2, -1), 'ENTRYPOINT /app ${MODE-}'];
		const text = composeOf([...BUILD, ...final]);
		const { analysis, analyser, request } = await analyse(text);
		assert.deepEqual(shown(analysis, analysis.findings), [
			'missing-tmp: FROM ${BASE:-scratch}',
			'shell-form-command: ENTRYPOINT /app ${MODE-}',
		]);
		assert.deepEqual(await analysis.findings[1]?.fixes(), []);
		const { text: fixed } = await fixAll(analyser, request);
		assert.match(
			fixed,
			/^ {8}ARG DEBUG=\$\$DEBUG\n {8}RUN mkdir .*\n {8}FROM \$\{BASE:-scratch\}\n[\s\S]* {8}ENTRYPOINT \/app \$\{MODE-\}\n$/m,
		);
	});

	it('keeps what compose unescapes escaped', async () => {
		const text = composeOf([...BUILD.slice(0, 3), 'RUN echo $$HOME && go build -trimpath -ldflags="-s -w" -o /app', ...FINAL]);
		const program = { '/w/main.go': 'package main\n\nimport "net/http"\n\nfunc main() { http.Get("http://a") }\n' };
		const { analyser, request } = await analyse(text, program);
		assert.match((await fixAll(analyser, request)).text, /^ {8}RUN echo \$\$HOME && CGO_ENABLED=0 go build/m);
	});

	it('has its findings on the key, and no fixes, where the text does not stand there as it is built', async () => {
		const quoted = JSON.stringify([...BUILD, ...FINAL, ''].join('\n'));
		const folded = `>\n${[...BUILD, ...FINAL].map((line) => `        ${line}\n`).join('\n')}`;
		for (const value of [quoted, folded]) {
			const { analysis } = await analyse(`services:\n  app:\n    build:\n      context: .\n      dockerfile_inline: ${value}\n`);
			assert.deepEqual(shown(analysis, analysis.findings), ['missing-tmp: dockerfile_inline', 'shell-form-command: dockerfile_inline']);
			for (const finding of analysis.findings) {
				assert.deepEqual(await finding.fixes(), []);
				assert.deepEqual(finding.proposals(), []);
			}
		}
	});

	it('keeps what it builds: a fix that changes that is not taken, alone or by fix-all', async () => {
		const breaking: Rule = {
			code: 'of-the-test',
			severity: 'warning',
			fixAll: true,
			judges: 'build',
			documentation: { summary: '', why: '', example: '', instead: '', notes: '' },
			*check({ dockerfile }) {
				const start = dockerfile.text.indexOf('-o /app');
				if (start < 0) return;
				const range = { start, end: start + '-o /app'.length };
				const fix = { title: 'Break it', preferred: true, edits: [{ range, newText: '-o /other' as Written }] };
				yield { range, message: 'wrong', fixes: () => [fix] };
			},
		};
		const text = composeOf([...BUILD, 'FROM scratch', 'COPY --from=build / /']);
		const { analyser, request, analysis } = await analyse(text, {}, [breaking]);
		assert.deepEqual(
			(await analysis.findings[0]?.fixes())?.map(({ preferred }) => preferred),
			[false],
		);
		assert.equal((await fixAll(analyser, request)).text, text);
	});

	it('heeds the comments in it, which are about it alone, and those of the compose file', async () => {
		const build = (name: string, ...comments: readonly string[]) =>
			composeOf([...comments, ...BUILD, ...FINAL])
				.replace('  app:', `  ${name}:`)
				.replace('services:\n', '');
		const both = (first: string) => `services:\n${first}${build('other')}`;
		const { analysis } = await analyse(both(build('app', '# go-scratch ignore-file=missing-tmp,shell-form-command')));
		assert.equal(analysis.suppressed.length, 2);
		assert.equal(analysis.findings.length, 2);
		const above = await analyse(both(`  # go-scratch ignore=missing-tmp\n${build('app')}`));
		assert.equal(above.analysis.suppressed.length, 1);
		assert.equal(above.analysis.findings.length, 3);
	});

	it('offers the comment that suppresses a finding, above the instruction', async () => {
		const { analysis } = await analyse(composeOf([...BUILD, ...FINAL]));
		const edit = analysis.findings[1]?.ignore?.();
		assert.ok(edit);
		const after = await analyse(applyEdits(analysis.text, [edit]));
		assert.match(after.analysis.text, /^ {8}# go-scratch ignore=shell-form-command\n {8}ENTRYPOINT/m);
		assert.deepEqual(shown(after.analysis, after.analysis.suppressed), ['shell-form-command: ENTRYPOINT /app']);
	});

	it('is built with the context, the arguments and the target that compose names', async () => {
		const copies = ['FROM golang:1.26 AS build', 'WORKDIR /src', 'COPY go.mod main.go ./', ...BUILD.slice(3), ...FINAL.slice(0, -1)];
		const text = composeOf([...copies, 'ENTRYPOINT ["/app"]'], '    tmpfs: /tmp\n');
		assert.deepEqual((await analyse(text)).analysis.findings, []);
		// The directory above has the sources, but is not what compose sends.
		const { analysis } = await analyse(text.replace('context: .', 'context: sub'), { '/w/sub/.dockerignore': '' });
		assert.deepEqual(shown(analysis, analysis.findings).slice(0, 2), ['copy-of-missing-file: go.mod', 'copy-of-missing-file: main.go']);
		const base = composeOf(['ARG BASE=scratch', ...BUILD, '', 'FROM $$BASE', ...FINAL.slice(2, -1), 'ENTRYPOINT ["/app"]']);
		assert.deepEqual(shown(...found(await analyse(base))), ['missing-tmp: FROM $$BASE']);
		const given = base.replace('context: .\n', 'context: .\n      args:\n        BASE: alpine:3.22\n');
		assert.deepEqual(shown(...found(await analyse(given))), []);
		const stages = [
			...BUILD,
			'FROM scratch AS tools',
			'COPY --from=build /app /app',
			'ENTRYPOINT /app',
			...FINAL.slice(0, -1),
			'ENTRYPOINT ["/app"]',
		];
		const target = composeOf(stages, '    tmpfs: /tmp\n').replace('context: .\n', 'context: .\n      target: tools\n');
		assert.ok(shown(...found(await analyse(target))).includes('shell-form-command: ENTRYPOINT /app'));
		assert.ok(
			!shown(...found(await analyse(target.replace('target: tools', 'target: ""')))).includes('shell-form-command: ENTRYPOINT /app'),
		);
	});

	it('is judged as the services start it, in all ways in which the file is used', async () => {
		const text = composeOf([...BUILD, ...FINAL]);
		const over = 'services:\n  app:\n    entrypoint: ["/app"]\n    tmpfs: /tmp\n';
		const { analysis } = await analyse(text, { '/w/compose.override.yaml': over });
		assert.ok(!shown(analysis, analysis.findings).some((each) => each.startsWith('missing-tmp')));
	});

	it('is left alone where it is not one of Go, or its text is not known', async () => {
		for (const lines of [
			['FROM nginx', 'CMD nginx'],
			['FROM golang:$VERSION', 'RUN go build -o /app', 'CMD /app'],
		]) {
			assert.deepEqual((await analyse(composeOf(lines))).analysis.findings, []);
		}
	});
});

const found = ({ analysis }: { readonly analysis: Analysis }) => [analysis, analysis.findings] as const;
