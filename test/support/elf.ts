/** Makes small ELF files, so that each field of them can be said, and broken. */

export interface ElfOptions {
	readonly bits?: 32 | 64;
	readonly bigEndian?: boolean;
	/** e_machine; 62 is amd64. */
	readonly machine?: number;
	/** e_type: 2 is a program, 3 is position-independent. */
	readonly type?: number;
	/** EI_OSABI */
	readonly system?: number;
	readonly interpreter?: string;
	/** DT_NEEDED */
	readonly libraries?: readonly string[];
	readonly runPath?: string;
	/** DT_FLAGS_1 */
	readonly flags1?: number;
	/** By library. A version that ends in `?` is weak. */
	readonly versions?: Readonly<Record<string, readonly string[]>>;
	readonly goVersion?: string;
	/** The lines of the build information. */
	readonly lines?: readonly string[];
	/** Whether the build information has addresses, as before Go 1.18. */
	readonly byPointer?: boolean;
	/** The names of functions. */
	readonly names?: readonly string[];
	/** The names of source files, beside those of functions. */
	readonly files?: readonly string[];
	/** The first words of the table of functions; that of Go 1.20 and newer unless told. */
	readonly tableMagic?: number;
	/** Whether section headers say where the Go tables are. */
	readonly sections?: boolean;
	/** What is between the program headers and all else. */
	readonly afterHeaders?: string;
}

const BASE = 0x10000;

class Writer {
	readonly bytes: number[] = [];
	readonly #wordBytes: 4 | 8;
	readonly #bigEndian: boolean;

	constructor(wordBytes: 4 | 8, bigEndian: boolean) {
		this.#wordBytes = wordBytes;
		this.#bigEndian = bigEndian;
	}

	get length(): number {
		return this.bytes.length;
	}

