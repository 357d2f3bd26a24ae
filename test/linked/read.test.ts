import assert from 'node:assert/strict';
import { bytesInMemory } from '../../server/linked/byte-source.ts';
import type { LinkedProgram } from '../../server/linked/model.ts';
import { readLinkedFile } from '../../server/linked/read.ts';
import { type ElfOptions, elfFile } from '../support/elf.ts';

const read = (bytes: Uint8Array) => readLinkedFile(bytesInMemory(bytes));

async function program(options: ElfOptions): Promise<LinkedProgram> {
	const found = await read(elfFile(options));
	assert.equal(found.kind, 'program', JSON.stringify(found));
	return found as LinkedProgram;
}

const CORE = ['', 'runtime.main', 'main.main'];
const GO: ElfOptions = { goVersion: 'go1.26.0', lines: ['path\texample.org/app'], names: CORE };
const withNames = (...names: readonly string[]): ElfOptions => ({ ...GO, names: [...CORE, ...names] });

describe('a linked program', () => {
	it('is of the architecture that its header names, in Go’s words', async () => {
		const machines: readonly [string, ElfOptions][] = [
			['amd64', { machine: 62 }],
			['arm64', { machine: 183 }],
			['386', { machine: 3, bits: 32 }],
			['arm', { machine: 40, bits: 32 }],
			['riscv64', { machine: 243 }],
			['ppc64le', { machine: 21 }],
			['ppc64', { machine: 21, bigEndian: true }],
			['s390x', { machine: 22, bigEndian: true }],
			['mips', { machine: 8, bits: 32, bigEndian: true }],
			['mips64le', { machine: 8 }],
			['loong64', { machine: 258 }],
		];
		for (const [goarch, options] of machines) assert.equal((await program(options)).goarch, goarch);
		assert.equal((await program({ machine: 2, bigEndian: true })).goarch, undefined, 'SPARC is not one of Go’s');
	});

	it('can be started if it is a program, also a position-independent one', async () => {
		assert.equal((await program({ type: 2 })).executable, true);
		assert.equal((await program({ type: 3, interpreter: '/lib64/ld-linux-x86-64.so.2' })).executable, true);
		assert.equal((await program({ type: 3, flags1: 0x08000000 })).executable, true, 'static, by the flag of the linker');
		assert.equal((await program({ type: 3, libraries: ['libc.so.6'] })).executable, false, 'a library');
		assert.equal((await program({ type: 1 })).executable, false, 'an object file');
	});

	for (const bits of [32, 64] as const) {
		for (const bigEndian of [false, true]) {
			for (const sections of [false, true]) {
				const format = `${bits} bits, ${bigEndian ? 'big' : 'little'}-endian, ${sections ? 'with' : 'without'} section headers`;
				it(`says what it loads, and what it was built of (${format})`, async () => {
					const found = await program({
						...{ bits, bigEndian, sections },
						...withNames('time.LoadLocation'),
						interpreter: '/lib/ld-linux.so.2',
						libraries: ['libc.so.6', 'libz.so.1'],
						runPath: '$ORIGIN/lib:/opt/lib',
						versions: { 'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.34', 'GLIBC_2.38?'], 'libz.so.1': ['ZLIB_1.2.9'] },
					});
					assert.deepEqual(found.loading, {
						interpreter: '/lib/ld-linux.so.2',
						libraries: ['libc.so.6', 'libz.so.1'],
						runPaths: ['$ORIGIN/lib', '/opt/lib'],
						versions: [
							{ library: 'libc.so.6', name: 'GLIBC_2.2.5', weak: false },
							{ library: 'libc.so.6', name: 'GLIBC_2.34', weak: false },
							{ library: 'libc.so.6', name: 'GLIBC_2.38', weak: true },
							{ library: 'libz.so.1', name: 'ZLIB_1.2.9', weak: false },
						],
						glibc: 34,
					});
					assert.equal(found.build?.mainPackage, 'example.org/app');
					assert.deepEqual([...(found.needs?.may ?? [])], [['zone-data', ['time.LoadLocation']]]);
					assert.deepEqual(found.unread, []);
				});
			}
		}
	}

	it('that is static loads nothing', async () => {
		const nothing = { interpreter: undefined, libraries: [], runPaths: [], versions: [], glibc: undefined };
		assert.deepEqual((await program(GO)).loading, nothing);
	});

	for (const byPointer of [false, true]) {
		it(`has build information ${byPointer ? 'by address, as before Go 1.18' : 'inline'}`, async () => {
			const { build, goarm } = await program({
				byPointer,
				goVersion: 'go1.17.13',
				lines: [
					'path\texample.org/app/cmd/app',
					'mod\texample.org/app\t(devel)\t',
					'dep\texample.org/a\tv1.0.0\th1:AAAA=',
					'=>\t./a\tv0.0.0\t',
					'dep\texample.org/b\tv2.0.0+incompatible\th1:BBBB=',
					'build\tCGO_ENABLED=0',
					'build\tGOARM=7',
					'build\t-tags=a,b',
					'build\t-ldflags="-X \'main.name=\\u00fc \\"x\\"\\n\' -s"',
					'build\t`a b`=c=d',
					'what is not known',
				],
			});
			assert.deepEqual(build, {
				goVersion: 'go1.17.13',
				mainPackage: 'example.org/app/cmd/app',
				mainModule: { path: 'example.org/app', version: '(devel)', replacedBy: undefined },
				modules: [
					{
						path: 'example.org/a',
						version: 'v1.0.0',
						replacedBy: { path: './a', version: 'v0.0.0', replacedBy: undefined },
					},
					{ path: 'example.org/b', version: 'v2.0.0+incompatible', replacedBy: undefined },
				],
				settings: new Map([
					['CGO_ENABLED', '0'],
					['GOARM', '7'],
					['-tags', 'a,b'],
					['-ldflags', '-X \'main.name=\u00fc "x"\n\' -s'],
					['a b', 'c=d'],
				]),
			});
			assert.equal(goarm, '7');
		});
	}

	it('has build information although it names no modules', async () => {
		const { build } = await program({ goVersion: 'go1.26.0' });
		assert.deepEqual(build, { goVersion: 'go1.26.0', mainPackage: undefined, mainModule: undefined, modules: [], settings: new Map() });
	});

	for (const [go, tableMagic] of [
		['1.16', 0xfffffffa],
		['1.18', 0xfffffff0],
		['1.20', 0xfffffff1],
	] as const) {
		it(`has the names of functions that Go ${go} writes`, async () => {
			for (const sections of [true, false]) {
				const { needs } = await program({ ...withNames('os/user.Lookup'), tableMagic, sections });
				assert.deepEqual([...(needs?.may.keys() ?? [])], ['user-database']);
			}
		});
	}

	it('needs what its functions are for, perhaps', async () => {
		const { needs } = await program(
			withNames('net/http.(*Client).do', 'example.org/db.(*conn).startTLS', 'os.TempDir', 'os/exec.Command', 'net.Listen'),
		);
		assert.deepEqual(Object.fromEntries(needs?.may ?? []), {
			'certificate-roots': ['example.org/db.(*conn).startTLS', 'net/http.(*Client).do'],
			'temporary-directory': ['os.TempDir'],
			executable: ['os/exec.Command'],
			listener: ['net.Listen'],
		});
		assert.deepEqual([...(needs?.without ?? [])], ['zone-data', 'user-database']);
	});

	it('surely does not need what none of its functions is for', async () => {
		const { needs } = await program(GO);
		assert.deepEqual(
			[...(needs?.without ?? [])],
			['certificate-roots', 'zone-data', 'temporary-directory', 'user-database', 'executable', 'listener'],
		);
		assert.equal(needs?.may.size, 0);
		assert.equal(needs?.foreign, false);
	});

	it('may or may not need what it can do in another way', async () => {
		const { needs } = await program(withNames('crypto/x509.loadSystemRoots', 'os.OpenFile', 'syscall.Listen'));
		assert.deepEqual([...(needs?.without ?? [])], ['zone-data', 'user-database', 'executable']);
		assert.equal(needs?.may.size, 0);
	});

	it('brings along what it embeds', async () => {
		const { needs } = await program(withNames('time/tzdata.init.0', 'github.com/certifi/gocertifi.CACerts', 'time/tzdatax.init'));
		assert.deepEqual([...(needs?.embedded ?? [])], ['zone-data', 'certificate-roots']);
	});

	it('is told from one with C code or plugins, of which names say nothing', async () => {
		for (const name of ['net._C2func_getaddrinfo', 'os/user._Cfunc_mygetpwuid_r', 'runtime/cgo.init']) {
			assert.equal((await program(withNames(name))).needs?.foreign, false, name);
		}
		for (const name of ['main._Cfunc_puts', 'github.com/mattn/go-sqlite3._Cfunc_sqlite3_open', 'plugin.open']) {
			assert.equal((await program(withNames(name))).needs?.foreign, true, name);
		}
	});
});

