import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'esbuild';

/** Features of the Language Server Protocol, by the name of their module, that the server does not offer and no other feature asks for. */
const FEATURES = [
	...['callHierarchy', 'codeLens', 'colorProvider', 'completion', 'declaration', 'definition', 'documentHighlight', 'documentLink'],
	...['documentSymbol', 'fileOperations', 'foldingRange', 'formatting', 'implementation', 'inlayHint', 'inlineCompletion'],
	...['inlineValue', 'linkedEditingRange', 'moniker', 'reference', 'rename', 'selectionRange', 'semanticTokens'],
	...['signatureHelp', 'textDocumentContent', 'typeDefinition', 'typeHierarchy', 'workspaceSymbol'],
].join('|');

/** The client asks each feature of its list for the capabilities to announce, and for nothing more where the server has none. */
const CLIENT_FEATURE = `class Feature {
	fillClientCapabilities() {}
	initialize() {}
	getState() { return { kind: 'static' }; }
	clear() {}
}
module.exports = new Proxy({}, { get: () => Feature });`;

/** What the client makes of answers to these features. */
const CONVERTED = 'CallHierarchyItem|TypeHierarchyItem|InlayHint|DocumentLink|CodeLens|WorkspaceSymbol|CompletionItem';

/** Notebooks, as the client knows them where there are none: what pulls diagnostics asks for its events. */
const NO_NOTEBOOKS = `const never = () => ({ dispose() {} });
class NotebookDocumentSyncFeature {
	static CellScheme = 'vscode-notebook-cell';
	registrationType = { method: 'notebookDocument/sync' };
	onOpenNotificationSent = never;
	onChangeNotificationSent = never;
	onSaveNotificationSent = never;
	onCloseNotificationSent = never;
	fillClientCapabilities() {}
	initialize() {}
	getState() { return { kind: 'static' }; }
	register() {}
	unregister() {}
	handles() { return false; }
	clear() {}
}
exports.NotebookDocumentSyncFeature = NotebookDocumentSyncFeature;`;

/** What the client asks of the protocol of notebooks where there are none. */
const NO_NOTEBOOK_PROTOCOL = `exports.NotebookDocumentSyncRegistrationType = { method: 'notebookDocument/sync' };
exports.NotebookCellTextDocumentFilter = { is: () => false };`;

/** What the protocol says of features that neither side has. Only their own methods ask for it. */
const PROTOCOL_FEATURES = [
	...['callHierarchy', 'colorProvider', 'declaration', 'fileOperations', 'foldingRange', 'implementation', 'inlayHint'],
	...['inlineCompletion', 'inlineValue', 'linkedEditingRange', 'moniker', 'selectionRange', 'semanticTokens'],
	...['textDocumentContent', 'typeDefinition', 'typeHierarchy'],
].join('|');
const protocolFiles = (features: string) =>
	`[\\\\/]vscode-languageserver-protocol[\\\\/]lib[\\\\/]common[\\\\/]protocol\\.(?:${features})\\.js$`;

/** A feature of the library for servers adds methods to a class; this one adds none. */
const NO_FEATURE = 'module.exports = new Proxy({}, { get: () => (Base) => Base });';

/**
 * Leaves the features out of the client that the server does not offer. Tree-shaking cannot, for the library is CommonJS and names them
 * all; without them the client is smaller by a fifth.
 */
export const withoutFeatures: Plugin = {
	name: 'without-features',
	setup({ onLoad }) {
		const filter = new RegExp(`[\\\\/]vscode-languageclient[\\\\/]lib[\\\\/]common[\\\\/](?:${FEATURES})\\.js$`);
		onLoad({ filter }, () => ({ contents: CLIENT_FEATURE, loader: 'js' }));
		onLoad({ filter: new RegExp(protocolFiles(PROTOCOL_FEATURES)) }, () => ({ contents: NO_FEATURE, loader: 'js' }));
		onLoad({ filter: new RegExp(protocolFiles('notebook')) }, () => ({ contents: NO_NOTEBOOK_PROTOCOL, loader: 'js' }));
		onLoad({ filter: /[\\/]vscode-languageclient[\\/]lib[\\/]common[\\/]notebook\.js$/ }, () => ({ contents: NO_NOTEBOOKS, loader: 'js' }));
		onLoad({ filter: /[\\/]vscode-languageserver-types[\\/]lib[\\/]esm[\\/]main\.js$/ }, async (file) => ({
			contents: withoutTypes(await readFile(file.path, 'utf8'), TYPES_UNUSED_BY_CLIENTS),
			loader: 'js',
		}));
		onLoad({ filter: new RegExp(`[\\\\/]vscode-languageclient[\\\\/]lib[\\\\/]common[\\\\/]protocol(?:${CONVERTED}).js$`) }, () => ({
			contents: 'exports.default = class {};',
			loader: 'js',
		}));
		// File patterns are matched by diagnostics where the client has no way of its own; ours has.
		onLoad({ filter: /[\\/]vscode-languageclient[\\/]lib[\\/]common[\\/]utils[\\/]globPattern\.js$/ }, () => ({
			contents: 'exports.matchGlobPattern = () => false;',
			loader: 'js',
		}));
	},
};

