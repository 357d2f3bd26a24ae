import type { ByteSource } from './byte-source.ts';

/** Small pieces are cut out of pages of this size, so that headers next to each other are read at once. */
const PAGE_BYTES = 16 * 1024;

const MOST_PAGES = 16;

/** Long pieces are read, and handed over, in parts of this size. */
const PART_BYTES = 256 * 1024;

/** How a file writes numbers: what its header says. */
export interface NumberFormat {
	readonly littleEndian: boolean;
	/** The size of an address: 4 or 8 bytes. */
	readonly wordBytes: 4 | 8;
}

/** Numbers of a piece of a file. What lies outside of the piece is `undefined`, and so is a number that a double cannot hold. */
export class Piece {
	readonly bytes: Uint8Array;
	readonly #view: DataView;
	readonly #format: NumberFormat;

	constructor(bytes: Uint8Array, format: NumberFormat) {
		this.bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		this.#format = format;
	}

	u8(offset: number): number | undefined {
		return this.#holds(offset, 1) ? this.#view.getUint8(offset) : undefined;
	}

	u16(offset: number): number | undefined {
		return this.#holds(offset, 2) ? this.#view.getUint16(offset, this.#format.littleEndian) : undefined;
	}

	u32(offset: number): number | undefined {
		return this.#holds(offset, 4) ? this.#view.getUint32(offset, this.#format.littleEndian) : undefined;
	}

	/** An address, an offset, or a size. */
	word(offset: number): number | undefined {
		if (this.#format.wordBytes === 4) return this.u32(offset);
		if (!this.#holds(offset, 8)) return undefined;
		const value = this.#view.getBigUint64(offset, this.#format.littleEndian);
		return value <= Number.MAX_SAFE_INTEGER ? Number(value) : undefined;
	}

	#holds(offset: number, length: number): boolean {
		return offset >= 0 && offset + length <= this.bytes.length;
	}
}

/** Reads a source in bounded pieces. */
export class BinaryReader {
	readonly size: number;
	readonly #source: ByteSource;
	/** By number; the one that was used last comes last. */
	readonly #pages = new Map<number, Uint8Array>();

	constructor(source: ByteSource) {
		this.#source = source;
		this.size = source.size;
	}

	/** At most `length` bytes from `offset` on, fewer where the file ends. */
	async bytes(offset: number, length: number): Promise<Uint8Array> {
		const end = Math.min(offset + length, this.size);
		if (!(offset >= 0 && end > offset)) return new Uint8Array(0);
		const first = Math.floor(offset / PAGE_BYTES);
		const last = Math.floor((end - 1) / PAGE_BYTES);
		if (last - first >= MOST_PAGES / 2) return this.#source.read(offset, end - offset);
		const pages: Uint8Array[] = [];
		for (let number = first; number <= last; number++) pages.push(await this.#page(number));
		const from = offset - first * PAGE_BYTES;
		const [only] = pages;
		if (only !== undefined && pages.length === 1) return only.subarray(from, from + end - offset);
		return joinedBytes(pages).subarray(from, from + end - offset);
	}

	/** The parts of a long piece, in order, with the offset of each. It ends where the file does. */
	async *parts(offset: number, length: number): AsyncGenerator<{ readonly offset: number; readonly bytes: Uint8Array }> {
		const end = Math.min(offset + length, this.size);
		for (let at = offset; at >= 0 && at < end; ) {
			const bytes = await this.#source.read(at, Math.min(PART_BYTES, end - at));
			if (bytes.length === 0) return;
			yield { offset: at, bytes };
			at += bytes.length;
		}
	}

	/** Where `wanted` begins in a long piece. */
	async *occurrences(wanted: Uint8Array, offset: number, length: number): AsyncGenerator<number> {
		let rest: Uint8Array = new Uint8Array(0);
		for await (const part of this.parts(offset, length)) {
			const bytes = rest.length === 0 ? part.bytes : joinedBytes([rest, part.bytes]);
			const start = part.offset - rest.length;
			for (let at = indexOfBytes(bytes, wanted, 0); at >= 0; at = indexOfBytes(bytes, wanted, at + 1)) yield start + at;
			rest = bytes.subarray(Math.max(0, bytes.length - wanted.length + 1));
		}
	}

	async #page(number: number): Promise<Uint8Array> {
		const known = this.#pages.get(number);
		const page = known ?? (await this.#source.read(number * PAGE_BYTES, Math.min(PAGE_BYTES, this.size - number * PAGE_BYTES)));
		this.#pages.delete(number);
		this.#pages.set(number, page);
		if (this.#pages.size > MOST_PAGES) {
			const [oldest] = this.#pages.keys();
			if (oldest !== undefined) this.#pages.delete(oldest);
		}
		return page;
	}
}

function joinedBytes(parts: readonly Uint8Array[]): Uint8Array {
	const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		joined.set(part, at);
		at += part.length;
	}
	return joined;
}

/** Each byte is a character of the text: names in programs are ASCII nearly always, and what they are compared with is. */
const BYTES_AS_CHARACTERS = new TextDecoder('latin1');

export function asciiText(bytes: Uint8Array): string {
	return BYTES_AS_CHARACTERS.decode(bytes);
}

const UTF_8 = new TextDecoder();

/** Text of UTF-8, with U+FFFD for what is not. */
export function utf8Text(bytes: Uint8Array): string {
	return UTF_8.decode(bytes);
}

/** Where `wanted` begins in `bytes`, from `from` on, or -1. */
function indexOfBytes(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
	const [first] = wanted;
	if (first === undefined) return -1;
	const last = bytes.length - wanted.length;
	for (let at = bytes.indexOf(first, from); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1)) {
		let same = 1;
		while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
		if (same === wanted.length) return at;
	}
	return -1;
}