describe('a file of which something is not known', () => {
	it('is not a program', async () => {
		const text = (value: string) => read(Buffer.from(value, 'latin1'));
		assert.deepEqual(await text(''), { kind: 'unknown', why: 'no-program', format: undefined });
		assert.deepEqual(await text('\x1f\x8b\x08'), { kind: 'unknown', why: 'no-program', format: undefined });
		assert.deepEqual(await text('#!/bin/sh\n'), { kind: 'unknown', why: 'no-program', format: 'script' });
	});

	it('is a program for another system', async () => {
		const text = (value: string) => read(Buffer.from(value, 'latin1'));
		assert.deepEqual(await text('MZ\x90\0'), { kind: 'unknown', why: 'foreign', format: 'PE' });
		assert.deepEqual(await text('\xcf\xfa\xed\xfe\x07\0\0\x01'), { kind: 'unknown', why: 'foreign', format: 'Mach-O' });
		assert.deepEqual(await text('\xca\xfe\xba\xbe\0\0\0\x02'), { kind: 'unknown', why: 'foreign', format: 'Mach-O' });
		assert.deepEqual(
			await text('\xca\xfe\xba\xbe\0\0\0\x41'),
			{ kind: 'unknown', why: 'no-program', format: undefined },
			'a class of Java',
		);
		assert.deepEqual(await text('\0asm\x01\0\0\0'), { kind: 'unknown', why: 'foreign', format: 'WebAssembly' });
		assert.deepEqual(await read(elfFile({ system: 9 })), { kind: 'unknown', why: 'foreign', format: 'ELF for freebsd' });
		const illumos = elfFile({ goVersion: 'go1.26.0', lines: ['build\tGOOS=illumos'] });
		assert.deepEqual(await read(illumos), { kind: 'unknown', why: 'foreign', format: 'ELF for illumos' });
	});

	it('is cut off anywhere', async () => {
		const whole = elfFile({ ...GO, interpreter: '/lib/ld', libraries: ['libc.so.6'], versions: { 'libc.so.6': ['GLIBC_2.34'] } });
		for (let length = 4; length < whole.length; length++) {
			const found = await read(whole.subarray(0, length));
			// Section headers come last, and nothing depends on them.
			if (found.kind === 'unknown') assert.equal(found.why, 'broken');
			else assert.deepEqual(found, await read(whole), `${length} of ${whole.length} bytes`);
		}
		const { size } = bytesInMemory(whole);
		assert.deepEqual(await read(whole.subarray(0, 300)), {
			kind: 'unknown',
			why: 'broken',
			format: `it ends at byte 300 of ${new DataView(whole.buffer).getUint32(64 + 32, true)}`,
		});
		assert.ok(size > 300);
	});

	it('is packed: of it only the architecture is known', async () => {
		const packed = await program({ ...GO, machine: 183, afterHeaders: '\0\0\0\0UPX!\x0d\x24' });
		assert.deepEqual(packed, {
			kind: 'program',
			goarch: 'arm64',
			executable: true,
			goarm: undefined,
			packedBy: 'UPX',
			loading: undefined,
			build: undefined,
			sources: [],
			needs: undefined,
			unread: [],
		});
	});

	it('has the files of a main package that was named by them', async () => {
		const files = ['/build/cmd/api/main.go', '/go/pkg/mod/example.org/lib@v1.0.0/lib.go', '/build/cmd/api/zone.s', '<autogenerated>'];
		const named = { ...GO, lines: ['path\tcommand-line-arguments'], files };
		for (const tableMagic of [0xfffffff1, 0xfffffff0, 0xfffffffa]) {
			assert.deepEqual((await program({ ...named, tableMagic })).sources, ['/build/cmd/api/main.go']);
		}
		assert.deepEqual((await program({ ...GO, files })).sources, [], 'the package has a path');
	});

	it('has names of functions that bound nothing', async () => {
		const unread = async (options: ElfOptions) => {
			const found = await program({ ...GO, ...options });
			assert.equal(found.needs, undefined);
			return found.unread;
		};
		assert.deepEqual(await unread({ names: ['runtime.main', 'x7Gd.main'] }), ['function names: they have been changed']);
		assert.deepEqual(await unread({ goVersion: 'unknown' }), ['function names: they may have been changed']);
		assert.deepEqual(await unread({ tableMagic: 0xfffffffb }), ['function names: the table is of Go 1.15 or older']);
		assert.deepEqual(await unread({ tableMagic: 0x12345678 }), ['function names: the table is not of a version that is known']);
		assert.deepEqual(await unread({ libraries: ['libstd.so', 'libc.so.6'] }), ['function names: they are not all in this file']);
		assert.deepEqual(await unread({ goVersion: 'go1.26.0', names: undefined as never }), ['function names: there is no table']);
	});

	it('has two tables of names, and no section says which is its own', async () => {
		const names = { ...GO, sections: false };
		const inner = Buffer.from(elfFile(withNames('os.TempDir'))).toString('latin1');
		const found = await program({ ...names, afterHeaders: `${'\0'.repeat(200)}${inner}` });
		assert.deepEqual(found.unread, ['function names: there are several tables']);
		assert.notEqual((await program({ ...GO, afterHeaders: `${'\0'.repeat(200)}${inner}` })).needs, undefined);
	});

	it('has no end of versions, or a name without one', async () => {
		const options = { libraries: ['libc.so.6'], versions: { 'libc.so.6': ['GLIBC_2.34', 'GLIBC_2.2.5'] } };
		const bytes = elfFile(options);
		// The distance from the first version to the next becomes zero times two: it comes back to itself as often as is said.
		const at = Buffer.from(bytes).indexOf(Buffer.from([0, 0, 2, 0]));
		assert.ok(at > 0);
		const view = new DataView(bytes.buffer);
		const versionAt = Buffer.from(bytes).indexOf(Buffer.from([1, 0, 2, 0]));
		assert.ok(versionAt > 0, 'the entry of libc.so.6, with two versions');
		view.setUint16(versionAt + 2, 0xffff, true);
		view.setUint32(versionAt + 16 + 12, 0xfffffff0, true);
		const found = (await read(bytes)) as LinkedProgram;
		assert.equal(found.loading, undefined);
		assert.deepEqual(found.unread, ['dynamic section: a name or a version is cut off']);
	});
});

