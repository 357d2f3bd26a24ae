/**
 * The words of a command that stands as one text, as compose splits it: by blanks, with quotes and backslashes, and without a shell. What
 * follows an operator of a shell is left out (github.com/mattn/go-shellwords).
 *
 * @returns `undefined` for what compose refuses: a quote that is not closed, a parenthesis, a backtick
 */
export function splitCommand(text: string): string[] | undefined {
	const words: string[] = [];
	let word: string | undefined;
	let quote = '';
	for (let at = 0; at < text.length; at++) {
		const sign = text[at] as string;
		if (sign === '\\' && quote !== "'") {
			const next = text[++at];
			if (next === undefined) return undefined;
			word = (word ?? '') + next;
		} else if (quote !== '') {
			if (sign === quote) quote = '';
			else word += sign;
		} else if (sign === '"' || sign === "'") {
			quote = sign;
			word ??= '';
		} else if (/\s/.test(sign)) {
			if (word !== undefined) words.push(word);
			word = undefined;
		} else if (/[;&|<>]/.test(sign)) {
			break;
		} else if (/[()`]/.test(sign)) {
			return undefined;
		} else word = (word ?? '') + sign;
	}
	if (quote !== '') return undefined;
	if (word !== undefined) words.push(word);
	return words;
}
