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

/**
 * Leaves the features out of the client that the server does not offer. Tree-shaking cannot, for the library is CommonJS and names them
 * all; without them the client is smaller by a fifth.
 */
export const withoutFeatures: Plugin = {
	name: 'without-features',
	setup({ onLoad }) {
		const filter = new RegExp(`[\\\\/]vscode-languageclient[\\\\/]lib[\\\\/]common[\\\\/](?:${FEATURES})\\.js$`);
		onLoad({ filter }, () => ({ contents: CLIENT_FEATURE, loader: 'js' }));
		// File patterns are matched by nothing but notebooks, and by diagnostics where the client has no way of its own; ours has.
		onLoad({ filter: /[\\/]vscode-languageclient[\\/]lib[\\/]common[\\/]utils[\\/]globPattern\.js$/ }, () => ({
			contents: 'exports.matchGlobPattern = () => false;',
			loader: 'js',
		}));
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
