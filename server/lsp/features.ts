import type { ClientCapabilities } from 'vscode-languageserver';
import type { PositionEncoding } from './positions.ts';
import { EDITOR_CAPABILITY, FILES_CAPABILITY } from './protocol.ts';

/** What the client can do, as far as the server acts on it. */
export interface Features {
	readonly encoding: PositionEncoding;
	readonly configuration: boolean;
	readonly configurationRegistration: boolean;
	readonly workspaceFolders: boolean;
	readonly fileWatching: boolean;
	/** Whether the client asks for diagnostics; they are pushed otherwise. Both at once would show each finding twice. */
	readonly pullDiagnostics: boolean;
	readonly diagnosticRefresh: boolean;
	readonly relatedInformation: boolean;
	readonly codeDescription: boolean;
	readonly diagnosticData: boolean;
	readonly diagnosticVersion: boolean;
	readonly codeActionLiterals: boolean;
	/** Whether the edit of an action may be worked out when a person takes it. */
	readonly lazyEdits: boolean;
	readonly documentChanges: boolean;
	/** Whether the server may send an edit that nobody asked it for as the answer to a question. */
	readonly applyEdit: boolean;
	readonly createFiles: boolean;
	/** Whether an edit may say what has to be looked at before it is taken. */
	readonly confirmation: boolean;
	/** Whether the client opens a document when it is told to. */
	readonly showDocument: boolean;
	/** Whether the client shows that something is under way. */
	readonly progress: boolean;
	readonly markdownHover: boolean;
	/** Whether the client reads files for the server. */
	readonly clientFiles: boolean;
	/** Whether the client is our own extension, which shows what is known of a Dockerfile and has commands. */
	readonly ownEditor: boolean;
}

export function readFeatures({ workspace, textDocument, window, general, experimental }: ClientCapabilities): Features {
	const diagnostics = textDocument?.publishDiagnostics;
	const pull = textDocument?.diagnostic;
	const codeAction = textDocument?.codeAction;
	const edit = workspace?.workspaceEdit;
	const operations = edit?.resourceOperations ?? [];
	// Whoever creates files takes the form that can say so, even where it does not claim to heed versions.
	const documentChanges = edit?.documentChanges === true || operations.length > 0;
	return {
		encoding: chooseEncoding(general?.positionEncodings),
		configuration: workspace?.configuration === true,
		configurationRegistration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
		workspaceFolders: workspace?.workspaceFolders === true,
		fileWatching: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
		pullDiagnostics: pull !== undefined,
		diagnosticRefresh: workspace?.diagnostics?.refreshSupport === true,
		// A client that pulls says so of the pulled ones, if at all; older ones only of the pushed ones.
		relatedInformation: (diagnostics?.relatedInformation ?? pull?.relatedInformation) === true,
		codeDescription: (diagnostics?.codeDescriptionSupport ?? pull?.codeDescriptionSupport) === true,
		diagnosticData: (diagnostics?.dataSupport ?? pull?.dataSupport) === true,
		diagnosticVersion: diagnostics?.versionSupport === true,
		codeActionLiterals: codeAction?.codeActionLiteralSupport !== undefined,
		lazyEdits: codeAction?.dataSupport === true && codeAction.resolveSupport?.properties.includes('edit') === true,
		documentChanges,
		applyEdit: workspace?.applyEdit === true,
		createFiles: operations.includes('create'),
		confirmation: edit?.changeAnnotationSupport !== undefined,
		showDocument: window?.showDocument?.support === true,
		progress: window?.workDoneProgress === true,
		markdownHover: textDocument?.hover?.contentFormat?.includes('markdown') === true,
		clientFiles: hasCapability(experimental, FILES_CAPABILITY),
		ownEditor: hasCapability(experimental, EDITOR_CAPABILITY),
	};
}

function hasCapability(experimental: unknown, name: string): boolean {
	return (experimental as Record<string, unknown> | null | undefined)?.[name] === true;
}

/** UTF-16 costs nothing here, so it is taken wherever the client offers it or says nothing. */
function chooseEncoding(offered: readonly string[] | undefined): PositionEncoding {
	if (offered === undefined || offered.length === 0 || offered.includes('utf-16')) return 'utf-16';
	return offered.includes('utf-32') ? 'utf-32' : offered.includes('utf-8') ? 'utf-8' : 'utf-16';
}
