import assert from 'node:assert/strict';
import { createLinkedReader } from '../../server/linked/linked-files.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import type { Files } from '../../server/workspace/files.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { type ElfOptions, elfFile } from '../support/elf.ts';

const CORE = ['', 'runtime.main', 'main.main'];
const LINES = ['path\texample.org/app', 'mod\texample.org/app\t(devel)\t', 'build\tCGO_ENABLED=0', 'build\tGOOS=linux'];

function goProgram(names: readonly string[] = [], options: ElfOptions = {}): Uint8Array {
	return elfFile({ goVersion: 'go1.26.0', lines: LINES, names: [...CORE, ...names], ...options });
}

const DYNAMIC: ElfOptions = {
	interpreter: '/lib64/ld-linux-x86-64.so.2',
	libraries: ['libc.so.6'],
	versions: { 'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.34'] },
};

const MODULE = { '/w/go.mod': 'module example.org/app\n\ngo 1.22\n' };
const CLIENT = {
	...MODULE,
	'/w/main.go': 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("https://example.org")\n}\n',
};
const SILENT = { ...MODULE, '/w/main.go': 'package main\n\nfunc main() {}\n' };

const FROM_CONTEXT = (base: string) => `FROM ${base}\nCOPY bin/app /app\nUSER 65534:65534\nENTRYPOINT ["/app"]\n`;

interface Case {
	readonly files?: Readonly<Record<string, string | Uint8Array>>;
	readonly binary?: Uint8Array | string;
	readonly text: string;
	readonly wrap?: (files: Files) => Files;
}

async function findings({ files = SILENT, binary, text, wrap = (each) => each }: Case) {
	const memory = wrap(
		createMemoryFiles({
			...files,
			'/w/.dockerignore': '.git\n',
			'/w/Dockerfile': text,
			...(binary !== undefined && { '/w/bin/app': binary }),
		}),
	);
	const log = (message: string) => assert.fail(message);
	const analyser = createAnalyser({ files: memory, readLinked: createLinkedReader(memory), log });
	const { findings: found } = await analyser.analyse({ path: '/w/Dockerfile', text, root: '/w' });
	return found;
}

async function reported(of: Case): Promise<string[]> {
	const text = of.text;
	return (await findings(of)).map(({ code, severity, range }) => `${severity} ${code}: ${text.slice(range.start, range.end)}`);
}