describe('reading a large program', () => {
	it('reads little of it, a piece at a time', async () => {
		const whole = elfFile(withNames('time.LoadLocation'));
		const size = 200 * 1024 * 1024;
		let most = 0;
		let total = 0;
		const found = await readLinkedFile({
			size,
			read: async (offset, length) => {
				most = Math.max(most, length);
				total += length;
				const bytes = new Uint8Array(Math.min(length, size - offset));
				bytes.set(whole.subarray(Math.min(offset, whole.length), Math.min(offset + length, whole.length)));
				return bytes;
			},
		});
		assert.ok(found.kind === 'program' && found.needs?.may.has('zone-data'));
		assert.ok(most <= 1024 * 1024 && total <= 2 * 1024 * 1024, `${most} bytes at once, ${total} in all`);
	});

	it('finds what is on the border of two pieces', async () => {
		for (const shift of [0, 1, 7, 15, 16, 17, 31, 200]) {
			const padding = '\0'.repeat(256 * 1024 - 400 + shift);
			const found = await program({ ...withNames('time.LoadLocation'), sections: false, afterHeaders: padding });
			assert.equal(found.build?.mainPackage, 'example.org/app', String(shift));
			assert.ok(found.needs?.may.has('zone-data'), String(shift));
		}
	});

	it('ends soon where each segment is the whole file, and where everything looks like what is looked for', async () => {
		const start = elfFile({ sections: false, goVersion: 'go1.26.0', afterHeaders: '\0'.repeat(60_000) });
		const view = new DataView(start.buffer);
		const size = 20 * 1024 * 1024;
		view.setUint16(56, 1000, true);
		for (let index = 0; index < 1000; index++) {
			const at = 64 + index * 56;
			start.set(start.subarray(64, 64 + 56), at);
			view.setBigUint64(at + 32, BigInt(size), true);
		}
		const magic = [0xf1, 0xff, 0xff, 0xff, 0, 0];
		const bytes = Uint8Array.from({ length: size }, (_, index) => magic[index % magic.length] ?? 0);
		bytes.set(start);
		let total = 0;
		const { read: readBytes } = bytesInMemory(bytes);
		const found = await readLinkedFile({
			size,
			read: (offset, length) => {
				total += length;
				return readBytes(offset, length);
			},
		});
		assert.ok(found.kind === 'program');
		assert.deepEqual(found.unread, ['function names: too much looks like their table']);
		assert.ok(total < 5 * size, `${total} bytes are read`);
	});

	it('keeps few of the names that look like a need', async () => {
		const names = Array.from({ length: 5000 }, (_, index) => `x${index}.startTLS`);
		const { needs } = await program(withNames(...names, 'time.LoadLocation'));
		assert.equal(needs?.may.get('certificate-roots')?.length, 500);
		assert.ok(needs?.may.has('zone-data'));
	});
});
