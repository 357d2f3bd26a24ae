import type { Files } from '../workspace/files.ts';
import type { Facts } from './facts.ts';

/** Reads what the rules want to know. */
export interface FactsReader {
	/**
	 * The facts of one Dockerfile.
	 *
	 * @param options.quick Leaves the Go files unread: `go` is undefined then, and all programs are.
	 */
	read(options: { path: string; text: string; root: string; quick: boolean; signal: AbortSignal }): Promise<Facts | undefined>;
	/** Forgets what depends on the file; on everything where no path is given. */
	invalidate(path?: string): void;
}

export function createFactsReader(_files: Files, _installation: unknown): FactsReader {
	return { read: async () => undefined, invalidate: () => {} };
}
