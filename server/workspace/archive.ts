/**
 * Where what was read of Go outlives the process, as the go command's build cache does. It may forget anything at any time, and holds
 * nothing that cannot be read again.
 */
export interface Archive {
	/** What was last written under the name, whole, by this very build of the product; `undefined` where there is nothing. Never throws. */
	read(name: string): Uint8Array | undefined;
	/** Never throws; what cannot be written is forgotten. */
	write(name: string, content: Uint8Array): void;
	/** Deletes what stands under the name. Never throws. */
	forget(name: string): void;
}
