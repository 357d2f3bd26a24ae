import assert from 'node:assert/strict';
import type { Program } from '../../server/program/model.ts';
import { createProgramReader } from '../../server/program/program.ts';
import { fingerprint } from '../../server/text/fingerprint.ts';
import type { Archive } from '../../server/workspace/archive.ts';
import type { Files } from '../../server/workspace/files.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
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
	return { contents, read: (name) => contents.get(name), write: (name, content) => void contents.set(name, content) };
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

/** Reads the program as a process of its own would, and says which files were read for it, in the workspace and of modules. */
async function readOnce(
	texts: Readonly<Record<string, string>>,
	archive: Archive | undefined,
	{ downloadedAnew, packages = ['.'], root = '/w', unsaved = {} }: Reading = {},
) {
	const memory = createMemoryFiles(texts);
	const modulesRead = new Set<string>();
	const ownRead = new Set<string>();
	const base: Files = {
		...memory,
		readText(path) {
			(path.startsWith('/cache/') ? modulesRead : ownRead).add(path);
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
		assert.equal(first.modulesRead.size, MODULES * FILES);
		assert.deepEqual(
			first.program.evidence.map(({ need, path }) => [need, path]),
			[['certificate-roots', '/cache/example.com/m29@v1.0.0/a.go']],
		);
		const second = await readOnce(workspace(), archive);
		assert.equal(second.modulesRead.size, 0);
		assert.ok(!second.ownRead.has('/w/main.go'));
		assert.deepEqual(second.program, first.program);
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

	it('is enough where the program now reaches what it did not', async () => {
		const archive = memoryArchive();
		const idle = { '/w/main.go': 'package main\n\nimport _ "example.com/m0"\n\nfunc main() {\n}\n' };
		assert.deepEqual((await readOnce(workspace(idle), archive)).program.evidence, []);
		const { program, modulesRead } = await readOnce(workspace(), archive);
		assert.deepEqual(program.evidence, (await readOnce(workspace(), undefined)).program.evidence);
		assert.equal(program.evidence.length, 1);
		assert.deepEqual(modulesRead.size, MODULES, 'only the functions that are reached now are read');
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

	it('does no harm where it is damaged', async () => {
		const archive = memoryArchive();
		const { program } = await readOnce(workspace(), archive);
		const whole = new Map(archive.contents);
		for (const [name, content] of whole) {
			for (const length of [0, 1, 7, 8, 100, content.length >> 1, content.length - 1]) {
				archive.contents.set(name, content.slice(0, length));
				assert.deepEqual((await readOnce(workspace(), archive)).program, program, `${name} cut at ${length}`);
				for (const [each, before] of whole) archive.contents.set(each, before);
			}
		}
	});
});
