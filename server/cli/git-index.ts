/** The modes of what an index lists: a file, an executable file, a link, a submodule and, in a sparse index, a directory. */
const MODES: ReadonlySet<number> = new Set([0o100644, 0o100755, 0o100664, 0o120000, 0o160000, 0o040000]);

/** What stands before the name of an entry: times, device, inode, mode, owner, size, object name of SHA-1 and flags. */
const ENTRY_BYTES = 62;
const MODE_AT = 24;
const FLAGS_AT = 60;

/** The name's length in the flags; a longer name has this one too. */
const NAME_LENGTH = 0xfff;
const EXTENDED = 0x4000;

/**
 * The paths that Git tracks, relative to the root of the work tree, with slashes, from the bytes of its index in version 2, 3 or 4
 * (https://git-scm.com/docs/index-format). `undefined` where they are something else, as with object names of SHA-256.
 */
export function readGitIndex(bytes: Buffer): readonly string[] | undefined {
	if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
	const version = bytes.readUInt32BE(4);
	if (version < 2 || version > 4) return undefined;
	const paths: string[] = [];
	let before: Buffer = Buffer.alloc(0);
	let at = 12;
	for (let left = bytes.readUInt32BE(8); left > 0; left--) {
		if (at + ENTRY_BYTES > bytes.length || !MODES.has(bytes.readUInt32BE(at + MODE_AT))) return undefined;
		const flags = bytes.readUInt16BE(at + FLAGS_AT);
		let start = at + ENTRY_BYTES + (version >= 3 && (flags & EXTENDED) !== 0 ? 2 : 0);
		let kept: Buffer = Buffer.alloc(0);
		if (version === 4) {
			const dropped = readOffset(bytes, start);
			if (dropped === undefined || dropped.value > before.length) return undefined;
			kept = before.subarray(0, before.length - dropped.value);
			start = dropped.end;
		}
		const end = bytes.indexOf(0, start);
		if (end < 0) return undefined;
		before = Buffer.concat([kept, bytes.subarray(start, end)]);
		if (Math.min(before.length, NAME_LENGTH) !== (flags & NAME_LENGTH)) return undefined;
		paths.push(before.toString().replace(/\/$/, ''));
		// Up to version 3 an entry ends with one to eight bytes of 0, at a multiple of eight.
		at = version === 4 ? end + 1 : at + ((end - at + 8) & ~7);
	}
	return paths;
}

/** The number of bytes to drop, as packs encode an offset: seven bits a byte, the highest first, and one more for each that follows. */
function readOffset(bytes: Buffer, start: number): { readonly value: number; readonly end: number } | undefined {
	let value = 0;
	for (let at = start; at < bytes.length && at < start + 4; at++) {
		const byte = bytes[at] as number;
		value = (value << 7) | (byte & 0x7f);
		if ((byte & 0x80) === 0) return { value, end: at + 1 };
		value++;
	}
	return undefined;
}
