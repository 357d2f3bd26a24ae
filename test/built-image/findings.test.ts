import assert from 'node:assert/strict';
import { factsOfImage } from '../../server/built-image/facts.ts';
import { placeAt, placeText } from '../../server/built-image/places.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { judgeImage } from '../../server/lint/judge-image.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import type { ProgramRequest } from '../../server/program/model.ts';
import { rules } from '../../server/rules/index.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { type ElfOptions, elfFile } from '../support/elf.ts';
import { type Content, layer, read, saved } from '../support/image-files.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';

/** A static Go program of the package example.com/app with the functions. */
function goProgram(names: readonly string[] = [], more: ElfOptions = {}): Content {
	const lines = [
		'path\texample.com/app',
		'mod\texample.com/app\t(devel)',
		'build\tCGO_ENABLED=0',
		'build\tGOARCH=amd64',
		'build\tGOOS=linux',
	];
	const content = elfFile({ goVersion: 'go1.26.1', lines, names: ['runtime.main', 'main.main', ...names], sections: true, ...more });
	return { content, mode: 0o755 };
}

interface Image {
	/** The layers, each with the instruction that made it. */
	readonly layers: Readonly<Record<string, Readonly<Record<string, Content>>>>;
	readonly config?: object;
	readonly architecture?: string;
	readonly source?: Readonly<Record<string, string>>;
}

/** What is reported, each with its severity and the place in the image; and what is said of the source. */
async function judged({
	layers,
	source,
	...options
}: Image): Promise<{ readonly found: string[]; readonly messages: string[]; readonly differences: readonly string[] }> {
	const all = await Promise.all(Object.values(layers).map((entries) => layer(entries)));
	const history = Object.keys(layers).map((created_by) => ({ created_by }));
	const { images } = await read(await saved(all, { ...options, history }));
	const files = createMemoryFiles(source ?? {});
	const analyser = createAnalyser({ files });
	const go = source === undefined ? undefined : await analyser.reader.readWorkspace('/w', undefined);
	const { signal } = new AbortController();
	const sources = go && {
		go,
		list: async (directory: string) => files.list(directory),
		readProgram: (request: ProgramRequest) => analyser.reader.readProgram(go, request, signal),
	};
	const { facts, text, differences } = await factsOfImage(images[0] ?? assert.fail(), '/image.tar', sources);
	const findings = judgeImage(facts, rules, DEFAULT_SETTINGS, assert.fail);
	for (const finding of findings) assert.deepEqual(await finding.fixes(), []);
	return {
		found: findings.map(({ severity, code, range }) => `${severity} ${code} ${placeText(placeAt(text, range))}`.trim()),
		messages: findings.map(({ message }) => message),
		differences,
	};
}

const AS_NOBODY = { User: '65534:65534' };

