import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * What the libraries bring and the product never uses: tree-shaking cannot see it, for they are CommonJS. Without it the client is
 * smaller by a fifth, and starts sooner.
 */

/** Features of the Language Server Protocol, by the name of their module, that the server does not offer. */
const FEATURES = [
	...['callHierarchy', 'codeLens', 'colorProvider', 'completion', 'declaration', 'definition', 'documentHighlight', 'documentLink'],
	...['documentSymbol', 'fileOperations', 'foldingRange', 'formatting', 'implementation', 'inlayHint', 'inlineCompletion'],
	...['inlineValue', 'linkedEditingRange', 'moniker', 'notebook', 'reference', 'rename', 'selectionRange', 'semanticTokens'],
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

/** The server's connection is a class that each feature extends. */
const SERVER_FEATURE = 'module.exports = new Proxy({}, { get: () => (base) => base });';

/** Leaves the features out that the server does not offer. */
export const withoutFeatures: Plugin = {
	name: 'without-features',
	setup({ onLoad }) {
		const replace = (library: string, contents: string) => {
			const filter = new RegExp(`[\\\\/]${library}[\\\\/]lib[\\\\/]common[\\\\/](?:${FEATURES})\\.js$`);
			onLoad({ filter }, () => ({ contents, loader: 'js' }));
		};
		replace('vscode-languageclient', CLIENT_FEATURE);
		replace('vscode-languageserver', SERVER_FEATURE);
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
