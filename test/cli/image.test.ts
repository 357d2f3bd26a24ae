import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleCommandLine } from '../support/command-line.ts';
import { elfFile } from '../support/elf.ts';
import { configuration, digestOf, layer, saved, tar, zstd } from '../support/image-files.ts';

const DYNAMIC = {
	content: elfFile({ interpreter: '/lib64/ld-linux-x86-64.so.2', libraries: ['libc.so.6'], goVersion: 'go1.26.1', lines: ['path\tx'] }),
	mode: 0o755,
};
const CONFIG = { config: { Entrypoint: ['/app'], User: '65534:65534' }, history: [{ created_by: 'COPY app /app # buildkit' }] };

describe('go-scratch image', function () {
	this.timeout(60_000);
	let directory: string;
	let program: string;

	before(() => {
		directory = mkdtempSync(join(tmpdir(), 'go-scratch-image-test-'));
		program = bundleCommandLine(join(directory, 'product'));
	});

	after(() => rmSync(directory, { recursive: true, force: true }));

	function write(name: string, content: Uint8Array | string): string {
		const file = join(directory, name);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, content);
		return name;
	}

	function run(words: readonly string[], input?: Uint8Array) {
		const env = { ...process.env, GO_SCRATCH_CACHE: 'off', TMPDIR: directory };
		const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'image', ...words], {
			cwd: directory,
			encoding: 'utf8',
			env,
			input,
		});
		return { status, stdout, stderr };
	}

	const FINDING =
		"error dynamic-binary layer 1 (COPY app /app): /app is dynamically linked and needs the loader /lib64/ld-linux-x86-64.so.2, which the image does not have: it fails with 'exec /app: no such file or directory'. Build it with CGO_ENABLED=0, or use a base image with that C library.";

	it('reports what is wrong in a saved image, from a file and from standard input, packed or not', async () => {
		const bytes = await saved([await layer({ app: DYNAMIC }, 'gzip')], CONFIG);
		for (const packed of [
			bytes,
			gzipSync(bytes),
			zstd(bytes),
			Buffer.concat([gzipSync(bytes.subarray(0, 999)), gzipSync(bytes.subarray(999))]),
		]) {
			const { status, stdout, stderr } = run([write('app.tar', packed)]);
			assert.deepEqual([stdout, stderr, status], [`app.tar: ${FINDING}\n1 finding (1 error) in 1 image.\n`, '', 1]);
			assert.equal(run(['-'], packed).stdout, `-: ${FINDING}\n1 finding (1 error) in 1 image.\n`);
		}
	});

	it('reads an OCI layout in a directory, and a root file system, without following links out of it', async () => {
		const one = await layer({ app: DYNAMIC });
		const config = configuration([one], CONFIG);
		const manifest = JSON.stringify({
			config: { digest: `sha256:${digestOf(config)}` },
			layers: [{ digest: `sha256:${digestOf(one.stored)}` }],
		});
		for (const blob of [config, manifest, one.stored]) write(`layout/blobs/sha256/${digestOf(blob)}`, blob);
		write('layout/index.json', JSON.stringify({ manifests: [{ digest: `sha256:${digestOf(manifest)}` }] }));
		assert.equal(run(['layout']).stdout, `layout: ${FINDING}\n1 finding (1 error) in 1 image.\n`);

		write('outside/secret', '#!/bin/sh\n');
		write('root/etc/passwd', 'root:x:0:0::/:\n');
		symlinkSync(join(directory, 'outside'), join(directory, 'root', 'bin'));
		symlinkSync('../../../../../etc/shadow', join(directory, 'root', 'etc', 'shadow'));
		symlinkSync('loop', join(directory, 'root', 'loop'));
		const shown = run(['root', '--show', '--format', 'json']);
		const paths = JSON.parse(shown.stdout).tree.map(({ path, kind }: { path: string; kind: string }) => `${kind} ${path}`);
		assert.deepEqual(paths, ['directory /', 'link /bin', 'directory /etc', 'file /etc/passwd', 'link /etc/shadow', 'link /loop']);
		// What lies elsewhere is no part of an OCI layout either.
		symlinkSync(join(directory, 'layout', 'blobs'), join(directory, 'linked-blobs'));
		write('linked/index.json', JSON.stringify({ manifests: [{ digest: `sha256:${digestOf(manifest)}` }] }));
		symlinkSync(join(directory, 'layout', 'blobs'), join(directory, 'linked', 'blobs'));
		const linked = run(['linked']);
		assert.equal(linked.status, 2);
		assert.match(linked.stderr, /names no image that is there/);
	});

	it('reports each image of several, and those of one platform', async () => {
		const layers = [await layer({ app: DYNAMIC }), await layer({ app: { ...DYNAMIC, mode: 0o755 }, other: 'x' })];
		const texts = layers.map((each, index) => configuration([each], { ...CONFIG, architecture: ['amd64', 'arm64'][index] as string }));
		const blob = (content: string | Uint8Array) => [`blobs/sha256/${digestOf(content)}`, content] as const;
		const manifest = layers.map(({ stored }, index) => ({
			Config: blob(texts[index] as string)[0],
			RepoTags: [`app:${index}`],
			Layers: [blob(stored)[0]],
		}));
		const bytes = await tar([...layers.map(({ stored }) => blob(stored)), ...texts.map(blob), ['manifest.json', JSON.stringify(manifest)]]);
		write('both.tar', bytes);
		const both = run(['both.tar', '--format', 'compact']);
		assert.deepEqual(
			[...both.stdout.matchAll(/^(both\.tar.*): (?:error|warning) ([\w-]+)/gm)].map(([, where, code]) => `${where} ${code}`).sort(),
			[
				'both.tar (app:0 for linux/amd64) dynamic-binary',
				'both.tar (app:1 for linux/arm64) dynamic-binary',
				'both.tar (app:1 for linux/arm64) wrong-platform',
			],
		);
		assert.match(run(['both.tar', '--platform', 'linux/amd64']).stdout, /1 finding \(1 error\) in 1 image/);
		for (const format of ['json', 'html', 'svg']) {
			const shown = run(['both.tar', '--show', '--format', format]);
			assert.equal(shown.stdout, '');
			assert.match(
				shown.stderr,
				/^both\.tar holds 2 images, and \w+ shows one; .*:\n {2}app:0 for linux\/amd64\n {2}app:1 for linux\/arm64\n$/,
			);
			assert.equal(shown.status, 2);
			assert.equal(run(['both.tar', '--show', '--format', format, '--platform', 'linux/arm64']).status, 0);
		}
		assert.equal(run(['both.tar', '--show']).stdout.match(/^Files$/gm)?.length, 2);
		const none = run(['both.tar', '--platform', 'linux/s390x']);
		assert.equal(none.stderr, 'both.tar has no image for linux/s390x; it has linux/amd64, linux/arm64.\n');
		assert.equal(none.status, 2);
	});

	it('says what of the image each finding is of in every report', async () => {
		write('app.tar', await saved([await layer({ app: DYNAMIC })], CONFIG));
		const [finding] = JSON.parse(run(['app.tar', '--format', 'json']).stdout).findings;
		assert.deepEqual(finding.image.layer.instruction, 'COPY app /app');
		assert.deepEqual(
			[finding.file, finding.line, finding.image.name, finding.image.platform, finding.fixes],
			['app.tar', 1, 'app:latest', 'linux/amd64', []],
		);
		const [result] = JSON.parse(run(['app.tar', '--format', 'sarif']).stdout).runs[0].results;
		assert.equal(result.locations[0].logicalLocations[0].fullyQualifiedName, 'layer 1 (COPY app /app)');
		for (const format of ['github', 'gitlab', 'junit', 'markdown'])
			assert.match(run(['app.tar', '--format', format]).stdout, /layer 1/, format);
		assert.equal(run(['app.tar', '--fail-on', 'never']).status, 0);
		assert.equal(run(['app.tar', '--rule', 'dynamic-binary=off']).status, 0);
	});

	it('judges by the source, and says in what it differs', async () => {
		write('source/go.mod', 'module x\n\ngo 1.26\n\nrequire example.com/lib v1.1.0\n');
		write('source/main.go', 'package main\n\nimport "os"\n\nfunc main() { os.CreateTemp("", "x") }\n');
		const names = ['runtime.main', 'main.main', 'os.CreateTemp'];
		const lines = ['path\tx', 'mod\tx\t(devel)', 'dep\texample.com/lib\tv1.0.0'];
		const app = { content: elfFile({ goVersion: 'go1.26.1', lines, names, sections: true }), mode: 0o755 };
		write('app.tar', await saved([await layer({ app })], CONFIG));
		assert.match(run(['app.tar']).stdout, /^app\.tar: information missing-tmp \/app may create temporary files/);
		const { stdout, stderr, status } = run(['app.tar', '--source', 'source']);
		assert.match(stdout, /^app\.tar: error missing-tmp The program creates temporary files \(os\.CreateTemp\)/);
		assert.equal(stderr, 'warning: /app was built with example.com/lib v1.0.0, but go.mod requires v1.1.0.\n');
		assert.equal(status, 1);
	});

	it('ends with 2 and one line where it cannot be read', async () => {
		const bytes = await saved([await layer({ app: DYNAMIC })], CONFIG);
		for (const [words, message] of [
			[['absent.tar'], /^absent\.tar cannot be read: no such file or directory\.\n$/],
			[[write('cut.tar', bytes.subarray(0, 900))], /^cut\.tar is not an image that can be read: the archive is cut off\.\n$/],
			[
				[write('cut.tar.gz', gzipSync(bytes).subarray(0, 300))],
				/^cut\.tar\.gz is not an image that can be read: its gzip data is cut off\.\n$/,
			],
			[[write('bad.tar.gz', Buffer.from(gzipSync(bytes)).fill(0xff, 10, 40))], /its gzip data is damaged/],
			[[write('text', 'FROM scratch\n'.repeat(100))], /it is not a tar archive, or it is damaged/],
			[[], /image requires one file, directory, or -/],
			[['cut.tar', '--source', 'absent'], /.*/],
		] as const) {
			const { status, stdout, stderr } = run(words);
			assert.equal(status, 2, stderr);
			assert.equal(stdout, '');
			assert.match(stderr, message);
			assert.doesNotMatch(stderr, /internal error/);
		}
		const piped = run(['-'], bytes.subarray(0, 900));
		assert.equal(piped.stderr, 'Standard input is not an image that can be read: the archive is cut off.\n');
	});

	it('shows what no terminal obeys of what an image says', async () => {
		const config = {
			config: { Entrypoint: ['/\u001b]0;title\u0007app'], User: 'a\u202eb' },
			history: [{ created_by: 'COPY \u001b[2J /app' }],
		};
		write('app.tar', await saved([await layer({ '\u001b[31mapp': DYNAMIC })], config));
		for (const words of [['app.tar'], ['app.tar', '--show']]) assert.doesNotMatch(run(words).stdout, /(?!\n)[\p{Cc}\p{Cf}]/u);
	});

	it('leaves nothing in the directory for temporary files', async () => {
		write('app.tar', await saved([await layer({ app: DYNAMIC })], CONFIG));
		const temporary = join(directory, 'temporary');
		mkdirSync(temporary);
		const env = { ...process.env, GO_SCRATCH_CACHE: 'off', TMPDIR: temporary };
		spawnSync(process.execPath, [program, 'image', 'app.tar'], { cwd: directory, env });
		assert.equal(spawnSync('ls', ['-A', temporary], { encoding: 'utf8' }).stdout, '');
	});
});
