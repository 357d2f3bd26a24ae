type Properties = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * An element of the page. Its content is elements and texts, never markup: names of the repository stay text.
 *
 * @param properties attributes, those that are `undefined` or `false` left out
 */
export function element(name: string, properties: Properties, ...content: readonly (Node | string)[]): HTMLElement {
	const created = document.createElement(name);
	for (const [key, value] of Object.entries(properties)) {
		if (value !== undefined && value !== false) created.setAttribute(key, value === true ? '' : String(value));
	}
	created.append(...content);
	return created;
}

/** A button that looks like a link. */
export function linkTo(text: string, title: string, go: () => void): HTMLElement {
	const button = element('button', { type: 'button', class: 'link', title }, text);
	button.addEventListener('click', go);
	return button;
}
