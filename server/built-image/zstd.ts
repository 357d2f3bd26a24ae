import { UnreadableImage } from './model.ts';
import type { Chunks } from './streams.ts';

/** What the reference implementation unpacks without being told to (ZSTD_WINDOWLOG_LIMIT_DEFAULT); a frame is given that much memory. */
const MAX_WINDOW = 2 ** 27;

/** Unpacks Zstandard frames. */
export async function* unzstd(chunks: Chunks): AsyncGenerator<Uint8Array> {
	const { Decompress } = await import('fzstd');
	let unpacked: Uint8Array[] = [];
	let bytes = 0;
	const decompress = new Decompress((chunk) => {
		unpacked.push(chunk);
	});
	const frames = new FrameWalk();
	const push = (chunk: Uint8Array, last: boolean) => {
		try {
			decompress.push(chunk, last);
		} catch (error) {
			throw new UnreadableImage(`its Zstandard frames are damaged (${(error as Error).message})`);
		}
	};
	for await (const chunk of chunks) {
		// A block may unpack to 128 KB from few bytes, so little is pushed at a time.
		for (let at = 0; at < chunk.length; at += PUSHED) {
			const part = chunk.slice(at, at + PUSHED);
			frames.check(part);
			bytes += part.length;
			push(part, false);
			yield* unpacked;
			unpacked = [];
		}
	}
	if (!frames.isAtEnd || bytes === 0) throw new UnreadableImage('its Zstandard frames are cut off');
}

const PUSHED = 4096;

/**
 * Follows the frames without unpacking them (RFC 8878, section 3), because what each is given of memory is to be known before it is
 * unpacked.
 */
class FrameWalk {
	/** What of a header is there so far. */
	#header: number[] = [];
	/** How many bytes of content are passed over. */
	#skip = 0;
	/** What comes after those. */
	#next: 'frame' | 'block' = 'frame';
	#checksum = false;

	/** Whether all frames that began have ended. */
	get isAtEnd(): boolean {
		return this.#next === 'frame' && this.#skip === 0 && this.#header.length === 0;
	}

	/** @throws UnreadableImage where a frame requires too much memory. */
	check(bytes: Uint8Array): void {
		for (let at = 0; at < bytes.length; ) {
			if (this.#skip > 0) {
				const skipped = Math.min(this.#skip, bytes.length - at);
				this.#skip -= skipped;
				at += skipped;
				continue;
			}
			this.#header.push(bytes[at] as number);
			at++;
			if (this.#next === 'frame') this.#frame();
			else this.#block();
		}
	}

	#frame(): void {
		const header = this.#header;
		if (header.length < 5) return;
		if (numberOf(header, 1, 3) === 0x184d2a && ((header[0] as number) & 0xf0) === 0x50) {
			if (header.length < 8) return;
			this.#skip = numberOf(header, 4, 4);
			this.#header = [];
			return;
		}
		if (numberOf(header, 0, 4) !== 0xfd2fb528) throw new UnreadableImage('its Zstandard frames are damaged');
		const descriptor = header[4] as number;
		const singleSegment = (descriptor & 0x20) !== 0;
		const sizeField = descriptor >> 6;
		const dictionary = [0, 1, 2, 4][descriptor & 3] as number;
		const size = sizeField === 0 ? (singleSegment ? 1 : 0) : 2 ** sizeField;
		const length = 5 + (singleSegment ? 0 : 1) + dictionary + size;
		if (header.length < length) return;
		const window = singleSegment ? numberOf(header, 5 + dictionary, size) : windowOf(header[5] as number);
		if (window > MAX_WINDOW) throw new UnreadableImage('its Zstandard frames require too much memory');
		this.#checksum = (descriptor & 4) !== 0;
		this.#next = 'block';
		this.#header = [];
	}

	#block(): void {
		if (this.#header.length < 3) return;
		const header = numberOf(this.#header, 0, 3);
		// A run of one byte is stored as that byte.
		this.#skip = ((header >> 1) & 3) === 1 ? 1 : header >> 3;
		this.#header = [];
		if ((header & 1) === 0) return;
		this.#next = 'frame';
		if (this.#checksum) this.#skip += 4;
	}
}

function windowOf(descriptor: number): number {
	const base = 2 ** (10 + (descriptor >> 3));
	return base + (base / 8) * (descriptor & 7);
}

/** Little endian. */
function numberOf(bytes: readonly number[], at: number, length: number): number {
	let value = 0;
	for (let index = length - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] as number);
	return value;
}
