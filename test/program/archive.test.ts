import assert from 'node:assert/strict';
import { createProgramReader } from '../../server/program/program.ts';
import type { Archive } from '../../server/workspace/archive.ts';
import type { Files } from '../../server/workspace/files.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

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

/** Reads the program as a process of its own would, and says which files of modules were read for it. */
async function readOnce(texts: Readonly<Record<string, string>>, archive: Archive | undefined, downloadedAnew?: string) {
	const memory = createMemoryFiles(texts);
	const modulesRead = new Set<string>();
	const files: Files = {
		...memory,
		readText(path) {
			if (path.startsWith('/cache/')) modulesRead.add(path);
			return memory.readText(path);
		},
		async status(path) {
			const status = await memory.status(path);
			return downloadedAnew !== undefined && `${path}/`.startsWith(`${downloadedAnew}/`) && status !== undefined
				? { ...status, version: 'another' }
				: status;
		},
	};
	const reader = createProgramReader(files, { moduleCaches: ['/cache'], goroot: undefined, gopath: [] }, archive);
	const request = { directory: '/w', packages: ['.'], goos: 'linux', goarch: 'amd64', tags: [], cgo: true, goMinor: 22, mod: undefined };
	const program = await reader.readProgram(await reader.readWorkspace('/w'), request);
	await reader.keep();
	return { program, modulesRead };
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
		assert.deepEqual(second.program, first.program);
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
		assert.deepEqual((await readOnce(emptied, archive, module)).program.evidence, []);
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
