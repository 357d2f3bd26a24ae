import { marked } from 'marked';

/** Markdown as VS Code's renderer reads it: with the extensions of GitHub, which make links of bare addresses. */

/** The kinds of all tokens that text must not become, with what they stand for: images, links, HTML and the like. */
export function markupIn(markdown: string): string[] {
	const found: string[] = [];
	marked.walkTokens(marked.lexer(markdown, { gfm: true }), (token) => {
		if (!/^(?:text|paragraph|space|escape|codespan|strong|list|list_item)$/.test(token.type)) found.push(`${token.type} ${token.raw}`);
	});
	return found;
}

const NAMED: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };

/** What a reader sees of it: the text of the page that it makes. */
export function shownText(markdown: string): string {
	const page = String(marked.parse(markdown, { gfm: true, async: false }));
	return page
		.replace(/<[^>]*>/g, '')
		.replace(/&#(\d+);|&\w+;/g, (reference, code?: string) =>
			code === undefined ? (NAMED[reference] ?? reference) : String.fromCharCode(Number(code)),
		)
		.trimEnd();
}
