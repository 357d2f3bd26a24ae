import { type CancellationToken, type Connection, ErrorCodes, ResponseError } from 'vscode-languageserver';
import { type Candidates, directoryOf, findCandidates, generateFor } from '../generate/generation.ts';
import { buildCommand, placedAt, placeFor } from '../generate/place.ts';
import { findRoot } from '../lint/root.ts';
import { signalOf, throwIfCancelled } from './cancellation.ts';
import { GENERATE_COMMAND, runGenerateCommand } from './generate-command.ts';
import {
	GENERATE,
	type GenerateParams,
	type GenerateResult,
	MAIN_PACKAGES,
	type MainPackageItem,
	type MainPackagesParams,
	type MainPackagesResult,
} from './protocol.ts';
import { pathFromUri, uriFromPath } from './uris.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Generates Dockerfiles: for the requests of our own client, and for the command that other clients run. */
export function serveGeneration(connection: Connection, state: WorkspaceState): void {
	const { files, analyser } = state;

	async function candidatesAt(path: string, signal: AbortSignal): Promise<Candidates> {
		await state.settings.settled;
		const directory = await directoryOf(files, path);
		const root = state.folderOf(directory) ?? (await findRoot(files, directory));
		if (!state.isWatched(directory)) state.forgetFiles();
		return findCandidates(analyser.reader, directory, root, signal);
	}

	connection.onExecuteCommand(async ({ command, arguments: words }, token) => {
		if (command !== GENERATE_COMMAND) throw new ResponseError(ErrorCodes.InvalidParams, `Unknown command ${command}.`);
		await state.settings.settled;
		const { features, folders, documentAt, uriOf, readText, settings } = state;
		const context = { features, folders, documentAt, uriOf, readText, files, comments: settings.comments, candidatesAt };
		await runGenerateCommand(words, context, connection, token);
		throwIfCancelled(token);
		return null;
	});

	connection.onRequest(MAIN_PACKAGES, async ({ uri }: MainPackagesParams, token: CancellationToken): Promise<MainPackagesResult> => {
		const { workspace, candidates, message } = await candidatesAt(pathFromUri(uri), signalOf(token));
		throwIfCancelled(token);
		const mainPackages: MainPackageItem[] = [];
		for (const { mainPackage, needs } of candidates) {
			const { directory, importPath, module } = mainPackage;
			const dockerfile = state.uriOf(await placeFor(files, workspace, mainPackage));
			mainPackages.push({ uri: uriFromPath(directory), importPath, module: module?.file.path ?? '', needs, dockerfile });
		}
		return message === undefined ? { mainPackages } : { mainPackages, message };
	});

	connection.onRequest(GENERATE, async (params: GenerateParams, token: CancellationToken): Promise<GenerateResult> => {
		const directory = pathFromUri(params.uri);
		const { workspace, candidates, message } = await candidatesAt(directory, signalOf(token));
		const candidate = candidates.find(({ mainPackage }) => mainPackage.directory === directory) ?? candidates[0];
		throwIfCancelled(token);
		if (candidate === undefined) return { files: [], summary: message ?? '' };
		const generated = await generateFor(files, workspace, candidate, params.comments);
		if (typeof generated === 'string') return { files: [], summary: generated };
		const placed = params.dockerfile === undefined ? generated : await placedAt(files, generated, pathFromUri(params.dockerfile));
		throwIfCancelled(token);
		const [dockerfile] = placed.files;
		return {
			files: placed.files.map(({ path, content, exists }) => ({ uri: state.uriOf(path), content, exists })),
			command: buildCommand(workspace.root, placed.context, dockerfile?.path ?? '', candidate.mainPackage),
			summary: placed.summary,
		};
	});
}
