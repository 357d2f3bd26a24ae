/**
 * What the layout of gofmt tells: the lines of a declaration are indented, and the bracket that closes it stands below its
 * beginning. Nearly all of the Go that there is is laid out so, and finding a line costs a tenth of reading up to it.
 */

/** Where the next text lies whose lines tell nothing, as far as it was looked for. */
export interface Obstacles {
	function: number;
	text: number;
}

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const LEFT_PAREN = 40;
const LEFT_BRACE = 123;

const MAX_LINE = 4096;

/**
 * Where a declaration of several lines ends, behind its closing bracket.
 *
 * @param from a place on the first line, outside of brackets
 * @returns `undefined` where it has one line, or is not laid out as gofmt does
 */
export function formattedEnd(text: string, obstacles: Obstacles, from: number): number | undefined {
	const before = text.slice(Math.max(0, from - MAX_LINE), from + 1);
	// gofmt breaks no line, but nobody writes the first line of a declaration so long.
	if (before.length > MAX_LINE && !before.includes('\n')) return undefined;
	const lineStart = from + 1 - before.length + before.lastIndexOf('\n') + 1;
	const indented = text.charCodeAt(lineStart) === TAB;
	if (!indented && text.charCodeAt(lineStart) === SPACE) return undefined;
	if (indented && text.charCodeAt(lineStart + 1) <= SPACE) return undefined;
	for (let position = from; ; ) {
		const length = text.slice(position, position + MAX_LINE).indexOf('\n');
		if (length < 0) return undefined;
		const lineEnd = position + length;
		const last = text.charCodeAt(text.charCodeAt(lineEnd - 1) === RETURN ? lineEnd - 2 : lineEnd - 1);
		const isBlock = last === LEFT_BRACE;
		if (!isBlock && last !== LEFT_PAREN) return undefined;
		const first = text.charCodeAt(lineEnd + 1);
		if (first !== TAB && first !== NEWLINE && first !== RETURN) return undefined;
		const found = text.indexOf(indented ? (isBlock ? '\n\t}' : '\n\t)') : isBlock ? '\n}' : '\n)', lineEnd);
		if (found < 0 || found > nextObstacle(text, obstacles, from)) return undefined;
		position = found + (indented ? 3 : 2);
		if (isBlock) return isFollowed(text, position, indented) ? position : undefined;
	}
}

/** Where the group ends whose opening parenthesis stands before `from`. */
export function formattedGroupEnd(text: string, obstacles: Obstacles, from: number): number | undefined {
	const found = text.indexOf('\n)', from);
	if (found < 0 || found > nextObstacle(text, obstacles, from)) return undefined;
	return isFollowed(text, found + 2, false) ? found + 1 : undefined;
}

/** Whether the next declaration follows on what was taken for the end of one, or in a group the next specification. */
function isFollowed(text: string, position: number, indented: boolean): boolean {
	let at = position;
	while (isBlank(text.charCodeAt(at))) at++;
	if (at === text.length) return true;
	// Else something follows on the same line.
	if (!/^\r?\n/.test(text.slice(position, position + 2))) return false;
	if (!indented && text[at - 1] !== '\n') return false;
	const following = indented ? SPECIFICATION : DECLARATION;
	following.lastIndex = at;
	return following.test(text);
}

function isBlank(code: number): boolean {
	return code === 32 || (code >= 9 && code <= 13);
}

const DECLARATION = /(?:func|type|var|const)\b|\/[/*]/y;
const SPECIFICATION = /[\p{L}_)]|\/\//uy;

/** The place beyond which lines tell nothing: a function begins inside of a declaration, as in text that is half typed, or a raw string or comment goes over several lines. */
function nextObstacle(text: string, obstacles: Obstacles, from: number): number {
	if (obstacles.function < from) obstacles.function = placeOf(text, '\nfunc ', from);
	if (obstacles.text < from) obstacles.text = Math.min(nextRawString(text, from), nextComment(text, from));
	return Math.min(obstacles.function, obstacles.text);
}

function placeOf(text: string, wanted: string, from: number): number {
	const found = text.indexOf(wanted, from);
	return found < 0 ? text.length : found;
}

/** The first line from which a raw string may go on to the next: one with an odd number of backquotes, or with a quoted one. */
function nextRawString(text: string, from: number): number {
	for (let at = text.indexOf('`', from); at >= 0; ) {
		const lineEnd = placeOf(text, '\n', at);
		let count = 0;
		let next = at;
		for (; next >= 0 && next < lineEnd; next = text.indexOf('`', next + 1)) {
			if (isQuote(text.charCodeAt(next - 1)) && isQuote(text.charCodeAt(next + 1))) return at;
			count++;
		}
		if (count % 2 === 1) return at;
		at = next;
	}
	return text.length;
}

function isQuote(code: number): boolean {
	return code === 34 || code === 39;
}

function nextComment(text: string, from: number): number {
	for (let at = text.indexOf('/*', from); at >= 0; at = text.indexOf('/*', at + 2)) {
		const end = text.indexOf('*/', at + 2);
		if (end < 0 || text.slice(at, end).includes('\n')) return at;
	}
	return text.length;
}
