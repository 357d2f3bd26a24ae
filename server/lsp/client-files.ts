import type { FileStatus, Files } from '../workspace/files.ts';
import {
	type FileParams,
	READ_DIRECTORY,
	READ_FILE,
	type ReadDirectoryResult,
	type ReadFileResult,
	STAT,
	type StatResult,
} from './protocol.ts';
import { isPlaced, uriFromPath } from './uris.ts';

/** How many questions a client has before it at once: enough to hide the way there and back, few enough to leave it its other work. */
const MAX_UNANSWERED = 32;

/** Sends a request; rejects where the client does not know it, or is gone. */
export type Ask = (method: string, params: FileParams) => Promise<unknown>;

/** Files as the client reads them: those of virtual and remote file systems, and in a browser all there are. */
export function createClientFiles(ask: Ask): Files {
	const inTurn = createQueue(MAX_UNANSWERED);

	async function answer<T>(method: string, path: string): Promise<T | undefined> {
		if (!isPlaced(path)) return undefined;
		try {
			return ((await inTurn(() => ask(method, { uri: uriFromPath(path) }))) ?? undefined) as T | undefined;
		} catch {
			// What cannot be asked for cannot be read.
			return undefined;
		}
	}

	return {
		async readText(path) {
			const file = await answer<ReadFileResult>(READ_FILE, path);
			return file?.complete ? file.text : undefined;
		},
		// The whole comes in one step, whether it is wanted or not.
		readHead: (path) => answer<ReadFileResult>(READ_FILE, path),
		async list(directory) {
			const listed = await answer<ReadDirectoryResult>(READ_DIRECTORY, directory);
			return listed === undefined ? undefined : [...listed.entries].sort((a, b) => (a.name < b.name ? -1 : 1));
		},
		status: (path): Promise<FileStatus | undefined> => answer<StatResult>(STAT, path),
	};
}

/** A function that has at most `limit` tasks under way, and starts the others in their order. */
function createQueue(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
	const waiting: (() => void)[] = [];
	let next = 0;
	let running = 0;

	function start(): void {
		while (running < limit && next < waiting.length) {
			running++;
			(waiting[next++] as () => void)();
		}
		if (next === waiting.length) {
			waiting.length = 0;
			next = 0;
		}
	}

	return (task) =>
		new Promise((resolve, reject) => {
			waiting.push(() => {
				const end = () => {
					running--;
					start();
				};
				task().then(resolve, reject).then(end);
			});
			start();
		});
}