describe('a built image', () => {
	it('that works has no findings', async () => {
		const layers = { 'COPY app /app # buildkit': { app: goProgram() } };
		assert.deepEqual((await judged({ layers, config: { ...AS_NOBODY, Entrypoint: ['/app'] } })).found, []);
	});

	it('has a program that was built without the C code that its source requires', async () => {
		const config = { ...AS_NOBODY, Entrypoint: ['/app'] };
		const layers = { 'COPY app /app # buildkit': { app: goProgram() } };
		const sourceWith = (path: string) => ({
			'/w/go.mod': `module example.com/app\n\ngo 1.26\n\nrequire ${path} v1.14.22\n`,
			'/w/main.go': `package main\n\nimport _ "${path}"\n\nfunc main() {}\n`,
		});
		const { found, messages } = await judged({ layers, config, source: sourceWith('github.com/mattn/go-sqlite3') });
		assert.deepEqual(found, ['error cgo-code-without-cgo layer 1 (COPY app /app)']);
		assert.match(messages[0] ?? '', /^\/app was built with CGO_ENABLED=0, without the C code of github\.com\/mattn\/go-sqlite3.*modernc/);
		assert.deepEqual((await judged({ layers, config, source: sourceWith('modernc.org/sqlite') })).found, []);
		const withC = elfFile({
			goVersion: 'go1.26.1',
			lines: ['path\texample.com/app', 'build\tCGO_ENABLED=1', 'build\tGOARCH=amd64'],
			sections: true,
		});
		const built = { 'COPY app /app # buildkit': { app: { content: withC, mode: 0o755 } } };
		assert.deepEqual((await judged({ layers: built, config, source: sourceWith('github.com/mattn/go-sqlite3') })).found, []);
	});

	it('lacks the loader, a library or the glibc that its program requires', async () => {
		const config = { ...AS_NOBODY, Entrypoint: ['/app'] };
		const dynamic = goProgram([], {
			interpreter: LOADER,
			libraries: ['libc.so.6', 'libz.so.1'],
			versions: { 'libc.so.6': ['GLIBC_2.34'] },
		});
		const at = 'layer 1 (COPY app /app)';
		const of = async (files: Record<string, Content>) =>
			(await judged({ layers: { 'COPY app /app # buildkit': { app: dynamic, ...files } }, config })).found;
		const libc = (version: number): Content => `\x7fELF GNU C Library (Debian GLIBC 2.${version}-1) stable release version 2.${version}.\n`;
		assert.deepEqual(await of({}), [`error dynamic-binary ${at}`]);
		assert.deepEqual(await of({ 'lib64/ld-linux-x86-64.so.2': 'x', 'lib/libc.so.6': libc(36) }), [`error missing-shared-library ${at}`]);
		const libraries = { 'lib64/ld-linux-x86-64.so.2': 'x', 'opt/anywhere/libz.so.1': 'x' };
		assert.deepEqual(await of({ ...libraries, 'lib/libc.so.6': libc(31) }), [`error dynamic-binary ${at}`]);
		assert.deepEqual(await of({ ...libraries, 'lib/libc.so.6': libc(34) }), []);
		assert.deepEqual(await of({ ...libraries, 'lib/libc.so.6': 'it does not say' }), []);
	});

	it('lacks a library that only a library requires, whichever of those with its name is loaded', async () => {
		const config = { ...AS_NOBODY, Entrypoint: ['/app'] };
		const library = (...libraries: readonly string[]): Content => ({ content: elfFile({ type: 3, libraries }), mode: 0o644 });
		const of = async (more: Record<string, Content>) => {
			const app = goProgram([], { interpreter: LOADER, libraries: ['libpq.so.5', 'libc.so.6'] });
			const files = { app, 'lib64/ld-linux-x86-64.so.2': 'x', 'lib/libc.so.6': 'x', ...more };
			return (await judged({ layers: { 'COPY app /app': files }, config })).messages.map((each) => /against (.*): it/.exec(each)?.[1]);
		};
		const missing = ['libpq.so.5, which needs libssl.so.3, and that the image does not have'];
		assert.deepEqual(await of({ 'lib/libpq.so.5': library('libssl.so.3', 'libc.so.6') }), missing);
		const linked = {
			'lib/libpq.so.5.16': library('libssl.so.3'),
			'lib/libpq.so.5': { type: 'symlink', linkname: 'libpq.so.5.16' } as const,
		};
		assert.deepEqual(await of(linked), missing);
		assert.deepEqual(await of({ ...linked, 'opt/libpq.so.5': library('libssl.so.3') }), missing);
		assert.deepEqual(await of({ ...linked, 'opt/libpq.so.5': library() }), []);
		assert.deepEqual(await of({ ...linked, 'opt/libpq.so.5': '\x7fELF cut off' }), []);
		assert.deepEqual(await of({ ...linked, 'usr/lib/libssl.so.3': library('libpq.so.5') }), []);
		const further = { ...linked, 'usr/lib/libssl.so.3': library('libcrypto.so.3') };
		assert.deepEqual(await of(further), ['libssl.so.3, which needs libcrypto.so.3, and that the image does not have']);
		assert.deepEqual(await of({}), ['libpq.so.5, which the image does not have']);
	});

	it('is not said to lack what the engine mounts, or what one of its C libraries may have', async () => {
		const config = { ...AS_NOBODY, Entrypoint: ['/app'] };
		const of = async (libraries: readonly string[], more: Record<string, Content> = {}) => {
			const app = goProgram([], { interpreter: LOADER, libraries, versions: { 'libc.so.6': ['GLIBC_2.34'] } });
			const libc = '\x7fELF GNU C Library (Debian GLIBC 2.31-1) stable release version 2.31.\n';
			const files = { app, 'lib64/ld-linux-x86-64.so.2': 'x', 'lib/libc.so.6': libc, ...more };
			return (await judged({ layers: { 'COPY app /app': files }, config })).found.map((each) => each.split(' ')[1]);
		};
		const unsaid = { 'opt/glibc/libc.so.6': '\x7fELF' };
		assert.deepEqual(await of(['libc.so.6']), ['dynamic-binary']);
		assert.deepEqual(await of(['libc.so.6'], unsaid), []);
		assert.deepEqual(await of(['libcuda.so.1', 'libnvidia-ml.so.1', 'libnvcuvid.so.1', 'libGLX_nvidia.so.0', 'libc.so.6'], unsaid), []);
		assert.deepEqual(await of(['libcudart.so.12', 'libc.so.6'], unsaid), ['missing-shared-library']);
	});

	it('has musl as the C library under any of its names', async () => {
		const app = goProgram([], { interpreter: '/lib/ld-musl-x86_64.so.1', libraries: ['libc.musl-x86_64.so.1', 'libpthread.so.0'] });
		const layers = { 'COPY app /app # buildkit': { app, 'lib/ld-musl-x86_64.so.1': 'x' } };
		assert.deepEqual((await judged({ layers, config: { ...AS_NOBODY, Entrypoint: ['/app'] } })).found, []);
	});

	it('is for another processor than its program, or for another system', async () => {
		const config = { ...AS_NOBODY, Entrypoint: ['/app'] };
		const at = 'layer 1 (COPY app /app)';
		const of = async (app: Content, architecture: string) =>
			(await judged({ layers: { 'COPY app /app': { app } }, config, architecture })).found;
		assert.deepEqual(await of(goProgram(), 'arm64'), [`error wrong-platform ${at}`]);
		assert.deepEqual(await of(goProgram([], { machine: 3, bits: 32 }), 'amd64'), []);
		const mach = { content: Buffer.from(`cffaedfe${'00'.repeat(100)}`, 'hex'), mode: 0o755 };
		assert.deepEqual(await of(mach, 'amd64'), [`error wrong-platform ${at}`]);
	});

	it('starts what is not there, or what cannot be started', async () => {
		const of = async (files: Record<string, Content>, config: object) =>
			(await judged({ layers: { 'RUN make': { app: goProgram(), ...files } }, config: { ...AS_NOBODY, ...config } })).found;
		assert.deepEqual(await of({}, { Entrypoint: ['/other'] }), ['error entrypoint-not-in-image ENTRYPOINT ["/other"]']);
		assert.deepEqual(await of({}, { Cmd: ['/bin/sh', '-c', '/app --port 80'] }), ['error shell-form-command CMD /app --port 80']);
		assert.deepEqual(await of({ run: 'x' }, { Entrypoint: ['/run'] }), ['error entrypoint-not-in-image ENTRYPOINT ["/run"]']);
		assert.deepEqual(await of({ run: { content: '#!/bin/sh\n', mode: 0o755 } }, { Entrypoint: ['/run'] }), [
			'error entrypoint-not-in-image ENTRYPOINT ["/run"]',
		]);
		assert.deepEqual(await of({}, {}), ['error missing-entrypoint']);
		assert.deepEqual(await of({}, { Entrypoint: ['/app'], Healthcheck: { Test: ['CMD', 'curl', 'localhost'] } }), [
			'warning missing-executable HEALTHCHECK CMD ["curl","localhost"]',
		]);
		assert.deepEqual(
			await of({}, { Entrypoint: ['/bin/sh', '-c', "['/app']"] }).then(([first]) => first),
			"error malformed-exec-form ENTRYPOINT ['/app']",
		);
	});

	it('runs as a user that it does not have, or as root', async () => {
		const of = async (config: object, files: Record<string, Content> = {}) =>
			(await judged({ layers: { 'COPY . /': { app: goProgram(), ...files } }, config: { Entrypoint: ['/app'], ...config } })).found;
		const passwd = { 'etc/passwd': 'app:x:1000:1000::/:\n' };
		assert.deepEqual(await of({ User: 'app' }), ['error unknown-user USER app']);
		assert.deepEqual(await of({ User: 'app' }, passwd), ['information non-numeric-user USER app']);
		assert.deepEqual(await of({ User: '1000' }, passwd), []);
		assert.deepEqual(await of({ User: '1001' }, passwd), ['information user-without-group USER 1001']);
		assert.deepEqual(await of({}), ['information root-user']);
	});

	it('may lack what its program holds the functions for, which is information', async () => {
		const names = ['net/http.(*Client).do', 'os.CreateTemp', 'os/user.Current', 'time.LoadLocation'];
		const config = { ...AS_NOBODY, Entrypoint: ['/app'] };
		const { found, messages } = await judged({ layers: { 'COPY app /app': { app: goProgram(names) } }, config });
		assert.deepEqual(found, [
			'information missing-ca-certificates',
			'information missing-timezone-data',
			'information missing-tmp',
			'information missing-user-database',
		]);
		assert.match(messages[0] ?? '', /may make TLS connections \(it holds net\/http\.\(\*Client\)\.do\)/);
		const all = { 'etc/ssl/certs/ca-certificates.crt': 'x', 'etc/passwd': '', 'usr/share/zoneinfo/UTC': 'x', 'tmp/': { mode: 0o1777 } };
		assert.deepEqual((await judged({ layers: { 'COPY . /': { app: goProgram(names), ...all } }, config })).found, []);
	});

	it('is judged by the source that its program says it was built from', async () => {
		const main = 'package main\n\nimport "net/http"\n\nfunc main() { http.Get("https://example.com") }\n';
		const source = { '/w/go.mod': 'module example.com/app\n\ngo 1.26\n', '/w/main.go': main };
		const config = { ...AS_NOBODY, Entrypoint: ['/app'] };
		const of = (app: Content, more: Record<string, string> = {}) =>
			judged({ layers: { 'COPY app /app': { app } }, config, source: { ...source, ...more } });
		const { found, messages, differences } = await of(goProgram(['net/http.(*Client).do']));
		assert.deepEqual(found, ['error missing-ca-certificates']);
		assert.match(messages[0] ?? '', /makes TLS connections \(http\.Get\)/);
		assert.deepEqual(differences, []);
		// The linker has dropped what the source of today needs.
		assert.deepEqual((await of(goProgram())).found, []);
		const lines = ['path\texample.com/app', 'mod\texample.com/app\t(devel)', 'dep\texample.com/lib\tv1.0.0'];
		const older = await of(goProgram([], { goVersion: 'go1.20.1', lines }), {
			'/w/go.mod': `${source['/w/go.mod']}\nrequire example.com/lib v1.1.0\n`,
		});
		assert.deepEqual(older.differences, [
			'/app was built with go1.20.1, but go.mod requires Go 1.26.',
			'/app was built with example.com/lib v1.0.0, but go.mod requires v1.1.0.',
		]);
		const foreign = await of(goProgram([], { lines: ['path\texample.com/other'] }));
		const named = ['path\tcommand-line-arguments', 'mod\texample.com/app\t(devel)'];
		const byFiles = goProgram(['net/http.(*Client).do'], { lines: named });
		assert.deepEqual((await of(byFiles)).found, ['error missing-ca-certificates']);
		const several = await of(byFiles, { '/w/cmd/other/main.go': 'package main\n\nfunc main() {}\n' });
		assert.deepEqual(several.found, ['information missing-ca-certificates']);
		assert.match(several.differences[0] ?? '', /named one by one/);
		// Its own module has no line where only the package of those files is of it.
		const requiring = { '/w/go.mod': `${source['/w/go.mod']}\nrequire example.com/lib v1.0.0\n` };
		const requiringBefore = { '/w/go.mod': 'module example.com/app\n\ngo 1.16\n\nrequire example.com/lib v1.0.0\n' };
		const ofModules = (goMod: Record<string, string>, ...modules: string[]) =>
			of(
				goProgram(['net/http.(*Client).do'], { lines: ['path\tcommand-line-arguments', ...modules.map((each) => `dep\t${each}\tv1.0.0`)] }),
				goMod,
			);
		assert.deepEqual((await ofModules(requiring, 'example.com/lib')).found, ['error missing-ca-certificates']);
		assert.match((await ofModules(requiring, 'example.com/lib', 'example.com/of-the-lib')).differences[0] ?? '', /named one by one/);
		const unnamed = await ofModules(requiringBefore, 'example.com/lib', 'example.com/of-the-lib');
		assert.deepEqual(unnamed.found, ['error missing-ca-certificates']);
		assert.match((await ofModules(requiringBefore, 'example.com/more')).differences[0] ?? '', /named one by one/);
		assert.match((await ofModules(requiring, 'example.com/more')).differences[0] ?? '', /named one by one/);
		assert.match((await ofModules(requiring)).differences[0] ?? '', /named one by one/);
		const modern = ['path\tcommand-line-arguments', 'dep\texample.com/app\t(devel)'];
		const request = source['/w/main.go'];
		const inCommand = {
			'/w/main.go': 'package app\n',
			'/w/cmd/api/main.go': request,
			'/w/cmd/other/main.go': 'package main\n\nfunc main() {}\n',
		};
		const ofFile = (file: string, lines: readonly string[] = modern) =>
			of(goProgram(['net/http.(*Client).do'], { lines, files: [file] }), inCommand);
		assert.deepEqual((await ofFile('/build/cmd/api/main.go')).found, ['error missing-ca-certificates']);
		// The other one does nothing, and of another module nothing is known.
		assert.notDeepEqual((await ofFile('/build/cmd/other/main.go')).found, ['error missing-ca-certificates']);
		assert.match((await ofFile('./main.go')).differences[0] ?? '', /named one by one/);
		const foreignModule = await ofFile('/build/cmd/api/main.go', [modern[0] as string, 'dep\texample.com/other\t(devel)']);
		assert.match(foreignModule.differences[0] ?? '', /named one by one/);
		assert.deepEqual(foreign.differences, ['/app was built from example.com/other, which is not among the sources.']);
	});

	it('starts a shell and not the program that it is built for', async () => {
		const source = { '/w/go.mod': 'module example.com/app\n\ngo 1.26\n', '/w/main.go': 'package main\n\nfunc main() {}\n' };
		const layers = { 'ADD base /': { 'bin/sh': { content: elfFile(), mode: 0o755 } }, 'COPY app /app': { app: goProgram() } };
		const of = async (config: object, more = {}) => (await judged({ layers, config: { ...AS_NOBODY, ...config }, ...more })).found;
		assert.deepEqual(await of({ Cmd: ['/bin/sh'] }, { source }), ['information missing-entrypoint CMD ["/bin/sh"]']);
		assert.deepEqual(await of({ Cmd: ['/bin/sh'] }), []);
		assert.deepEqual(await of({ Entrypoint: ['/bin/sh', '/app'] }, { source }), []);
	});

	it('lacks a file of the source that its program opens', async () => {
		const main = 'package main\n\nimport "os"\n\nfunc main() { os.ReadFile("config/app.yaml") }\n';
		const source = { '/w/go.mod': 'module example.com/app\n\ngo 1.26\n', '/w/main.go': main, '/w/config/app.yaml': 'a: b\n' };
		const of = async (files: Record<string, Content>) =>
			(await judged({ layers: { 'COPY . /': { app: goProgram(), ...files } }, config: { ...AS_NOBODY, Entrypoint: ['/app'] }, source }))
				.found;
		assert.deepEqual(await of({}), ['warning missing-runtime-file']);
		assert.deepEqual(await of({ 'config/app.yaml': 'a: b' }), []);
	});

	it('is not asked about how it was built', () => {
		const asked = rules.filter(({ judges }) => judges === 'image').map(({ code }) => code);
		assert.ok(asked.length > 15);
		for (const code of ['uncached-modules', 'copy-of-missing-file', 'run-without-shell', 'unstripped-binary'])
			assert.ok(!asked.includes(code), code);
	});

	it('are of the signal that stops the container, which the configuration may set', async () => {
		const image = (more: object): Image => ({
			layers: { 'COPY /app /app': { app: goProgram(['os/signal.Notify']) } },
			config: { Entrypoint: ['/app'], User: '65534:65534', ...more },
			source: {
				'/w/go.mod': 'module example.com/app\n\ngo 1.26\n',
				'/w/main.go': 'package main\n\nimport ("os"; "os/signal")\n\nfunc main() { signal.Notify(make(chan os.Signal), os.Interrupt) }\n',
			},
		});
		assert.deepEqual((await judged(image({}))).found, ['information unhandled-stop-signal ENTRYPOINT ["/app"]']);
		assert.deepEqual((await judged(image({ StopSignal: 'SIGINT' }))).found, []);
	});
});
