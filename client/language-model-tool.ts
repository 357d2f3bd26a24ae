import * as vscode from 'vscode';
import { type CancellationToken, type Disposable, Uri, workspace } from 'vscode';
import { FACTS, type FactsResult, type FileParams } from '../server/lsp/protocol.ts';
import { findDockerfiles } from './current-dockerfile.ts';
import type { Server } from './server.ts';

/** The name under which package.json declares the tool. */
const NAME = 'go_scratch_dockerfile';

interface Input {
	/** The path of the Dockerfile, below the workspace folder; without it, all of the workspace. */
	readonly path?: string;
}

/** How many Dockerfiles are answered at most: an answer is read by a model. */
const MOST = 5;

/** What VS Code has since 1.95: https://code.visualstudio.com/api/extension-guides/ai/tools */
interface Tool {
	prepareInvocation(options: { readonly input: Input }): { readonly invocationMessage: string };
	invoke(options: { readonly input: Input }, token: CancellationToken): Promise<unknown>;
}

interface ToolApi {
	readonly lm?: { registerTool?(name: string, tool: Tool): Disposable };
	readonly LanguageModelToolResult: new (content: readonly unknown[]) => unknown;
	readonly LanguageModelTextPart: new (text: string) => unknown;
}

/** Lets language models ask what is known of a Dockerfile, where VS Code has such tools. */
export function offerTool(server: Server): Disposable[] {
	const { lm, LanguageModelToolResult, LanguageModelTextPart } = vscode as unknown as ToolApi;
	if (lm?.registerTool === undefined) return [];
	return [
		lm.registerTool(NAME, {
			prepareInvocation: ({ input }) => ({ invocationMessage: `Reading ${input.path ?? 'the Dockerfiles'} and the Go programs` }),
			async invoke({ input }, token) {
				const client = await server.running();
				const dockerfiles = input.path === undefined ? await findDockerfiles() : [await resolve(input.path)];
				const answers: Record<string, FactsResult | null> = {};
				for (const uri of dockerfiles.slice(0, MOST)) {
					const params: FileParams = { uri: uri.toString() };
					answers[workspace.asRelativePath(uri)] = await client.sendRequest<FactsResult | null>(FACTS, params, token);
				}
				return new LanguageModelToolResult([new LanguageModelTextPart(JSON.stringify(answers))]);
			},
		}),
	];
}

/** Only files of the workspace are answered: a path is resolved first, because `..` leads out of a folder that it starts with. */
async function resolve(path: string): Promise<Uri> {
	for (const folder of workspace.workspaceFolders ?? []) {
		const { uri: root } = folder;
		const uri = path.startsWith(root.path) ? Uri.joinPath(root.with({ path: '/' }), path) : Uri.joinPath(root, path);
		if (workspace.getWorkspaceFolder(uri) === undefined) continue;
		try {
			await workspace.fs.stat(uri);
			return uri;
		} catch {}
	}
	throw new Error(`There is no file ${path} in the workspace.`);
}
