import { formattedEnd } from './layout.ts';
import { METHODS, nameAt, symbolOf } from './names.ts';
import type { Scan } from './scan.ts';
import { nextToken, quotedEnd, RIGHT_BRACE } from './tokens.ts';

/** What {@link skipDeclaration} does at a character: nothing but go on at 0. */
const SKIP = new Uint8Array(128);

for (const [characters, action] of [
	['([{', 1],
	[')]}', 2],
	['\n', 3],
	[`"'`, 4],
	['`', 5],
	['/', 6],
	['.', 7],
	[';', 8],
] as const) {
	for (const character of characters) SKIP[character.charCodeAt(0)] = action;
}

/** Moves from the name of a declaration to the line end, semicolon or bracket that ends it, looking at brackets and quotes only. */
export function skipDeclaration(scan: Scan): void {
	const { text } = scan;
	const { length } = text;
	const formatted = formattedEnd(text, scan.obstacles, scan.end);
	if (formatted !== undefined) {
		if (scan.options.selectors === true) noteSelectors(scan, scan.end, formatted);
		endSkip(scan, formatted);
		return;
	}
	const selectors = scan.options.selectors === true;
	let position = scan.end;
	let depth = 0;
	/** Where the line's last comment begins. */
	let comment = -1;
	/** The last comment of the other kind, with those that only blanks part from it. */
	const block = { start: 0, end: 0 };
	for (; position < length; position++) {
		const code = text.charCodeAt(position);
		if (code > 127) continue;
		switch (SKIP[code]) {
			case 0:
				continue;
			case 1:
				depth++;
				continue;
			case 2:
				if (--depth < 0) {
					endSkip(scan, position);
					return;
				}
				continue;
			case 3:
				if (depth === 0 ? endsLine(text, comment < 0 ? position : comment, block) : beginsFunction(text, position + 1)) {
					endSkip(scan, position);
					return;
				}
				comment = -1;
				continue;
			case 4:
				position = quotedEnd(text, position, code) - 1;
				continue;
			case 5: {
				const close = text.indexOf('`', position + 1);
				position = close < 0 ? length : close;
				continue;
			}
			case 6: {
				const following = text.charCodeAt(position + 1);
				if (following === 47) {
					if (comment < 0) comment = position;
					const lineEnd = text.indexOf('\n', position);
					position = (lineEnd < 0 ? length : lineEnd) - 1;
				} else if (following === 42) {
					const close = text.indexOf('*/', position + 2);
					if (block.end === 0 || text.slice(block.end, position).trim() !== '') block.start = position;
					position = close < 0 ? length : close + 1;
					block.end = position + 1;
				}
				continue;
			}
			case 7:
				if (selectors) position = noteSelector(scan, position + 1) - 1;
				continue;
			case 8:
				if (depth === 0) {
					endSkip(scan, position);
					return;
				}
		}
	}
	endSkip(scan, length);
}

/** Notes the exported selectors between two places; those of comments and strings too, which are few and do no harm. */
export function noteSelectors(scan: Scan, start: number, end: number): void {
	const { text } = scan;
	for (let at = text.indexOf('.', start); at >= 0 && at < end; at = text.indexOf('.', at + 1)) {
		const code = text.charCodeAt(at + 1);
		if (code >= 65 && code <= 90) noteSelector(scan, at + 1);
	}
}

/** Goes on as if a declaration had just been read. */
export function endSkip(scan: Scan, position: number): void {
	scan.position = position;
	scan.kind = RIGHT_BRACE;
	nextToken(scan);
}

/** Whether a statement that stands before `position` ends with its line: after a name, literal or closing bracket. */
function endsLine(text: string, position: number, block: { readonly start: number; readonly end: number }): boolean {
	let before = position - 1;
	for (;;) {
		const code = text.charCodeAt(before);
		if (before === block.end - 1) {
			before = block.start - 1;
			continue;
		}
		if (code !== 32 && code !== 9 && code !== 13) return code > 127 || /[\w"'`)\]}]/.test(text.charAt(before));
		before--;
	}
}

/** Whether a named function begins at the start of a line, which inside another declaration only broken text has. */
function beginsFunction(text: string, position: number): boolean {
	if (text.charCodeAt(position) !== 102 || !text.startsWith('func ', position)) return false;
	const method = /func (?:\([^()\n]*\) )?[\p{L}_][\p{L}\p{Nd}_]*[([]/uy;
	method.lastIndex = position;
	return method.test(text);
}

/** Notes the exported name that begins at `start`, if one does; where it ends. */
function noteSelector(scan: Scan, start: number): number {
	const { text } = scan;
	const first = text.charCodeAt(start);
	if (!(first >= 65 && first <= 90)) return start;
	let position = start;
	let hash = 0;
	for (;;) {
		const code = text.charCodeAt(position);
		// Names beyond ASCII are rare enough not to matter here.
		if (!((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95)) break;
		hash = (Math.imul(hash, 31) + code) | 0;
		position++;
	}
	const symbol = symbolOf(scan.symbols, METHODS, nameAt(scan.names, text, start, position, hash));
	if (scan.symbols.fileStamps[symbol] !== scan.ownStamp) {
		scan.symbols.fileStamps[symbol] = scan.ownStamp;
		scan.selectors.push(symbol);
	}
	return position;
}
