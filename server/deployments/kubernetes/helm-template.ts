import type { Range } from '../../text/text.ts';

/** A template of Helm as YAML, as far as it can be read without its values. */
export interface HelmTemplate {
	/** Of the same length, so that every place is that of the file: actions are blanks, or stand as {@link UNKNOWN_TEXT}. */
	readonly yaml: string;
	/** What is there only under a condition, or as often as a loop says: the text between `if`, `else` and `end`. */
	readonly conditional: readonly Range[];
	/** Where an action on a line of its own writes keys or items that are not known; in the order of the text. */
	readonly insertions: readonly number[];
}

/** Stands for text that is not known. */
export const UNKNOWN_TEXT = '\uFFFC';

/** Of one template. */
const MAX_ACTIONS = 5_000;

interface Action extends Range {
	/** The first word; empty for a comment, a field or a variable. */
	readonly word: string;
}

/**
 * Reads the actions of a template: https://helm.sh/docs/chart_template_guide. Those that stand on lines of their own are left out; any other is
 * a value that is not known.
 *
 * @returns `undefined` where the blocks do not end, as in a part of a template
 */
export function readHelmTemplate(text: string): HelmTemplate | undefined {
	const actions = actionsOf(text);
	const conditional = actions === undefined ? undefined : blocksOf(actions);
	if (actions === undefined || conditional === undefined) return undefined;
	const insertions: number[] = [];
	let yaml = '';
	let at = 0;
	for (let first = 0; first < actions.length; ) {
		// Actions between which nothing else stands on a line are one.
		let last = first;
		while (last + 1 < actions.length && /^[ \t]*$/.test(text.slice(actions[last]?.end, actions[last + 1]?.start))) last++;
		const { start } = actions[first] as Action;
		const { end } = actions[last] as Action;
		const alone = /(?:^|\n)[ \t]*$/.test(text.slice(at, start)) && /^[ \t]*(?:\r?\n|$)/.test(text.slice(end, end + 200));
		const group = actions.slice(first, last + 1);
		if (alone && group.some(({ word }) => !SILENT.test(word))) insertions.push(start);
		const written = text.slice(start, end);
		yaml += text.slice(at, start) + (alone ? written.replace(/[^\r\n]/g, ' ') : written.replace(/[^\r\n]/g, UNKNOWN_TEXT));
		at = end;
		first = last + 1;
	}
	return { yaml: yaml + text.slice(at), conditional, insertions };
}

/** Actions that write nothing themselves. */
const SILENT = /^(?:if|else|end|range|with|define|block|break|continue|comment|assignment)$/;

function actionsOf(text: string): Action[] | undefined {
	const actions: Action[] = [];
	for (let start = text.indexOf('{{'); start >= 0; ) {
		const inside = /^\{\{-?\s*/.exec(text.slice(start, start + 200))?.[0].length ?? 2;
		const comment = text.startsWith('/*', start + inside);
		const close = text.indexOf('}}', comment ? text.indexOf('*/', start) : start);
		if (close < 0 || actions.length >= MAX_ACTIONS) return undefined;
		const content = text.slice(start + inside, close);
		const word = comment ? 'comment' : /^\$\w*\s*:?=/.test(content) ? 'assignment' : (/^[A-Za-z]+/.exec(content)?.[0] ?? '');
		actions.push({ start, end: close + 2, word });
		start = text.indexOf('{{', close + 2);
	}
	return actions;
}

function blocksOf(actions: readonly Action[]): Range[] | undefined {
	const blocks: Range[] = [];
	/** Where the text of each open block begins. */
	const open: number[] = [];
	for (const { word, start, end } of actions) {
		if (word === 'else' || word === 'end') {
			const opened = open.pop();
			if (opened === undefined) return undefined;
			blocks.push({ start: opened, end: start });
		}
		if (/^(?:if|else|with|range|define|block)$/.test(word)) open.push(end);
	}
	return open.length === 0 ? blocks : undefined;
}
