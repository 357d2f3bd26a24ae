/** Without what is so often written as a regular expression that takes the square of the time: `/x+$/` begins anew at every `x`. */

/** `text` without the line feeds at its end, as the shell takes what a command prints. */
export function withoutFinalNewlines(text: string): string {
	return withoutEnding(text, '\n');
}

/** `path` without the slashes at its end. */
export function withoutFinalSlashes(path: string): string {
	return withoutEnding(path, '/');
}

function withoutEnding(text: string, character: string): string {
	let end = text.length;
	while (end > 0 && text[end - 1] === character) end--;
	return text.slice(0, end);
}

/** What of `text` stands before the first of the characters. */
export function upTo(text: string, characters: string): string {
	let end = 0;
	while (end < text.length && !characters.includes(text[end] as string)) end++;
	return text.slice(0, end);
}
