/** Deeper nesting than any author writes; far beyond it, libraries that read JSON and YAML overflow the stack. */
const MAX_NESTING = 100;

/**
 * Where brackets and braces in JSON stand deeper within each other than anybody writes them, quoted ones left out. Comments are not known:
 * what stands in them counts too.
 *
 * @returns The offset of the first that is too deep, or `undefined`.
 */
export function tooDeepInJson(text: string): number | undefined {
	let depth = 0;
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (character === '"') {
			at++;
			while (at < text.length && text[at] !== '"' && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
		} else if (character === '[' || character === '{') {
			if (++depth > MAX_NESTING) return at;
		} else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
	}
	return undefined;
}

/**
 * Whether YAML may nest deeper than anybody writes it: by brackets and braces, quoted ones included, by the indicators `-`, `?` and `:` on
 * one line, or by lines that are indented far.
 */
export function nestsDeeplyInYaml(text: string): boolean {
	let depth = 0;
	for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
		if (bracket === ']' || bracket === '}') depth = Math.max(0, depth - 1);
		else if (++depth > MAX_NESTING) return true;
	}
	return text.split('\n').some((line) => {
		const [leading = ''] = /^[ \t?:-]*/.exec(line) ?? [];
		return leading.length > 4 * MAX_NESTING || leading.split(/[?:-](?=[ \t])/).length > MAX_NESTING;
	});
}
