import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { restorePrograms } from '../../server/program/kept/kept-programs.ts';
import type { Program } from '../../server/program/model.ts';
import { createProgramReader } from '../../server/program/program.ts';
import { createSourceCache } from '../../server/program/source-cache.ts';
import { fingerprint } from '../../server/text/fingerprint.ts';
import type { Archive } from '../../server/workspace/archive.ts';
import type { Files } from '../../server/workspace/files.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { createNodeArchive } from '../../server/workspace/node-archive.ts';
import { createOverlayFiles } from '../../server/workspace/overlay-files.ts';

const MODULES = 30;
const FILES = 5;

/** A program of many modules, the last of which asks for a page over TLS. */
function workspace(more: Readonly<Record<string, string>> = {}): Record<string, string> {
	const numbers = Array.from({ length: MODULES }, (_, number) => number);
	const texts: Record<string, string> = {
		'/w/go.mod': `module example.com/w\ngo 1.22\nrequire (\n${numbers.map((number) => `example.com/m${number} v1.0.0`).join('\n')}\n)\n`,
		'/w/main.go': `package main\n\nimport "example.com/m0"\n\nfunc main() { m0.Do("x") }\n`,
	};
	for (const number of numbers) {
		const last = number === MODULES - 1;
		const next = `m${number + 1}`;
		const directory = `/cache/example.com/m${number}@v1.0.0`;
		texts[`${directory}/a.go`] = last
			? 'package m29\n\nimport "net/http"\n\nconst scheme = "https"\n\nfunc Do(s string) {\n\taddress := scheme + "://" + s\n\thttp.Get(address)\n}\n'
			: `package m${number}\n\nimport "example.com/${next}"\n\nfunc Do(s string) {\n\t${next}.Do(s)\n}\n`;
		for (let file = 1; file < FILES; file++)
			texts[`${directory}/f${file}.go`] = `package m${number}\n\nfunc unused${file}() {\n\tpanic("")\n}\n`;
	}
	return { ...texts, ...more };
}

function memoryArchive(): Archive & { readonly contents: Map<string, Uint8Array> } {
	const contents = new Map<string, Uint8Array>();
	return {
		contents,
		read: (name) => contents.get(name),
		write: (name, content) => void contents.set(name, content),
		forget: (name) => void contents.delete(name),
	};
}

interface Reading {
	/** A directory whose files are others than those of the same names before. */
	readonly downloadedAnew?: string;
	/** What the command builds; `.` unless told. */
	readonly packages?: readonly string[];
	/** The workspace. */
	readonly root?: string;
	/** Files that an editor holds, unsaved. */
	readonly unsaved?: Readonly<Record<string, string>>;
}

/** Reads the program as a process of its own would, and says which files were read for it: those of modules as often as they were, those of the workspace once each. */
async function readOnce(
	texts: Readonly<Record<string, string>>,
	archive: Archive | undefined,
	{ downloadedAnew, packages = ['.'], root = '/w', unsaved = {} }: Reading = {},
) {
	const memory = createMemoryFiles(texts);
	const modulesRead: string[] = [];
	const ownRead = new Set<string>();
	const base: Files = {
		...memory,
		readText(path) {
			if (path.startsWith('/cache/')) modulesRead.push(path);
			else ownRead.add(path);
			return memory.readText(path);
		},
		async status(path) {
			const status = await memory.status(path);
			if (status === undefined) return undefined;
			// As on disk, a text's version is its own, whoever reads it.
			const text = await memory.readText(path);
			const anew = downloadedAnew !== undefined && `${path}/`.startsWith(`${downloadedAnew}/`);
			return { ...status, version: `${anew ? 'anew' : ''}${fingerprint(text ?? '')}` };
		},
	};
	const files = createOverlayFiles(base);
	for (const [path, text] of Object.entries(unsaved)) files.open(path, text, 1);
	const reader = createProgramReader(files, { moduleCaches: ['/cache'], goroot: undefined, gopath: [] }, archive);
	const request = { directory: root, packages, goos: 'linux', goarch: 'amd64', tags: [], cgo: true, goMinor: 22, mod: undefined };
	const workspace = { root, modules: [], works: [], mainPackages: undefined, complete: false };
	const program = plain(await reader.readProgram(workspace, request));
	await reader.keep();
	return { program, modulesRead, ownRead };
}

/** The program without what JSON does not tell apart: sets from lists, and `undefined` from nothing. */
function plain(program: Program): Program {
	return JSON.parse(JSON.stringify(program, (_, value) => (value instanceof Set ? [...value].sort() : value)));
}

