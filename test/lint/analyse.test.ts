import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { hoverAt } from '../../server/hover/hover.ts';
import { type Analysis, createAnalyser } from '../../server/lint/analyse.ts';
import type { Files } from '../../server/workspace/files.ts';
import { createMemoryFiles, type MemoryFiles } from '../../server/workspace/memory-files.ts';

const GO_MOD = 'module example.com/app\n\ngo 1.26\n';
const HTTPS = 'package main\n\nimport "net/http"\n\nfunc main() { http.Get("https://example.com") }\n';
const QUIET = 'package main\n\nfunc main() {}\n';

const DOCKERFILE = `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /app
FROM scratch
COPY --from=build /app /app
ENTRYPOINT ["/app"]
`;

function filesWith(record: Record<string, string>): MemoryFiles {
	return createMemoryFiles(Object.fromEntries(Object.entries(record).map(([path, text]) => [`/w/${path}`, text])));
}

async function analyse(text: string, files: Files, quick = false): Promise<Analysis> {
	const analyser = createAnalyser({ files, log: (message) => assert.fail(message) });
	return analyser.analyse({ path: '/w/Dockerfile', text, root: '/w', quick });
}

function codesOf({ findings }: Analysis): string[] {
	return findings.map((finding) => finding.code);
}

/** What is shipped, as `path importPath started`. */
function shippedBy({ facts }: Analysis): string[] {
	return (facts?.targets ?? []).flatMap(({ binaries }) =>
		binaries.map(({ path, program, started }) => `${path} ${program?.roots.map((root) => root.importPath)}${started ? ' started' : ''}`),
	);
}

