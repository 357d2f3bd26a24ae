import { documentationOf } from '../knowledge/addresses.ts';
import { plainText, rulePage } from '../lint/documentation.ts';
import type { Rule } from '../rules/rule.ts';
import { nearestName } from '../text/nearest.ts';
import type { Colors } from './colors.ts';
import { joined, json, type Printable, type TerminalText, terminal } from './printable.ts';
import { UsageError } from './usage-error.ts';

/** All rules in a table, or as JSON for a program. */
export function rulesText(rules: readonly Rule[], format: 'text' | 'json', colors: Colors): Printable {
	if (format === 'json') {
		const list = rules.map(({ code, severity, fixAll, documentation }) => ({
			...{ code, severity, fixAll },
			summary: documentation.summary,
			url: documentationOf(code),
		}));
		return json({ version: 1, rules: list });
	}
	const widthOf = (column: (rule: Rule) => string) => Math.max(...rules.map((rule) => column(rule).length));
	const codes = widthOf(({ code }) => code);
	const severities = widthOf(({ severity }) => severity);
	return joined(
		rules.map(({ code, severity, fixAll, documentation }) => {
			const columns = [colors.cyan(code.padEnd(codes)), severity.padEnd(severities), fixAll ? 'fix' : '   '];
			return terminal`${joined(columns, '  ')}  ${plainText(documentation.summary)}\n`;
		}),
	);
}

/**
 * The page of a rule for a terminal.
 *
 * @throws UsageError where there is no such rule, with the one that was meant.
 */
export function explainText(rules: readonly Rule[], code: string, colors: Colors): TerminalText {
	const rule = rules.find((each) => each.code === code);
	if (rule === undefined) {
		const codes = rules.map((each) => each.code);
		const nearest = nearestName(code, codes);
		throw new UsageError(`Unknown rule ${code}${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}.`, 'See go-scratch rules.');
	}
	let inCode = false;
	const lines = rulePage(rule)
		.split('\n')
		.flatMap((line): (string | TerminalText)[] => {
			if (line.startsWith('```')) {
				inCode = !inCode;
				return [];
			}
			if (inCode) return [`    ${line}`];
			const heading = /^#+ (.*)$/.exec(line)?.[1];
			if (heading !== undefined) return [colors.bold(heading)];
			return wrapped(line).map((each) => (colors.on ? withCode(each, colors) : each));
		});
	return terminal`${joined(lines, '\n')}\n\n${documentationOf(code)}\n`;
}

/** The line with what stands in backticks in colour instead. */
function withCode(line: string, colors: Colors): TerminalText {
	return joined(line.split(/`([^`]+)`/).map((part, index) => (index % 2 === 0 ? part : colors.cyan(part))));
}

/** As wide as text is read with ease. */
const WIDTH = 100;

/** The line in lines that are no wider than a person likes to read. What stands in backticks stays in one. */
function wrapped(line: string): string[] {
	const lines = [''];
	for (const word of line.match(/(?:`[^`]*`|[^\s`])+/g) ?? []) {
		const last = lines.at(-1) as string;
		if (last !== '' && last.length + 1 + word.length > WIDTH) lines.push(word);
		else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
	}
	return lines;
}