describe('what an earlier process read of a program', () => {
	it('is taken from the archive, and says the same', async () => {
		const archive = memoryArchive();
		const first = await readOnce(workspace(), archive);
		assert.equal(first.modulesRead.length, 2 * MODULES * FILES, 'once for its imports, once for what it does');
		assert.deepEqual(
			first.program.evidence.map(({ need, path }) => [need, path]),
			[['certificate-roots', '/cache/example.com/m29@v1.0.0/a.go']],
		);
		const second = await readOnce(workspace(), archive);
		assert.deepEqual(second.modulesRead, []);
		assert.ok(!second.ownRead.has('/w/main.go'));
		assert.deepEqual(second.program, first.program);
	});

	it('is taken from the disk, and says the same', async () => {
		const cache = mkdtempSync(path.join(tmpdir(), 'go-scratch-'));
		try {
			const archive = createNodeArchive({ GO_SCRATCH_CACHE: cache }, process.execPath, assert.fail);
			assert.ok(archive);
			const first = await readOnce(workspace(), archive);
			const second = await readOnce(workspace(), archive);
			assert.deepEqual(second.modulesRead, []);
			assert.deepEqual(second.program, first.program);
		} finally {
			rmSync(cache, { recursive: true });
		}
	});

	for (const [what, texts, reading] of [
		['a file of the workspace', { '/w/main.go': 'package main\n\nimport _ "example.com/m0"\n\nfunc main() {\n}\n' }, {}],
		['a file that comes', { '/w/more.go': 'package main\n\nimport "os/exec"\n\nfunc init() {\n\texec.Command("git")\n}\n' }, {}],
		['go.mod', { '/w/go.mod': 'module example.com/w\n\ngo 1.22\n' }, {}],
		['a go.work above', { '/go.work': 'go 1.22\n\nuse ./w\n' }, {}],
		['an unsaved text', {}, { unsaved: { '/w/main.go': 'package main\n\nfunc main() {\n}\n' } }],
		['an unsaved file', {}, { unsaved: { '/w/new.go': 'package main\n\nimport "os/exec"\n\nvar _ = exec.Command("git")\n' } }],
		['a module', {}, { downloadedAnew: '/cache/example.com/m3@v1.0.0' }],
		['the packages that are built', { '/w/cmd/b/main.go': 'package main\n\nfunc main() {\n}\n' }, { packages: ['./cmd/b'] }],
	] as const) {
		it(`does not stand for another program: ${what}`, async () => {
			const archive = memoryArchive();
			await readOnce(workspace(), archive);
			const { program } = await readOnce(workspace(texts), archive, reading);
			assert.deepEqual(program, (await readOnce(workspace(texts), undefined, reading)).program);
			// Nor does what that process kept stand for the first one.
			assert.deepEqual((await readOnce(workspace(), archive)).program, (await readOnce(workspace(), undefined)).program);
		});
	}

	it('stands where nothing came that a build takes', async () => {
		const archive = memoryArchive();
		await readOnce(workspace(), archive);
		const more = { '/another/file.go': 'package another\n', '/w/README.md': 'More.\n', '/w/main_test.go': 'package main\n' };
		assert.ok(!(await readOnce(workspace(more), archive)).ownRead.has('/w/main.go'));
	});

	it('does not stand for a program whose modules are downloaded since', async () => {
		const archive = memoryArchive();
		const whole = workspace();
		const partly = Object.fromEntries(Object.entries(whole).filter(([path]) => !path.startsWith('/cache/example.com/m29@')));
		assert.deepEqual((await readOnce(partly, archive)).program.unread, ['example.com/m29@v1.0.0']);
		assert.deepEqual((await readOnce(whole, archive)).program, (await readOnce(whole, undefined)).program);
	});

	it('takes no file of the workspace for one that never changes, even in a module cache', async () => {
		const archive = memoryArchive();
		const moved = (texts: Readonly<Record<string, string>>) =>
			Object.fromEntries(Object.entries(texts).map(([path, text]) => [path.replace(/^\/w\//, '/cache/example.com/w@v1.0.0/'), text]));
		const root = '/cache/example.com/w@v1.0.0';
		await readOnce(moved(workspace()), archive, { root });
		const texts = moved(workspace({ '/w/main.go': 'package main\n\nfunc main() {\n}\n' }));
		assert.deepEqual((await readOnce(texts, archive, { root })).program, (await readOnce(texts, undefined, { root })).program);
	});

	it('holds programs that several processes read', async () => {
		const archive = memoryArchive();
		const texts = workspace({ '/w/cmd/b/main.go': 'package main\n\nimport "example.com/m0"\n\nfunc main() { m0.Do("b") }\n' });
		await readOnce(texts, archive);
		await readOnce(texts, archive, { packages: ['./cmd/b'] });
		for (const packages of [['.'], ['./cmd/b']]) {
			const { program, ownRead } = await readOnce(texts, archive, { packages });
			assert.ok(![...ownRead].some((path) => path.endsWith('.go')));
			assert.deepEqual(program, (await readOnce(texts, undefined, { packages })).program);
		}
		const changed = { ...texts, '/w/main.go': 'package main\n\nfunc main() {\n}\n' };
		assert.equal((await readOnce(changed, archive)).program.evidence.length, 0);
	});

	it('does not count for what changed since', async () => {
		const archive = memoryArchive();
		await readOnce(workspace(), archive);
		const own = {
			'/w/main.go':
				'package main\n\nimport (\n\t"example.com/m0"\n\t"os/exec"\n)\n\nfunc main() {\n\texec.Command("git")\n\tm0.Do("x")\n}\n',
		};
		assert.deepEqual((await readOnce(workspace(own), archive)).program, (await readOnce(workspace(own), undefined)).program);
		const module = '/cache/example.com/m29@v1.0.0';
		const emptied = workspace({ [`${module}/a.go`]: 'package m29\n\nfunc Do(s string) {\n}\n' });
		assert.deepEqual((await readOnce(emptied, archive, { downloadedAnew: module })).program.evidence, []);
	});

	/** Reads the program with `content` in place of an entry, and again: nothing is different, and the entry is as it was before. */
	async function heals(name: string, content: Uint8Array, what: string): Promise<void> {
		const archive = memoryArchive();
		const { program } = await readOnce(workspace(), archive);
		const whole = archive.contents.get(name);
		assert.ok(whole);
		archive.contents.set(name, content);
		assert.deepEqual((await readOnce(workspace(), archive)).program, program, what);
		assert.notDeepEqual(archive.contents.get(name), content, what);
		assert.deepEqual((await readOnce(workspace(), archive)).program, program, what);
	}

	const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

	/** The value with each of its parts, down to a depth, replaced by something of another shape. */
	function* otherShapes(value: unknown, depth: number): Generator<unknown> {
		const kind = (each: unknown) => (Array.isArray(each) ? 'list' : typeof each);
		for (const other of [5, {}, [], 'text', true]) if (value !== null && kind(other) !== kind(value)) yield other;
		if (depth === 0 || typeof value !== 'object' || value === null) return;
		if (Array.isArray(value)) {
			// Lists hold the same kind of thing many times.
			for (const at of new Set([0, value.length - 1])) {
				if (at in value) for (const other of otherShapes(value[at], depth - 1)) yield value.with(at, other);
			}
			return;
		}
		for (const [name, part] of Object.entries(value)) for (const other of otherShapes(part, depth - 1)) yield { ...value, [name]: other };
	}

	it('does no harm where it is cut off', async () => {
		const archive = memoryArchive();
		await readOnce(workspace(), archive);
		for (const [name, content] of archive.contents) {
			for (const length of [0, 1, 7, 8, 100, content.length >> 1, content.length - 1])
				await heals(name, content.slice(0, length), `${name} cut at ${length}`);
		}
	});

	it('does no harm where it is something else', async () => {
		const archive = memoryArchive();
		await readOnce(workspace(), archive);
		for (const name of archive.contents.keys()) {
			for (const other of [{}, [], 5, null, 'text', { inputs: {}, programs: [] }, { modules: [], directories: [], files: [] }])
				await heals(name, encode(other), `${name} is ${JSON.stringify(other)}`);
		}
	});

	/** What is kept, under a name that begins so. */
	async function keptAs(beginning: string): Promise<readonly [name: string, content: Uint8Array]> {
		const archive = memoryArchive();
		await readOnce(workspace(), archive);
		const found = [...archive.contents].find(([name]) => name.startsWith(beginning));
		assert.ok(found);
		return found;
	}

	it('takes no programs of which a part is something else', async () => {
		const [name, content] = await keptAs('programs:');
		const kept = JSON.parse(new TextDecoder().decode(content)) as object;
		const restore = async (changed: Uint8Array) => {
			const archive = memoryArchive();
			archive.write(name, changed);
			// Without files everything is another, so that only the shape is looked at.
			const cache = createSourceCache(createMemoryFiles({}));
			return { found: await restorePrograms(cache, archive, name), isThere: archive.contents.has(name) };
		};
		assert.deepEqual(await restore(content), { found: undefined, isThere: true });
		let count = 0;
		for (const other of otherShapes(kept, 6)) {
			assert.deepEqual(await restore(encode(other)), { found: undefined, isThere: false }, JSON.stringify(other));
			count++;
		}
		assert.ok(count > 200);
	});
});
