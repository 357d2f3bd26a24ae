import assert from 'node:assert/strict';
import { fairly, judge, lastWords } from '../../scripts/real-programs/verdict.ts';

/** The words are those of real programs and engines. */
const ENDED_IN_ITS_OWN_WORDS = [
	'Usage: hey [options...] <url>',
	'dial tcp 127.0.0.1:5432: connect: connection refused',
	'panic: open config.yaml: no such file or directory',
	'{"level":"fatal","error":"lookup db: no such host"}',
	'',
];

const LET_DOWN: readonly (readonly [output: string, lacks: string])[] = [
	['exec /app: no such file or directory', 'its executable, or the loader of it'],
	['exec /app: exec format error', 'its executable, or the loader of it'],
	['/app: error while loading shared libraries: libz.so.1: cannot open shared object file: No such file or directory', 'a shared library'],
	["/app: /lib/libc.so.6: version `GLIBC_2.34' not found (required by /app)", 'a shared library'],
	['Get "https://example.com/": tls: failed to verify certificate: x509: certificate signed by unknown authority', 'CA certificates'],
	['panic: unknown time zone Europe/Berlin', 'time zone data'],
	['2024/01/01 00:00:00 open /tmp/upload-1: no such file or directory', 'a directory for temporary files'],
	['user: unknown userid 65534', 'a user database'],
	['$HOME is not defined', 'a home directory'],
	["Binary was compiled with 'CGO_ENABLED=0', go-sqlite3 requires cgo to work. This is a stub", 'C code'],
	['level=fatal msg="exec: \\"git\\": executable file not found in $PATH"', 'an executable'],
	['mkdir data: permission denied', 'the right to write'],
	['open configs/app.yaml: no such file or directory', 'configs/app.yaml of the repository'],
	['open /configs/app.yaml: no such file or directory', 'configs/app.yaml of the repository'],
	['panic: html/template: pattern matches no files: `templates/*.html`', 'templates of the repository'],
];

const HELD = new Set(['configs/app.yaml', 'templates']);
const inRepository = (path: string) => HELD.has(path);

describe('the verdict on a container', () => {
	for (const output of ENDED_IN_ITS_OWN_WORDS) {
		it(`lets a program end in its own words: ${output}`, () => {
			const verdict = judge({ state: 'exited', code: 1, output }, inRepository);
			assert.equal(verdict.outcome, 'exits');
			assert.equal(verdict.lacks, undefined);
		});
	}

	for (const [output, lacks] of LET_DOWN) {
		it(`sees what the image lacks: ${output}`, () => {
			const verdict = judge({ state: 'exited', code: 1, output: `Starting\n${output}\ngoroutine 1 [running]:\n` }, inRepository);
			assert.equal(verdict.outcome, 'fails');
			assert.equal(verdict.lacks, lacks);
			assert.equal(verdict.says, output.replaceAll('\\"', '"'));
		});
	}

	it('lets a program run that misses something and goes on, and tells what', () => {
		const verdict = judge({ state: 'running', code: undefined, output: 'mkdir /data: permission denied\n' }, inRepository);
		assert.deepEqual(verdict, { outcome: 'runs', code: undefined, lacks: 'the right to write', says: 'mkdir /data: permission denied' });
	});

	it('does not blame the image for what is missing outside as well', () => {
		const output = '2024/01/01 00:00:00 exec: "docker": executable file not found in $PATH';
		const inImage = judge({ state: 'exited', code: 1, output }, inRepository);
		const outside = judge({ state: 'exited', code: 1, output: output.replace('01/01', '02/02') }, () => false);
		assert.deepEqual(fairly(inImage, outside), { ...inImage, outcome: 'exits', lacks: undefined });
		const another = judge({ state: 'exited', code: 1, output: 'dial tcp: connection refused' }, () => false);
		assert.equal(fairly(inImage, another), inImage);
	});

	it('tells of a failure the error, and of anything else the first line with a word', () => {
		const output = '____ __\nStarting\npanic: no database\n\ngoroutine 1 [running]:\nmain.main()\n';
		assert.equal(judge({ state: 'exited', code: 2, output }, inRepository).says, 'panic: no database');
		assert.equal(judge({ state: 'running', code: undefined, output }, inRepository).says, 'Starting');
	});

	it('takes what the engine refuses for a failure, whatever it says', () => {
		const output =
			'docker: Error response from daemon: failed to create task: OCI runtime create failed: exec: "/app": stat /app: no such file.';
		assert.deepEqual(judge({ state: 'refused', code: 127, output }, inRepository), {
			outcome: 'fails',
			code: 127,
			lacks: 'what the engine wants',
			says: output,
		});
	});

	it('finds the last words of the step that failed', () => {
		const output = [
			'#9 [build 6/6] RUN go build .',
			'#9 ERROR: process "/bin/sh -c go build ." did not complete successfully: exit code: 1',
			'------',
			' > [build 6/6] RUN go build .:',
			'0.412 go: downloading rsc.io/quote v1.5.2',
			'1.730 main.go:3:8: package x is not in std',
			'------',
			'Dockerfile:9',
			'ERROR: failed to solve: process "/bin/sh -c go build ." did not complete successfully: exit code: 1',
		].join('\n');
		assert.equal(lastWords(output), 'main.go:3:8: package x is not in std');
		assert.equal(lastWords('#1 x\nERROR: failed to solve: "/dist": not found'), 'ERROR: failed to solve: "/dist": not found');
	});
});
