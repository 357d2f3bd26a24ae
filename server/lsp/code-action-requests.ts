import type { Connection } from 'vscode-languageserver';
import { concernsGo } from '../facts/build-facts.ts';
import { refactorings } from '../fixes/refactorings.ts';
import { SETTINGS_FILE } from '../knowledge/files-that-matter.ts';
import { fixAll } from '../lint/fix-all.ts';
import { findSettingsFile } from '../lint/settings.ts';
import { join } from '../workspace/paths.ts';
import { cancelledBy, throwIfCancelled } from './cancellation.ts';
import { type CodeActionContext, codeActions, resolveCodeAction } from './code-actions.ts';
import { isPlaced } from './uris.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Answers which code actions there are on a range, and works out their edits. */
export function serveCodeActions(connection: Connection, state: WorkspaceState): void {
	const { analyser, analyses } = state;
	const context: CodeActionContext = {
		get features() {
			return state.features;
		},
		documentAt: state.documentAt,
		uriOf: state.uriOf,
		readText: state.readText,
		fixAll: async (document, code) => {
			const [request, analysis] = [await analyses.request(document), await analyses.complete(document.uri)];
			return fixAll(analyser, request, { code, analysis });
		},
		async settingsFile(document) {
			if (!isPlaced(document.path)) return undefined;
			const { root } = await analyses.request(document);
			return (await findSettingsFile(state.files, document.path, root)) ?? { path: join(root, SETTINGS_FILE), text: undefined };
		},
		refactorings: ({ facts }, range) => (facts === undefined || !concernsGo(facts) ? [] : refactorings(facts, range)),
	};

	connection.onCodeAction(async (params, token) => {
		const analysis = await analyses.complete(params.textDocument.uri, cancelledBy(token));
		throwIfCancelled(token);
		const document = state.documentOf(params.textDocument.uri);
		if (analysis === undefined || document === undefined || document.text !== analysis.text) return [];
		return codeActions(params, document, analysis, context);
	});

	connection.onCodeActionResolve((action) => resolveCodeAction(action, state.documentOf, context));
}
