import { type Directive, type DirectiveValue, readDirectives } from '../dockerfile/directives.ts';
import { comment, plainWord, written } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import type { Program } from '../program/model.ts';
import { nearestName } from '../text/nearest.ts';
import type { Finding, Fix, Reported, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'unknown-suppression',
	severity: 'information',
	fixAll: false,
	judges: 'build',
	last: true,
	documentation: {
		summary: 'A comment for go-scratch has no effect: it is misspelled, or names something that does not exist or is not reported.',
		why: 'A comment such as `# go-scratch ignore=root-usr` suppresses nothing, and nothing says so. A comment that outlives its finding hides the next one.',
		example:
			'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app\n\n# go-scratch ignore=root-usr\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app\n\n# go-scratch ignore=root-user\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'A comment that suppresses no finding is reported only if all programs and their modules could be read, and the rule is on. The fix writes the nearest name, or removes the code.',
	},
	*check(facts, reported) {
		const { text, lineStarts, instructions } = facts.dockerfile;
		const firstFrom = instructions.find(({ keyword }) => keyword === 'FROM')?.range.start ?? text.length;
		for (const directive of readDirectives(text, lineStarts)) {
			const meant = meantBy(directive, facts, reported.codes);
			if (meant === undefined) continue;
			if (meant !== directive.name || !directive.wellFormed) yield misspelled(directive, meant);
			else if (directive.name === 'target') yield* target(facts, directive);
			else if (directive.name === 'ignore-file' && directive.range.start > firstFrom) yield misplaced(directive);
			else yield* codes(facts, directive, reported);
		}
	},
};

const NAMES = ['ignore', 'ignore-file', 'target'];

/** The words of other linters. */
const LIKE_IGNORE = /^(?:disable|nolint|noqa|skip|suppress|silence|allow)$/i;

/** The directive that is meant; `undefined` for a comment that speaks of go-scratch, and is not for it. */
function meantBy({ name, separator, values }: Directive, facts: Facts, codes: readonly string[]): string | undefined {
	if (separator !== '') return LIKE_IGNORE.test(name) ? 'ignore' : NAMES.includes(name) ? name : nearestName(name, NAMES);
	const [first] = values;
	if (first === undefined) return undefined;
	if (name === 'target') return stageNames(facts).includes(first.text.toLowerCase()) ? name : undefined;
	return NAMES.includes(name) && codes.includes(first.text.toLowerCase()) ? name : undefined;
}

function misspelled(directive: Directive, name: string): Finding {
	const meant = `go-scratch ${name}=${directive.values.map(({ text }) => text).join(',')}`;
	return {
		range: directive.range,
		message: `This comment has no effect. Write # ${meant}.`,
		fixes: () => [{ title: `Write # ${meant}`, edits: [{ range: directive.range, newText: comment(meant) }], preferred: true }],
	};
}

function misplaced(directive: Directive): Finding {
	return {
		range: directive.range,
		message: 'This comment has no effect: ignore-file counts before the first FROM only. Move it there, or use ignore.',
	};
}

function stageNames({ dockerfile }: Facts): string[] {
	return dockerfile.stages.flatMap(({ index, from }) => [
		String(index),
		...(from.alias === undefined ? [] : [from.alias.raw.toLowerCase()]),
	]);
}

function* target(facts: Facts, { values }: Directive): Iterable<Finding> {
	const [value] = values;
	const names = stageNames(facts);
	if (value === undefined || names.includes(value.text.toLowerCase())) return;
	yield unknownName(
		value,
		`There is no stage ${value.text}`,
		nearestName(
			value.text,
			names.filter((name) => !/^\d+$/.test(name)),
		),
	);
}

function* codes(facts: Facts, directive: Directive, reported: Reported): Iterable<Finding> {
	for (const value of directive.values) {
		const code = value.text.toLowerCase();
		if (!reported.codes.includes(code)) yield unknownName(value, `There is no rule ${value.text}`, nearestName(code, reported.codes));
		else if (isAllRead(facts) && reported.suppresses(directive.line, code) === false) yield unused(facts, directive, value);
	}
}

function unknownName({ range }: DirectiveValue, message: string, nearest: string | undefined): Finding {
	const instead = nearest === undefined ? '' : ` Write ${nearest}.`;
	return {
		range,
		message: `${message}, so this comment has no effect.${instead}`,
		fixes: () => {
			const newText = nearest === undefined ? undefined : plainWord(nearest);
			return [newText && { title: `Write ${nearest}`, edits: [{ range, newText }], preferred: true }];
		},
	};
}

/** Whether everything was read that findings depend on. */
function isAllRead({ go, image, programOf, targets }: Facts): boolean {
	const isRead = (program: Program | undefined) => program !== undefined && program.unread.length === 0 && program.missing.length === 0;
	return (
		go !== undefined &&
		image.stages.every(({ builds }) => builds.every((build) => isRead(programOf(build)))) &&
		targets.every(({ binaries }) => binaries.every(({ program }) => isRead(program)))
	);
}

function unused(facts: Facts, directive: Directive, value: DirectiveValue): Finding {
	return {
		range: value.range,
		message: `${value.text} is not reported here, so this comment has no effect. Remove it.`,
		fixes: () => [remove(facts, directive, value)],
	};
}

/** Takes the code away, and the comment with it where it names no other. */
function remove({ dockerfile: { lineStarts, text } }: Facts, { line, values }: Directive, value: DirectiveValue): Fix {
	const index = values.indexOf(value);
	const [previous, next] = [values[index - 1], values[index + 1]];
	const range =
		values.length === 1
			? { start: lineStarts[line] ?? 0, end: lineStarts[line + 1] ?? text.length }
			: next === undefined
				? { start: previous?.range.end ?? value.range.start, end: value.range.end }
				: { start: value.range.start, end: next.range.start };
	const title = values.length === 1 ? 'Remove the comment' : `Remove ${value.text}`;
	return { title, edits: [{ range, newText: written`` }], preferred: true };
}
