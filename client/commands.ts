import { commands, type Disposable, type TextDocument, Uri } from 'vscode';
import { APPLY_FIX, type LossyFix, OPEN_RULE, RULE_ACTIONS, type RuleAction } from '../server/lsp/protocol.ts';
import { checkWorkspace } from './check-workspace.ts';
import { currentDockerfile } from './current-dockerfile.ts';
import { explainMessage } from './explain-message.ts';
import { fixAll } from './fix-all.ts';
import { generateDockerfile } from './generate.ts';
import type { ImageViews } from './image-view.ts';
import { applyLossyFix } from './lossy-fix.ts';
import { reasonOf, tellError, tellInformation, tellWarning } from './messages.ts';
import { pickRuleAction } from './rule-actions.ts';
import { openRule, type RuleSummary } from './rule-pages.ts';
import { type Server, serverButtons } from './server.ts';
import { why } from './why.ts';

/** Declares the commands. Each of them ends in something that a person sees, also if it fails. */
export function registerCommands(server: Server, rules: ReadonlyMap<string, RuleSummary>, images: ImageViews): Disposable[] {
	const command = (id: string, run: (...words: unknown[]) => Promise<void> | void) =>
		commands.registerCommand(id, async (...words: unknown[]) => {
			try {
				await run(...words);
			} catch (error) {
				tellError(reasonOf(error), ...serverButtons(server));
			}
		});

	/** Runs `act` on the Dockerfile that is meant. */
	async function onDockerfile(title: string, act: (document: TextDocument) => Promise<void>): Promise<void> {
		const document = await currentDockerfile(title);
		if (document === 'none') {
			tellWarning('There is no Dockerfile in the workspace.', {
				title: 'Generate a Dockerfile',
				run: () => commands.executeCommand('go-scratch.generate'),
			});
		} else if (document !== undefined) await act(document);
	}

	return [
		command('go-scratch.generate', async (target) => generateDockerfile(await server.running(), target as Uri | undefined)),
		command('go-scratch.fixAll', () =>
			onDockerfile('Fix all auto-fixable problems', async (document) => fixAll(await server.running(), document)),
		),
		command('go-scratch.showImage', (uri, target) =>
			typeof uri === 'string'
				? images.show(Uri.parse(uri), typeof target === 'string' ? target : undefined)
				: onDockerfile('Show image', async (document) => images.show(document.uri, undefined)),
		),
		command('go-scratch.why', () => onDockerfile('Why is this here?', async (document) => why(await server.running(), document))),
		command('go-scratch.explainMessage', async (text) => {
			const document = await currentDockerfile('Explain a container error');
			const known = document === 'none' ? undefined : document;
			await explainMessage(await server.running(), known, typeof text === 'string' ? text : undefined);
		}),
		command('go-scratch.checkWorkspace', async () => checkWorkspace(await server.running())),
		command('go-scratch.restartServer', async () => {
			await server.restart();
			tellInformation('The language server of go-scratch was restarted.');
		}),
		command('go-scratch.showOutput', () => server.output.show()),
		command(OPEN_RULE, (code) => openRule(rules, code)),
		command(APPLY_FIX, async (fix) => applyLossyFix(await server.running(), fix as LossyFix)),
		command(RULE_ACTIONS, async (actions) => pickRuleAction(await server.running(), actions as readonly RuleAction[])),
	];
}
