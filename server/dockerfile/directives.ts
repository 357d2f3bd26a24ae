import type { Range } from '../text/text.ts';

/** Comments for go-scratch: `# go-scratch ignore=CODE[,CODE] [reason]`, `ignore-file=CODE[,CODE]`, `target=STAGE`. */

export interface Directive {
	/** As written: `ignore`, `ignore-file`, `target`, or what may be meant for one of them. */
	readonly name: string;
	/** What comes between the name and the values, without spaces: `=` where it is right. */
	readonly separator: string;
	/** The words between commas. */
	readonly values: readonly DirectiveValue[];
	/** The line of the comment, from 0. */
	readonly line: number;
	/** Whether it is one that counts: rightly begun, with `=`. */
	readonly wellFormed: boolean;
	/** From the `#` to the last value. */
	readonly range: Range;
}

export interface DirectiveValue {
	readonly text: string;
	readonly range: Range;
}

const WORD = '[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*';
const DIRECTIVE = new RegExp(
	`^(\\uFEFF?[ \\t]*)(#[ \\t]*go-?scratch)([ \\t]*:[ \\t]*|[ \\t]+)([A-Za-z-]+)([ \\t]*[=:][ \\t]*|[ \\t]+)(${WORD}(?:[ \\t]*,[ \\t]*${WORD})*)`,
	'i',
);

/** All comments that may be directives, in the order of the text. The lines are read as text, so that one in a heredoc counts as well. */
export function readDirectives(text: string, starts: readonly number[]): readonly Directive[] {
	if (!/go-?scratch/i.test(text)) return [];
	return starts.flatMap((start, line) => {
		const match = DIRECTIVE.exec(text.slice(start, starts[line + 1] ?? text.length));
		if (match === null) return [];
		const [whole, indent = '', tool = '', gap = '', name = '', separator = '', list = ''] = match;
		const end = start + whole.length;
		return [
			{
				name,
				separator: separator.trim(),
				wellFormed: tool.endsWith('go-scratch') && !gap.includes(':') && separator.trim() === '=',
				values: valuesIn(list, end - list.length),
				line,
				range: { start: start + indent.length, end },
			},
		];
	});
}

function valuesIn(list: string, start: number): DirectiveValue[] {
	let at = start;
	return list.split(/([ \t]*,[ \t]*)/).flatMap((text, index) => {
		const range = { start: at, end: at + text.length };
		at = range.end;
		return index % 2 === 0 ? [{ text, range }] : [];
	});
}
