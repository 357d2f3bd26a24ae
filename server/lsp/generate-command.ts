import {
	ApplyWorkspaceEditRequest,
	type CancellationToken,
	type Connection,
	MessageType,
	ShowDocumentRequest,
} from 'vscode-languageserver';
import { type Candidate, type Candidates, type GeneratedFile, generateFor } from '../generate/generation.ts';
import type { Files } from '../workspace/files.ts';
import { basename, relativeWithin } from '../workspace/paths.ts';
import { askForOne, showMessage } from './messages.ts';
import { isPlaced, pathFromUri } from './uris.ts';
import { type EditContext, filesToWorkspaceEdit } from './workspace-edits.ts';

/**
 * The command that writes a Dockerfile by what the protocol itself has, for clients without a flow of their own. VS Code's extension
 * has one, and its command has another name: the client library there declares every command of a server under the server's name.
 */
export const GENERATE_COMMAND = 'go-scratch.generateDockerfile';

export interface GenerateCommandContext extends EditContext {
	readonly files: Files;
	/** The workspace folders. */
	readonly folders: readonly string[];
	/** Whether the Dockerfile explains itself, where the command does not say. */
	readonly comments: boolean;
	/** The main packages in a directory, or beside a file, and below. */
	candidatesAt(path: string, signal: AbortSignal): Promise<Candidates>;
}

/** What the command is given: a URI or a path, alone or with more. */
interface Wish {
	readonly place: string | undefined;
	readonly comments: boolean | undefined;
}

const REPLACE = 'Overwrite';
const KEEP = 'Cancel';

/**
 * Writes a Dockerfile, and a .dockerignore if there is none, through the client. Asks the user for what is ambiguous, and shows the
 * result.
 *
 * @param words What the client sends along: a URI or a path, or `{ "uri": …, "comments": … }`, or nothing.
 */
export async function runGenerateCommand(
	words: readonly unknown[] | undefined,
	context: GenerateCommandContext,
	connection: Connection,
	token: CancellationToken,
): Promise<void> {
	const tell = (type: MessageType, message: string) => showMessage(connection, type, message);
	const ask: Ask = async (type, message, titles, otherwise) => {
		try {
			return await askForOne(connection, type, message, titles, token);
		} catch {
			// Some clients show messages but no choices.
			if (!token.isCancellationRequested) await tell(MessageType.Warning, `${message} ${otherwise}`);
			return undefined;
		}
	};

	if (!context.features.applyEdit) {
		return tell(MessageType.Error, 'This editor does not let a language server edit files. Use `go-scratch generate` on the command line.');
	}
	const wish = readWish(words?.[0]);
	const place = wish.place ?? (await chooseFolder(context.folders, ask));
	if (place === undefined) {
		if (context.folders.length > 0) return;
		return tell(MessageType.Error, 'No folder is open. Pass the directory of a Go program to the command.');
	}

	const found = await whileReading(context.features.progress ? connection : undefined, token, (signal) =>
		context.candidatesAt(place, signal),
	);
	if (found === undefined) return;
	const { workspace, candidates, message } = found;
	if (message !== undefined) return tell(MessageType.Warning, message);
	const candidate = await chooseCandidate(candidates, workspace.root, ask);
	if (candidate === undefined) return;
	const generated = await generateFor(context.files, workspace, candidate, wish.comments ?? context.comments);
	if (typeof generated === 'string') return tell(MessageType.Warning, generated);

	const [dockerfile, ...others] = generated.files as [GeneratedFile, ...GeneratedFile[]];
	const shown = relativeWithin(workspace.root, dockerfile.path) ?? dockerfile.path;
	if (dockerfile.exists && (await context.readText(dockerfile.path))?.trim() !== '') {
		const answer = await ask(MessageType.Warning, `${shown} exists.`, [REPLACE, KEEP], 'Move or delete it, and run the command again.');
		if (answer !== REPLACE) return;
	}
	const written = [dockerfile, ...others.filter((file) => !file.exists)];
	const edit = await filesToWorkspaceEdit(new Map(written.map(({ path, content }) => [path, content])), context);
	const result = await connection.sendRequest(ApplyWorkspaceEditRequest.type, { label: 'Generate scratch Dockerfile', edit }, token);
	if (!result.applied) {
		const reason = result.failureReason === undefined ? '' : `: ${result.failureReason}`;
		return tell(MessageType.Error, `The editor did not write ${shown}${reason}`);
	}
	if (context.features.showDocument) {
		await connection.sendRequest(ShowDocumentRequest.type, { uri: context.uriOf(dockerfile.path), takeFocus: true }, token);
	}
	return tell(MessageType.Info, generated.summary);
}

function readWish(word: unknown): Wish {
	if (typeof word === 'string') return { place: placeOf(word), comments: undefined };
	const { uri, comments } = (word ?? {}) as { uri?: unknown; comments?: unknown };
	return {
		place: typeof uri === 'string' ? placeOf(uri) : undefined,
		comments: typeof comments === 'boolean' ? comments : undefined,
	};
}

/** A buffer without a file has no directory. */
function placeOf(word: string): string | undefined {
	const path = pathFromUri(word);
	return isPlaced(path) ? path : undefined;
}

/**
 * Has the person choose one of `titles`.
 *
 * @param otherwise What a person is told to do where the client cannot let them choose.
 * @returns `undefined` where none is chosen.
 */
type Ask = (type: MessageType, message: string, titles: readonly string[], otherwise: string) => Promise<string | undefined>;

async function chooseFolder(folders: readonly string[], ask: Ask): Promise<string | undefined> {
	if (folders.length < 2) return folders[0];
	const names = folders.map(basename);
	// Folders of one name are told apart by their paths.
	const titles = new Set(names).size === names.length ? names : folders;
	const chosen = await ask(MessageType.Info, 'Which folder is the Dockerfile for?', titles, 'Pass one of them to the command.');
	return chosen === undefined ? undefined : folders[titles.indexOf(chosen)];
}

async function chooseCandidate(candidates: readonly Candidate[], root: string, ask: Ask): Promise<Candidate | undefined> {
	if (candidates.length < 2) return candidates[0];
	const titles = candidates.map(({ mainPackage: { directory, importPath } }) => {
		const shown = relativeWithin(root, directory) ?? directory;
		return shown === '.' ? importPath : shown;
	});
	const otherwise = `Pass the directory of one to the command: ${titles.join(', ')}.`;
	const chosen = await ask(MessageType.Info, 'Which program does the image run?', titles, otherwise);
	return chosen === undefined ? undefined : candidates[titles.indexOf(chosen)];
}

/**
 * Shows that Go programs are being read, which may take seconds where they are large.
 *
 * @param connection That of a client that shows such things.
 * @returns `undefined` where the person, or the client, ended it.
 */
async function whileReading<T>(
	connection: Connection | undefined,
	token: CancellationToken,
	read: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
	const abort = new AbortController();
	// Nothing depends on its being shown.
	const progress = await connection?.window.createWorkDoneProgress().catch(() => undefined);
	progress?.begin('go-scratch: reading the Go programs', undefined, undefined, true);
	for (const each of [token, progress?.token]) each?.onCancellationRequested(() => abort.abort());
	if (token.isCancellationRequested) abort.abort();
	try {
		const result = await read(abort.signal);
		return abort.signal.aborted ? undefined : result;
	} catch (error) {
		if (abort.signal.aborted) return undefined;
		throw error;
	} finally {
		progress?.done();
	}
}
