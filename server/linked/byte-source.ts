/** Bytes that are read where they are asked for: a file, an entry of an archive. */
export interface ByteSource {
	/** In bytes. */
	readonly size: number;
	/**
	 * The bytes from `offset` on: fewer than `length`, or none, only where the source ends before. What cannot be read is handed over as if
	 * it ended there. Nobody changes the array afterwards.
	 */
	read(offset: number, length: number): Promise<Uint8Array>;
}

/** A source whose bytes are in memory. */
export function bytesInMemory(bytes: Uint8Array): ByteSource {
	return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}
