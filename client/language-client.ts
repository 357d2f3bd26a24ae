import {
	type BaseLanguageClient,
	DidChangeTextDocumentNotification,
	DidCloseTextDocumentNotification,
	DidOpenTextDocumentNotification,
	type DocumentSelector,
	type LanguageClientOptions,
	TextDocumentSyncKind,
} from 'vscode-languageclient';

/** The documents that get findings. The names count too, for another extension may have given the file its own language. */
const DOCKERFILES: DocumentSelector = [
	{ scheme: 'file', language: 'dockerfile' },
	{ scheme: 'file', pattern: '**/{Dockerfile,Containerfile,Dockerfile.*,*.Dockerfile,*.dockerfile}' },
];

/** The documents whose unsaved text decides what is found in a Dockerfile; they get no findings themselves. */
const GO_DOCUMENTS: DocumentSelector = [
	{ scheme: 'file', pattern: '**/{*.go,go.mod,go.sum,go.work,modules.txt,*.dockerignore,.go-scratch.json}' },
	{ scheme: 'file', pattern: '**/{*compose*.yml,*compose*.yaml,docker-bake.hcl,docker-bake.json}' },
];

/** How the client presents itself to the server, which says itself which files it wants to be watched. */
export const CLIENT_OPTIONS: LanguageClientOptions = { documentSelector: DOCKERFILES };

/**
 * Lets the server see Go files and their like as the editor holds them, saved or not. They are no part of the client's own
 * selector, so that no finding, hover or action is ever asked for in them.
 */
export function sendGoDocuments(client: BaseLanguageClient): void {
	const registration = (method: string) => ({ id: `go-documents/${method}`, registerOptions: { documentSelector: GO_DOCUMENTS } });
	const { method: open } = DidOpenTextDocumentNotification;
	const { method: change } = DidChangeTextDocumentNotification;
	const { method: close } = DidCloseTextDocumentNotification;
	client.getFeature(open).register(registration(open));
	client.getFeature(close).register(registration(close));
	client.getFeature(change).register({
		id: `go-documents/${change}`,
		registerOptions: { documentSelector: GO_DOCUMENTS, syncKind: TextDocumentSyncKind.Incremental },
	});
}