/** Features of the library for servers, by the name of their module, that the server does not offer. */
const SERVER_FEATURES = [
	...['callHierarchy', 'fileOperations', 'foldingRange', 'inlayHint', 'inlineCompletion', 'inlineValue', 'linkedEditingRange'],
	...['moniker', 'notebook', 'semanticTokens', 'textDocumentContent', 'textDocuments', 'typeHierarchy'],
].join('|');

/** Types of the protocol, which are objects with functions that make and check values. Nothing in the client calls those of these. */
const TYPES_UNUSED_BY_CLIENTS = [
	...['Color', 'ColorInformation', 'ColorPresentation', 'CompletionList', 'DocumentHighlight', 'FoldingRange', 'FormattingOptions'],
	...['Hover', 'InlineCompletionContext', 'InlineCompletionItem', 'InlineCompletionList', 'InlineValueEvaluatableExpression'],
	...['LanguageKind', 'MarkedString', 'ParameterInformation', 'SelectedCompletionInfo', 'SelectionRange', 'SignatureInformation'],
	...['SymbolInformation', 'TextDocumentItem', 'WorkspaceSymbol'],
];

/** Those that a server does not use either. */
const TYPES_UNUSED_BY_SERVERS = [
	...TYPES_UNUSED_BY_CLIENTS,
	...['ApplyKind', 'CodeActionContext', 'CodeActionTag', 'CodeDescription', 'CodeLens', 'CompletionItemKind'],
	...['CompletionItemLabelDetails', 'CompletionItemTag', 'DiagnosticRelatedInformation', 'DiagnosticTag', 'DocumentHighlightKind'],
	...['DocumentLink', 'DocumentSymbol', 'FoldingRangeKind', 'InlayHint', 'InlayHintKind', 'InlayHintLabelPart'],
	...['InlineCompletionTriggerKind', 'InlineValueContext', 'InlineValueText', 'InlineValueVariableLookup', 'InsertReplaceEdit'],
	...['InsertTextFormat', 'InsertTextMode', 'LocationLink', 'SemanticTokenModifiers', 'SemanticTokenTypes', 'SemanticTokens'],
	...['SnippetTextEdit', 'StringValue', 'SymbolKind', 'SymbolTag'],
];

/** The types of the protocol without those that are not used. */
function withoutTypes(types: string, unused: readonly string[]): string {
	return types
		.split(/^(?=(?:export )?(?:var|class|function) )/m)
		.map((part) => {
			const name = /^export var (\w+)/.exec(part)?.[1];
			return name !== undefined && unused.includes(name) ? `export var ${name} = {};\n` : part;
		})
		.join('');
}

/** The types of the protocol without the functions that check values: of these a server calls those of positions and ranges only. */
function withoutChecks(types: string): string {
	return types
		.split(/^(?=export var )/m)
		.map((part) =>
			/^export var (?:Position|Range)\b/.test(part)
				? part
				: part.replace(/^ {4}function is\([\s\S]*?^ {4}\}\n/gm, '').replace(/^ {4}\w+\.is = is;\n/gm, ''),
		)
		.join('');
}

/** A web worker's messages are objects: what reads them from bytes is left out, and what cancels requests through shared memory. */
export const withoutStreams: Plugin = {
	name: 'without-streams',
	setup({ onLoad }) {
		const contents = (text: string) => () => ({ contents: text, loader: 'js' }) as const;
		const common = '[\\\\/]vscode-jsonrpc[\\\\/]lib[\\\\/]common[\\\\/]';
		onLoad({ filter: new RegExp(`${common}messageBuffer\\.js$`) }, contents('exports.AbstractMessageBuffer = class {};'));
		onLoad({ filter: new RegExp(`${common}sharedArrayCancellation\\.js$`) }, contents(NO_FEATURE));
	},
};