describe('an analysis', () => {
	it('knows the program that a build ships, and whether the container starts it', async () => {
		const files = filesWith({ 'go.mod': GO_MOD, 'main.go': HTTPS });
		assert.deepEqual(shippedBy(await analyse(DOCKERFILE, files)), ['/app example.com/app started']);
		assert.deepEqual(shippedBy(await analyse(DOCKERFILE.replace('ENTRYPOINT ["/app"]', 'ENTRYPOINT ["/other"]'), files)), [
			'/app example.com/app',
		]);
	});

	it('names the line of go.mod or go.work that requires a newer Go than the image has', async () => {
		const places = async (image: string, record: Record<string, string>) => {
			const { findings } = await analyse(DOCKERFILE.replace('golang:1.26', image), filesWith({ 'main.go': QUIET, ...record }));
			return findings.find(({ code }) => code === 'outdated-go-image')?.related;
		};
		const value = { line: 2, character: 3, length: 4, message: '1.26' };
		assert.deepEqual(await places('golang:1.24', { 'go.mod': GO_MOD }), [{ path: '/w/go.mod', ...value }]);
		assert.deepEqual(await places('golang:1.24', { 'go.mod': GO_MOD.replace('1.26', '1.23'), 'go.work': 'use .\n\ngo 1.26\n' }), [
			{ path: '/w/go.work', ...value },
		]);
		assert.deepEqual(await places('golang:1.20', { 'go.mod': 'module example.com/app\ngo 1.20\n\n\ttoolchain go1.22.0\n' }), [
			{ path: '/w/go.mod', line: 3, character: 11, length: 8, message: 'go1.22.0' },
		]);
	});

	it('leaves the Go files unread where it has to be quick', async () => {
		const files = filesWith({ 'go.mod': GO_MOD, 'main.go': HTTPS });
		const quick = await analyse(DOCKERFILE, files, true);
		assert.equal(quick.complete, false);
		assert.equal(quick.facts?.go, undefined);
		assert.ok(codesOf(quick).includes('root-user') && !codesOf(quick).includes('missing-ca-certificates'));
		const full = await analyse(DOCKERFILE, files);
		assert.equal(full.complete, true);
		assert.ok(codesOf(full).includes('missing-ca-certificates'));
	});

	it('says nothing of a Dockerfile that neither builds nor ships a Go program', async () => {
		const files = filesWith({ 'go.mod': GO_MOD, 'main.go': HTTPS, config: 'x' });
		for (const text of ['', 'FROM scratch\nCMD /x\n', 'FROM alpine\nCOPY config /config\nCMD config\n', 'nonsense']) {
			assert.deepEqual(codesOf(await analyse(text, files)), []);
		}
	});

	it('takes a file of the build context for the program whose name it has, where there is one such program', async () => {
		const shipping = 'FROM scratch\nCOPY bin/app /app\nENTRYPOINT ["/app"]\n';
		const built = filesWith({ 'go.mod': GO_MOD, 'main.go': HTTPS, 'bin/app': '\x7fELF\0' });
		const analysis = await analyse(shipping, built);
		assert.deepEqual(shippedBy(analysis), ['/app example.com/app started']);
		assert.ok(codesOf(analysis).includes('missing-ca-certificates'));
		assert.ok(!codesOf(analysis).includes('unstripped-binary'), 'how it was built is not judged');

		const script = filesWith({ 'go.mod': GO_MOD, 'main.go': HTTPS, 'bin/app': '#!/bin/sh\n' });
		assert.deepEqual(shippedBy(await analyse(shipping, script)), []);
		const twice = filesWith({ 'a/go.mod': GO_MOD, 'a/main.go': HTTPS, 'b/go.mod': GO_MOD, 'b/main.go': HTTPS, 'bin/app': '\x7fELF\0' });
		assert.deepEqual(shippedBy(await analyse(shipping, twice)), []);
	});

	it('is made anew from what changed, and from that only', async () => {
		const files = filesWith({ 'go.mod': GO_MOD, 'main.go': HTTPS });
		let reads = 0;
		const counting: Files = {
			...files,
			readText(path) {
				reads++;
				return files.readText(path);
			},
		};
		const analyser = createAnalyser({ files: counting, log: (message) => assert.fail(message) });
		const codes = async () => codesOf(await analyser.analyse({ path: '/w/Dockerfile', text: DOCKERFILE, root: '/w' }));
		assert.ok((await codes()).includes('missing-ca-certificates'));
		reads = 0;
		assert.ok((await codes()).includes('missing-ca-certificates'));
		assert.ok(reads <= 1, `${reads} files were read although nothing had changed`);
		files.write('/w/main.go', QUIET);
		analyser.invalidate('/w/main.go');
		assert.ok(!(await codes()).includes('missing-ca-certificates'));
		// Where nobody tells of changes, everything is looked at.
		files.write('/w/more.go', HTTPS.replace('main()', 'init()'));
		analyser.invalidate();
		assert.ok((await codes()).includes('missing-ca-certificates'));
	});

	it('follows a .dockerignore that comes and goes', async () => {
		const files = filesWith({ 'go.mod': GO_MOD, 'main.go': QUIET });
		const analyser = createAnalyser({ files, log: (message) => assert.fail(message) });
		const codes = async () => codesOf(await analyser.analyse({ path: '/w/Dockerfile', text: DOCKERFILE, root: '/w' }));
		assert.ok((await codes()).includes('missing-dockerignore'));
		files.write('/w/.dockerignore', '.git\n');
		analyser.invalidate('/w/.dockerignore');
		assert.ok(!(await codes()).includes('missing-dockerignore'));
		files.remove('/w/.dockerignore');
		analyser.invalidate('/w/.dockerignore');
		assert.ok((await codes()).includes('missing-dockerignore'));
	});

	it('ends when it is told to', async () => {
		const abort = new AbortController();
		const files = filesWith({ 'go.mod': GO_MOD, 'main.go': HTTPS });
		const slow: Files = {
			...files,
			async list(directory) {
				abort.abort();
				return files.list(directory);
			},
		};
		const analyser = createAnalyser({ files: slow });
		await assert.rejects(analyser.analyse({ path: '/w/Dockerfile', text: DOCKERFILE, root: '/w', signal: abort.signal }), {
			name: 'AbortError',
		});
	});

	it('of any text neither fails nor edits what is not there, and has something or nothing to say on hover', async () => {
		const files = filesWith({ 'go.mod': GO_MOD, 'main.go': HTTPS });
		const analyser = createAnalyser({ files, log: (message) => assert.fail(message) });
		const piece = fc.constantFrom(
			...[
				'FROM golang:1.26 AS build\n',
				'FROM scratch\n',
				'COPY . .\n',
				'COPY --from=build /app /app\n',
				'RUN go build -o /app\n',
				'CMD /app\n',
			],
			...[
				'ENTRYPOINT ["/app"]\n',
				'USER nobody\n',
				'RUN <<EOF\ngo build\nEOF\n',
				'\\\n',
				'# go-scratch ignore=root-user\n',
				'\r\n',
				'"',
				'$X',
				'[',
				' ',
			],
		);
		const texts = fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 12 }).map((pieces) => pieces.join(''));
		await fc.assert(
			fc.asyncProperty(texts, async (text) => {
				const { facts, findings } = await analyser.analyse({ path: '/w/Dockerfile', text, root: '/w' });
				for (const { range, proposals } of findings) {
					for (const { start, end } of [range, ...proposals().flatMap((fix) => fix.edits.map((edit) => edit.range))]) {
						assert.ok(0 <= start && start <= end && end <= text.length);
					}
				}
				for (let offset = 0; facts !== undefined && offset <= text.length; offset += 7) hoverAt(facts, offset, (path) => path);
			}),
			{ numRuns: 200 },
		);
	}).timeout(20_000);
});
