import { CodeLens, type Disposable, EventEmitter, languages, Range, type TextDocument, workspace } from 'vscode';
import type { DockerfileStatus } from '../server/lsp/protocol.ts';
import { withoutIcons } from './messages.ts';
import type { Server } from './server.ts';

/** The setting that turns the lenses off. */
const SETTING = 'codeLens';

/** A line above the FROM of each target that says what is known of its image, and opens the view of it. */
export function showLenses(server: Server): Disposable[] {
	/** By URI. */
	const known = new Map<string, DockerfileStatus>();
	const changed = new EventEmitter<void>();
	return [
		changed,
		server.onStatus((status) => {
			// While the Go files are read, what was known stays.
			if (status.state === 'reading') return;
			known.set(status.uri, status);
			changed.fire();
		}),
		server.onStop(() => {
			known.clear();
			changed.fire();
		}),
		workspace.onDidCloseTextDocument(({ uri }) => void known.delete(uri.toString())),
		workspace.onDidChangeConfiguration((event) => {
			if (event.affectsConfiguration(`go-scratch.${SETTING}`)) changed.fire();
		}),
		languages.registerCodeLensProvider([{ language: 'dockerfile' }, { pattern: '**/*{ockerfile,ontainerfile}*' }], {
			onDidChangeCodeLenses: changed.event,
			async provideCodeLenses(document, token) {
				const uri = document.uri.toString();
				if (!known.has(uri)) return [];
				// Without an answer for this text, lenses would vanish with each keystroke and come back.
				await new Promise<void>((resolve) => {
					if (known.get(uri)?.version === document.version) return resolve();
					const listening = changed.event(() => {
						if (known.has(uri) && known.get(uri)?.version !== document.version) return;
						listening.dispose();
						resolve();
					});
					token.onCancellationRequested(() => {
						listening.dispose();
						resolve();
					});
				});
				return lensesOf(document, known.get(uri));
			},
		}),
	];
}

function lensesOf(document: TextDocument, status: DockerfileStatus | undefined): CodeLens[] {
	// Of another text the lines are others.
	if (status === undefined || status.version !== document.version) return [];
	if (!workspace.getConfiguration('go-scratch', document).get(SETTING, true)) return [];
	return status.targets.map(({ name, line, summary }) => {
		const range = new Range(line, 0, line, 0);
		const title = withoutIcons(summary);
		const tooltip = 'Show image';
		return new CodeLens(range, { title, tooltip, command: 'go-scratch.showImage', arguments: [document.uri.toString(), name] });
	});
}
