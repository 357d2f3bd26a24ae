import { UnreadableImage } from './model.ts';

/** Bytes as they come. */
export type Chunks = AsyncIterable<Uint8Array>;

/** The bytes at the start, at least `length` of them where there are so many, and all bytes, those included. */
export async function peek(chunks: Chunks, length: number): Promise<{ readonly head: Uint8Array; readonly chunks: Chunks }> {
	const iterator = chunks[Symbol.asyncIterator]();
	let head: Uint8Array = new Uint8Array(0);
	let first: Uint8Array | undefined;
	while (head.length < length) {
		const next = await iterator.next();
		if (next.done === true) break;
		// What is read may be used again by whoever gave it.
		first = head.length === 0 ? next.value : undefined;
		head = first ?? joined(head, next.value);
	}
	async function* all(): AsyncGenerator<Uint8Array> {
		try {
			if (head.length > 0) yield head;
			for (;;) {
				const next = await iterator.next();
				if (next.done === true) return;
				yield next.value;
			}
		} finally {
			await iterator.return?.();
		}
	}
	return { head, chunks: all() };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
	const both = new Uint8Array(first.length + second.length);
	both.set(first);
	both.set(second, first.length);
	return both;
}

/** Everything that comes, as one piece; `undefined` where it is more than `limit` bytes, which are then passed over to their end. */
export async function collect(chunks: Chunks, limit: number): Promise<Uint8Array | undefined> {
	const pieces: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of chunks) {
		length += chunk.length;
		if (length <= limit) pieces.push(chunk.slice());
		else pieces.length = 0;
	}
	if (length > limit) return undefined;
	const all = new Uint8Array(length);
	let at = 0;
	for (const piece of pieces) {
		all.set(piece, at);
		at += piece.length;
	}
	return all;
}

/** How many bytes may still be read of something. */
export interface Allowance {
	left: number;
}

/** The bytes, as long as there are no more of them than `allowances` let through. */
export async function* bounded(chunks: Chunks, allowances: readonly Allowance[], what: string): AsyncGenerator<Uint8Array> {
	for await (const chunk of chunks) {
		for (const allowance of allowances) {
			allowance.left -= chunk.length;
			if (allowance.left < 0) throw new UnreadableImage(`${what} is larger than go-scratch reads when it is unpacked`);
		}
		yield chunk;
	}
}

/** Something that takes bytes and says what they come to. */
export interface Hash {
	update(bytes: Uint8Array): unknown;
	/** In hexadecimal digits. */
	digest(): string;
}

/** The bytes, each of which `hash` is given too. */
export async function* hashed(chunks: Chunks, hash: Hash): AsyncGenerator<Uint8Array> {
	for await (const chunk of chunks) {
		hash.update(chunk);
		yield chunk;
	}
}
