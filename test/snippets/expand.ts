/**
 * A snippet as an editor leaves it when nothing is typed: every placeholder with its default. Knows what the project's snippets
 * use: `$1`, `${1:default}` with placeholders inside, and the escapes.
 */
export function expandSnippet(body: readonly string[]): string {
	const defaults = new Map<string, string>();
	const [text] = expand(body.join('\n'), 0, false, defaults);
	return text;
}

/** Expands from `start` on, to the end or, inside a placeholder, to its closing brace; answers the text and where it ended. */
function expand(snippet: string, start: number, inside: boolean, defaults: Map<string, string>): [string, number] {
	let text = '';
	let at = start;
	while (at < snippet.length) {
		const rest = snippet.slice(at);
		if (inside && rest.startsWith('}')) {
			break;
		}
		const escaped = /^\\[$}\\]/.test(rest);
		const reference = /^\$(\d+)/.exec(rest);
		const placeholder = /^\$\{(\d+):/.exec(rest);
		if (escaped) {
			text += rest[1];
			at += 2;
		} else if (reference) {
			text += defaults.get(reference[1] as string) ?? '';
			at += reference[0].length;
		} else if (placeholder) {
			const [value, end] = expand(snippet, at + placeholder[0].length, true, defaults);
			defaults.set(placeholder[1] as string, value);
			text += value;
			at = end + 1;
		} else {
			text += rest[0];
			at++;
		}
	}
	return [text, at];
}
