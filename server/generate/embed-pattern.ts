/** A pattern of `//go:embed`: the path in front of its first wildcard, and the names from there on. */
export function splitEmbedPattern(pattern: string): { readonly literal: string; readonly rest: readonly string[] } {
	const names = pattern.replace(/^all:/, '').split('/');
	const wildcard = names.findIndex((name) => /[*?[\\]/.test(name));
	return wildcard < 0
		? { literal: names.join('/'), rest: [] }
		: { literal: names.slice(0, wildcard).join('/'), rest: names.slice(wildcard) };
}
