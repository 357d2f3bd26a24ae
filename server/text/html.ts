import { visible } from './visible.ts';

/**
 * Markup of HTML or SVG that shows text of the repository as text, whatever it holds: no element, no attribute and no reference comes of it.
 * Only the functions of this module make such a value.
 */
class HtmlText {
	readonly markup: string;
	/** Makes the type one that no other value has. */
	readonly #made = true;

	constructor(markup: string) {
		this.markup = markup;
	}

	static is(value: unknown): value is HtmlText {
		return typeof value === 'object' && value !== null && #made in value;
	}
}

export type Html = HtmlText;

/** Markup, or text that is not. */
type Content = Html | readonly Html[] | string | number | undefined;

/**
 * Markup as the source has it between the values; a value that is not markup itself is text, and is escaped for the content of an element
 * and for an attribute in double quotes. Nothing stands for `undefined`. No value stands in a tag outside of quotes, in a style or in a script.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
	return new HtmlText(parts.map((part, index) => part + (index < values.length ? markupOf(values[index]) : '')).join(''));
}

function markupOf(content: Content): string {
	if (content === undefined) return '';
	if (HtmlText.is(content)) return content.markup;
	if (typeof content === 'object') return content.map(({ markup }) => markup).join('');
	return (
		visible(String(content))
			.replace(/[&<>"'`]/g, (mark) => `&#${mark.charCodeAt(0)};`)
			// XML does not allow these, even escaped: one of them in a name, and an SVG is not shown at all.
			.replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
	);
}
