import { type MarkupContent, MarkupKind } from 'vscode-languageserver';
import type { Markdown } from '../text/markdown.ts';
import type { Features } from './features.ts';

/** The text as the protocol has it, in the form that the client shows. No other place makes such a value. */
export function markupOf({ markdown, plain }: Markdown, { markdownHover }: Features): MarkupContent {
	return markdownHover ? { kind: MarkupKind.Markdown, value: markdown } : { kind: MarkupKind.PlainText, value: plain };
}
