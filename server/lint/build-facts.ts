import type { GoInstallation } from '../program/installation.ts';
import type { GoWorkspace, MainPackage, Program, ProgramRequest } from '../program/model.ts';
import { createProgramReader } from '../program/program.ts';
import type { Files } from '../workspace/files.ts';
import type { Facts } from './facts.ts';

export interface FactsRequest {
	readonly path: string;
	readonly text: string;
	readonly root: string;
	/** Whether to leave the Go files unread: `go` is undefined then, and all programs are. */
	readonly quick: boolean;
	readonly signal: AbortSignal;
}

/** Reads what the rules want to know. */
export interface FactsReader {
	/** @throws The signal's reason once it is aborted. */
	read(request: FactsRequest): Promise<Facts | undefined>;
	/** The Go side alone, for whoever asks about a directory instead of a Dockerfile. */
	readWorkspace(root: string, signal: AbortSignal): Promise<GoWorkspace>;
	readProgram(workspace: GoWorkspace, request: ProgramRequest, signal: AbortSignal): Promise<Program>;
	/** Forgets what was read of the file or directory; without a path, looks at all of them again before the next answer. */
	invalidate(path?: string): void;
}

export function createFactsReader(files: Files, installation: GoInstallation): FactsReader {
	const programs = createProgramReader(files, installation);
	let stale = false;

	async function readWorkspace(root: string, signal: AbortSignal): Promise<GoWorkspace> {
		if (stale) {
			await programs.refresh(signal);
			stale = false;
		}
		return programs.readWorkspace(root, signal);
	}

	const read = async (_request: FactsRequest): Promise<Facts | undefined> => undefined;

	return {
		read,
		readWorkspace,
		readProgram: (workspace, request, signal) => programs.readProgram(workspace, request, signal),
		invalidate(path) {
			if (path === undefined) stale = true;
			else programs.invalidate(path);
		},
	};
}

/** What a plain `go build` of the main package asks for, be it with or without cgo. */
export function defaultRequest(mainPackage: MainPackage): ProgramRequest {
	return {
		directory: mainPackage.directory,
		packages: ['.'],
		goos: 'linux',
		goarch: undefined,
		tags: [],
		cgo: undefined,
		goMinor: undefined,
		mod: undefined,
	};
}
