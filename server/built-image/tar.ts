import type { Extract, Header } from 'tar-stream';
import { UnreadableImage } from './model.ts';
import type { Chunks } from './streams.ts';

/** One entry of a tar archive. Its content has to be read, or passed over, before the next one comes. */
export interface TarEntry {
	readonly header: Header;
	readonly content: Chunks;
	/** Passes over what of the content was not read, also where reading it failed halfway. */
	skip(): Promise<void>;
}

/**
 * The entries of a tar archive: ustar, pax and GNU, as tar-stream reads them. A header of pax or GNU that is larger than 4 MB is refused.
 *
 * @throws UnreadableImage where it is no such archive, or is cut off.
 */
export async function* tarEntries(chunks: Chunks): AsyncGenerator<TarEntry> {
	const { extract } = await import('tar-stream');
	const archive = extract();
	let failed: unknown;
	const feeding = feed(chunks, archive).catch((error: unknown) => {
		failed = error;
		archive.destroy(error as Error);
	});
	try {
		for await (const entry of archive)
			yield { header: entry.header, ...(entry.header.type === 'directory' ? NOTHING : contentOf(entry as AsyncIterable<Uint8Array>)) };
	} catch (error) {
		if (failed instanceof UnreadableImage) throw failed;
		throw describe(failed ?? error);
	} finally {
		archive.destroy();
		await feeding;
	}
	if (failed !== undefined) throw describe(failed);
}

/** What a directory holds in an archive, whatever its header says of its size: tar-stream waits for that, and never ends. */
const NOTHING: Pick<TarEntry, 'content' | 'skip'> = {
	content: (async function* () {})(),
	async skip() {},
};

/** The content without what ends the whole archive where the reading of one entry ends early. */
function contentOf(entry: AsyncIterable<Uint8Array>): Pick<TarEntry, 'content' | 'skip'> {
	const iterator = entry[Symbol.asyncIterator]();
	const next = async () => {
		try {
			return await iterator.next();
		} catch (error) {
			throw describe(error);
		}
	};
	return {
		content: { [Symbol.asyncIterator]: () => ({ next }) },
		async skip() {
			while ((await next()).done !== true);
		},
	};
}

async function feed(chunks: Chunks, archive: Extract): Promise<void> {
	let isClosed = false;
	let wake = () => {};
	const awake = () => wake();
	archive.on('drain', awake);
	archive.on('close', () => {
		isClosed = true;
		wake();
	});
	archive.on('error', awake);
	for await (const chunk of chunks) {
		if (isClosed) return;
		if (archive.write(chunk)) continue;
		await new Promise<void>((resolve) => {
			wake = resolve;
			if (isClosed) resolve();
		});
	}
	archive.end(undefined);
}

function describe(error: unknown): unknown {
	if (!(error instanceof Error) || error instanceof UnreadableImage) return error;
	if (error.message === 'Unexpected end of data') return new UnreadableImage('the archive is cut off');
	if (/header/i.test(error.message)) return new UnreadableImage('it is not a tar archive, or it is damaged');
	return error;
}
