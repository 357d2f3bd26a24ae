import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Files } from '../../server/workspace/files.ts';
import { MAX_TEXT_BYTES } from '../../server/workspace/files.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { createNodeFiles, pathFromNative } from '../../server/workspace/node-files.ts';
import { createOverlayFiles } from '../../server/workspace/overlay-files.ts';
import { dirname, join } from '../../server/workspace/paths.ts';

describe('files', () => {
	let directory: string;
	beforeEach(() => {
		directory = pathFromNative(mkdtempSync(`${tmpdir()}/files-`));
	});
	afterEach(() => rmSync(directory, { recursive: true, force: true }));

	const texts = { 'b.go': 'package b', 'a/x.go': 'package a // ä', 'a/deep/y.go': '', 'nul.bin': 'a\0b' };
	const kinds: readonly [string, () => Files][] = [
		['on disk', () => writeAll(directory, texts)],
		['in memory', () => createMemoryFiles(Object.fromEntries(Object.entries(texts).map(([name, text]) => [join(directory, name), text])))],
	];
	for (const [name, create] of kinds) {
		it(`answers the same for what is ${name}`, async () => {
			const files = create();
			assert.equal(await files.readText(`${directory}/a/x.go`), 'package a // ä');
			assert.equal(await files.readText(`${directory}/a/deep/y.go`), '');
			for (const absent of ['none.go', 'a', 'nul.bin', 'b.go/c']) assert.equal(await files.readText(`${directory}/${absent}`), undefined);
			assert.deepEqual(await files.list(directory), [
				{ name: 'a', kind: 'directory', link: false },
				{ name: 'b.go', kind: 'file', link: false },
				{ name: 'nul.bin', kind: 'file', link: false },
			]);
			assert.equal(await files.list(`${directory}/b.go`), undefined);
			assert.equal(await files.list(`${directory}/none`), undefined);
			assert.equal((await files.status(`${directory}/a/x.go`))?.size, 15);
			assert.equal((await files.status(`${directory}/a`))?.kind, 'directory');
			assert.equal(await files.status(`${directory}/none`), undefined);
		});
	}

	for (const [name, create] of kinds) {
		it(`gives the bytes of what is ${name}, where they are asked for`, async () => {
			for (const files of [create(), createOverlayFiles(create())]) {
				const bytes = (path: string, offset: number, length: number) =>
					files.withBytes?.(`${directory}/${path}`, async (source) => [
						source.size,
						Buffer.from(await source.read(offset, length)).toString(),
					]);
				assert.deepEqual(await bytes('nul.bin', 0, 100), [3, 'a\0b']);
				assert.deepEqual(await bytes('nul.bin', 1, 1), [3, '\0']);
				assert.deepEqual(await bytes('nul.bin', 3, 1), [3, '']);
				for (const absent of ['none', 'a', 'b.go/c']) assert.equal(await bytes(absent, 0, 1), undefined);
			}
		});
	}

	it('follows links, marks them, and leaves out those to nothing', async () => {
		const files = writeAll(directory, texts);
		symlinkSync(`${directory}/a`, `${directory}/link`);
		symlinkSync(`${directory}/none`, `${directory}/dangling`);
		assert.deepEqual(
			(await files.list(directory))?.filter((entry) => entry.link),
			[{ name: 'link', kind: 'directory', link: true }],
		);
	});

	it('gives another version to a file of the same size whose modification time was kept', async () => {
		const files = writeAll(directory, { 'a.go': 'one' });
		utimesSync(`${directory}/a.go`, 1, 1);
		const before = await files.status(`${directory}/a.go`);
		await new Promise((resolve) => setTimeout(resolve, 20));
		writeFileSync(`${directory}/a.go`, 'two');
		utimesSync(`${directory}/a.go`, 1, 1);
		assert.notEqual((await files.status(`${directory}/a.go`))?.version, before?.version);
	});

	it('does not wait for what is no regular file, nor read what is too large', async function () {
		if (process.platform === 'win32') this.skip();
		const files = writeAll(directory, { large: 'x'.repeat(MAX_TEXT_BYTES + 1) });
		execFileSync('mkfifo', [`${directory}/pipe`]);
		assert.equal(await files.readText(`${directory}/pipe`), undefined);
		assert.equal(await files.readText(`${directory}/large`), undefined);
		assert.equal(await files.status(`${directory}/pipe`), undefined);
	});

	it('answers more questions at once than there may be open files', async () => {
		const files = writeAll(directory, { 'a.go': 'one' });
		const answers = await Promise.all(Array.from({ length: 5000 }, () => files.readText(`${directory}/a.go`)));
		assert.ok(answers.every((answer) => answer === 'one'));
	});

	it('shows what was written to and removed from memory', async () => {
		const files = createMemoryFiles({ '/w/a.go': 'one', '/w/empty/': '' });
		const before = await files.status('/w/a.go');
		files.write('/w/a.go', 'two');
		assert.equal(await files.readText('/w/a.go'), 'two');
		assert.notEqual((await files.status('/w/a.go'))?.version, before?.version);
		assert.deepEqual(await files.list('/w/empty'), []);
		files.remove('/w');
		assert.equal(await files.readText('/w/a.go'), undefined);
		assert.deepEqual(await files.list('/'), []);
	});

	it('does not take an unsaved text for all that a directory holds which cannot be read', async () => {
		const files = createOverlayFiles(createMemoryFiles());
		files.open('/w/Dockerfile', 'FROM scratch', 1);
		assert.equal(await files.readText('/w/Dockerfile'), 'FROM scratch');
		assert.equal(await files.list('/w'), undefined);
	});

	it('lays unsaved texts over what is saved', async () => {
		const files = createOverlayFiles(createMemoryFiles({ '/w/a.go': 'saved' }));
		const saved = await files.status('/w/a.go');
		files.open('/w/a.go', 'typed', 1);
		files.open('/w/new.go', 'new', 1);
		assert.equal(await files.readText('/w/a.go'), 'typed');
		assert.notEqual((await files.status('/w/a.go'))?.version, saved?.version);
		assert.deepEqual(
			(await files.list('/w'))?.map((entry) => entry.name),
			['a.go', 'new.go'],
		);
		files.close('/w/a.go');
		files.close('/w/new.go');
		assert.equal(await files.readText('/w/a.go'), 'saved');
		assert.deepEqual(await files.status('/w/a.go'), saved);
		assert.equal(await files.readText('/w/new.go'), undefined);
	});
});

function writeAll(directory: string, texts: Readonly<Record<string, string>>): Files {
	for (const [name, text] of Object.entries(texts)) {
		mkdirSync(dirname(join(directory, name)), { recursive: true });
		writeFileSync(join(directory, name), text);
	}
	return createNodeFiles();
}
