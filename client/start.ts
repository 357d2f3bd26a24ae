import type { ExtensionContext } from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { followClosed } from './check-workspace.ts';
import { registerCommands } from './commands.ts';
import { explainComments } from './comments.ts';
import { followDockerfiles } from './current-dockerfile.ts';
import { followGoFolders } from './go-folders.ts';
import { createImageViews } from './image-view.ts';
import { offerTool } from './language-model-tool.ts';
import { showLenses } from './lenses.ts';
import { offerDockerfile } from './offer.ts';
import { readRuleSummaries, serveRulePages } from './rule-pages.ts';
import { createServer, type Server } from './server.ts';
import { serveShownTexts } from './shown-texts.ts';
import { showStatus } from './status.ts';

/**
 * Declares what the extension offers, in whichever extension host. The language server starts when a Dockerfile is opened or a command
 * needs it.
 *
 * @param create Makes a client of the server, which is not started yet.
 */
export function start(context: ExtensionContext, create: (options: LanguageClientOptions) => BaseLanguageClient): Server {
	const server = createServer(create);
	const rules = readRuleSummaries(context);
	const images = createImageViews(context, server);
	context.subscriptions.push(
		server,
		followDockerfiles(),
		...followClosed(),
		...followGoFolders(),
		offerDockerfile(context),
		serveShownTexts(),
		...showStatus(server),
		...showLenses(server),
		images,
		...explainComments(rules),
		...offerTool(server),
		serveRulePages(context),
		...registerCommands(server, rules, images),
	);
	return server;
}