/** Keeps the programs out of a server that has no archive to keep them in. */
export const withoutKeptPrograms: Plugin = {
	name: 'without-kept-programs',
	setup({ onLoad }) {
		onLoad({ filter: /[\\/]server[\\/]program[\\/]kept[\\/]kept-programs\.ts$/ }, () => ({
			contents: 'export const [keepPrograms, restorePrograms] = [];',
			loader: 'ts',
		}));
	},
};

/** The names under which the modules of YAML that are left out are imported; a name that is not exported would be an error. */
const NOTHING_OF_YAML = [
	...['FOLD_BLOCK', 'FOLD_FLOW', 'FOLD_QUOTED', 'foldFlowLines', 'createStringifyContext', 'stringify', 'stringifyCollection'],
	...['indentComment', 'lineComment', 'stringifyComment', 'stringifyDocument', 'stringifyNumber', 'stringifyPair', 'stringifyString'],
	...['binary', 'omap', 'pairs', 'createPairs', 'resolvePairs', 'set', 'timestamp', 'intTime', 'floatTime'],
	...['createScalarToken', 'resolveAsScalar', 'setScalarValue', 'visit'],
]
	.map((name) => `export const ${name} = undefined;`)
	.join('\n');

/**
 * Leaves out of a server what its libraries have for others: the features that it does not offer, and of YAML what is for writing or
 * for version 1.1. A server starts faster, and a browser loads less.
 */
export const withoutUnused: Plugin = {
	name: 'without-unused',
	setup({ onLoad }) {
		const contents = (text: string) => () => ({ contents: text, loader: 'js' }) as const;
		const languageServer = '[\\\\/]vscode-languageserver';
		const common = '[\\\\/]lib[\\\\/]common[\\\\/]';
		onLoad({ filter: new RegExp(`${languageServer}${common}(?:${SERVER_FEATURES})\\.js$`) }, contents(NO_FEATURE));
		onLoad({ filter: new RegExp(protocolFiles(`${PROTOCOL_FEATURES}|notebook`)) }, contents(NO_FEATURE));
		onLoad({ filter: /[\\/]vscode-jsonrpc[\\/]lib[\\/]common[\\/]sharedArrayCancellation\.js$/ }, contents(NO_FEATURE));
		onLoad({ filter: /[\\/]vscode-languageserver-types[\\/]lib[\\/]esm[\\/]main\.js$/ }, async (file) => ({
			contents: withoutChecks(withoutTypes(await readFile(file.path, 'utf8'), TYPES_UNUSED_BY_SERVERS)),
			loader: 'js',
		}));
		const yaml = '[\\\\/]yaml[\\\\/](?:browser[\\\\/])?dist[\\\\/]';
		onLoad({ filter: new RegExp(`${yaml}stringify[\\\\/]\\w+\\.js$`) }, contents(NOTHING_OF_YAML));
		onLoad({ filter: new RegExp(`${yaml}parse[\\\\/]cst-(?:scalar|stringify|visit)\\.js$`) }, contents(NOTHING_OF_YAML));
		// Types of YAML 1.1 that nothing here reads; its documents are read as those of 1.2, with merge keys.
		const yaml11 = `${yaml}schema[\\\\/]yaml-1\\.1[\\\\/]`;
		onLoad({ filter: new RegExp(`${yaml11}(?:binary|omap|pairs|set|timestamp)\\.js$`) }, contents(NOTHING_OF_YAML));
		onLoad({ filter: new RegExp(`${yaml11}schema\\.js$`) }, contents("export { schema } from '../core/schema.js';"));
	},
};

const DOCUMENTATION = /\n\tdocumentation: \{\n[\s\S]*?\n\t\},\n/;

/** Leaves the pages of the rules out of a server, which points to them where they are published. */
export const withoutDocumentation: Plugin = {
	name: 'without-documentation',
	setup({ onLoad }) {
		onLoad({ filter: /[\\/]server[\\/]rules[\\/][a-z-]+\.ts$/ }, async (file) => {
			const text = await readFile(file.path, 'utf8');
			const contents = text.replace(DOCUMENTATION, '\n\tdocumentation: undefined as never,\n');
			if (contents === text && text.includes('export const rule: Rule')) {
				return { errors: [{ text: `The documentation of ${path.basename(file.path)} is not where it is in every rule.` }] };
			}
			return { contents, loader: 'ts' };
		});
	},
};
