/**
 * Bytes that are read where they are asked for: a file, an entry of an archive. Whoever has only a stream keeps the piece that counts.
 */
export interface ByteSource {
	/** In bytes. */
	readonly size: number;
	/**
	 * The bytes from `offset` on: fewer than `length`, or none, only where the source ends before. What cannot be read is handed over as if
	 * it ended there. The array may be used again by the next call.
	 */
	read(offset: number, length: number): Promise<Uint8Array>;
}
