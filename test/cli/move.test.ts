import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useCommandLine } from '../support/command-line.ts';

const PROGRAM = `package main

import "net/http"

func main() { http.Get("https://example.com/") }
`;

const BUILD = `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /app

`;

const ALPINE = `${BUILD}FROM alpine:3.22
COPY --from=build /app /app
USER 65534:65534
ENTRYPOINT ["/app"]
`;

const SCRATCH = `${BUILD}FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /app /app
USER 65534:65534
ENTRYPOINT ["/app"]
`;

describe('fix --move-to', function () {
	this.timeout(60_000);
	const used = useCommandLine();

	beforeEach(() => {
		for (const [name, text] of Object.entries({
			'go.mod': 'module example.com/app\n\ngo 1.26\n',
			'main.go': PROGRAM,
			'.dockerignore': '.git\n',
		}))
			writeFileSync(join(used.directory, name), text);
	});

	function move(dockerfile: string, ...words: readonly string[]) {
		writeFileSync(join(used.directory, 'Dockerfile'), dockerfile);
		const env = { ...process.env, GO_SCRATCH_CACHE: 'off', NO_COLOR: '1' };
		const { status, stdout, stderr } = spawnSync(process.execPath, [used.bundle, 'fix', '--rule=unstripped-binary=off', ...words], {
			cwd: used.directory,
			encoding: 'utf8',
			env,
		});
		return { code: status, out: stdout, error: stderr, text: readFileSync(join(used.directory, 'Dockerfile'), 'utf8') };
	}

	it('moves a final stage of which nothing is lost', () => {
		const { code, out, error, text } = move(ALPINE, '--move-to', 'scratch');
		assert.equal(text, SCRATCH);
		assert.equal(out, 'Dockerfile: moved to scratch\nNo findings in 1 Dockerfile.\n');
		assert.deepEqual([code, error], [0, '']);
	});

	it('moves to distroless, and leaves out the fixes of findings', () => {
		const { text } = move(ALPINE.replace('USER 65534:65534\n', ''), '--move-to=distroless');
		assert.match(text, /^FROM gcr\.io\/distroless\/static-debian12$/m);
		assert.doesNotMatch(text, /USER/);
	});

	it('lists what is lost', () => {
		const { code, error, text } = move(ALPINE.replace('USER', 'HEALTHCHECK CMD wget -q localhost || exit 1\nUSER'), '--move-to', 'scratch');
		assert.match(error, /^warning: Dockerfile: check after the move: HEALTHCHECK in line 8 needs a shell\.$/m);
		assert.match(text, /^FROM scratch$/m);
		assert.equal(code, 1);
	});

	it('prints a patch with --diff, and changes nothing', () => {
		const { code, out, text } = move(ALPINE, '--move-to', 'scratch', '--diff');
		assert.match(out, /^-FROM alpine:3\.22\n\+FROM scratch$/m);
		assert.equal(text, ALPINE);
		assert.equal(code, 1);
	});

	for (const [why, dockerfile, words, reason] of [
		['is on scratch', SCRATCH, [], 'its base image has no distribution already'],
		['has an unknown base image', ALPINE.replace('alpine:3.22', 'example.com/base'), [], 'its base image is not known'],
		[
			'needs a C library',
			ALPINE.replace('CGO_ENABLED=0', 'CGO_ENABLED=1'),
			[],
			'its program is linked dynamically, so it requires a C library',
		],
		['has no stage of the name', ALPINE, ['--target', 'release'], 'it has no such stage; its stages are build, 1'],
	] as const) {
		it(`says why it leaves one as it is that ${why}`, () => {
			const { code, error, text } = move(dockerfile, '--move-to', 'scratch', ...words);
			assert.equal(error, `warning: Dockerfile cannot be moved: ${reason}.\n`);
			assert.equal(text, dockerfile);
			assert.equal(code, 1);
		});
	}

	it('requires an image, and --move-to for a target', () => {
		assert.match(move(ALPINE, '--move-to', 'alpine').error, /^--move-to must be scratch or distroless, not alpine/);
		assert.match(move(ALPINE, '--target', 'x').error, /^--target requires --move-to\./);
	});
});
