import { commands, type Disposable, type ExtensionContext, Uri, window, workspace } from 'vscode';
import { tellWarning } from './messages.ts';

/** The scheme of the pages of rules, which ship with the extension. */
const PAGE_SCHEME = 'go-scratch-rule';

/** What is known of each rule, by code, from the manifest of the extension. */
export interface RuleSummary {
	readonly severity: string;
	/** Markdown of one line. */
	readonly summary: string;
}

export function readRuleSummaries({ extension }: ExtensionContext): ReadonlyMap<string, RuleSummary> {
	const { properties } = extension.packageJSON.contributes.configuration.properties['go-scratch.rules'];
	return new Map(
		Object.entries(properties as Record<string, { default: string; markdownDescription: string }>).map(([code, rule]) => [
			code,
			{ severity: rule.default, summary: rule.markdownDescription },
		]),
	);
}

/** Lets VS Code read the pages of the rules. */
export function serveRulePages({ extensionUri }: ExtensionContext): Disposable {
	return workspace.registerTextDocumentContentProvider(PAGE_SCHEME, {
		async provideTextDocumentContent({ path }) {
			const bytes = await workspace.fs.readFile(Uri.joinPath(extensionUri, 'docs', 'rules', path));
			return new TextDecoder().decode(bytes);
		},
	});
}

/**
 * Shows the page of a rule beside what is open.
 *
 * @param code As a link gives it; without it, a person picks one.
 */
export async function openRule(rules: ReadonlyMap<string, RuleSummary>, code: unknown): Promise<void> {
	const chosen = code === undefined ? await pickRule(rules) : String(code);
	if (chosen === undefined) return;
	if (!rules.has(chosen)) {
		tellWarning(`There is no rule ${chosen}.`);
		return;
	}
	const uri = Uri.from({ scheme: PAGE_SCHEME, path: `/${chosen}.md` });
	try {
		await commands.executeCommand('markdown.showPreview', uri);
	} catch {
		// VS Code without its extension for Markdown.
		await window.showTextDocument(uri, { preview: true });
	}
}

async function pickRule(rules: ReadonlyMap<string, RuleSummary>): Promise<string | undefined> {
	const items = [...rules].map(([code, { severity, summary }]) => ({
		label: code,
		description: severity,
		detail: summary.replaceAll('`', ''),
	}));
	const placeHolder = 'Select a rule to read its documentation';
	const picked = await window.showQuickPick(items, { title: 'go-scratch rules', placeHolder, matchOnDetail: true });
	return picked?.label;
}
