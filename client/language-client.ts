import { workspace } from 'vscode';
import {
	type BaseLanguageClient,
	DidChangeTextDocumentNotification,
	DidCloseTextDocumentNotification,
	DidOpenTextDocumentNotification,
	type LanguageClientOptions,
	type TextDocumentFilter,
	TextDocumentSyncKind,
} from 'vscode-languageclient';
import { isDockerfilePath } from '../server/knowledge/dockerfile-names.ts';
import { FILES_THAT_MATTER } from '../server/knowledge/files-that-matter.ts';
import { neighbourMiddleware } from './neighbours.ts';

/** Where files are that no workspace folder needs to vouch for: on this machine, in a browser's repository, on the machine behind it. */
const FILE_SYSTEMS: readonly string[] = ['file', 'vscode-vfs', 'vscode-remote'];

/** The file systems whose documents count: others hold old versions of files, output and the like. */
export function schemesOpen(): Set<string> {
	return new Set([...FILE_SYSTEMS, ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme)]);
}

/** The documents that get findings. The names count too, for another extension may have given the file its own language. */
function dockerfiles(scheme: string): TextDocumentFilter[] {
	return [
		{ scheme, language: 'dockerfile' },
		{ scheme, pattern: '**/{Dockerfile,Dockerfile.*,Dockerfile-*,*.Dockerfile,*.dockerfile}' },
		{ scheme, pattern: '**/{Containerfile,Containerfile.*,Containerfile-*,*.Containerfile,*.containerfile}' },
	];
}

/** The documents that may start the images: what starts none of the workspace gets no findings. */
function deployments(scheme: string): TextDocumentFilter[] {
	return [
		{ scheme, language: 'yaml' },
		{ scheme, language: 'dockercompose' },
		{ scheme, pattern: '**/*.{yml,yaml}' },
	];
}

/** The documents whose unsaved text decides what is found in a Dockerfile; they get no findings themselves. */
function goDocuments(scheme: string): TextDocumentFilter[] {
	return FILES_THAT_MATTER.map((pattern) => ({ scheme, pattern: `**/${pattern}` }));
}

/** How the client presents itself to the server, which says itself which files it wants to be watched. */
export function clientOptions(schemes: ReadonlySet<string>): LanguageClientOptions {
	return {
		documentSelector: [...schemes].flatMap((scheme) => [...dockerfiles(scheme), ...deployments(scheme)]),
		middleware: neighbourMiddleware,
		// What is shown holds names from the repository: no commands, no HTML.
		markdown: { isTrusted: false, supportHtml: false },
		// The library's own way to know a Dockerfile in a tab that was not shown yet brings a parser of file patterns along.
		diagnosticPullOptions: {
			onChange: true,
			match: (_, { scheme, path }) => schemes.has(scheme) && (isDockerfilePath(path) || /\.ya?ml$/.test(path)),
		},
	};
}

/**
 * Lets the server see Go files and their like as the editor holds them, saved or not. They are no part of the client's own
 * selector, so that no finding, hover or action is ever asked for in them.
 */
export function sendGoDocuments(client: BaseLanguageClient, schemes: ReadonlySet<string>): void {
	const documentSelector = [...schemes].flatMap(goDocuments);
	const registration = (method: string) => ({ id: `go-documents/${method}`, registerOptions: { documentSelector } });
	const { method: open } = DidOpenTextDocumentNotification;
	const { method: change } = DidChangeTextDocumentNotification;
	const { method: close } = DidCloseTextDocumentNotification;
	client.getFeature(open).register(registration(open));
	client.getFeature(close).register(registration(close));
	client.getFeature(change).register({
		id: `go-documents/${change}`,
		registerOptions: { documentSelector, syncKind: TextDocumentSyncKind.Incremental },
	});
}
