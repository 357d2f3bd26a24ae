/**
 * The numbers and names of the Language Server Protocol that the server uses. The library that has them all would bring the rest of the
 * protocol along; a test compares the values with it.
 */

export { ErrorCodes, ResponseError } from 'vscode-jsonrpc';

export const LSPErrorCodes = { ContentModified: -32801, RequestCancelled: -32800 } as const;

export const CodeActionKind = { QuickFix: 'quickfix', RefactorRewrite: 'refactor.rewrite', SourceFixAll: 'source.fixAll' } as const;
export const DiagnosticSeverity = { Error: 1, Warning: 2, Information: 3, Hint: 4 } as const;
export const FileChangeType = { Created: 1, Changed: 2, Deleted: 3 } as const;
export const MarkupKind = { PlainText: 'plaintext', Markdown: 'markdown' } as const;
export const MessageType = { Error: 1, Warning: 2, Info: 3, Log: 4 } as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];
export const TextDocumentSyncKind = { None: 0, Full: 1, Incremental: 2 } as const;
export const WatchKind = { Create: 1, Change: 2, Delete: 4 } as const;
