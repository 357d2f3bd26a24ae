/**
 * What the server takes from `vscode-languageserver` by value, written anew for browsers: the build puts this module in the place of
 * that one. A name that is missing here ends the build; a test compares the values.
 */

export { ErrorCodes, ResponseError } from 'vscode-jsonrpc';

export const LSPErrorCodes = { ContentModified: -32801, RequestCancelled: -32800 } as const;

export const CodeActionKind = { QuickFix: 'quickfix', RefactorRewrite: 'refactor.rewrite', SourceFixAll: 'source.fixAll' } as const;
export const DiagnosticSeverity = { Error: 1, Warning: 2, Information: 3, Hint: 4 } as const;
export const FileChangeType = { Created: 1, Changed: 2, Deleted: 3 } as const;
export const MarkupKind = { PlainText: 'plaintext', Markdown: 'markdown' } as const;
export const MessageType = { Error: 1, Warning: 2, Info: 3, Log: 4 } as const;
export const TextDocumentSyncKind = { None: 0, Full: 1, Incremental: 2 } as const;
export const WatchKind = { Create: 1, Change: 2, Delete: 4 } as const;

export const ApplyWorkspaceEditRequest = { type: { method: 'workspace/applyEdit' } } as const;
export const DidChangeConfigurationNotification = { type: { method: 'workspace/didChangeConfiguration' } } as const;
export const DidChangeWatchedFilesNotification = { type: { method: 'workspace/didChangeWatchedFiles' } } as const;
export const ShowDocumentRequest = { type: { method: 'window/showDocument' } } as const;
export const ShowMessageNotification = { type: { method: 'window/showMessage' } } as const;
export const ShowMessageRequest = { type: { method: 'window/showMessageRequest' } } as const;
