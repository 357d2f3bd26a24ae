import { visibleLines } from './visible.ts';

/**
 * The text for a place that has no Markdown and makes a link of `[text](address)` all the same: the messages of VS Code, where such an
 * address may be a command, and those of SARIF.
 */
export function withoutLinks(text: string): string {
	return visibleLines(text).replaceAll('](', '] (');
}
