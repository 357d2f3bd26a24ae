import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { executablePath, MACHINES, type Machine, ownMachine, packageExecutables } from '../../scripts/executable.ts';
import { inProject } from '../../scripts/project.ts';
import { BinaryReader } from '../../server/linked/binary-reader.ts';
import { bytesInMemory } from '../../server/linked/byte-source.ts';
import { readElf } from '../../server/linked/elf.ts';
import { readLoading } from '../../server/linked/loading.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { elfFile } from '../support/elf.ts';
import { layer, saved } from '../support/image-files.ts';

/** What the package libc6 of Debian holds, for both machines, and what libgcc-s1 and libstdc++6 do. */
const LIBRARIES_OF_CC = [
	...['ld-linux-x86-64.so.2', 'ld-linux-aarch64.so.1', 'libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0', 'librt.so.1'],
	...['libgcc_s.so.1', 'libstdc++.so.6'],
];

/** The N of glibc 2.N in Debian 12. */
const GLIBC_OF_DEBIAN_12 = 36;

const DOCKERFILE = 'docker/go-scratch.Dockerfile';

/** Where Debian's libraries for another machine are. */
const LIBRARIES_OF_ARM64 = '/usr/aarch64-linux-gnu';

/** What runs programs of arm64 on another machine, by its absolute path. */
function emulator(): string | undefined {
	const directories = (process.env.PATH ?? '').split(delimiter);
	const paths = ['qemu-aarch64-static', 'qemu-aarch64'].flatMap((name) => directories.map((directory) => join(directory, name)));
	return paths.find((path) => existsSync(path));
}

describe('the executable without Node', function () {
	this.timeout(600_000);
	const machines = Object.keys(MACHINES) as Machine[];

	before(async function () {
		if (ownMachine() === undefined) return void this.skip();
		try {
			await packageExecutables();
		} catch (error) {
			console.log(`      Skipped: the executables could not be made: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
			this.skip();
		}
	});

	/** What a run in the small program of the tests says, with nothing on PATH. */
	function run(program: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
		const { status, stdout, stderr } = spawnSync(program, words, {
			cwd: inProject('test', 'workspaces', 'hello'),
			encoding: 'utf8',
			env: { PATH: '/nonexistent', GO_SCRATCH_CACHE: 'off', ...environment },
		});
		return { status, stdout, stderr };
	}

	it('says what the npm package says, where there is no Node', () => {
		const executable = executablePath(ownMachine() as Machine);
		for (const words of [['check'], ['check', '--format', 'sarif'], ['version'], ['--help'], ['check', '**/Dockerfile'], ['chek']]) {
			const own = run(process.execPath, [inProject('dist', 'cli.cjs'), ...words]);
			assert.deepEqual(run(executable, words), own, words.join(' '));
			assert.notEqual(own.stdout + own.stderr, '');
		}
	});

	it('says the same on arm64', async function () {
		const qemu = emulator();
		const libraries = process.env.QEMU_LD_PREFIX ?? LIBRARIES_OF_ARM64;
		if (ownMachine() !== 'amd64' || qemu === undefined || !existsSync(join(libraries, 'lib', 'libstdc++.so.6'))) {
			console.log('      Skipped: it needs the packages qemu-user and libstdc++6-arm64-cross of Debian, on amd64');
			return this.skip();
		}
		const directory = mkdtempSync(join(tmpdir(), 'go-scratch-executable-'));
		try {
			const image = join(directory, 'app.tar');
			const content = elfFile({
				interpreter: '/lib/ld-linux-aarch64.so.1',
				libraries: ['libc.so.6'],
				goVersion: 'go1.26.1',
				lines: ['path\tx'],
			});
			const config = { architecture: 'arm64', config: { Entrypoint: ['/app'] } };
			writeFileSync(image, await saved([await layer({ app: { content, mode: 0o755 } }, 'gzip')], config));
			for (const words of [['check'], ['show', '--format', 'json'], ['image', image], ['image', '--show', image]]) {
				const emulated = run(qemu, [executablePath('arm64'), ...words], { QEMU_LD_PREFIX: libraries });
				const own = run(executablePath('amd64'), words);
				assert.deepEqual(emulated, own, words.join(' '));
				assert.notEqual(own.stdout, '', own.stderr);
			}
		} finally {
			rmSync(directory, { recursive: true, force: true });
		}
	});

	it('keeps what it has read, also when PATH finds it', () => {
		const directory = mkdtempSync(join(tmpdir(), 'go-scratch-executable-'));
		try {
			writeFileSync(join(directory, 'go.mod'), 'module example.com/app\n\ngo 1.26\n');
			writeFileSync(join(directory, 'main.go'), 'package main\n\nfunc main() {}\n');
			// From so many files on it is worth it.
			for (let count = 0; count < 150; count++) writeFileSync(join(directory, `file${count}.go`), `package main\n\nvar v${count} = 1\n`);
			writeFileSync(join(directory, 'Dockerfile'), 'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\nCMD ["/app"]\n');
			const env = { PATH: inProject('dist'), GO_SCRATCH_CACHE: join(directory, 'cache') };
			const { status, stderr } = spawnSync(basename(executablePath(ownMachine() as Machine)), ['check'], {
				cwd: directory,
				encoding: 'utf8',
				env,
			});
			assert.equal(status, 1, stderr);
			assert.deepEqual(
				readdirSync(join(directory, 'cache')).map((name) => /^go-[0-9a-f]+\.kept$/.test(name)),
				[true],
			);
		} finally {
			rmSync(directory, { recursive: true, force: true });
		}
	});

	it('loads no library that its image lacks, on both machines', async () => {
		const bases = [];
		for (const machine of machines) {
			const elf = await readElf(new BinaryReader(bytesInMemory(readFileSync(executablePath(machine)))));
			assert.ok(typeof elf !== 'string', String(elf));
			const { loading } = await readLoading(elf);
			assert.ok(loading);
			assert.deepEqual(
				loading.libraries.filter((name) => !LIBRARIES_OF_CC.includes(name)),
				[],
			);
			assert.ok(loading.libraries.includes('libstdc++.so.6'), 'FROM scratch would not do');
			assert.ok((loading.glibc ?? 0) <= GLIBC_OF_DEBIAN_12);
			bases.push(loading.interpreter);
		}
		assert.deepEqual(bases, ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1']);
	});

	it('has an image whose start is that file, and in which go-scratch finds nothing', async () => {
		const text = readFileSync(inProject(DOCKERFILE), 'utf8');
		const path = `/w/${DOCKERFILE}`;
		const files = createMemoryFiles({
			[path]: text,
			'/w/.git/HEAD': '',
			'/w/LICENSE': '',
			'/w/dist/go-scratch-linux-amd64': '',
			'/w/dist/go-scratch-linux.LICENSE-of-node.txt': '',
			[`${path}.dockerignore`]: readFileSync(inProject(`${DOCKERFILE}.dockerignore`), 'utf8'),
		});
		const { facts, findings } = await createAnalyser({ files }).analyse({ path, text, root: '/w' });
		assert.deepEqual(findings, []);
		const [target] = facts?.targets ?? [];
		assert.equal(target?.state.user.value.uid, 65534);
		assert.equal(target?.state.base?.libc, 'glibc');
	});
});