	number(value: number, size: number): this {
		const digits = Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** index) % 256);
		this.bytes.push(...(this.#bigEndian ? digits.reverse() : digits));
		return this;
	}

	u16(...values: readonly number[]): this {
		for (const value of values) this.number(value, 2);
		return this;
	}

	u32(...values: readonly number[]): this {
		for (const value of values) this.number(value, 4);
		return this;
	}

	word(...values: readonly number[]): this {
		for (const value of values) this.number(value, this.#wordBytes);
		return this;
	}

	raw(bytes: Iterable<number>): this {
		for (const byte of bytes) this.bytes.push(byte);
		return this;
	}

	text(text: string): this {
		return this.raw(Buffer.from(text, 'latin1'));
	}

	align(to: number): this {
		while (this.bytes.length % to !== 0) this.bytes.push(0);
		return this;
	}
}

/** The bytes of a file that has all that `options` name, and nothing else. */
export function elfFile(options: ElfOptions = {}): Uint8Array {
	const wordBytes = options.bits === 32 ? 4 : 8;
	const bigEndian = options.bigEndian === true;
	const writer = () => new Writer(wordBytes, bigEndian);
	const headerBytes = wordBytes === 4 ? 52 : 64;
	const segmentBytes = wordBytes === 4 ? 32 : 56;
	const isDynamic = options.libraries !== undefined || options.versions !== undefined || options.flags1 !== undefined;
	const segmentCount = 1 + (options.interpreter === undefined ? 0 : 1) + (isDynamic ? 1 : 0);
	const start = headerBytes + segmentCount * segmentBytes;

	const rest = writer().text(options.afterHeaders ?? '');
	const here = () => start + rest.length;
	const align = (to: number) => {
		while (here() % to !== 0) rest.raw([0]);
	};
	const segments: { type: number; offset: number; size: number }[] = [];
	if (options.interpreter !== undefined) {
		const offset = here();
		rest.text(`${options.interpreter}\0`);
		segments.push({ type: 3, offset, size: here() - offset });
	}

	if (isDynamic) {
		let strings = '\0';
		const string = (text: string) => {
			const at = strings.length;
			strings += `${text}\0`;
			return at;
		};
		const entries: [number, number][] = (options.libraries ?? []).map((name) => [1, string(name)]);
		if (options.runPath !== undefined) entries.push([29, string(options.runPath)]);
		if (options.flags1 !== undefined) entries.push([0x6ffffffb, options.flags1]);
		const libraries = Object.entries(options.versions ?? {});
		const chain = writer();
		for (const [index, [library, versions]] of libraries.entries()) {
			const isLast = index === libraries.length - 1;
			chain.u16(1, versions.length).u32(string(library), 16, isLast ? 0 : 16 + 16 * versions.length);
			for (const [number, version] of versions.entries()) {
				const weak = version.endsWith('?');
				chain.u32(0).u16(weak ? 2 : 0, number + 2);
				chain.u32(string(weak ? version.slice(0, -1) : version), number === versions.length - 1 ? 0 : 16);
			}
		}
		align(8);
		if (libraries.length > 0) {
			entries.push([0x6ffffffe, BASE + here()], [0x6fffffff, libraries.length]);
			rest.raw(chain.bytes);
		}
		entries.push([5, BASE + here()]);
		rest.text(strings);
		align(8);
		const offset = here();
		for (const [tag, value] of [...entries, [0, 0]] as const) rest.word(tag, value);
		segments.push({ type: 2, offset, size: here() - offset });
	}

	const sections: { name: string; offset: number; size: number }[] = [];
	if (options.goVersion !== undefined) {
		align(16);
		const offset = here();
		const framed =
			options.lines === undefined ? '' : `${'<'.repeat(16)}${options.lines.map((line) => `${line}\n`).join('')}${'>'.repeat(16)}`;
		const text = (value: string) => Buffer.from(value, 'utf8').toString('latin1');
		if (options.byPointer === true) {
			const data = offset + 32;
			rest.text('\xff Go buildinf:').raw([wordBytes, bigEndian ? 1 : 0]);
			rest.word(BASE + data, BASE + data + 2 * wordBytes);
			while (here() < data) rest.raw([0]);
			const first = data + 4 * wordBytes;
			rest.word(BASE + first, options.goVersion.length, BASE + first + options.goVersion.length, text(framed).length);
			rest.text(options.goVersion).text(text(framed));
		} else {
			rest.text('\xff Go buildinf:').raw([8, 2]).raw(new Uint8Array(16));
			for (const each of [options.goVersion, framed]) rest.raw(lengthOf(text(each).length)).text(text(each));
		}
		sections.push({ name: '.go.buildinfo', offset, size: here() - offset });
	}
	if (options.names !== undefined) {
		align(32);
		const offset = here();
		const magic = options.tableMagic ?? 0xfffffff1;
		const names = options.names.map((name) => `${name}\0`).join('');
		const words = magic === 0xfffffffa ? 2 : 3;
		const size = 8 + (words + 5) * wordBytes;
		rest.u32(magic).raw([0, 0, 1, wordBytes]);
		rest.word(options.names.length, 1);
		if (words === 3) rest.word(0);
		const files = (options.files ?? []).map((name) => `${name}\0`).join('');
		const end = size + names.length + files.length;
		rest.word(size, size + names.length, size + names.length, end, end);
		rest.text(names + files);
		sections.push({ name: '.gopclntab', offset, size: here() - offset });
	}

	const end = here();
	const names = `\0.shstrtab\0${sections.map(({ name }) => `${name}\0`).join('')}`;
	const sectionNames = here();
	if (options.sections !== false) rest.text(names);
	align(8);
	const sectionOffset = options.sections === false ? 0 : here();
	const sectionCount = options.sections === false ? 0 : sections.length + 2;
	if (options.sections !== false) {
		const section = (name: number, type: number, offset: number, size: number) => {
			rest
				.u32(name, type)
				.word(0, BASE + offset, offset, size)
				.u32(0, 0)
				.word(1, 0);
		};
		section(0, 0, 0, 0);
		section(1, 3, sectionNames, names.length);
		for (const { name, offset, size } of sections) section(names.indexOf(name), 1, offset, size);
	}

	const header = writer()
		.text('\x7fELF')
		.raw([wordBytes / 4, bigEndian ? 2 : 1, 1, options.system ?? 0])
		.raw(new Uint8Array(8));
	header
		.u16(options.type ?? 2, options.machine ?? 62)
		.u32(1)
		.word(BASE + start, headerBytes, sectionOffset)
		.u32(0);
	header.u16(headerBytes, segmentBytes, segmentCount, wordBytes === 4 ? 40 : 64, sectionCount, sectionCount === 0 ? 0 : 1);
	for (const { type, offset, size } of [{ type: 1, offset: 0, size: end }, ...segments]) {
		const at = [offset, BASE + offset, BASE + offset, size, size] as const;
		if (wordBytes === 4)
			header
				.u32(type)
				.word(...at)
				.u32(6, 1);
		else header.u32(type, 6).word(...at, 1);
	}
	return Uint8Array.from([...header.bytes, ...rest.bytes]);
}

/** Seven bits a byte, the lowest first. */
function lengthOf(value: number): number[] {
	return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...lengthOf(Math.floor(value / 0x80))];
}
