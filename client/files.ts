import { type FileStat, FileType, Uri, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
	FILES_CAPABILITY,
	type FileParams,
	READ_DIRECTORY,
	READ_FILE,
	type ReadDirectoryResult,
	type ReadFileResult,
	STAT,
	type StatResult,
} from '../server/lsp/protocol.ts';
import { MAX_ENTRIES, MAX_TEXT_BYTES } from '../server/workspace/files.ts';

/** Of a larger file the server gets the beginning, which tells what a Go file imports. */
const BEGINNING_BYTES = 256 * 1024;

/** A larger file is not fetched for its beginning: a file system gives the whole or nothing. */
const LARGEST_BYTES = 8 * MAX_TEXT_BYTES;

/** Lets the server read, through VS Code, the files that it cannot reach itself: those of virtual and remote file systems. */
export function answerFileRequests(client: BaseLanguageClient): void {
	client.registerFeature({
		fillClientCapabilities(capabilities) {
			capabilities.experimental = { ...capabilities.experimental, [FILES_CAPABILITY]: true };
		},
		initialize() {},
		getState: () => ({ kind: 'static' }),
		clear() {},
	});
	const answer = (method: string, read: (uri: Uri) => Promise<unknown>) =>
		client.onRequest(method, ({ uri }: FileParams) =>
			// What a file system refuses is to the server as if it were not there.
			read(Uri.parse(uri)).catch(() => null),
		);
	answer(READ_FILE, readFile);
	answer(READ_DIRECTORY, readDirectory);
	answer(STAT, stat);
}

async function readFile(uri: Uri): Promise<ReadFileResult | null> {
	const found = await workspace.fs.stat(uri);
	if (!(found.type & FileType.File) || found.size > LARGEST_BYTES) {
		return null;
	}
	const bytes = await workspace.fs.readFile(uri);
	const complete = bytes.length <= MAX_TEXT_BYTES;
	const taken = complete ? bytes : bytes.subarray(0, BEGINNING_BYTES);
	if (taken.includes(0)) {
		return null;
	}
	return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(taken), complete, version: versionOf(found) };
}

async function readDirectory(uri: Uri): Promise<ReadDirectoryResult | null> {
	const entries = await workspace.fs.readDirectory(uri);
	if (entries.length > MAX_ENTRIES) {
		return null;
	}
	return {
		entries: entries.flatMap(([name, type]) => {
			const kind = kindOf(type);
			return kind ? [{ name, kind, link: (type & FileType.SymbolicLink) !== 0 }] : [];
		}),
	};
}

async function stat(uri: Uri): Promise<StatResult | null> {
	const found = await workspace.fs.stat(uri);
	const kind = kindOf(found.type);
	return kind ? { kind, size: found.size, version: versionOf(found) } : null;
}

function kindOf(type: FileType): 'file' | 'directory' | undefined {
	return type & FileType.File ? 'file' : type & FileType.Directory ? 'directory' : undefined;
}

function versionOf({ mtime, ctime, size }: FileStat): string {
	return `${mtime}:${ctime}:${size}`;
}