describe('a Go program in the build context', () => {
	it('needs a loader that the image lacks', async () => {
		const of = { binary: goProgram([], DYNAMIC), text: FROM_CONTEXT('scratch') };
		assert.deepEqual(await reported(of), ['error dynamic-binary: bin/app']);
		const [found] = await findings(of);
		assert.equal(
			found?.message,
			"bin/app (read from the binary in the build context) is dynamically linked and needs the loader /lib64/ld-linux-x86-64.so.2, which the image does not have: it fails with 'exec /app: no such file or directory'. Build it with CGO_ENABLED=0, or use a base image with that C library.",
		);
		for (const base of ['gcr.io/distroless/static-debian12', 'alpine:3.20']) {
			assert.deepEqual(await reported({ ...of, text: FROM_CONTEXT(base) }), ['error dynamic-binary: bin/app'], base);
		}
		const musl = { ...DYNAMIC, interpreter: '/lib/ld-musl-x86_64.so.1', versions: {} };
		assert.deepEqual(await reported({ binary: goProgram([], musl), text: FROM_CONTEXT('debian:bookworm-slim') }), [
			'error dynamic-binary: bin/app',
		]);
	});

	it('loads nothing, or finds what it loads', async () => {
		assert.deepEqual(await reported({ binary: goProgram(), text: FROM_CONTEXT('scratch') }), []);
		assert.deepEqual(await reported({ binary: goProgram([], DYNAMIC), text: FROM_CONTEXT('debian:bookworm-slim') }), []);
		const copied = 'FROM scratch\nCOPY lib/ld.so /lib64/ld-linux-x86-64.so.2\nCOPY bin/app /app\nUSER 1:1\nENTRYPOINT ["/app"]\n';
		assert.deepEqual(await reported({ files: { ...SILENT, '/w/lib/ld.so': 'x' }, binary: goProgram([], DYNAMIC), text: copied }), []);
	});

	it('requires a newer glibc than the image has', async () => {
		const newer = (version: string) => goProgram([], { ...DYNAMIC, versions: { 'libc.so.6': [version] } });
		const text = FROM_CONTEXT('debian:bookworm-slim');
		assert.deepEqual(await reported({ binary: newer('GLIBC_2.36'), text }), []);
		assert.deepEqual(await reported({ binary: newer('GLIBC_2.38'), text }), ['error dynamic-binary: bin/app']);
		const [found] = await findings({ binary: newer('GLIBC_2.38'), text });
		assert.match(found?.message ?? '', /requires glibc 2\.38, and the image has 2\.36: .*GLIBC_2\.38' not found/);
	});

	it('is linked against a library that the image lacks', async () => {
		const binary = goProgram([], { ...DYNAMIC, libraries: ['libpcap.so.0.8', 'libc.so.6'] });
		assert.deepEqual(await reported({ binary, text: FROM_CONTEXT('debian:bookworm-slim') }), ['error missing-shared-library: bin/app']);
		const installed = FROM_CONTEXT('debian:bookworm-slim').replace('\n', '\nRUN apt-get update && apt-get install -y libpcap0.8\n');
		assert.ok(!(await reported({ binary, text: installed })).some((each) => each.includes('missing-shared-library')));
	});

	it('finds a library where it looks first', async () => {
		const of = async (runPath: string, copy: string, start = '/srv/app') => {
			const binary = goProgram([], { ...DYNAMIC, libraries: ['libpcap.so.0.8', 'libc.so.6'], runPath });
			const text = `FROM debian:bookworm-slim\n${copy}\nUSER 1:1\nENTRYPOINT ["${start}"]\n`;
			const files = { ...SILENT, '/w/bin/libpcap.so.0.8': 'x', '/w/deps/libpcap.so.0.8': 'x' };
			return (await reported({ files, binary, text })).map((each) => each.split(':')[0]);
		};
		const lacks = ['error missing-shared-library'];
		assert.deepEqual(await of('$ORIGIN', 'COPY bin/ /srv/'), []);
		assert.deepEqual(await of('/none:${ORIGIN}/deps', 'COPY bin/app /srv/\nCOPY deps/ /srv/deps/'), []);
		assert.deepEqual(await of('/srv/deps', 'COPY bin/app /srv/\nCOPY deps/ /srv/deps/'), []);
		assert.deepEqual(await of('$ORIGIN', 'COPY bin/ /srv/real/\nRUN ln -s real/app /srv/app'), []);
		assert.deepEqual(await of('/srv/$LIB', 'COPY bin/ /srv/'), []);
		assert.deepEqual(await of('$ORIGIN/deps', 'COPY bin/ /srv/'), lacks);
		assert.deepEqual(await of('/opt/deps', 'COPY bin/ /srv/'), lacks);
	});

	it('is for another processor or system than the image', async () => {
		const text = FROM_CONTEXT('--platform=linux/arm64 scratch');
		const other = (await reported({ binary: goProgram(), text })).filter((each) => each.includes('wrong-platform'));
		assert.deepEqual(other, ['error wrong-platform: bin/app']);
		const same = await reported({ binary: goProgram([], { machine: 183 }), text });
		assert.ok(!same.some((each) => each.includes('wrong-platform')), String(same));
		assert.deepEqual(await reported({ binary: goProgram(), text: FROM_CONTEXT('scratch') }), [], 'the platform of the image is not known');
		const mach = Buffer.from('\xcf\xfa\xed\xfe\x07\0\0\x01\0\0\0\0', 'latin1');
		assert.deepEqual(await reported({ binary: mach, text: FROM_CONTEXT('scratch') }), ['error wrong-platform: bin/app']);
	});

	it('does not need what the linker dropped, whatever the source says', async () => {
		const text = FROM_CONTEXT('scratch');
		const needs = async (...names: readonly string[]) => reported({ files: CLIENT, binary: goProgram(names), text });
		assert.deepEqual(await needs('net/http.(*Client).do', 'crypto/x509.loadSystemRoots'), ['error missing-ca-certificates: FROM scratch']);
		assert.deepEqual(await needs(), []);
		assert.deepEqual(await needs('crypto/x509.loadSystemRoots'), [], 'a server has what verifies certificates too');
		assert.deepEqual(await needs('net/http.(*Client).do', 'golang.org/x/crypto/x509roots/fallback.init.0'), []);
	});

	it('is the main package that it names, whatever the file is called', async () => {
		const text = 'FROM scratch\nCOPY bin/app /server\nUSER 1:1\nENTRYPOINT ["/server"]\n';
		const names = ['net/http.(*Client).do', 'crypto/x509.loadSystemRoots'];
		const binary = goProgram(names);
		assert.deepEqual(await reported({ files: CLIENT, binary, text }), ['error missing-ca-certificates: FROM scratch']);
		const stranger = goProgram(names, { lines: LINES.map((line) => line.replaceAll('example.org/app', 'example.org/other')) });
		assert.deepEqual(await reported({ files: CLIENT, binary: stranger, text: FROM_CONTEXT('scratch') }), [
			'information missing-ca-certificates: FROM scratch',
		]);
	});

	it('is built with the tags that it names', async () => {
		const files = {
			...MODULE,
			'/w/main.go': 'package main\n\nfunc main() { run() }\n',
			'/w/remote.go': `//go:build remote\n\n${CLIENT['/w/main.go'].replace('main()', 'run()')}`,
			'/w/local.go': '//go:build !remote\n\npackage main\n\nfunc run() {}\n',
		};
		const names = ['net/http.(*Client).do', 'crypto/x509.loadSystemRoots'];
		const text = FROM_CONTEXT('scratch');
		const tagged = goProgram(names, { lines: [...LINES, 'build\t-tags=a,remote'] });
		assert.deepEqual(await reported({ files, binary: tagged, text }), ['error missing-ca-certificates: FROM scratch']);
		assert.deepEqual(await reported({ files, binary: goProgram(names), text }), []);
	});

	it('is told to be older than its source', async () => {
		const files = { ...CLIENT, '/w/go.mod': 'module example.org/app\n\ngo 1.26\n\nrequire example.org/x v1.2.0\n' };
		const binary = goProgram(['net/http.(*Client).do'], { goVersion: 'go1.22.1', lines: [...LINES, 'dep\texample.org/x\tv1.1.0\t'] });
		const [found] = await findings({ files, binary, text: FROM_CONTEXT('scratch') });
		assert.deepEqual(
			found?.related?.filter(({ path }) => path === '/w/go.mod').map(({ message }) => message),
			[
				'bin/app was built with go1.22.1, but go.mod requires Go 1.26.',
				'bin/app was built with example.org/x v1.1.0, but go.mod requires v1.2.0.',
			],
		);
	});

	it('is seen through a stage, and in a directory that is copied', async () => {
		const binary = goProgram([], DYNAMIC);
		const staged =
			'FROM alpine:3.20 AS files\nCOPY bin/app /out/app\nFROM scratch\nCOPY --from=files /out/app /app\nUSER 1:1\nENTRYPOINT ["/app"]\n';
		assert.deepEqual(await reported({ binary, text: staged }), ['error dynamic-binary: /out/app']);
		const directory = 'FROM scratch\nCOPY bin /opt/bin/\nUSER 1:1\nENTRYPOINT ["/opt/bin/app"]\n';
		assert.deepEqual(await reported({ binary, text: directory }), ['error dynamic-binary: bin']);
	});

	it('is unknown where a command may have written over it', async () => {
		const end = 'USER 1:1\nENTRYPOINT ["/app"]\n';
		const stage = (copies: string, run: string) =>
			`FROM golang:1.26 AS b\nWORKDIR /src\n${copies}\n${run}\nFROM scratch\nCOPY --from=b /src/bin/app /app\n${end}`;
		for (const copies of ['COPY . .', 'COPY bin/app bin/app\nCOPY . .', 'COPY bin/app bin/app']) {
			for (const run of ['RUN make', 'RUN ./tool bin/app', 'RUN make && mv bin/app x && mv x bin/app']) {
				const found = await reported({ binary: goProgram([], DYNAMIC), text: stage(copies, run), files: { ...SILENT, '/w/tool': 'x' } });
				assert.ok(!found.some((each) => each.includes('dynamic-binary')), `${copies}, ${run}: ${found}`);
			}
			const kept = await reported({ binary: goProgram([], DYNAMIC), text: stage(copies, 'RUN mkdir x') });
			assert.ok(
				kept.some((each) => each.startsWith('error dynamic-binary')),
				`${copies}: ${kept}`,
			);
		}
		const here = `FROM debian:bookworm-slim\nCOPY bin/app tool /\nRUN /tool /app\n${end}`;
		const other = goProgram([], { machine: 183 });
		const text = here.replace('FROM', 'FROM --platform=linux/amd64');
		const found = await reported({ binary: other, text, files: { ...SILENT, '/w/tool': 'x' } });
		assert.ok(!found.some((each) => each.includes('wrong-platform')), String(found));
	});

	it('is left alone where another repository made it and nothing starts it', async () => {
		const lines = LINES.map((line) => line.replaceAll('example.org/app', 'example.org/probe'));
		const text = 'FROM python:3\nCOPY bin/app /usr/bin/probe\nCMD ["python", "main.py"]\n';
		assert.deepEqual(await reported({ files: {}, binary: goProgram([], { ...DYNAMIC, lines }), text }), []);
	});

	it('is unknown where it is packed, broken, or cannot be read', async () => {
		const text = FROM_CONTEXT('scratch');
		const dynamic = goProgram([], DYNAMIC);
		for (const binary of [goProgram([], { ...DYNAMIC, afterHeaders: '\0\0\0\0UPX!' }), dynamic.subarray(0, 300), '', '\0\0']) {
			assert.deepEqual(await reported({ binary, text }), []);
		}
		const wrap = ({ withBytes: _, ...files }: Files): Files => files;
		assert.deepEqual(await reported({ binary: dynamic, text, wrap }), []);
	});
});

describe('the reader of linked files', () => {
	it('reads each version of a file once', async () => {
		const memory = createMemoryFiles({ '/w/app': goProgram() });
		let count = 0;
		const files: Files = {
			...memory,
			withBytes: (path, read) => {
				count++;
				return memory.withBytes?.(path, read) ?? Promise.resolve(undefined);
			},
		};
		const read = createLinkedReader(files);
		const first = await read('/w/app');
		assert.equal(await read('/w/app'), first);
		assert.equal(count, 1);
		memory.write('/w/app', goProgram(['time.LoadLocation']));
		const second = await read('/w/app');
		assert.ok(second?.kind === 'program' && second.needs?.may.has('zone-data'));
		assert.equal(count, 2);
		assert.equal(await read('/w/none'), undefined);
	});
});
