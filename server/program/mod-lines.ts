/** A word of go.mod or go.work. */
export interface ModToken {
	readonly text: string;
	/** Where it stands, from 0, with its quotes. */
	readonly line: number;
	readonly character: number;
	readonly length: number;
}

/** One directive; a line of a parenthesized block has the block's verb. */
export interface ModDirective {
	readonly verb: string;
	readonly tokens: readonly ModToken[];
	/** What stands behind `//`, trimmed; empty where there is no comment. */
	readonly comment: string;
}

/** What a go.mod or go.work says line by line, and whether all of it had the form of such a file. */
export interface ModLines {
	readonly directives: readonly ModDirective[];
	readonly complete: boolean;
}

/** A string, an arrow, a bracket, a comma or a word; a lone quote is a fault that the last alternative catches. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|=>|[()[\],]|(?:(?!=>|\/\/)[^\s()[\],"`])+|["`]/g;

/** Splits a go.mod or go.work into its directives. What has another form is left out, and `complete` is then false. */
export function readModLines(text: string): ModLines {
	const directives: ModDirective[] = [];
	let complete = true;
	let block: string | undefined;
	for (const [index, line] of text.split('\n').entries()) {
		const { tokens, comment } = tokenize(line, index);
		const [first, second] = tokens;
		if (first === undefined) continue;
		if (/^(?:<{7}|={7}|>{7}|\|{7})/.test(line) || tokens.some((token) => token.text === '"' || token.text === '`')) {
			complete = false;
		} else if (block !== undefined) {
			if (first.text === ')') block = undefined;
			else directives.push({ verb: block, tokens, comment });
		} else if (second?.text === '(' && tokens.length === 2) block = first.text;
		else if (/^[a-z]+$/.test(first.text)) directives.push({ verb: first.text, tokens: tokens.slice(1), comment });
		else complete = false;
	}
	return { directives, complete: complete && block === undefined };
}

function tokenize(line: string, index: number): { readonly tokens: readonly ModToken[]; readonly comment: string } {
	const tokens: ModToken[] = [];
	const token = new RegExp(TOKEN);
	let at = 0;
	for (;;) {
		while (/\s/.test(line.charAt(at)) || line.charCodeAt(at) === 0xfeff) at++;
		if (line.startsWith('//', at)) return { tokens, comment: line.slice(at + 2).trim() };
		token.lastIndex = at;
		const match = token.exec(line);
		if (match === null || match.index !== at) return { tokens, comment: '' };
		at = token.lastIndex;
		tokens.push({ text: textOf(match[0]), line: index, character: match.index, length: match[0].length });
	}
}

function textOf(token: string): string {
	if (token.length < 2) return token;
	if (token.startsWith('`')) return token.slice(1, -1);
	return token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token;
}
