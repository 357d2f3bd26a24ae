import assert from 'node:assert/strict';
import { readLinkedFile } from '../../../server/linked/read.ts';
import { type ElfOptions, elfFile } from '../../../test/support/elf.ts';
import type { Random } from '../random.ts';
import type { Input, Target } from '../target.ts';

const GO: ElfOptions = {
	interpreter: '/lib64/ld-linux-x86-64.so.2',
	libraries: ['libc.so.6', 'libz.so.1'],
	runPath: '$ORIGIN',
	versions: { 'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.34'], 'libz.so.1': ['ZLIB_1.2.9?'] },
	goVersion: 'go1.26.0',
	lines: ['path\texample.org/app', 'mod\texample.org/app\t(devel)\t', 'dep\tx\tv1\t', '=>\ty\tv2\t', 'build\t-ldflags="-s \\x20"'],
	names: ['', 'runtime.main', 'main.main', 'time.LoadLocation', 'main._Cfunc_puts'],
};

const KINDS: readonly ElfOptions[] = [
	GO,
	{ ...GO, bits: 32, bigEndian: true, machine: 21 },
	{ ...GO, sections: false, tableMagic: 0xfffffff0 },
	{ ...GO, byPointer: true, tableMagic: 0xfffffffa, sections: false, type: 3 },
	{ ...GO, bits: 32, byPointer: true },
	{ afterHeaders: 'UPX!' },
	{},
];

/** Numbers at which something ends, wraps around, or is looked for. */
const NUMBERS = [0, 1, 2, 7, 0x7f, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff1, 0xfffffffe, 0xffffffff];

/** Any bytes as a program. */
export const linked: Target = {
	name: 'linked',
	weight: 10,
	seeds: (): Input[] => KINDS.map((options) => ({ program: Buffer.from(elfFile(options)).toString('latin1') })),
	words: ['\x7fELF', '\xff Go buildinf:', '\xf1\xff\xff\xff\0\0\x01\x08', '.gopclntab\0', 'GLIBC_2.', 'UPX!', 'build\t', '=>\t', '\0'],
	mutate,
	async check(input) {
		const bytes = Buffer.from(input.program ?? '', 'latin1');
		let total = 0;
		const found = await readLinkedFile({
			size: bytes.length,
			read: async (offset, length) => {
				assert.ok(
					offset >= 0 && length > 0 && Number.isInteger(offset) && Number.isInteger(length),
					`${length} bytes at ${offset} are read`,
				);
				const read = bytes.subarray(offset, offset + length);
				total += read.length;
				return read;
			},
		});
		assert.ok(total <= 40 * bytes.length + 1024 * 1024, 'the file is read again and again');
		if (found.kind === 'unknown') return;
		assert.ok(found.loading !== undefined || found.packedBy !== undefined || found.unread.length > 0, 'what is not known has a reason');
		for (const need of found.needs?.may.keys() ?? []) assert.ok(!found.needs?.without.has(need), `${need} may be needed, or not`);
	},
};

/** Other numbers in some of the fields, a piece of the other program, or an end before the end. */
function mutate({ program = '' }: Input, { program: other = '' }: Input, random: Random): Input {
	const bytes = Buffer.from(program, 'latin1');
	if (bytes.length === 0) return { program: other };
	for (let count = 1 + random.integer(4); count > 0; count--) {
		const size = random.pick([1, 2, 4, 8]);
		const at = random.integer(random.oneIn(2) ? Math.min(bytes.length, 400) : bytes.length);
		const field = at - (at % size);
		const number = random.pick([...NUMBERS, random.integer(bytes.length), bytes.length]);
		const order = random.oneIn(3) ? 'BE' : 'LE';
		if (field + size > bytes.length) continue;
		if (size === 1) bytes.writeUInt8(number % 256, field);
		else if (size === 2) bytes[`writeUInt16${order}`](number % 65536, field);
		else if (size === 4) bytes[`writeUInt32${order}`](number, field);
		else bytes[`writeBigUInt64${order}`](BigInt(number), field);
	}
	const text = bytes.toString('latin1');
	if (random.oneIn(12)) return { program: text.slice(0, random.integer(text.length)) };
	if (random.oneIn(12)) return { program: text + other };
	if (random.oneIn(12)) {
		const at = random.integer(text.length);
		return { program: text.slice(0, at) + other.slice(at) };
	}
	return { program: text };
}
