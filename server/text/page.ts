import { type Html, html } from './html.ts';

/** A style or a script that stands in a page, with the hash by which the policy of the page lets it be used. */
export interface Asset {
	readonly markup: Html;
	/** `sha256-…` of the text (https://www.w3.org/TR/CSP3/#grammardef-hash-source); tests compare it. */
	readonly hash: string;
}

export interface PageParts {
	readonly title: string;
	readonly style: Asset;
	readonly body: Html;
	/** Runs after the body. */
	readonly script: Asset;
}

/** A page in one file that loads nothing: its style and its script stand in it, and its policy lets no other be used. */
export function pageOf({ title, style, body, script }: PageParts): string {
	return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${style.hash}'; script-src '${script.hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${style.markup}</style>
</head>
<body>
${body}
<script>${script.markup}</script>
</body>
</html>
`.markup;
}
