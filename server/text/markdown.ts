import { visible } from './visible.ts';

/**
 * Markdown that shows text of the repository as text, whatever it holds: no image, no link, no HTML and nothing else comes of it. Only
 * the functions of this module make such a value.
 */
class MarkdownText {
	/** For a client that renders Markdown. */
	readonly markdown: string;
	/** The same for a client that shows text as it is. */
	readonly plain: string;
	/** Makes the type one that no other value has. */
	readonly #made = true;

	constructor(markdown: string, plain: string) {
		this.markdown = markdown;
		this.plain = plain;
	}

	static is(value: unknown): value is MarkdownText {
		return typeof value === 'object' && value !== null && #made in value;
	}
}

export type Markdown = MarkdownText;

/** Markdown, or text that is not. */
type Content = Markdown | string | number;

/** Markdown as the source has it between the values; a value that is not Markdown itself is text, and is escaped. */
export function markdown(parts: TemplateStringsArray, ...values: readonly Content[]): Markdown {
	let [written = '', plain = ''] = [parts[0], parts[0]];
	for (const [index, value] of values.entries()) {
		const shown = toMarkdown(value);
		written += shown.markdown + parts[index + 1];
		plain += shown.plain + parts[index + 1];
	}
	return new MarkdownText(written, plain);
}

/** Names, paths and whatever else stands in a file, as code; with a backtick in it as text, because renderers do not agree on such code. */
export function code(text: string): Markdown {
	const shown = visible(text);
	if (shown === '' || shown.includes('`')) return toMarkdown(text);
	// One blank on both sides is taken away again where there is more than blanks.
	return new MarkdownText(/^ .* $/.test(shown) && shown.trim() !== '' ? `\` ${shown} \`` : `\`${shown}\``, shown);
}

export function bold(content: Content): Markdown {
	const { markdown, plain } = toMarkdown(content);
	return new MarkdownText(`**${markdown}**`, plain);
}

/** @param content What stands for the link; no link itself. */
export function link(content: Content, uri: string): Markdown {
	const { markdown, plain } = toMarkdown(content);
	return new MarkdownText(`[${markdown}](${destination(uri)})`, plain);
}

/** @param separator Markdown. */
export function joined(contents: readonly Content[], separator: string): Markdown {
	const all = contents.map(toMarkdown);
	return new MarkdownText(all.map((each) => each.markdown).join(separator), all.map((each) => each.plain).join(separator));
}

/**
 * A character reference stands for a character and is never markup: https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references.
 * A backslash would do in CommonMark, but not in the renderer of VS Code, which looks for the end of emphasis before it reads escapes.
 */
function toMarkdown(content: Content): Markdown {
	if (MarkdownText.is(content)) return content;
	const shown = visible(String(content));
	return new MarkdownText(
		shown.replace(/[!#$&*+\-.:<=>@[\\\]^_`{|}~]/g, (mark) => `&#${mark.charCodeAt(0)};`),
		shown,
	);
}

/**
 * What may end the destination of a link, or is markup where a renderer does not follow such a link, percent-encoded. What is encoded
 * already stays.
 */
function destination(uri: string): string {
	const [, scheme = '', rest = ''] = /^([A-Za-z][A-Za-z0-9+.-]*:)?(.*)$/s.exec(uri) ?? [];
	return scheme + rest.replace(/[^A-Za-z0-9\-./?#,;=%]/gu, encoded);
}

function encoded(character: string): string {
	// Half of a surrogate pair cannot be encoded.
	if (/\p{Cs}/u.test(character)) return '%EF%BF%BD';
	const bytes = encodeURIComponent(character);
	return bytes === character ? `%${character.charCodeAt(0).toString(16).toUpperCase()}` : bytes;
}
